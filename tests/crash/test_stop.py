"""Asked to end, an engine gives back what it has in hand, within seconds, and loses nothing."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.crash.engines import COMMAND_LINE, DASHBOARD, SMALL, Engine, Yard, at_work
from tests.crash.films import make_film
from tests.crash.test_restart import hand_in
from tests.media.processes import command

pytestmark = pytest.mark.slow

SECONDS = 12.0
ENDED_WITHIN = 9.0
"""Three times the 3 s that are promised."""


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path, make_film(tmp_path / "film.mp4", seconds=SECONDS), SMALL)


def begun(engine: Engine) -> set[int]:
    """Ids of the programs that make a reel while another one is there."""
    if engine.port is not None:
        engine.until_healthy()
        hand_in(engine.yard)
    return engine.until_another_reel()


@pytest.mark.parametrize(
    ("kind", "number"), [(DASHBOARD, signal.SIGTERM), (COMMAND_LINE, signal.SIGINT)]
)
def test_an_engine_that_is_told_to_end_gives_its_work_back_and_empties_the_log(
    yard: Yard, kind: str, number: signal.Signals
) -> None:
    with at_work(yard, kind) as engine:
        programs = begun(engine)
        asked = time.monotonic()
        engine.process.send_signal(number)
        engine.process.wait(ENDED_WITHIN)
        assert time.monotonic() - asked < ENDED_WITHIN
    assert not any(map(command, programs))
    wal = yard.data / "gravix.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    states = yard.rows_left("SELECT status, attempts FROM jobs")
    assert {status for status, _ in states} == {"pending", "completed"}
    assert all(attempts == 0 for status, attempts in states if status == "pending")
    assert len(yard.recorded(yard.rows_left)) == len(yard.reels())
    assert yard.drafts() == []
