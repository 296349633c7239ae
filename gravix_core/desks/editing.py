"""What the operator wants of a reel's picture in; the edit kept and its render asked for out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from gravix_core.desks.spoken import said_within, sentence_after, sentence_before
from gravix_core.errors import GravixError, NotFound, StatusConflict
from gravix_core.framing import Box
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.layouts import LAYOUTS
from gravix_core.media.files import cover_file, sheet_file
from gravix_core.media.probe import probe
from gravix_core.model import (
    MAX_REEL,
    MIN_REEL,
    PORTRAIT,
    Cue,
    Job,
    JobStatus,
    JobType,
    Look,
    NewJob,
    Reel,
    RenderedReel,
    Seconds,
    Size,
    Span,
    Transcript,
    Unwatched,
)
from gravix_core.stages.render.cover import take_cell
from gravix_core.stages.render.encode import cover_cell, cover_times, take_cover
from gravix_core.stages.render.stretches import NEAR
from gravix_core.store.store import Store, Transaction
from gravix_core.styles import STYLES
from gravix_core.views import Edit, EditItem, Rendering

MAX_HOOK = 60
"""Characters: two lines in large letters."""
FIRST = 5
"""The priority of what somebody waits for with open eyes."""
LEEWAY: Seconds = 0.001
"""By which rounding may miss an edge."""
NO_WORDS = Transcript((), ())


class Editing:
    """The desk of the Edit page.

    Args:
        store: The database.
        jobs: Runs what is asked for.
        ffmpeg: Where the program is; raises `ToolMissing`.
    """

    def __init__(self, store: Store, jobs: Runner, *, ffmpeg: Callable[[], Path]) -> None:
        self._store = store
        self._jobs = jobs
        self._ffmpeg = ffmpeg

    def item(self, reel_id: int, edit: Edit | None = None) -> EditItem:
        """What there is to edit.

        Args:
            reel_id: Of which reel.
            edit: As it is to be, for what is said then; None: as it is.

        Raises:
            NotFound: The reel is gone.
        """
        with self._store.read() as tx:
            reel = tx.reels.get(reel_id)
            video, info = tx.videos.get(reel.video_id), tx.videos.info(reel.video_id)
            transcript = tx.videos.transcript(reel.video_id)
            job, history = queue.find(tx, _key(reel_id)), _history(tx, reel_id)
        span, look = (edit.span, edit.look) if edit else (reel.span, reel.look)
        spoken, style = transcript or NO_WORDS, look.subtitles or video.subtitles
        duration = video.duration or reel.chunk.end
        return EditItem(
            reel=reel,
            video=video,
            job=job,
            duration=duration,
            size=info.picture.size if info else None,
            said=said_within(spoken, span, style),
            has_words=transcript is not None,
            earlier=sentence_before(spoken, span.start),
            later=sentence_after(spoken, span.end, within=duration),
            undoes=history[-1] if history else None,
            automatic=_automatic(reel, history),
            covers=self._covers(reel),
        )

    def rendering(self, reel_id: int) -> Rendering:
        """How far the reel is: cheap, for asking often.  Raises NotFound."""
        with self._store.read() as tx:
            reel, job = tx.reels.get(reel_id), queue.find(tx, _key(reel_id))
        return Rendering(reel, job, reel.rendered is not None and reel.rendered.file.is_file())

    def save(self, reel_id: int, span: Span, look: Look) -> Reel:
        """Keep an edit, and have the reel made again before all else.

        The cover stays the same moment of the source; where that is no longer played, the best
        of the new candidates takes its place.  `look.cover_at` says nothing here.

        Raises:
            GravixError: Something of it cannot be; nothing was written.
            NotFound: The reel is gone.
        """
        with self._store.begin() as tx:
            reel = tx.reels.get(reel_id)
            duration = tx.videos.get(reel.video_id).duration or reel.chunk.end
            _check_span(span, duration)
            look = replace(_checked(look, span), cover_at=None)
            edited = tx.reels.set_look(reel_id, span, look)
            self._ask(tx, edited)
        return edited

    def undo(self, reel_id: int) -> Reel:
        """Go back by one edit, and have the reel made as it was; the cover stays, as in `save`.

        Raises:
            StatusConflict: There is no edit.
            NotFound: The reel is gone.
        """
        with self._store.begin() as tx:
            reel = tx.reels.undo_look(reel_id)
            self._ask(tx, reel)
        return reel

    def back_to_automatic(self, reel_id: int) -> Reel:
        """Have the reel made as Gravix would; an edit like others, so it can be undone.

        The cover stays, as in `save`.

        Raises:
            NotFound: The reel is gone.
        """
        with self._store.begin() as tx:
            reel = tx.reels.get(reel_id)
            automatic = _automatic(reel, _history(tx, reel_id))
            reel = tx.reels.set_look(reel_id, automatic.span, automatic.look)
            self._ask(tx, reel)
        return reel

    def render(self, reel_id: int) -> Job:
        """Have a reel made that nobody has asked for, or that failed.  Raises NotFound."""
        with self._store.begin() as tx:
            return self._ask(tx, tx.reels.get(reel_id))

    def render_all(self, video_id: int) -> int:
        """Have those of a video's reels made that nobody has asked for; says how many."""
        with self._store.begin() as tx:
            asked = {job.key for job in queue.of_video(tx, video_id)}
            missing = [
                reel
                for reel in tx.reels.of_video(video_id)
                if reel.rendered is None and _key(reel.id) not in asked
            ]
            for reel in missing:
                self._ask(tx, reel, priority=100 + min(reel.index, 1000))
        return len(missing)

    def choose_cover(self, reel_id: int, at: Seconds) -> Reel:
        """Take the cover from another moment of the reel; a verdict stays.

        Where there is a sheet, the cover is the picture on it that is nearest.

        Args:
            reel_id: Of which reel.
            at: One of `EditItem.covers`.

        Raises:
            StatusConflict: There is no reel to take it from, or it is not as it was edited.
            MediaUnreadable, ToolError, DiskFull: It cannot be taken; the cover is as it was.
            NotFound: The reel, or its file, is gone.
        """
        now = self.rendering(reel_id)
        reel, made = now.reel, now.reel.rendered
        if made is None or not _as_asked(now.job):
            raise StatusConflict(
                f"reel {reel.index + 1} has not been made as it is now",
                hint="Choose its cover once it has been made.",
            )
        if not now.there:
            raise NotFound(
                f"the file of reel {reel.index + 1} is gone", hint="Have the reel made again."
            )
        at = min(max(0.0, at), made.duration)
        self._take_cover(reel, made, at)
        with self._store.begin() as tx:
            return tx.reels.set_cover(reel_id, at)

    @staticmethod
    def window(size: Size, position: float) -> Box | None:
        """The part of the source's picture that a crop keeps; None where it keeps all.

        Args:
            size: Of the source's picture.
            position: 0 (left or top) .. 1.
        """
        share = float(PORTRAIT / size.aspect)
        if abs(share - 1) <= NEAR:
            return None
        if share < 1:
            return Box(position * (1 - share), 0.0, share, 1.0)
        return Box(0.0, position * (1 - 1 / share), 1.0, 1 / share)

    def _ask(self, tx: Transaction, reel: Reel, *, priority: int = FIRST) -> Job:
        new = NewJob(
            JobType.REEL_CONVERSION,
            _key(reel.id),
            reel.video_id,
            {"reel_id": reel.id},
            priority=priority,
        )
        return queue.enqueue(tx, new, now=self._jobs.now(), again=True)

    def _take_cover(self, reel: Reel, made: RenderedReel, at: Seconds) -> None:
        videos, ids = self._store.videos_dir, (reel.video_id, reel.id)
        sheet, target = sheet_file(videos, *ids), cover_file(videos, *ids)
        ffmpeg, watch = self._ffmpeg(), Unwatched()
        if not sheet.is_file():
            take_cover(made.file, at, ffmpeg=ffmpeg, target=target, watch=watch)
            return
        cell, size = cover_cell(made.duration, at), probe(made.file).picture.size
        take_cell(sheet, cell, size=size, ffmpeg=ffmpeg, target=target, watch=watch)

    def _covers(self, reel: Reel) -> tuple[Seconds, ...]:
        sheet = sheet_file(self._store.videos_dir, reel.video_id, reel.id)
        if reel.rendered is None or not sheet.is_file():
            return ()
        return cover_times(reel.rendered.duration, reel.look.cover_at)


