"""The desk of Edit: what is kept, what is refused, what is made again, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from gravix_core.desks.editing import MAX_HOOK, Editing
from gravix_core.desks.spoken import merged_lines
from gravix_core.errors import GravixError, NotFound, StatusConflict
from gravix_core.framing import Box
from gravix_core.handlers import settle
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.media.files import sheet_file
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import (
    Cue,
    Job,
    JobStatus,
    Look,
    Reel,
    ReviewStatus,
    Size,
    Span,
    Transcript,
    Video,
    Word,
)
from gravix_core.store.store import Store
from gravix_core.views import Edit
from tests.conftest import Film
from tests.pages.houses import add_video, bring_in, open_store, rendered_reel
from tests.pages.works import add_job, render
from tests.support import approve

DATA = Path(__file__).resolve().parents[1] / "data"
RED = (200, 30, 30)
LOOK = Look(layout="centre", position=0.25, subtitles="bold", hook="Wait")
SENTENCES = ((28.0, 34.0), (34.5, 41.0), (41.2, 69.0), (70.5, 78.0))
"""Of the transcript; the reel under test is the second chunk, 35 to 70 s."""


def sentence(start: float, end: float) -> tuple[Word, ...]:
    step = (end - start) / 4
    texts = ("The", "bridge", "is", "built.")
    return tuple(
        Word(text, Span(start + n * step, start + (n + 1) * step)) for n, text in enumerate(texts)
    )


SPOKEN = Transcript(
    words=tuple(word for times in SENTENCES for word in sentence(*times)),
    cues=tuple(Cue(f"line at {start:g}", Span(start, end)) for start, end in SENTENCES),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def desk(store: Store) -> Editing:
    runner = Runner(store, {}, settle=settle, alive=lambda _: True)
    return Editing(store, runner, ffmpeg=ffmpeg_program)


@pytest.fixture
def video(store: Store) -> Video:
    with store.begin() as tx:
        video, _ = add_video(tx, reels=3)
        return bring_in(tx, video, duration=105.0, transcript=SPOKEN)


@pytest.fixture
def reel(store: Store, video: Video) -> Reel:
    with store.read() as tx:
        return tx.reels.of_video(video.id)[1]


def now() -> datetime:
    return datetime.now(UTC)


def job_of(store: Store, reel: Reel) -> Job | None:
    with store.read() as tx:
        return queue.find(tx, f"reel/{reel.id}/convert")


def test_edit_is_kept_and_the_reel_is_made_before_all_others(
    desk: Editing, store: Store, reel: Reel
) -> None:
    desk.save(reel.id, Span(33.5, 68), LOOK)
    item = desk.item(reel.id)
    assert (item.edit.span, item.edit.look) == (Span(33.5, 68), LOOK)
    with store.begin() as tx:
        queue.enqueue(tx, render(replace(reel, id=3)), now=now())
        claimed = queue.claim(tx, "worker", now=now())
    assert claimed is not None
    assert claimed.args == {"reel_id": reel.id}


def test_edit_takes_an_approval_back_and_the_old_file_stays(
    desk: Editing, store: Store, reel: Reel
) -> None:
    with store.begin() as tx:
        approve(tx, reel.id)
    edited = desk.save(reel.id, reel.span, LOOK)
    assert edited.review_status is ReviewStatus.TO_REVIEW
    assert edited.rendered == reel.rendered
    assert edited.rendered is not None
    assert edited.rendered.file.is_file()


def test_start_may_lie_before_the_chunk_and_the_end_after_it(desk: Editing, reel: Reel) -> None:
    assert desk.save(reel.id, Span(20, 90), Look()).span == Span(20, 90)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit(Span(40, 42.9), Look()), "2.9 seconds long"),
        (Edit(Span(40, 105.2), Look()), "after the video"),
        (Edit(Span(40, 60), Look(layout="sideways")), "no layout 'sideways'"),
        (Edit(Span(40, 60), Look(subtitles="loud")), "no subtitles 'loud'"),
        (Edit(Span(40, 60), Look(position=1.1)), "position 1.1"),
        (Edit(Span(40, 60), Look(hook="x" * (MAX_HOOK + 1))), "61 characters"),
        (Edit(Span(40, 60), Look(lines=(Cue("out", Span(39, 41)),))), "“out” lies outside"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint_and_nothing_is_written(
    desk: Editing, store: Store, reel: Reel, edit: Edit, said: str
) -> None:
    with pytest.raises(GravixError, match=said) as refused:
        desk.save(reel.id, edit.span, edit.look)
    assert refused.value.hint != GravixError.hint
    assert desk.item(reel.id).reel == reel
    assert job_of(store, reel) is None


def test_lines_are_kept_in_order_without_empty_ones(desk: Editing, reel: Reel) -> None:
    lines = (Cue(" Second\nhalf ", Span(50, 52)), Cue("  ", Span(45, 46)), Cue("1", Span(40, 41)))
    kept = desk.save(reel.id, reel.span, Look(lines=lines)).look.lines
    assert kept == (Cue("1", Span(40, 41)), Cue("Second half", Span(50, 52)))


def test_deleting_every_line_is_not_the_same_as_leaving_them_to_the_transcript(
    desk: Editing, reel: Reel
) -> None:
    assert desk.save(reel.id, reel.span, Look(lines=())).look.lines == ()


def test_undo_goes_back_and_makes_the_reel_again(desk: Editing, store: Store, reel: Reel) -> None:
    desk.save(reel.id, Span(40, 60), LOOK)
    with store.begin() as tx:
        queue.claim(tx, "worker", now=now())
        job = queue.find(tx, f"reel/{reel.id}/convert")
        assert job is not None
        queue.finish(tx, job, now=now())
    assert desk.item(reel.id).undoes is not None
    back = desk.undo(reel.id)
    assert (back.span, back.look) == (reel.span, Look())
    assert desk.item(reel.id).undoes is None
    again = job_of(store, reel)
    assert again is not None
    assert again.status is JobStatus.PENDING


def test_undo_without_an_edit_asks_for_nothing(desk: Editing, store: Store, reel: Reel) -> None:
    with pytest.raises(StatusConflict):
        desk.undo(reel.id)
    assert job_of(store, reel) is None


def test_back_to_automatic_is_the_first_span_and_can_be_undone(desk: Editing, reel: Reel) -> None:
    desk.save(reel.id, Span(40, 60), LOOK)
    desk.save(reel.id, Span(41, 60), LOOK)
    automatic = desk.back_to_automatic(reel.id)
    assert (automatic.span, automatic.look) == (reel.span, Look())
    assert desk.undo(reel.id).span == Span(41, 60)


def test_cover_stays_the_same_moment_of_the_source(desk: Editing, store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        tx.reels.set_cover(reel.id, 10.0)
    assert desk.save(reel.id, Span(38, 69), Look()).look.cover_at == 7
    assert desk.save(reel.id, Span(50, 69), Look()).look.cover_at is None


def test_cover_chosen_after_an_edit_stays_when_it_is_taken_back(
    desk: Editing, store: Store, reel: Reel
) -> None:
    desk.save(reel.id, Span(38, 69), LOOK)
    with store.begin() as tx:
        tx.reels.set_cover(reel.id, 7.0)
    assert desk.back_to_automatic(reel.id).look == Look(cover_at=10)
    assert desk.undo(reel.id).look == replace(LOOK, cover_at=7)
    back = desk.undo(reel.id)
    assert (back.span, back.look) == (reel.span, Look(cover_at=10))


def test_save_chooses_no_cover(desk: Editing, reel: Reel) -> None:
    assert desk.save(reel.id, reel.span, Look(hook="Wait", cover_at=3)).look.cover_at is None


@pytest.mark.parametrize("status", [s for s in JobStatus if s is not JobStatus.COMPLETED])
def test_cover_cannot_be_chosen_unless_the_reel_was_made_as_it_is_now(
    desk: Editing, store: Store, reel: Reel, status: JobStatus
) -> None:
    with store.begin() as tx:
        add_job(tx, render(reel), status)
    with pytest.raises(StatusConflict, match="reel 2 has not been made as it is now"):
        desk.choose_cover(reel.id, 1.0)
    assert desk.item(reel.id).reel == reel


def test_each_cell_gives_its_own_picture_whatever_was_chosen_before(
    desk: Editing, store: Store, reel: Reel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sheet was drawn for a cover that a trim had moved away from the even moments."""
    taken: list[int] = []
    info = probe(DATA / "bikes.mp4")
    monkeypatch.setattr("gravix_core.desks.editing.probe", lambda _: info)
    monkeypatch.setattr(
        "gravix_core.desks.editing.take_cell", lambda _, cell, **__: taken.append(cell)
    )
    sheet_file(store.videos_dir, reel.video_id, reel.id).write_bytes(b"jpg")
    for moved in (0.0, 13.7, 35 * 4 / 9, 35.0):
        with store.begin() as tx:
            tx.reels.set_cover(reel.id, moved)
        before = desk.item(reel.id).covers
        for number in (3, 4, 0, 8, 4, 1, 2, 5, 6, 7):
            desk.choose_cover(reel.id, desk.item(reel.id).covers[number])
            desk.choose_cover(reel.id, before[number])  # of a page drawn earlier
            assert taken[-2:] == [number, number]


