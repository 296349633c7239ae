"""Everything that may go wrong on purpose.

    GravixError
    ├── SettingsError        a variable is missing or has a bad value
    ├── SourceError          the video cannot be had
    │   ├── SourceRefused    nothing that Gravix takes: a folder, a foreign address, too short …
    │   │   └── TooLarge     more bytes than GRAVIX_MAX_UPLOAD_MB allows
    │   └── YouTubeError     YouTube did not give it; code and kind say why
    ├── MediaUnreadable      the file is damaged or holds no video
    ├── TranscriptUnreadable the transcript beside the video makes no sense
    ├── ToolError            ffmpeg
    │   ├── ToolMissing      not there
    │   └── ToolFailed       it ran and refused
    ├── DiskFull             no room for the next file
    ├── FileUnwritable       a file cannot be read or written for another reason
    ├── NotAccepted          a rendered reel breaks a rule of the target
    ├── StoreError           the database
    │   ├── StoreTooNew      written by a newer Gravix
    │   ├── StoreUnusable    cannot be opened, locked, or damaged
    │   └── NotFound         no such row
    ├── StatusConflict       somebody else already took it
    │   ├── PostedBefore     the same stretch was posted to the account
    │   └── Outdated         it has changed since it was shown
    ├── Stopped              the operator ended the program
    ├── InstagramError       Meta refused, or could not be asked; code and kind say why
    ├── CaptionError         the caption provider failed
    └── PublishError         nothing was posted

    Cancelled                control flow, outside the tree: the operator asked to stop

The message says what happened, for the log.  ``hint`` says what the operator can do about
it.  ``retryable`` tells the job runner whether the same call may work later, ``retry_after``
how many seconds later at the earliest, where that is known.  No vendor's exception leaves the
file that imports the vendor.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class GravixError(Exception):
    """Base of every error that this package raises on purpose."""

    hint: str = "Open the job log for details."
    retryable: bool = False
    retry_after: float | None = None
    final: bool = False

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint


class SettingsError(GravixError):
    hint = "Correct the variable in the environment or in .env; .env.example explains each."


class SourceError(GravixError):
    hint = "Try the video again later, or use the file itself."


class SourceRefused(SourceError):
    hint = "Give one video file of at least 3 seconds, such as an mp4, mov, mkv or webm."


class TooLarge(SourceRefused):
    hint = "Set GRAVIX_MAX_UPLOAD_MB higher and start Gravix again, or give a smaller file."


class YouTubeError(SourceError):
    """One of the faults that `stages/source/faults.py` lists.

    Args:
        code: The fault's name, such as ``bot_check``.
        kind: ``permanent`` (never again), ``wait`` (again after `retry_after` seconds), ``action``
            (the operator must do something first) or ``retry`` (again, soon).
        details: What the downloader said, without what is secret; for the log, never for the page.
    """

    hint = "Download the video yourself and upload the file instead."

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str = "unknown",
        kind: str = "action",
        retry_after: float | None = None,
        details: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.code, self.kind, self.details = code, kind, details
        self.retryable = kind in {"wait", "retry"}
        self.retry_after = retry_after
        self.final = kind == "permanent"


class MediaUnreadable(GravixError):
    hint = "Play the file in a video player; if it does not play there either, get it again."


class TranscriptUnreadable(GravixError):
    hint = "Export the transcript again as .srt, .vtt or .json3."


class ToolError(GravixError):
    hint = "Run `python -m gravix_core doctor` to see what is missing."


class ToolMissing(ToolError):
    hint = "Install the pinned requirements again, or point FFMPEG_PATH to an ffmpeg."


class ToolFailed(ToolError):
    hint = "Run it again; if it fails at the same place, the source is probably damaged there."
    retryable = True

    def __init__(self, message: str, *, hint: str | None = None, details: str = "") -> None:
        super().__init__(message, hint=hint)
        self.details = details
        """What the tool said; for the log, never for the page."""


class DiskFull(GravixError):
    hint = "Free some space on the disk that holds the data directory, then run it again."


class FileUnwritable(GravixError):
    hint = "Check that you may write to the data directory and to the folder that you named."


class NotAccepted(GravixError):
    hint = "Render the reel again; if it stays so, report the rule that is named."


class StoreError(GravixError):
    hint = "Run `python -m gravix_core doctor` to see what is wrong with the database."


class StoreTooNew(StoreError):
    hint = "Start the newer Gravix again, or use another data directory."


class StoreUnusable(StoreError):
    hint = "Check DATABASE_URL and the data directory; a SQLite file must lie on a local disk."


class NotFound(StoreError):
    hint = "It may have been deleted meanwhile; go back to the list."


class StatusConflict(GravixError):
    hint = "Reload: somebody else, or another tab, was faster."


class Outdated(StatusConflict):
    hint = "Look at it as it is now, then decide again."


class PostedBefore(StatusConflict):
    """The same stretch of the same source was posted to this account, or may have been."""

    hint = "Publish it again only if you mean to."

    def __init__(self, message: str, before: tuple[Any, ...]) -> None:
        """
        Args:
            before: Each `Publication` that it may be.
        """
        super().__init__(message)
        self.before = before


class Stopped(GravixError):
    hint = "Run the same command again to go on where it was."


class CaptionError(GravixError):
    """One of the faults that `stages/caption/gemini_faults.py` lists.

    Args:
        code: The fault's name, such as ``bad_key``.
        kind: ``key`` or ``model`` (no request works until the operator changes something), ``day``
            or ``wait`` (no request works for `retry_after` seconds), ``transient`` (again, soon) or
            ``refused`` (never with this content).
        details: What the provider said, without what is secret; for the log, never for the page.
    """

    hint = "The text was written without the provider; you may try it again later."

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str = "unheard_of",
        kind: str = "transient",
        retry_after: float | None = None,
        details: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.code, self.kind, self.details = code, kind, details
        self.retryable = kind in {"day", "wait", "transient"}
        self.retry_after = retry_after
        self.texts: Mapping[int, Any] = {}
        """A `PostText` by reel id: what had come before it failed."""


class InstagramError(GravixError):
    """One of the faults that `stages/publish/meta_faults.py` lists.

    Args:
        code: The fault's name, such as ``token_expired``.
        kind: ``transient`` (again, soon), ``wait`` (again after `retry_after` seconds),
            ``permanent`` (never as it is), ``reconnect``, ``action`` (the operator must do
            something first) or ``renew`` (with a new upload).
        details: What Meta said, without what is secret; for the log, never for the page.
    """

    hint = "Open Connect: it says what is missing."

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str = "unheard_of",
        kind: str = "permanent",
        retry_after: float | None = None,
        details: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.code, self.kind, self.details = code, kind, details
        self.retryable = kind in {"transient", "wait"}
        self.retry_after = retry_after
        self.final = kind == "permanent"


class PublishError(GravixError):
    hint = "Nothing was posted. Read the message, then publish again."


class Cancelled(Exception):
    """The operator asked to stop; what was half done has been removed."""

    texts: Mapping[int, Any] = MappingProxyType({})
    """A `PostText` by reel id: what had come before it stopped, and is whole."""
