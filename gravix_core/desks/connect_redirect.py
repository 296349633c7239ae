"""A redirect URI in, why Facebook could not lead back to it out.  Pure.

Source of the rules: Meta's pages on login security and its app dashboard, and public reports, read
up to 2026-11-22.  Plain http is taken for localhost alone, and only in Development mode.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

CALLBACK = "/api/social/facebook/callback"
"""Where Gravix answers."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - nothing is bound
WILD = frozenset("*<>\\^`{|} \t\r\n")
"""Meta compares to the letter, so that a pattern fits nothing."""


@dataclass(frozen=True, slots=True)
class RedirectTrouble:
    said: str
    todo: str


_SET = "Set FACEBOOK_REDIRECT_URI in .env"
_LEAVE = (
    "or leave it empty: Gravix then takes http://localhost with its own port, which works in"
    " Development mode"
)


def redirect_trouble(uri: str) -> RedirectTrouble | None:
    """None for one that can work."""
    parts = _parts(uri)
    host = parts.hostname if parts else None
    if parts is None or parts.scheme not in {"http", "https"} or not host:
        return _no_address()
    if parts.fragment or "#" in uri or set(uri) & WILD:
        return RedirectTrouble(
            "it holds a space, a # or a wildcard.", f"{_SET} to one plain address without them."
        )
    if host in LOOPBACK:
        return RedirectTrouble(
            f"Meta takes localhost, but not {host}.",
            f"{_SET} to the same address with localhost in place of {host}, {_LEAVE}.",
        )
    if parts.scheme == "http" and host != "localhost":
        return RedirectTrouble(
            "Meta takes http for localhost alone.", f"{_SET} to an https address, {_LEAVE}."
        )
    return None


def goes_to_localhost(uri: str) -> bool:
    """Over plain http."""
    parts = _parts(uri)
    return parts is not None and parts.scheme == "http" and parts.hostname == "localhost"


def is_answered(uri: str) -> bool:
    """Whether Gravix would answer there, provided that the host leads to it."""
    parts = _parts(uri)
    return parts is not None and parts.path == CALLBACK


def _parts(uri: str) -> SplitResult | None:
    with suppress(ValueError):
        parts = urlsplit(uri)
        if parts.port != 0:  # a port that is none raises
            return parts
    return None


def _no_address() -> RedirectTrouble:
    return RedirectTrouble("this is no web address.", f"{_SET} to an https address, {_LEAVE}.")
