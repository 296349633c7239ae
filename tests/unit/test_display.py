"""What the command line shows while it works."""

from __future__ import annotations

import io
from dataclasses import replace

from gravix_core.cli.display import Display, stage_progress
from gravix_core.model import JobStatus, JobType
from tests.support import REEL_JOB

REEL = replace(REEL_JOB, status=JobStatus.PROCESSING, progress=0)


def test_a_stage_is_as_far_as_the_mean_of_its_jobs() -> None:
    done = replace(REEL, status=JobStatus.COMPLETED, progress=100)
    jobs = (done, replace(REEL, progress=50), replace(REEL, status=JobStatus.PENDING))
    assert stage_progress(jobs) == {"convert": (50, 1, 3)}


def test_a_failed_job_counts_as_ended() -> None:
    assert stage_progress((replace(REEL, status=JobStatus.FAILED),)) == {"convert": (100, 1, 1)}


def test_stages_come_in_the_order_of_the_work() -> None:
    cut = replace(REEL, job_type=JobType.VIDEO_CUTTING)
    load = replace(REEL, job_type=JobType.YT_DOWNLOAD)
    assert list(stage_progress((REEL, cut, load))) == ["download", "cut", "convert"]


def test_where_nobody_watches_there_is_a_line_every_ten_percent() -> None:
    paper = io.StringIO()
    with Display(paper) as display:
        for percent in (0, 3, 9, 10, 12, 31, 100):
            display.show((replace(REEL, progress=percent),))
    assert paper.getvalue().splitlines() == [
        "convert: 0 %",
        "convert: 10 %",
        "convert: 31 %",
        "convert: 100 %",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_where_somebody_watches_there_are_bars() -> None:
    screen = Terminal()
    with Display(screen) as display:
        display.show((replace(REEL, progress=42), REEL))
    assert "convert" in screen.getvalue()
    assert "0 of 2" in screen.getvalue()


def test_a_note_has_a_line_of_its_own_on_paper_and_on_a_terminal() -> None:
    for stream in (io.StringIO(), Terminal()):
        with Display(stream) as display:
            display.show((REEL,))
            display.note("Handed to the dashboard at http://[::1]:8501; following it.")
        assert "Handed to the dashboard at http://[::1]:8501; following it.\n" in stream.getvalue()
