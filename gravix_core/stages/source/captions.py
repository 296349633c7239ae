"""What a site says of a video in, its caption tracks worth fetching out, best first.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gravix_core.model import CaptionTrack

ORIGINAL = "-orig"
"""The end of the name of automatic captions in the language that is spoken; those beside them
are machine translations.  Source: yt-dlp 2026.10.26, extractor/youtube/_video.py."""

_Tracks = Mapping[str, Sequence[Mapping[str, Any]]]


def pick_captions(info: Mapping[str, Any]) -> tuple[CaptionTrack, ...]:
    """Those as json3, in the order of how well they say what is heard.

    Manual ones in the video's own language, or a variety of it; then automatic ones in it; then
    manual ones in other languages.  Translations by machine are left out.

    Args:
        info: yt-dlp's answer; its ``language`` may be missing.
    """
    manual, automatic = _tracks(info, "subtitles"), _tracks(info, "automatic_captions")
    originals = [name.removesuffix(ORIGINAL) for name in automatic if name.endswith(ORIGINAL)]
    own = str(info.get("language") or next(iter(originals), ""))
    near = sorted(manual, key=lambda name: _distance(name, own))  # stable: else as the site has it
    ours = [name for name in near if _distance(name, own) < _FOREIGN]
    named = [f"{name}{ORIGINAL}" for name in sorted(originals, key=lambda n: _distance(n, own))]
    found = [
        *_picked(manual, ours, automatic=False),
        *_picked(automatic, named or [own], automatic=True),
        *_picked(manual, [name for name in near if name not in ours], automatic=False),
    ]
    return tuple(found)


_FOREIGN = 2


def _distance(name: str, own: str) -> int:
    """0 for the same, 1 for a variety such as en-GB for en-US, 2 for another language."""
    if not own or name.casefold() == own.casefold():
        return 0 if own else _FOREIGN
    return 1 if _base(name) == _base(own) else _FOREIGN


def _base(name: str) -> str:
    return name.partition("-")[0].casefold()


def _picked(tracks: _Tracks, names: Sequence[str], *, automatic: bool) -> Iterator[CaptionTrack]:
    for name in names:
        for track in tracks.get(name, ()):
            if track.get("ext") == "json3" and _is_spoken(track):
                yield CaptionTrack(name.removesuffix(ORIGINAL), automatic, track["url"])
                break


def _is_spoken(track: Mapping[str, Any]) -> bool:
    """Not translated by machine."""
    return isinstance(track.get("url"), str) and "tlang=" not in track["url"]


def _tracks(info: Mapping[str, Any], kind: str) -> _Tracks:
    return info.get(kind) or {}
