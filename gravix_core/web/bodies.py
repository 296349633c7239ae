"""A request's body in, the fields of its JSON object out."""

from __future__ import annotations

import json

from starlette.requests import Request

from gravix_core.web.errors import BadRequest

LONGEST = 10_000
"""Bytes."""


async def fields_of(request: Request) -> dict[str, object]:
    """None of an empty body.

    Raises:
        BadRequest: It is too long, or no JSON object.
        ClientDisconnect: It did not come whole.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            raise BadRequest("this request is too long")
    try:
        fields = json.loads(body or b"{}")
    except (ValueError, RecursionError) as exc:
        raise BadRequest("this request is not JSON") from exc
    if not isinstance(fields, dict):
        raise BadRequest("this request is not a JSON object")
    return fields


def text_of(fields: dict[str, object], name: str) -> str | None:
    """Raises BadRequest."""
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value
    raise BadRequest(f"{name} must be a text")
