"""Orders by lines in; a process that publishes a reel, and dies where it is told to, out.

Each order is a process of its own, forked from this one, so that a hundred of them cost no hundred
starts.  The time is the computer's, and what is waited for takes parts of a second.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from gravix_core.desks.connection import Connection
from gravix_core.errors import GravixError, InstagramError
from gravix_core.model import Unwatched
from gravix_core.pipeline import Press, publish
from gravix_core.pipeline.publish import Pace
from gravix_core.stages.publish.graph import App, Graph, Hosts
from gravix_core.store.secrets import open_vault
from gravix_core.store.store import Store
from tests.publish.killing import points

PACE = Pace(
    polls=(0.01,), settle=0.3, settle_published=0.3, look_again=0.02, not_ready=0.01, missing=0.01,
    least=0.01, most=0.02, reconnect=0.05,
)  # fmt: skip
KILLED = 9
UNDONE = 3


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_obeyed(order))
        _, status = os.waitpid(child, 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)


def _obeyed(order: dict[str, object]) -> int:
    folder = Path(str(order["folder"]))
    store = Store.open(f"sqlite:///{folder}/gravix.db", folder / "videos")
    hosts = Hosts(str(order["graph"]), str(order["dialog"]), str(order["rupload"]))
    graph = Graph(App(str(order["app_id"]), str(order["secret"])), hosts, version="v25.0")
    key = str(order["key"])
    desk = Connection(
        store, graph=lambda: graph, vault=lambda: open_vault(folder, given=key), redirect_uri=""
    )
    press = Press(store, instagram=desk.instagram, clock=lambda: datetime.now(UTC), pace=PACE)
    at = order.get("at")
    with points(at if isinstance(at, int) else None) as found:
        found.die = lambda: os._exit(KILLED)
        return _published(int(str(order["publication"])), press)


def _published(publication_id: int, press: Press) -> int:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            publish(publication_id, press=press, watch=Unwatched())
        except InstagramError as error:
            time.sleep(error.retry_after or 0)
        except GravixError:
            return UNDONE
        else:
            return 0
    return UNDONE


if __name__ == "__main__":
    main()
