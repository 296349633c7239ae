"""Ports in, the stand-in in the foreground with one app and three people out, until Ctrl-C.

    python -m tests.simulators.instagram --dialog-port 9001 --graph-port 9002 --rupload-port 9003

All is kept in memory: what was connected to it must be connected again after a new start.
App and accounts are the same each time, posts and tokens are not.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.simulators.instagram import InstagramSimulator, instagram_stand_in
from tests.simulators.instagram_builders import EVERYTHING
from tests.simulators.instagram_clock import Clock
from tests.simulators.instagram_things import Account, App, LoginConfig

CONFIG_ID = "700000000000001"
"""Of Facebook Login for Business."""

PROCESSING = 8.0
"""Seconds between the last byte of an upload and a container that may be published."""


def furnish(meta: InstagramSimulator) -> App:
    """One app in development, and three people to be at its consent page.

    Ada has two Pages with an account, one of them in a portfolio, and one without: a choice.  Ben
    has one of each, which is connected at once.  Cleo has no professional account.
    """
    config = LoginConfig(EVERYTHING)
    app = meta.add_app(name="Gravix (sandbox)", config_ids={CONFIG_ID: config})
    ada = meta.add_user("Ada Boatwright")
    boats = Account("ada.boats", "Ada's Boats")
    kites = Account("ada.kites", "Ada's Kites", followers_count=48)
    meta.add_page(ada, name="Ada's Boats", instagram=boats)
    meta.add_page(ada, name="Ada's Kites", instagram=kites, portfolio=meta.add_portfolio(ada))
    meta.add_page(ada, name="Ada's Garden")
    ben = meta.add_user("Ben Baker")
    meta.add_page(ben, name="Ben's Bread", instagram=Account("ben.bread", "Ben's Bread"))
    cleo = meta.add_user("Cleo Clay")
    meta.add_page(cleo, name="Cleo's Pots")
    meta.switches.processing_polls = 0
    meta.switches.processing_seconds = PROCESSING
    return app


def settings(meta: InstagramSimulator, app: App) -> dict[str, str]:
    """What Gravix has to be started with; the configuration may be left out."""
    return {
        "GRAVIX_DIALOG_URL": meta.dialog_url,
        "GRAVIX_GRAPH_URL": meta.graph_url,
        "GRAVIX_RUPLOAD_URL": meta.rupload_url,
        "FACEBOOK_APP_ID": app.id,
        "FACEBOOK_APP_SECRET": app.secret,
        "GRAVIX_LOGIN_CONFIG_ID": CONFIG_ID,
    }


def main(argv: Sequence[str] | None = None, *, stop: threading.Event | None = None) -> None:
    """Serve until `stop` is set, or until SIGINT or SIGTERM without one."""
    given = _arguments().parse_args(argv)
    over = stop or threading.Event()
    if given.until_input_ends:
        threading.Thread(target=_set_at_end_of_input, args=(over,), daemon=True).start()
    if stop is None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
    clock = Clock(datetime.now(UTC), follows=True)
    ports = (given.dialog_port, given.graph_port, given.rupload_port)
    with instagram_stand_in(given.seed, clock=clock, ports=ports) as meta:
        told = settings(meta, furnish(meta))
        meta.reseed()  # the data directory outlives this process and knows ids of earlier ones
        for name, value in told.items():
            print(f"{name}={value}", flush=True)
        if given.ready_file:
            _write(given.ready_file, json.dumps(told))
        over.wait()


def _set_at_end_of_input(over: threading.Event) -> None:
    """The system closes the pipe when whoever holds its other end is gone, however it went."""
    while os.read(0, 1):  # not sys.stdin: its lock would be held at the end
        pass
    over.set()


def _write(file: Path, text: str) -> None:
    """At once, so that whoever waits for the file never reads half of it."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(text)
    part.replace(file)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulators.instagram",
        description="A stand-in of Meta's servers, to rehearse connecting and publishing.",
    )
    for host in ("dialog", "graph", "rupload"):
        parser.add_argument(f"--{host}-port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--seed", type=int, default=1, help="of all ids, secrets and tokens")
    parser.add_argument(
        "--ready-file", type=Path, help="written as JSON, with the same settings, when it answers"
    )
    parser.add_argument(
        "--until-input-ends", action="store_true", help="end when the standard input does"
    )
    return parser
