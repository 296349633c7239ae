"""What only previews need: a video's picture, its proxy, a chunk as a file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from gravix_core.errors import NotFound
from gravix_core.jobs import queue
from gravix_core.media.files import proxy_file, thumbnail_file
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Chunk, JobStatus, JobType, LogLevel, NewJob, Video, VideoStatus
from gravix_core.pipeline import copy_chunk, cut, download, proxy, take_picture
from gravix_core.settings import Settings
from gravix_core.stages.source.upload import UploadSource
from gravix_core.studio import Studio
from tests.conftest import Film
from tests.pipeline.test_steps import opened, run
from tests.support import Quiet

pytestmark = pytest.mark.slow


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    yield from opened(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def talk(film: Film) -> Path:
    return film(seconds=7.0)


@pytest.fixture
def video(studio: Studio, talk: Path) -> Video:
    """Brought in and cut; its reels are not rendered."""
    video = studio.intake.add(str(talk)).video
    source = UploadSource()
    found = download(video.id, str(talk), store=studio.store, source=source, watch=Quiet())
    cut(video.id, store=studio.store, ffmpeg=ffmpeg_program(), watch=Quiet())
    return found


def chunks(studio: Studio, video: Video) -> tuple[Chunk, ...]:
    with studio.store.read() as tx:
        return tx.reels.chunks_of(video.id)


def copied(studio: Studio, chunk: Chunk) -> Path:
    return copy_chunk(chunk.id, store=studio.store, ffmpeg=ffmpeg_program(), watch=Quiet())


def warnings(studio: Studio, video: Video) -> list[str]:
    with studio.store.read() as tx:
        lines = tx.logs.of_video(video.id)
    return [line.message for line in lines if line.level is LogLevel.WARNING]


def refusing(folder: Path, words: str) -> Path:
    """An ffmpeg that fails whenever `words` are among its arguments."""
    file = folder / "ffmpeg"
    file.write_text(
        f'#!/bin/sh\ncase "$*" in *{words!r}*) exit 1;; esac\nexec {ffmpeg_program()} "$@"\n'
    )
    file.chmod(0o755)
    return file


def test_a_video_that_has_come_in_has_a_picture(studio: Studio, talk: Path) -> None:
    outcome = run(studio, talk)
    with Image.open(thumbnail_file(studio.store.videos_dir, outcome.video.id)) as picture:
        assert picture.size == (480, 270)
    assert warnings(studio, outcome.video) == []


def test_a_picture_that_cannot_be_taken_costs_a_warning_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, talk: Path
) -> None:
    monkeypatch.setenv("FFMPEG_PATH", str(refusing(tmp_path, "+bitexact -c:v mjpeg -q:v 4")))
    for studio in opened(tmp_path, monkeypatch):
        outcome = run(studio, talk)
        said = warnings(studio, outcome.video)
    assert outcome.video.status is VideoStatus.COMPLETED
    assert len(said) == 1
    assert said[0].startswith("There is no picture of the video: ")


def test_without_ffmpeg_a_source_comes_in_and_the_cut_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, talk: Path
) -> None:
    for studio in opened(tmp_path, monkeypatch):
        video = studio.intake.add(str(talk)).video
    monkeypatch.setenv("FFMPEG_PATH", str(tmp_path / "nothing"))
    broken = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    broken.jobs.run_due(video_id=video.id)
    assert any("no picture" in line for line in warnings(broken, video))
    with broken.store.read() as tx:
        assert tx.videos.info(video.id) is not None
        (failed,) = (j for j in queue.of_video(tx, video.id) if j.status is JobStatus.FAILED)
    assert (failed.job_type, failed.error_message) == (
        JobType.VIDEO_CUTTING,
        "FFMPEG_PATH names no program that can be run",
    )
    broken.close()


def test_the_picture_is_taken_once(studio: Studio, video: Video) -> None:
    first = take_picture(video.id, store=studio.store, ffmpeg=ffmpeg_program(), watch=Quiet())
    stamp = first.stat().st_mtime_ns
    again = take_picture(video.id, store=studio.store, ffmpeg=ffmpeg_program(), watch=Quiet())
    assert (again, again.stat().st_mtime_ns) == (first, stamp)


def test_a_proxy_is_made_by_its_job_and_tells_its_progress(studio: Studio, video: Video) -> None:
    studio.jobs.run_due(video_id=video.id)
    key, args = f"video/{video.id}/proxy", {"video_id": video.id}
    studio.jobs.enqueue(NewJob(JobType.PREVIEW_PROXY, key, video.id, args))
    studio.jobs.run_due(video_id=video.id)
    with studio.store.read() as tx:
        job = queue.find(tx, key)
    assert job is not None
    assert (job.status, job.progress) == (JobStatus.COMPLETED, 100)
    assert probe(proxy_file(studio.store.videos_dir, video.id)).duration == pytest.approx(7)


def test_a_proxy_is_made_once(studio: Studio, video: Video) -> None:
    first = proxy(video.id, store=studio.store, ffmpeg=ffmpeg_program(), watch=Quiet())
    stamp = first.stat().st_mtime_ns
    again = proxy(video.id, store=studio.store, ffmpeg=ffmpeg_program(), watch=Quiet())
    assert (again, again.stat().st_mtime_ns) == (first, stamp)


def test_a_chunk_becomes_a_file_and_its_row_says_where(studio: Studio, video: Video) -> None:
    chunk = chunks(studio, video)[1]
    file = copied(studio, chunk)
    assert file == studio.store.videos_dir / str(video.id) / "chunks" / f"{chunk.id}.mp4"
    assert chunks(studio, video)[1].file == file
    assert probe(file).duration == pytest.approx(chunk.span.duration, abs=0.2)


def test_a_chunk_is_copied_once(studio: Studio, video: Video) -> None:
    chunk = chunks(studio, video)[0]
    stamp = copied(studio, chunk).stat().st_mtime_ns
    assert copied(studio, chunk).stat().st_mtime_ns == stamp


def test_a_copy_that_is_gone_is_made_again(studio: Studio, video: Video) -> None:
    chunk = chunks(studio, video)[0]
    copied(studio, chunk).unlink()
    assert copied(studio, chunk).is_file()


def test_two_who_ask_at_once_get_the_same_whole_file(studio: Studio, video: Video) -> None:
    chunk, got = chunks(studio, video)[0], list[Path]()
    askers = [threading.Thread(target=lambda: got.append(copied(studio, chunk))) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(got) == 4
    assert len(set(got)) == 1
    assert [file.name for file in got[0].parent.iterdir()] == [got[0].name]
    assert probe(got[0]).sound is not None


def test_what_there_is_no_source_for_is_not_found(studio: Studio, video: Video) -> None:
    chunk = chunks(studio, video)[0]
    assert video.file is not None
    video.file.unlink()
    for step in (take_picture, proxy):
        with pytest.raises(NotFound):
            step(video.id, store=studio.store, ffmpeg=ffmpeg_program(), watch=Quiet())
    with pytest.raises(NotFound):
        copied(studio, chunk)
    with pytest.raises(NotFound):
        copy_chunk(99, store=studio.store, ffmpeg=ffmpeg_program(), watch=Quiet())
