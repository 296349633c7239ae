"""What the browser has sent is looked at, moved into the house and never made twice."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gravix_core.desks.intake import Added, Intake
from gravix_core.errors import (
    Cancelled,
    GravixError,
    MediaUnreadable,
    NotFound,
    SourceRefused,
    StatusConflict,
)
from gravix_core.handlers import settle
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Context, Runner
from gravix_core.media.inbox import Inbox
from gravix_core.model import JobStatus, JobType, NewJob, SourceFile, Span, Transcript, VideoStatus
from gravix_core.pipeline import download
from gravix_core.stages.source.upload import UploadSource
from gravix_core.store.store import Store
from tests.pages.houses import rendered_reel
from tests.support import Quiet, approve

BIKES = Path(__file__).parents[1] / "data" / "bikes.mp4"
SHA256 = hashlib.sha256(BIKES.read_bytes()).hexdigest()
SRT = b"1\n00:00:00,200 --> 00:00:02,800\nBridges carry more than cars.\n"
BATCH, OTHER = "ab" * 16, "cd" * 16


class Impatient(Quiet):
    """A watch that asks to stop."""

    def should_stop(self) -> bool:
        return True


@dataclass
class House:
    """A store, a queue that knows the first step alone, and the desk on top."""

    store: Store
    jobs: Runner
    source: UploadSource
    intake: Intake

    @property
    def inbox(self) -> Inbox:
        return self.intake.inbox

    def send(self, batch: str, *, name: str = "Talk.mp4", data: bytes = b"") -> Path:
        with self.inbox.receive(batch, name) as file:
            file.write(data or BIKES.read_bytes())
        return self.inbox.folder / batch / name

    def add(self, batch: str, **wishes: object) -> Added:
        return self.intake.add_batch(batch, **wishes)  # type: ignore[arg-type]

    def finished(self) -> Added:
        """The film once more, after it has become a video."""
        self.send(BATCH)
        self.add(BATCH)
        self.jobs.run_due()
        self.send(OTHER)
        return self.add(OTHER)

    def download_job(self, video_id: int) -> JobStatus:
        with self.store.read() as tx:
            (job,) = queue.of_video(tx, video_id)
        return job.status

    def transcript(self, video_id: int) -> Transcript | None:
        with self.store.read() as tx:
            return tx.videos.transcript(video_id)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = Store.open(f"sqlite:///{(tmp_path / 'gravix.db').as_posix()}", tmp_path / "videos")
    inbox = Inbox(tmp_path / "uploads", limit_bytes=1 << 30)
    source = UploadSource(inbox.folder)

    def fetch(ctx: Context) -> None:
        video_id, given = ctx.job.args["video_id"], ctx.job.args["given"]
        download(video_id, given, store=store, source=source, watch=ctx)

    handlers = {JobType.YT_DOWNLOAD: fetch}
    jobs = Runner(store, handlers, settle=settle, alive=lambda pid: True)
    intake = Intake(store, jobs, source_of=lambda given: source, inbox=inbox, chunk_duration=35)
    yield House(store, jobs, source, intake)
    store.close()


def fetched(house: House, given: Path, folder: Path) -> SourceFile:
    return house.source.fetch(str(given), folder=folder, watch=Quiet())


def test_a_sent_file_is_moved_and_its_batch_is_gone(house: House, tmp_path: Path) -> None:
    file = house.send(BATCH)
    inode = file.stat().st_ino
    found = fetched(house, file, tmp_path / "1")
    assert (found.sha256, found.file) == (SHA256, tmp_path / "1" / "source.mp4")
    assert found.file.stat().st_ino == inode
    assert list(house.inbox.folder.iterdir()) == []


def test_a_file_elsewhere_is_copied_and_stays(house: House, tmp_path: Path) -> None:
    found = fetched(house, BIKES, tmp_path / "1")
    assert BIKES.read_bytes() == found.file.read_bytes()
    assert BIKES.is_file()


def test_a_kill_between_the_move_and_the_note_loses_nothing(house: House, tmp_path: Path) -> None:
    file = house.send(BATCH)
    house.send(BATCH, name="Talk.srt", data=SRT)
    first = fetched(house, file, tmp_path / "1")
    again = fetched(house, file, tmp_path / "1")
    assert (again.sha256, again.file, again.transcript) == (SHA256, first.file, first.transcript)
    assert first.transcript is not None


def test_a_new_file_of_a_batch_wins_over_an_older_copy(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "1"
    fetched(house, house.send(BATCH, data=BIKES.read_bytes() + b"more"), folder)
    (folder / "source.json3").write_text("{}")
    house.send(BATCH, name="Talk.srt", data=SRT)
    file = house.send(BATCH)
    for _ in ("the file", "its copy, after a kill"):
        found = fetched(house, file, folder)
        assert (found.sha256, found.transcript is not None, found.notes) == (SHA256, True, ())


def test_a_stop_while_it_is_read_leaves_the_file_where_it_is(house: House, tmp_path: Path) -> None:
    file = house.send(BATCH)
    with pytest.raises(Cancelled):
        house.source.fetch(str(file), folder=tmp_path / "1", watch=Impatient())
    assert file.is_file()


def test_what_is_said_of_a_lost_file_names_no_folder(house: House, tmp_path: Path) -> None:
    file = house.inbox.folder / BATCH / "Talk.mp4"
    deeds: tuple[Callable[[], SourceFile], ...] = (
        lambda: house.intake.look(str(file)),
        lambda: fetched(house, file, tmp_path),
    )
    for deed in deeds:
        with pytest.raises(SourceRefused) as caught:
            deed()
        assert "Talk.mp4" in str(caught.value)
        assert str(tmp_path) not in f"{caught.value} {caught.value.hint}"


def test_a_batch_becomes_a_video(house: House) -> None:
    house.send(BATCH)
    house.send(BATCH, name="Talk.srt", data=SRT)
    added = house.add(BATCH)
    house.jobs.run_due()
    assert (added.known, added.notes, added.video.title) == (False, (), "Talk")
    assert (added.video.layout, added.video.chunk_duration) == ("auto", 35)
    assert (added.video.subtitles, added.video.best) == ("clean", None)
    assert house.transcript(added.video.id) is not None
    assert house.inbox.files(BATCH) == ()


def test_layout_and_length_may_be_chosen(house: House) -> None:
    house.send(BATCH)
    video = house.add(BATCH, layout="centre", chunk_duration=20).video
    assert (video.layout, video.chunk_duration) == ("centre", 20)


def test_the_same_file_again_is_known_and_its_copy_is_dropped(house: House) -> None:
    again = house.finished()
    assert again.known
    assert again.video.status is VideoStatus.COMPLETED
    assert house.download_job(again.video.id) is JobStatus.COMPLETED  # nobody asked again
    assert house.inbox.files(OTHER) == ()


def test_another_length_of_the_same_file_is_another_video(house: House) -> None:
    first = house.finished()
    house.send(BATCH)
    other = house.add(BATCH, chunk_duration=20)
    assert (other.known, other.video.id != first.video.id) == (False, True)


def test_a_transcript_that_comes_later_is_work(house: House) -> None:
    video = house.finished().video
    house.send(BATCH)
    house.send(BATCH, name="Talk.srt", data=SRT)
    assert house.add(BATCH).known
    assert house.download_job(video.id) is JobStatus.PENDING
    assert house.transcript(video.id) is not None
    assert house.inbox.files(BATCH) == ()


def test_a_transcript_that_is_there_is_none(house: House) -> None:
    video = house.finished().video
    for _ in range(2):
        house.send(BATCH)
        house.send(BATCH, name="Talk.srt", data=SRT)
        house.add(BATCH)
        house.jobs.run_due()
    house.send(BATCH)
    house.send(BATCH, name="Talk.srt", data=SRT)
    house.add(BATCH)
    assert house.download_job(video.id) is JobStatus.COMPLETED


def test_a_transcript_that_is_not_sent_again_is_kept(house: House) -> None:
    house.send(BATCH)
    house.send(BATCH, name="Talk.srt", data=SRT)
    again = house.finished()
    assert house.transcript(again.video.id) is not None
    assert house.download_job(again.video.id) is JobStatus.COMPLETED


def test_subtitles_and_a_number_of_the_best_may_be_chosen(house: House) -> None:
    house.send(BATCH)
    video = house.add(BATCH, subtitles="boxed", best=3).video
    assert (video.subtitles, video.best) == ("boxed", 3)


@pytest.mark.parametrize("wish", [{"subtitles": "bold"}, {"best": 2}])
def test_a_known_video_takes_other_wishes_over(house: House, wish: dict[str, object]) -> None:
    video = house.finished().video
    house.send(BATCH)
    changed = house.add(BATCH, **wish).video
    assert {name: getattr(changed, name) for name in wish} == wish
    assert house.download_job(video.id) is JobStatus.PENDING


def test_no_wish_keeps_the_number_and_zero_is_all(house: House) -> None:
    house.send(BATCH)
    house.add(BATCH, best=2)
    house.send(OTHER)
    assert house.add(OTHER).video.best == 2
    house.send(BATCH)
    assert house.add(BATCH, best=0).video.best is None


def test_reels_that_nobody_asked_for_are_no_work(house: House) -> None:
    house.send(BATCH)
    video = house.add(BATCH, best=1).video
    house.jobs.run_due()
    with house.store.begin() as tx:
        first, _ = tx.reels.plan(video.id, [Span(0, 5), Span(5, 10)], [Span(0, 5), Span(5, 10)])
        tx.reels.set_rendered(first.id, rendered_reel(tx.videos.root, first))
        tx.videos.set_status(video.id, VideoStatus.COMPLETED)
    house.send(BATCH)
    house.add(BATCH)
    assert house.download_job(video.id) is JobStatus.COMPLETED


def test_another_layout_is_work(house: House) -> None:
    video = house.finished().video
    house.send(BATCH)
    assert house.add(BATCH, layout="centre").video.layout == "centre"
    assert house.download_job(video.id) is JobStatus.PENDING


def test_a_video_whose_reels_were_judged_keeps_its_layout_and_says_so(house: House) -> None:
    video = house.finished().video
    with house.store.begin() as tx:
        (reel,) = tx.reels.plan(video.id, [Span(0, 10)], [Span(0, 10)])
        tx.reels.set_rendered(reel.id, rendered_reel(tx.videos.root, reel))
        approve(tx, reel.id)
    house.send(BATCH)
    again = house.add(BATCH, layout="centre", subtitles="bold", best=1)
    assert (again.video.layout, again.video.subtitles, again.video.best) == ("auto", "clean", 1)
    assert len(again.notes) == 1


def test_a_new_video_is_written_down_together_with_its_first_job(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    house.send(BATCH)
    monkeypatch.setattr(queue, "enqueue", killed)
    with pytest.raises(KeyboardInterrupt):
        house.add(BATCH)
    with house.store.read() as tx:
        assert tx.videos.recent() == ()


@pytest.mark.parametrize("status", [VideoStatus.FAILED, VideoStatus.PENDING], ids=["failed", "off"])
def test_a_video_that_had_not_ended_well_goes_on(house: House, status: VideoStatus) -> None:
    video = house.finished().video
    with house.store.begin() as tx:
        tx.videos.set_status(video.id, status)
    house.send(BATCH)
    assert house.add(BATCH).known
    assert house.download_job(video.id) is JobStatus.PENDING


def test_a_video_that_is_at_work_is_left_alone(house: House) -> None:
    video = house.finished().video
    with house.store.begin() as tx:
        new = NewJob(JobType.VIDEO_CUTTING, f"video/{video.id}/cut", video.id)
        queue.enqueue(tx, new, now=house.jobs.now())
        tx.videos.set_status(video.id, VideoStatus.PENDING)
        before = queue.of_video(tx, video.id)
    house.send(BATCH)
    house.add(BATCH)
    with house.store.read() as tx:
        assert queue.of_video(tx, video.id) == before


def test_a_video_at_work_keeps_its_layout_and_the_batch_is_kept(house: House) -> None:
    house.send(BATCH)
    video = house.add(BATCH).video
    with house.store.begin() as tx:
        queue.claim(tx, "elsewhere/1", now=house.jobs.now())
    house.send(OTHER)
    with pytest.raises(StatusConflict):
        house.add(OTHER, layout="centre")
    with house.store.read() as tx:
        assert tx.videos.get(video.id).layout == "auto"
    assert len(house.inbox.files(OTHER)) == 1


def test_a_reel_that_is_not_there_is_work(house: House) -> None:
    video = house.finished().video
    with house.store.begin() as tx:
        tx.reels.plan(video.id, [Span(0, 10)], plays=[Span(0, 10)])
    house.send(BATCH)
    house.add(BATCH)
    assert house.download_job(video.id) is JobStatus.PENDING


def test_a_lost_source_comes_back_with_the_next_upload(house: House) -> None:
    video = house.finished().video
    assert video.file is not None
    video.file.unlink()
    house.send(BATCH)
    house.add(BATCH)
    house.jobs.run_due()
    assert video.file.read_bytes() == BIKES.read_bytes()


def test_a_download_that_failed_can_be_tried_again_from_the_same_batch(house: House) -> None:
    file = house.send(BATCH)
    house.add(BATCH)
    aside = file.rename(file.with_name("aside"))
    house.jobs.run_due()
    aside.rename(file)
    added = house.add(BATCH)
    house.jobs.run_due()
    assert added.known
    assert house.download_job(added.video.id) is JobStatus.COMPLETED


def test_a_transcript_of_the_batch_is_taken_whatever_its_language(house: House) -> None:
    house.send(BATCH)
    house.send(BATCH, name="talk.EN.SRT", data=SRT)
    added = house.add(BATCH)
    house.jobs.run_due()
    assert added.notes == ()
    assert house.transcript(added.video.id) is not None


@pytest.mark.parametrize("exact", ["Talk.vtt", "Talk.de.vtt"])
def test_a_second_transcript_is_left_out_with_a_word(house: House, exact: str) -> None:
    house.send(BATCH)
    house.send(BATCH, name=exact, data=b"WEBVTT\n\n00:00.000 --> 00:01.000\nBridges\n")
    house.send(BATCH, name="Talk.en.srt", data=SRT)
    assert house.add(BATCH).notes == ("Talk.en.srt was left out: a video has one transcript.",)


def test_a_transcript_that_makes_no_sense_costs_a_note(house: House) -> None:
    house.send(BATCH)
    house.send(BATCH, name="Talk.json3", data=b"{not json")
    added = house.add(BATCH)
    assert not added.known
    assert "Talk.json3" in added.notes[0]


@pytest.mark.parametrize(
    ("files", "error", "words"),
    [
        ({}, NotFound, "nothing of this upload"),
        ({"Talk.srt": SRT}, SourceRefused, "Talk.srt is a transcript"),
        ({"One.mp4": b"1", "Two.mov": b"2"}, SourceRefused, "2 videos came as one"),
        ({"Talk.mp4": b"no video"}, MediaUnreadable, "Talk.mp4 cannot be read"),
    ],
    ids=["none", "a transcript alone", "two videos", "no video"],
)
def test_a_batch_that_is_no_video_is_refused_and_kept(
    house: House, files: dict[str, bytes], error: type[GravixError], words: str
) -> None:
    for name, data in files.items():
        house.send(BATCH, name=name, data=data)
    with pytest.raises(error, match=words):
        house.add(BATCH)
    assert len(house.inbox.files(BATCH)) == len(files)


@pytest.mark.parametrize(
    "wishes",
    [
        {"layout": "sideways"},
        {"subtitles": "loud"},
        {"best": -1},
        {"chunk_duration": 2.9},
        {"chunk_duration": 901},
        {"chunk_duration": float("nan")},
    ],
)
def test_a_wish_that_cannot_be_had_is_refused_before_the_file_is_read(
    house: House, wishes: dict[str, object]
) -> None:
    house.send(BATCH, data=b"no video")
    with pytest.raises(SourceRefused) as caught:
        house.add(BATCH, **wishes)
    assert caught.value.hint.startswith("Choose ")


def test_a_stop_while_the_batch_is_looked_at_adds_nothing(house: House) -> None:
    house.send(BATCH)
    with pytest.raises(Cancelled):
        house.add(BATCH, watch=Impatient())
    with house.store.read() as tx:
        assert tx.videos.recent() == ()


def test_the_sweep_keeps_what_a_video_waits_for(house: House) -> None:
    waited, stray = house.send(BATCH), house.send(OTHER)
    house.add(BATCH)
    for file in (waited, stray):
        os.utime(file.parent, (0, 0))
    house.intake.sweep()
    assert (waited.is_file(), stray.exists()) == (True, False)


def test_the_command_line_asks_again_whatever_is_there(house: House) -> None:
    video = house.intake.add(str(BIKES)).video
    house.jobs.run_due()
    again = house.intake.add(str(BIKES))
    assert (again.known, again.video.id) == (True, video.id)
    assert house.download_job(video.id) is JobStatus.PENDING
