"""A transcript file (.json3 of YouTube, .vtt or .srt) in, a `Transcript` out."""

from __future__ import annotations

import html
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pysubs2

from gravix_core.errors import TranscriptUnreadable
from gravix_core.model import Cue, Seconds, Span, Transcript, Word

SUFFIXES = (".json3", ".vtt", ".srt")
"""Best first: only json3 has the words' times without doubt."""
MAX_BYTES = 50 * 1024 * 1024
LONGEST: Seconds = 100 * 3600.0  # a cue that starts later is nonsense
LONGEST_WORD: Seconds = 1.0
"""A measured word has a start only; a longer stretch up to the next one is a pause."""
UNKNOWN_DURATION: Seconds = 2.0
"""For a cue that ends before it starts."""
MOST_LINES = 4
"""That a cue repeats of the one before; YouTube shows two."""
TICK: Seconds = 0.001
"""Finest difference in any of the three formats."""

_ARROW = re.compile(r"\s*[\d:.,]+\s*-->\s*[\d:.,]+")
_COMMENT = re.compile(r"(NOTE|STYLE|REGION)(\s|$)")
_STAMP = re.compile(r"<(?:(\d{1,4}):)?(\d{2}):(\d{2})[.,](\d{3})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.,]+>")
_NOISE = re.compile(
    r"\[[^\[\]]{0,80}\]|>>+|[♪♫♬]|^[^\S\n]*(\([^()\n]{0,80}\)[^\S\n]*$|[-–—][^\S\n]+)", re.MULTILINE
)
_INVISIBLE = frozenset({"Cc", "Cs", "Cf", "Co"})
_JOINERS = frozenset("\u200c\u200d")
"""Part of the spelling in Persian, Hindi and many emoji."""
_COLON = "\ue000"
"""Stands for a colon within a cue's text while pysubs2 looks for time stamps."""


@dataclass(frozen=True, slots=True)
class _RawCue:
    start: Seconds
    end: Seconds
    pieces: tuple[tuple[str, Seconds], ...]
    """Text, not yet cleaned, and the time at which it starts."""
    measured: bool
    """False: there is one piece, which starts with the cue."""

    def text(self) -> str:
        return _clean("".join(text for text, _ in self.pieces))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A cue of a subtitle file: the lines that stand on the screen together."""

    start: Seconds
    end: Seconds
    lines: tuple[str, ...]

    def repeats(self, before: _Shown) -> int:
        """How many of the first lines are still there from the cue `before`."""
        if self.start - before.end > 0.1:
            return 0
        mine, theirs = [tuple(map(_clean, cue.lines)) for cue in (self, before)]
        longest = min(len(mine), len(theirs), MOST_LINES)
        return next((k for k in range(longest, 0, -1) if theirs[-k:] == mine[:k]), 0)


def read_transcript(file: Path) -> Transcript:
    """Read what is said, without tags, noise such as "[Music]" and repeated lines.

    Words without measured times are spread over their cue by their length.

    Returns:
        Words and cues ordered by start; at least one of each.

    Raises:
        TranscriptUnreadable: It is no file, too large, not text, or holds no timed text.
    """
    suffix = file.suffix.lower()
    try:
        if suffix not in SUFFIXES:
            raise _Nonsense("is none of .json3, .vtt and .srt")
        text = _text(file)
        return _transcript(_read_json3(text) if suffix == ".json3" else _read_subtitles(text))
    except OSError as exc:
        raise TranscriptUnreadable(f"{file.name} cannot be opened: {exc.strerror}.") from exc
    except _Nonsense as exc:
        raise TranscriptUnreadable(f"{file.name} {exc}.") from exc


def find_transcript(video: Path) -> Path | None:
    """The transcript beside `video`: same name, best suffix first, in any case."""
    try:
        beside = sorted(
            (SUFFIXES.index(file.suffix.lower()), file)
            for file in video.parent.iterdir()
            if file.stem == video.stem and file.suffix.lower() in SUFFIXES and file.is_file()
        )
    except OSError:
        return None
    return beside[0][1] if beside else None


class _Nonsense(Exception):
    """The rest of a sentence that begins with the file's name."""


