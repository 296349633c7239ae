"""The id of a YouTube video in; what it is, then its file with transcript out.

All that talks to YouTube runs in a process of its own, `ytdlp`: its crash, its memory and its
hanging are not ours.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from gravix_core.errors import DiskFull, MediaUnreadable, ToolFailed, TranscriptUnreadable
from gravix_core.media.files import free_bytes, hash_file, room_watched
from gravix_core.media.probe import probe as probe_file
from gravix_core.media.process import converse
from gravix_core.model import LinkProbe, MediaInfo, Seconds, SourceFile, Transcript, Watch
from gravix_core.stages.source.answers import link_probe, refuse_bytes, refuse_live, refuse_size
from gravix_core.stages.source.base import Tell
from gravix_core.stages.source.cookies import Handed
from gravix_core.stages.source.faults import Fault
from gravix_core.stages.source.hearing import Fetching, Heard, unheard
from gravix_core.stages.source.links import canonical, parse_link
from gravix_core.stages.source.transcript import read_transcript

PROGRAM = Path(__file__).with_name("ytdlp.py")
HALF = "fetching"
"""Folder of what is not whole yet, in the video's own."""
STALE = timedelta(hours=5)
"""Older probes are asked for anew.  The links in them live for about 6 hours: YouTube's own
``expiresInSeconds`` is 21540."""
ROOM_TO_LEAVE = 64_000_000
"""Bytes of the disk that a download does not take."""

_SECRET = ("GEMINI_", "GOOGLE_", "FACEBOOK_", "GRAVIX_", "REDIS_", "DATABASE_URL")
_TRUST = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Files with authorities: of Python, of requests, of curl."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long YouTube may take."""

    probe: Seconds = 90.0
    """All of a probe; without a network, `process` has to end within 120 s."""
    answer: Seconds = 20.0
    """For a server to say anything at all; then it is asked again."""
    beside: Seconds = 20.0
    """Captions, or the picture: what a video can do without."""
    silence: Seconds = 60.0
    """Without bytes, or with next to none, while something is fetched."""
    fetch: Seconds = 6 * 3600.0
    """All of a download: then its links have expired.  The next attempt goes on."""


