"""What the operator pastes in; what each link leads to, and videos made of them, out."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from gravix_core.desks.choices import Choices, change, check_duration
from gravix_core.desks.intake import Added, download_key
from gravix_core.errors import (
    Cancelled,
    GravixError,
    NotFound,
    SourceRefused,
    StatusConflict,
    YouTubeError,
)
from gravix_core.jobs import queue
from gravix_core.jobs.crew import unforeseen
from gravix_core.jobs.runner import Runner
from gravix_core.media.files import thumbnail_file
from gravix_core.model import Channel, JobType, LinkProbe, NewJob, Seconds, Video
from gravix_core.stages.source.base import LinkSource
from gravix_core.stages.source.links import parse_links
from gravix_core.store.store import Store, Transaction

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Probes; more would look like a robot to the site."""
FRESH = timedelta(hours=5)
"""What a probe leads to expires after about six hours."""
KEPT = timedelta(days=2)
MOST = 50
"""Links at once."""
PICTURES = "links"
PERMANENT = "permanent"
"""Of the kinds of a `YouTubeError`."""


class LinkState(StrEnum):
    REFUSED = "refused"
    """It is no link to one video; nothing was asked."""
    UNASKED = "unasked"
    ASKING = "asking"
    READY = "ready"
    """The site has answered, and it can be imported."""
    TROUBLE = "trouble"
    """The site does not give it, or Gravix does not take it."""


@dataclass(frozen=True, slots=True)
class LinkItem:
    """One line that the operator pasted, and what is known of it."""

    given: str
    state: LinkState
    youtube_id: str | None = None
    probe: LinkProbe | None = None
    picture: Path | None = None
    """The site's own, kept here."""
    video: Video | None = None
    """What was made of it before."""
    rights: bool = False
    """The operator has confirmed the channel."""
    trouble: GravixError | None = None
    again_at: datetime | None = None
    """When asking again makes sense, in a trouble that passes by itself."""
    line: int = 0
    """Which of the lines it is, counted from 0."""

    @property
    def may_be_asked_again(self) -> bool:
        """It is in a trouble that may pass, by itself or by what the operator does."""
        if self.state is not LinkState.TROUBLE or isinstance(self.trouble, SourceRefused):
            return False
        return not isinstance(self.trouble, YouTubeError) or self.trouble.kind != PERMANENT


