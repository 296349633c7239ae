"""What a model wrote in, the texts that can be made out in it out.  Pure.

The schema is sent along, but nothing makes a model keep it: so the answer is read as it comes.
Texts belong to reels by their ids, never by their places.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from pydantic import BaseModel, Field

from gravix_core.stages.caption.foreign import clean, one_line, says_something

LONGEST = 200_000
"""Characters of an answer that are read."""
LONGEST_LINE, LONGEST_CAPTION, MOST_OF_A_LIST = 1000, 10_000, 60
"""Characters of a line and of a caption, and hashtags, that are read: more than can be posted."""
MOST_TRIES = 400
"""Places in a broken answer at which a whole item is looked for."""
DEEPEST = 6
"""Lists and items in each other."""


class Answer(BaseModel):
    """What a schema is made of."""


class Item(Answer):
    """The text of one reel."""

    reel_id: int
    title: str = Field(description="At most 70 characters, one line")
    caption: str = Field(description="40 to 80 words, without hashtags, mentions and links")
    hashtags: list[str] = Field(description="Each begins with #")
    topics: list[str]
    interest: int = Field(description="0 to 100")
    reason: str = Field(description="One sentence in English")


class Batch(Answer):
    """The texts of a video's reels."""

    reels: list[Item]


class Version(Answer):
    """One way to write a reel's text."""

    version: int
    title: str = Field(description="At most 70 characters, one line")
    caption: str = Field(description="40 to 80 words, without hashtags, mentions and links")
    hashtags: list[str] = Field(description="Each begins with #")
    topics: list[str]


class Versions(Answer):
    """Several ways to write it."""

    versions: list[Version]


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it came, in the right types; not yet held against anything."""

    title: str
    caption: str
    hashtags: tuple[str, ...] = ()
    """As they were written, perhaps without their signs."""
    topics: tuple[str, ...] = ()
    interest: int | None = None
    """0..100; None: no number that makes sense."""
    reason: str = ""


def read_answer(text: str | None, asked: Collection[int]) -> Mapping[int, Draft]:
    """The texts of the reels that were asked for; a reel without a usable one is absent.

    Never raises.  Of an id that comes twice the first text counts.  An item without an id counts
    only where one reel was asked for and one item came.
    """
    found = [
        (_id_of(item, hint), draft) for item, hint in items_in(text) if (draft := _draft(item))
    ]
    if len(found) == len(asked) == 1 and found[0][0] is None:
        return {next(iter(asked)): found[0][1]}
    known: dict[int, Draft] = {}
    for reel_id, draft in found:
        if reel_id is not None and reel_id in asked:
            known.setdefault(reel_id, draft)
    return known


def read_versions(text: str | None) -> tuple[Draft, ...]:
    """The usable texts of an answer in their order, whatever their ids.  Never raises."""
    return tuple(draft for item, _ in items_in(text) if (draft := _draft(item, partly=True)))


def items_in(text: str | None) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Everything in an answer that may be an item, with the name that it stands under."""
    try:
        yield from list(_walk(_parsed((text or "")[:LONGEST]), "", DEEPEST))
    except RecursionError:
        return


def _parsed(text: str) -> Any:
    """The answer's JSON; of a broken one, whatever whole items are in it."""
    body = text.strip("\ufeff \n\r\t").removesuffix("```")
    body = re.sub(r"^`{3}[\w-]*", "", body)
    for candidate in (body, *_inner(body)):
        try:
            value = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, str) and value != text:
            return _parsed(value)
        if isinstance(value, dict | list):
            return value
    return list(_salvaged(body))


def _inner(body: str) -> Iterator[str]:
    """What stands between the outermost brackets, with and without a comma too many."""
    for opening, closing in ("{}", "[]"):
        start, end = body.find(opening), body.rfind(closing)
        if 0 <= start < end:
            yield body[start : end + 1]
            yield re.sub(r",(\s*[}\]])", r"\1", body[start : end + 1])


