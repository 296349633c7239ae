"""A scenario in, what the site writes about it out: watch page, player answer, manifests.

Only members that yt-dlp's extractor reads, in the shapes of the site; see its _video.py of
2026.10.26.  Links are plain unless the scenario is challenged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tests.simulators.youtube_challenges import (
    PLAYER_ID,
    PLAYER_PATH,
    SIGNATURE_TIMESTAMP,
)
from tests.simulators.youtube_formats import MANIFEST_HOST, MEDIA_HOST, SizeOf, streaming_data
from tests.simulators.youtube_scenario import Captions, Live, Playability, Scenario

PICTURES = {
    "default": (120, 90),
    "mqdefault": (320, 180),
    "hqdefault": (480, 360),
    "sddefault": (640, 480),
    "maxresdefault": (1280, 720),
}

UNKNOWN = Playability("ERROR", "Video unavailable")
"""What the site says of an id that it does not know."""


def watch_page(scenario: Scenario | None, player: Mapping[str, Any] | None) -> str:
    """The page of a video; it carries a player answer when it is given one."""
    initial = f"var ytInitialPlayerResponse = {json.dumps(player)};" if player else ""
    title = scenario.title if scenario else "YouTube"
    return (
        "<!DOCTYPE html><html><head>"
        f"<title>{_escaped(title)} - YouTube</title></head><body>"
        f"<script>ytcfg.set({json.dumps(_config('WEB', 1))});</script>"
        f"<script>{initial}</script>"
        f"<script>var ytInitialData = {json.dumps(beside(scenario))};</script>"
        "</body></html>"
    )


def beside(scenario: Scenario | None) -> dict[str, Any]:
    """What stands beside the video; the channel's name is read from here alone."""
    contents: list[dict[str, Any]] = []
    if scenario and scenario.playability is None:
        owner = {"title": {"runs": [{"text": scenario.channel}]}}
        contents = [
            {"videoPrimaryInfoRenderer": {"title": {"runs": [{"text": scenario.title}]}}},
            {"videoSecondaryInfoRenderer": {"owner": {"videoOwnerRenderer": owner}}},
        ]
    return {
        "contents": {"twoColumnWatchNextResults": {"results": {"results": {"contents": contents}}}}
    }


def config_page(client: str, number: int) -> str:
    """A page of which only the configuration is read."""
    return f"<html><script>ytcfg.set({json.dumps(_config(client, number))});</script></html>"


def iframe_script() -> str:
    """Names the player script for clients that did not get the page."""
    return f"var scriptUrl = 'https://www.youtube.com/s/player/{PLAYER_ID}/www-widgetapi.js';"


def _config(client: str, number: int) -> dict[str, Any]:
    version = "2.20261101.00.00"
    context = {"clientName": client, "clientVersion": version, "visitorData": "VD", "hl": "en"}
    return {
        "INNERTUBE_API_KEY": "key-of-the-simulator",
        "INNERTUBE_CONTEXT": {"client": context},
        "INNERTUBE_CONTEXT_CLIENT_NAME": number,
        "INNERTUBE_CLIENT_VERSION": version,
        "PLAYER_JS_URL": PLAYER_PATH,
        "STS": SIGNATURE_TIMESTAMP,
        "VISITOR_DATA": "VD",
    }


def player_answer(
    scenario: Scenario | None, client: str, *, size_of: SizeOf, grant: int
) -> dict[str, Any]:
    """What the player's address answers to this client.

    Args:
        scenario: The video, None when there is none.
        client: The site's name of the client.
        size_of: Asked for formats that are on offer.
        grant: A number that goes into every link.
    """
    if scenario is None:
        return {"playabilityStatus": _refusal(UNKNOWN)}
    answer = {
        "playabilityStatus": {"status": "OK", "playableInEmbed": True},
        "videoDetails": _details(scenario),
        "microformat": {"playerMicroformatRenderer": _microformat(scenario)},
    }
    trouble = scenario.playability_by_client.get(client, scenario.playability)
    if trouble:
        return answer | {"playabilityStatus": _refusal(trouble)}
    if scenario.live is Live.UPCOMING:
        return answer
    linked = scenario.web_links or client != "WEB"
    answer["streamingData"] = streaming_data(scenario, linked=linked, size_of=size_of, grant=grant)
    if scenario.live is Live.NO and scenario.duration:
        answer["storyboards"] = {"playerStoryboardSpecRenderer": {"spec": _storyboard(scenario.id)}}
    tracks = [_track(scenario, track) for track in scenario.captions]
    if tracks:
        answer["captions"] = {"playerCaptionsTracklistRenderer": _tracklist(tracks)}
    return answer


