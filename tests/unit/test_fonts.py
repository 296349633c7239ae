"""What the fonts can draw, how wide it is, and what they cannot."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from gravix_core.errors import SettingsError
from gravix_core.stages.render.fonts import (
    BUNDLED,
    bundled,
    font_folder,
    installed_files,
    missing_glyphs,
    runs,
    text_width,
)

SCRIPTS = {
    "Latin": "Žluťoučký kůň, Straße, ¿qué?, Tiếng Việt, “½” – …",
    "Cyrillic": "Съешь ещё этих мягких булок, Љубав, їжак, Ғажап",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία, ἀρχή",
    "Devanagari": "क्षत्रिय हिन्दी में कर्म श्री १२३।",
    "Arabic": "مرحبا بالعالم، فارسی پ چ ژ گ، اردو ٹ ڈ ۱۲۳",
    "Hebrew": "שָׁלוֹם עולם ₪",
    "emoji": "😀 👍🏽 ❤️ 🇩🇪 👨‍👩‍👧 🔥 1️⃣",
}
NOBODY_HAS = "\U000f1234"
"""For private use, in a plane that fonts leave empty."""


def font_with(letter: str, file: Path) -> Path:
    """A font of one square letter, twice as wide as the bundled font's would be."""
    pen = TTGlyphPen(None)
    for number, point in enumerate([(0, 0), (0, 700), (1900, 700), (1900, 0)]):
        (pen.lineTo if number else pen.moveTo)(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord(letter): "square"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "square": (2000, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2(usWinAscent=800, usWinDescent=200)
    builder.setupNameTable({"familyName": "Operator's Own", "styleName": "Regular"})
    builder.setupPost()
    builder.save(file)
    return file


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_bundled_font_draws_a_script_alone(script: str) -> None:
    text = SCRIPTS[script]
    assert missing_glyphs(text) == ()
    assert [run.face for run in runs(text)] == [bundled()]


def test_what_is_bundled_stays_under_three_megabytes_with_its_licence() -> None:
    folder = BUNDLED.parent
    assert sum(file.stat().st_size for file in folder.iterdir()) < 3_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder.parent / "OFL.txt").read_text("utf-8")


def test_the_folder_of_fonts_holds_nothing_else_that_libass_would_try_to_load() -> None:
    assert list(font_folder().iterdir()) == [BUNDLED]


def test_a_missing_glyph_is_told_once_and_in_order() -> None:
    text = f"a{NOBODY_HAS}b\U000f1235{NOBODY_HAS}"
    assert missing_glyphs(text) == (NOBODY_HAS, "\U000f1235")


def test_a_missing_glyph_is_left_out_with_its_marks() -> None:
    (run,) = runs(f"a {NOBODY_HAS}\ufe0f\u0301 b")
    assert run.text == "a  b"


@pytest.mark.parametrize("unseen", [*" \n\u00a0\u200d\ufe0f\u0301\u200f\U0001f3fd"])
def test_what_is_not_seen_by_itself_is_never_missing(unseen: str) -> None:
    assert missing_glyphs(f"a{unseen}") == ()


def test_the_operators_font_draws_what_the_bundled_one_lacks(tmp_path: Path) -> None:
    extra = font_with(NOBODY_HAS, tmp_path / "own.ttf")
    text = f"a {NOBODY_HAS}!"
    assert missing_glyphs(text, extra=extra) == ()
    assert [(run.face.family, run.text) for run in runs(text, extra=extra)] == [
        (bundled().family, "a "),
        ("Operator's Own", NOBODY_HAS),
        (bundled().family, "!"),
    ]
    assert text_width(NOBODY_HAS, extra=extra) == 2.0


def test_the_operators_font_and_the_bundled_one_lie_in_one_folder(tmp_path: Path) -> None:
    extra = font_with(NOBODY_HAS, tmp_path / "own.ttf")
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        folder = font_folder(extra)
    finally:
        tmp_path.chmod(stat.S_IRWXU)
    found = {file.read_bytes() for file in folder.iterdir()}
    assert found == {BUNDLED.read_bytes(), extra.read_bytes()}
    assert font_folder(extra) == folder != BUNDLED.parent


@pytest.mark.parametrize("content", [b"", b"no font at all", b"\x00\x01\x00\x00" + bytes(40)])
def test_a_file_that_is_no_font_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.ttf"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=r"broken\.ttf"):
        font_folder(file)


def test_a_font_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gone\.ttf"):
        font_folder(tmp_path / "gone.ttf")


def test_joined_arabic_is_narrower_than_its_letters_alone() -> None:
    word = "بسبب"
    assert text_width(word) < 0.8 * sum(map(text_width, word))


def test_a_conjunct_is_narrower_than_its_letters_alone() -> None:
    assert text_width("क्य") < text_width("क") + text_width("य")


def test_marks_have_no_width() -> None:
    assert text_width("e\u0301") == pytest.approx(text_width("e"))


def test_installed_fonts_are_files_of_fonts() -> None:
    assert all(
        file.suffix.lower() in {".ttf", ".otf", ".ttc", ".otc"} for file in installed_files()
    )


def test_a_font_of_symbols_alone_draws_no_letter_and_breaks_nothing(tmp_path: Path) -> None:
    letter = "\ue9a7"  # for private use, in the plane that symbol fonts know
    with TTFont(font_with(letter, tmp_path / "symbols.ttf")) as font:
        (table, *_) = font["cmap"].tables
        table.platformID, table.platEncID = 3, 0
        font["cmap"].tables = [table]
        font.save(tmp_path / "only.ttf")
    assert missing_glyphs(letter, extra=tmp_path / "only.ttf") == (letter,)
