"""Activity, drawn over a real studio: the work on every video in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.desks.activity import JobItem
from gravix_core.errors import DiskFull, GravixError, StoreTooNew
from gravix_core.model import Job, JobStatus, JobType, NewJob
from gravix_core.store.tables import JobRow
from gravix_core.studio import Studio, shared_studio
from gravix_ui.parts.job_words import CANCELLED as CANCELLED_WORDS
from gravix_ui.parts.job_words import at_the_moment, deed, happened, state, took
from gravix_ui.words import at
from tests.pages.houses import add_video, open_store, page_of, text_of
from tests.pages.works import add_job, add_work
from tests.support import NOON, REEL_JOB

pytestmark = pytest.mark.slow

WAITS, RUNS, DONE = JobStatus.PENDING, JobStatus.PROCESSING, JobStatus.COMPLETED
FAILED, CANCELLED = JobStatus.FAILED, JobStatus.CANCELLED


@pytest.fixture
def page(house: Path) -> AppTest:
    return page_of("activity")


def given(
    house: Path,
    *states: JobStatus,
    title: str = "Bridges",
    progress: int = 0,
    error: GravixError | None = None,
) -> int:
    """A video with a render in each of these states; its id."""
    store = open_store(house)
    with store.begin() as tx:
        video, _ = add_work(tx, title, states, progress=progress, error=error)
    store.close()
    return video.id


def opened(page: AppTest, video_id: int) -> AppTest:
    """The page with the jobs and the log of a video open."""
    page.session_state[f"jobs-{video_id}"] = True
    return page.run()


def buttons(page: AppTest) -> set[str]:
    """Those of the videos; the engine's own are tested in test_engine.py."""
    return {str(button.key) for button in page.button} - {"pause", "cancel-all-now"}


def log_of(page: AppTest) -> str:
    shown = (str(getattr(html, "value", "")) for html in page.get("html"))
    return "\n".join(html for html in shown if html.startswith("<ol"))


def states(video_id: int) -> list[JobStatus]:
    """Of the renders of a video."""
    return [item.job.status for item in shared_studio().activity.jobs(video_id)[2:]]


