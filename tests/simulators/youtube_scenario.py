"""The vocabulary of the YouTube simulator: what a video is, what fails, what was asked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypedDict

from tests.simulators.youtube_captions import Line


class Endpoint(StrEnum):
    """What a request asks for."""

    CONNECT = "connect"
    """The tunnel itself, before TLS."""
    PAGE = "page"
    """The watch page."""
    CONFIG = "config"
    """Embed page, TV page, iframe_api and player script."""
    PLAYER = "player"
    NEXT = "next"
    MEDIA = "media"
    MANIFEST = "manifest"
    """HLS playlists of live videos."""
    CAPTIONS = "captions"
    PICTURE = "picture"
    OTHER = "other"
    """Answered with 404."""


class Live(StrEnum):
    NO = "no"
    NOW = "now"
    UPCOMING = "upcoming"
    JUST_ENDED = "just_ended"
    WAS = "was"


@dataclass(frozen=True, slots=True)
class Playability:
    """Why a video cannot be played, in the words of the site."""

    status: str
    reason: str = ""
    subreason: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further members of playabilityStatus; ``errorScreen`` is merged."""


@dataclass(frozen=True, slots=True)
class Captions:
    """One track; its lines are those of the film unless given."""

    language: str = "en"
    automatic: bool = True
    lines: tuple[Line, ...] | None = None
    name: str = "English"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A video of the stand-in.  An id has 11 characters."""

    id: str
    title: str = "A boat from one board"
    channel: str = "The Little Workshop"
    channel_id: str = "UCgravixtestchannel00000"
    description: str = "We build a boat.\n\nhttps://example.com/plans"
    duration: int = 12
    """Seconds, as declared.  The media last as long, but at most `MEDIA_AT_MOST`."""
    captions: tuple[Captions, ...] = (Captions(),)
    heights: tuple[int, ...] = (360, 720, 1080)
    """What is on offer in H.264; none leaves sound alone."""
    vp9: bool = True
    """Whether VP9 from 720 up and Opus are on offer as well, as on the real site."""
    muxed: bool = True
    """Whether itag 18 (360p with sound) is on offer."""
    adaptive: bool = True
    """Whether pictures and sound are on offer apart; without, 360p is the most."""
    size: int | None = None
    """Bytes of every H.264 picture stream, filled with an empty box; None: as they come."""
    film: Path | None = None
    """What is shown; None: a drawn picture with a tone that pauses between sentences."""
    playability: Playability | None = None
    playability_by_client: Mapping[str, Playability] = field(default_factory=dict)
    """For single clients by the site's name, such as ``WEB_EMBEDDED_PLAYER``."""
    live: Live = Live.NO
    starts_at: str = "2026-12-24T18:00:00+00:00"
    """Of upcoming ones; ISO 8601."""
    challenged: bool = False
    """Whether links must be unlocked by a JavaScript runtime; else the media answer 403."""
    drm: bool = False
    countries: tuple[str, ...] = ()
    """Where it may be seen; empty: everywhere."""
    answers_as: str = ""
    """The id in the player's answer when the site swaps the video, as it does to blocked hosts."""
    page_has_player: bool = False
    """Whether the watch page carries the web client's player answer, as it often does."""
    web_links: bool = True
    """Whether the web client's formats carry links; where the site forces SABR they do not."""
    family_safe: bool = True


MEDIA_AT_MOST = 60
"""Seconds of media that are made of a drawn film, however long it is said to be."""


@dataclass(frozen=True, slots=True, eq=False)
class Trouble:
    """What goes wrong with requests to one endpoint; the first that fits is used."""

    endpoint: Endpoint
    status: int | None = None
    """Answer with this status."""
    retry_after: str = ""
    """The Retry-After of that answer: seconds or a date."""
    cut_after: int | None = None
    """Close the connection after so many bytes of the body, whose length was announced."""
    hang_after: int | None = None
    """Say nothing more after so many bytes of the body."""
    hang: bool = False
    """Not even a status; for ever, or until it is mended."""
    drip: int | None = None
    """Bytes per second."""
    html: bool = False
    """A page with status 200 instead of what was asked for."""
    empty: bool = False
    """Status 200 and no byte."""
    no_ranges: bool = False
    """Ranges are ignored: 200 and everything."""
    video_id: str | None = None
    """Only of this video; None: of all."""
    itag: int | None = None
    """Only of this format; None: of all."""
    times: int | None = None
    """Only the first so many requests; None: all."""

    def fits(self, request: Request) -> bool:
        return (
            self.endpoint is request.endpoint
            and self.video_id in {None, request.video_id}
            and self.itag in {None, request.itag}
        )


class TroubleOptions(TypedDict, total=False):
    """The fields of `Trouble` but its endpoint."""

    status: int | None
    retry_after: str
    cut_after: int | None
    hang_after: int | None
    hang: bool
    drip: int | None
    html: bool
    empty: bool
    no_ranges: bool
    video_id: str | None
    itag: int | None
    times: int | None


@dataclass(slots=True, eq=False)
class Request:
    """One line of the journal.  What was sent grows while it is sent."""

    host: str
    method: str
    path: str
    """Without the query."""
    query: Mapping[str, str]
    endpoint: Endpoint
    video_id: str = ""
    """Empty when the request names none."""
    client: str = ""
    """The site's name of the client, of player requests."""
    range: str = ""
    user_agent: str = ""
    cookie: str = ""
    status: int = 0
    """0 while no status was sent."""
    sent: int = 0
    """Bytes of the body so far."""
    done: bool = False
    """Whether the answer ended, whole or not."""
    whole: bool = False
    """Whether everything that was announced was sent."""
    at: float = field(default_factory=time.monotonic)

    @property
    def itag(self) -> int | None:
        given = self.query.get("itag", "")
        return int(given) if given.isdigit() else None