def _text(file: Path) -> str:
    if not file.is_file():
        raise _Nonsense("is not a file")
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _Nonsense(f"is larger than {MAX_BYTES // 1024 // 1024} MB")
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _Nonsense("is not a text file")


def _clean(text: str) -> str:
    """Readable text on one line."""
    text = html.unescape(_TAG.sub("", text))
    return " ".join(_NOISE.sub(" ", "".join(filter(_is_visible, text))).split())


def _is_visible(char: str) -> bool:
    return char.isspace() or char in _JOINERS or unicodedata.category(char) not in _INVISIBLE


def _read_json3(text: str) -> list[_RawCue]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise _Nonsense("is not valid JSON") from exc
    if not isinstance(document, dict) or not isinstance(document.get("events"), list):
        raise _Nonsense("has no list of events, so it is not YouTube's json3")
    return [cue for event in document["events"] if (cue := _event_cue(event)) is not None]


def _event_cue(event: Any) -> _RawCue | None:
    """None for what holds no text, such as the definition of a window."""
    if not isinstance(event, dict):
        return None
    start, duration = _seconds(event.get("tStartMs", 0)), _seconds(event.get("dDurationMs", 0))
    segments = event.get("segs")
    if start is None or not isinstance(segments, list):
        return None
    said = [one for one in segments if isinstance(one, dict) and isinstance(one.get("utf8"), str)]
    offsets = [_seconds(one.get("tOffsetMs", 0)) for one in said]
    pieces = [(one["utf8"], start + (at or 0)) for one, at in zip(said, offsets, strict=True)]
    measured = any("tOffsetMs" in one for one in said) and None not in offsets
    whole = ("".join(one["utf8"] for one in said), start)
    end = start + (duration or 0)
    return _RawCue(start, end, tuple(pieces) if measured else (whole,), measured=measured)


def _seconds(milliseconds: Any) -> Seconds | None:
    """None where a number makes no sense; JSON may hold anything, even NaN."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    return milliseconds / 1000 if 0 <= milliseconds <= LONGEST * 1000 else None


def _read_subtitles(text: str) -> list[_RawCue]:
    format_ = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    folded = "\n".join(_fold(text, is_vtt=format_ == "vtt"))
    try:
        file = pysubs2.SSAFile.from_string(folded, format_=format_, keep_html_tags=True)
        shown = [_shown(event) for event in file]
    except Exception as exc:  # it was written for files that make sense
        raise _Nonsense("holds time stamps that make no sense") from exc
    shown = sorted((cue for cue in shown if cue.start <= LONGEST), key=lambda cue: cue.start)
    return [_subtitle_cue(cue) for cue in _without_repeats(shown)]


def _fold(text: str, *, is_vtt: bool) -> Iterator[str]:
    """The file with one line of text per cue.

    pysubs2 takes every line with two times for a new cue, a cue's name for text of the cue
    before, and a last line of digits for the next cue's number.
    """
    body: list[str] = []
    in_comment = False
    for line in map(str.strip, text.splitlines()):
        starts_comment = is_vtt and body[-1:] == [""] and _COMMENT.match(line)
        in_comment = bool(line and (in_comment or starts_comment))
        if _ARROW.match(line):
            yield from (_folded(_without_name(body)), line)
            body = []
        elif not in_comment:
            body.append(line)
    yield _folded(body)


def _without_name(body: list[str]) -> list[str]:
    """The lines between two cues' times, without the number or name of the second."""
    named = body[-1:] != [""] and (body[-2:-1] == [""] or "".join(body[-1:]).isdecimal())
    return body[:-1] if named else body


def _folded(body: list[str]) -> str:
    text = r"\N".join(filter(None, body)).replace(":", _COLON)
    closed, brace, rest = text.rpartition("}")
    return closed + brace + rest.replace("{", "")  # an open one costs pysubs2 the square