def test_without_work_it_leads_to_add(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert page.subheader[0].value == "No work yet"
    assert buttons(page) == {"activity-add"}


def test_what_runs_shows_how_far_it_is(page: AppTest, house: Path) -> None:
    given(house, DONE, RUNS, WAITS, progress=42)
    page.run()
    assert not page.exception
    assert page.get("progress")[0].proto.value == 10 + 2 + 83 * 142 // 300
    assert "Now: render reel 2 (42 %)" in text_of(page)


def test_every_stage_says_how_far_it_is(page: AppTest, house: Path) -> None:
    given(house, DONE, RUNS, WAITS)
    page.run()
    assert "✓ Bring in · ✓ Cut into chunks · **Render 1 of 3** · Write texts" in text_of(page)


def test_a_retry_that_waits_says_when_which_try_it_is_and_why(page: AppTest, house: Path) -> None:
    store = open_store(house)
    with store.begin() as tx:
        _, jobs = add_work(tx, "Bridges", [WAITS, WAITS])
        later = datetime.now(UTC) + timedelta(seconds=90)
        for job, wait in zip(jobs, (1000, 0), strict=True):
            row = tx.session.get_one(JobRow, job.id)
            row.error_message, row.attempts = "no room", 1
            row.run_after = later + timedelta(seconds=wait)
    store.close()
    when = at(later, UTC, seconds=True)
    told = f"2 jobs failed and are tried again, the first {when} (try 2): no room"
    assert told in text_of(page.run())


def test_the_time_left_counts_what_a_retry_waits(house: Path) -> None:
    store = open_store(house)
    with store.begin() as tx:
        _, (done, waits) = add_work(tx, "Bridges", [DONE, WAITS])
        row = tx.session.get_one(JobRow, done.id)
        row.started_at, row.completed_at = row.created_at, row.created_at + timedelta(seconds=60)
        row = tx.session.get_one(JobRow, waits.id)
        row.error_message, row.run_after = "no room", datetime.now(UTC) + timedelta(minutes=20)
    store.close()
    (work,) = shared_studio().activity.work(limit=1).items
    assert work.left == pytest.approx(20 * 60, abs=60)


def test_a_second_try_that_runs_says_which_it_is_and_what_the_first_met() -> None:
    job = replace(REEL_JOB, status=RUNS, progress=5, attempts=2, error_message="no room")
    assert at_the_moment([JobItem(job, 3)]) == "Now: render reel 3 (5 %, try 2)"
    assert happened(job) == "The try before: no room."


def test_the_log_of_the_video_names_the_job_in_which_something_went_wrong(
    page: AppTest, house: Path
) -> None:
    video_id = given(house, DONE, FAILED, error=DiskFull("no room"))
    with shared_studio().store.begin() as tx:
        job = shared_studio().activity.jobs(video_id)[2].job
        tx.logs.add(video_id, "All reels are ready.", job_id=job.id)
    opened(page, video_id)
    assert "<p><b>Render reel 2:</b> no room." in log_of(page)
    assert "<p>All reels are ready.</p>" in log_of(page)


def test_what_waits_says_so(page: AppTest, house: Path) -> None:
    given(house, WAITS, WAITS)
    assert "Waiting" in text_of(page.run())
    assert "Now:" not in text_of(page)


@pytest.mark.parametrize(
    ("given_states", "shown"),
    [
        ((RUNS, WAITS), {"cancel-1"}),
        ((FAILED, RUNS), {"cancel-1", "retry-1"}),
        ((FAILED, DONE), {"retry-1"}),
        ((DONE, CANCELLED), {"go-on-1"}),
        ((FAILED, CANCELLED), {"retry-1", "go-on-1"}),
        ((DONE, DONE), set()),
    ],
)
def test_there_is_a_button_for_what_can_be_done(
    page: AppTest, house: Path, given_states: tuple[JobStatus, ...], shown: set[str]
) -> None:
    given(house, *given_states)
    assert buttons(page.run()) == shown


def test_cancel_ends_what_waits_and_says_that_nothing_is_lost(page: AppTest, house: Path) -> None:
    video_id = given(house, DONE, WAITS)
    page.run()
    page.button(key=f"cancel-{video_id}").click().run()
    assert states(video_id) == [DONE, CANCELLED]
    assert page.toast[0].value == CANCELLED_WORDS
    assert CANCELLED_WORDS in text_of(page)
    assert buttons(page) == {f"go-on-{video_id}"}


def test_try_again_asks_for_what_failed_alone(page: AppTest, house: Path) -> None:
    video_id = given(house, DONE, FAILED, CANCELLED, FAILED)
    page.run()
    button = page.button(key=f"retry-{video_id}")
    assert button.label == "Try again (2)"
    button.click().run()
    assert states(video_id) == [DONE, WAITS, CANCELLED, WAITS]
    assert page.toast[0].value == "2 jobs will be tried again."


def test_go_on_asks_for_all_that_failed_or_was_cancelled(page: AppTest, house: Path) -> None:
    video_id = given(house, DONE, FAILED, CANCELLED)
    page.run()
    page.button(key=f"go-on-{video_id}").click().run()
    assert states(video_id) == [DONE, WAITS, WAITS]
    assert page.toast[0].value == "2 jobs will run again."


def test_a_failure_is_told_once_with_what_to_do(page: AppTest, house: Path) -> None:
    error = DiskFull("ffmpeg had no room to write")
    given(house, FAILED, FAILED, error=error)
    page.run()
    assert [one.value for one in page.error] == [
        "**0 of 2 reels; 2 failed:** ffmpeg had no room to write\\.  \n"
        "**What to do:** Free some space on the disk that holds the data directory, then run it"
        " again\\."
    ]


def test_no_folder_of_the_server_is_shown(page: AppTest, house: Path) -> None:
    error = GravixError("/srv/gravix/videos/1 is gone", hint="Look into /srv/gravix/log.")
    video_id = given(house, FAILED, error=error)
    opened(page, video_id)
    assert "/srv" not in text_of(page)
    assert "/srv" not in page.dataframe[0].value.to_string()
    assert "is gone" in log_of(page)
    assert "/srv" not in log_of(page)


def test_a_title_is_no_markdown(page: AppTest, house: Path) -> None:
    given(house, DONE, title="![x](http://tracker.example/x.png)")
    page.run()
    assert page.get("page_link")[0].proto.label.startswith(r"\!\[x\]")


def test_every_job_is_in_the_table_when_it_is_opened(page: AppTest, house: Path) -> None:
    video_id = given(house, DONE, RUNS, FAILED, CANCELLED, WAITS, progress=42)
    assert not page.run().dataframe
    table = opened(page, video_id).dataframe[0].value
    assert list(table["Job"][:3]) == ["Bring in", "Cut into chunks", "Render reel 1"]
    assert list(table["State"][2:]) == ["Done", "At work", "Failed", "Cancelled", "Waiting"]
    assert list(table["Progress"][2:]) == [100, 42, 42, 42, 0]
    actions = list(table["Action"][2:].fillna("–"))
    assert actions == ["–", "Cancel", "Try again", "Go on", "Cancel"]
    assert table["What happened"][4].startswith("ffmpeg ended with code 1. Run it again;")


def test_many_jobs_are_narrowed_to_the_open_ones_first(page: AppTest, house: Path) -> None:
    video_id = given(house, *[DONE] * 200, *[FAILED] * 3, *[RUNS] * 2, *[WAITS] * 95)
    opened(page, video_id)
    assert set(page.dataframe[0].value["State"]) == {"At work", "Waiting"}
    assert "302 jobs: 97 open, 3 to try again, 202 done" in text_of(page)
    page.segmented_control(key=f"table-{video_id}-which").set_value("To try again").run()
    assert set(page.dataframe[0].value["State"]) == {"Failed"}


def test_the_log_of_one_job_is_shown_alone(page: AppTest, house: Path) -> None:
    video_id = given(house, FAILED, DONE)
    failed = shared_studio().activity.jobs(video_id)[2].job
    with shared_studio().store.begin() as tx:
        tx.logs.add(video_id, "Taken in.")
    assert "Taken in." in log_of(opened(page, video_id))
    page.session_state[f"log-of-{video_id}"] = failed.id
    page.run()
    assert "**Log of render reel 1**" in text_of(page)
    assert "Taken in." not in log_of(page)
    page.button(key=f"whole-log-{video_id}").click().run()
    assert "**Log of the video**" in text_of(page)


def test_videos_at_work_come_first_ten_on_a_page(page: AppTest, house: Path) -> None:
    given(house, RUNS, title="At work")
    for number in range(11):
        given(house, DONE, title=f"Done {number}")
    titles = [link.proto.label for link in page.run().get("page_link")]
    assert titles[:2] == ["At work", "Done 10"]
    assert len(titles) == 10
    page.session_state["activity-page"] = 2
    assert [link.proto.label for link in page.run().get("page_link")] == ["Done 1", "Done 0"]


def test_a_page_that_is_gone_is_the_first_one(page: AppTest, house: Path) -> None:
    given(house, DONE)
    page.session_state["activity-page"] = 2
    assert len(page.run().get("page_link")) == 1


def test_a_preview_that_is_made_is_no_progress_of_the_reels(page: AppTest, house: Path) -> None:
    store = open_store(house)
    with store.begin() as tx:
        video, _ = add_video(tx, reels=1)
        job = NewJob(JobType.PREVIEW_PROXY, "proxy", video.id)
        add_job(tx, job, RUNS, progress=50)
    store.close()
    page.run()
    assert not page.exception
    assert not page.get("progress")


def test_a_studio_that_cannot_be_had_is_a_sentence(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Studio:
        raise StoreTooNew("gravix.db is newer than this Gravix")

    monkeypatch.setattr("gravix_ui.session.studio", broken)
    page.run()
    assert not page.exception
    assert StoreTooNew.hint in page.error[0].value


@pytest.mark.parametrize(
    ("job", "word", "button"),
    [
        (replace(REEL_JOB, status=RUNS, cancel_requested=True), "Stopping", None),
        (replace(REEL_JOB, status=WAITS, error_message="no room"), "Tries again", "Cancel"),
        (replace(REEL_JOB, status=WAITS), "Waiting", "Cancel"),
    ],
)
def test_a_job_says_how_it_stands(job: Job, word: str, button: str | None) -> None:
    assert (state(job), deed(job)) == (word, button)


@pytest.mark.parametrize(
    ("job", "seconds"),
    [
        (replace(REEL_JOB, status=RUNS, started_at=NOON), 90),
        (replace(REEL_JOB, started_at=NOON, completed_at=NOON + timedelta(seconds=5)), 5),
        (replace(REEL_JOB, status=WAITS, started_at=NOON), None),
        (replace(REEL_JOB, status=WAITS), None),
    ],
)
def test_what_runs_has_taken_the_time_until_now(job: Job, seconds: float | None) -> None:
    assert took(job, NOON + timedelta(seconds=90)) == seconds


def test_of_many_that_run_only_a_few_are_named() -> None:
    job = replace(REEL_JOB, status=RUNS, progress=0)
    told = at_the_moment([JobItem(job, number) for number in (1, 2, 3, 4, 5)])
    assert told == "Now: render reel 1, render reel 2, render reel 3 and 2 more"
