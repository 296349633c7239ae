"""The real server ends when it is told to, whoever is looking at it and whatever it makes."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from gravix_core.model import JobStatus, JobType
from tests.conftest import Film
from tests.web.servers import ROOT, Server, dashboard, free_port, healthy, house, wait_until
from tests.web.workshop import (
    BARE,
    MAKE_RUN,
    SLOW,
    at_work,
    drafts,
    hand_in,
    jobs_of,
    reels,
    renders,
    until_done,
    until_second_reel,
)

pytestmark = pytest.mark.slow

ENDLESS_APP = """
import streamlit as st
from starlette.responses import StreamingResponse
from starlette.routing import Route
from gravix_core.web import lifespan

async def flood():
    while True:
        yield bytes(65536)

async def endless(request):
    return StreamingResponse(flood())

app = st.App("page.py", routes=[Route("/endless", endless)], lifespan=lifespan)
"""


@pytest.fixture
def gravix(tmp_path: Path) -> Iterator[Server]:
    with dashboard(tmp_path / "data") as server:
        yield server


@contextmanager
def open_page(server: Server) -> Iterator[None]:
    address = f"ws://localhost:{server.port}/_stcore/stream"
    subprotocols = [Subprotocol("streamlit")]
    with connect(address, origin=Origin(server.url), subprotocols=subprotocols, proxy=None):
        yield


@pytest.mark.parametrize("watched", [False, True], ids=["alone", "with an open page"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_server(gravix: Server, number: signal.Signals, watched: bool) -> None:
    with ExitStack() as stack:
        if watched:
            stack.enter_context(open_page(gravix))
        gravix.end(number)  # raises when it takes too long
    assert "Traceback" not in gravix.said()


@pytest.fixture(scope="module")
def talk(film: Film) -> Path:
    """Three reels."""
    return film(seconds=12, size="640x360")


@pytest.mark.parametrize("how", [BARE, MAKE_RUN])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_server_with_its_render_and_loses_no_reel(
    tmp_path: Path, talk: Path, how: str, number: signal.Signals
) -> None:
    data = tmp_path / "data"
    with at_work(data, how=how) as server:
        video = hand_in(data, talk)
        until_second_reel(data)
        with open_page(server):
            server.end(number)
    assert (renders(data), drafts(data)) == (set(), [])
    made = [job for job in jobs_of(data, video) if job.job_type is JobType.REEL_CONVERSION]
    assert [job.status for job in made] == [JobStatus.COMPLETED, *[JobStatus.PENDING] * 2]
    assert "Traceback" not in server.said()


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Server]:
    """A server with an answer that never ends, and does not ask whether it should."""
    (tmp_path / "page.py").write_text("import streamlit as st\nst.write('page')\n")
    (tmp_path / "app.py").write_text(ENDLESS_APP)
    port = free_port()
    command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    options = ["--server.headless=true", "--server.address=127.0.0.1"]
    env = {**house(tmp_path / "data", **SLOW), "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    log = tmp_path / "log"
    with healthy([*command, *options], port=port, cwd=tmp_path, env=env, log=log) as server:
        yield server


@contextmanager
def paused_film(server: Server) -> Iterator[None]:
    """A browser that has asked for more than it reads."""
    with socket.create_connection(("127.0.0.1", server.port)) as film:
        film.sendall(f"GET /endless HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
        assert film.recv(12) == b"HTTP/1.1 200"  # and no byte more
        yield


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_paused_film_does_not_hold_the_server(endless: Server, number: signal.Signals) -> None:
    with paused_film(endless):
        endless.end(number)


def test_a_paused_film_keeps_no_reel_from_its_place_in_the_queue(
    endless: Server, tmp_path: Path, talk: Path
) -> None:
    data = tmp_path / "data"
    video = hand_in(data, talk)
    until_second_reel(data)
    with paused_film(endless):
        endless.end()
    assert (renders(data), drafts(data)) == (set(), [])
    assert JobStatus.PROCESSING not in {job.status for job in jobs_of(data, video)}


def test_a_kill_in_mid_render_costs_no_finished_reel(tmp_path: Path, talk: Path) -> None:
    data = tmp_path / "data"
    with at_work(data) as server:
        video = hand_in(data, talk)
        until_second_reel(data)
        finished = {file: file.stat().st_mtime_ns for file in reels(data)}
        server.process.kill()
        server.process.wait()
        wait_until(lambda: not renders(data), "ffmpeg has ended, too")
    with at_work(data):
        until_done(data, video)
    assert len(reels(data)) == 3
    assert {file: file.stat().st_mtime_ns for file in finished} == finished
    assert drafts(data) == []


def test_closing_the_page_changes_nothing(tmp_path: Path, talk: Path) -> None:
    data = tmp_path / "data"
    with at_work(data) as server:
        with open_page(server):
            video = hand_in(data, talk)
            until_second_reel(data)
        until_done(data, video)
    assert len(reels(data)) == 3
