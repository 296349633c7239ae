"""The wish to publish a reel in, the publication that was asked for, or why there is none, out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from gravix_core.desks.publication_fields import posted_fields, publication_fields
from gravix_core.errors import GravixError, NotFound, PostedBefore
from gravix_core.model import Seconds
from gravix_core.publications import PostOptions, Publication
from gravix_core.web.deeds import Fields, answering
from gravix_core.web.errors import NO_STORE, BadField, in_fields

KNOWN = ("again", "share_to_feed", "thumb_offset", "collaborators", "ai_generated", "version")
LONGEST: Seconds = 900
"""Of a reel (Meta, "IG User Media", read 2026-11-22)."""
USERNAME = re.compile(r"[A-Za-z0-9._]{1,30}")
"""As Instagram's sign-up page takes them, without ``@``, read 2026-11-22."""
REEL_ID = re.compile(r"[0-9]{1,18}")
LONGEST_VERSION = 100


class Publishing(Protocol):
    def publish(
        self,
        reel_id: int,
        *,
        seen: str | None = None,
        options: PostOptions | None = None,
        again: bool = False,
    ) -> Publication: ...


class Desk(Protocol):
    @property
    def publishing(self) -> Publishing: ...


def reel_routes(desk: Callable[[], Desk]) -> list[BaseRoute]:
    """What may be done with a reel over HTTP."""

    def deed(request: Request, fields: Fields) -> Response:
        return publish(request, fields, desk())

    endpoint = answering(deed, wrong=_wrong)
    return [Route("/api/reels/{reel_id}/publish", endpoint, methods=["POST"])]


def publish(request: Request, fields: Fields, desk: Desk) -> Response:
    """POST: ask for it; the work is a job's.

    ``again``: although the same stretch was posted before.  ``version``: the one that was looked
    at, so that no other is published.  The others: as `PostOptions`.
    """
    given = request.path_params["reel_id"]
    if not REEL_ID.fullmatch(given):
        raise NotFound("there is no such reel")
    options, again, version = options_of(fields), _flag(fields, "again"), _version(fields)
    row = desk.publishing.publish(int(given), seen=version, options=options, again=again)
    return JSONResponse(publication_fields(row), 202, headers=NO_STORE)


def options_of(fields: Fields) -> PostOptions:
    """Raises BadField."""
    foreign = sorted(set(fields) - set(KNOWN))
    if foreign:
        raise BadField(
            f"there is no field {foreign[0][:50]!r}", hint=f"There are: {', '.join(KNOWN)}."
        )
    return PostOptions(
        share_to_feed=_flag(fields, "share_to_feed", usually=True),
        thumb_offset=_offset(fields.get("thumb_offset")),
        collaborators=_collaborators(fields.get("collaborators", [])),
        ai_generated=_flag(fields, "ai_generated"),
    )


def _flag(fields: Fields, name: str, *, usually: bool = False) -> bool:
    value = fields.get(name, usually)
    if not isinstance(value, bool):
        raise BadField(f"{name} must be true or false")
    return value


def _offset(value: object) -> Seconds | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadField("thumb_offset must be a number of seconds")
    if not 0 <= value < LONGEST:
        raise BadField(f"thumb_offset must lie in the reel: from 0 to less than {LONGEST:g}")
    return float(value)


def _collaborators(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadField("collaborators must be a list of usernames")
    found = tuple(one for one in value if isinstance(one, str) and USERNAME.fullmatch(one))
    if len(found) < len(value):
        raise BadField("collaborators must be usernames without @")
    if len({name.lower() for name in found}) < len(found):
        raise BadField("collaborators names somebody twice")
    return found


def _version(fields: Fields) -> str | None:
    value = fields.get("version")
    if value is not None and not (isinstance(value, str) and len(value) <= LONGEST_VERSION):
        raise BadField("version must be a text, as the list of reels has it")
    return value


def _wrong(_request: Request, error: GravixError) -> Response:
    if isinstance(error, PostedBefore):
        return in_fields(error, before=[posted_fields(one) for one in error.before])
    return in_fields(error)
