"""The wheel of the package manimgx-fonts in; the one font that subtitles are set in out.

    pip download --no-deps manimgx-fonts==2026.9.26.post1
    python -m scripts.make_fonts manimgx_fonts-2026.9.26.post1-py3-none-any.whl

One file for all scripts, since libass looks for a letter that its font lacks among the installed
fonts alone, not among those that came along.  It gets a name of its own: it is a Modified Version
in the words of the Open Font License.
"""

from __future__ import annotations

import argparse
import io
import re
import zipfile
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.merge import Merger
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).resolve().parent.parent / "gravix_core/stages/render/fonts"
FAMILY, STYLE, WEIGHT = "Gravix Subtitles", "Bold", 700
UNITS = 1000
PARTS = ("NotoSans", "NotoSansHebrew", "NotoSansArabic", "NotoSansDevanagari", "NotoEmoji")
"""The first that has a letter draws it."""
ABOVE, BELOW = 1069, 293
"""Noto Sans's own; the tallest of Arabic would push all lines apart."""
UNSEEN = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065))
UNSEEN = (*UNSEEN, *range(0x2066, 0x206A), *range(0xFE00, 0xFE10), 0xFEFF, 0x00AD, 0x034F, 0x061C)
"""Joiners, marks of direction, variation selectors: given an empty letter without width."""
DROPPED = ("HVAR", "VVAR", "MVAR", "STAT", "avar", "gasp", "prep", "vhea", "vmtx", "GlyphOrder")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the font of the subtitles.")
    parser.add_argument("wheel", type=Path)
    wheel = zipfile.ZipFile(parser.parse_args().wheel)
    parts = [_part(wheel.read(f"manimgx_fonts/{name}[wght].ttf")) for name in PARTS]
    notices = [str(part["name"].getDebugName(0)) for part in parts]
    font = _merged([*parts, _unseen()])
    _name(font, "; ".join(dict.fromkeys(notices)))
    file = OUT / "files" / f"{FAMILY.replace(' ', '')}-{STYLE}.ttf"
    font.save(file)
    (OUT / "OFL.txt").write_text(_licence(wheel, notices), encoding="utf-8", newline="\n")
    print(f"{file}: {file.stat().st_size / 1e6:.2f} MB, {len(font.getBestCmap())} characters")


def _part(data: bytes) -> TTFont:
    """One weight of a variable font, at our units, with its rules for shaping."""
    font = instantiateVariableFont(TTFont(io.BytesIO(data)), {"wght": WEIGHT})
    if font["head"].unitsPerEm != UNITS:
        scale_upem(font, UNITS)
    options = Options(
        layout_features=["*"], layout_closure=True, hinting=False, notdef_outline=True
    )
    options.drop_tables += DROPPED
    options.glyph_names = False
    # The emoji are joined by rules that name the joiner, so theirs is the one that stays.
    left_out = set() if "GPOS" not in font else set(UNSEEN)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if code not in left_out])
    subsetter.subset(font)
    return font


def _unseen() -> TTFont:
    """A font of empty letters."""
    names = {code: f"unseen{code:04X}" for code in UNSEEN}
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    empty = TTGlyphPen(None).glyph()
    builder.setupGlyf(dict.fromkeys([".notdef", *names.values()], empty))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (0, 0)))
    builder.setupHorizontalHeader(ascent=ABOVE, descent=-BELOW)
    builder.setupOS2()
    builder.setupNameTable({"familyName": FAMILY, "styleName": STYLE})
    builder.setupPost()
    return builder.font


def _merged(parts: list[TTFont]) -> TTFont:
    files = []
    for part in parts:
        files.append(io.BytesIO())
        part.save(files[-1])
        files[-1].seek(0)
    return Merger().merge(files)


def _name(font: TTFont, notice: str) -> None:
    names = font["name"]
    names.names = []
    postscript = f"{FAMILY.replace(' ', '')}-{STYLE}"
    said = {0: notice, 1: FAMILY, 2: STYLE, 3: postscript, 4: f"{FAMILY} {STYLE}", 5: "Version 1.0"}
    said |= {
        6: postscript,
        13: "SIL Open Font License, Version 1.1",
        14: "https://openfontlicense.org",
    }
    for number, text in said.items():
        names.setName(text, number, 3, 1, 0x409)
    os2, head, hhea = font["OS/2"], font["head"], font["hhea"]
    os2.usWeightClass, os2.fsSelection, head.macStyle = WEIGHT, 0x20, 1
    os2.usWinAscent = os2.sTypoAscender = hhea.ascent = ABOVE
    os2.usWinDescent, os2.sTypoDescender, hhea.descent = BELOW, -BELOW, -BELOW
    os2.sTypoLineGap = hhea.lineGap = 0


def _licence(wheel: zipfile.ZipFile, notices: list[str]) -> str:
    """The notices of the parts, and the licence as the package has it."""
    (name,) = [name for name in wheel.namelist() if name.endswith("licenses/LICENSE")]
    text = wheel.read(name).decode("utf-8")
    body = text[text.index("This Font Software is licensed under") :]
    kept = "\n".join(
        re.sub(r"^Copyright", "Copyright", notice) for notice in dict.fromkeys(notices)
    )
    return (
        f"{FAMILY} is made from these by scripts/make_fonts.py. None reserves a font name.\n\n"
        f"{kept}\n\n{body}"
    )


if __name__ == "__main__":
    main()
