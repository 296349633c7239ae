"""The settings in, a running dashboard and its address out; what `make run` does.

The database is opened and brought up to date here, before the server starts, so that what is
wrong with it is one sentence in the terminal.  The server is a child process: this one
passes the wish to stop on to it, once, and ends with it.

Exit status: that of the server; 2 when it was not started.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gravix_core.errors import GravixError, SettingsError  # noqa: E402
from gravix_core.jobs.seat import Seat  # noqa: E402
from gravix_core.settings import Settings  # noqa: E402
from gravix_core.studio import close_shared_studio, shared_studio  # noqa: E402

LOCAL = {"localhost", "127.0.0.1", "::1"}
"""Where Gravix may listen: there is no login yet."""

READY_WITHIN = 60.0
STOP_WITHIN = 2.7
"""Seconds; then the server is killed.  What it had in hand is taken up at the next start."""
POLL = 0.1
REFUSED = 2
WINDOWS_CONTROL_EXIT = 0xC000013A
"""Status of a Windows process that ended by Ctrl+Break."""

STOP_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)


class Refused(GravixError):
    """The server is not started."""


class Server:
    """The child process, and the wish to stop it."""

    def __init__(self, settings: Settings) -> None:
        self._host = settings.api_host
        self._port = settings.api_port
        self._seat = Seat(settings.gravix_data_dir)
        self._child: subprocess.Popen[bytes] | None = None
        self._was_ready = False
        self._gave_up = False
        self._stop_by: float | None = None

    def run(self) -> int:
        """Start it, say when it is ready, wait for its end."""
        for number in STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup wants no SIGHUP
                signal.signal(number, self._asked_to_stop)
        self._child = child = subprocess.Popen(
            streamlit_command(self._host, self._port),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            # the terminal's Ctrl+C is for this process: twice would end the child uncleanly
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        if self._stop_by is not None:
            ask_to_stop(child)
        try:
            self._was_ready = self._ready(child)
            if self._was_ready:
                self._seat.announce(address(self._host, self._port))  # the child sits there
                say(f"Gravix is ready: {address(self._host, self._port)}")
            return self._wait(child) or int(self._gave_up)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_by = self._stop_by or time.monotonic() + STOP_WITHIN
        if self._child is not None:
            ask_to_stop(self._child)

    def _ready(self, child: subprocess.Popen[bytes]) -> bool:
        patience = time.monotonic() + READY_WITHIN
        while child.poll() is None and self._stop_by is None:
            if health(self._host, self._port) is not None:
                return True
            if time.monotonic() > patience:
                complain(f"Gravix did not answer within {READY_WITHIN:g} s; it is stopped.")
                self._gave_up = True
                self._asked_to_stop(signal.SIGTERM, None)
            time.sleep(POLL)
        if self._stop_by is None:
            complain(f"Gravix ended before it was ready (exit status {child.returncode}).")
        return False

    def _wait(self, child: subprocess.Popen[bytes]) -> int:
        """Its exit status; an end that nobody asked for is named."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                code = child.wait(POLL)
                asked = self._stop_by is not None
                if self._was_ready and not asked:
                    complain(f"Gravix has ended unasked (exit status {code}).")
                return status_of(code, asked=asked)
            if self._stop_by is not None and time.monotonic() > self._stop_by:
                child.kill()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Start the dashboard of Gravix.")
    parser.add_argument("--data-dir", type=Path, help="wins over GRAVIX_DATA_DIR")
    args = parser.parse_args(argv)
    data_dir = args.data_dir.expanduser().absolute() if args.data_dir else None
    os.chdir(ROOT)  # .env and relative paths mean the same here and in the child
    try:
        settings = Settings.load(data_dir=data_dir)
        refuse_the_world(settings.api_host)
        refuse_taken_port(settings.api_host, settings.api_port)
        Seat(settings.gravix_data_dir).check()
        if data_dir is not None:
            hand_down(settings)
        shared_studio()
        close_shared_studio()
    except GravixError as exc:
        complain(f"Gravix cannot start: {exc}", f"What to do: {exc.hint}")
        return REFUSED
    return Server(settings).run()


def refuse_the_world(host: str) -> None:
    if host not in LOCAL:
        raise SettingsError(
            f"API_HOST is {host!r}, and Gravix has no login yet, so it listens on this"
            " computer only",
            hint="Set API_HOST to localhost, 127.0.0.1 or ::1.",
        )


def refuse_taken_port(host: str, port: int) -> None:
    if not is_taken(host, port):
        return
    who = {None: "a program that is no Gravix", False: "another Streamlit app", True: "a Gravix"}
    found = health(host, port)
    raise Refused(
        f"port {port} is taken by {who[found]}",
        hint=(
            f"Open {address(host, port)}, or stop that one first."
            if found
            else "Stop that program, or set API_PORT to another port."
        ),
    )


def hand_down(settings: Settings) -> None:
    """Give the chosen data directory to the studio here and to the child."""
    os.environ["GRAVIX_DATA_DIR"] = str(settings.gravix_data_dir)
    os.environ["DATABASE_URL"] = settings.database_url.get_secret_value()
    os.environ["VIDEOS_DIR"] = str(settings.videos_dir)


def is_taken(host: str, port: int) -> bool:
    """True when somebody listens there, under any address of the name.

    ::1 counts for localhost: browsers ask it first, so who listens there is seen
    in our place.
    """
    for family, kind, proto, _, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with suppress(OSError), socket.socket(family, kind, proto) as probe:
            probe.settimeout(2)
            probe.connect(where)
            return True
    return False


def health(host: str, port: int) -> bool | None:
    """None: no dashboard answers, or not yet.  Else whether it is a Gravix."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return answer.headers.get("X-Gravix") is not None if answer.status == 200 else None


def address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def streamlit_command(host: str, port: int) -> list[str]:
    app = str(ROOT / "streamlit_app.py")
    options = ["--server.port", str(port), "--server.address", host]
    quiet = ["--logger.hideWelcomeMessage", "true"]  # its address comes before it answers
    return [sys.executable, "-m", "streamlit", "run", app, *options, *quiet]


def ask_to_stop(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            child.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            child.send_signal(signal.SIGTERM)


def status_of(code: int, *, asked: bool) -> int:
    """The exit status; the end that was asked for is no failure."""
    if asked and code in {0, -signal.SIGTERM, WINDOWS_CONTROL_EXIT}:
        return 0
    return 128 - code if code < 0 else code


def say(line: str) -> None:
    print(line, flush=True)


def complain(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before there was a server to end
        sys.exit(128 + signal.SIGINT)
