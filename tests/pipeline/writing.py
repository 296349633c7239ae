"""A store, jobs and stand-ins of both captioners, on a clock of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, cast

from gravix_core.errors import CaptionError, ToolMissing
from gravix_core.handlers import Handlers, limits, settle
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.model import Cue, Job, JobType, NewJob, PostText, Reel, Span, Transcript, Word
from gravix_core.pipeline import Account, Provider, Writers
from gravix_core.stages.caption.base import Brief, Captioner, Spoken, never, unheard
from gravix_core.stages.source.base import LinkSource
from gravix_core.stages.source.recognition import Recognition
from gravix_core.store import Store
from gravix_core.texts import Usage, Wish
from tests.support import NOON

MIDNIGHT = 20 * 3600.0
"""Seconds from NOON to the next midnight in California (UTC-8 in November)."""


class Clock:
    """Far ahead of the machine's, whose time stands on rows, too."""

    def __init__(self) -> None:
        self.now = NOON.replace(year=2100)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def text_of(spoken: Spoken, writer: str, *, title: str = "") -> PostText:
    return PostText(
        title=title or f"{writer} on part {spoken.index + 1}",
        caption=f"What {writer} makes of part {spoken.index + 1}.",
        hashtags=("#bridges",),
        topics=("bridges",),
        quality_score=50,
        score_parts=(),
        written_by=writer,
    )


class Basic:
    """Writes at once, and asks nobody."""

    name = "basic"

    def describe(self, brief: Brief, reels: Sequence[Spoken], **_: Any) -> Mapping[int, PostText]:
        return {reel.reel_id: text_of(reel, self.name) for reel in reels}

    def alternatives(
        self, brief: Brief, reel: Spoken, now: PostText, wish: Wish, **_: Any
    ) -> tuple[PostText, ...]:
        return (now, text_of(reel, self.name, title="Another"), text_of(reel, self.name))


@dataclass
class Model:
    """A provider on a plan, with what may go wrong."""

    clock: Clock
    a_day: int = 1000
    """Requests that the plan has for a day."""
    trouble: CaptionError | None = None
    """Of each request, as long as it is set."""
    silent_about: set[int] = field(default_factory=set)
    """Reels of which no answer is of any use."""
    meanwhile: Callable[[], None] = lambda: None
    """Called while a request is under way."""
    title: str = ""
    """Of all texts; empty: each has its own."""
    name: str = "gemini"
    requests: list[tuple[int, ...]] = field(default_factory=list)
    briefs: list[Brief] = field(default_factory=list)
    used: int = 0
    day: int = 0

    def describe(
        self,
        brief: Brief,
        reels: Sequence[Spoken],
        *,
        on_usage: Callable[[Usage], None] = unheard,
        should_stop: Callable[[], bool] = never,
    ) -> Mapping[int, PostText]:
        self._asked(brief, reels)
        on_usage(Usage("gemini-test", input_tokens=1000, output_tokens=100, cost=0.001))
        found = [reel for reel in reels if reel.reel_id not in self.silent_about]
        return {reel.reel_id: text_of(reel, self.name, title=self.title) for reel in found}

    def alternatives(
        self,
        brief: Brief,
        reel: Spoken,
        now: PostText,
        wish: Wish,
        *,
        count: int = 3,
        on_usage: Callable[[Usage], None] = unheard,
    ) -> tuple[PostText, ...]:
        self._asked(brief, [reel])
        on_usage(Usage("gemini-test", input_tokens=500, output_tokens=50, cost=0.0005))
        return tuple(
            text_of(reel, self.name, title=f"{wish.instruction or 'Way'} {number}")
            for number in range(count + 2)
        )

    def _asked(self, brief: Brief, reels: Sequence[Spoken]) -> None:
        self.requests.append(tuple(reel.reel_id for reel in reels))
        self.briefs.append(brief)
        self.meanwhile()
        if self.trouble is not None:
            raise self.trouble
        self.used += 1
        if self.used > self.a_day:
            raise day_over()

    def new_day(self) -> None:
        self.clock.pass_by(MIDNIGHT if not self.day else 86_400)
        self.day, self.used = self.day + 1, 0


