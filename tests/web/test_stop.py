"""The real server ends when it is told to, whoever is looking at it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.web.servers import Server, dashboard

pytestmark = pytest.mark.slow


@pytest.fixture
def gravix(tmp_path: Path) -> Iterator[Server]:
    with dashboard(tmp_path / "data") as server:
        yield server


@pytest.mark.parametrize("watched", [False, True], ids=["alone", "with an open page"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_server(gravix: Server, number: signal.Signals, watched: bool) -> None:
    with ExitStack() as stack:
        if watched:
            address = f"ws://localhost:{gravix.port}/_stcore/stream"
            page = connect(
                address,
                origin=Origin(gravix.url),
                subprotocols=[Subprotocol("streamlit")],
                proxy=None,
            )
            stack.enter_context(page)
        gravix.end(number)  # raises when it takes too long
    assert "Traceback" not in gravix.said()
