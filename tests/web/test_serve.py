"""`make run`: one line when all is well, one sentence and a hint when it is not."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.web.servers import ROOT, STOP_WITHIN, Server, free_port, house, started, wait_until

pytestmark = pytest.mark.slow

SERVE = str(ROOT / "scripts" / "serve.py")


@contextmanager
def serve(tmp_path: Path, *options: str, **more: str) -> Iterator[Server]:
    """Run it until its address line; it stands in another folder than the project's."""
    port = free_port()
    env = house(tmp_path / "data", API_PORT=str(port), **more)
    log = tmp_path / "serve.log"
    with started([SERVE, *options], port=port, cwd=tmp_path, env=env, log=log) as server:
        wait_until(
            lambda: "is ready" in server.said() or server.process.poll() is not None, "ready"
        )
        yield server


def refused(tmp_path: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run it where it must not start."""
    done = subprocess.run(
        [sys.executable, SERVE],
        cwd=tmp_path,
        env=house(tmp_path / "data", **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    return done


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the child in /proc")


def kill_child_of(server: Server) -> None:
    """Kill what listens, not what has started it."""
    tasks = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    (child,) = tasks.read_text().split()
    os.kill(int(child), signal.SIGKILL)


@pytest.fixture
def stranger() -> Iterator[int]:
    """A web server that knows nothing of us; its port."""

    class Silent(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_says_where_it_is_and_ends_with_its_server(
    tmp_path: Path, number: signal.Signals
) -> None:
    with serve(tmp_path) as server:
        assert server.said() == f"Gravix is ready: {server.url}\n"
        assert server.is_healthy()
        assert (tmp_path / "data" / "gravix.db").is_file()
        assert server.end(number) == 0
        assert is_free(server.port)
        assert "Traceback" not in server.said()


def test_second_start_on_the_same_port_is_refused(tmp_path: Path) -> None:
    with serve(tmp_path) as first:
        done = refused(tmp_path, API_PORT=str(first.port))
        assert done.stderr.splitlines() == [
            f"Gravix cannot start: port {first.port} is taken by a Gravix",
            f"What to do: Open {first.url}, or stop that one first.",
        ]
        assert first.is_healthy()


def test_second_start_on_the_same_data_directory_is_refused(tmp_path: Path) -> None:
    with serve(tmp_path) as first:
        done = refused(tmp_path, API_PORT=str(free_port()))
        assert done.stderr.splitlines() == [
            "Gravix cannot start: another dashboard works on this data directory",
            f"What to do: Open {first.url}, or stop that one first.",
        ]
        assert first.is_healthy()


@needs_proc
def test_the_seat_of_a_killed_dashboard_is_free(tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        kill_child_of(server)
        server.process.wait(STOP_WITHIN)
    with serve(tmp_path) as server:
        assert server.is_healthy(), server.said()


def test_port_of_another_program_is_refused(tmp_path: Path, stranger: int) -> None:
    done = refused(tmp_path, API_PORT=str(stranger))
    assert f"port {stranger} is taken by a program that is no Gravix" in done.stderr
    assert "set API_PORT to another port" in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "gravix.example"])
def test_the_world_is_not_served_without_a_login(tmp_path: Path, host: str) -> None:
    done = refused(tmp_path, API_HOST=host)
    assert re.match(r"Gravix cannot start: API_HOST is '.+', and Gravix has no login", done.stderr)


def test_bad_setting_is_one_sentence_and_a_hint(tmp_path: Path) -> None:
    done = refused(tmp_path, CHUNK_DURATION="1", API_PORT=str(free_port()))
    message, hint = done.stderr.splitlines()
    assert message.startswith("Gravix cannot start: CHUNK_DURATION: ")
    assert hint.startswith("What to do: ")


def test_database_that_cannot_be_opened_is_said_before_the_server_starts(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "gravix.db").write_text("no database at all, " * 100)
    done = refused(tmp_path, API_PORT=str(free_port()))
    assert done.stderr.startswith("Gravix cannot start: ")
    assert len(done.stderr.splitlines()) == 2


def test_data_dir_option_wins_for_the_server_too(tmp_path: Path) -> None:
    with serve(tmp_path, "--data-dir", "elsewhere") as server:
        assert server.is_healthy(), server.said()
        assert (tmp_path / "elsewhere" / "gravix.db").is_file()
        assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_run_listens_under_the_number_that_is_asked_for(tmp_path: Path, host: str) -> None:
    if host == "::1" and not has_ipv6():
        pytest.skip("no IPv6 on this machine")
    with serve(tmp_path, API_HOST=host) as server:
        shown = f"[{host}]" if ":" in host else host
        assert server.said() == f"Gravix is ready: http://{shown}:{server.port}\n"
        assert server.end() == 0


def test_stop_before_it_is_ready_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    env = house(tmp_path / "data", API_PORT=str(port))
    log = tmp_path / "serve.log"
    with started([SERVE], port=port, cwd=tmp_path, env=env, log=log) as server:
        wait_until((tmp_path / "data" / "gravix.db").is_file, "the database")
        server.end()
        assert is_free(port)
        assert "is ready" not in server.said()
        assert "Traceback" not in server.said()


@needs_proc
def test_death_of_the_server_ends_the_run(tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        kill_child_of(server)
        assert server.process.wait(STOP_WITHIN) == 128 + signal.SIGKILL
        assert "Gravix has ended unasked" in server.said()
