"""What the operator settles about a reel's picture is kept, and can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gravix_core.errors import StatusConflict
from gravix_core.features import Features
from gravix_core.model import Cue, Look, Reel, RenderedReel, ReviewStatus, Span, Video
from gravix_core.store import Store
from gravix_core.store.reels import MOST_EDITS

LOOK = Look(
    layout="split",
    position=0.25,
    subtitles="bold",
    lines=(Cue("It isn't \\ {over}", Span(1.25, 2.5)), Cue("橋", Span(3, 4))),
    hook="Wait: 100 %?",
    cover_at=1.5,
)


@pytest.fixture
def reel(store: Store, video: Video) -> Reel:
    with store.begin() as tx:
        return tx.reels.plan(video.id, [Span(0, 35)], [Span(0.5, 34)])[0]


def test_look_is_kept_to_the_last_digit(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        tx.reels.set_look(reel.id, Span(2.125, 37), LOOK)
    with store.read() as tx:
        found = tx.reels.get(reel.id)
    assert (found.span, found.look, found.edits) == (Span(2.125, 37), LOOK, 1)


def test_edits_are_undone_one_by_one_back_to_the_beginning(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        tx.reels.set_look(reel.id, reel.span, Look(hook="One"))
        tx.reels.set_look(reel.id, Span(3, 20), replace(LOOK, cover_at=None))
        first, second = tx.reels.undo_look(reel.id), tx.reels.undo_look(reel.id)
    assert (first.span, first.look, first.edits) == (reel.span, Look(hook="One"), 1)
    assert (second.span, second.look, second.edits) == (reel.span, Look(), 0)
    with pytest.raises(StatusConflict), store.begin() as tx:
        tx.reels.undo_look(reel.id)


def test_edit_that_changes_nothing_is_none(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        assert tx.reels.set_look(reel.id, reel.span, Look()).edits == 0


def test_edit_of_the_picture_takes_an_approval_back(
    store: Store, reel: Reel, rendered: RenderedReel
) -> None:
    with store.begin() as tx:
        seen = tx.reels.set_rendered(reel.id, rendered).version
        tx.reels.decide(reel.id, ReviewStatus.APPROVED, seen=seen)
        edited = tx.reels.set_look(reel.id, reel.span, LOOK)
    assert edited.review_status is ReviewStatus.TO_REVIEW
    assert edited.rendered == rendered


def test_history_of_edits_has_an_end(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        for number in range(MOST_EDITS + 3):
            last = tx.reels.set_look(reel.id, reel.span, Look(hook=f"{number}"))
        edits = tx.reels.edits_of(reel.id)
    assert last.edits == len(edits) == MOST_EDITS
    assert edits[0] == (reel.span, Look())
    assert [look.hook for _, look in edits[1:]] == [f"{n}" for n in range(3, MOST_EDITS + 2)]


def test_history_says_how_the_reel_was_made_after_any_number_of_edits(
    store: Store, reel: Reel
) -> None:
    with store.begin() as tx:
        for number in range(MOST_EDITS + 3):
            tx.reels.set_look(reel.id, Span(1 + number / 100, 34), Look())
        for _ in range(MOST_EDITS):
            last = tx.reels.undo_look(reel.id)
    assert (last.span, last.look, last.edits) == (reel.span, Look(), 0)


def test_cover_chosen_after_an_edit_outlives_its_undoing(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        tx.reels.set_look(reel.id, Span(5, 30), Look(hook="One"))
        tx.reels.set_cover(reel.id, 2.0)
        back = tx.reels.undo_look(reel.id)
    assert (back.span, back.look) == (reel.span, Look(cover_at=6.5))


def test_cover_that_is_not_played_before_an_edit_is_gone_with_it(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        tx.reels.set_look(reel.id, Span(0, 30), Look())
        tx.reels.set_cover(reel.id, 0.25)
        assert tx.reels.undo_look(reel.id).look.cover_at is None


def test_cover_that_an_edit_cut_away_comes_back_with_its_undoing(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        tx.reels.set_cover(reel.id, 2.0)
        assert tx.reels.set_look(reel.id, Span(5, 30), Look()).look.cover_at is None
        assert tx.reels.undo_look(reel.id).look.cover_at == 2.0


def test_edit_moves_the_cover_with_the_source(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        tx.reels.set_cover(reel.id, 10.0)
        assert tx.reels.set_look(reel.id, Span(4.5, 30), LOOK).look == replace(LOOK, cover_at=6.0)


def test_another_cover_leaves_reel_and_approval_alone(
    store: Store, reel: Reel, rendered: RenderedReel
) -> None:
    with store.begin() as tx:
        seen = tx.reels.set_rendered(reel.id, rendered).version
        tx.reels.decide(reel.id, ReviewStatus.APPROVED, seen=seen)
        found = tx.reels.set_cover(reel.id, 2.5)
    assert found.look == Look(cover_at=2.5)
    assert found.review_status is ReviewStatus.APPROVED


def test_features_are_kept_by_reel(store: Store, reel: Reel) -> None:
    features = Features(opening_words=7, words_per_second=2.5, silence=0.125, opens=True)
    with store.begin() as tx:
        assert tx.reels.features_of(reel.video_id) == {}
        tx.reels.set_features(reel.id, features)
    with store.read() as tx:
        assert tx.reels.features_of(reel.video_id) == {reel.id: features}


def test_video_keeps_its_subtitles_and_how_many_reels_are_wanted(
    store: Store, video: Video
) -> None:
    with store.begin() as tx:
        tx.videos.set_subtitles(video.id, "boxed")
        found = tx.videos.set_best(video.id, 5)
    assert (found.subtitles, found.best) == ("boxed", 5)
    assert (video.subtitles, video.best) == ("clean", None)
