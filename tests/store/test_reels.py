"""Chunks and reels are planned once, and keep what is made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gravix_core.errors import NotFound, Outdated, StatusConflict
from gravix_core.model import (
    OPERATOR,
    PostText,
    PublishStatus,
    Reel,
    RenderedReel,
    ReviewStatus,
    Span,
    Video,
)
from gravix_core.store import Store, Transaction
from gravix_core.store.tables import ReelRow
from tests.support import approve

SPANS = (Span(0, 0.1 + 0.2), Span(0.1 + 0.2, 70), Span(70, 100.04))
PLAYS = (Span(0, 0.3), Span(1, 69), Span(70, 100.04))


@pytest.fixture
def reel(store: Store, video: Video) -> Reel:
    with store.begin() as tx:
        return tx.reels.plan(video.id, SPANS, PLAYS)[0]


def test_plan_makes_numbered_chunks_and_pending_reels(store: Store, video: Video) -> None:
    with store.begin() as tx:
        planned = tx.reels.plan(video.id, SPANS, PLAYS)
    with store.read() as tx:
        reels, chunks = tx.reels.of_video(video.id), tx.reels.chunks_of(video.id)
        assert planned == reels == tuple(tx.reels.get(reel.id) for reel in reels)
    assert [chunk.index for chunk in chunks] == [reel.index for reel in reels] == [0, 1, 2]
    assert tuple(chunk.span for chunk in chunks) == tuple(reel.chunk for reel in reels) == SPANS
    assert tuple(reel.span for reel in reels) == PLAYS
    assert [reel.chunk_id for reel in reels] == [chunk.id for chunk in chunks]
    assert {(reel.rendered, reel.text) for reel in reels} == {(None, None)}
    assert {reel.publish_status for reel in reels} == {PublishStatus.PENDING}
    assert {reel.review_status for reel in reels} == {ReviewStatus.TO_REVIEW}


def test_planning_twice_changes_nothing(
    store: Store, video: Video, rendered: RenderedReel, reel: Reel
) -> None:
    with store.begin() as tx:
        kept = tx.reels.set_rendered(reel.id, rendered)
    with store.begin() as tx:
        again = tx.reels.plan(video.id, list(SPANS), [Span(0, 0.2), *PLAYS[1:]])
        assert len(tx.reels.chunks_of(video.id)) == len(SPANS)
    assert again[0] == kept
    assert again[0].span == PLAYS[0]


@pytest.mark.parametrize("spans", [SPANS[:2], (Span(0, 0.3), *SPANS[1:]), ()])
def test_other_chunks_of_a_cut_video_are_refused(
    store: Store, video: Video, reel: Reel, spans: tuple[Span, ...]
) -> None:
    with pytest.raises(StatusConflict), store.begin() as tx:
        tx.reels.plan(video.id, spans, spans)
    with store.read() as tx:
        assert tuple(chunk.span for chunk in tx.reels.chunks_of(video.id)) == SPANS


def test_plan_of_an_unknown_video_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="video 7"), store.begin() as tx:
        tx.reels.plan(7, SPANS, PLAYS)


def test_plan_needs_one_play_for_each_chunk(store: Store, video: Video) -> None:
    with pytest.raises(ValueError, match="3 chunks"), store.begin() as tx:
        tx.reels.plan(video.id, SPANS, PLAYS[:2])


@pytest.mark.parametrize(
    "deed",
    [
        lambda tx: tx.reels.get(7),
        lambda tx: tx.reels.decide(7, ReviewStatus.APPROVED, seen=""),
        lambda tx: tx.reels.mark_publish_failed(7, "no account"),
    ],
)
def test_unknown_reel_is_not_found(store: Store, deed: Callable[[Transaction], object]) -> None:
    with pytest.raises(NotFound, match="reel 7"), store.begin() as tx:
        deed(tx)


def test_rendered_reel_comes_back_exactly_with_its_report(
    store: Store, reel: Reel, rendered: RenderedReel
) -> None:
    with store.begin() as tx:
        tx.reels.set_rendered(reel.id, rendered)
    with store.read() as tx:
        assert tx.reels.get(reel.id).rendered == rendered


def test_text_comes_back_exactly(store: Store, reel: Reel, text: PostText) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
    with store.read() as tx:
        assert tx.reels.get(reel.id).text == text


def test_empty_text_is_still_a_text(store: Store, reel: Reel, text: PostText) -> None:
    bare = replace(text, title="", caption="", hashtags=(), topics=(), score_parts=())
    with store.begin() as tx:
        tx.reels.set_text(reel.id, replace(bare, quality_score=0))
    with store.read() as tx:
        assert tx.reels.get(reel.id).text == replace(bare, quality_score=0)


def test_new_picture_has_to_be_reviewed_again(
    store: Store, reel: Reel, rendered: RenderedReel
) -> None:
    with store.begin() as tx:
        tx.reels.set_rendered(reel.id, rendered)
        approve(tx, reel.id)
    with store.begin() as tx:
        same = tx.reels.set_rendered(reel.id, replace(rendered, plan="plan-2"))
        other = tx.reels.set_rendered(reel.id, replace(rendered, sha256="ef" * 32))
    assert same.review_status is ReviewStatus.APPROVED
    assert other.review_status is ReviewStatus.TO_REVIEW


def test_failed_publish_keeps_its_reason(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        failed = tx.reels.mark_publish_failed(reel.id, "no account is connected")
    with store.read() as tx:
        row = tx.session.get_one(ReelRow, reel.id)
        assert row.publish_error == "no account is connected"
    assert failed.publish_status is PublishStatus.FAILED


def test_reels_of_an_unknown_video_are_none(store: Store) -> None:
    with store.read() as tx:
        assert tx.reels.of_video(7) == ()
        assert tx.reels.chunks_of(7) == ()


def test_provider_writes_over_no_text_that_was_approved(
    store: Store, reel: Reel, rendered: RenderedReel, text: PostText
) -> None:
    with store.begin() as tx:
        tx.reels.set_rendered(reel.id, rendered)
        tx.reels.set_text(reel.id, text)
        approve(tx, reel.id)
        same = tx.reels.set_text(reel.id, text)
        other = tx.reels.set_text(reel.id, replace(text, caption="Other words"))
    assert same.review_status is ReviewStatus.APPROVED
    assert (other.review_status, other.text) == (ReviewStatus.APPROVED, text)


def save(tx: Transaction, reel: Reel, caption: str, *, edited: int) -> bool:
    return tx.reels.save_words(
        reel.id, edited=edited, title="Mine", caption=caption, hashtags=["#own"]
    )


def test_words_of_the_operator_keep_the_approval(
    store: Store, reel: Reel, rendered: RenderedReel, text: PostText
) -> None:
    with store.begin() as tx:
        tx.reels.set_rendered(reel.id, rendered)
        before = tx.reels.set_text(reel.id, text)
        approve(tx, reel.id)
        assert save(tx, reel, "My words", edited=before.text_version)
        after = tx.reels.get(reel.id)
    assert after.review_status is ReviewStatus.APPROVED
    assert after.text is not None
    assert (after.text.caption, after.text.written_by) == ("My words", OPERATOR)
    assert after.text.score_parts == text.score_parts
    assert after.version != before.version


def test_provider_never_writes_over_the_operator(store: Store, reel: Reel, text: PostText) -> None:
    with store.begin() as tx:
        assert save(tx, reel, "My words", edited=0)
        kept = tx.reels.set_text(reel.id, text)
    assert kept.text is not None
    assert kept.text.caption == "My words"


def test_save_of_an_older_version_changes_nothing(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        assert save(tx, reel, "first tab", edited=0)
        assert not save(tx, reel, "second tab", edited=0)
        kept = tx.reels.get(reel.id).text
    assert kept is not None
    assert kept.caption == "first tab"


def test_same_words_again_are_no_conflict_and_no_new_version(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        assert save(tx, reel, "words", edited=0)
        assert save(tx, reel, "words", edited=0)
        assert tx.reels.get(reel.id).text_version == 1


def test_verdict_on_a_version_that_is_gone_is_refused(
    store: Store, reel: Reel, rendered: RenderedReel
) -> None:
    with store.begin() as tx:
        seen = tx.reels.set_rendered(reel.id, rendered).version
        tx.reels.set_rendered(reel.id, replace(rendered, sha256="ef" * 32))
        with pytest.raises(Outdated):
            tx.reels.decide(reel.id, ReviewStatus.APPROVED, seen=seen)
        assert tx.reels.get(reel.id).review_status is ReviewStatus.TO_REVIEW


def test_reel_without_a_picture_cannot_be_approved(store: Store, reel: Reel) -> None:
    with pytest.raises(StatusConflict), store.begin() as tx:
        approve(tx, reel.id)


def test_copy_of_a_chunk_is_remembered_and_forgotten(store: Store, reel: Reel) -> None:
    file = store.videos_dir / "1" / "chunks" / "1.mp4"
    with store.begin() as tx:
        assert tx.reels.set_chunk_file(reel.chunk_id, file).file == file
        assert tx.reels.chunk(reel.chunk_id).file == file
        assert tx.reels.set_chunk_file(reel.chunk_id, None).file is None
