"""What yt-dlp says of a video in, a `LinkProbe` or the reason why it is not taken out.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from gravix_core.errors import SourceRefused, TooLarge
from gravix_core.model import MIN_REEL, LinkProbe, Seconds
from gravix_core.stages.source.captions import pick_captions
from gravix_core.stages.source.faults import FAULTS, error_as, upcoming

LOW = 360
"""Lines of what YouTube gives to whoever it does not trust: a single ready-made file."""

_INSTEAD = "or download the video yourself and upload a part of it as a file instead."

_KEPT = frozenset(
    {"id", "title", "extractor", "extractor_key", "webpage_url", "duration", "live_status",
     "format_id", "epoch"}
)  # fmt: skip
"""What the download needs; all of it would be a megabyte, most of it translated captions."""
_SECRET = frozenset({"cookies"})
"""In the entries of formats when the operator's cookies were used."""

Info = Mapping[str, Any]


def link_probe(info: Info, *, warnings: Sequence[str], now: datetime) -> LinkProbe:
    """The answer in our words.

    Args:
        warnings: Of yt-dlp, oldest first.
    """
    best = max(_pictures(info), key=_lines, default={})
    return LinkProbe(
        youtube_id=str(info["id"]),
        title=_text(info, "title"),
        channel=_text(info, "channel") or _text(info, "uploader"),
        channel_id=_text(info, "channel_id"),
        description=_text(info, "description"),
        duration=float(info.get("duration") or 0),
        thumbnail_url=_text(info, "thumbnail"),
        height=int(best.get("height") or 0),
        width=int(best.get("width") or 0),
        byte_size=_byte_size(info),
        captions=pick_captions(info),
        language=_text(info, "language"),
        notes=tuple(_notes(info, best, warnings)),
        info=_kept(info),
        probed_at=now,
    )


def refuse_live(info: Info, *, now: datetime) -> None:
    """Let recordings pass.

    Raises:
        YouTubeError: It is live, about to be, or its recording is not ready.
    """
    status = info.get("live_status")
    if status == "is_upcoming":
        starts = info.get("release_timestamp")
        raise error_as(upcoming(starts and starts - now.timestamp()))
    if status in _NOT_YET:
        raise error_as(FAULTS[_NOT_YET[status]])


_NOT_YET = {"is_live": "live", "post_live": "post_live"}


def refuse_size(probe: LinkProbe, *, max_duration: Seconds, max_bytes: int) -> None:
    """Let pass what is neither too short nor too long nor too large, as far as that is known.

    Raises:
        SourceRefused: Its length.
        TooLarge: Its size.
    """
    if 0 < probe.duration < MIN_REEL:
        raise SourceRefused(
            f"this video lasts {probe.duration:g} s, and a reel needs {MIN_REEL:g} s",
            hint="Instagram takes no reel under 3 seconds; give a longer video.",
        )
    if probe.duration > max_duration:
        raise SourceRefused(
            f"this video lasts {_clock(probe.duration)}, and {_clock(max_duration)} is the most",
            hint=f"Set GRAVIX_MAX_DURATION higher and start Gravix again, {_INSTEAD}",
        )
    refuse_bytes(probe.byte_size or 0, max_bytes=max_bytes)


def refuse_bytes(size: int, *, max_bytes: int) -> None:
    """Let pass what is not too large.

    Raises:
        TooLarge: It is.
    """
    if size > max_bytes:
        raise TooLarge(
            f"this video has {size / 1e6:.0f} MB or more, and {max_bytes / 1e6:.0f} MB is the most",
            hint=f"Set GRAVIX_MAX_DOWNLOAD_BYTES higher and start Gravix again, {_INSTEAD}",
        )


def _notes(info: Info, best: Info, warnings: Sequence[str]) -> Iterator[str]:
    if 0 < _lines(best) <= LOW:
        yield f"Only {_lines(best)} lines are on offer: {_why_low(info, warnings)}"


def _why_low(info: Info, warnings: Sequence[str]) -> str:
    """Who uploads 360 lines has them as a picture alone, too; that is what YouTube holds back."""
    if any(picture.get("acodec") == "none" for picture in _pictures(info)):
        return "that is how the video was uploaded."
    said = " ".join(warnings).casefold()
    if "javascript runtime" in said or "challenge solving failed" in said:
        return (
            "YouTube's challenge could not be solved. Update the downloader in Settings, and run "
            "`python -m gravix_core doctor` to see whether its JavaScript runtime is there."
        )
    return (
        "YouTube holds the better ones back from this connection. Waiting an hour, updating the "
        "downloader or cookies (both in Settings) may help, or upload the file instead."
    )


def _pictures(info: Info) -> list[Info]:
    """Formats with a picture; storyboards have no codec."""
    formats = info.get("formats") or ()
    return [one for one in formats if one.get("vcodec") not in {None, "none"} and one.get("height")]


def _lines(picture: Info) -> int:
    """As people count them: 1080 of an upright picture of 1080x1920."""
    sides = [int(side) for side in (picture.get("width"), picture.get("height")) if side]
    return min(sides, default=0)


def _byte_size(info: Info) -> int | None:
    """Of what would be fetched; None when a part of it is not known."""
    parts = info.get("requested_formats") or [info]
    sizes = [part.get("filesize") or part.get("filesize_approx") for part in parts]
    return None if None in sizes else int(sum(filter(None, sizes)))


def _kept(info: Info) -> dict[str, Any]:
    """With the formats that were chosen alone, and without cookies."""
    chosen = str(info.get("format_id")).split("+")
    formats = [
        {key: value for key, value in one.items() if key not in _SECRET}
        for one in info.get("formats") or ()
        if one.get("format_id") in chosen
    ]
    return {key: info[key] for key in _KEPT & info.keys()} | {"formats": formats}


def _text(info: Info, key: str) -> str:
    return str(info.get(key) or "")


def _clock(seconds: Seconds) -> str:
    """``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
