"""A reel and what the operator wants to be other in; other texts, and earlier ones, out."""

from __future__ import annotations

from gravix_core.desks.review import accept_words
from gravix_core.errors import CaptionError, StatusConflict
from gravix_core.handlers import upgrade_job
from gravix_core.jobs.runner import Runner
from gravix_core.model import PostText, Reel, Unwatched
from gravix_core.pipeline.describe import Request, Writers, note_usage, request_for, with_pictures
from gravix_core.pipeline.provider import TRANSIENT
from gravix_core.stages.caption.finish import finished, refitted
from gravix_core.stages.caption.score import rescored
from gravix_core.store.store import Store, Transaction
from gravix_core.texts import Field, TextVersion, Wish
from gravix_core.views import Saved

HOW_MANY = 3
LONGEST_INSTRUCTION = 300
"""Characters."""


class TextsDesk:
    """The desk of a reel's text: other ways to say it, and the way back."""

    def __init__(self, store: Store, jobs: Runner, writers: Writers) -> None:
        self._store = store
        self._jobs = jobs
        self._writers = writers

    def alternatives(
        self, reel_id: int, *, field: Field | None = None, instruction: str = ""
    ) -> tuple[PostText, ...]:
        """Up to three other texts, by Gemini if it is on, else by basic; nothing is written.

        Args:
            field: What shall be other; None: all of it.
            instruction: One line, such as "shorter, ask a question"; basic does not read it.

        Raises:
            CaptionError: Gemini failed.
            StatusConflict: The reel has no text yet.
            NotFound: It is gone.
        """
        with self._store.read() as tx:
            reel = tx.reels.get(reel_id)
            request = request_for(tx, reel.video_id, [reel_id])
            known = tx.reels.features_of(reel.video_id).get(reel_id)
        now = _text_of(reel)
        wish = Wish(" ".join(instruction.split())[:LONGEST_INSTRUCTION], field)
        said = "\n".join((wish.instruction, now.title, now.caption))
        found = [
            refitted(now, finished(text, request.brief, said=said), field)
            for text in self._written(request, now, wish)
        ]
        if known is not None:
            found = [rescored(text, known, seconds=reel.span.duration) for text in found]
        return _others(now, found)

    def take(
        self,
        reel_id: int,
        text: PostText,
        *,
        edited: int,
        field: Field | None = None,
        instruction: str = "",
    ) -> Saved:
        """Keep one of the alternatives: no job writes over it; an approval stays.

        Args:
            reel_id: Whose text.
            text: As `alternatives` gave it.
            edited: The `Reel.text_version` that was shown; where all of it is taken, the one that
                it was asked for.
            field: What of it is taken; all else stays as it is now.  None: all of it.
            instruction: That it was asked for by; for the history.

        Raises:
            StatusConflict: The reel has no text yet.
            NotFound: The reel is gone.
        """
        said = " ".join(instruction.split())[:LONGEST_INSTRUCTION]
        with self._store.begin() as tx:
            reel = tx.reels.get(reel_id)
            if field is not None:
                text = _rated(tx, reel, refitted(_text_of(reel), text, field))
            kept = tx.reels.choose_text(reel_id, text, edited=edited, instruction=said)
            return _saved(tx, reel_id, kept=kept)

    def history(self, reel_id: int) -> tuple[TextVersion, ...]:
        """Each text that the reel has or had, once, newest first.

        After going back, the one that it has now may be any of them.

        Raises:
            NotFound: The reel is gone.
        """
        with self._store.read() as tx:
            tx.reels.get(reel_id)
            return tx.texts.of_reel(reel_id)

    def restore(self, reel_id: int, version_id: int, *, edited: int) -> Saved:
        """Go back to one of `history`.

        Raises:
            NotFound: The reel is gone, or never had this text.
        """
        with self._store.begin() as tx:
            tx.reels.get(reel_id)
            return _restored(tx, tx.texts.get(reel_id, version_id), edited=edited)

    def can_undo(self, reel_id: int) -> bool:
        """Raises NotFound."""
        with self._store.read() as tx:
            tx.reels.get(reel_id)
            return tx.texts.before(reel_id) is not None

    def undo(self, reel_id: int, *, edited: int) -> Saved:
        """Go back to the text before this one; again, to the one before that.

        Raises:
            StatusConflict: There is none.
            NotFound: The reel is gone.
        """
        with self._store.begin() as tx:
            reel = tx.reels.get(reel_id)
            before = tx.texts.before(reel_id)
            if before is None:
                raise StatusConflict(
                    f"reel {reel.index + 1} has no earlier text", hint="It is as it was written."
                )
            return _restored(tx, before, edited=edited)

    def upgradable(self, video_id: int | None = None) -> int:
        """Reels whose text is basic's, and neither edited, chosen, approved nor published."""
        with self._store.read() as tx:
            return len(tx.texts.upgradable(video_id))

    def upgrade(self, video_id: int | None = None) -> int:
        """Have Gemini write exactly those; what it said before of its key or model is forgotten.

        Where it has to wait, it is asked then.

        Returns:
            How many reels that is.

        Raises:
            StatusConflict: There is no key, or the operator has not agreed to what is sent.
            NotFound: There is no such video.
        """
        provider = self._writers.provider
        if not provider.has_key:
            raise StatusConflict("there is no key for Gemini", hint="Texts says how to get one.")
        if not provider.is_agreed():
            raise StatusConflict(
                "you have not agreed to what is sent to Google",
                hint="Read it on Texts, first.",
            )
        hold = provider.hold()
        if hold is not None and (hold.until is None or hold.kind == TRANSIENT):
            provider.lift()
        delay = provider.again_in() or 0.0
        with self._store.begin() as tx:
            if video_id is not None:
                tx.videos.get(video_id)
            left = tx.texts.upgradable(video_id)
            tx.texts.forget_declined([reel_id for _, reel_id in left])
        videos = dict.fromkeys(of for of, _ in left)
        self._jobs.enqueue(*(upgrade_job(of, delay=delay) for of in videos))
        return len(left)

    def _written(self, request: Request, now: PostText, wish: Wish) -> tuple[PostText, ...]:
        provider = self._writers.provider
        if provider.is_on():
            request = with_pictures(request, writers=self._writers, watch=Unwatched())
        (reel,) = request.spoken
        if not provider.is_on():  # maybe no more: cutting pictures takes a while
            basic = self._writers.basic
            return basic.alternatives(request.brief, reel, now, wish, count=HOW_MANY)
        try:
            found = provider.captioner().alternatives(
                request.brief,
                reel,
                now,
                wish,
                count=HOW_MANY,
                on_usage=lambda usage: note_usage(self._store, request.video_id, usage),
            )
        except CaptionError as error:
            if error.kind != TRANSIENT:  # jobs find out themselves
                provider.failed(error)
            raise
        provider.worked()
        return found


