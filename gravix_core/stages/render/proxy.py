"""A source that browsers cannot play in, a small copy that they can out."""

from __future__ import annotations

from gravix_core.model import MediaInfo


def browsers_play(info: MediaInfo) -> bool:
    return "mp4" in info.container and info.picture.codec == "h264"


def media_type(info: MediaInfo) -> str:
    return "video/webm" if "matroska" in info.container else "video/mp4"
