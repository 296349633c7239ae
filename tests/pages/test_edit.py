"""The page of a reel's picture, drawn over a real database: what it shows, keeps and asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import ToolFailed
from gravix_core.jobs import queue
from gravix_core.media.files import cover_file, sheet_file
from gravix_core.media.probe import probe
from gravix_core.model import Cue, JobStatus, Look, Reel, ReviewStatus, Size, Span, Transcript, Word
from gravix_core.store.store import Store
from tests.pages.houses import ROOT, add_video, bring_in, open_store, page_of, rendered_reel
from tests.pages.shown import buttons, html, links, part_data, progress, says
from tests.pages.works import add_job, render
from tests.support import approve

pytestmark = pytest.mark.slow

REEL = 2
"""The second of three: it plays 35 to 70 s."""
SENTENCES = {30.0: "One is before.", 36.0: "Two is first.", 50.0: "Three is last.", 71.0: "Four."}


def spoken() -> Transcript:
    words: list[Word] = []
    for start, text in SENTENCES.items():
        for number, word in enumerate(text.split()):
            words.append(Word(word, Span(start + number, start + number + 0.9)))
    return Transcript(tuple(words), ())


@pytest.fixture
def store(house: Path) -> Iterator[Store]:
    store = open_store(house)
    with store.begin() as tx:
        video, _ = add_video(tx, reels=3)
        bring_in(tx, video, duration=105.0, transcript=spoken())
    yield store
    store.close()


@pytest.fixture
def page(store: Store) -> AppTest:
    page = page_of("edit")
    page.query_params["id"] = str(REEL)
    return page.run()


def reel_now(store: Store) -> Reel:
    with store.read() as tx:
        return tx.reels.get(REEL)


def field(page: AppTest, name: str) -> str:
    """The key of a field of this turn."""
    kinds = (page.number_input, page.selectbox, page.toggle, page.slider, page.text_input)
    found = [str(one.key) for kind in kinds for one in kind]
    (key,) = (key for key in found if key.startswith(f"edit-{name}-"))
    return key


def type_time(page: AppTest, name: str, seconds: float) -> None:
    page.number_input(key=field(page, name)).set_value(seconds).run()


def line_texts(page: AppTest) -> list[str]:
    return [str(one.value) for one in page.text_input if str(one.key).startswith("edit-line-")]


def save(page: AppTest) -> AppTest:
    page.button(key="edit-save").click().run()
    assert not page.exception
    return page


def leave_and_come_back(page: AppTest) -> AppTest:
    page.switch_page(str(ROOT / "pages" / "library.py")).run()
    page.switch_page(str(ROOT / "pages" / "edit.py"))
    page.query_params["id"] = str(REEL)
    return page.run()


@pytest.mark.parametrize("asked", ["", "x", "77", "-1", "9" * 30, "²"])
def test_address_that_names_no_reel_leads_on(store: Store, asked: str) -> None:
    page = page_of("edit")
    page.query_params["id"] = asked
    page.run()
    assert not page.exception
    assert page.subheader[0].value == "This reel is not here"
    assert links(page)["Choose a reel in Review"] == "review"


def test_reel_is_shown_as_it_is_and_nothing_is_unsaved(page: AppTest) -> None:
    assert not page.exception
    assert f"/files/reels/{REEL}/" in html(page)
    assert page.number_input(key=field(page, "start")).value == 35
    assert page.number_input(key=field(page, "end")).value == 70
    assert page.button(key="edit-save").disabled
    assert says(page, "As Gravix made it.")
    assert not {"edit-undo", "edit-automatic", "edit-discard"} & set(buttons(page))
    assert links(page)["Review"] == f"review?reel={REEL}"


def test_changes_are_told_as_unsaved_and_survive_another_page(page: AppTest) -> None:
    type_time(page, "start", 33.5)
    page.text_input(key=field(page, "hook")).set_value("Why?").run()
    assert says(page, "Not saved yet: start and hook")
    assert part_data(page, f"cutter-{REEL}")["unsaved"]
    leave_and_come_back(page)
    assert page.number_input(key=field(page, "start")).value == 33.5
    assert says(page, "Not saved yet: start and hook")


def test_saved_edit_is_made_again_while_the_old_reel_plays(page: AppTest, store: Store) -> None:
    before = [text for text in html(page).split() if "/files/reels/" in text]
    type_time(page, "end", 80.0)
    page.selectbox(key=field(page, "layout")).set_value("centre").run()
    save(page)
    assert (reel_now(store).span, reel_now(store).look) == (Span(35, 80), Look(layout="centre"))
    assert [text for text in html(page).split() if "/files/reels/" in text] == before
    assert progress(page) == ["Waits for its turn, before all others"]
    assert says(page, "Undo takes back the last change, of end and layout")
    assert page.button(key="edit-save").disabled


def test_progress_of_a_reel_that_is_made_again_is_shown(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_job(tx, render(tx.reels.get(REEL)), JobStatus.PROCESSING, progress=40)
    page.run()
    assert progress(page) == ["Being made again, 40 %"]


def test_undo_and_automatic_go_back_and_empty_the_fields_of_it(page: AppTest, store: Store) -> None:
    page.text_input(key=field(page, "hook")).set_value("One").run()
    save(page)
    page.text_input(key=field(page, "hook")).set_value("Two").run()
    save(page)
    page.button(key="edit-undo").click().run()
    assert page.text_input(key=field(page, "hook")).value == "One"
    assert reel_now(store).look == Look(hook="One")
    page.button(key="edit-automatic").click().run()
    assert page.text_input(key=field(page, "hook")).value == ""
    assert reel_now(store).look == Look()
    assert "edit-undo" in buttons(page)


def test_going_back_waits_until_nothing_is_unsaved(page: AppTest) -> None:
    page.text_input(key=field(page, "hook")).set_value("One").run()
    save(page)
    type_time(page, "start", 33.5)
    assert page.button(key="edit-undo").disabled
    assert page.button(key="edit-automatic").disabled


def test_discarded_changes_are_gone(page: AppTest, store: Store) -> None:
    type_time(page, "start", 33.5)
    page.button(key="edit-discard").click().run()
    assert page.number_input(key=field(page, "start")).value == 35
    assert page.button(key="edit-save").disabled
    assert reel_now(store).edits == 0


def test_refused_edit_is_told_and_nothing_that_was_typed_is_lost(
    page: AppTest, store: Store
) -> None:
    type_time(page, "end", 36.0)
    assert says(page, "Instagram takes 3 to 900 seconds.")
    save(page)
    assert "1.0 seconds long" in page.error[0].value.replace("\\", "")
    assert page.number_input(key=field(page, "end")).value == 36
    assert reel_now(store).edits == 0


def test_end_before_the_start_is_told_and_cannot_be_saved(page: AppTest) -> None:
    type_time(page, "end", 20.0)
    assert not page.exception
    assert says(page, "The end must lie after the start.")
    assert page.button(key="edit-save").disabled


def test_edges_are_nudged_and_moved_to_the_sentences_around(page: AppTest) -> None:
    page.button(key="nudge-start-−1 s").click().run()
    assert page.number_input(key=field(page, "start")).value == 34
    page.button(key="nudge-start-Take in the sentence before").click().run()
    assert page.number_input(key=field(page, "start")).value == 29.7
    page.button(key="nudge-end-Take in the sentence after").click().run()
    assert page.number_input(key=field(page, "end")).value == 72.2
    assert line_texts(page)[0] == "One is before."


def test_subtitles_are_edited_line_by_line(page: AppTest, store: Store) -> None:
    assert line_texts(page) == ["Two is first.", "Three is last."]
    first = next(one for one in page.text_input if one.value == "Two is first.")
    first.set_value("Two: {first} \\ 100 %").run()
    assert says(page, "Not saved yet: subtitle text")
    last = next(one for one in page.text_input if one.value == "Three is last.")
    page.button(key=f"drop-{last.key}").click().run()
    assert line_texts(page) == ["Two: {first} \\ 100 %"]
    save(page)
    lines = reel_now(store).look.lines
    assert lines is not None
    assert [line.text for line in lines] == ["Two: {first} \\ 100 %"]
    page.button(key="reset-lines").click().run()
    assert line_texts(page) == ["Two is first.", "Three is last."]
    save(page)
    assert reel_now(store).look.lines is None


def test_lines_of_the_transcript_follow_the_edges_and_are_no_change(page: AppTest) -> None:
    for end in (51.5, 38.0, 70.0):
        type_time(page, "end", end)
        page.run()
        assert not says(page, "subtitle text")
    assert line_texts(page) == ["Two is first.", "Three is last."]


def test_line_that_is_worded_anew_is_another_field(page: AppTest) -> None:
    """A browser that has not been answered yet says the old words of the old field."""

    def fields() -> dict[str, str]:
        return {str(one.value): str(one.key) for one in page.text_input if "-line-" in str(one.key)}

    before = fields()
    type_time(page, "end", 38.0)
    assert set(fields()) == {"Two is"}
    assert fields()["Two is"] not in before.values()
    type_time(page, "end", 52.0)
    assert fields()["Two is first."] == before["Two is first."]
    assert not says(page, "subtitle text")


def test_edited_lines_go_with_the_edges(page: AppTest, store: Store) -> None:
    first = next(one for one in page.text_input if one.value == "Two is first.")
    first.set_value("Mine.").run()
    type_time(page, "start", 29.5)
    assert line_texts(page) == ["One is before.", "Mine.", "Three is last."]
    type_time(page, "end", 45.0)
    assert line_texts(page) == ["One is before.", "Mine."]
    save(page)
    lines = reel_now(store).look.lines
    assert lines is not None
    assert all(29.5 <= line.span.start < line.span.end <= 45 for line in lines)


def test_crop_is_drawn_where_it_is_put(page: AppTest, store: Store) -> None:
    page.selectbox(key=field(page, "layout")).set_value("auto").run()
    assert part_data(page, f"cutter-{REEL}")["crop"] is None
    page.toggle(key=field(page, "fixed")).set_value(True).run()
    page.slider(key=field(page, "position")).set_value(100.0).run()
    crop = part_data(page, f"cutter-{REEL}")["crop"]
    assert (crop["x"] + crop["width"], crop["height"]) == (1, 1)
    save(page)
    assert reel_now(store).look.position == 1
    page.selectbox(key=field(page, "layout")).set_value("fit").run()
    assert part_data(page, f"cutter-{REEL}")["crop"] is None
    save(page)
    assert reel_now(store).look.position is None


def test_edit_of_another_tab_comes_in_where_nothing_is_unsaved(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        tx.reels.set_look(REEL, Span(36, 66), Look(hook="Theirs"))
    page.run()
    assert page.text_input(key=field(page, "hook")).value == "Theirs"
    assert page.button(key="edit-save").disabled


def test_edit_of_another_tab_is_told_where_something_is(page: AppTest, store: Store) -> None:
    page.text_input(key=field(page, "hook")).set_value("Mine").run()
    with store.begin() as tx:
        tx.reels.set_look(REEL, Span(36, 66), Look(hook="Theirs"))
    page.run()
    assert says(page, "This reel was changed elsewhere meanwhile.")
    assert page.text_input(key=field(page, "hook")).value == "Mine"
    page.button(key="edit-discard").click().run()
    assert page.text_input(key=field(page, "hook")).value == "Theirs"


def marked(page: AppTest) -> list[tuple[int, str, str]]:
    """The covers that bear a sign, with it and with how strong their frames are."""
    covers = [(number, page.button(key=f"cover-{number}").proto) for number in range(9)]
    return [(number, one.icon, one.type) for number, one in covers if one.icon]


def test_cover_is_chosen_among_nine_and_the_approval_stays(
    page: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet_file(store.videos_dir, 1, REEL).write_bytes(b"jpg")
    with store.begin() as tx:
        approve(tx, REEL)

    def take(sheet: Path, cell: int, *, size: Size, target: Path, **_: object) -> None:
        target.write_bytes(f"{cell} of {sheet.name} in {size.width}".encode())

    source = probe(ROOT / "tests" / "data" / "bikes.mp4")
    monkeypatch.setattr("gravix_core.desks.editing.probe", lambda _: source)
    monkeypatch.setattr("gravix_core.desks.editing.take_cell", take)
    page.run()
    assert f"/files/sheets/{REEL}/" in html(page)
    assert says(page, "Gravix chose the cover.")
    assert marked(page) == [(4, ":material/auto_awesome:", "primary")]
    page.button(key="cover-8").click().run()
    assert not page.exception
    assert reel_now(store).look.cover_at == pytest.approx(35 * 8.5 / 9)
    assert reel_now(store).review_status is ReviewStatus.APPROVED
    cover = cover_file(store.videos_dir, 1, REEL).read_text(encoding="utf-8")
    assert cover == f"8 of {REEL}.sheet.jpg in {source.picture.size.width}"
    assert [toast.value for toast in page.toast] == ["Picture 9 is the cover now."]
    assert page.button(key="cover-8").label == "Picture 9"
    assert marked(page) == [
        (4, ":material/auto_awesome:", "secondary"),
        (8, ":material/check:", "primary"),
    ]
    assert page.button(key="edit-save").disabled


@pytest.mark.parametrize(
    "status", [JobStatus.PENDING, JobStatus.PROCESSING, JobStatus.FAILED, JobStatus.CANCELLED]
)
def test_no_cover_is_chosen_from_a_reel_that_is_not_as_it_was_edited(
    page: AppTest, store: Store, status: JobStatus
) -> None:
    sheet_file(store.videos_dir, 1, REEL).write_bytes(b"jpg")
    with store.begin() as tx:
        add_job(tx, render(tx.reels.get(REEL)), status)
    page.run()
    assert page.button(key="cover-8").disabled
    assert says(page, "once the reel has been made as it is now")


def test_reel_without_a_sheet_has_no_covers_to_choose(page: AppTest) -> None:
    assert "cover-0" not in buttons(page)


def test_reel_that_nobody_asked_for_is_made_from_here(store: Store) -> None:
    with store.begin() as tx:
        _, (reel,) = add_video(tx, "Kitchen", reels=1, rendered=False)
    page = page_of("edit")
    page.query_params["id"] = str(reel.id)
    page.run()
    assert "This reel is not made yet." in html(page)
    page.button(key=f"make-{reel.id}").click().run()
    assert progress(page) == ["Waits for its turn, before all others"]
    assert "It is being made, and appears here by itself." in html(page)


def test_failed_run_says_why_and_is_tried_again(page: AppTest, store: Store) -> None:
    with store.begin() as tx:
        add_job(tx, render(tx.reels.get(REEL)), JobStatus.FAILED, error=ToolFailed("no frame"))
    page.run()
    assert "no frame" in page.error[0].value
    assert f"/files/reels/{REEL}/" in html(page)
    page.button(key=f"make-{REEL}").click().run()
    assert progress(page) == ["Waits for its turn, before all others"]


def test_source_that_is_gone_is_told_with_what_to_do(store: Store) -> None:
    (store.videos_dir / "1" / "source.mp4").unlink()
    page = page_of("edit")
    page.query_params["id"] = str(REEL)
    page.run()
    told = part_data(page, f"cutter-{REEL}")
    assert told["src"] is None
    assert "Add it again" in told["empty"]


def test_file_of_the_reel_that_is_gone_is_told(store: Store) -> None:
    rendered_reel(store.videos_dir, reel_now(store)).file.unlink()
    page = page_of("edit")
    page.query_params["id"] = str(REEL)
    page.run()
    assert "gone from the disk" in html(page)
    page.button(key=f"make-{REEL}").click().run()
    with store.read() as tx:
        assert queue.find(tx, f"reel/{REEL}/convert") is not None


def test_video_without_a_transcript_offers_no_lines_and_no_sentences(store: Store) -> None:
    with store.begin() as tx:
        video, (reel,) = add_video(tx, "Kitchen", reels=1)
        bring_in(tx, video, duration=35.0)
    page = page_of("edit")
    page.query_params["id"] = str(reel.id)
    page.run()
    assert not line_texts(page)
    assert says(page, "This video has no transcript")
    assert not [key for key in buttons(page) if "sentence" in key]


def test_text_of_a_line_is_never_markup(store: Store) -> None:
    lines = (Cue("<b>*not* bold</b>", Span(40, 42)),)
    with store.begin() as tx:
        tx.reels.set_look(REEL, Span(35, 70), Look(lines=lines))
    page = page_of("edit")
    page.query_params["id"] = str(REEL)
    page.run()
    assert line_texts(page) == ["<b>*not* bold</b>"]
    assert "<b>" not in html(page)
