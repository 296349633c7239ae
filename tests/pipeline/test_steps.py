"""The steps over a real store and real media, at a small size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gravix_core.errors import NotFound, SourceRefused
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import OPERATOR, Job, JobStatus, PostText, Reel, Video, VideoStatus
from gravix_core.pipeline import deliver
from gravix_core.settings import Settings
from gravix_core.stages.publish.folder import FolderPublisher
from gravix_core.studio import Outcome, Studio
from tests.conftest import Film
from tests.support import Quiet

pytestmark = pytest.mark.slow

SRT = "1\n00:00:00,200 --> 00:00:02,800\nBridges carry more than cars.\n"


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    yield from opened(tmp_path, monkeypatch)


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, chunk: str = "3") -> Iterator[Studio]:
    for name, value in (("REEL_WIDTH", "180"), ("REEL_HEIGHT", "320"), ("CHUNK_DURATION", chunk)):
        monkeypatch.setenv(name, value)
    studio = Studio.open(Settings.load(data_dir=folder / "data", env_file=None))
    yield studio
    studio.close()


@pytest.fixture(scope="session")
def talk(film: Film) -> Path:
    return film(seconds=7.0)


def run(
    studio: Studio, source: Path, *, layout: str | None = None, out: Path | None = None
) -> Outcome:
    return studio.process(str(source), layout=layout, out=out, on_change=lambda jobs: None)


def stamps(outcome: Outcome) -> list[int]:
    return [reel.rendered.file.stat().st_mtime_ns for reel in outcome.reels if reel.rendered]


def test_a_file_becomes_reels_with_text(studio: Studio, talk: Path) -> None:
    outcome = run(studio, talk)
    assert outcome.video.status is VideoStatus.COMPLETED
    assert len(outcome.reels) == 2
    assert all(reel.rendered and reel.text and reel.text.caption for reel in outcome.reels)


def test_the_source_is_copied_under_a_name_made_of_its_id(studio: Studio, talk: Path) -> None:
    video = run(studio, talk).video
    assert video.file == studio.store.videos_dir / str(video.id) / "source.mp4"
    assert video.file.read_bytes() == talk.read_bytes()


def test_finished_reels_are_not_made_again(studio: Studio, talk: Path) -> None:
    first = stamps(run(studio, talk))
    assert stamps(run(studio, talk)) == first


def test_the_same_file_is_one_video(studio: Studio, talk: Path) -> None:
    run(studio, talk)
    run(studio, talk)
    assert studio.library.overview().videos == 1


def test_another_layout_makes_the_reels_again(studio: Studio, talk: Path) -> None:
    first = stamps(run(studio, talk))
    again = run(studio, talk, layout="centre")
    assert again.video.layout == "centre"
    assert not set(stamps(again)) & set(first)


def test_a_reel_that_was_damaged_is_made_again(studio: Studio, talk: Path) -> None:
    reel = run(studio, talk).reels[0].rendered
    assert reel is not None
    whole = reel.file.read_bytes()
    reel.file.write_bytes(whole[:-1] + b"?")
    run(studio, talk)
    assert reel.file.read_bytes()[-1:] == whole[-1:]


def test_a_source_that_was_lost_is_brought_in_again(studio: Studio, talk: Path) -> None:
    video = run(studio, talk).video
    assert video.file is not None
    video.file.unlink()
    run(studio, talk)
    assert video.file.is_file()


def test_another_chunk_length_is_another_video_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, talk: Path
) -> None:
    for chunk in ("3", "5"):
        for studio in opened(tmp_path, monkeypatch, chunk):
            outcome = run(studio, talk)
            overview = studio.library.overview()
    assert (outcome.video.chunk_duration, overview.videos, overview.reels.total) == (5, 2, 3)


def test_a_transcript_that_comes_later_is_taken(studio: Studio, tmp_path: Path, talk: Path) -> None:
    source = tmp_path / "talk.mp4"
    source.write_bytes(talk.read_bytes())
    run(studio, source)
    source.with_suffix(".srt").write_text(SRT)
    text = run(studio, source).reels[0].text
    assert text is not None
    assert "Bridges carry more than cars" in text.caption


def test_a_transcript_that_makes_no_sense_costs_a_warning_only(
    studio: Studio, tmp_path: Path, talk: Path
) -> None:
    source = tmp_path / "talk.mp4"
    source.write_bytes(talk.read_bytes())
    source.with_suffix(".json3").write_bytes(b"{not json")
    video = run(studio, source).video
    with studio.store.read() as tx:
        logged = [line.message for line in tx.logs.of_video(video.id)]
    assert video.status is VideoStatus.COMPLETED
    assert any("talk.json3" in line for line in logged)


def test_text_of_the_operator_is_never_written_over(studio: Studio, talk: Path) -> None:
    reel = run(studio, talk).reels[0]
    assert reel.text is not None
    mine = replace(reel.text, caption="My own words", written_by=OPERATOR)
    with studio.store.begin() as tx:
        tx.reels.set_text(reel.id, mine)
    assert run(studio, talk).reels[0].text == mine


def test_a_failed_reel_does_not_stop_its_siblings(
    studio: Studio, talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text(
        "#!/bin/sh\n"
        'case "$*" in *"-ss 3.000000"*) echo "it refuses" >&2; exit 1;; esac\n'
        f'exec {ffmpeg_program()} "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("FFMPEG_PATH", str(program))
    for picky in opened(tmp_path / "picky", monkeypatch):
        outcome = run(picky, talk)
    assert outcome.video.status is VideoStatus.FAILED
    assert "1 of 2 reels failed" in str(outcome.video.error_message)
    assert [reel.rendered is not None for reel in outcome.reels] == [True, False]


def test_a_file_that_changed_while_it_waited_is_refused(
    studio: Studio, tmp_path: Path, talk: Path
) -> None:
    source = tmp_path / "talk.mp4"
    source.write_bytes(talk.read_bytes())
    video = studio.intake.add(str(source)).video
    source.write_bytes(talk.read_bytes() + b"more")
    studio.jobs.run_due(video_id=video.id)
    with studio.store.read() as tx:
        assert "has changed" in str(tx.videos.get(video.id).error_message)


def test_the_folder_gets_video_cover_and_caption(
    studio: Studio, talk: Path, tmp_path: Path
) -> None:
    outcome = run(studio, talk, out=tmp_path / "out")
    names = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert len(names) == 6
    stem = names[0].removesuffix(".jpg")
    assert (tmp_path / "out" / f"{stem}.txt").read_text().strip()
    assert outcome.delivered[outcome.reels[0].id].file.is_file()


def test_an_unfinished_reel_is_not_handed_out(tmp_path: Path, studio: Studio, talk: Path) -> None:
    video, reel = unfinished(studio, talk)
    with pytest.raises(NotFound):
        deliver(reel, video, publisher=FolderPublisher(tmp_path / "out"), watch=Quiet())


def unfinished(studio: Studio, talk: Path) -> tuple[Video, Reel]:
    outcome = run(studio, talk)
    return outcome.video, replace(outcome.reels[0], rendered=None)


def test_an_unknown_layout_is_refused_before_anything_is_written(
    studio: Studio, talk: Path
) -> None:
    with pytest.raises(SourceRefused):
        studio.intake.add(str(talk), layout="sideways")
    assert studio.library.overview().videos == 0


def test_the_progress_that_is_told_ends_at_a_hundred(studio: Studio, talk: Path) -> None:
    seen: list[tuple[Job, ...]] = []
    studio.process(str(talk), on_change=seen.append)
    assert all(job.progress == 100 for job in seen[-1])
    assert all(job.status is JobStatus.COMPLETED for job in seen[-1])


def test_the_text_stays_within_what_the_model_says(studio: Studio, talk: Path) -> None:
    text = run(studio, talk).reels[0].text
    assert isinstance(text, PostText)
    assert sum(part.weight for part in text.score_parts) == 100
