"""What brings in videos from YouTube in; its versions, its updates and its cookies out."""

from __future__ import annotations

import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from gravix_core.errors import Cancelled, GravixError, StatusConflict, ToolFailed, YouTubeError
from gravix_core.model import Seconds, Watch
from gravix_core.stages.source import downloader
from gravix_core.stages.source.cookies import BROWSERS, Cookies, Handed
from gravix_core.stages.source.downloader import Part, Update

log = logging.getLogger(__name__)

LINES = 400
"""So many of the last are kept."""
END_WITHIN: Seconds = 20
AGAIN: Seconds = 60
"""An update takes less, unless the network is slow."""

_PLACE = re.compile(r"^(Requirement already satisfied: \S+) in .+ (\([^()]*\))")
_LOGIN = re.compile(r"(?<=://)[^/\s@]+@")


class UpdateState(StrEnum):
    NONE = "none"
    """Nobody has asked for one since Gravix started."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class UpdateView:
    """How the update that was asked for last gets on."""

    state: UpdateState = UpdateState.NONE
    lines: tuple[str, ...] = ()
    """What was said, oldest first; no login of an address is in it."""
    changes: tuple[tuple[str, str, str], ...] = ()
    """Name, version before and version now of what is another now."""
    error: GravixError | None = None


class Updater(Protocol):
    """As `stages.source.downloader.update`."""

    def __call__(self, *, on_line: Callable[[str], None], watch: Watch) -> Update: ...


class Downloader:
    """The desk of the downloader.

    Args:
        folder: Takes the choice of cookies.
        updater: Brings newer versions.
        parts: Says what is there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        updater: Updater = downloader.update,
        parts: Callable[[], tuple[Part, ...]] = downloader.parts,
    ) -> None:
        self.cookies = Cookies(folder)
        self.browsers = BROWSERS
        self._updater = updater
        self._parts = parts
        self._began_with = _versions(parts())
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lines: deque[str] = deque(maxlen=LINES)
        self._lent = 0
        self._view = UpdateView()

    def parts(self) -> tuple[Part, ...]:
        """What is installed now."""
        return self._parts()

    def needs_restart(self) -> bool:
        """Whether there are other versions now than when this Gravix was started."""
        return self._began_with != _versions(self._parts())

    def progress(self) -> UpdateView:
        """May be asked at any time, from any thread."""
        with self._lock:
            view = self._view
            lines = tuple(self._lines)
        return UpdateView(view.state, lines, view.changes, view.error)

    def update(self) -> None:
        """Begin an update; `progress` says what becomes of it.

        Raises:
            StatusConflict: One is running already, or the downloader is in use.
        """
        with self._lock:
            if self._lent:
                raise StatusConflict(
                    "the downloader is at work",
                    hint="Wait until what it brings in is there, or cancel it; then update.",
                )
            if self._view.state is UpdateState.RUNNING:
                raise StatusConflict(
                    "the downloader is being updated already", hint="Wait until it is done."
                )
            self._view = UpdateView(UpdateState.RUNNING)
            self._lines.clear()
            self._stop.clear()
            self._thread = threading.Thread(target=self._work, daemon=True, name="update")
            self._thread.start()

    def stop(self) -> None:
        """End an update early; the versions from before are put back.  Without one, nothing."""
        self._stop.set()

    def close(self) -> None:
        """Stop what runs, and wait until the versions from before are back."""
        self.stop()
        if self._thread is not None:
            self._thread.join(END_WITHIN)

    @contextmanager
    def lent(self, folder: Path) -> Iterator[Handed]:
        """The downloader for one run, with the operator's cookies; meanwhile nothing updates it.

        Args:
            folder: As `Cookies.handed`.

        Raises:
            YouTubeError: It is being updated just now.
            SourceRefused, DiskFull, FileUnwritable: As `Cookies.handed`.
        """
        with self._lock:
            if self._view.state is UpdateState.RUNNING:
                raise YouTubeError(
                    "The downloader is being updated.",
                    hint="Try again in a minute. You can also upload the file instead.",
                    code="updating",
                    kind="wait",
                    retry_after=AGAIN,
                )
            self._lent += 1
        try:
            with self.cookies.handed(folder) as handed:
                yield handed
        finally:
            with self._lock:
                self._lent -= 1

    def _work(self) -> None:
        view = self._outcome()
        with self._lock:
            self._view = view

    def _outcome(self) -> UpdateView:
        try:
            done = self._updater(on_line=self._hear, watch=_Stoppable(self._stop))
        except Cancelled:
            return UpdateView(UpdateState.STOPPED)
        except GravixError as error:
            log.warning("The downloader was not updated: %s", error)
            return UpdateView(UpdateState.FAILED, error=error)
        except Exception:
            log.exception("The downloader was not updated")
            return UpdateView(UpdateState.FAILED, error=ToolFailed("the update broke off"))
        for name, before, now in done.changes:
            log.info("%s is %s now; it was %s", name, now, before or "not installed")
        return UpdateView(UpdateState.DONE, changes=done.changes)

    def _hear(self, line: str) -> None:
        shown = _LOGIN.sub("", _PLACE.sub(r"\1 \2", line))
        with self._lock:
            self._lines.append(shown)


class _Stoppable:
    """A watch that asks an event."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def progress(self, percent: float, note: str = "") -> None:
        """pip tells none."""

    def should_stop(self) -> bool:
        return self._stop.is_set()


def _versions(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(part.version for part in parts)
