"""What starts with the server ends with it: once, and with one sentence when it cannot."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gravix_core.errors import StatusConflict, StoreTooNew
from gravix_core.jobs.seat import Seat
from gravix_core.studio import close_shared_studio, shared_studio
from gravix_core.web import lifespan, lifespan_of, stopping
from gravix_core.web.lifespan import announce_stop
from tests.web.servers import ROOT, free_port, house


@pytest.fixture
def own_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, value in house(tmp_path).items():
        monkeypatch.setenv(name, value)
    close_shared_studio()
    yield tmp_path
    close_shared_studio()


@pytest.fixture
def server_log(monkeypatch: pytest.MonkeyPatch) -> logging.Logger:
    log = logging.getLogger("uvicorn.error")
    monkeypatch.setattr(log, "disabled", False)
    return log


def test_start_and_stop_happen_once_and_outside_the_event_loop() -> None:
    seen: list[str] = []

    def note(what: str) -> None:
        assert threading.current_thread() is not threading.main_thread()
        seen.append(what)

    span = lifespan_of(start=lambda: note("start"), stop=lambda: note("stop"))
    with TestClient(Starlette(lifespan=span)):
        assert seen == ["start"]
        assert not stopping.is_set()
    assert seen == ["start", "stop"]
    assert stopping.is_set()


def test_dashboard_opens_the_shared_studio_and_closes_it(own_house: Path) -> None:
    with TestClient(Starlette(lifespan=lifespan)):
        first = shared_studio()
        assert shared_studio() is first
        assert (own_house / "gravix.db").is_file()
    assert shared_studio() is not first


def workers() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("worker")]


def test_dashboard_hires_its_crew_once_and_dismisses_it(own_house: Path) -> None:
    with TestClient(Starlette(lifespan=lifespan)) as client:
        client.get("/")
        assert len(workers()) == shared_studio().settings.gravix_workers
    assert workers() == []


def test_second_dashboard_on_one_data_directory_does_not_start(
    own_house: Path, capsys: pytest.CaptureFixture[str], server_log: logging.Logger
) -> None:
    seat = Seat(own_house)
    seat.take()
    seat.announce("http://localhost:8501")
    with pytest.raises(StatusConflict), TestClient(Starlette(lifespan=lifespan)):
        pass
    seat.release()
    assert capsys.readouterr().err.splitlines() == [
        "Gravix cannot start: another dashboard works on this data directory",
        "What to do: Open http://localhost:8501, or stop that one first.",
    ]
    assert workers() == []


def test_failed_start_is_two_lines_on_stderr(
    capsys: pytest.CaptureFixture[str], server_log: logging.Logger
) -> None:
    stopped: list[bool] = []

    def start() -> None:
        raise StoreTooNew("the database is newer than this Gravix")

    span = lifespan_of(start=start, stop=lambda: stopped.append(True))
    with pytest.raises(StoreTooNew), TestClient(Starlette(lifespan=span)):
        pass
    assert capsys.readouterr().err.splitlines() == [
        "Gravix cannot start: the database is newer than this Gravix",
        f"What to do: {StoreTooNew.hint}",
    ]
    assert server_log.disabled
    assert not stopped


def test_signal_is_announced_and_then_handled_as_before() -> None:
    got: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        for number in before:
            signal.signal(number, lambda number, _frame: got.append(number))
        stopping.clear()
        asked = announce_stop()
        signal.raise_signal(signal.SIGTERM)
        assert asked.wait(10)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert stopping.is_set()
    assert got == [signal.SIGTERM]


IN_THE_MIDDLE = """
import signal
from gravix_core.web import stopping
from gravix_core.web.lifespan import announce_stop
signal.signal(signal.SIGTERM, lambda number, frame: print("heard"))
announce_stop()
with stopping._cond:  # as while another handler sets it
    signal.raise_signal(signal.SIGTERM)
"""


@pytest.mark.slow
def test_signal_in_the_middle_of_another_hangs_nothing() -> None:
    words = [sys.executable, "-c", IN_THE_MIDDLE]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout == "heard\n"


@pytest.mark.slow
def test_server_that_cannot_start_shows_no_traceback(tmp_path: Path) -> None:
    command = ["-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(free_port())]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=house(tmp_path, CHUNK_DURATION="1"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "Gravix cannot start: CHUNK_DURATION" in done.stderr
    assert "What to do: " in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
