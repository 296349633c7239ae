"""The parameter `fields` and an object in, the members asked for out; lists page by page.  Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from tests.simulators.instagram_errors import bad_parameter
from tests.simulators.instagram_words import Request
from tests.simulators.instagram_world import World

T = TypeVar("T")
Fields = Mapping[str, "Fields"]
Maker = Callable[[Fields], object]
"""Gives a member of an object; what is asked of that in turn comes in.  None leaves it out."""


def parse_fields(text: str) -> Fields:
    """Read ``id,owner{id,name}``.

    Raises:
        GraphError: The braces do not match.
    """
    fields, rest = _parse(text.replace(" ", ""))
    if rest:
        raise bad_parameter("Syntax error in the parameter fields")
    return fields


def _parse(text: str) -> tuple[dict[str, Fields], str]:
    """What stands before the closing brace or the end, and what comes behind it."""
    found: dict[str, Fields] = {}
    while text and not text.startswith("}"):
        end = next((at for at, char in enumerate(text) if char in ",{}"), len(text))
        name, text = text[:end], text[end:]
        inner: dict[str, Fields] = {}
        if text.startswith("{"):
            inner, text = _parse(text[1:])
            if not text.startswith("}"):
                raise bad_parameter("Syntax error in the parameter fields: a brace is missing")
            text = text[1:]
        if name:
            found[name] = inner
        text = text.removeprefix(",")
    return found, text


def asked_fields(request: Request, default: str) -> Fields:
    return parse_fields(request.params.get("fields", "") or default)


def pick(makers: Mapping[str, Maker], fields: Fields, kind: str) -> dict[str, object]:
    """The members asked for, and always the id.

    Raises:
        GraphError: A field does not exist.
    """
    for name in fields:
        if name not in makers:
            raise bad_parameter(f"Tried accessing nonexisting field ({name}) on node type ({kind})")
    made = {name: makers[name](inner) for name, inner in fields.items()}
    if "id" in makers:
        made |= {"id": makers["id"]({})}
    return {name: value for name, value in made.items() if value is not None}


def page_of(
    world: World, request: Request, things: Sequence[T], show: Callable[[T], dict[str, object]]
) -> dict[str, object]:
    """One page of a list, with cursors and, unless it is the last, the address of the next.

    As on the real site, that address carries the token but no proof.
    """
    size = min(_limit(request), max(1, world.switches.page_size))
    start = _position(request.params.get("after", ""))
    shown = [show(thing) for thing in things[start : start + size]]
    if not shown:
        return {"data": []}
    stop = start + len(shown)
    paging: dict[str, object] = {"cursors": {"before": _cursor(start), "after": _cursor(stop)}}
    if stop < len(things):
        kept = {k: v for k, v in request.params.items() if k != "appsecret_proof"}
        params = {**kept, "access_token": request.token, "after": _cursor(stop)}
        paging["next"] = f"{world.graph_url}{request.path}?{urlencode(params)}"
    return {"data": shown, "paging": paging}


def _limit(request: Request) -> int:
    given = request.params.get("limit", "25")
    if not given.isdecimal() or int(given) < 1:
        raise bad_parameter("limit must be a positive number")
    return int(given)


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"QVFIU:{position}".encode()).decode().rstrip("=")


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return max(0, int(text.removeprefix("QVFIU:")))
    except ValueError:
        raise bad_parameter("Invalid cursors values") from None


def plain(values: Iterable[tuple[str, object]]) -> dict[str, Maker]:
    """Makers of members that hold nothing further."""
    return {name: _always(value) for name, value in values}


def _always(value: object) -> Maker:
    return lambda _: value
