"""What the operator gives in, a video and the first job of it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from gravix_core.desks.choices import Choices, change, check_duration, without_looks
from gravix_core.errors import NotFound, SourceRefused, StatusConflict
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.media.files import room_watched
from gravix_core.media.inbox import Inbox
from gravix_core.media.process import is_alive
from gravix_core.model import (
    Job,
    JobType,
    NewJob,
    Reel,
    Seconds,
    SourceFile,
    Unwatched,
    Video,
    VideoStatus,
    Watch,
)
from gravix_core.stages.source.base import Source
from gravix_core.stages.source.direct import title as direct_title
from gravix_core.stages.source.transcript import SUFFIXES, find_transcript
from gravix_core.store.store import Store, Transaction

EVERY_VIDEO = 1_000_000
LONGEST_HOST = 253


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file that was given."""

    video: Video
    known: bool
    """The same bytes, in chunks of the same length, were there already."""
    notes: tuple[str, ...] = ()
    """What the operator should know although it stopped nothing."""


class Intake:
    """The desk of the Add page; the command line comes here too.

    Args:
        store: The database.
        jobs: Runs what is asked for.
        source_of: The source that takes what was given; raises `SourceRefused` for none.
        inbox: Where the browser's files come in.
        chunk_duration: Of a video for which nothing else is asked.
    """

    def __init__(
        self,
        store: Store,
        jobs: Runner,
        *,
        source_of: Callable[[str], Source],
        inbox: Inbox,
        chunk_duration: Seconds,
    ) -> None:
        self.inbox = inbox
        self._store = store
        self._jobs = jobs
        self._source_of = source_of
        self._chunk_duration = chunk_duration

    def look(self, given: str, *, watch: Watch | None = None) -> SourceFile:
        """Say what a path or an address is; change nothing.

        Raises:
            SourceRefused, SourceError, MediaUnreadable: It cannot become reels.
            Cancelled: `watch` asked to stop.
        """
        return self._source_of(given).look(given, watch=watch or Unwatched())

    def add(
        self,
        given: str,
        *,
        layout: str | None = None,
        subtitles: str | None = None,
        best: int | None = None,
        chunk_duration: Seconds | None = None,
    ) -> Added:
        """`look`, then `take`."""
        return self.take(
            self.look(given),
            layout=layout,
            subtitles=subtitles,
            best=best,
            chunk_duration=chunk_duration,
        )

    def take(
        self,
        found: SourceFile,
        *,
        layout: str | None = None,
        subtitles: str | None = None,
        best: int | None = None,
        chunk_duration: Seconds | None = None,
    ) -> Added:
        """Write down a video and ask for its first job; one that is known goes on where it was.

        Args:
            found: What `look` has said.
            layout: Of `layouts.LAYOUTS`; None keeps what the video has, or takes the default.
            subtitles: Of `styles.STYLES`; None likewise.
            best: So many of the best reels are made, 0 for all; None likewise.
            chunk_duration: None takes the default; another length makes another video.

        Raises:
            SourceRefused: A choice or the length is none; nothing was written.
            StatusConflict: The video is at work in another layout, or with other subtitles;
                nothing was written.
        """
        added, _ = self._write_down(found, Choices(layout, subtitles, best), chunk_duration)
        if added.known:
            self._ask(added.video, found)
        return added

    def take_address(
        self,
        address: str,
        *,
        rights: bool,
        layout: str | None = None,
        subtitles: str | None = None,
        best: int | None = None,
        chunk_duration: Seconds | None = None,
    ) -> Added:
        """Write down what an address of a file on another host leads to, and ask for it.

        Args:
            address: Nothing is requested now; the job that fetches it looks at what comes.
            rights: The operator made what this host has, or may republish it; kept.
            layout: As `take`.
            subtitles: As `take`.
            best: As `take`.
            chunk_duration: As `take`.

        Raises:
            SourceRefused: No source takes it, or a choice or the length is none.
            StatusConflict: Without rights, now or before.
        """
        choices = Choices(layout, subtitles, best)
        choices.check()
        check_duration(chunk_duration)
        self._source_of(address)
        host = (urlsplit(address.strip()).hostname or "")[:LONGEST_HOST]
        with self._store.begin() as tx:
            if rights:
                tx.links.confirm(f"host:{host}", host, now=self._jobs.now())
            elif tx.links.confirmed_at(f"host:{host}") is None:
                raise StatusConflict(
                    f"nobody has said that what {host} has may be republished",
                    hint="Confirm that you made this or may republish it.",
                )
            video = tx.videos.add(
                title=direct_title(address),
                source_name=host,
                source_sha256="",
                layout=choices.new_layout,
                subtitles=choices.new_subtitles,
                best=choices.new_best,
                chunk_duration=chunk_duration or self._chunk_duration,
            )
            queue.enqueue(tx, _job(video, address.strip()), now=self._jobs.now())
        return Added(video, known=False)

    def add_batch(
        self,
        batch: str,
        *,
        layout: str | None = None,
        subtitles: str | None = None,
        best: int | None = None,
        chunk_duration: Seconds | None = None,
        watch: Watch | None = None,
    ) -> Added:
        """Take the video that the browser has sent, as `take`.

        A known video that is finished or at work, and of which nothing new has come, is left
        alone; one whose reels have been judged keeps its layout and its subtitles.  What is no
        longer needed of the batch is removed.

        Args:
            batch: Its name in the inbox.
            layout: As `take`.
            subtitles: As `take`.
            best: As `take`.
            chunk_duration: As `take`.
            watch: Asked while the file is read.

        Raises:
            NotFound: There is no such batch.
            SourceRefused, SourceError, MediaUnreadable, StatusConflict: As `look` and `take`;
                the batch is kept.
            Cancelled: `watch` asked to stop.
        """
        choices = Choices(layout, subtitles, best)
        choices.check()
        check_duration(chunk_duration)
        file, notes = _video_of(self.inbox.files(batch))
        found = self.look(str(file), watch=watch)
        with suppress(OSError):  # what cannot be removed now harms nobody
            self.sweep()
        added, is_new = self._write_down(found, choices, chunk_duration, keep_judged=True)
        if added.known and (is_new or not self._is_in_hand(added.video)):
            self._ask(added.video, found)
        if self._is_in_the_house(added.video):
            self.inbox.drop(batch)
        return replace(added, notes=(*added.notes, *notes))

    def sweep(self) -> None:
        """Remove what was sent long ago and never became a video."""
        self.inbox.sweep(self._is_waited_for, alive=is_alive)

    def _write_down(
        self,
        found: SourceFile,
        choices: Choices,
        chunk_duration: Seconds | None,
        *,
        keep_judged: bool = False,
    ) -> tuple[Added, bool]:
        """The video, and whether there is something to do that was not there to do before.

        A new video and its first job are written together, so that none is left without.
        """
        choices.check()
        check_duration(chunk_duration)
        length = self._chunk_duration if chunk_duration is None else chunk_duration
        self._jobs.take_back_dead()
        with self._store.begin() as tx:
            video = tx.videos.find(source_sha256=found.sha256, chunk_duration=length)
            if video is not None:
                stays = None
                if keep_judged:
                    choices, stays = without_looks(tx, video, choices)
                changed, is_new = _change(tx, video, found, choices)
                notes = (*found.notes, *([stays] if stays else []))
                return Added(changed, known=True, notes=notes), is_new
            added = tx.videos.add(
                title=found.title,
                source_name=found.file.name,
                source_sha256=found.sha256,
                layout=choices.new_layout,
                subtitles=choices.new_subtitles,
                best=choices.new_best,
                chunk_duration=length,
            )
            queue.enqueue(tx, _first_job(added, found), now=self._jobs.now())
        return Added(added, known=False, notes=found.notes), True

    def _ask(self, video: Video, found: SourceFile) -> None:
        self._jobs.enqueue(_first_job(video, found))

    def _is_in_hand(self, video: Video) -> bool:
        """All that was asked for is there, or on its way from a source that is."""
        if not self._is_in_the_house(video):
            return False
        with self._store.read() as tx:
            reels, jobs = tx.reels.of_video(video.id), queue.of_video(tx, video.id)
        if any(job.status in queue.OPEN and job.job_type not in queue.ASIDE for job in jobs):
            return True
        asked = {job.args.get("reel_id") for job in jobs}
        wanted = (reel for reel in reels if reel.id in asked or video.best is None)
        return video.status is VideoStatus.COMPLETED and all(map(_is_there, wanted))

    def _is_in_the_house(self, video: Video) -> bool:
        with self._store.read() as tx:
            info = tx.videos.info(video.id)
        return video.file is not None and info is not None and _has(video.file, info.byte_size)

    def _is_waited_for(self, batch: str) -> bool:
        """Whether a video is still to be made of it, or may be tried again."""
        with self._store.read() as tx:
            videos = tx.videos.recent(EVERY_VIDEO)
            missing = [video for video in videos if video.file is None or not video.file.is_file()]
            jobs = [queue.find(tx, download_key(video.id)) for video in missing]
        return batch in {self.inbox.batch_of(_given(job)) for job in jobs if job is not None}