class Links:
    """The desk for links, on the Add page and on the command line.

    Args:
        store: The database.
        jobs: Runs what is asked for.
        site: Where the links lead.
        folder: For the pictures of what is looked at.
        chunk_duration: Of a video for which nothing else is asked.
    """

    def __init__(
        self,
        store: Store,
        jobs: Runner,
        *,
        site: LinkSource,
        folder: Path,
        chunk_duration: Seconds,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._site = site
        self._folder = folder / PICTURES
        self._chunk_duration = chunk_duration
        self._asked: dict[str, _Asked] = {}
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def read(self, text: str) -> tuple[LinkItem, ...]:
        """One item for each of the first lines that are not empty; asks nobody."""
        verdicts = parse_links(text)[:MOST]
        lines = (number for number, line in enumerate(text.splitlines()) if parse_links(line))
        with self._store.read() as tx:
            items = [
                LinkItem(one.given, LinkState.REFUSED, trouble=one.refused)
                if one.youtube_id is None
                else self._item(tx, one.youtube_id, one.given)
                for one in verdicts
            ]
        return tuple(replace(item, line=line) for item, line in zip(items, lines, strict=False))

    def item(self, youtube_id: str) -> LinkItem:
        with self._store.read() as tx:
            return self._item(tx, youtube_id, youtube_id)

    def ask(self, youtube_ids: Sequence[str]) -> None:
        """Have the site asked what they are, in the background; what is known is not asked."""
        with self._store.read() as tx:
            unknown = [one for one in youtube_ids if self._fresh(tx, one) is None]
        with self._lock:
            for youtube_id in unknown:
                if youtube_id not in self._asked or self._asked[youtube_id].answer.done():
                    self._begin(youtube_id)

    def is_asking(self) -> bool:
        with self._lock:
            return any(not one.answer.done() for one in self._asked.values())

    def probe(self, youtube_id: str) -> LinkProbe:
        """What the site says of a video, asked now unless it is known.

        Raises:
            SourceRefused, YouTubeError, Cancelled: As `LinkSource.probe`.
        """
        with self._store.read() as tx:
            known = self._fresh(tx, youtube_id)
        return known or self._answer(youtube_id, _Asked(Future()))

    def cancel(self, youtube_ids: Sequence[str]) -> None:
        """Ask no more about them."""
        with self._lock:
            for youtube_id in youtube_ids:
                if youtube_id in self._asked:
                    self._asked.pop(youtube_id).stop.set()

    def confirm(self, youtube_id: str) -> None:
        """The operator says of a video's channel: I made this, or may republish it.

        Raises:
            NotFound: The video has not been looked at.
        """
        with self._store.begin() as tx:
            probe = _probed(tx, youtube_id)
            tx.links.confirm(probe.whose, probe.channel or probe.title, now=self._jobs.now())

    def confirm_channel(self, channel: Channel) -> None:
        """The same word, of a channel whose videos are here."""
        with self._store.begin() as tx:
            tx.links.confirm(channel.id, channel.name, now=self._jobs.now())

    def take(
        self,
        youtube_id: str,
        *,
        layout: str | None = None,
        subtitles: str | None = None,
        best: int | None = None,
        chunk_duration: Seconds | None = None,
        again: bool = False,
    ) -> Added:
        """Write down a video and ask for its download, which does what the operator has seen.

        Args:
            youtube_id: Of a video that was looked at.
            layout: As `Intake.take`.
            subtitles: As `Intake.take`.
            best: As `Intake.take`.
            chunk_duration: As `Intake.take`.
            again: Make another video of a link of which there is one.

        Returns:
            The video that is there, gone on with, when there is one and `again` is False.

        Raises:
            NotFound: It has not been looked at.
            SourceRefused: A choice or the length is none.
            StatusConflict: Its channel is not confirmed; or the video that is there is at work in
                another layout or with other subtitles.
        """
        choices = Choices(layout, subtitles, best)
        choices.check()
        check_duration(chunk_duration)
        with self._store.begin() as tx:
            known = tx.videos.of_youtube(youtube_id)
            if known is not None and not again:
                known, _ = change(tx, known, choices)
                queue.enqueue(tx, _first_job(known, youtube_id), now=self._jobs.now())
                return Added(known, known=True)
            probe = _probed(tx, youtube_id)
            if tx.links.confirmed_at(probe.whose) is None:
                raise StatusConflict(
                    f"nobody has said that {probe.channel or 'this channel'} may be republished",
                    hint="Confirm that you made this or may republish it.",
                )
            video = tx.videos.add_link(
                probe,
                layout=choices.new_layout,
                subtitles=choices.new_subtitles,
                best=choices.new_best,
                chunk_duration=chunk_duration or self._chunk_duration,
            )
            queue.enqueue(tx, _first_job(video, youtube_id), now=self._jobs.now())
        self._hand_over_picture(youtube_id, video.id)
        self._jobs.enqueue()
        return Added(video, known=False, notes=probe.notes)

    def rights_of(self, probe: LinkProbe) -> bool:
        """Whether the operator has confirmed its channel."""
        with self._store.read() as tx:
            return tx.links.confirmed_at(probe.whose) is not None

    def channels(self) -> tuple[Channel, ...]:
        """Those that the operator has confirmed and those whose videos are here, by name."""
        with self._store.read() as tx:
            return tx.links.channels()

    def take_back(self, channel_id: str) -> None:
        """No more of this channel is imported unless it is confirmed again; what is here stays."""
        with self._store.begin() as tx:
            tx.links.take_back(channel_id)

    def tidy(self) -> None:
        """Forget what was looked at long ago and never imported."""
        before = self._jobs.now() - KEPT
        with self._store.begin() as tx:
            tx.links.drop_before(before)
        if self._folder.is_dir():
            for picture in self._folder.iterdir():
                with suppress(OSError):
                    if picture.stat().st_mtime < before.timestamp():
                        picture.unlink()

    def close(self) -> None:
        """Ask nobody any more; what is asked at this moment is ended."""
        with self._lock:
            pool, self._pool = self._pool, None
            for one in self._asked.values():
                one.stop.set()
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, youtube_id: str) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(AT_ONCE, "probe")
        asked = _Asked(Future())
        self._asked[youtube_id] = asked
        self._pool.submit(self._fill, youtube_id, asked)

    def _fill(self, youtube_id: str, asked: _Asked) -> None:
        try:
            asked.answer.set_result(self._answer(youtube_id, asked))
        except Cancelled as stopped:
            asked.answer.set_exception(stopped)
        except Exception as error:
            told = unforeseen(error)
            if told is not error:
                log.exception("asking about a link failed")
            asked.fail(told, now=self._jobs.now())

    def _answer(self, youtube_id: str, asked: _Asked) -> LinkProbe:
        self._folder.mkdir(parents=True, exist_ok=True)
        probe = self._site.probe(youtube_id, watch=asked, picture=self._picture(youtube_id))
        with self._store.begin() as tx:
            tx.links.keep(probe)
        return probe

    def _item(self, tx: Transaction, youtube_id: str, given: str) -> LinkItem:
        video, probe = tx.videos.of_youtube(youtube_id), self._fresh(tx, youtube_id)
        with self._lock:
            asked = self._asked.get(youtube_id)
        state, trouble, again_at = LinkState.UNASKED, None, None
        if probe is not None:
            state = LinkState.READY
        elif asked is not None:
            state, trouble, again_at = _how_it_stands(asked)
        picture = self._picture(youtube_id)
        return LinkItem(
            given,
            state,
            youtube_id,
            probe,
            picture if picture.is_file() else None,
            video,
            probe is not None and tx.links.confirmed_at(probe.whose) is not None,
            trouble,
            again_at,
        )

    def _fresh(self, tx: Transaction, youtube_id: str) -> LinkProbe | None:
        probe = tx.links.probe(youtube_id)
        return probe if probe and probe.probed_at > self._jobs.now() - FRESH else None

    def _picture(self, youtube_id: str) -> Path:
        return self._folder / f"{youtube_id}.jpg"

    def _hand_over_picture(self, youtube_id: str, video_id: int) -> None:
        """The site's picture is the video's; without one a frame is taken later."""
        target = thumbnail_file(self._store.videos_dir, video_id)
        with suppress(OSError):
            if self._picture(youtube_id).is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._picture(youtube_id), target)


