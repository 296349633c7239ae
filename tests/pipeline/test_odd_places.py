"""Where things lie, and who else is at work, decides nothing."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from gravix_core.errors import StatusConflict
from gravix_core.jobs import queue
from gravix_core.model import Job, JobStatus, VideoStatus
from gravix_core.settings import Settings
from gravix_core.stages.render.cover import candidate_pattern
from gravix_core.studio import Studio
from tests.conftest import Film

pytestmark = pytest.mark.slow

NAMES = ["q?b", "per%20cent", "a#b", "with space", "ünï", "[x]", "it's; $HOME", "100% d"]


def settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in (("REEL_WIDTH", "180"), ("REEL_HEIGHT", "320"), ("CHUNK_DURATION", "3")):
        monkeypatch.setenv(name, value)
    return Settings.load(data_dir=folder, env_file=None)


@pytest.fixture(scope="module")
def short(film: Film) -> Path:
    return film(seconds=3.2)


@pytest.mark.parametrize("name", NAMES)
def test_a_data_directory_may_have_any_name(
    name: str, short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / name / "data"
    studio = Studio.open(settings(root, monkeypatch))
    outcome = studio.process(str(short), on_change=lambda jobs: None)
    studio.close()
    assert outcome.video.status is VideoStatus.COMPLETED
    assert sorted(file.name for file in root.iterdir()) == ["gravix.db", "videos"]
    assert [folder.name for folder in tmp_path.iterdir()] == [name]


def test_a_percent_sign_in_a_folder_is_no_number_for_the_cover() -> None:
    assert candidate_pattern(Path("/a%d/1.jpg.tmp")) == Path("/a%%d/%02d.1.jpg.tmp")


def test_a_source_that_was_renamed_after_a_crash_is_found_again(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio.open(settings(tmp_path / "data", monkeypatch))
    old, new = tmp_path / "old.mp4", tmp_path / "new.mp4"
    old.write_bytes(short.read_bytes())
    video = studio.intake.add(str(old)).video
    with studio.store.begin() as tx:
        assert (
            queue.claim(tx, f"{socket.gethostname()}/999999999", now=studio.jobs.now()) is not None
        )
    old.rename(new)
    outcome = studio.process(str(new), on_change=lambda jobs: None)
    studio.close()
    assert (outcome.video.id, outcome.video.status) == (video.id, VideoStatus.COMPLETED)


def test_another_layout_waits_until_the_video_is_free(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio.open(settings(tmp_path / "data", monkeypatch))
    video = studio.intake.add(str(short), layout="fit").video
    with studio.store.begin() as tx:
        queue.claim(tx, "elsewhere/1", now=studio.jobs.now())
    with pytest.raises(StatusConflict):
        studio.intake.add(str(short), layout="centre")
    with studio.store.read() as tx:
        assert tx.videos.get(video.id).layout == "fit"
    studio.close()


def test_a_reel_in_the_old_layout_is_not_handed_out_as_the_new_one(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = settings(tmp_path / "data", monkeypatch)
    studio = Studio.open(given)
    studio.process(str(short), layout="fit", on_change=lambda jobs: None)
    studio.close()
    refuses = tmp_path / "ffmpeg"
    refuses.write_text("#!/bin/sh\nexit 1\n")
    refuses.chmod(0o755)
    monkeypatch.setenv("FFMPEG_PATH", str(refuses))
    broken = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    outcome = broken.process(
        str(short), layout="centre", out=tmp_path / "out", on_change=lambda jobs: None
    )
    broken.close()
    assert (outcome.made, dict(outcome.delivered)) == ((), {})
    assert outcome.failures


def test_an_early_end_leaves_the_video_waiting_not_at_work(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio.open(settings(tmp_path / "data", monkeypatch))
    closing = threading.Event()

    def stop(jobs: tuple[Job, ...]) -> None:
        if any(job.status is JobStatus.COMPLETED for job in jobs):
            closing.set()

    outcome = studio.process(str(short), on_change=stop, closing=closing)
    studio.close()
    assert outcome.video.status is not VideoStatus.PROCESSING
