"""Lines, a style and a crop path in; an ASS document out."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from gravix_core.framing import WHOLE, Box, CropPath, Face, Fill, Place, Stretch, Window
from gravix_core.model import Size, Span, Word
from gravix_core.stages.render.ass import escaped
from gravix_core.stages.render.fonts import text_width
from gravix_core.stages.render.hook_rows import fitted
from gravix_core.stages.render.looks import LOOKS
from gravix_core.stages.render.safe_zones import BOTTOM, LOWEST, SIDE, TOP, WIDTH
from gravix_core.stages.render.subtitle_lines import SubtitleLine, subtitle_lines
from gravix_core.stages.render.subtitle_places import HIGH, LOW, SEAM, UNDER, Spot, parted, spots
from gravix_core.stages.render.subtitles import ass_document, room
from gravix_core.styles import STYLES

CANVAS = Size(1080, 1920)
FRAME = Size(1920, 1080)
SPAN = Span(100.0, 110.0)
HEIGHT = 0.1
SHOWN = tuple(Span(100.0 + at, 101.0 + at) for at in range(10))
TALL = Window(0.3164, 1.0, (Place(0.0, 0.5, 0.5),))


def lines(text: str, style: str = "clean") -> tuple[SubtitleLine, ...]:
    words = [
        Word(word, Span(101 + at * 0.5, 101.4 + at * 0.5)) for at, word in enumerate(text.split())
    ]
    return subtitle_lines(words, SPAN, room=room(style))


def document(text: str, style: str = "clean", hook: str = "") -> str:
    return ass_document(lines(text, style), style=style, canvas=CANVAS, span=SPAN, hook=hook)


def events(text: str) -> list[tuple[float, float, str]]:
    """Start and end in seconds, and what is drawn."""
    found = re.findall(r"^Dialogue: \d,0:00:([\d.]+),0:00:([\d.]+),.*?,,0,0,0,,(.*)$", text, re.M)
    return [(float(start), float(end), body) for start, end, body in found]


def plain(body: str) -> str:
    return re.sub(r"(?<!\\)\{.*?(?<!\\)\}", "", body)


def path(*stretches: Stretch, faces: tuple[Face, ...] = ()) -> CropPath:
    return CropPath(stretches, faces)


def chosen(crop_path: CropPath) -> tuple[Spot, ...]:
    return spots(SHOWN, height=HEIGHT, crop_path=crop_path, frame=FRAME, canvas=CANVAS)


def face(at: float, top: float, bottom: float) -> Face:
    """In the middle of the frame, which fills the canvas from top to bottom."""
    return Face(at, Box(0.45, top, 0.1, bottom - top))


@pytest.mark.parametrize("style", LOOKS)
def test_times_are_those_of_the_reel(style: str) -> None:
    found = events(document("one two three four", style))
    assert min(start for start, _, _ in found) == 1.0
    assert all(0 <= start < end <= 10 for start, end, _ in found)


@pytest.mark.parametrize("style", LOOKS)
def test_a_row_in_the_safe_width_is_in_its_ems(style: str) -> None:
    look = LOOKS[style]
    assert look.room() * look.em + 2 * max(look.pad, look.edge) == pytest.approx(1080 * WIDTH)


def test_off_shows_the_hook_alone() -> None:
    assert document("one two", "off") == ""
    shown = {plain(body) for _, _, body in events(document("one two", "off", hook="Look"))}
    assert "Look" in shown
    assert "one two" not in shown


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(KeyError):
        document("one", "loud")


@pytest.mark.parametrize("style", STYLES)
def test_nothing_said_and_no_hook_is_no_document(style: str) -> None:
    assert document("", style, hook=" \n") == ""


def test_the_hook_stays_for_three_seconds() -> None:
    found = events(document("", hook="Look at this"))
    assert {(start, end) for start, end, _ in found} == {(0.0, 3.0)}


@pytest.mark.parametrize("style", LOOKS)
def test_words_that_no_font_has_leave_neither_a_gap_nor_a_box(style: str) -> None:
    lost = "\U000f1234\ufe0f"
    assert document(lost, style, hook=lost) == ""
    found = events(document(f"one {lost} two", style))
    assert {plain(body) for _, _, body in found if "\\p1" not in body} == {"one two"}


def test_the_word_being_said_is_lit_and_no_other() -> None:
    found = [
        (start, end, re.search(r"\\1c&H14D7FF&\}(\w+)\{", body))
        for start, end, body in events(document("one two three", "bold"))
    ]
    lit = [(start, end, word[1]) for start, end, word in found if word]
    assert [word for _, _, word in lit] == ["one", "two", "three"]
    assert [start for start, _, _ in lit] == [1.0, 1.5, 2.0]
    assert all(before[1] == after[0] for before, after in pairwise(lit))


def test_each_row_is_always_drawn_once_while_its_line_is_shown() -> None:
    text = document("several words that are too many for one row", "bold")
    for line in lines("several words that are too many for one row", "bold"):
        for at in (line.span.start + 0.01, (line.span.start + line.span.end) / 2):
            drawn = [
                plain(body) for start, end, body in events(text) if start <= at - SPAN.start < end
            ]
            assert drawn == line.text.split("\n")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("plain", "plain"),
        ('it\'s: 100% "q"', 'it\'s: 100% "q"'),
        ("{\\b1}", "\\{\\\u2060b1\\}"),
        ("a\\Nb", "a\\\u2060Nb"),
        ("\\{", "\\\u2060\\{"),
        ("a\nb\tc", "a b c"),
        (" a  b ", "\u00a0a\u00a0\u00a0b\u00a0"),
        ("a\x00b", "ab"),
    ],
)
def test_what_would_be_a_command_is_escaped(typed: str, told: str) -> None:
    assert escaped(typed) == told


def test_without_a_crop_path_words_stand_low() -> None:
    assert spots(SHOWN, height=HEIGHT, crop_path=None, frame=FRAME, canvas=CANVAS) == (LOW,) * 10


def test_words_stand_low_where_no_face_is() -> None:
    stretch = Stretch(SPAN, Fill.CROP, (TALL,))
    assert set(chosen(path(stretch, faces=(face(103, 0.2, 0.5),)))) == {LOW}


def test_words_give_way_to_a_face_for_the_whole_stretch() -> None:
    stretch = Stretch(SPAN, Fill.CROP, (TALL,))
    assert set(chosen(path(stretch, faces=(face(109, 0.3, 0.62),)))) == {UNDER}
    assert set(chosen(path(stretch, faces=(face(109, 0.3, 0.9),)))) == {HIGH}


def test_a_place_is_kept_over_cuts_as_long_as_it_will_do() -> None:
    parts = [Stretch(Span(at, at + 2), Fill.CROP, (TALL,)) for at in range(100, 110, 2)]
    found = chosen(path(*parts, faces=(face(102.5, 0.3, 0.62), face(107, 0.3, 0.9))))
    assert found == (LOW,) * 2 + (UNDER,) * 4 + (HIGH,) * 4


def test_a_line_that_is_on_the_seam_leaves_it_when_one_face_fills_the_canvas() -> None:
    half = Window(0.6, 1.0, (Place(0.0, 0.5, 0.5),))
    split = Stretch(Span(100, 101.9), Fill.SPLIT, (half, half))
    alone = Stretch(Span(101.9, 110), Fill.CROP, (TALL,))
    crop_path = path(split, alone, faces=(face(102.1, 0.3, 0.6), face(105, 0.3, 0.6)))
    said = lines("one two three", "clean")
    assert parted(said[0].span, crop_path)[0].end == 101.9
    text = ass_document(
        said, style="clean", canvas=CANVAS, span=SPAN, crop_path=crop_path, frame=FRAME
    )
    (before, after) = [(start, end, _height(body)) for start, end, body in events(text)]
    assert (before[1], after[0]) == (1.9, 1.9)
    assert before[2] == pytest.approx(960, abs=40)
    assert not 0.3 * 1920 < after[2] < 0.6 * 1920


def test_a_sliver_of_a_line_keeps_the_place_of_the_rest() -> None:
    stretches = [
        Stretch(Span(100, 101.1), Fill.BLUR, (TALL,)),
        Stretch(Span(101.1, 110), Fill.CROP, (TALL,)),
    ]
    assert parted(Span(101, 103), path(*stretches)) == (Span(101, 103),)
    assert parted(Span(101, 103), None) == (Span(101, 103),)


def _height(body: str) -> float:
    found = re.search(r"\\pos\([\d.]+,([\d.]+)\)", body)
    assert found is not None
    return float(found[1])


def test_words_give_way_to_the_hook_and_stand_below_it() -> None:
    stretch = Stretch(SPAN, Fill.CROP, (TALL,))
    crop_path = path(stretch, faces=(face(109, 0.3, 0.9),))
    kept = spots(
        SHOWN, height=HEIGHT, crop_path=crop_path, frame=FRAME, canvas=CANVAS, hook=(103.0, 0.25)
    )
    (spot,) = set(kept)
    assert 0.25 < spot.top(HEIGHT) < 0.3


def test_words_of_two_people_stand_on_the_seam() -> None:
    window = Window(0.6, 1.0, (Place(0.0, 0.5, 0.5),))
    stretch = Stretch(SPAN, Fill.SPLIT, (window, window))
    assert set(chosen(path(stretch))) == {SEAM}


def test_words_stand_below_a_picture_that_is_shown_whole() -> None:
    whole = Window(1.0, 1.0, (Place(0.0, 0.5, 0.5),))
    (spot,) = set(chosen(path(Stretch(SPAN, Fill.BLUR, (whole,)))))
    bottom = 0.5 + 1080 * 9 / 16 / 1920 / 2
    assert bottom < spot.top(HEIGHT) < spot.top(HEIGHT) + HEIGHT <= LOWEST


def test_words_stand_above_a_picture_that_leaves_no_room_below() -> None:
    window = Window(0.75, 1.0, (Place(0.0, 0.5, 0.5),))
    (spot,) = set(chosen(path(Stretch(SPAN, Fill.BLUR, (window,)))))
    assert TOP <= spot.top(HEIGHT) < spot.top(HEIGHT) + HEIGHT < 0.5 - 1080 * 0.75 / 1920 / 2


def test_every_place_lies_in_the_safe_zone() -> None:
    for spot in (LOW, UNDER, HIGH, SEAM):
        assert TOP <= spot.top(HEIGHT) < spot.top(HEIGHT) + HEIGHT <= LOWEST
    assert LOW.top(HEIGHT) + HEIGHT == BOTTOM
    assert SIDE * 1080 >= 120
    assert TOP * 1920 >= 250
    assert (1 - BOTTOM) * 1920 >= 670
    assert (1 - LOWEST) * 1920 >= 420
    assert WHOLE.width - 2 * SIDE == WIDTH


def test_a_short_hook_keeps_the_full_size_and_its_blanks() -> None:
    assert fitted("  Look \\N", 12.0, rows=3, measure=text_width) == (("  Look \\N",), 1.0)


def test_a_long_hook_is_set_smaller_in_even_rows() -> None:
    text = "A long hook that somebody has typed because it says so much about the film " * 2
    rows, share = fitted(text, 12.0, rows=3, measure=text_width)
    assert len(rows) == 3
    assert share < 1
    widths = [text_width(row) * share for row in rows]
    assert max(widths) <= 12.0
    assert min(widths) > 0.6 * max(widths)
    assert " ".join(rows).split() == text.split()


def test_a_hook_that_fits_in_no_size_ends_with_an_ellipsis() -> None:
    rows, _ = fitted("word " * 200, 12.0, rows=3, measure=text_width)
    assert len(rows) == 3
    assert rows[-1].endswith("…")
