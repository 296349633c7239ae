"""A program: one JSON line of wishes on stdin, what the unmodified yt-dlp made of each on stdout.

A wish is ``{"id": ..., "folder": path or null, "captions": bool, "options": {...}}``; without
a folder nothing is downloaded.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yt_dlp
from yt_dlp.networking.impersonate import ImpersonateTarget

from gravix_core.media.process import ffmpeg_program

OPTIONS: dict[str, Any] = {
    "quiet": True,
    "noprogress": True,
    "color": "never",
    "compat_opts": ["no-certifi"],
    "format": "bv[height<=1080]+ba/b[height<=1080]/bv+ba/b",
    "format_sort": ["res:1080", "vcodec:h264", "acodec:aac", "ext:mp4:m4a"],
    "merge_output_format": "mp4",
    "outtmpl": {"default": "source.%(ext)s"},
    "allowed_extractors": ["youtube$"],
    "socket_timeout": 20,
    "cachedir": False,
    "ffmpeg_location": str(ffmpeg_program()),
}


class Listener:
    """Keeps what is warned of."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        """Not kept."""

    info = error = debug

    def warning(self, message: str) -> None:
        self.warnings.append(message)


def fulfil(wish: dict[str, Any]) -> dict[str, Any]:
    """What is known of a video, where it lies, its captions; or the error and its class."""
    listener = Listener()
    told: dict[str, Any] = {"error": "", "kind": "", "warnings": listener.warnings}
    options = {**OPTIONS, "logger": listener, **wish.get("options", {})}
    options["compat_opts"] = set(options["compat_opts"])
    if wish.get("folder"):
        options["paths"] = {"home": wish["folder"], "temp": "tmp"}
    try:
        with yt_dlp.YoutubeDL(options) as ydl:
            url = f"https://www.youtube.com/watch?v={wish['id']}"
            info = ydl.extract_info(url, download=False)
            told["info"] = ydl.sanitize_info(info)
            if wish.get("captions"):
                told["captions"] = _captions(ydl, told["info"])
            if wish.get("folder"):
                done = ydl.process_ie_result(info, download=True)
                told["file"] = done["requested_downloads"][0]["filepath"]
    except yt_dlp.utils.DownloadError as exc:
        cause = exc.exc_info[1] if exc.exc_info else exc
        told |= {"error": str(exc), "kind": type(cause).__name__}
        told["countries"] = getattr(cause, "countries", None)
    return told


def _captions(ydl: Any, info: dict[str, Any]) -> Any:
    tracks = info["automatic_captions"].get("en-orig") or info["subtitles"]["en"]
    url = next(track["url"] for track in tracks if track["ext"] == "json3")
    as_browser = {"impersonate": ImpersonateTarget()}
    with ydl.urlopen(yt_dlp.networking.Request(url, extensions=as_browser)) as response:
        return json.load(response)


if __name__ == "__main__":
    wishes = json.load(sys.stdin)
    Path("answer.json").write_text(json.dumps([fulfil(wish) for wish in wishes]), encoding="utf-8")
