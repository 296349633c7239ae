"""One data directory, several processes: one works, and the others follow it or say why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash import ledger
from tests.crash.engines import COMMAND_LINE, DASHBOARD, SMALL, Yard, at_work
from tests.crash.films import make_film
from tests.crash.storm import WHOLE_WITHIN
from tests.media.processes import wait_until

pytestmark = pytest.mark.slow

SECONDS = 6.0


def test_of_two_dashboards_that_start_at_once_one_works_and_the_other_says_why_not(
    tmp_path: Path,
) -> None:
    """There is not even a database yet; the command line then follows the one that works."""
    yard = Yard(tmp_path, make_film(tmp_path / "film.mp4", seconds=SECONDS), SMALL)
    with at_work(yard, DASHBOARD) as one, at_work(yard, DASHBOARD) as two:
        wait_until(lambda: one.has_ended() or two.has_ended(), "one gives way")
        works, refused = (two, one) if one.has_ended() else (one, two)
        works.until_healthy()
        assert refused.process.wait() != 0
        assert "another dashboard works on this data directory" in refused.said()
        assert "Traceback" not in refused.said()
        with at_work(yard, COMMAND_LINE) as follower:
            assert follower.process.wait(WHOLE_WITHIN) == 0, follower.said()
        assert "Handed to the dashboard" in follower.said()
        made = {entry.pid for entry in ledger.entries(yard) if entry.what == "renamed"}
        assert made == {works.process.pid}
        assert ledger.complaints(yard, seconds=SECONDS) == []
