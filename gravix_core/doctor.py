"""The installation in; what it has, what it lacks and what to do about it out."""

from __future__ import annotations

import platform
import re
import socket
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from gravix_core.errors import GravixError, SettingsError, ToolMissing
from gravix_core.jobs.seat import Seat
from gravix_core.media.files import free_bytes
from gravix_core.media.process import ffmpeg_program, run
from gravix_core.settings import Settings
from gravix_core.stages.caption.gemini_models import DEFAULT, retired
from gravix_core.stages.render.encoders import choose_encoder
from gravix_core.stages.render.fonts import typeface
from gravix_core.stages.source.downloader import RUNTIME, YT_DLP, Part, parts
from gravix_core.stages.source.recognition import Recognition
from gravix_core.studio import Studio
from gravix_core.views import Overview

NEEDED_BYTES = 1_000_000_000
"""Less free space than this is a warning: an hour of video becomes about so much."""
PACKAGES = (
    *("streamlit", "starlette", "sqlalchemy", "alembic", "av", "imageio-ffmpeg", "pydantic"),
    *("numpy", "opencv-python-headless", "fonttools"),
)
FILTERS = (
    *("zscale", "tonemap", "gblur", "bwdif", "overlay", "tpad", "setparams"),
    *("ass", "ebur128", "alimiter", "tile"),
)
ENCODERS = ("libx264", "aac", "mjpeg")
OLDEST = (3, 11)
OLDEST_FFMPEG = 7
"""The first that reads a filter graph from a file (``-/filter_complex``), which long reels with
moving windows need: FFmpeg's Changelog, version 7.0.  A build that tells no number passes."""
PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


class State(StrEnum):
    OK = "ok"
    INFO = "info"
    WARN = "warn"
    MISSING = "missing"


class Topic(StrEnum):
    """What a finding is about."""

    VERSIONS = "versions"
    PLACES = "places"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    topic: Topic
    name: str
    state: State
    found: str
    """Never a secret's value."""
    todo: str = ""


T = TypeVar("T")
Look = Callable[[Settings, Studio | None], Iterator[Finding]]


def examine(settings: Settings, *, running: Studio | None = None) -> tuple[Finding, ...]:
    """Look at everything; one thing that is broken hides no other.

    Args:
        settings: What is configured.
        running: The open studio of this process, if it has one; then the findings are for its
            dashboard: they name no folder of the server, and say nothing of what is clear as
            long as it answers.
    """
    looks: tuple[Look, ...] = (
        _python,
        _packages,
        _ffmpeg,
        _encoder,
        _downloader,
        _subtitle_font,
        _data_directory,
        _folder,
        _database,
        _speech,
        _gemini,
        _keys,
        _dashboard,
        _not_needed,
    )
    return tuple(finding for look in looks for finding in look(settings, running))


def _python(_: Settings, __: Studio | None) -> Iterator[Finding]:
    version = platform.python_version()
    fine = sys.version_info >= OLDEST
    state, todo = (State.OK, "") if fine else (State.MISSING, "Install Python 3.11 or newer.")
    yield Finding(Topic.VERSIONS, "gravix", State.OK, _own_version())
    yield Finding(Topic.VERSIONS, "python", state, version, todo)


def _own_version() -> str:
    """Gravix runs from its checkout, so that no package says its version."""
    try:
        return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, ValueError, KeyError):
        return "unknown"


def _packages(_: Settings, __: Studio | None) -> Iterator[Finding]:
    for name in PACKAGES:
        try:
            yield Finding(Topic.VERSIONS, name, State.OK, metadata.version(name))
        except metadata.PackageNotFoundError:
            todo = "Run `make run` again."
            yield Finding(Topic.VERSIONS, name, State.MISSING, "not installed", todo)


def _ffmpeg(settings: Settings, _: Studio | None) -> Iterator[Finding]:
    try:
        program = ffmpeg_program(settings.ffmpeg_path)
        version, lacking = _looked_into(program, changed=_changed(program))
    except GravixError as error:
        yield Finding(Topic.VERSIONS, "ffmpeg", State.MISSING, str(error), error.hint)
        return
    if lacking:
        todo = "Use an ffmpeg built with these, or leave FFMPEG_PATH empty."
        found = f"lacks {', '.join(lacking)}"
        yield Finding(Topic.VERSIONS, "ffmpeg", State.MISSING, found, todo)
    else:
        yield Finding(Topic.VERSIONS, "ffmpeg", State.OK, version)


def _encoder(settings: Settings, _: Studio | None) -> Iterator[Finding]:
    """Which one the reels are made by; a graphics card is tried, once."""
    wish = settings.gravix_encoder
    try:
        program = ffmpeg_program(settings.ffmpeg_path)
        found = _chosen(wish, program, changed=_changed(program))
    except ToolMissing:
        return  # said already
    except GravixError as error:
        yield Finding(Topic.VERSIONS, "encoder", State.MISSING, str(error), error.hint)
        return
    yield Finding(Topic.VERSIONS, "encoder", State.OK, found)


