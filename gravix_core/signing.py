"""A path in, an address that nobody else could have made out; and back.  Pure.

Such an address is the right to read one file for a while: it is in a page's HTML, so it may reach
the browser's history, and must stop to work by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from gravix_core.model import Seconds

HOUR: Seconds = 3600


class Signer:
    """Makes addresses, and knows them again.

    Args:
        secret: None: one that lives as long as the process.
        clock: Seconds since the epoch.
    """

    def __init__(
        self, secret: bytes | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._secret = secret or secrets.token_bytes(32)
        self._clock = clock

    def only_for(self, purpose: str) -> Signer:
        """One whose addresses this one does not accept, and the other way round."""
        secret = hmac.new(self._secret, f"only for {purpose}".encode(), hashlib.sha256).digest()
        return Signer(secret, clock=self._clock)

    def address(self, path: str, *, ttl: Seconds = HOUR) -> str:
        """`path` with its expiry and signature, valid for one to two `ttl`.

        The same text for a whole `ttl`: a page that is drawn again shows the very same player.
        """
        return self._until(path, int((self._clock() // ttl + 2) * ttl))

    def brief_address(self, path: str, *, ttl: Seconds) -> str:
        """The same, valid for one `ttl`: another text each second."""
        return self._until(path, int(self._clock() + ttl))

    def accepts(self, path: str, expires: str, signature: str) -> bool:
        """Whether `address` has made this for `path`, and not too long ago."""
        if not (expires.isascii() and expires.isdecimal() and len(expires) <= 12):
            return False
        until = int(expires)
        signed = signature.isascii() and hmac.compare_digest(signature, self._sign(path, until))
        return signed and self._clock() < until

    def _until(self, path: str, until: int) -> str:
        joint = "&" if "?" in path else "?"
        return f"{path}{joint}exp={until}&sig={self._sign(path, until)}"

    def _sign(self, path: str, until: int) -> str:
        return hmac.new(self._secret, f"{until} {path}".encode(), hashlib.sha256).hexdigest()[:40]


PUBLIC_AREA = "/public"
PUBLIC = "public reels"
"""What these addresses are for: none of another purpose opens one of them, nor they another."""
PUBLIC_LASTS: Seconds = 24 * 3600
"""So long a container lives (Meta, "IG User Media", read 2026-11-22)."""
NAMED = 16
"""Digits of the film's SHA-256 in its address, as in `desks/files.py`."""


def public_address(
    base: str, signer: Signer, reel_id: int, version: str, *, ttl: Seconds = PUBLIC_LASTS
) -> str:
    """Where Instagram fetches a film.

    Args:
        base: GRAVIX_PUBLIC_URL.
        signer: That of whoever answers there.
        version: SHA-256 of the film, in hex.
        ttl: How long it may be fetched.
    """
    path = public_path(f"{PUBLIC_AREA}/reels/{reel_id}.mp4", version[:NAMED])
    return base + signer.only_for(PUBLIC).brief_address(path, ttl=ttl)


def public_path(path: str, version: str) -> str:
    return f"{path}?v={version}"
