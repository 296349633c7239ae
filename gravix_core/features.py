"""What can be measured of a reel, as one value.  Pure.

None everywhere means that nobody could tell, or that nobody has looked yet.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Features:
    """What was measured of what one reel plays: numbers, yes or no, and None."""

    opening_words: int | None = None
    """Words that begin in the first 3 s."""
    words_per_second: float | None = None
    silence: float | None = None
    """Share of the reel that lies in gaps of more than 1 s without speech, 0..1."""
    opens: bool | None = None
    """Its first word begins a sentence."""
    closes: bool | None = None
    """Its last word ends one."""
    opening_hooks: int | None = None
    """Sentences of the first 3 s that are questions or hold a hook phrase."""
    hooks: int | None = None
    """Hook phrases anywhere in it."""
    questions: int | None = None
    """Sentences anywhere in it that ask."""
    loudness_range: float | None = None
    """LU, as EBU Tech 3342 has it."""
    face: float | None = None
    """Share of the time in which a face is in the frame of the reel, 0..1."""
    motion: float | None = None
    """Mean change of brightness between pictures half a second apart, as a share of its
    range, 0..1.  A head that talks gives 0.01 to 0.05, quick cuts 0.1 and more."""

    def __post_init__(self) -> None:
        for share in (self.silence, self.face, self.motion):
            if share is not None and not 0 <= share <= 1:
                raise ValueError(f"a share must lie in 0..1, got {share}")
