"""The operator's cookies of YouTube in, a private copy of them for the downloader out.

Who has them is signed in as the operator: no value is ever shown, logged or told in an error.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from gravix_core.errors import SourceRefused
from gravix_core.media.files import TEMPORARY, atomic, room_watched
from gravix_core.stages.source.netscape import HOW, as_text, read_cookies, text_of

BROWSERS = (
    "brave",
    "chrome",
    "chromium",
    "edge",
    "firefox",
    "opera",
    "safari",
    "vivaldi",
    "whale",
)
"""What yt-dlp reads cookies from: `SUPPORTED_BROWSERS` in its cookies.py, 2026.10.26."""

SIGNED_IN = frozenset({"LOGIN_INFO", "SAPISID", "__Secure-1PAPISID", "__Secure-3PAPISID"})
"""What yt-dlp goes by: `_has_auth_cookies` in its extractor/youtube/_base.py, 2026.10.26."""

_NAME = "youtube-cookies.txt"
_BROWSER = "youtube-cookies-browser.txt"


class Origin(StrEnum):
    OFF = "off"
    BROWSER = "browser"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class CookieState:
    """What is set, without any value."""

    origin: Origin
    browser: str = ""
    count: int = 0
    """Of a file; 0 when it has been damaged since it was given."""
    since: datetime | None = None
    """When the file was given."""
    signed_in: bool = False
    """Whether the file's cookies belong to an account, as far as their names tell."""
    expires: datetime | None = None
    """When the first of those that say who it is runs out; None where none does."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the cookies in a file."""

    kept: int
    others: int
    """Those of other sites: dropped."""
    expired: int
    """Likewise dropped."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What the downloader is to be told; both empty where cookies are off."""

    file: Path | None = None
    browser: str = ""


class Cookies:
    """Where they come from: nowhere (as long as nothing is chosen), a browser, or a file.

    Args:
        folder: Where the choice is kept, in files for this account's eyes alone.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / _NAME
        self._browser = folder / _BROWSER

    def state(self) -> CookieState:
        """Read each time, so that it is the same in every process.

        Raises:
            FileUnwritable: It cannot be read.
        """
        held, browser = self._held(), self._chosen()
        if held:
            return self._file_state(held)
        return CookieState(Origin.BROWSER, browser) if browser else CookieState(Origin.OFF)

    def use_browser(self, name: str) -> None:
        """Take them from a browser of this computer at each download, until further notice.

        Raises:
            SourceRefused: It is none of `BROWSERS`.
            DiskFull, FileUnwritable: Nothing was changed.
        """
        if name not in BROWSERS:
            raise SourceRefused(
                "cookies cannot be taken from that browser",
                hint=f"Choose one of {', '.join(BROWSERS)}, or give a cookies.txt.",
            )
        _write_private(self._browser, name)
        with room_watched():
            self._file.unlink(missing_ok=True)

    def use_file(self, held: bytes, *, now: datetime | None = None) -> Taken:
        """Keep YouTube's and Google's cookies of a cookies.txt, in the place of what was set.

        Raises:
            SourceRefused: It is no such file, or holds none of them; says what is wrong, with
                the number of the line.  Nothing was changed.
            DiskFull, FileUnwritable: Likewise.
        """
        found = tuple(read_cookies(text_of(held)))
        ours = tuple(cookie for cookie in found if cookie.is_ours)
        moment = (now or datetime.now(UTC)).timestamp()
        fresh = tuple(cookie for cookie in ours if not 0 < cookie.ends <= moment)
        taken = Taken(len(fresh), len(found) - len(ours), len(ours) - len(fresh))
        if not fresh:
            raise SourceRefused(_why_none(taken), hint=HOW)
        _write_private(self._file, as_text(fresh))
        with room_watched():
            self._browser.unlink(missing_ok=True)
        return taken

    def forget(self) -> None:
        """Delete all of it; from now on the downloader is nobody's.

        Raises:
            FileUnwritable: Something could not be deleted.
        """
        with room_watched():
            self._file.unlink(missing_ok=True)
            self._browser.unlink(missing_ok=True)

    @contextmanager
    def handed(self, folder: Path) -> Iterator[Handed]:
        """Give what the downloader is to be told, as long as the block runs.

        Args:
            folder: Takes the copy of a file, which the downloader writes into.  It is for this
                account's eyes alone and gone afterwards; should this process die first, it is
                called as `media.files.sweep` knows drafts.

        Raises:
            SourceRefused: The file that was kept has been damaged.
            DiskFull, FileUnwritable: It cannot be copied.
        """
        held = self._held()
        if not held:
            yield Handed(browser=self._chosen())
            return
        mark = f"{os.getpid()}-{os.urandom(4).hex()}"
        copy = folder / f"{_NAME}.{mark}{TEMPORARY}"
        # Written from what was understood: the downloader would tell a line that it cannot read.
        text = as_text(tuple(read_cookies(held)))
        try:
            with room_watched():
                folder.mkdir(parents=True, exist_ok=True)
                _create_private(copy, text)
            yield Handed(copy)
        finally:
            copy.unlink(missing_ok=True)

    def _held(self) -> str:
        """The file that was given; empty where there is none."""
        return _read_private(self._file)

    def _chosen(self) -> str:
        name = _read_private(self._browser).strip()
        return name if name in BROWSERS else ""

    def _file_state(self, held: str) -> CookieState:
        try:
            cookies = tuple(read_cookies(held))
        except SourceRefused:
            return CookieState(Origin.FILE)
        telling = [cookie.ends for cookie in cookies if cookie.name in SIGNED_IN]
        names = {cookie.name for cookie in cookies}
        ends = min((end for end in telling if end), default=0)
        return CookieState(
            Origin.FILE,
            count=len(cookies),
            since=_moment(_changed(self._file)),
            signed_in="LOGIN_INFO" in names and len(names & SIGNED_IN) > 1,
            expires=_moment(ends) if ends else None,
        )


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):  # after the year 9999
        return None


def _changed(file: Path) -> int:
    try:
        return int(file.stat().st_mtime)
    except OSError:  # deleted just now
        return 0


def _why_none(taken: Taken) -> str:
    if taken.expired:
        return "the cookies of YouTube and Google in the file have all run out"
    if taken.others:
        return f"the file holds cookies of other sites alone ({taken.others})"
    return "the file holds no cookies"


def _read_private(file: Path) -> str:
    """Empty where it does not exist."""
    with room_watched():
        try:
            return file.read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return ""


def _write_private(file: Path, text: str) -> None:
    with atomic(file) as (draft,):
        _create_private(draft, text)


def _create_private(file: Path, text: str) -> None:
    """Never, not even for a moment, for other eyes."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    number = os.open(file, flags, 0o600)
    with os.fdopen(number, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
