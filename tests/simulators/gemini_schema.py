"""A schema in Google's or in JSON Schema's spelling in, one spelling out; and what fills it.  Pure.

Whoever sent the schema, the answer has its names: what a string or a number is for is guessed
from the name of its field, and its limits are kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import count
from typing import Any, Protocol

from tests.simulators.gemini_fields import camel
from tests.simulators.gemini_words import Json

_WHOLE = ("minItems", "maxItems", "minLength", "maxLength")
_LIMITS = ("minimum", "maximum")
_LISTS = ("required", "propertyOrdering", "enum")
DEPTH = 32
"""Of schemas that contain themselves."""
USUAL = 3
"""Things in a list whose schema does not say how many, and for which no ids are known."""


class Kind(Enum):
    """What a field is for."""

    ID = auto()
    SCORE = auto()
    NUMBER = auto()
    TITLE = auto()
    CAPTION = auto()
    HASHTAG = auto()
    TOPIC = auto()
    REASON = auto()
    LANGUAGE = auto()
    OTHER = auto()


_KINDS = (
    (Kind.HASHTAG, ("hashtag", "hash_tag", "tags", "tag")),
    (Kind.TOPIC, ("topic", "keyword", "categor", "theme")),
    (Kind.REASON, ("reason", "why", "explanation", "rationale", "note")),
    (Kind.SCORE, ("score", "interest", "quality", "rating", "rank")),
    (Kind.LANGUAGE, ("language", "lang", "locale")),
    (Kind.TITLE, ("title", "headline", "heading", "hook", "name")),
    (Kind.CAPTION, ("caption", "description", "text", "body", "summary")),
)


def kind_of(name: str, schema: Mapping[str, Any] | None = None) -> Kind:
    """What a field of this name is for."""
    low = name.lower()
    is_number = schema is not None and schema.get("type") in {"integer", "number"}
    if low in {"id", "reel", "clip", "index", "number"} or re.search(r"_id$|I[dD]$", name):
        return Kind.ID
    for kind, parts in _KINDS:
        if any(part in low for part in parts):
            return Kind.NUMBER if is_number and kind is not Kind.SCORE else kind
    return Kind.NUMBER if is_number else Kind.OTHER


_ALTERNATIVES = re.compile(r"alternativ|option|variant|version|choice", re.IGNORECASE)
"""Lists with several things about the same reel."""
_PLAIN: Mapping[str, Any] = {"boolean": True, "null": None, "object": {}}


class Writer(Protocol):
    """Knows the words."""

    def text(self, kind: Kind, reel: int, place: int) -> str: ...
    def score(self, reel: int, low: float, high: float) -> float: ...


def plain(schema: Any) -> Json:
    """In JSON Schema's spelling, with references, ``nullable`` and lists of types resolved.

    ``null`` is told by ``nullable``; of several choices the first is taken, as ``choices`` has all.

    Raises:
        ValueError: A reference that leads nowhere.
    """
    defs: Json = schema.get("$defs") or schema.get("definitions") or {}
    return _plain(schema, defs, 0)


def _plain(schema: Any, defs: Json, depth: int) -> Json:
    if schema is True or depth > DEPTH:
        return {}
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        if name not in defs:
            raise ValueError(f"no definition for {schema['$ref']}")
        rest = {k: v for k, v in schema.items() if k != "$ref"}
        return _plain({**defs[name], **rest}, defs, depth + 1)
    told = {camel(k): v for k, v in schema.items() if v is not None}
    made = {k: v for k, v in told.items() if k not in {"$defs", "definitions"}}
    made |= {name: int(made[name]) for name in _WHOLE if name in made}
    made |= {name: _finite(made[name]) for name in _LIMITS if name in made}
    choices = [_plain(one, defs, depth + 1) for one in made.pop("anyOf", made.pop("oneOf", ()))]
    if choices:
        real = [one for one in choices if one.get("type") != "null"]
        made = {**(real[0] if real else {}), **made, "nullable": len(real) < len(choices)}
    kinds = made.get("type", "object" if "properties" in made else None)
    if isinstance(kinds, list):
        made["nullable"] = "null" in kinds
        kinds = next((one for one in kinds if one != "null"), "null")
    if kinds is not None:
        made["type"] = str(kinds).lower()
    if "const" in made:
        made["enum"] = [made.pop("const")]
    properties = made.get("properties") or {}
    made["properties"] = {k: _plain(v, defs, depth + 1) for k, v in properties.items()}
    made |= {name: list(made[name]) for name in _LISTS if name in made}
    if "items" in made:
        made["items"] = _plain(made["items"], defs, depth + 1)
    return made


def _finite(value: Any) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no limit")
    return float(value)


def ids_of(schema: Json) -> tuple[int, ...]:
    """The ids that the schema allows, where it lists them."""
    for name, inner in schema.get("properties", {}).items():
        if kind_of(name, inner) is Kind.ID and inner.get("enum"):
            return tuple(int(one) for one in inner["enum"] if str(one).lstrip("-").isdigit())
        found = ids_of(inner)
        if found:
            return found
    return ids_of(schema["items"]) if "items" in schema else ()


class Filler:
    """Makes what a schema asks for."""

    def __init__(self, writer: Writer, ids: Sequence[int]) -> None:
        self._writer, self._ids = writer, tuple(ids)

    def fill(self, schema: Json, name: str = "", *, reel: int = 0, place: int = 0) -> Any:
        """A value that keeps to the schema, about one reel, the `place`-th of its kind."""
        if schema.get("enum") and kind_of(name, schema) is not Kind.ID:
            return schema["enum"][place % len(schema["enum"])]
        if schema.get("properties"):
            return self._object(schema, reel, place)
        if schema.get("type") == "array":
            return self._array(schema, name, reel, place)
        if schema.get("type") in {"integer", "number"}:
            return self._number(schema, name, reel)
        if schema.get("type") in _PLAIN:
            return _PLAIN[schema["type"]]
        return self._string(schema, name, reel, place)

    def _object(self, schema: Json, reel: int, place: int) -> Json:
        properties = schema["properties"]
        order = [*schema.get("propertyOrdering", ()), *schema.get("required", ()), *properties]
        names = dict.fromkeys(name for name in order if name in properties)
        one = reel or (self._ids[0] if len(self._ids) == 1 else 0)
        return {name: self.fill(properties[name], name, reel=one, place=place) for name in names}

    def _array(self, schema: Json, name: str, reel: int, place: int) -> list[Any]:
        items = schema.get("items", {"type": "string"})
        low, high = int(schema.get("minItems", 0)), int(schema.get("maxItems", 10**6))
        if _has_id(items) and not reel and not _ALTERNATIVES.search(name):
            ids = (self._ids or tuple(range(1, max(USUAL, low) + 1)))[:high]
            return [self.fill(items, name, reel=one) for one in ids]
        wanted = min(max(USUAL, low), high)
        places = range(place, place + wanted)
        return [self.fill(items, name, reel=reel, place=one) for one in places]

    def _number(self, schema: Json, name: str, reel: int) -> float | int:
        low, high = schema.get("minimum", 0), schema.get("maximum", 100)
        if kind_of(name, schema) is Kind.ID:
            return reel or (self._ids[0] if self._ids else 1)
        value = self._writer.score(reel, float(low), float(high))
        return int(value) if schema["type"] == "integer" else value

    def _string(self, schema: Json, name: str, reel: int, place: int) -> str:
        kind = kind_of(name, schema)
        if kind is Kind.ID:
            return str(reel or (self._ids[0] if self._ids else 1))
        text = self._writer.text(kind, reel, place)
        low, high = int(schema.get("minLength", 0)), int(schema.get("maxLength", 10**9))
        return text[:high].ljust(low, ".")


def _has_id(schema: Json) -> bool:
    return any(kind_of(k, v) is Kind.ID for k, v in schema.get("properties", {}).items())


def lists_of(value: Any) -> Iterator[list[Any]]:
    """The lists of things in an answer, outer ones first."""
    if isinstance(value, list):
        if value and all(isinstance(one, dict) for one in value):
            yield value
        for one in value:
            yield from lists_of(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from lists_of(one)


def things_of(value: Any) -> Iterator[Json]:
    """Every object in an answer that holds more than lists of others."""
    if isinstance(value, dict):
        if any(not isinstance(one, list | dict) for one in value.values()):
            yield value
        for one in value.values():
            yield from things_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from things_of(one)


def id_name(thing: Mapping[str, Any]) -> str:
    """The field that holds the id; empty without."""
    return next((name for name in thing if kind_of(name) is Kind.ID), "")


def fresh(taken: Sequence[int]) -> Iterator[int]:
    """Ids that nobody asked for."""
    return count(max(taken, default=0) + 1000)
