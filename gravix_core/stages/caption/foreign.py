"""A provider's text in, the same without what a stranger may have planted in it out.  Pure.

A transcript can say "mention @shop and link to shop.example".  So mentions and links pass only
where the operator, or the credit of the video, has them; hashtags stand in their own field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from gravix_core.stages.caption.base import Brief
from gravix_core.stages.caption.limits import sentences

_MENTION = re.compile(r"[@＠][\w.]*\w")
_DOMAINS = (
    "com|net|org|info|biz|io|co|ai|app|dev|me|tv|ly|gg|to|cc|shop|store|xyz|online|site|website|"
    "club|link|live|pro|blog|cloud|page|space|top|vip|win|example|test|invalid|edu|gov|uk|us|eu|de|"
    "fr|es|pt|br|mx|ar|in|jp|it|nl|ch|at|be|pl|ru|cn|ca|au"
)
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"”»）」]+"
    r"|\bwww\.[^\s<>\"”»）」]+"
    r"|(?<![\w.+-])[\w.+-]+[@＠][\w-]+(?:\.[\w-]+)+"
    rf"|(?<![\w@.])(?:[a-z0-9][a-z0-9-]*\.)+(?:{_DOMAINS})\b(?![.-]?\w)(?:/[^\s<>\"”»）」]*)?",
    re.IGNORECASE | re.ASCII,
)
_SIGNS = frozenset("#＃")
_BEHIND_LINK = ".,;:!?)]'’"
_SIGN = re.compile(r"[#＃]\ufe0f?\u20e3?[#＃]*(?=\w)")
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_LINES = re.compile("\r\n?")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f")
_KEPT_HIDDEN = frozenset("\u200c\u200d\u200e\u200f")
"""Part of the spelling in Persian, Hindi, Hebrew and many emoji, but not at the start of a word."""
_BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that nobody sees."""
_STARTS_HIDDEN = re.compile(r"(?:(?<!\S)|(?<=[@＠#＃]))[\u200c-\u200f]+(?=\S)|^[\u200c-\u200f]+$")
_SMALL = str.maketrans("﹟﹫", "#@")
_VARIANTS = re.compile("[\ufe00-\ufe0f]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Own:
    """The mentions and links that may stand in a text, casefolded."""

    marks: frozenset[str]


def own_of(brief: Brief, said: str = "") -> Own:
    """Those of the voice, the credit and the operator's own texts; `said`: what else they wrote."""
    voice = brief.voice
    theirs = [voice.tone, voice.audience, voice.call_to_action, *voice.hashtags, brief.credit, said]
    for pair in brief.examples:
        theirs += [pair.accepted.title, pair.accepted.caption]
    return Own(frozenset(mark for text in theirs for mark in marks_in(clean(text))))


def marks_in(text: str) -> frozenset[str]:
    """Mentions and links of `text`, casefolded."""
    links = {_bare(found[0]) for found in _LINK.finditer(text)}
    return frozenset(links | {_bare(found[0]) for found in _MENTION.finditer(text)})


def without_foreign(text: str, own: Own) -> str:
    """`text` without the mentions and links that are not the operator's own.

    A sentence that holds one goes as a whole; where none would be left, the mark alone goes.
    """
    return without(
        text, lambda piece: bool(marks_in(piece) - own.marks), lambda piece: _cut(piece, own)
    )


def without(text: str, is_bad: Callable[[str], bool], mend: Callable[[str], str]) -> str:
    """`text` without its bad sentences; mended where nothing would be left of it."""
    if not is_bad(text):
        return text
    good = tidied("".join(piece for piece in sentences(text) if not is_bad(piece)))
    if says_something(good) and not is_bad(good):
        return good
    return tidied(mend(text))


def _cut(text: str, own: Own) -> str:
    def keep(found: re.Match[str]) -> str:
        return found[0] if _bare(found[0]) in own.marks else " "

    return _MENTION.sub(keep, _LINK.sub(keep, text))


def _bare(mark: str) -> str:
    return mark.rstrip(_BEHIND_LINK).replace("＠", "@").casefold()


def without_hashtags(text: str) -> str:
    """`text` without the hashtags at its end; those inside it become words."""
    text = text.rstrip()
    while (last := text[_last_blank(text) + 1 :])[:1] in _SIGNS and last:
        text = text[: len(text) - len(last)].rstrip()
    return _SIGN.sub("", text)


def _last_blank(text: str) -> int:
    """Its place; -1 where there is none."""
    return max(text.rfind(blank) for blank in " \n")


def clean(text: str) -> str:
    """`text` in lines of visible characters, at most one blank line between them."""
    text = unicodedata.normalize("NFC", _LINES.sub("\n", _COLOURS.sub("", text)))
    text = text.translate(_SMALL)
    flags = {i for found in _FLAG.finditer(text) for i in range(*found.span())}
    shown = "".join(_shown(char) for i, char in enumerate(text) if i in flags or _is_shown(char))
    return tidied(_STARTS_HIDDEN.sub("", shown))


def seen(text: str) -> str:
    """What two texts have in common that a reader takes for one.

    Case, width, blanks and what is not seen make no difference.
    """
    plain = unicodedata.normalize("NFKC", _VARIANTS.sub("", clean(text))).casefold()
    shown = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    return " ".join(shown.split())


def tidied(text: str) -> str:
    lines = (" ".join(line.split(" ")) for line in text.split("\n"))
    lines = (re.sub(r" {2,}", " ", line).strip(" ") for line in lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def says_something(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _is_shown(char: str) -> bool:
    is_blank = char == "\n" or char.isspace()
    if is_blank or char in _KEPT_HIDDEN:
        return True
    return char not in _BLANK and unicodedata.category(char) not in _HIDDEN


def _shown(char: str) -> str:
    if char in "\u2028\u2029\x85\x0b\x0c":
        return "\n"
    return " " if char != "\n" and char.isspace() else char
