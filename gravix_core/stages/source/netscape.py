"""A cookies.txt in Netscape format in, its cookies out, and back.  Pure.

No error tells what stands in a line: it may be a cookie's value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gravix_core.errors import SourceRefused

LIMIT_BYTES = 5_000_000
"""Those of all sites that somebody has been to are a tenth of it."""

SITES = ("youtube.com", "youtube-nocookie.com", "google.com")
"""Cookies of these and of what is below them are kept."""

_HEAD = "# Netscape HTTP Cookie File\n"  # yt-dlp takes no file without this line
_HTTP_ONLY = "#HttpOnly_"
_FIELDS = ("site", "whether it holds for all below", "path", "secure", "end", "name", "value")
_SITE = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.IGNORECASE)
_TIME = re.compile(r"-?\d{1,18}(\.\d+)?")


HOW = (
    "Export them again as cookies.txt (Netscape format), from a browser window that shows"
    " youtube.com."
)


@dataclass(frozen=True, slots=True)
class Cookie:
    site: str
    path: str
    secure: bool
    ends: int
    """Seconds since 1970; 0: with the browser's session."""
    name: str = field(repr=False)
    value: str = field(repr=False)

    @property
    def line(self) -> str:
        """As it stands in a file."""
        below = "TRUE" if self.site.startswith(".") else "FALSE"
        secure = "TRUE" if self.secure else "FALSE"
        return "\t".join(
            (self.site, below, self.path, secure, str(self.ends), self.name, self.value)
        )

    @property
    def is_ours(self) -> bool:
        host = self.site.lstrip(".").lower()
        return any(host == site or host.endswith(f".{site}") for site in SITES)


def text_of(held: bytes) -> str:
    """Decode a file.

    Raises:
        SourceRefused: It is too large, no text, or of another format.
    """
    if len(held) > LIMIT_BYTES:
        raise SourceRefused(
            f"the file has {len(held) / 1e6:.1f} MB, and cookies have less than"
            f" {LIMIT_BYTES / 1e6:g}",
            hint=HOW,
        )
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceRefused("the file is no text, so it holds no cookies", hint=HOW) from None
    if text.lstrip()[:1] in {"[", "{"}:
        raise SourceRefused("the file is JSON, which the downloader does not read", hint=HOW)
    return text


def read_cookies(text: str) -> Iterator[Cookie]:
    """Give them in their order.

    Raises:
        SourceRefused: A line is none.
    """
    for number, line in enumerate(re.split(r"\r?\n", text), start=1):
        bare = line.removeprefix(_HTTP_ONLY)
        if bare.strip() and not bare.startswith("#"):
            yield _cookie(bare, number)


def _cookie(line: str, number: int) -> Cookie:
    parts = line.split("\t")
    if len(parts) == 6:
        parts.append("")  # editors take the tab before an empty value away
    if len(parts) != len(_FIELDS):
        told = f"line {number} is no cookie: it has {len(parts)} parts with tabs between them"
        raise SourceRefused(f"{told}, and a cookie has {len(_FIELDS)}", hint=HOW)
    site, below, path, secure, ends, name, value = parts
    fine = (
        bool(_SITE.fullmatch(site)),
        below.upper() in {"TRUE", "FALSE"},
        path.startswith("/") and path.isprintable(),
        secure.upper() in {"TRUE", "FALSE"},
        not ends or bool(_TIME.fullmatch(ends)),
        name.isprintable(),
        value.isprintable(),
    )
    if not all(fine):
        wrong = _FIELDS[fine.index(False)]
        raise SourceRefused(f"line {number} is no cookie: {wrong} makes no sense there", hint=HOW)
    if below.upper() == "TRUE" and not site.startswith("."):
        site = f".{site}"  # the two have to agree, or Python's reader stops
    return Cookie(site, path, secure.upper() == "TRUE", max(0, int(float(ends or 0))), name, value)


def as_text(cookies: tuple[Cookie, ...]) -> str:
    return _HEAD + "".join(f"{cookie.line}\n" for cookie in cookies)
