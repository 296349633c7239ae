"""The desk of Review: saved words, verdicts and the way back, the folder, and the counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gravix_core.desks.review import PostWords, Review, clean_hashtags
from gravix_core.errors import NotFound, Outdated, PublishError, StatusConflict
from gravix_core.jobs import queue
from gravix_core.model import OPERATOR, JobType, Look, NewJob, Reel, ReviewStatus
from gravix_core.store.store import Store
from gravix_core.views import ReelFilter, ReelOrder, Saved
from tests.pages.houses import TEXT, add_video, open_store, rendered_reel

APPROVED, REJECTED, TO_REVIEW = (
    ReviewStatus.APPROVED,
    ReviewStatus.REJECTED,
    ReviewStatus.TO_REVIEW,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Review:
    return Review(store, folder=tmp_path / "folder")


@pytest.fixture
def reel(store: Store) -> Reel:
    with store.begin() as tx:
        return add_video(tx, reels=2)[1][0]


def save(desk: Review, reel: Reel, caption: str, *, tags: str = "#bridges") -> Saved:
    return desk.save_words(
        reel.id, edited=reel.text_version, title="How", caption=caption, hashtags=[tags]
    )


def render_again(store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        rendered = rendered_reel(tx.videos.root, reel)
        tx.reels.set_rendered(reel.id, replace(rendered, sha256="f" * 64))


def test_saved_words_are_kept_as_the_operators(desk: Review, reel: Reel) -> None:
    saved = save(desk, reel, "  Mine.\n", tags="arch, #arch stone;#load")
    assert saved.kept
    text = saved.reel.text
    assert text is not None
    assert (text.caption, text.hashtags) == ("Mine.", ("#arch", "#stone", "#load"))
    assert text.written_by == OPERATOR


def test_save_on_an_older_version_changes_nothing_and_says_what_is_there(
    desk: Review, reel: Reel
) -> None:
    save(desk, reel, "First.")
    late = save(desk, reel, "Second.")
    assert not late.kept
    assert late.reel.text is not None
    assert late.reel.text.caption == "First."


def test_same_words_from_two_tabs_are_no_conflict(desk: Review, reel: Reel) -> None:
    first = save(desk, reel, "The same.")
    again = save(desk, reel, "The same.")
    assert again.kept
    assert again.reel.text_version == first.reel.text_version


def test_own_words_leave_an_approval_and_other_hands_leave_what_is_approved(
    desk: Review, store: Store, reel: Reel
) -> None:
    desk.decide(reel.id, APPROVED, seen=reel.version)
    with store.begin() as tx:
        tx.reels.set_text(reel.id, replace(TEXT, caption="Another machine's."))
        other = tx.reels.get(reel.id)
    assert (other.review_status, other.text) == (APPROVED, TEXT)
    assert save(desk, other, "Mine.").reel.review_status is APPROVED


def test_verdict_on_what_was_not_shown_is_refused(desk: Review, store: Store, reel: Reel) -> None:
    render_again(store, reel)
    with pytest.raises(Outdated):
        desk.decide(reel.id, APPROVED, seen=reel.version)


@pytest.mark.parametrize("before", [TO_REVIEW, REJECTED])
def test_verdict_is_taken_back_to_what_stood_before(
    desk: Review, reel: Reel, before: ReviewStatus
) -> None:
    desk.decide(reel.id, before, seen=reel.version)
    desk.decide(reel.id, APPROVED, seen=reel.version)
    again = desk.take_back(reel.id, given=APPROVED, before=before, seen=reel.version)
    assert again.review_status is before


def test_verdict_of_another_tab_is_not_taken_back(desk: Review, reel: Reel) -> None:
    desk.decide(reel.id, APPROVED, seen=reel.version)
    desk.decide(reel.id, REJECTED, seen=reel.version)
    with pytest.raises(Outdated, match="another verdict"):
        desk.take_back(reel.id, given=APPROVED, before=TO_REVIEW, seen=reel.version)
    item = desk.item(reel.id)
    assert item is not None
    assert item.reel.review_status is REJECTED


def test_verdict_on_another_picture_is_not_taken_back(
    desk: Review, store: Store, reel: Reel
) -> None:
    desk.decide(reel.id, APPROVED, seen=reel.version)
    render_again(store, reel)
    with pytest.raises(Outdated):
        desk.take_back(reel.id, given=APPROVED, before=TO_REVIEW, seen=reel.version)


def test_folder_takes_approved_reels_alone(desk: Review, reel: Reel) -> None:
    with pytest.raises(StatusConflict, match="not approved"):
        desk.put_into_folder(reel.id, seen=reel.version)
    assert not desk.folder.exists()


def test_folder_gets_the_reel_and_the_row_says_which_version(desk: Review, reel: Reel) -> None:
    desk.decide(reel.id, APPROVED, seen=reel.version)
    posted = desk.put_into_folder(reel.id, seen=reel.version)
    assert posted.caption.read_text() == "The arch carries the load.\n\n#bridges #building\n"
    assert posted.file.is_file()
    item = desk.item(reel.id)
    assert item is not None
    assert item.reel.folder_version == reel.version
    assert save(desk, item.reel, "Later.").reel.version != reel.version


def test_folder_does_not_take_what_was_not_shown(desk: Review, store: Store, reel: Reel) -> None:
    desk.decide(reel.id, APPROVED, seen=reel.version)
    save(desk, reel, "Of another tab.")
    with pytest.raises(Outdated):
        desk.put_into_folder(reel.id, seen=reel.version)


def test_folder_does_not_take_a_file_that_was_made_anew(
    desk: Review, store: Store, reel: Reel
) -> None:
    approved = desk.decide(reel.id, APPROVED, seen=reel.version)
    assert approved.rendered is not None
    approved.rendered.file.write_bytes(b"another picture, and no row yet")
    with pytest.raises(Outdated):
        desk.put_into_folder(reel.id, seen=approved.version)
    assert not desk.folder.exists()


def test_folder_that_is_a_file_is_refused_and_forgotten(desk: Review, reel: Reel) -> None:
    desk.folder.write_text("in the way")
    desk.decide(reel.id, APPROVED, seen=reel.version)
    with pytest.raises(PublishError):
        desk.put_into_folder(reel.id, seen=reel.version)
    item = desk.item(reel.id)
    assert item is not None
    assert item.reel.folder_version is None


def test_items_come_in_the_order_asked_for_without_those_that_are_gone(
    desk: Review, reel: Reel
) -> None:
    items = desk.items([reel.id + 1, 99, reel.id])
    assert [item.reel.id for item in items] == [reel.id + 1, reel.id]
    assert desk.item(99) is None


def test_ids_and_pages_have_one_order(desk: Review, store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        add_video(tx, "Kitchen", reels=3)
        tx.reels.set_text(4, replace(TEXT, quality_score=99))
    for order in ReelOrder:
        wanted = ReelFilter(order=order)
        ids = desk.reel_ids(wanted)
        pages = [desk.reels(wanted, limit=2, offset=offset).items for offset in (0, 2, 4)]
        assert [item.reel.id for page in pages for item in page] == list(ids)
        assert ids[0] == {ReelOrder.STORY: 3, ReelOrder.SCORE: 4}[order]


@pytest.mark.parametrize(
    ("caption", "tags", "measured"),
    [
        ("", "", (0, 0)),
        ("Hi", "#a #b", (9, 2)),
        ("😀 with #one", "#two", (17, 2)),
        ("x" * 2300, "", (2300, 0)),
    ],
)
def test_post_is_measured_as_it_is_posted(
    desk: Review, reel: Reel, caption: str, tags: str, measured: tuple[int, int]
) -> None:
    size = desk.measure(save(desk, reel, caption, tags=tags).reel)
    assert (size.characters, size.hashtags) == measured
    assert (size.max_characters, size.max_hashtags) == (2200, 30)


def test_reel_without_a_text_measures_nothing(desk: Review, reel: Reel) -> None:
    assert desk.measure(replace(reel, text=None)).characters == 0


def test_what_could_not_be_saved_lies_aside_until_it_is_settled(desk: Review, reel: Reel) -> None:
    words = PostWords("How", "Mine.", "#a")
    desk.lay_aside(reel.id, words)
    assert desk.laid_aside(reel.id) == words
    desk.clear_away(reel.id)
    assert desk.laid_aside(reel.id) is None


def test_reel_that_is_gone_is_not_found(desk: Review) -> None:
    deeds: list[Callable[[], object]] = [
        lambda: desk.decide(9, APPROVED, seen=""),
        lambda: desk.take_back(9, given=APPROVED, before=TO_REVIEW, seen=""),
        lambda: desk.put_into_folder(9, seen=""),
        lambda: desk.save_words(9, edited=0, title="", caption="", hashtags=[]),
    ]
    for deed in deeds:
        with pytest.raises(NotFound):
            deed()


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        (["#a", "#A", "b"], ("#a", "#b")),
        (["  ## a ,, #b;c\n"], ("#a", "#b", "#c")),
        (["#"], ()),
    ],
)
def test_hashtags_are_cleaned(given: list[str], cleaned: tuple[str, ...]) -> None:
    assert clean_hashtags(given) == cleaned


def test_reel_that_is_being_made_again_after_an_edit_is_not_approved(
    desk: Review, store: Store, reel: Reel
) -> None:
    with store.begin() as tx:
        edited = tx.reels.set_look(reel.id, reel.span, Look(hook="Wait"))
        job = NewJob(JobType.REEL_CONVERSION, f"reel/{reel.id}/convert", reel.video_id)
        queue.enqueue(tx, job, now=datetime.now(UTC))
    with pytest.raises(Outdated, match="being made again"):
        desk.decide(reel.id, APPROVED, seen=edited.version)
    assert desk.decide(reel.id, REJECTED, seen=edited.version).review_status is REJECTED