def test_cover_of_a_reel_that_is_gone_from_the_disk_is_told(desk: Editing, reel: Reel) -> None:
    assert reel.rendered is not None
    reel.rendered.file.unlink()
    with pytest.raises(NotFound, match="file of reel 2 is gone"):
        desk.choose_cover(reel.id, 1.0)


@pytest.mark.slow
def test_another_cover_is_another_picture_and_the_approval_stays(
    desk: Editing, store: Store, reel: Reel, film: Film
) -> None:
    assert reel.rendered is not None
    reel.rendered.file.write_bytes(film(seconds=4, size="270x480").read_bytes())
    with store.begin() as tx:
        approve(tx, reel.id)
    first = desk.choose_cover(reel.id, 1.0)
    before = reel.rendered.cover.read_bytes()
    second = desk.choose_cover(reel.id, 3.0)
    assert second.review_status is ReviewStatus.APPROVED
    assert (first.look.cover_at, second.look.cover_at) == (1.0, 3.0)
    assert reel.rendered.cover.read_bytes() != before
    assert job_of(store, reel) is None


@pytest.mark.slow
def test_chosen_cover_is_the_clean_cell_in_the_size_of_the_reel(
    desk: Editing, store: Store, reel: Reel, film: Film
) -> None:
    assert reel.rendered is not None
    reel.rendered.file.write_bytes(film(seconds=4, size="270x480").read_bytes())
    sheet = Image.new("RGB", (1620, 2880), "black")
    sheet.paste(RED, (540, 960, 1080, 1920))
    sheet.save(sheet_file(store.videos_dir, reel.video_id, reel.id), format="JPEG")
    desk.choose_cover(reel.id, desk.item(reel.id).covers[4])
    with Image.open(reel.rendered.cover) as cover:
        assert cover.size == (270, 480)
        lost = ImageChops.difference(cover.convert("RGB"), Image.new("RGB", cover.size, RED))
    assert max(high for _, high in ImageStat.Stat(lost).extrema) < 8