class YouTube:
    """Asks for a video, and brings it in.

    Args:
        ffmpeg: Where it lies.
        cache: A folder for what yt-dlp keeps between runs.
        max_duration: Longest video that is taken.
        max_bytes: Largest video that is taken.
        cookies: The operator's, as long as they are needed; None for none.
        environ: Where proxies and authorities are read from, at each request.
        patience: How long YouTube may take.
    """

    name = "youtube"

    def __init__(
        self,
        *,
        ffmpeg: Callable[[], Path],
        cache: Path,
        max_duration: Seconds,
        max_bytes: int,
        cookies: Callable[[], AbstractContextManager[Handed]] | None = None,
        environ: Mapping[str, str] = os.environ,
        patience: Patience = Patience(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ffmpeg, self._cache = ffmpeg, cache
        self._max_duration, self._max_bytes = max_duration, max_bytes
        self._cookies = cookies
        self._environ, self._patience, self._now = environ, patience, now

    def probe(self, youtube_id: str, *, watch: Watch, picture: Path | None = None) -> LinkProbe:
        """As `LinkSource.probe`."""
        heard = Heard(parse_link(canonical(youtube_id)))
        if picture is not None:
            with room_watched():
                picture.parent.mkdir(parents=True, exist_ok=True)
        request = {"do": "probe", "picture": picture and str(picture)}
        longest = self._patience.probe
        result = self._ask(request, heard, watch=watch, stalled=longest, deadline=longest)
        refuse_live(result["info"], now=self._now())
        probe = link_probe(result["info"], warnings=result["warnings"], now=self._now())
        refuse_size(probe, max_duration=self._max_duration, max_bytes=self._max_bytes)
        return probe

    def fetch(
        self, probe: LinkProbe, *, folder: Path, watch: Watch, tell: Tell = unheard
    ) -> SourceFile:
        """As `LinkSource.fetch`; the file is ``source.mp4``."""
        if self._now() - probe.probed_at > STALE:
            probe = self.probe(probe.youtube_id, watch=watch)
        half = folder / HALF
        with room_watched():
            half.mkdir(parents=True, exist_ok=True)
        check_room(probe, folder)
        heard = Fetching(
            probe.youtube_id,
            patience=self._patience.silence,
            watch=watch,
            tell=tell,
            check=partial(self._check, folder),
        )
        result = self._ask(
            {
                "do": "fetch",
                "info": dict(probe.info),
                "folder": str(half),
                "captions": [track.url for track in probe.captions],
            },
            heard,
            watch=watch,
            stalled=self._patience.silence,
            deadline=self._patience.fetch,
        )
        tell("checking the file")
        transcript, notes = _transcript(probe, result["track"], half, heard.missed)
        source = _take_in(Path(result["file"]), folder / "source.mp4", watch=watch)
        shutil.rmtree(half, ignore_errors=True)
        return SourceFile(
            source.file, probe.title, source.sha256, source.info, transcript, probe.notes + notes
        )

    def _check(self, folder: Path, done: int) -> None:
        """Sizes were estimates, and others write to the disk as well."""
        refuse_bytes(done, max_bytes=self._max_bytes)
        if free_bytes(folder) < ROOM_TO_LEAVE:
            raise DiskFull("the disk was nearly full while a video was fetched")

    def _ask(
        self,
        request: Mapping[str, Any],
        heard: Heard,
        *,
        watch: Watch,
        stalled: Seconds,
        deadline: Seconds,
    ) -> dict[str, Any]:
        """Have the program do it.

        Raises:
            YouTubeError: It failed.
            DiskFull: For want of room.
            Cancelled: `watch` asked to stop.
        """
        with self._cookies() if self._cookies else nullcontext(Handed()) as cookies:
            whole = {
                **request,
                "url": canonical(heard.youtube_id),
                "ffmpeg": str(self._ffmpeg()),
                "cache": str(self._cache),
                "cookie_file": cookies.file and str(cookies.file),
                "browser": cookies.browser or None,
                "answer": self._patience.answer,
                "beside": self._patience.beside,
            }
            try:
                converse(
                    [sys.executable, "-P", str(PROGRAM)],
                    json.dumps(whole),
                    on_line=heard.line,
                    watch=watch,
                    stalled=stalled,
                    deadline=deadline,
                    env=environment(self._environ, cache=self._cache),
                )
            except ToolFailed as exc:
                if heard.result is None and heard.fault is None:
                    heard.fault = heard.why_silent(exc, stalled=stalled, deadline=deadline)
        if heard.result is None:
            raise heard.error()
        return heard.result


def check_room(probe: LinkProbe, folder: Path) -> None:
    """Whether it fits on the disk, where some of it may be already.

    Raises:
        DiskFull: It does not.
    """
    free, needed = free_bytes(folder), room_needed(probe) - _size_of(folder / HALF)
    if needed > free:
        raise DiskFull(
            f"{needed / 1e6:.0f} MB are needed for this video, and {free / 1e6:.0f} MB are free"
        )


def room_needed(probe: LinkProbe) -> int:
    """Bytes of disk at the most: picture and sound, and beside them the file that joins them."""
    return 2 * (probe.byte_size or 0) + ROOM_TO_LEAVE


def environment(given: Mapping[str, str], *, cache: Path) -> dict[str, str]:
    """What the program is given: proxies and authorities, but none of our secrets."""
    kept = {name: value for name, value in given.items() if not name.upper().startswith(_SECRET)}
    authorities = next((kept[name] for name in _TRUST if kept.get(name)), None)
    if authorities:
        kept = {**dict.fromkeys(_TRUST, authorities), **kept}
    return {
        **kept,
        "YTDLP_NO_PLUGINS": "1",
        "PYTHONUTF8": "1",
        "DENO_DIR": str(cache / "deno"),
        "DENO_NO_UPDATE_CHECK": "1",
    }


def _transcript(
    probe: LinkProbe, number: int | None, half: Path, missed: list[Fault]
) -> tuple[Transcript | None, tuple[str, ...]]:
    """What is said; a transcript that cannot be had or read costs a note."""
    if number is None:
        return None, tuple(f"The captions could not be had: {f.sentence}" for f in missed)
    track = probe.captions[number]
    try:
        read = read_transcript(half / "captions.json3")
    except TranscriptUnreadable as exc:
        return None, (f"The captions were left out: {exc}",)
    origin = "automatic captions" if track.automatic else "captions"
    return replace(read, language=track.language, origin=origin), ()


@dataclass(frozen=True, slots=True)
class _Taken:
    file: Path
    sha256: str
    info: MediaInfo


def _take_in(made: Path, target: Path, *, watch: Watch) -> _Taken:
    """Look at the file and move it to where it belongs, whole."""
    try:
        info = probe_file(made)
    except MediaUnreadable:
        with suppress(OSError):
            made.unlink()  # or the next attempt would find it
        raise
    sha256 = hash_file(made, watch=watch)
    with room_watched():
        with made.open("r+b") as file:
            os.fsync(file.fileno())
        made.replace(target)
    return _Taken(target, sha256, info)


def _size_of(folder: Path) -> int:
    try:
        return sum(file.stat().st_size for file in folder.iterdir())
    except OSError:
        return 0