@lru_cache(maxsize=4)
def _chosen(wish: str, program: Path, *, changed: int) -> str:  # noqa: ARG001
    return choose_encoder(wish, ffmpeg=program).label


def _downloader(_: Settings, running: Studio | None) -> Iterator[Finding]:
    """What brings in videos from YouTube; videos of one's own need none of it."""
    for part in parts():
        yield finding_of(part, shows_place=running is None)


def finding_of(part: Part, *, shows_place: bool) -> Finding:
    """Say how a part of the downloader is, and what to do about it."""
    place = str(part.where) if shows_place and part.where else ""
    found = ", ".join(filter(None, (part.version, part.since, place, part.lack)))
    todo = "Update the downloader, in Settings of the dashboard."
    if part.lack:
        if part.name == RUNTIME:
            todo = f"{todo} Or install Deno, so that it is on PATH."
        state = State.MISSING if part.name == YT_DLP else State.WARN
        return Finding(Topic.VERSIONS, part.name, state, found, todo)
    if part.is_old:
        todo = f"YouTube changes often, and an old yt-dlp fails. {todo}"
        return Finding(Topic.VERSIONS, part.name, State.WARN, found, todo)
    return Finding(Topic.VERSIONS, part.name, State.OK, found)


def _subtitle_font(settings: Settings, running: Studio | None) -> Iterator[Finding]:
    if not settings.gravix_subtitle_font:
        return
    file = Path(settings.gravix_subtitle_font)
    try:
        family = typeface(file).family
    except SettingsError as error:
        shown = str(error) if running else f"{file}: {error}"
        yield Finding(Topic.PLACES, "font for subtitles", State.MISSING, shown, error.hint)
        return
    yield Finding(Topic.PLACES, "font for subtitles", State.OK, family)


@lru_cache(maxsize=4)
def _looked_into(program: Path, *, changed: int) -> tuple[str, tuple[str, ...]]:  # noqa: ARG001
    """Version, and what it lacks; kept as long as the program has not changed.

    Raises:
        ToolError: It is no ffmpeg that runs here.
    """
    ask = (str(program), "-hide_banner")
    version = run([*ask, "-version"], timeout=30).partition("\n")[0]
    filters = run([*ask, "-filters"], timeout=30)
    encoders = run([*ask, "-encoders"], timeout=30)
    lacking = [name for name in FILTERS if f" {name} " not in filters]
    lacking += [name for name in ENCODERS if f" {name} " not in encoders]
    told = re.search(r"ffmpeg version n?(\d+)\.", version)
    if told is not None and int(told[1]) < OLDEST_FFMPEG:
        lacking.append(f"what FFmpeg {OLDEST_FFMPEG} brought")
    return version.partition(" Copyright")[0].removeprefix("ffmpeg version "), tuple(lacking)


def _changed(program: Path) -> int:
    try:
        return program.stat().st_mtime_ns
    except OSError:
        return 0


def _data_directory(settings: Settings, running: Studio | None) -> Iterator[Finding]:
    folder = settings.gravix_data_dir
    shown = folder.name if running else str(folder)
    try:
        free = free_bytes(folder)
        folder.mkdir(parents=True, exist_ok=True)
        _write_into(folder)
    except OSError as error:
        found = f"{shown} cannot be written to: {error.strerror}"
        todo = "Choose another, with GRAVIX_DATA_DIR or --data-dir."
        yield Finding(Topic.PLACES, "data directory", State.MISSING, found, todo)
        return
    yield Finding(Topic.PLACES, "data directory", State.OK, shown)
    low = free < NEEDED_BYTES
    todo = "Free some space: an hour of video needs about 1 GB." if low else ""
    found = f"{free / 1e9:.1f} GB free"
    yield Finding(Topic.PLACES, "disk", State.WARN if low else State.OK, found, todo)


def _folder(settings: Settings, running: Studio | None) -> Iterator[Finding]:
    folder = settings.gravix_folder_dir
    name, shown = "folder for approved reels", folder.name if running else str(folder)
    try:
        _write_into(next(there for there in (folder, *folder.parents) if there.exists()))
    except OSError as error:
        found = f"{shown} cannot be written to: {error.strerror}"
        todo = "Choose another, with GRAVIX_FOLDER_DIR."
        yield Finding(Topic.PLACES, name, State.WARN, found, todo)
        return
    later = "" if folder.exists() else " (made when it is first needed)"
    yield Finding(Topic.PLACES, name, State.OK, f"{shown}{later}")


def _write_into(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=folder):
        pass