def _refusal(trouble: Playability) -> dict[str, Any]:
    message = {"reason": {"simpleText": trouble.reason}}
    if trouble.subreason:
        message["subreason"] = {"simpleText": trouble.subreason}
    status: dict[str, Any] = {"status": trouble.status, "reason": trouble.reason}
    status["errorScreen"] = {"playerErrorMessageRenderer": message}
    return {**status, **trouble.extra}


def _details(scenario: Scenario) -> dict[str, Any]:
    details: dict[str, Any] = {
        "videoId": scenario.answers_as or scenario.id,
        "title": scenario.title,
        "lengthSeconds": "0"
        if scenario.live in (Live.NOW, Live.UPCOMING)
        else str(scenario.duration),
        "channelId": scenario.channel_id,
        "author": scenario.channel,
        "shortDescription": scenario.description,
        "thumbnail": {"thumbnails": _thumbnails(scenario.id)},
        "viewCount": "1234",
        "isLiveContent": scenario.live is not Live.NO,
        "isPrivate": False,
    }
    flags = {Live.NOW: "isLive", Live.UPCOMING: "isUpcoming", Live.JUST_ENDED: "isPostLiveDvr"}
    return details | ({flags[scenario.live]: True} if scenario.live in flags else {})


def _microformat(scenario: Scenario) -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": {"simpleText": scenario.title},
        "description": {"simpleText": scenario.description},
        "lengthSeconds": str(scenario.duration),
        "externalChannelId": scenario.channel_id,
        "ownerChannelName": scenario.channel,
        "ownerProfileUrl": "http://www.youtube.com/@littleworkshop",
        "isFamilySafe": scenario.family_safe,
        "availableCountries": list(scenario.countries),
        "category": "Howto & Style",
        "publishDate": "2026-10-01T08:00:00-07:00",
        "uploadDate": "2026-10-01T08:00:00-07:00",
    }
    if scenario.live is not Live.NO:
        told["liveBroadcastDetails"] = _broadcast(scenario)
    return told


def _broadcast(scenario: Scenario) -> dict[str, Any]:
    if scenario.live is Live.UPCOMING:
        return {"isLiveNow": False, "startTimestamp": scenario.starts_at}
    started = {
        "isLiveNow": scenario.live is Live.NOW,
        "startTimestamp": "2026-10-01T08:00:00+00:00",
    }
    ended = {"endTimestamp": "2026-10-01T09:00:00+00:00"} if scenario.live is not Live.NOW else {}
    return {**started, **ended}


def _thumbnails(video_id: str) -> list[dict[str, Any]]:
    return [
        {"url": f"https://i.ytimg.com/vi/{video_id}/{name}.jpg", "width": width, "height": height}
        for name, (width, height) in PICTURES.items()
    ]


def _storyboard(video_id: str) -> str:
    base = f"https://i.ytimg.com/sb/{video_id}/storyboard3_L$L/$N.jpg?sqp=-oaymwE"
    return f"{base}|48#27#100#10#10#0#default#rs$AOn4CLDtest"


def _track(scenario: Scenario, track: Captions) -> dict[str, Any]:
    query = {"v": scenario.id, "lang": track.language}
    if track.automatic:
        query["kind"] = "asr"
    name = f"{track.name} (auto-generated)" if track.automatic else track.name
    told: dict[str, Any] = {
        "baseUrl": f"https://www.youtube.com/api/timedtext?{urlencode(query)}",
        "name": {"simpleText": name},
        "vssId": f"{'a' if track.automatic else ''}.{track.language}",
        "languageCode": track.language,
        "isTranslatable": True,
    }
    return told | ({"kind": "asr"} if track.automatic else {})


def _tracklist(tracks: list[dict[str, Any]]) -> dict[str, Any]:
    languages = {"en": "English", "de": "German", "fr": "French", "hi": "Hindi"}
    translations = [
        {"languageCode": code, "languageName": {"simpleText": name}}
        for code, name in languages.items()
    ]
    return {"captionTracks": tracks, "translationLanguages": translations}


def live_playlist(video_id: str, *, variant: bool) -> str:
    """HLS of a live video: the list of its qualities, or the end of one of them."""
    if variant:
        path = f"api/manifest/hls_playlist/id/{video_id}/itag/95/playlist/index.m3u8"
        about = 'BANDWIDTH=1500000,CODECS="avc1.4d401f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30'
        return f"#EXTM3U\n#EXT-X-STREAM-INF:{about}\nhttps://{MANIFEST_HOST}/{path}\n"
    segment = f"https://{MEDIA_HOST}/videoplayback/id/{video_id}/itag/95/sq/1/file/seg.ts"
    head = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXT-X-MEDIA-SEQUENCE:1\n"
    return f"{head}#EXTINF:5.0,\n{segment}\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
