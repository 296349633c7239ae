"""A port and a plan in, the stand-in of Gemini in the foreground out, until Ctrl-C.

python -m tests.simulators.gemini --port 9100 --plan twenty --fail fenced emoji
"""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.simulators.gemini import (
    FREE_LITE,
    FREE_TWENTY,
    NOT_FREE,
    UNLIMITED,
    GeminiSimulator,
    Mode,
)
from tests.simulators.instagram_clock import Clock

PLANS = {"none": UNLIMITED, "free": FREE_LITE, "twenty": FREE_TWENTY, "not-free": NOT_FREE}


def main(argv: Sequence[str] | None = None, *, stop: threading.Event | None = None) -> None:
    """Serve until `stop` is set, or until SIGINT or SIGTERM without one."""
    given = _arguments().parse_args(argv)
    over = stop or threading.Event()
    if stop is None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
    clock = Clock(datetime.now(UTC), follows=True)
    with GeminiSimulator(plan=PLANS[given.plan], clock=clock, port=given.port) as gemini:
        if given.fail:
            gemini.fail(*(Mode[name.upper()] for name in given.fail))
        if given.misbehave:
            gemini.misbehave(share=given.misbehave)
        print(f"GOOGLE_GEMINI_BASE_URL={gemini.address}", flush=True)
        print(f"GEMINI_API_KEY={gemini.key}", flush=True)
        over.wait()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulators.gemini",
        description="A stand-in of the Gemini API, to rehearse titles without a key.",
    )
    modes = [mode.name.lower() for mode in Mode]
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--plan", choices=PLANS, default="none", help="what the key may ask")
    parser.add_argument("--fail", nargs="+", choices=modes, default=[], metavar="MODE")
    parser.add_argument("--misbehave", type=float, default=0.0, help="share of odd answers, 0..1")
    return parser
