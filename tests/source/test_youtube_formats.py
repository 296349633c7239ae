"""Which of the formats on offer yt-dlp chooses by our wishes."""

from __future__ import annotations

from typing import Any

import pytest
import yt_dlp

from gravix_core.stages.source.ytdlp import FORMAT, SORT

Format = dict[str, Any]


VCODECS = {"avc": "avc1.640028", "vp9": "vp9", "av01": "av01.0.08M.08"}


def one(name: str, **more: Any) -> Format:
    ending = {"avc": "mp4", "aac": "m4a"}.get(name[:3], "webm")
    about = {"url": f"https://media/{name}", "protocol": "https", "ext": ending, "filesize": 1000}
    return {"format_id": name, "vcodec": "none", "acodec": "none", **about, **more}


def pictures(*sizes: tuple[int, int], codecs: str = "avc vp9 av01") -> tuple[Format, ...]:
    return tuple(
        one(f"{codec}-{width}x{height}", vcodec=VCODECS[codec], width=width, height=height)
        for width, height in sizes
        for codec in codecs.split()
    )


def sound(codec: str, language: str, *, original: bool) -> Format:
    preference = 10 if original else -1
    return one(
        f"{codec}-{language}", acodec=codec, language=language, language_preference=preference
    )


SOUNDS = (
    sound("aac", "en", original=True),
    sound("aac", "de", original=False),
    sound("opus", "en", original=True),
)
READY_MADE = one("avc-both", vcodec="avc1", acodec="aac", width=640, height=360)


def chosen(*formats: Format) -> str:
    video = {
        "id": "dQw4w9WgXcQ", "title": "T", "extractor": "youtube", "extractor_key": "Youtube",
        "webpage_url": "https://page", "formats": list(formats),
    }  # fmt: skip
    with yt_dlp.YoutubeDL({"quiet": True, "format": FORMAT, "format_sort": list(SORT)}) as ydl:
        return str(ydl.process_ie_result(video, download=False)["format_id"])


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (pictures((1280, 720), (1920, 1080), (3840, 2160)), "avc-1920x1080"),
        (pictures((608, 1080), (1080, 1920)), "avc-1080x1920"),
        (pictures((1280, 720)) + pictures((1920, 1080), codecs="vp9"), "vp9-1920x1080"),
        (pictures((2560, 1440), codecs="vp9"), "vp9-2560x1440"),
        ((READY_MADE, *pictures((640, 360))), "avc-640x360"),
    ],
    ids=["1080", "upright", "no H.264 at 1080", "nothing below 1440", "beside a ready-made file"],
)
def test_h264_of_1080_lines_is_preferred_with_the_original_sound_in_aac(
    offered: tuple[Format, ...], expected: str
) -> None:
    assert chosen(*offered, *SOUNDS) == f"{expected}+aac-en"


def test_the_original_language_counts_for_more_than_the_codec() -> None:
    dubbed, original = SOUNDS[1], SOUNDS[2]
    assert chosen(*pictures((640, 360), codecs="avc"), dubbed, original) == "avc-640x360+opus-en"


def test_a_ready_made_file_is_better_than_none() -> None:
    assert chosen(READY_MADE) == "avc-both"
