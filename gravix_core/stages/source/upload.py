"""A path that the operator gave in, a checked copy of the file out."""

from __future__ import annotations

import re
from pathlib import Path

from gravix_core.errors import SourceRefused, TranscriptUnreadable
from gravix_core.media.files import copy_file, hash_file
from gravix_core.media.probe import probe
from gravix_core.model import MIN_REEL, MediaInfo, SourceFile, Transcript, Watch
from gravix_core.stages.source.transcript import find_transcript, read_transcript

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_SPACES = re.compile(r"[\s_]+")


class UploadSource:
    """A file of the operator's.  It is copied, never moved or changed."""

    name = "file"

    def takes(self, given: str) -> bool:
        return "://" not in given

    def look(self, given: str, *, watch: Watch) -> SourceFile:
        file = _existing(given)
        info = _long_enough(probe(file), file)
        transcript, notes = _transcript_beside(file)
        return SourceFile(
            file, title_of(file), hash_file(file, watch=watch), info, transcript, notes
        )

    def fetch(self, given: str, *, folder: Path, watch: Watch) -> SourceFile:
        file = _existing(given)
        suffix = file.suffix.lower()
        copy = folder / f"source{suffix if _SUFFIX.fullmatch(suffix) else '.video'}"
        sha256 = copy_file(file, copy, watch=watch)
        transcript, notes = _transcript_beside(file)
        return SourceFile(copy, title_of(file), sha256, probe(copy), transcript, notes)


def title_of(file: Path) -> str:
    """The file's name as a person would write it."""
    return _SPACES.sub(" ", file.stem).strip() or "Video"


def _existing(given: str) -> Path:
    try:
        file = Path(given) if Path(given).exists() else Path(given).expanduser()
        if not given.strip():
            raise SourceRefused("no file is named", hint="Give the path of a video file.")
        if file.is_dir():
            raise SourceRefused(f"{file.name or given} is a folder, not a video file")
        if not file.exists():
            raise SourceRefused(
                f"{given} does not exist", hint="Check the path; put it in quotes if it has spaces."
            )
        if not file.is_file():
            raise SourceRefused(f"{file.name} is not a regular file")
        with file.open("rb"):
            return file.absolute()
    except (OSError, ValueError, RuntimeError) as exc:  # a NUL in the name; an unknown ~user
        reason = getattr(exc, "strerror", None) or "not a usable path"
        raise SourceRefused(f"{given!r} cannot be opened: {reason}") from exc


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
