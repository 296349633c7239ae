"""The stand-in of Meta with one app, one person and our desk before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from gravix_core.desks.connection import Connection, ConnectOutcome, Way
from gravix_core.stages.publish.graph import App, Graph, Hosts
from gravix_core.store.secrets import Vault, new_key
from gravix_core.store.store import Store
from tests.simulators.instagram import Account, InstagramSimulator, User, instagram_stand_in

BACK = "http://localhost:8501/api/social/facebook/callback"
APP_ID = "990000000000001"
SECRET = "plantedappsecret0123456789abcdef"


@dataclass
class House:
    meta: InstagramSimulator
    ada: User
    store: Store
    graph: Graph
    vault: Vault
    desk: Connection
    asked_for: int = 0
    """How often the desk said that an account was connected."""

    def ask_for_renewal(self) -> None:
        self.asked_for += 1

    def page(self, username: str = "", **members: object) -> Account | None:
        """A Page of Ada's, with a professional account where a name is given."""
        account = Account(username) if username else None
        self.meta.add_page(self.ada, instagram=account, **members)  # type: ignore[arg-type]
        return account

    def answered(self, way: Way, **decision: object) -> dict[str, str]:
        """What Facebook leads back with."""
        back = self.meta.consent(way.url, **decision)
        assert back.startswith(BACK)
        return dict(parse_qsl(urlsplit(back).query))

    def connect(self, **decision: object) -> ConnectOutcome:
        way = self.desk.begin()
        return self.desk.finish(self.answered(way, **decision), way.cookie)

    def clock(self) -> object:
        return self.meta.clock.now()


@pytest.fixture
def meta() -> Iterator[InstagramSimulator]:
    with instagram_stand_in(seed=1) as meta:
        yield meta


@pytest.fixture
def house(meta: InstagramSimulator, tmp_path: Path) -> Iterator[House]:
    with housed(meta, tmp_path) as built:
        yield built


@contextmanager
def housed(meta: InstagramSimulator, folder: Path, key: str = "") -> Iterator[House]:
    """A desk before the stand-in, with a database in this folder."""
    meta.add_app(id=APP_ID, secret=SECRET, require_proof=True)
    hosts = Hosts(meta.graph_url, meta.dialog_url, meta.rupload_url)
    graph = Graph(App(APP_ID, SECRET), hosts, version="v25.0", clock=meta.clock.now)
    store, vault = (
        Store.open(f"sqlite:///{folder}/gravix.db", folder / "videos"),
        Vault([key or new_key()]),
    )
    desk = Connection(
        store,
        graph=lambda: graph,
        vault=lambda: vault,
        redirect_uri=BACK,
        on_connected=lambda: built.ask_for_renewal(),  # noqa: PLW0108  it is not built yet
        clock=meta.clock.now,
    )
    built = House(meta, meta.add_user("Ada"), store, graph, vault, desk)
    yield built
    store.close()