def _text_of(reel: Reel) -> PostText:
    if reel.text is None:
        raise StatusConflict(
            f"reel {reel.index + 1} has no text yet", hint="Wait until it is written."
        )
    return reel.text


def _others(now: PostText, found: list[PostText]) -> tuple[PostText, ...]:
    """Those that differ from it and from one another."""
    seen = {_words(now)}
    kept = []
    for text in found:
        if _words(text) not in seen:
            seen.add(_words(text))
            kept.append(text)
    return tuple(kept[:HOW_MANY])


def _words(text: PostText) -> tuple[str, str, tuple[str, ...]]:
    return text.title, text.caption, text.hashtags


def _restored(tx: Transaction, version: TextVersion, *, edited: int) -> Saved:
    """With what was measured of the reel since."""
    reel = tx.reels.get(version.reel_id)
    text = _rated(tx, reel, version.text)
    kept = tx.reels.choose_text(reel.id, text, edited=edited, restores=version.id)
    return _saved(tx, reel.id, kept=kept)


def _rated(tx: Transaction, reel: Reel, text: PostText) -> PostText:
    """With the score of what is known of the reel by now."""
    known = tx.reels.features_of(reel.video_id).get(reel.id)
    return text if known is None else rescored(text, known, seconds=reel.span.duration)


def _saved(tx: Transaction, reel_id: int, *, kept: bool) -> Saved:
    reel = tx.reels.get(reel_id)
    if kept:
        accept_words(tx, reel)
    return Saved(reel, kept)
