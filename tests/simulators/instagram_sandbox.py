"""Ports in, the stand-in in the foreground with one app and two accounts out, until Ctrl-C.

    python -m tests.simulators.instagram --dialog-port 9001 --graph-port 9002 --rupload-port 9003

All is kept in memory: what was connected to it must be connected again after a new start.
App and accounts are the same each time, posts and tokens are not.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.simulators.instagram import InstagramSimulator, instagram_stand_in
from tests.simulators.instagram_clock import Clock
from tests.simulators.instagram_things import Account, App

PROCESSING = 8.0
"""Seconds between the last byte of an upload and a container that may be published."""


def furnish(meta: InstagramSimulator) -> App:
    """One app in development; one person with two Pages that have an account, and one without."""
    app = meta.add_app(name="Gravix (sandbox)")
    ada = meta.add_user("Ada Boatwright")
    boats = Account("ada.boats", "Ada's Boats")
    kites = Account("ada.kites", "Ada's Kites", followers_count=48)
    meta.add_page(ada, name="Ada's Boats", instagram=boats)
    meta.add_page(ada, name="Ada's Kites", instagram=kites, portfolio=meta.add_portfolio(ada))
    meta.add_page(ada, name="Ada's Garden")
    meta.switches.processing_polls = 0
    meta.switches.processing_seconds = PROCESSING
    return app


def settings(meta: InstagramSimulator, app: App) -> dict[str, str]:
    """What Gravix has to be started with."""
    return {
        "GRAVIX_DIALOG_URL": meta.dialog_url,
        "GRAVIX_GRAPH_URL": meta.graph_url,
        "GRAVIX_RUPLOAD_URL": meta.rupload_url,
        "FACEBOOK_APP_ID": app.id,
        "FACEBOOK_APP_SECRET": app.secret,
    }


def main(argv: Sequence[str] | None = None, *, stop: threading.Event | None = None) -> None:
    """Serve until `stop` is set, or until SIGINT or SIGTERM without one."""
    given = _arguments().parse_args(argv)
    over = stop or threading.Event()
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
    return parser