@dataclass(slots=True)
class _Asked:
    """A question to the site; a watch for whoever answers it."""

    answer: Future[LinkProbe]
    stop: threading.Event
    again_at: datetime | None

    def __init__(self, answer: Future[LinkProbe]) -> None:
        self.answer, self.stop, self.again_at = answer, threading.Event(), None

    def fail(self, error: BaseException, *, now: datetime) -> None:
        wait = error.retry_after if isinstance(error, GravixError) else None
        self.again_at = None if wait is None else now + timedelta(seconds=wait)
        self.answer.set_exception(error)

    def progress(self, percent: float) -> None:
        """It is soon done."""

    def should_stop(self) -> bool:
        return self.stop.is_set()


def _how_it_stands(asked: _Asked) -> tuple[LinkState, GravixError | None, datetime | None]:
    """With what went wrong, and when to ask again."""
    if not asked.answer.done():
        return LinkState.ASKING, None, None
    error = asked.answer.exception()
    if isinstance(error, GravixError):
        return LinkState.TROUBLE, error, asked.again_at
    return LinkState.UNASKED, None, None


def _probed(tx: Transaction, youtube_id: str) -> LinkProbe:
    probe = tx.links.probe(youtube_id)
    if probe is None:
        raise NotFound("nobody has looked at this link", hint="Paste it again.")
    return probe


def _first_job(video: Video, youtube_id: str) -> NewJob:
    args = {"video_id": video.id, "youtube_id": youtube_id}
    return NewJob(JobType.YT_DOWNLOAD, download_key(video.id), video.id, args, priority=10)
