"""A path that the operator gave in, a checked copy of the file out."""

from __future__ import annotations

import re
from pathlib import Path

from gravix_core.errors import SourceRefused, TranscriptUnreadable
from gravix_core.media.files import copy_file, hash_file
from gravix_core.media.inbox import Inbox, move_file
from gravix_core.media.probe import probe
from gravix_core.model import MIN_REEL, MediaInfo, SourceFile, Transcript, Watch
from gravix_core.stages.source.transcript import find_transcript, read_transcript

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_SPACES = re.compile(r"[\s_]+")


class UploadSource:
    """A file of the operator's: copied, never changed; one that the browser has sent is moved.

    Args:
        inbox: The folder of what the browser sends; None when there is none.
    """

    name = "file"

    def __init__(self, inbox: Path | None = None) -> None:
        self._inbox = None if inbox is None else Inbox(inbox, limit_bytes=0)

    def takes(self, given: str) -> bool:
        return "://" not in given

    def look(self, given: str, *, watch: Watch) -> SourceFile:
        file = _existing(given, self._batch_of(given))
        info = _long_enough(probe(file), file)
        transcript, notes = _transcript_beside(file)
        return SourceFile(
            file, title_of(file), hash_file(file, watch=watch), info, transcript, notes
        )

    def fetch(self, given: str, *, folder: Path, watch: Watch) -> SourceFile:
        batch = self._batch_of(given)
        file = _existing(given) if batch is None else Path(given)
        suffix = file.suffix.lower()
        copy = folder / f"source{suffix if _SUFFIX.fullmatch(suffix) else '.video'}"
        if self._inbox is None or batch is None:
            sha256 = copy_file(file, copy, watch=watch)
            transcript, notes = _transcript_beside(file)
        else:
            here = _present(file, copy)
            sha256 = hash_file(here, watch=watch)
            transcript, notes = _transcript_beside(here)
            if here is file:
                _move_in(file, copy, watch=watch)
            self._inbox.drop(batch)
        return SourceFile(copy, title_of(file), sha256, probe(copy), transcript, notes)

    def _batch_of(self, given: str) -> str | None:
        return None if self._inbox is None else self._inbox.batch_of(Path(given))


def title_of(file: Path) -> str:
    """The file's name as a person would write it."""
    return _SPACES.sub(" ", file.stem).strip() or "Video"


def _existing(given: str, batch: str | None = None) -> Path:
    """Where it is; of a batch, whose place is ours, only the name is told."""
    shown = given if batch is None else Path(given).name
    try:
        file = Path(given) if Path(given).exists() else Path(given).expanduser()
        if not given.strip():
            raise SourceRefused("no file is named", hint="Give the path of a video file.")
        if file.is_dir():
            raise SourceRefused(f"{file.name or given} is a folder, not a video file")
        if not file.exists():
            raise SourceRefused(
                f"{shown} does not exist", hint="Check the path; put it in quotes if it has spaces."
            )
        if not file.is_file():
            raise SourceRefused(f"{file.name} is not a regular file")
        with file.open("rb"):
            return file.absolute()
    except (OSError, ValueError, RuntimeError) as exc:  # a NUL in the name; an unknown ~user
        reason = getattr(exc, "strerror", None) or "not a usable path"
        raise SourceRefused(f"{shown!r} cannot be opened: {reason}") from exc


def _present(file: Path, copy: Path) -> Path:
    """The file of a batch; or its copy, when a crash came between the move and the note of it."""
    for here in (file, copy):
        if here.is_file():
            return here
    raise SourceRefused(f"{file.name} is no longer there", hint="Add the file again.")


def _move_in(file: Path, copy: Path, *, watch: Watch) -> None:
    """Move the transcript first, under the copy's name: who finds the copy finds both."""
    transcript = find_transcript(file)
    if transcript is not None:
        while old := find_transcript(copy):
            old.unlink()
        move_file(transcript, copy.with_suffix(transcript.suffix.lower()), watch=watch)
    move_file(file, copy, watch=watch)


def _long_enough(info: MediaInfo, file: Path) -> MediaInfo:
    if info.duration < MIN_REEL:
        raise SourceRefused(
            f"{file.name} is {info.duration:.2f} s long, and a reel needs {MIN_REEL:g} s",
            hint="Instagram takes no reel under 3 seconds; give a longer video.",
        )
    return info


def _transcript_beside(file: Path) -> tuple[Transcript | None, tuple[str, ...]]:
    """A transcript that makes no sense costs a note, not the video."""
    beside = find_transcript(file)
    if beside is None:
        return None, ()
    try:
        return read_transcript(beside), ()
    except TranscriptUnreadable as exc:
        return None, (f"The transcript was left out: {exc}. {exc.hint}",)
