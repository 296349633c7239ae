"""A web address in, a refusal with its reason out.  Nothing is ever requested.  Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from gravix_core.errors import SourceRefused

_YOUTUBE = frozenset(
    {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be"}
)
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BARE = re.compile(r"\s*(?:www\.|m\.|music\.)?(?:youtube\.com|youtu\.be)(?:[/?#]|$)", re.IGNORECASE)


def refuse_address(given: str) -> None:
    """Let paths pass.

    Raises:
        SourceRefused: `given` is an address: of YouTube, which is not built in yet, or any other.
    """
    bare = _BARE.match(given) is not None
    if not bare and _SCHEME.match(given) is None:
        return
    if _is_youtube(f"https://{given.strip()}" if bare else given.strip()):
        raise SourceRefused(
            "YouTube links come next; this version takes video files",
            hint="Download the video yourself for now and give the file.",
        )
    raise SourceRefused(
        "this kind of address is not taken; nothing was requested",
        hint="Give a video file on this computer.",
    )


def _is_youtube(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme.lower() in {"http", "https"} and parts.hostname in _YOUTUBE
    except ValueError:
        return False
