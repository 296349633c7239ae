"""A span of a source in, the words that make ffmpeg read it out.  Pure."""

from __future__ import annotations

from pathlib import Path

from gravix_core.media.probe import FORMATS, KEY_FRAMES_APART, seeks_loosely
from gravix_core.model import MediaInfo, Seconds, Span

SLOW = 15
"""A source with fewer frames per second may show one of them for long."""
LEAD_FRAMES = 20
ONE_GRAPH = ("-reinit_filter:v", "0")
"""Before ``-i``, for ffmpeg: a picture whose tags or size change in the middle goes on through the
same filters.  By default they are built anew, and a rate that starts at 0 fills up from there."""


def lead_of(info: MediaInfo, span: Span) -> Seconds:
    """How far before the span decoding begins, to have the frame that is still showing."""
    if seeks_loosely(info):
        return min(span.start, KEY_FRAMES_APART)
    rate = info.picture.rate
    return min(span.start, float(LEAD_FRAMES / rate)) if rate < SLOW else 0.0


def opened(source: Path, span: Span, lead: Seconds) -> tuple[str, ...]:
    """The source, from `lead` before the span on; its time is 0 there."""
    seek = span.start - lead
    return (
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        *(("-ss", f"{seek:.6f}") if seek > 0 else ()),  # flv seeks to its end when asked for 0
        *("-t", f"{lead + span.duration + 1:.6f}"),
        *(*ONE_GRAPH, "-i", f"file:{source}"),
    )