def day_over() -> CaptionError:
    return CaptionError(
        "the quota of the day is used up",
        hint="It goes on tomorrow.",
        code="per_day",
        kind="day",
        retry_after=MIDNIGHT,
    )


def bad_key() -> CaptionError:
    return CaptionError("the key is not valid", hint="Correct it.", code="bad_key", kind="key")


def passing() -> CaptionError:
    return CaptionError("Gemini is overloaded", hint="Wait.", code="overloaded", kind="transient")


@dataclass
class Room:
    """One process at work."""

    store: Store
    clock: Clock
    model: Model
    writers: Writers
    jobs: Runner

    @property
    def provider(self) -> Provider:
        return self.writers.provider

    def describe(self, video_id: int) -> None:
        """Ask for the texts of a video, as cutting it does."""
        for start in range(0, len(self.reels(video_id)), 10):
            ids = [reel.id for reel in self.reels(video_id)[start : start + 10]]
            args = {"video_id": video_id, "reel_ids": ids}
            key = f"video/{video_id}/describe/{start}"
            self.jobs.enqueue(NewJob(JobType.AI_METADATA, key, video_id, args, priority=30))

    def reels(self, video_id: int) -> tuple[Reel, ...]:
        with self.store.read() as tx:
            return tx.reels.of_video(video_id)

    def texts(self, video_id: int) -> list[PostText]:
        """Of all reels; fails where one has none."""
        found = [reel.text for reel in self.reels(video_id)]
        assert all(found)
        return [text for text in found if text]

    def writers_of(self, video_id: int) -> list[str]:
        return [text.written_by for text in self.texts(video_id)]

    def log(self, video_id: int) -> list[str]:
        with self.store.read() as tx:
            return [line.message for line in tx.logs.of_video(video_id)]

    def job(self, video_id: int) -> Job | None:
        """The one that asks for better texts."""
        with self.store.read() as tx:
            return queue.find(tx, f"video/{video_id}/upgrade")


def roomed(
    store: Store,
    *,
    key: str = "a key",
    model: Model | None = None,
    provider: Captioner | None = None,
    basic: Captioner | None = None,
) -> Room:
    """
    Args:
        provider: In place of `model`.
    """
    clock = model.clock if model else Clock()
    model = model or Model(clock)
    asked = Provider(
        store, Account(key, "gemini-test", frames=0), make=lambda _: provider or model, clock=clock
    )
    writers = Writers(store, basic=basic or Basic(), provider=asked, ffmpeg=_nothing)
    handlers = Handlers(
        store,
        source_of=_nothing,
        site=cast(LinkSource, None),
        recognition=Recognition(""),
        writers=writers,
        shop=_nothing,
        renew_tokens=_nothing,
        press=_nothing,
    )
    jobs = Runner(
        store,
        handlers.by_type(),
        settle=settle,
        alive=lambda _: True,
        clock=clock,
        limits=limits(renders=1),
    )
    return Room(store, clock, model, writers, jobs)


def _nothing(*_: object) -> NoReturn:
    raise ToolMissing("there is none here")


def add_video(store: Store, reels: int, *, title: str = "Bridges") -> int:
    """A video that is cut, with a word in each reel; its id."""
    spans = [Span(10 * i, 10 * i + 10) for i in range(reels)]
    words = tuple(Word(f"word{i}", Span(10 * i + 1, 10 * i + 2)) for i in range(reels))
    cues = tuple(Cue(word.text, word.span) for word in words)
    with store.begin() as tx:
        video = tx.videos.add(
            title=title, source_name="b.mp4", source_sha256="ab", layout="auto", chunk_duration=10
        )
        tx.videos.set_transcript(video.id, Transcript(words, cues, language="en"))
        tx.reels.plan(video.id, spans, spans)
    return video.id


def open_store(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder}/gravix.db", folder / "videos")
