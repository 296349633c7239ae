"""A video is removed as a whole, or stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from gravix_core.errors import Cancelled, FileUnwritable, NotFound, StatusConflict
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Context
from gravix_core.media import removal
from gravix_core.model import JobStatus, JobType, NewJob, Video
from gravix_core.settings import Settings
from gravix_core.store.tables import JobRow
from gravix_core.studio import Studio
from tests.pages.houses import add_video

BIKES = Path(__file__).parents[1] / "data" / "bikes.mp4"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    opened = Studio.open(Settings.load(data_dir=tmp_path, env_file=None))
    yield opened
    opened.close()


@pytest.fixture
def video(studio: Studio) -> Video:
    with studio.store.begin() as tx:
        return add_video(tx, reels=3)[0]


def folder(studio: Studio, video: Video) -> Path:
    return studio.store.videos_dir / str(video.id)


def test_removal_frees_what_it_said_and_leaves_nothing(studio: Studio, video: Video) -> None:
    files = [file for file in folder(studio, video).rglob("*") if file.is_file()]
    assert studio.library.frees(video.id) == sum(file.stat().st_size for file in files) > 0
    said = studio.library.frees(video.id)
    assert studio.library.delete(video.id) == said
    assert list(studio.store.videos_dir.iterdir()) == []
    with pytest.raises(NotFound):
        studio.library.video(video.id)


def test_waiting_jobs_go_with_their_video(studio: Studio, video: Video) -> None:
    studio.jobs.enqueue(NewJob(JobType.YT_DOWNLOAD, "job/1", video.id))
    studio.library.delete(video.id)
    assert studio.jobs.run_due() == 0


def test_unknown_video_cannot_be_removed(studio: Studio) -> None:
    with pytest.raises(NotFound, match="video 7"):
        studio.library.delete(7)


def test_video_whose_work_does_not_stop_stays_whole(
    studio: Studio, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gravix_core.desks.library.STOPS_WITHIN", 0.1)
    with studio.store.begin() as tx:
        elsewhere = {"status": JobStatus.PROCESSING, "owner": "another-machine/7"}
        tx.session.add(JobRow(key="k", job_type="video_cutting", video_id=video.id, **elsewhere))
    with pytest.raises(StatusConflict):
        studio.library.delete(video.id)
    assert len(studio.library.video(video.id).chunks) == 3
    assert (folder(studio, video) / "reels").is_dir()


def test_what_runs_is_cancelled_and_has_ended_before_anything_goes(
    studio: Studio, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it writes until then is counted as freed, and goes as well."""
    at_work, late = Event(), folder(studio, video) / "late.bin"

    def works(ctx: Context) -> None:
        at_work.set()
        while not ctx.should_stop():
            pass
        late.write_bytes(b"x" * 1000)
        raise Cancelled("stopped")

    monkeypatch.setattr(studio.jobs._worker, "_handlers", {JobType.VIDEO_CUTTING: works})
    before = studio.library.frees(video.id)
    studio.jobs.start(1)
    studio.jobs.enqueue(NewJob(JobType.VIDEO_CUTTING, "cut", video.id))
    assert at_work.wait(10)
    assert studio.library.delete(video.id) == before + 1000
    assert list(studio.store.videos_dir.iterdir()) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"status": "processing", "owner": "another-machine/7"}, "reel 2 is being published"),
        ({"status": "pending", "attempts": 1}, "publishing of reel 2 was broken off"),
    ],
)
def test_a_video_with_a_publish_in_flight_stays_and_goes_on(
    studio: Studio, video: Video, row: dict[str, object], said: str
) -> None:
    waits = studio.jobs.enqueue(NewJob(JobType.YT_DOWNLOAD, "job/1", video.id))[0]
    publish(studio, video, **row)
    with pytest.raises(StatusConflict, match=said):
        studio.library.delete(video.id)
    assert len(studio.library.video(video.id).chunks) == 3
    with studio.store.read() as tx:
        assert queue.get(tx, waits.id).status is JobStatus.PENDING


@pytest.mark.parametrize(
    "row",
    [
        {"status": "pending"},
        {"status": "pending", "attempts": 1, "error_message": "no answer"},
        {"status": "completed", "attempts": 1},
        {"status": "failed", "attempts": 1},
    ],
)
def test_a_publish_that_is_not_in_flight_keeps_no_video(
    studio: Studio, video: Video, row: dict[str, object]
) -> None:
    publish(studio, video, **row)
    assert studio.library.delete(video.id) > 0


def publish(studio: Studio, video: Video, **row: object) -> None:
    """A job that publishes the second reel of the video."""
    with studio.store.begin() as tx:
        args = {"reel_id": tx.reels.of_video(video.id)[1].id, "publication_id": 1}
        kind = JobType.IG_PUBLISH
        tx.session.add(JobRow(key="p", job_type=kind, video_id=video.id, args=args, **row))


def test_crash_before_the_rows_went_brings_the_files_back(studio: Studio, video: Video) -> None:
    removal.put_aside(folder(studio, video))
    studio.library.tidy()
    assert (folder(studio, video) / "reels").is_dir()


def test_crash_after_the_rows_went_ends_the_removal(studio: Studio, video: Video) -> None:
    removal.put_aside(folder(studio, video))
    with studio.store.begin() as tx:
        tx.videos.delete(video.id)
    studio.library.tidy()
    assert list(studio.store.videos_dir.iterdir()) == []


def test_start_of_the_dashboard_ends_an_interrupted_removal(studio: Studio, video: Video) -> None:
    removal.put_aside(folder(studio, video))
    with studio.store.begin() as tx:
        tx.videos.delete(video.id)
    studio.start()
    assert list(studio.store.videos_dir.iterdir()) == []


def test_what_was_sent_goes_with_the_video_that_it_was_for(studio: Studio) -> None:
    with studio.intake.inbox.receive("ab" * 16, "bikes.mp4") as file:
        file.write(BIKES.read_bytes())
    video = studio.intake.add_batch("ab" * 16).video
    assert studio.library.frees(video.id) == BIKES.stat().st_size
    studio.library.delete(video.id)
    assert studio.intake.inbox.files("ab" * 16) == ()


def test_files_that_cannot_be_moved_leave_the_rows(
    studio: Studio, video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> None:
        raise FileUnwritable("a file is open")

    monkeypatch.setattr(removal, "put_aside", refused)
    with pytest.raises(FileUnwritable):
        studio.library.delete(video.id)
    assert len(studio.library.video(video.id).chunks) == 3