def _database(settings: Settings, running: Studio | None) -> Iterator[Finding]:
    try:
        held = running.library.overview() if running else _opened(settings, _overview)
    except GravixError as error:
        yield Finding(Topic.PLACES, "database", State.MISSING, str(error), error.hint)
        return
    kind = settings.database_url.get_secret_value().partition(":")[0]
    videos = "1 video" if held.videos == 1 else f"{held.videos} videos"
    reels = "1 reel" if held.reels.total == 1 else f"{held.reels.total} reels"
    found = f"{videos}, {reels} ({kind})"
    yield Finding(Topic.PLACES, "database", State.OK, found)


def _overview(studio: Studio) -> Overview:
    return studio.library.overview()


def _gemini(settings: Settings, running: Studio | None) -> Iterator[Finding]:
    """Whether it writes texts, and why not; nobody is asked."""
    name = "GEMINI_API_KEY"
    if not settings.has_gemini:
        todo = "Nothing to do: text is written without it, by the basic provider."
        yield _key(name, todo, is_set=False)
        return
    try:
        model, held, consented = _of_gemini(running) if running else _opened(settings, _of_gemini)
    except GravixError:
        yield _key(name, "", is_set=True)  # what is wrong with the database is said there
        return
    if (gone := retired(model)) is not None:
        todo = f"{gone} Choose another with GEMINI_MODEL or on the page Texts, such as {DEFAULT}."
        yield Finding(Topic.KEYS, name, State.WARN, f"set, but {model} was retired", todo)
    elif not consented:
        todo = "Agree to what is sent: on the page Texts, or by `python -m gravix_core gemini`."
        yield Finding(Topic.KEYS, name, State.INFO, "set, not asked: you have not agreed", todo)
    elif held:
        yield Finding(Topic.KEYS, name, State.WARN, f"set, not asked now, {model}", held)
    else:
        yield Finding(Topic.KEYS, name, State.OK, f"on, {model}")


def _of_gemini(studio: Studio) -> tuple[str, str, bool]:
    status = studio.gemini.status()
    return status.model, studio.gemini.why_not(), status.consented


def _opened(settings: Settings, ask: Callable[[Studio], T]) -> T:
    studio = Studio.open(settings)
    try:
        return ask(studio)
    finally:
        studio.close()


def _keys(settings: Settings, _: Studio | None) -> Iterator[Finding]:
    is_set = settings.has_facebook
    todo = "" if is_set else "Needed to connect Instagram; see docs/instagram.md."
    yield _key("FACEBOOK_APP_ID and _SECRET", todo, is_set=is_set)


def _speech(settings: Settings, running: Studio | None) -> Iterator[Finding]:
    """Only where somebody has asked for it."""
    model = settings.gravix_stt_model
    if not model:
        return
    shown = Path(model).name if running is not None else model
    if Recognition(model).is_there:
        yield Finding(Topic.KEYS, "speech recognition", State.OK, shown)
        return
    todo = "Install it: python -m pip install 'faster-whisper>=1.2.1'; or empty GRAVIX_STT_MODEL."
    found = f"{shown}, but faster-whisper is not installed"
    yield Finding(Topic.KEYS, "speech recognition", State.WARN, found, todo)


def _key(name: str, todo: str, *, is_set: bool) -> Finding:
    state, found = (State.OK, "set") if is_set else (State.INFO, "not set")
    return Finding(Topic.KEYS, name, state, found, todo)


def _dashboard(settings: Settings, running: Studio | None) -> Iterator[Finding]:
    """Who has the data directory, and who the port."""
    if running is not None:
        return
    seat = Seat(settings.gravix_data_dir)
    address = (seat.address() or "yes") if seat.is_taken() else None
    if address is None:
        yield Finding(Topic.PLACES, "dashboard", State.INFO, "not running", "`make run` starts it.")
    else:
        yield Finding(Topic.PLACES, "dashboard", State.OK, f"running: {address}")
    yield _port(settings.api_port, own=_port_of(address or ""))


def _port_of(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:
        return None


def _port(number: int, *, own: int | None) -> Finding:
    name = f"port {number}"
    if number == own:
        return Finding(Topic.PLACES, name, State.OK, "used by the dashboard")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        taken = probe.connect_ex(("127.0.0.1", number)) == 0
    if not taken:
        return Finding(Topic.PLACES, name, State.OK, "free")
    todo = "If that is not the dashboard, stop it or set API_PORT."
    return Finding(Topic.PLACES, name, State.WARN, "in use", todo)


def _not_needed(settings: Settings, _: Studio | None) -> Iterator[Finding]:
    for name, value in (
        ("FFPROBE_PATH", settings.ffprobe_path),
        ("YT_DLP_PATH", settings.yt_dlp_path),
    ):
        if value:
            yield Finding(Topic.KEYS, name, State.INFO, "set", "Not needed; you may remove it.")
