"""A stand-in of Meta and a dashboard before it, to rehearse with; what `make sandbox` does.

Everything is kept in a data directory of its own, and every page says SANDBOX.  Both end together:
by Ctrl-C, or when one of the dashboard and this program ends, however it ends.

Exit status: that of the dashboard, 0 after a wish to stop; 2 when nothing could be started.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gravix_core.errors import GravixError  # noqa: E402
from gravix_core.settings import Settings  # noqa: E402

READY_WITHIN = 30.0
END_WITHIN = 10.0
"""Seconds."""
REFUSED = 2
OWN_FOLDER = "sandbox"
"""In the data directory that is not rehearsed with."""
APART = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
STOP_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)


class Wish:
    """To stop; passed on to the dashboard as soon as there is one."""

    def __init__(self) -> None:
        self.uttered = False
        self._dashboard: Process | None = None
        for number in STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup wants no SIGHUP
                signal.signal(number, self._utter)

    def follow(self, dashboard: Process) -> int:
        """Wait for its end; its exit status."""
        self._dashboard = dashboard
        if self.uttered:
            _ask_to_stop(dashboard)
        code = dashboard.wait()
        if self.uttered:
            return 0
        return 128 - code if code < 0 else code

    def _utter(self, _number: int, _frame: FrameType | None) -> None:
        self.uttered = True
        if self._dashboard is not None:
            _ask_to_stop(self._dashboard)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Rehearse with a stand-in of Meta.")
    parser.add_argument("--data-dir", type=Path, help="default: sandbox in the data directory")
    given = parser.parse_args(arguments)
    wish = Wish()
    os.chdir(ROOT)  # .env means the same here and in the dashboard
    try:
        settings = Settings.load()
    except GravixError as exc:
        return _refuse(f"The sandbox cannot start: {exc}", f"What to do: {exc.hint}")
    folder = (given.data_dir or settings.gravix_data_dir / OWN_FOLDER).expanduser().absolute()
    with tempfile.TemporaryDirectory() as short_lived:
        ready = Path(short_lived) / "ready.json"
        meta = _start_meta(ready)
        try:
            if not _is_ready(ready, meta, wish):
                return 0 if wish.uttered else _refuse("The stand-in of Meta did not start.")
            told = json.loads(ready.read_text(encoding="utf-8"))
            print(f"Rehearsing before a stand-in of Meta; all is kept in {folder}", flush=True)
            command = ["scripts/serve.py", "--data-dir", str(folder)]
            return wish.follow(_start(command, _environment(settings, folder, told)))
        finally:
            _end(meta)


def _environment(settings: Settings, folder: Path, told: Mapping[str, str]) -> dict[str, str]:
    """A real app must not come near the stand-in, nor its accounts near real data.

    Each variable has a value: an empty one would leave .env its word.
    """
    back = f"http://localhost:{settings.api_port}/api/social/facebook/callback"
    own = {
        "GRAVIX_SANDBOX": "true",
        "GRAVIX_FOLDER_DIR": str(folder / "folder"),
        "FACEBOOK_REDIRECT_URI": back,
    }
    needless = () if settings.gravix_login_config_id else ("GRAVIX_LOGIN_CONFIG_ID",)
    fitting = {name: value for name, value in told.items() if name not in needless}
    return {**os.environ, **own, **fitting}


def _start_meta(ready: Path) -> Process:
    """It ends with this program, however that ends: nobody else holds the pipe."""
    module = ["-m", "tests.simulators.instagram"]
    options = ["--ready-file", str(ready), "--until-input-ends"]
    return _start([*module, *options], os.environ, stdin=subprocess.PIPE)


def _start(
    words: Sequence[str], environment: Mapping[str, str], *, stdin: int = subprocess.DEVNULL
) -> Process:
    # In a group of its own: a Ctrl-C reaches this program alone, which passes it on once.
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=dict(environment),
        stdin=stdin,
        start_new_session=True,
        creationflags=APART,
    )


def _is_ready(ready: Path, meta: Process, wish: Wish) -> bool:
    patience = time.monotonic() + READY_WITHIN
    while time.monotonic() < patience and meta.poll() is None and not wish.uttered:
        if ready.exists():
            return True
        time.sleep(0.1)
    return False


def _ask_to_stop(dashboard: Process) -> None:
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            dashboard.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            dashboard.send_signal(signal.SIGTERM)


def _end(meta: Process) -> None:
    if meta.stdin is not None:
        meta.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        meta.wait(END_WITHIN)
    if meta.poll() is None:
        meta.kill()
        meta.wait()


def _refuse(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr, flush=True)
    return REFUSED


Process = subprocess.Popen[bytes]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
