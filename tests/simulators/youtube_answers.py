"""Requests in, what a healthy YouTube answers out."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from typing import Any

from tests.simulators import youtube_pages as pages
from tests.simulators.youtube_captions import json3, spoken, vtt
from tests.simulators.youtube_challenges import PLAYER_SCRIPT, is_solved
from tests.simulators.youtube_films import AAC, HEIGHTS, OPUS, WEBM_ITAGS, Films, seconds_of
from tests.simulators.youtube_handler import Answer, range_of
from tests.simulators.youtube_scenario import Captions, Endpoint, Request, Scenario

KNOWN = {AAC, OPUS, *HEIGHTS}
JSON = "application/json; charset=UTF-8"


class Answers:
    """What the site knows: its videos, and which links it gave."""

    def __init__(self, films: Films) -> None:
        self._films = films
        self._scenarios: dict[str, Scenario] = {}
        self._grants: Counter[str] = Counter()
        self._expired: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._by_endpoint = {
            Endpoint.PAGE: self._page,
            Endpoint.CONFIG: self._config,
            Endpoint.PLAYER: self._player,
            Endpoint.NEXT: self._next,
            Endpoint.MANIFEST: self._manifest,
            Endpoint.CAPTIONS: self._captions,
            Endpoint.PICTURE: self._picture,
        }

    def add(self, scenario: Scenario) -> None:
        assert re.fullmatch(r"[\w-]{11}", scenario.id), f"no id of YouTube's: {scenario.id}"
        self._scenarios[scenario.id] = scenario

    def expire_links(self, video_id: str | None) -> None:
        with self._lock:
            for known in [video_id] if video_id else list(self._grants):
                self._expired[known] = self._grants[known]

    def answer(self, request: Request, *, ranges: bool) -> Answer:
        scenario = self._scenarios.get(request.video_id)
        if request.endpoint is Endpoint.MEDIA:
            return self._media(request, scenario, ranges=ranges)
        answered = self._by_endpoint.get(request.endpoint)
        return answered(request, scenario) if answered else _missing()

    def _page(self, request: Request, scenario: Scenario | None) -> Answer:
        carried = scenario is not None and scenario.page_has_player
        player = self._player_of(request.video_id, scenario, "WEB") if carried else None
        return Answer(pages.watch_page(scenario, player).encode())

    def _config(self, request: Request, scenario: Scenario | None) -> Answer:
        if request.path == "/iframe_api":
            return Answer(pages.iframe_script().encode(), "text/javascript")
        if request.path.startswith("/s/player/"):
            return Answer(PLAYER_SCRIPT.encode(), "text/javascript")
        embedded = request.path.startswith("/embed/")
        client, number = ("WEB_EMBEDDED_PLAYER", 56) if embedded else ("WEB", 1)
        return Answer(pages.config_page(client, number).encode())

    def _player(self, request: Request, scenario: Scenario | None) -> Answer:
        return _json(self._player_of(request.video_id, scenario, request.client))

    def _player_of(self, video_id: str, scenario: Scenario | None, client: str) -> dict[str, Any]:
        with self._lock:
            self._grants[video_id] += 1
            grant = self._grants[video_id]

        def size_of(itag: int) -> int:
            assert scenario is not None
            return self._films.size(scenario, itag)

        return pages.player_answer(scenario, client, size_of=size_of, grant=grant)

    def _next(self, request: Request, scenario: Scenario | None) -> Answer:
        return _json(pages.beside(scenario))

    def _media(self, request: Request, scenario: Scenario | None, *, ranges: bool) -> Answer:
        itag = request.itag
        if scenario is None or itag not in KNOWN:
            return _missing()
        grant = int(request.query.get("grant", "0"))
        solved = not scenario.challenged or is_solved(request.query, grant)
        if grant <= self._expired[request.video_id] or not solved:
            return Answer(b"", "text/plain", status=403)
        stream = self._films.stream(scenario, itag)
        try:
            wanted = range_of(request.range, stream.size) if ranges else None
        except ValueError:
            answer = Answer(b"", "text/plain", status=416)
            answer.headers["Content-Range"] = f"bytes */{stream.size}"
            return answer
        start, stop = wanted or (0, stream.size)
        medium = "audio" if itag in (AAC, OPUS) else "video"
        form = "webm" if itag in WEBM_ITAGS else "mp4"
        answer = Answer(stream.read(start, stop), f"{medium}/{form}", status=206 if wanted else 200)
        answer.length = stop - start
        if wanted:
            answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{stream.size}"
        if ranges:
            answer.headers["Accept-Ranges"] = "bytes"
        return answer

    def _manifest(self, request: Request, scenario: Scenario | None) -> Answer:
        if scenario is None:
            return _missing()
        playlist = pages.live_playlist(scenario.id, variant="/hls_variant/" in request.path)
        return Answer(playlist.encode(), "application/vnd.apple.mpegurl")

    def _captions(self, request: Request, scenario: Scenario | None) -> Answer:
        asked = (request.query.get("lang"), request.query.get("kind") == "asr")
        track = next((t for t in _tracks(scenario) if (t.language, t.automatic) == asked), None)
        if scenario is None or track is None:
            return _missing()
        lines = spoken(seconds_of(scenario)) if track.lines is None else track.lines
        if request.query.get("fmt") == "vtt":
            return Answer(vtt(lines).encode(), "text/vtt")
        return _json(json3(lines, automatic=track.automatic))

    def _picture(self, request: Request, scenario: Scenario | None) -> Answer:
        name, _, ending = request.path.rpartition("/")[2].partition(".")
        if scenario is None or name not in pages.PICTURES or ending not in ("jpg", "webp"):
            return _missing()
        width, height = pages.PICTURES[name]
        drawn = self._films.picture(scenario, width=width, height=height, ending=ending)
        return Answer(drawn, "image/webp" if ending == "webp" else "image/jpeg")


def _tracks(scenario: Scenario | None) -> tuple[Captions, ...]:
    return scenario.captions if scenario else ()


def _json(document: dict[str, Any]) -> Answer:
    return Answer(json.dumps(document).encode(), JSON)


def _missing() -> Answer:
    return Answer(b"<html><body>404 Not Found</body></html>", status=404)