def _salvaged(body: str) -> Iterator[Any]:
    """Each whole item of an answer that is cut off, or broken in between."""
    decoder, at = json.JSONDecoder(strict=False), 0
    for _ in range(MOST_TRIES):
        at = body.find("{", at)
        if at < 0:
            return
        try:
            value, end = decoder.raw_decode(body, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        yield value
        at = end


def _walk(value: Any, hint: str, deep: int) -> Iterator[tuple[Mapping[str, Any], str]]:
    if deep <= 0:
        return
    if isinstance(value, list):
        for one in value:
            yield from _walk(one, "", deep - 1)
    elif isinstance(value, dict):
        item = {re.sub(r"[^a-z]", "", str(name).lower()): one for name, one in value.items()}
        if {"title", "caption", "hashtags"} & set(item):
            yield item, hint
            return
        for name, one in value.items():
            yield from _walk(one, str(name), deep - 1)


def _id_of(item: Mapping[str, Any], hint: str) -> int | None:
    """The id that an item names, or stands under; -1 for one that makes no sense."""
    named = [item[name] for name in ("reelid", "id", "reel") if name in item]
    if not named:
        return _whole(hint) if _whole(hint) is not None else None
    number = _whole(named[0])
    return -1 if number is None else number


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(?:reel)?[\s_#-]*(\d{1,18})\s*", value, re.IGNORECASE | re.ASCII)
        return int(found[1]) if found else None
    return value if isinstance(value, int) else None


def _draft(item: Mapping[str, Any], *, partly: bool = False) -> Draft | None:
    """The text of an item; None without title, caption or anything to make hashtags of.

    Args:
        partly: Any of the three is enough.
    """
    title = one_line(_text(_unwrapped(item, "title"))[:LONGEST_LINE])
    caption = clean(_text(_unwrapped(item, "caption"))[:LONGEST_CAPTION])
    hashtags = _texts(item.get("hashtags"), r"[\s,;]+")
    topics = _texts(item.get("topics"), r"[,;\n]+")
    has = [says_something(title), says_something(caption), bool(hashtags or topics)]
    if not (any(has) if partly else all(has)):
        return None
    reason = one_line(_text(item.get("reason"))[:LONGEST_LINE])
    return Draft(title, caption, hashtags or topics, topics or hashtags, _interest(item), reason)


def _unwrapped(item: Mapping[str, Any], name: str) -> Any:
    """What stands under a name, also where a whole item stands under it once more, as JSON."""
    value = item.get(name)
    if isinstance(value, str) and value.lstrip().startswith("{"):
        inner = _parsed(value)
        value = inner.get(name) if isinstance(inner, dict) else value
    return value.get(name) if isinstance(value, dict) else value


_NOTHING = frozenset({"null", "none", "n/a", "undefined", "nan"})


def _text(value: Any) -> str:
    """A string; what is no string, or JSON where words belong, is none."""
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        value = "\n".join(value)
    if not isinstance(value, str) or value.strip().lower() in _NOTHING:
        return ""
    return "" if _CODE.match(value) or _OUR_PROMPT.search(value) else _unmarked(value)


_CODE = re.compile(r"\s*(?:[{\[]\s*[\"{\[]|`{3}|<(?:script|html|body|!doctype)\b)", re.IGNORECASE)
_OUR_PROMPT = re.compile(r"</?data\b|^\s*reel_id[\s:]+\d", re.IGNORECASE | re.MULTILINE)
_SCRIPT = re.compile(r"(?s)<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|li|h[1-6])\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|p|em|strong|span|mark|small|ul|ol|li|h[1-6])(?:\s[^<>]{0,200})?>", re.IGNORECASE
)
_BOLD = re.compile(r"(?<![\w*])\*\*(?=\S)([^\n*]{1,300})(?<=\S)\*\*(?![\w*])")
_HEADING = re.compile(r"^\s{0,3}#{1,6}[ \t]+", re.MULTILINE)


def _unmarked(text: str) -> str:
    """Words alone: without the marks of HTML and Markdown, which a post shows as they are."""
    text = _TAG.sub("", _BREAK.sub("\n", _SCRIPT.sub("", text)))
    return _HEADING.sub("", _BOLD.sub(r"\1", unescape(text)))


def _texts(value: Any, divider: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(divider, value)
    if not isinstance(value, list):
        return ()
    lines = (one_line(_text(one)[:LONGEST_LINE]).lstrip("#＃ ") for one in value[:MOST_OF_A_LIST])
    return tuple(line for line in lines if says_something(line))


def _interest(item: Mapping[str, Any]) -> int | None:
    """0..100.  A share such as 0.8 is none: it may be of 1 or of 100."""
    value = item.get("interest")
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(-?\d{1,9}(?:\.\d{1,9})?)\s*(?:%|/\s*100)?\s*", value, re.ASCII)
        value = float(found[1]) if found else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if (isinstance(value, float) and math.isnan(value)) or 0 < value < 1:
        return None
    return round(min(max(value, 0), 100))
