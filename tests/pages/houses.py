"""Data directories for the tests of the pages: what lies in them, and the page over it."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

from streamlit.testing.v1 import AppTest

from gravix_core.media.files import hash_file, source_file
from gravix_core.model import (
    AcceptReport,
    LinkProbe,
    MediaInfo,
    Picture,
    PostText,
    Reel,
    RenderedReel,
    RuleLevel,
    RuleResult,
    ScorePart,
    Size,
    Span,
    Transcript,
    Transfer,
    Video,
    VideoStatus,
)
from gravix_core.store.store import Store, Transaction

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "gravix_ui" / "main.py"
TEXT = PostText(
    title="How a bridge is built",
    caption="The arch carries the load.",
    hashtags=("#bridges", "#building"),
    topics=("bridges",),
    quality_score=82,
    score_parts=(ScorePart("Speech", 90, 60, "Somebody speaks most of the time."),),
    written_by="basic",
)
RULES = (
    RuleResult("length", RuleLevel.PASS, "35.0 s", "3 to 900 s"),
    RuleResult("bit rate", RuleLevel.WARN, "26 Mbit/s", "at most 25 Mbit/s"),
)


def add_video(
    tx: Transaction,
    title: str = "Bridges",
    *,
    reels: int = 0,
    rendered: bool = True,
    status: VideoStatus = VideoStatus.COMPLETED,
    transcript: bool = False,
    link: LinkProbe | None = None,
) -> tuple[Video, tuple[Reel, ...]]:
    """A video of 35 s a chunk; its reels have a text, and files of a few bytes where rendered."""
    sha256 = hashlib.sha256(title.encode()).hexdigest()
    video = (
        tx.videos.add_link(link, layout="fit", chunk_duration=35)
        if link is not None
        else tx.videos.add(
            title=title,
            source_name=f"{title.lower()}.mp4",
            source_sha256=sha256,
            layout="fit",
            chunk_duration=35,
        )
    )
    spans = [Span(35 * n, 35 * (n + 1)) for n in range(reels)]
    made = tx.reels.plan(video.id, spans, spans) if spans else ()
    for reel in made:
        tx.reels.set_text(reel.id, TEXT)
        if rendered:
            tx.reels.set_rendered(reel.id, rendered_reel(tx.videos.root, reel))
    video = tx.videos.set_status(video.id, status)
    return video, tuple(tx.reels.get(reel.id) for reel in made)


def rendered_reel(videos_dir: Path, reel: Reel) -> RenderedReel:
    """Files that stand for a reel and its cover; no player could play them."""
    file = videos_dir / str(reel.video_id) / "reels" / f"{reel.id}.mp4"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"mp4" * reel.id)
    file.with_suffix(".jpg").write_bytes(b"jpg")
    return RenderedReel(
        file=file,
        cover=file.with_suffix(".jpg"),
        duration=35.0,
        byte_size=file.stat().st_size,
        sha256=hash_file(file),
        plan="plan",
        report=AcceptReport(RULES),
        cover_cell=4,
    )


def bring_in(
    tx: Transaction,
    video: Video,
    *,
    codec: str = "h264",
    duration: float = 70.0,
    transcript: Transcript | None = None,
) -> Video:
    """A source that is there; browsers play h264, and not mpeg2video."""
    file = source_file(tx.videos.root, video.id, ".mp4")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"mp4")
    size = Size(1280, 720)
    picture = Picture(
        0, codec, size, size, 0, Fraction(25), "yuv420p", Transfer.SDR, "bt709", interlaced=False
    )
    info = MediaInfo("mov,mp4", duration, 0.0, picture, None, 4_200_000)
    return tx.videos.store_source(video.id, file=file, info=info, transcript=transcript)


def open_store(data: Path) -> Store:
    return Store.open(f"sqlite:///{(data / 'gravix.db').as_posix()}", data / "videos")


def page_of(name: str) -> AppTest:
    """The dashboard on one of its pages, through the navigation."""
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.switch_page(str(ROOT / "pages" / f"{name}.py"))
    return app


def text_of(page: AppTest) -> str:
    """All that a page says, for asking what it does not."""
    kinds = (page.markdown, page.error, page.exception, page.code, page.caption, page.title)
    return "\n".join(str(element.value) for kind in kinds for element in kind)
