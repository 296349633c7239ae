"""A stand-in of Meta and a dashboard before it, to rehearse with; what `make sandbox` does.

Everything is kept in a data directory of its own, and every page says SANDBOX.  Ends with the
dashboard, or by Ctrl-C.

Exit status: that of the dashboard; 2 when the stand-in did not start.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 30.0
END_WITHIN = 10.0
REFUSED = 2
OWN_FOLDER = "sandbox"
"""In the data directory that is not rehearsed with."""


def main(arguments: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        meta = _start(["-m", "tests.simulators.instagram", "--ready-file", str(ready)], os.environ)
        try:
            if not _is_ready(ready, meta):
                print("The stand-in of Meta did not start.", file=sys.stderr)
                return REFUSED
            told = json.loads(ready.read_text(encoding="utf-8"))
            dashboard = _start(["scripts/serve.py", *arguments], _environment(told))
            return _followed(dashboard)
        finally:
            _end(meta)


def _environment(told: dict[str, str]) -> dict[str, str]:
    """A real token or key must not come near the stand-in, nor its accounts near real data."""
    folder = Path(os.environ.get("GRAVIX_DATA_DIR") or "data").absolute() / OWN_FOLDER
    own = {
        "GRAVIX_SANDBOX": "true",
        "GRAVIX_DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{(folder / 'gravix.db').as_posix()}",
        "VIDEOS_DIR": str(folder / "videos"),
        "GRAVIX_FOLDER_DIR": str(folder / "folder"),
        "FACEBOOK_REDIRECT_URI": "",
        "GRAVIX_LOGIN_CONFIG_ID": "",
    }
    return {**os.environ, **own, **told}


def _start(words: Sequence[str], environment: os._Environ[str] | dict[str, str]) -> Process:
    # In a group of its own: a Ctrl-C reaches this program alone, which passes it on once.
    return subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=dict(environment), start_new_session=True
    )


def _is_ready(ready: Path, meta: Process) -> bool:
    patience = time.monotonic() + READY_WITHIN
    while time.monotonic() < patience and meta.poll() is None:
        with suppress(OSError, ValueError):
            if json.loads(ready.read_text(encoding="utf-8")):
                return True
        time.sleep(0.1)
    return False


def _followed(dashboard: Process) -> int:
    def pass_on(_number: int, _frame: FrameType | None) -> None:
        dashboard.send_signal(signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    return dashboard.wait()


def _end(meta: Process) -> None:
    meta.terminate()
    with suppress(subprocess.TimeoutExpired):
        meta.wait(END_WITHIN)
    if meta.poll() is None:
        meta.kill()


Process = subprocess.Popen[bytes]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