def _first_job(video: Video, found: SourceFile) -> NewJob:
    return _job(video, str(found.file))


def _job(video: Video, given: str) -> NewJob:
    args = {"video_id": video.id, "given": given}
    return NewJob(JobType.YT_DOWNLOAD, download_key(video.id), video.id, args, priority=10)


def download_key(video_id: int) -> str:
    return f"video/{video_id}/download"


def _video_of(files: Sequence[Path]) -> tuple[Path, tuple[str, ...]]:
    """The one video of a batch, and a sentence for each file that is of no use."""
    if not files:
        raise NotFound("there is nothing of this upload any more", hint="Add the file again.")
    videos = [file for file in files if file.suffix.lower() not in SUFFIXES]
    if not videos:
        raise SourceRefused(
            f"{files[0].name} is a transcript, and there is no video with it",
            hint="Add it together with its video.",
        )
    if len(videos) > 1:
        raise SourceRefused(
            f"{len(videos)} videos came as one: {videos[0].name} and {videos[1].name}",
            hint="Reload the page and add them again.",
        )
    transcripts = [file for file in files if file not in videos]
    return videos[0], _left_out(videos[0], transcripts)


def _left_out(video: Path, transcripts: Sequence[Path]) -> tuple[str, ...]:
    """See that one of the transcripts is named like the video; say so of the others."""
    best = find_transcript(video)
    if best is None and transcripts:
        best = min(transcripts, key=lambda file: SUFFIXES.index(file.suffix.lower()))
        with room_watched():
            best.rename(video.with_suffix(best.suffix))
    return tuple(
        f"{file.name} was left out: a video has one transcript."
        for file in transcripts
        if file != best
    )


def _change(
    tx: Transaction, video: Video, found: SourceFile, choices: Choices
) -> tuple[Video, bool]:
    """Give a known video its new transcript and choices; say whether there was one.

    Raises:
        StatusConflict: As `change`.
    """
    is_new = found.transcript is not None and found.transcript != tx.videos.transcript(video.id)
    if is_new:
        video = tx.videos.set_transcript(video.id, found.transcript)
    video, is_other = change(tx, video, choices)
    return video, is_new or is_other


def _is_there(reel: Reel) -> bool:
    made = reel.rendered
    return made is not None and _has(made.file, made.byte_size) and made.cover.is_file()


def _has(file: Path, byte_size: int) -> bool:
    with suppress(OSError):
        return file.stat().st_size == byte_size
    return False


def _given(job: Job) -> Path:
    return Path(str(job.args.get("given", "")))
