"""Text in; which font draws each part of it, how wide, and what none can draw, out.

The bundled font has Latin, Cyrillic, Greek, Hebrew, Arabic, Devanagari and emoji of one colour.
Other letters come from a file that the operator names, then from the installed fonts.
"""

from __future__ import annotations

import errno
import os
import shutil
import struct
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from gravix_core.errors import FileUnwritable, SettingsError
from gravix_core.stages.render.letters import conjunct_shares, presented

BUNDLED = Path(__file__).with_name("fonts") / "files" / "GravixSubtitles-Bold.ttf"
"""Alone in its folder: libass tries to load all that lies beside it."""
SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_OUTLINES = ("glyf", "CFF ", "CFF2")
"""Libass draws outlines; a font of coloured pictures alone gives nothing."""
_MARKS = frozenset({"Mn", "Me"})
_INVISIBLE = frozenset({"Cf", "Cc", "Mn", "Me", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, eq=False)
class Typeface:
    """One font file, measured."""

    family: str
    """By which libass finds it."""
    tall: float
    """Height in ems of what libass takes for the size of this font."""
    advances: Mapping[int, float]
    """In ems, by code point."""

    def __contains__(self, letter: str) -> bool:
        return ord(letter) in self.advances


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text that one font draws."""

    face: Typeface
    text: str


def missing_glyphs(text: str, *, extra: Path | None = None) -> tuple[str, ...]:
    """The characters that no font at hand can draw, each once, in order; they are left out.

    Args:
        extra: A font file that the operator names.

    Raises:
        SettingsError: `extra` is no font.
    """
    missing = (letter for letter in text if _needs(letter) and _face_of(letter, extra) is None)
    return tuple(dict.fromkeys(missing))


def runs(text: str, *, extra: Path | None = None) -> tuple[Run, ...]:
    """A text by fonts, without what cannot be drawn.

    Raises:
        SettingsError: `extra` is no font.
    """
    drawn: list[tuple[Typeface, str]] = []
    lost = False
    for letter in text:
        if not _needs(letter):
            if lost and letter not in " \u00a0":
                continue  # a mark on a letter that is left out
            drawn.append((drawn[-1][0] if drawn else bundled(), letter))
            continue
        face = _face_of(letter, extra)
        lost = face is None
        if face is not None:
            drawn.append((face, letter))
    return tuple(
        Run(face, "".join(letter for _, letter in part))
        for face, part in groupby(drawn, key=lambda pair: pair[0])
    )


def text_width(text: str, *, extra: Path | None = None) -> float:
    """How wide a text is, in ems of its size; kerning and conjuncts may make it a little less.

    Raises:
        SettingsError: `extra` is no font.
    """
    return sum(_run_width(run) for run in runs(text, extra=extra))


def _run_width(run: Run) -> float:
    advances = run.face.advances
    return sum(
        advances.get(code, advances.get(ord(letter), 0.0)) * share
        for letter, code, share in zip(
            run.text, presented(run.text), conjunct_shares(run.text), strict=True
        )
        if unicodedata.category(letter) not in _MARKS
    )


def font_folder(extra: Path | None = None) -> Path:
    """A folder with the bundled font and `extra`, for the option ``fontsdir`` of ffmpeg's ``ass``.

    That of the package, or with `extra` one among the temporary files that is kept and used
    again; the package's own is never written to.

    Raises:
        SettingsError: `extra` is no font.
        FileUnwritable: There is no room for a copy.
    """
    if extra is None:
        return BUNDLED.parent
    typeface(extra)
    try:
        return _folder_with(extra)
    except OSError as exc:
        raise FileUnwritable(f"the font {extra.name} cannot be copied: {exc.strerror}") from exc


def _folder_with(extra: Path) -> Path:
    known = extra.stat()
    key = sha256(f"{extra.resolve()}|{known.st_mtime_ns}|{known.st_size}".encode()).hexdigest()
    folder = (
        Path(tempfile.gettempdir())
        / f"gravix-fonts-{os.getuid() if hasattr(os, 'getuid') else 0}-{key[:16]}"
    )
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise PermissionError(errno.EPERM, "somebody else has made a folder in its place")
    for number, file in enumerate((BUNDLED, extra)):
        _put(file, folder / f"{number}{file.suffix.lower()}")
    return folder


def _put(file: Path, target: Path) -> None:
    """Under a temporary name first, so that a file that is there is whole."""
    if target.is_file():
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".")
    os.close(handle)
    shutil.copyfile(file, name)
    Path(name).replace(target)


@lru_cache(maxsize=1)
def bundled() -> Typeface:
    return typeface(BUNDLED)


_BROKEN = (
    *(OSError, TTLibError, KeyError, ValueError, AssertionError, IndexError),
    *(AttributeError, TypeError, ArithmeticError, struct.error),
)
"""What fontTools raises for files that are damaged, or are no fonts of letters."""


@cache
def typeface(file: Path) -> Typeface:
    """Measure a font file; of a collection the first font.

    Raises:
        SettingsError: It cannot be read, or has no outlines.
    """
    try:
        with file.open("rb") as stream, TTFont(stream, fontNumber=0, lazy=True) as font:
            return _measured(font)
    except _BROKEN as exc:
        raise SettingsError(
            f"{file.name} is no font that can be used",
            hint="Let GRAVIX_SUBTITLE_FONT name a .ttf, .otf or .ttc file, or leave it empty.",
        ) from exc


def _measured(font: TTFont) -> Typeface:
    if not any(table in font for table in _OUTLINES):
        raise KeyError("it has no outlines")
    units, metrics, os2 = font["head"].unitsPerEm, font["hmtx"].metrics, font["OS/2"]
    tall = os2.usWinAscent + os2.usWinDescent or font["hhea"].ascent - font["hhea"].descent
    advances = {code: metrics[name][0] / units for code, name in (font.getBestCmap() or {}).items()}
    return Typeface(str(font["name"].getDebugName(1)), tall / units, advances)


def _needs(letter: str) -> bool:
    """Whether it is seen by itself; the rest goes with the letter before."""
    return (
        unicodedata.category(letter) not in _INVISIBLE
        and not "\U0001f3fb" <= letter <= "\U0001f3ff"
    )


@lru_cache(maxsize=4096)
def _face_of(letter: str, extra: Path | None) -> Typeface | None:
    if letter in bundled():
        return bundled()
    if extra is not None and letter in typeface(extra):
        return typeface(extra)
    return next((face for face in _installed() if letter in face), None)


@lru_cache(maxsize=1)
def _installed() -> tuple[Typeface, ...]:
    return tuple(_readable(installed_files()))


def _readable(files: Iterable[Path]) -> Iterator[Typeface]:
    for file in files:
        try:
            yield typeface(file)
        except SettingsError:
            continue


@lru_cache(maxsize=1)
def installed_files() -> tuple[Path, ...]:
    """The installed fonts: upright ones without serifs first, of them the largest."""
    found: dict[Path, int] = {}
    for folder in _font_folders():
        for parent, _, names in os.walk(folder):
            for file in (Path(parent, name) for name in names):
                if file.suffix.lower() in SUFFIXES and os.access(file, os.R_OK):
                    found[file] = file.stat().st_size
    return tuple(sorted(found, key=lambda file: (_odd(file.name), -found[file], file)))


def _odd(name: str) -> bool:
    words = ("serif", "mono", "italic", "oblique", "light", "thin", "mincho", "song", "condensed")
    return any(word in name.lower() for word in words)


def _font_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"))
        return Path(
            os.environ.get("WINDIR", "C:/Windows")
        ) / "Fonts", local / "Microsoft/Windows/Fonts"
    if sys.platform == "darwin":
        return Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"
    shared = Path("/usr/share/fonts"), Path("/usr/local/share/fonts")
    return *shared, home / ".local/share/fonts", home / ".fonts"
