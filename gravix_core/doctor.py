"""The installation in; what it has, what it lacks and what to do about it out."""

from __future__ import annotations

import platform
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata

from gravix_core.errors import GravixError
from gravix_core.media.files import free_bytes
from gravix_core.media.process import ffmpeg_program, run
from gravix_core.settings import Settings
from gravix_core.studio import Studio

NEEDED_BYTES = 1_000_000_000
"""Less free space than this is a warning: an hour of video becomes about so much."""
PACKAGES = ("streamlit", "sqlalchemy", "av", "imageio-ffmpeg", "pydantic")
FILTERS = ("zscale", "tonemap", "loudnorm", "gblur", "bwdif", "overlay", "tpad", "setparams")
ENCODERS = ("libx264", "aac", "mjpeg")
OLDEST = (3, 11)


class State(StrEnum):
    OK = "ok"
    INFO = "info"
    WARN = "warn"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    """Never a secret's value."""
    todo: str = ""


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Look at everything; one thing that is broken hides no other."""
    looks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python,
        _ffmpeg,
        _disk,
        _database,
        _keys,
        _port,
        _not_needed,
    )
    return tuple(finding for look in looks for finding in look(settings))


def _python(_: Settings) -> Iterator[Finding]:
    version = platform.python_version()
    if sys.version_info >= OLDEST:
        yield Finding("python", State.OK, version)
    else:
        yield Finding("python", State.MISSING, version, "Install Python 3.11 or newer.")
    for name in PACKAGES:
        try:
            yield Finding(name, State.OK, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, State.MISSING, "not installed", "Run `make run` again.")


def _ffmpeg(settings: Settings) -> Iterator[Finding]:
    try:
        program = str(ffmpeg_program(settings.ffmpeg_path))
        version = run([program, "-hide_banner", "-version"], timeout=30).splitlines()[0]
        filters = run([program, "-hide_banner", "-filters"], timeout=30)
        encoders = run([program, "-hide_banner", "-encoders"], timeout=30)
    except GravixError as error:
        yield Finding("ffmpeg", State.MISSING, str(error), error.hint)
        return
    lacking = [name for name in FILTERS if f" {name} " not in filters]
    lacking += [name for name in ENCODERS if f" {name} " not in encoders]
    if lacking:
        todo = "Use an ffmpeg built with these, or leave FFMPEG_PATH empty."
        yield Finding("ffmpeg", State.MISSING, f"lacks {', '.join(lacking)}", todo)
    else:
        yield Finding("ffmpeg", State.OK, version.split(" Copyright")[0])


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.gravix_data_dir
    try:
        free = free_bytes(folder)
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        found = f"{folder} cannot be written to: {error.strerror}"
        yield Finding("data directory", State.MISSING, found, "Choose another with --data-dir.")
        return
    yield Finding("data directory", State.OK, str(folder))
    low = free < NEEDED_BYTES
    todo = "Free some space: an hour of video needs about 1 GB." if low else ""
    yield Finding("disk", State.WARN if low else State.OK, f"{free / 1e9:.1f} GB free", todo)


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        studio = Studio.open(settings)
        try:
            held = studio.library.overview()
        finally:
            studio.close()
    except GravixError as error:
        yield Finding("database", State.MISSING, str(error), error.hint)
        return
    kind = settings.database_url.get_secret_value().partition(":")[0]
    yield Finding("database", State.OK, f"{kind}: {held.videos} videos, {held.reels.total} reels")


def _keys(settings: Settings) -> Iterator[Finding]:
    if settings.has_gemini:
        yield Finding("GEMINI_API_KEY", State.OK, "set")
    else:
        todo = "Nothing to do: text is written without it, by the basic provider."
        yield Finding("GEMINI_API_KEY", State.INFO, "not set", todo)
    if settings.has_facebook:
        yield Finding("FACEBOOK_APP_ID and _SECRET", State.OK, "set")
    else:
        todo = "Needed to publish to Instagram; not for making reels."
        yield Finding("FACEBOOK_APP_ID and _SECRET", State.INFO, "not set", todo)


def _port(settings: Settings) -> Iterator[Finding]:
    name = f"port {settings.api_port}"
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        taken = probe.connect_ex(("127.0.0.1", settings.api_port)) == 0
    if taken:
        todo = "If that is not the dashboard, stop it or set API_PORT."
        yield Finding(name, State.WARN, "in use", todo)
    else:
        yield Finding(name, State.OK, "free")


def _not_needed(settings: Settings) -> Iterator[Finding]:
    for name, value in (
        ("FFPROBE_PATH", settings.ffprobe_path),
        ("YT_DLP_PATH", settings.yt_dlp_path),
    ):
        if value:
            yield Finding(name, State.INFO, "set", "Not needed; you may remove it.")