def test_reel_that_nobody_asked_for_is_made_when_asked(
    desk: Editing, store: Store, reel: Reel
) -> None:
    assert desk.render(reel.id).status is JobStatus.PENDING
    assert desk.rendering(reel.id).active


def test_all_are_those_that_nobody_has_asked_for(desk: Editing, store: Store) -> None:
    with store.begin() as tx:
        video, (first, second, third) = add_video(tx, "Kitchen", reels=3, rendered=False)
        tx.reels.set_rendered(first.id, rendered_reel(store.videos_dir, first))
        add_job(tx, render(second), JobStatus.FAILED)
    assert desk.render_all(video.id) == 1
    assert desk.rendering(third.id).active
    assert not desk.rendering(second.id).active


def test_sentences_around_are_offered_without_a_piece_of_another_word(
    desk: Editing, reel: Reel
) -> None:
    item = desk.item(reel.id, Edit(Span(41.1, 69.1), Look()))
    assert item.earlier == 34.2  # 0.3 s of air
    assert item.later == 78.3
    assert desk.item(reel.id, Edit(Span(34.2, 69.1), Look())).earlier == 27.7
    assert (
        desk.item(reel.id, Edit(Span(35, 40), Look())).later == 41.2
    )  # where the next word begins


def test_nothing_is_offered_before_the_first_sentence_and_after_the_last(
    desk: Editing, reel: Reel
) -> None:
    item = desk.item(reel.id, Edit(Span(1, 100), Look()))
    assert (item.earlier, item.later) == (None, None)


def test_lines_are_those_of_the_span_that_is_asked_about(desk: Editing, reel: Reel) -> None:
    said = desk.item(reel.id, Edit(Span(36, 70), Look())).said
    assert " ".join(line.text for line in said) == "bridge is built. The bridge is built."
    assert said[0].span.start >= 36


def test_transcript_without_words_gives_its_lines(desk: Editing, store: Store, reel: Reel) -> None:
    with store.begin() as tx:
        tx.videos.set_transcript(reel.video_id, replace(SPOKEN, words=()))
    said = desk.item(reel.id, Edit(Span(36, 70), Look())).said
    assert [line.text for line in said] == ["line at 34.5", "line at 41.2"]
    assert said[0].span == Span(36, 41)


@pytest.mark.parametrize(
    ("size", "position", "box"),
    [
        (Size(1920, 1080), 0.0, Box(0, 0, 0.31640625, 1)),
        (Size(1920, 1080), 1.0, Box(0.68359375, 0, 0.31640625, 1)),
        (Size(900, 3200), 0.5, Box(0, 0.25, 1, 0.5)),
    ],
)
def test_crop_window_stands_where_it_is_put(size: Size, position: float, box: Box) -> None:
    assert Editing.window(size, position) == box


def test_picture_of_a_reels_shape_has_no_window() -> None:
    assert Editing.window(Size(1080, 1900), 0.5) is None


def test_edited_lines_stay_where_the_transcript_fills_what_is_new() -> None:
    own = (Cue("mine", Span(40, 44)), Cue("cut", Span(48, 52)))
    said = (Cue("before", Span(36, 39)), Cue("deleted", Span(44, 47)), Cue("as said", Span(40, 44)))
    lines = merged_lines(own, said, covered=Span(40, 52), span=Span(36, 50))
    assert lines == (
        Cue("before", Span(36, 39)),
        Cue("mine", Span(40, 44)),
        Cue("cut", Span(48, 50)),
    )


def test_covers_are_offered_where_there_is_a_sheet(desk: Editing, store: Store, reel: Reel) -> None:
    assert desk.item(reel.id).covers == ()
    sheet_file(store.videos_dir, reel.video_id, reel.id).write_bytes(b"jpg")
    assert len(desk.item(reel.id).covers) == 9


def test_reel_that_is_gone_is_told(desk: Editing) -> None:
    for deed in (desk.item, desk.rendering, desk.undo, desk.render, desk.back_to_automatic):
        with pytest.raises(NotFound):
            deed(77)
