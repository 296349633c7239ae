"""Edits of a reel's picture in; what differs between them, in words, out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gravix_core import Edit, Seconds

SAME: Seconds = 0.005


def differences(before: Edit, after: Edit) -> tuple[str, ...]:
    """Names of what differs, in the order of the page."""
    old, new = before.look, after.look
    told = {
        "start": abs(before.span.start - after.span.start) > SAME,
        "end": abs(before.span.end - after.span.end) > SAME,
        "layout": old.layout != new.layout,
        "crop position": old.position != new.position,
        "subtitle style": old.subtitles != new.subtitles,
        "subtitle text": old.lines != new.lines,
        "hook": old.hook != new.hook,
    }
    return tuple(name for name, differs in told.items() if differs)


def listed(names: Sequence[str]) -> str:
    """``start, end and hook``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
