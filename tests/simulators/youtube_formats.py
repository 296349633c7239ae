"""A scenario in, the formats on offer out, as the site writes them.  Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.simulators.youtube_challenges import locked
from tests.simulators.youtube_films import (
    AAC,
    FRAMES_PER_SECOND,
    H264_ITAGS,
    MUXED,
    OPUS,
    VP9_ITAGS,
)
from tests.simulators.youtube_scenario import Live, Scenario

MEDIA_HOST = "rr1---sn-test.googlevideo.com"
MANIFEST_HOST = "manifest.googlevideo.com"
EXPIRES_IN = 21540
"""Seconds; what the site tells."""

SizeOf = Callable[[int], int]
"""Bytes of a format, by its itag."""


def streaming_data(
    scenario: Scenario, *, linked: bool, size_of: SizeOf, grant: int
) -> dict[str, Any]:
    """The player's ``streamingData``; without `linked`, no format has a link."""

    def link(itag: int) -> str:
        query = {"expire": 1900000000, "id": scenario.id, "itag": itag, "grant": grant}
        return f"https://{MEDIA_HOST}/videoplayback?{urlencode(query)}"

    data: dict[str, Any] = {"expiresInSeconds": str(EXPIRES_IN)}
    if scenario.live is Live.NOW:
        path = f"api/manifest/hls_variant/id/{scenario.id}/playlist/index.m3u8"
        return {**data, "hlsManifestUrl": f"https://{MANIFEST_HOST}/{path}"}
    formats = formats_of(scenario, size_of)
    for entry in formats:
        if scenario.drm:
            entry["drmFamilies"] = ["WIDEVINE", "PLAYREADY", "FAIRPLAY"]
        elif linked and scenario.challenged:
            entry.update(locked(link(entry["itag"]), grant))
        elif linked:
            entry["url"] = link(entry["itag"])
    if scenario.drm:
        data["licenseInfos"] = [{"drmFamily": "WIDEVINE", "url": "https://www.youtube.com/drm"}]
    data["formats"] = [entry for entry in formats if entry["itag"] == MUXED]
    data["adaptiveFormats"] = [entry for entry in formats if entry["itag"] != MUXED]
    return data


def formats_of(scenario: Scenario, size_of: SizeOf) -> list[dict[str, Any]]:
    """Every format on offer, without links."""
    common = {"lastModified": "1759300000000000", "approxDurationMs": str(scenario.duration * 1000)}
    made: list[dict[str, Any]] = []
    if scenario.muxed and scenario.heights:
        made.append(_picture(MUXED, 360, 'video/mp4; codecs="avc1.42001E, mp4a.40.2"'))
        made[0] |= {"audioQuality": "AUDIO_QUALITY_LOW", "audioSampleRate": "44100"}
    if scenario.adaptive:
        for height in sorted(scenario.heights, reverse=True):
            if height in H264_ITAGS:
                codec = 'video/mp4; codecs="avc1.640028"'
                made.append(_picture(H264_ITAGS[height], height, codec))
            if scenario.vp9 and height in VP9_ITAGS:
                made.append(_picture(VP9_ITAGS[height], height, 'video/webm; codecs="vp9"'))
        made.append(_sound(AAC, 'audio/mp4; codecs="mp4a.40.2"', "44100"))
        if scenario.vp9:
            made.append(_sound(OPUS, 'audio/webm; codecs="opus"', "48000"))
    for entry in made:
        size = size_of(entry["itag"])
        rate = size * 8 // max(1, scenario.duration)
        entry |= {**common, "contentLength": str(size), "bitrate": rate, "averageBitrate": rate}
    return made


def _picture(itag: int, height: int, mime: str) -> dict[str, Any]:
    quality = {144: "tiny", 240: "small", 360: "medium", 480: "large"}.get(height, f"hd{height}")
    return {
        "itag": itag,
        "mimeType": mime,
        "width": -(-height * 16 // 18) * 2,
        "height": height,
        "fps": FRAMES_PER_SECOND,
        "quality": quality,
        "qualityLabel": f"{height}p",
        "projectionType": "RECTANGULAR",
    }


def _sound(itag: int, mime: str, rate: str) -> dict[str, Any]:
    return {
        "itag": itag,
        "mimeType": mime,
        "quality": "tiny",
        "audioQuality": "AUDIO_QUALITY_MEDIUM",
        "audioSampleRate": rate,
        "audioChannels": 2,
    }