def _key(reel_id: int) -> str:
    return f"reel/{reel_id}/convert"


def _as_asked(job: Job | None) -> bool:
    """Nobody asked for another reel than the one that is there."""
    return job is None or job.status is JobStatus.COMPLETED


def _history(tx: Transaction, reel_id: int) -> tuple[Edit, ...]:
    """What it was before each edit, oldest first."""
    return tuple(Edit(span, look) for span, look in tx.reels.edits_of(reel_id))


def _automatic(reel: Reel, history: Sequence[Edit]) -> Edit:
    return Edit(history[0].span if history else reel.span, Look())


def _check_span(span: Span, duration: Seconds) -> None:
    if span.end > duration + LEEWAY:
        raise _refused(
            f"the reel would end after the video, at {span.end:.1f} s",
            f"The video ends at {duration:.1f} s: move the end before that.",
        )
    if not MIN_REEL - LEEWAY <= span.duration <= MAX_REEL + LEEWAY:
        raise _refused(
            f"the reel would be {span.duration:.1f} seconds long",
            f"Instagram takes {MIN_REEL:g} to {MAX_REEL:g} seconds: move its start or its end.",
        )


def _checked(look: Look, span: Span) -> Look:
    """The look as it is kept: texts without white space around, lines in order."""
    hook = " ".join(look.hook.split())
    if look.layout is not None and look.layout not in LAYOUTS:
        raise _refused(f"there is no layout {look.layout!r}", _one_of(LAYOUTS))
    if look.subtitles is not None and look.subtitles not in STYLES:
        raise _refused(f"there are no subtitles {look.subtitles!r}", _one_of(STYLES))
    if look.position is not None and not 0 <= look.position <= 1:
        raise _refused(f"the crop position {look.position:g} is not in the picture", "Move it.")
    if len(hook) > MAX_HOOK:
        raise _refused(
            f"the hook line has {len(hook)} characters",
            f"{MAX_HOOK} fit on the screen: make it shorter.",
        )
    return replace(look, hook=hook, lines=_checked_lines(look.lines, span))


def _checked_lines(lines: Sequence[Cue] | None, span: Span) -> tuple[Cue, ...] | None:
    if lines is None:
        return None
    kept = [replace(line, text=" ".join(line.text.split())) for line in lines if line.text.strip()]
    for line in kept:
        if line.span.start < span.start - LEEWAY or line.span.end > span.end + LEEWAY:
            raise _refused(
                f"the line “{line.text}” lies outside of the reel",
                "Move the start or the end of the reel, or delete the line.",
            )
    return tuple(sorted(kept, key=lambda line: line.span.start))


def _one_of(names: Iterable[str]) -> str:
    return f"Choose one of: {', '.join(names)}."


def _refused(message: str, hint: str) -> GravixError:
    return GravixError(message, hint=hint)
