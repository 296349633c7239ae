"""A real database in a file, and one full value of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from gravix_core.model import (
    AcceptReport,
    Cue,
    MediaInfo,
    Picture,
    PostText,
    RenderedReel,
    RuleLevel,
    RuleResult,
    ScorePart,
    Size,
    Sound,
    Span,
    Transcript,
    Transfer,
    Video,
    Word,
)
from gravix_core.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "gravix.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file.as_posix()}"


@pytest.fixture
def store(url: str, file: Path) -> Iterator[Store]:
    opened = Store.open(url, file.parent / "videos")
    yield opened
    opened.close()


@pytest.fixture
def video(store: Store) -> Video:
    with store.begin() as tx:
        return tx.videos.add(
            title="Bridges",
            source_name="bridges.mp4",
            source_sha256="ab" * 32,
            layout="auto",
            chunk_duration=35,
        )


@pytest.fixture
def info() -> MediaInfo:
    return MediaInfo(
        container="mov,mp4,m4a,3gp,3g2,mj2",
        duration=7200.1000000000004,
        start=-0.023219954648526078,
        picture=Picture(
            stream=0,
            codec="hevc",
            size=Size(1080, 1920),
            stored=Size(1920, 1080),
            rotation=90,
            rate=Fraction(30000, 1001),
            pixel_format="yuv420p10le",
            transfer=Transfer.HLG,
            matrix="bt2020nc",
            interlaced=False,
        ),
        sound=Sound(stream=1, codec="aac", rate=48000, channels=6, layout="5.1"),
        byte_size=9_876_543_210,
    )


@pytest.fixture
def transcript() -> Transcript:
    return Transcript(
        words=(Word("Brücken", Span(0.1, 0.30000000000000004)), Word("«stehen»", Span(0.3, 1.7))),
        cues=(Cue("Brücken «stehen»", Span(0.1, 1.7)), Cue("橋 \ud83d\x00", Span(2, 1e9 / 3))),
        exact_words=True,
    )


@pytest.fixture
def rendered(store: Store) -> RenderedReel:
    return RenderedReel(
        file=store.videos_dir / "1" / "reel-0001.mp4",
        cover=store.videos_dir / "1" / "reel-0001.jpg",
        duration=34.567000000000004,
        byte_size=12_345_678,
        sha256="cd" * 32,
        plan="plan-1",
        cover_cell=3,
        report=AcceptReport(
            (
                RuleResult("codec", RuleLevel.PASS, found="h264", expected="h264 or hevc"),
                RuleResult("frame rate", RuleLevel.WARN, found="60", expected="23 … 60"),
                RuleResult("size", RuleLevel.FAIL, found="1 GB", expected="≤ 300 MB"),
            )
        ),
    )


@pytest.fixture
def text() -> PostText:
    return PostText(
        title="How a bridge stands",
        caption="Arches 🌉, “cables” and luck.\n\nWhat do you cross?",
        hashtags=("#bridges", "#brücken"),
        topics=("engineering",),
        quality_score=71,
        score_parts=(ScorePart("hook", 80, 60, "starts with a question"),),
        written_by="basic",
    )
