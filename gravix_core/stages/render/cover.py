"""Candidate frames on disk in, the one that shows most out."""

from __future__ import annotations

from pathlib import Path

from gravix_core.errors import ToolFailed

CANDIDATES = 9


def candidate(draft: Path, number: int) -> Path:
    """Where a candidate lies, 1..99, for the picture that `draft` will be."""
    return draft.with_name(f"{number:02d}.{draft.name}")


def candidate_pattern(draft: Path) -> Path:
    """The same for all of them, as ffmpeg's image2 writes a number."""
    escaped = draft.with_name(draft.name.replace("%", "%%"))
    return Path(str(escaped.parent).replace("%", "%%")) / f"%02d.{escaped.name}"


def count_different(draft: Path) -> int:
    """How many different pictures the candidates show."""
    return len({file.read_bytes() for file in _candidates(draft)})


def pick_cover(draft: Path) -> None:
    """Make the best candidate the draft and remove the others.

    A JPEG of one quality is the larger the more there is to see in it: black, blurred and empty
    frames lose.

    Raises:
        ToolFailed: There is no candidate.
    """
    found = _candidates(draft)
    if not found:
        raise ToolFailed("ffmpeg wrote no frame to choose from")
    max(found, key=lambda file: file.stat().st_size).replace(draft)
    drop_candidates(draft)


def drop_candidates(draft: Path) -> None:
    for file in _candidates(draft):
        file.unlink(missing_ok=True)


def _candidates(draft: Path) -> list[Path]:
    return sorted(draft.parent.glob(f"[0-9][0-9].{draft.name}"))
