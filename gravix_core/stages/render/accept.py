"""A file in, Instagram's file rules held against it out.

Source of the rules: Graph API reference, IG User Media, "Reels specifications", as read from
August to October 2026; the two readings of the size limit (300 MB and 1 GB) are both kept.
"""

from __future__ import annotations

from pathlib import Path

from gravix_core.media.boxes import BoxFacts, read_boxes
from gravix_core.media.probe import StreamFacts, probe, read_facts
from gravix_core.model import (
    MAX_REEL,
    MIN_REEL,
    PORTRAIT,
    AcceptReport,
    MediaInfo,
    RuleLevel,
    RuleResult,
)

MAX_BYTES = 1_000_000_000
SURE_BYTES = 300_000_000
MAX_VIDEO_BIT_RATE = 25_000_000
SURE_AUDIO_BIT_RATE = 160_000
"""Named are 128 kbit/s; an encoder may exceed its target a little."""
MIN_FPS, MAX_FPS = 23, 60
MAX_COLUMNS = 1920
MAX_SAMPLE_RATE = 48_000
_ROUNDING = 0.05

_420 = frozenset({"yuv420p", "yuvj420p", "yuv420p10le", "nv12", "p010le"})


def check_file(file: Path) -> AcceptReport:
    """Hold every rule against the file, in the order in which the operator reads them.

    Raises:
        MediaUnreadable: It cannot be probed at all.
    """
    info, boxes = probe(file), read_boxes(file)
    facts = read_facts(file)
    return AcceptReport(
        (*_container_rules(info, boxes), *_picture_rules(info, facts), *_sound_rules(info, facts))
    )


def _rule(name: str, found: str, expected: str, *, ok: bool, soft: bool = False) -> RuleResult:
    level = RuleLevel.PASS if ok else RuleLevel.WARN if soft else RuleLevel.FAIL
    return RuleResult(name, level, found, expected)


def _container_rules(info: MediaInfo, boxes: BoxFacts) -> tuple[RuleResult, ...]:
    size = f"{info.byte_size / 1e6:.1f} MB"
    length = info.duration
    return (
        _rule("container", boxes.brand or info.container, "MP4 or MOV", ok=bool(boxes.brand)),
        _rule(
            "moov_first",
            " ".join(boxes.order[:8]) or "none",
            "moov before mdat",
            ok=boxes.moov_first,
        ),
        _rule("edit_lists", str(boxes.edit_lists), "none", ok=not boxes.edit_lists, soft=True),
        _rule(
            "duration",
            f"{length:.2f} s",
            f"{MIN_REEL:g} s to {MAX_REEL:g} s",
            ok=MIN_REEL - 1e-3 <= length <= MAX_REEL + _ROUNDING,
        ),
        _rule("size", size, "at most 1 GB", ok=info.byte_size <= MAX_BYTES),
        _rule("size_sure", size, "300 MB or less", ok=info.byte_size <= SURE_BYTES, soft=True),
    )


def _picture_rules(info: MediaInfo, facts: StreamFacts) -> tuple[RuleResult, ...]:
    picture, rate = info.picture, float(info.picture.rate)
    shape = picture.size.aspect
    interlaced = "interlaced" if picture.interlaced else "progressive"
    closed = "closed" if facts.closed_gops else "open"
    return (
        _rule("video_codec", picture.codec, "h264 or hevc", ok=picture.codec in {"h264", "hevc"}),
        _rule("chroma", picture.pixel_format, "4:2:0", ok=picture.pixel_format in _420),
        _rule("scan", interlaced, "progressive", ok=not picture.interlaced),
        _rule("closed_gop", closed, "closed", ok=facts.closed_gops),
        _rule(
            "frame_rate",
            f"{rate:.2f}",
            f"{MIN_FPS} to {MAX_FPS}",
            ok=MIN_FPS - _ROUNDING <= rate <= MAX_FPS + _ROUNDING,
        ),
        _rule(
            "constant_rate",
            "constant" if facts.constant_rate else "variable",
            "constant",
            ok=facts.constant_rate,
            soft=True,
        ),
        _rule(
            "columns",
            str(picture.size.width),
            f"at most {MAX_COLUMNS}",
            ok=picture.size.width <= MAX_COLUMNS,
        ),
        _rule("aspect", str(picture.size), "0.01:1 to 10:1", ok=0.01 <= shape <= 10),
        _rule(
            "portrait", str(picture.size), "9:16", ok=abs(shape / PORTRAIT - 1) < 0.01, soft=True
        ),
        _rule(
            "video_bit_rate",
            f"{facts.video_bit_rate / 1e6:.2f} Mbit/s",
            "at most 25 Mbit/s",
            ok=facts.video_bit_rate <= MAX_VIDEO_BIT_RATE,
        ),
    )


def _sound_rules(info: MediaInfo, facts: StreamFacts) -> tuple[RuleResult, ...]:
    sound = info.sound
    if sound is None:
        return (_rule("sound", "none", "AAC", ok=False, soft=True),)
    return (
        _rule("audio_codec", sound.codec, "aac", ok=sound.codec == "aac"),
        _rule("sample_rate", str(sound.rate), "at most 48000", ok=sound.rate <= MAX_SAMPLE_RATE),
        _rule("channels", str(sound.channels), "1 or 2", ok=sound.channels in {1, 2}),
        _rule(
            "audio_bit_rate",
            f"{facts.audio_bit_rate / 1e3:.0f} kbit/s",
            "about 128 kbit/s",
            ok=facts.audio_bit_rate <= SURE_AUDIO_BIT_RATE,
            soft=True,
        ),
    )
