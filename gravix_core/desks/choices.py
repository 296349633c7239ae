"""What the operator chooses for a video in; the same checked, and written to a known video, out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gravix_core.errors import SourceRefused, StatusConflict
from gravix_core.jobs import queue
from gravix_core.layouts import DEFAULT, LAYOUTS
from gravix_core.model import MAX_REEL, MIN_REEL, JobStatus, Seconds, Video
from gravix_core.store.store import Transaction
from gravix_core.styles import DEFAULT_STYLE, STYLES
from gravix_core.views import ReelCounts

ALL = 0
"""As a number of the best reels: every one is made."""
STAYS = (
    "It keeps its layout and its subtitles, since you have judged reels of it; "
    "delete it first for others."
)


@dataclass(frozen=True, slots=True)
class Choices:
    """How reels are made; None keeps what a known video has, and is the usual for a new one."""

    layout: str | None = None
    """Of `layouts.LAYOUTS`."""
    subtitles: str | None = None
    """Of `styles.STYLES`."""
    best: int | None = None
    """So many of the best are made; `ALL`: every one."""

    def check(self) -> None:
        """Raises SourceRefused."""
        if self.layout is not None and self.layout not in LAYOUTS:
            raise SourceRefused(
                f"there is no layout {self.layout!r}", hint=f"Choose one of: {', '.join(LAYOUTS)}."
            )
        if self.subtitles is not None and self.subtitles not in STYLES:
            raise SourceRefused(
                f"there are no subtitles {self.subtitles!r}",
                hint=f"Choose one of: {', '.join(STYLES)}.",
            )
        if self.best is not None and self.best < ALL:
            raise SourceRefused(
                f"{self.best} reels cannot be made", hint="Choose how many, or 0 for all."
            )

    @property
    def new_layout(self) -> str:
        return self.layout or DEFAULT.name

    @property
    def new_subtitles(self) -> str:
        return self.subtitles or DEFAULT_STYLE.name

    @property
    def new_best(self) -> int | None:
        return self.best or None


def check_duration(chunk_duration: Seconds | None) -> None:
    """Raises SourceRefused."""
    if chunk_duration is not None and not MIN_REEL <= chunk_duration <= MAX_REEL:
        raise SourceRefused(
            f"a reel cannot be {chunk_duration:g} seconds long",
            hint=f"Choose a length from {MIN_REEL:g} to {MAX_REEL:g} seconds.",
        )


def without_looks(tx: Transaction, video: Video, choices: Choices) -> tuple[Choices, str | None]:
    """Leave out what would make all reels anew, when some are judged; with a sentence if so."""
    differs = choices.layout not in {None, video.layout} or choices.subtitles not in {
        None,
        video.subtitles,
    }
    counts = tx.reports.reel_counts([video.id]).get(video.id, ReelCounts())
    if differs and (counts.approved or counts.rejected):
        return replace(choices, layout=None, subtitles=None), STAYS
    return choices, None


def change(tx: Transaction, video: Video, choices: Choices) -> tuple[Video, bool]:
    """Write them to a known video; say whether any is another than before.

    Raises:
        StatusConflict: It is at work in another layout or with other subtitles.
    """
    before = video
    if choices.layout not in {None, video.layout}:
        _refuse_at_work(tx, video, f"in layout {video.layout}", "layout")
        video = tx.videos.set_layout(video.id, choices.new_layout)
    if choices.subtitles not in {None, video.subtitles}:
        _refuse_at_work(tx, video, f"with subtitles {video.subtitles}", "kind")
        video = tx.videos.set_subtitles(video.id, choices.new_subtitles)
    if choices.best is not None and choices.new_best != video.best:
        video = tx.videos.set_best(video.id, choices.new_best)
    made_of = (before.layout, before.subtitles, before.best)
    return video, made_of != (video.layout, video.subtitles, video.best)


def _refuse_at_work(tx: Transaction, video: Video, how: str, what: str) -> None:
    if any(job.status is JobStatus.PROCESSING for job in queue.of_video(tx, video.id)):
        raise StatusConflict(
            f"video {video.id} is at work {how}",
            hint=f"Wait until it has ended, or stop it; then ask for the other {what}.",
        )