def _shown(event: pysubs2.SSAEvent) -> _Shown:
    lines = event.plaintext.replace(_COLON, ":").split("\n")
    return _Shown(event.start / 1000, event.end / 1000, tuple(filter(_clean, lines)))


def _without_repeats(shown: Sequence[_Shown]) -> list[_Shown]:
    """Only new lines.  YouTube's automatic VTT shows each line two or three times."""
    repeats = [0, *(cue.repeats(before) for before, cue in pairwise(shown))]
    stamped = any(_STAMP.search(line) for cue in shown for line in cue.lines)
    rolling = sum(map(bool, repeats))
    if not stamped and (rolling < 3 or rolling * 2 < len(shown)):
        return list(shown)  # somebody may say the same thing twice
    return [replace(cue, lines=cue.lines[old:]) for cue, old in zip(shown, repeats, strict=False)]


def _subtitle_cue(cue: _Shown) -> _RawCue:
    text = "\n".join(cue.lines)
    pieces, start, position = [], cue.start, 0
    for stamp in _STAMP.finditer(text):
        pieces.append((text[position : stamp.start()], start))
        hours, minutes, seconds, thousandths = (int(part or 0) for part in stamp.groups())
        start = hours * 3600 + minutes * 60 + seconds + thousandths / 1000
        position = stamp.end()
    pieces.append((text[position:], start))
    return _RawCue(cue.start, cue.end, tuple(pieces), measured=len(pieces) > 1)


def _transcript(raw: Iterable[_RawCue]) -> Transcript:
    cues = _tidy(raw)
    words = [(word, cue.measured) for cue in cues for word in _words(cue)]
    if not words:
        raise _Nonsense("holds no timed text")
    measured = sum(is_measured for _, is_measured in words)
    return Transcript(
        words=tuple(sorted((word for word, _ in words), key=lambda word: word.span.start)),
        cues=tuple(Cue(cue.text(), Span(cue.start, cue.end)) for cue in cues),
        exact_words=measured * 2 > len(words),
    )


def _tidy(raw: Iterable[_RawCue]) -> list[_RawCue]:
    """Cues with text, ordered; each ends at the latest where the next one starts."""
    said = sorted((_sane(cue) for cue in raw if cue.text()), key=lambda cue: cue.start)
    cues = [_together(list(group)) for _, group in groupby(said, lambda cue: cue.start)]
    ends = [min(cue.end, following.start) for cue, following in pairwise(cues)]
    return [replace(cue, end=end) for cue, end in zip(cues, ends, strict=False)] + cues[-1:]


def _together(cues: Sequence[_RawCue]) -> _RawCue:
    """One cue for several that start at once, such as two speakers on two lines."""
    texts = list(dict.fromkeys(cue.text() for cue in cues))
    whole = ((" ".join(texts), cues[0].start),)
    return cues[0] if len(texts) == 1 else replace(cues[0], pieces=whole, measured=False)


def _sane(cue: _RawCue) -> _RawCue:
    end = cue.end if cue.end - cue.start >= TICK else cue.start + UNKNOWN_DURATION
    starts = [cue.start, *(start for _, start in cue.pieces)]
    whole = (("".join(text for text, _ in cue.pieces), cue.start),)
    if starts == sorted(starts) and starts[-1] <= LONGEST:
        return replace(cue, end=end)
    return replace(cue, end=end, pieces=whole, measured=False)


def _words(cue: _RawCue) -> Iterator[Word]:
    stops = [*(start for _, start in cue.pieces[1:]), cue.end]
    longest = LONGEST_WORD if cue.measured else math.inf
    for (text, start), stop in zip(cue.pieces, stops, strict=True):
        yield from _spread(_clean(text).split(), start, min(stop, start + longest))


def _spread(words: Sequence[str], start: Seconds, end: Seconds) -> Iterator[Word]:
    """Each word takes its share by characters, the blank after it included."""
    per_character = max(end - start, 0) / max(sum(len(word) + 1 for word in words), 1)
    for word in words:
        stop = start + per_character * (len(word) + 1)
        yield Word(word, Span(round(start, 3), max(round(stop, 3), round(start, 3) + TICK)))
        start = stop
