"""What a model wrote in, the odd thing that a mode makes of it out.

Fields are found by their names, so whatever schema was sent, the modes fit it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from tests.simulators.gemini_prompt import planted_order
from tests.simulators.gemini_schema import Kind, fresh, id_name, kind_of, lists_of, things_of
from tests.simulators.gemini_words import Json, Mode, Request

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
FLAG = "\U0001f1e7\U0001f1f7"
THUMB = "\N{THUMBS UP SIGN}\U0001f3fd"
ARABIC = "\u202bكيف تغيّر العادات الصغيرة حياتك\u202c"
HEBREW = "\u2067סיפור על אומץ\u2069"
_LIMITS = {Kind.TITLE: 300, Kind.CAPTION: 5000}

Text = Callable[[str], Any]


def made_odd(value: Any, mode: Mode, request: Request, rng: random.Random) -> Any:
    """The answer after a mode of the stage ITEMS; `value` may be changed."""
    if mode in _LISTS:
        for things in lists_of(value):
            things[:] = _LISTS[mode](things, request.asked)
            break
        return value
    if mode is Mode.MUTATED:
        return _mutated(value, rng)
    if mode is Mode.OBEYS:
        order = planted_order(request.prompt)
        return _texts(value, {}, lambda _: order) if order else value
    if mode is Mode.LEAKS:
        return _texts(value, {Kind.CAPTION}, lambda text: f"{request.system}\n\n{text}")
    if mode in _TEXTS:
        kinds, change = _TEXTS[mode]
        return _texts(value, kinds, change)
    for thing in things_of(value):
        _THINGS[mode](thing)
    return value


def _texts(value: Any, kinds: set[Kind] | dict[Kind, int], change: Text) -> Any:
    """Every string of some kinds changed; no kinds: every string but ids."""

    def walk(inner: Any, kind: Kind) -> Any:
        if isinstance(inner, dict):
            return {name: walk(one, kind_of(name)) for name, one in inner.items()}
        if isinstance(inner, list):
            return [walk(one, kind) for one in inner]
        fits = kind in kinds if kinds else kind is not Kind.ID
        return change(inner) if fits and isinstance(inner, str) else inner

    return walk(value, Kind.OTHER)


# Lists


def _wrong(things: list[Json], asked: Sequence[int]) -> list[Json]:
    return [_with_id(thing, one) for thing, one in zip(things, fresh(asked), strict=False)]


def _missing(things: list[Json], asked: Sequence[int]) -> list[Json]:
    return things[:-1] if len(things) < 3 else things[::2]


def _duplicate(things: list[Json], asked: Sequence[int]) -> list[Json]:
    return [
        *things,
        *_texts(things[:1], {Kind.TITLE, Kind.CAPTION}, lambda text: text + " (again)"),
    ]


def _extra(things: list[Json], asked: Sequence[int]) -> list[Json]:
    more = [_with_id(things[0], one) for one, _ in zip(fresh(asked), "12", strict=False)]
    return [*more[:1], *things, *more[1:]]


def _with_id(thing: Json, given: int) -> Json:
    name = id_name(thing)
    return {**thing, name: given} if name else dict(thing)


_LISTS: dict[Mode, Callable[[list[Json], Sequence[int]], list[Json]]] = {
    Mode.WRONG_IDS: _wrong,
    Mode.MISSING: _missing,
    Mode.MISSING_ALL: lambda things, _: [],
    Mode.DUPLICATE: _duplicate,
    Mode.EXTRA: _extra,
    Mode.SHUFFLED: lambda things, _: things[::-1],
}


# Fields


def _long_words(kind: Kind) -> Text:
    """Words with ends of sentences between them, as `str.ljust` has one character alone."""
    most = _LIMITS[kind]
    return lambda text: (f"{text} It goes on and on. " * (most // max(len(text), 1) + 1))[:most]


def _odd(text: str) -> str:
    return f"\x00{text[:3]}\x1b[31m\r\n\t{text[3:]}\u2028\ufeff\x7f"


_TEXTS: dict[Mode, tuple[set[Kind], Text]] = {
    Mode.EMOJI: (set(), lambda text: f"{FAMILY}{text}{FLAG}{THUMB}" if text[:1] != "#" else text),
    Mode.RIGHT_TO_LEFT: (
        {Kind.TITLE, Kind.CAPTION, Kind.REASON},
        lambda text: f"{ARABIC} {text[:20]} {HEBREW}",
    ),
    Mode.ODD_CHARACTERS: ({Kind.TITLE, Kind.CAPTION, Kind.TOPIC, Kind.HASHTAG}, _odd),
    Mode.LONE_SURROGATE: ({Kind.TITLE, Kind.CAPTION}, lambda text: f"{text} \ud83d"),
    Mode.LONG_TITLES: ({Kind.TITLE}, _long_words(Kind.TITLE)),
    Mode.LONG_CAPTIONS: ({Kind.CAPTION}, _long_words(Kind.CAPTION)),
    Mode.BARE_HASHTAGS: ({Kind.HASHTAG}, lambda text: text.lstrip("#")),
    Mode.EMPTY_STRINGS: (set(), lambda text: ""),
    Mode.SAME_TITLE: ({Kind.TITLE}, lambda text: "One title for all of them"),
    Mode.NESTED_FIELD: ({Kind.TITLE}, lambda text: json.dumps({"title": text, "caption": "in it"})),
    Mode.MENTIONS: (
        {Kind.CAPTION},
        lambda text: f"{text} {' '.join(f'@person{number}' for number in range(25))}",
    ),
}


# Things


def _each(kind: Kind, value: Any) -> Callable[[Json], None]:
    def change(thing: Json) -> None:
        for name in thing:
            is_other = kind is Kind.SCORE and isinstance(thing[name], str | list | dict)
            if kind_of(name) is kind and not is_other:
                thing[name] = value

    return change


def _many_hashtags(thing: Json) -> None:
    for name in thing:
        if kind_of(name) is Kind.HASHTAG:
            thing[name] = [f"#tag{number}" for number in range(40)]


def _hashtags_as_text(thing: Json) -> None:
    for name in thing:
        if kind_of(name) is Kind.HASHTAG and isinstance(thing[name], list):
            thing[name] = " ".join(map(str, thing[name]))


def _nulls(thing: Json) -> None:
    for name in thing:
        thing[name] = thing[name] if kind_of(name) is Kind.ID else None


def _bad_types(thing: Json) -> None:
    for name, value in thing.items():
        if kind_of(name) is not Kind.ID:
            thing[name] = 7 if isinstance(value, str) else "a text"


def _other_keys(thing: Json) -> None:
    for name in list(thing):
        thing[name.replace("_", " ").title().replace(" ", "")] = thing.pop(name)


def _ids_as_text(thing: Json) -> None:
    name = id_name(thing)
    if name:
        thing[name] = str(thing[name])


_THINGS: dict[Mode, Callable[[Json], None]] = {
    Mode.SCORE_ZERO: _each(Kind.SCORE, 0),
    Mode.SCORE_HIGH: _each(Kind.SCORE, 101),
    Mode.SCORE_WORDS: _each(Kind.SCORE, "high"),
    Mode.MANY_HASHTAGS: _many_hashtags,
    Mode.HASHTAGS_AS_TEXT: _hashtags_as_text,
    Mode.NULLS: _nulls,
    Mode.BAD_SCHEMA: _bad_types,
    Mode.OTHER_KEYS: _other_keys,
    Mode.IDS_AS_TEXT: _ids_as_text,
}

_STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, "", " ", "null", "\n", "#", "@", "a" * 9000, [], {}, [[]],
    [None], {"": None}, [{"reel_id": None}], "\u202e", "```json", "<script>", "{}", "🦆" * 400,
)  # fmt: skip


def _mutated(value: Any, rng: random.Random) -> Any:
    """A copy in which about every eighth value is lost, doubled or something else."""
    chance = rng.random()
    if chance < 0.08:
        return rng.choice(_STRANGE)
    if isinstance(value, dict):
        kept = {k: _mutated(v, rng) for k, v in value.items() if rng.random() > 0.05}
        return [kept] if chance > 0.98 else kept
    if isinstance(value, list):
        twice = [one for one in value for _ in range(rng.choice((1,) * 12 + (0, 2)))]
        return [_mutated(one, rng) for one in twice]
    return value
