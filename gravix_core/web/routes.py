"""A studio in, everything that is served beside the dashboard's pages out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.routing import BaseRoute

from gravix_core.studio import shared_studio
from gravix_core.web import media, public, reels, social, uploads
from gravix_core.web.errors import Missing, in_fields


class Desk(media.Desk, uploads.Desk, social.Desk, reels.Desk, Protocol):
    """What the routes need of a studio."""


def routes(desk: Callable[[], Desk] = shared_studio) -> list[BaseRoute]:
    """The routes, in the order in which they are tried; the last ones answer where nothing is."""
    return [
        *media.media_routes(desk),
        *public.public_routes(desk),
        *uploads.upload_routes(desk),
        *social.social_routes(desk),
        *reels.reel_routes(desk),
        Missing("/api", in_fields),
    ]
