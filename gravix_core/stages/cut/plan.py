"""Plan the chunks of a video: its length in, spans that partition it out.  Pure."""

from __future__ import annotations

import itertools

from gravix_core.errors import SourceRefused
from gravix_core.model import MAX_REEL, MIN_REEL, Seconds, Span

SHORTEST_TAIL = 2 / 7
"""A tail of less than so much of a chunk joins the chunk before: 10 s of 35, so no reel of the
default length grows past 45 s."""


def plan_chunks(duration: Seconds, target: Seconds) -> tuple[Span, ...]:
    """Cut a video into chunks of `target`, of which the last one differs.

    Args:
        duration: Length of the source.
        target: Length of a chunk, within `MIN_REEL`..`MAX_REEL`.

    Returns:
        Spans in order; the first starts at 0, each starts where the one before ended, the last
        ends at `duration`.  Each is `MIN_REEL`..`MAX_REEL` long.  A short tail joins the chunk
        before it; where the two together are too long for a reel, they share evenly.

    Raises:
        SourceRefused: The source is shorter than a reel may be.
    """
    if duration < MIN_REEL:
        raise SourceRefused(f"the video is {duration:.2f} s long; a reel needs {MIN_REEL:g} s")
    whole = int(duration / target)
    edges = [n * target for n in range(whole + 1)]
    tail = duration - edges[-1]
    if whole == 0:
        edges = [0.0, duration]
    elif tail >= max(MIN_REEL, SHORTEST_TAIL * target):
        edges.append(duration)
    elif target + tail <= MAX_REEL:
        edges[-1] = duration
    else:
        edges[-1] = edges[-2] + (target + tail) / 2
        edges.append(duration)
    return tuple(Span(start, end) for start, end in itertools.pairwise(edges))
