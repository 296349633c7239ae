"""Reels as a whole: where they are cut, which come first, and that no edit is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from gravix_core.jobs import queue
from gravix_core.media.files import sheet_file
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import JobType, Look, Reel, RenderedReel, ReviewStatus, Size, Span, Video
from gravix_core.pipeline import Workshop, convert
from gravix_core.stages.render.filtergraph import Canvas
from gravix_core.studio import Studio
from tests.conftest import Film
from tests.pipeline.test_steps import opened, run
from tests.support import Quiet

pytestmark = pytest.mark.slow

SMALL = Canvas(Size(180, 320), 30)
SENTENCES = (2.4, 4.7, 7.2, 9.6, 12.0, 14.6, 17.0, 19.4)
"""When they end; each is followed by a pause of 0.3 s."""


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.delenv("GRAVIX_CUT", raising=False)
    yield from opened(tmp_path, monkeypatch, "5")


@pytest.fixture
def talk(tmp_path: Path, film: Film) -> Path:
    """Twenty seconds, with the times of every word; one of the sentences asks a question."""
    source = tmp_path / "talk.mp4"
    source.write_bytes(film(seconds=20.0).read_bytes())
    events, start = [], 0.2
    for number, end in enumerate(SENTENCES):
        mark = "?" if number == 3 else "."
        words = ["Why", *["word"] * 5, f"ends{mark}"] if number == 3 else [*["Word"] * 6, "ends."]
        step = (end - start) / len(words)
        segments = [
            {"utf8": f" {word}", "tOffsetMs": round(1000 * step * place)}
            for place, word in enumerate(words)
        ]
        lasts = {"tStartMs": round(1000 * start), "dDurationMs": round(1000 * (end - start))}
        events.append({**lasts, "segs": segments})
        start = end + 0.3
    source.with_suffix(".json3").write_text(json.dumps({"events": events}))
    return source


def shop() -> Workshop:
    return Workshop(ffmpeg_program(), SMALL)


def only(studio: Studio) -> Video:
    with studio.store.read() as tx:
        (video,) = tx.videos.recent()
        return video


def test_every_chunk_ends_with_a_sentence_and_no_word_is_cut(studio: Studio, talk: Path) -> None:
    reels = run(studio, talk).reels
    edges = [reel.chunk.end for reel in reels[:-1]]
    assert len(reels) > 2
    assert all(any(end - 0.001 <= edge <= end + 0.301 for end in SENTENCES) for edge in edges)
    assert all(one.chunk.end == other.chunk.start for one, other in pairwise(reels))


def test_reel_plays_within_its_chunk_and_leaves_silence_at_the_edges_out(
    studio: Studio, talk: Path
) -> None:
    last = run(studio, talk).reels[-1]
    assert last.chunk.start <= last.span.start < last.span.end <= last.chunk.end
    assert last.span.end <= SENTENCES[-1] + 0.5


def test_only_the_best_are_rendered_and_all_stay_listed(studio: Studio, talk: Path) -> None:
    video = studio.intake.add(str(talk), best=2).video
    studio.jobs.run_due(video_id=video.id)
    with studio.store.read() as tx:
        reels, features = tx.reels.of_video(video.id), tx.reels.features_of(video.id)
    made = [reel for reel in reels if reel.rendered]
    assert (len(made), len(features)) == (2, len(reels))
    assert all(reel.text is not None for reel in reels)
    assert any(features[reel.id].questions for reel in made), "a question is a hook"


def test_best_reel_is_made_first_even_before_the_texts(studio: Studio, talk: Path) -> None:
    video = studio.intake.add(str(talk)).video
    studio.jobs.run_due(video_id=video.id)
    with studio.store.read() as tx:
        jobs, features = queue.of_video(tx, video.id), tx.reels.features_of(video.id)
    renders = [job for job in jobs if job.job_type is JobType.REEL_CONVERSION]
    first = min(renders, key=lambda job: job.started_at or job.created_at)
    assert features[int(first.args["reel_id"])].questions
    texts = [job for job in jobs if job.job_type is JobType.AI_METADATA]
    assert all(first.completed_at <= job.started_at for job in texts)  # type: ignore[operator]


def test_face_motion_and_loudness_are_known_once_a_reel_is_made(studio: Studio, talk: Path) -> None:
    outcome = run(studio, talk)
    with studio.store.read() as tx:
        (features, *_) = tx.reels.features_of(outcome.video.id).values()
    assert features.face == 0
    assert features.motion is not None
    assert features.loudness_range is not None
    names = (
        {part.name for part in outcome.reels[0].text.score_parts} if outcome.reels[0].text else ()
    )
    assert {"picture", "sound"} <= set(names)


def test_candidates_for_the_cover_lie_beside_the_reel(studio: Studio, talk: Path) -> None:
    reel = run(studio, talk).reels[0]
    assert sheet_file(studio.store.videos_dir, reel.video_id, reel.id).is_file()


class Editor(Quiet):
    """Edits the reel once, while it is rendered."""

    def __init__(self, studio: Studio, reel: Reel, look: Look) -> None:
        self._studio, self._reel, self._look = studio, reel, look
        self.edited = False

    def progress(self, percent: float) -> None:
        if percent > 50 and not self.edited:
            self.edited = True
            with self._studio.store.begin() as tx:
                tx.reels.set_look(self._reel.id, self._reel.span, self._look)


def again(studio: Studio, reel: Reel, look: Look, span: Span | None = None) -> RenderedReel:
    with studio.store.begin() as tx:
        tx.reels.set_look(reel.id, span or reel.span, look)
    return convert(reel.id, store=studio.store, shop=shop(), watch=Quiet())


def test_edit_that_comes_in_while_a_reel_is_rendered_is_rendered_too(
    studio: Studio, talk: Path
) -> None:
    reel = run(studio, talk).reels[0]
    wanted = again(studio, reel, Look(layout="centre", hook="Wait"))
    with studio.store.begin() as tx:
        tx.reels.undo_look(reel.id)
    editor = Editor(studio, reel, Look(layout="centre", hook="Wait"))
    found = convert(reel.id, store=studio.store, shop=shop(), watch=editor)
    assert editor.edited
    assert found.plan == wanted.plan


@pytest.mark.parametrize(
    "look",
    [
        Look(layout="centre"),
        Look(layout="follow", position=0.1),
        Look(subtitles="bold"),
        Look(hook="Why?"),
    ],
)
def test_every_wish_of_the_operator_is_another_picture(
    studio: Studio, talk: Path, look: Look
) -> None:
    reel = run(studio, talk).reels[0]
    assert reel.rendered is not None
    made = again(studio, reel, look)
    assert made.sha256 != reel.rendered.sha256
    with studio.store.begin() as tx:
        tx.reels.undo_look(reel.id)
    assert (
        convert(reel.id, store=studio.store, shop=shop(), watch=Quiet()).plan == reel.rendered.plan
    )


def test_trim_may_reach_out_of_the_chunk_and_sends_the_reel_back_to_review(
    studio: Studio, talk: Path
) -> None:
    reel = run(studio, talk).reels[0]
    studio.review.decide(reel.id, ReviewStatus.APPROVED, seen=reel.version)
    made = again(studio, reel, Look(), Span(0, reel.chunk.end + 1))
    assert made.duration == pytest.approx(reel.chunk.end + 1, abs=0.05)
    with studio.store.read() as tx:
        assert tx.reels.get(reel.id).review_status is ReviewStatus.TO_REVIEW


def test_letters_that_no_font_draws_are_told_before_anything_is_rendered(
    studio: Studio, talk: Path
) -> None:
    subtitles = talk.with_suffix(".json3")
    subtitles.write_text(subtitles.read_text().replace("Why", "Why\U000e0f00\U00010fff"))
    video = studio.intake.add(str(talk)).video
    studio.jobs.run_due(video_id=video.id)
    with studio.store.read() as tx:
        said = [line for line in tx.logs.of_video(video.id) if "no font" in line.message.lower()]
        first = min(
            job.started_at
            for job in queue.of_video(tx, video.id)
            if job.job_type is JobType.REEL_CONVERSION and job.started_at
        )
    assert len(said) == 1
    assert said[0].created_at <= first


def test_failing_chip_gives_way_to_the_processor(
    studio: Studio, talk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from gravix_core.stages.render.encoders import X264

    reel = run(studio, talk).reels[0]
    broken = replace(X264, name="nvenc", codec=("-c:v", "no_such_codec"))
    with studio.store.begin() as tx:
        tx.reels.set_look(reel.id, reel.span, Look(hook="Why?"))
    made = convert(
        reel.id,
        store=studio.store,
        shop=replace(shop(), encoder=broken),
        watch=Quiet(),
    )
    assert made.report.accepted
    assert "x264 takes over" in caplog.text


def test_another_encoder_is_no_reason_to_make_a_reel_again(studio: Studio, talk: Path) -> None:
    from gravix_core.stages.render.encoders import NVENC

    reel = run(studio, talk).reels[0]
    other = replace(shop(), encoder=NVENC)
    assert convert(reel.id, store=studio.store, shop=other, watch=Quiet()) == reel.rendered
