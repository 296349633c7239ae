"""What is said in some reels in, the texts of their posts out.

Each reel has a text of basic's at once; then the provider is asked, if it may be.  A text of the
provider's is written over basic's alone, and only while it is the one that was read before the
request: what the operator does meanwhile stays.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gravix_core.errors import Cancelled, CaptionError, GravixError
from gravix_core.media.keyframes import keyframes
from gravix_core.model import LogLevel, PostText, Seconds, Watch
from gravix_core.pipeline.briefs import brief_for, spoken_of
from gravix_core.pipeline.known import source_of
from gravix_core.pipeline.provider import Provider, sentence_of
from gravix_core.stages.caption.base import MAX_TITLE, Brief, Captioner, Spoken
from gravix_core.stages.caption.finish import finished
from gravix_core.stages.caption.foreign import seen
from gravix_core.stages.caption.limits import trim_to
from gravix_core.stages.caption.score import rescored
from gravix_core.store.store import Store, Transaction
from gravix_core.texts import Usage

log = logging.getLogger(__name__)

AT_ONCE = 10
"""Reels of one video that a provider is asked for together."""
SOON: Seconds = 5.0
"""Until it is looked again whether somebody else asks."""
_NAMELESS = "▶"
"""A title of which nothing fits."""


@dataclass(frozen=True, slots=True)
class Writers:
    """What describing needs."""

    store: Store
    basic: Captioner
    """Raises nothing, asks nobody, and leaves no reel without a text."""
    provider: Provider
    ffmpeg: Callable[[], Path]


@dataclass(frozen=True, slots=True)
class Request:
    """Some reels of one video, as they were read."""

    video_id: int
    brief: Brief
    spoken: tuple[Spoken, ...]
    versions: Mapping[int, int]
    """`Reel.text_version` by reel id."""


def describe(
    video_id: int, reel_ids: Sequence[int], *, writers: Writers, watch: Watch
) -> Seconds | None:
    """Write the texts of some reels of one video, ten at most; by basic, those of all its reels.

    Returns:
        After how long the provider may be asked for those that it could not write; None when
        there are none, or nobody knows.  An error that nobody expected is for the log alone: the
        texts by basic are there.

    Raises:
        Cancelled: `watch` asked to stop; the reels have their texts by basic.
    """
    _write_basic(video_id, reel_ids, writers)
    _write_bare(video_id, writers)
    try:
        return _ask(video_id, reel_ids, writers, watch, patient=False)
    except (Cancelled, GravixError):
        raise
    except Exception:
        log.exception("asking the provider ended unexpectedly; the texts are basic's")
        return None


def upgrade(video_id: int, *, writers: Writers, watch: Watch) -> Seconds | None:
    """Ask the provider for all texts of a video that are still basic's.

    Returns:
        As `describe`.

    Raises:
        Cancelled: `watch` asked to stop; what was written until then stays.
    """
    asked: set[int] = set()
    while left := [one for one in _upgradable(video_id, writers.store) if one not in asked]:
        watch.progress(100 * len(asked) / (len(asked) + len(left)))
        again_in = _ask(video_id, left[:AT_ONCE], writers, watch, patient=True)
        if again_in is not None or not writers.provider.is_on():
            return again_in
        asked.update(left[:AT_ONCE])
    return None


def request_for(
    tx: Transaction, video_id: int, reel_ids: Collection[int], *, taken: bool = True
) -> Request:
    """What a provider is told of some reels, but for their pictures.

    Args:
        taken: Whether the titles of the other reels must not be given again.

    Raises:
        NotFound: There is no such video.
    """
    brief = brief_for(tx, video_id, reel_ids)
    reels = [reel for reel in tx.reels.of_video(video_id) if reel.id in reel_ids]
    return Request(
        video_id,
        brief if taken else replace(brief, taken=frozenset()),
        spoken_of(tx, video_id, reel_ids),
        {reel.id: reel.text_version for reel in reels},
    )


def with_pictures(request: Request, *, writers: Writers, watch: Watch) -> Request:
    """With those pictures that the source has; a text can be written without."""
    count = writers.provider.account.frames
    try:
        with writers.store.read() as tx:
            source, info = source_of(tx, request.video_id)
        ffmpeg = writers.ffmpeg()
        seen = [
            replace(
                one,
                frames=keyframes(source, info, one.span, count=count, ffmpeg=ffmpeg, watch=watch),
            )
            for one in request.spoken
        ]
    except GravixError as error:
        log.info("no pictures go along: %s", error)
        return request
    return replace(request, spoken=tuple(seen))


def _write_basic(video_id: int, reel_ids: Sequence[int], writers: Writers) -> None:
    """For reels without a text, and where basic's is of what was known before."""
    with writers.store.read() as tx:
        free = {reel_id for _, reel_id in tx.texts.upgradable(video_id)}
        bare = {reel.id for reel in tx.reels.of_video(video_id) if reel.text is None}
        wanted = (free | bare) & set(reel_ids)
        if not wanted:
            return
        # All of them, so that what is written does not depend on who wrote the others meanwhile.
        request = request_for(tx, video_id, set(reel_ids))
    texts = writers.basic.describe(request.brief, request.spoken)
    _keep(request, {one: texts[one] for one in wanted if one in texts}, writers.store)


def _write_bare(video_id: int, writers: Writers) -> None:
    """So that no reel waits for what the provider is asked about others of its video."""
    with writers.store.read() as tx:
        reels = tx.reels.of_video(video_id)
    for start in range(0, len(reels), AT_ONCE):
        batch = reels[start : start + AT_ONCE]
        if any(reel.text is None for reel in batch):
            _write_basic(video_id, [reel.id for reel in batch], writers)


def _ask(
    video_id: int, reel_ids: Collection[int], writers: Writers, watch: Watch, *, patient: bool
) -> Seconds | None:
    """Ask the provider once for those whose text it may write over.

    Args:
        patient: Waits while somebody else asks; else that is left to who is asked for `SOON`.

    Returns:
        As `describe`.
    """
    provider, store = writers.provider, writers.store
    if not (provider.has_key and set(_upgradable(video_id, store)) & set(reel_ids)):
        return None
    with provider.turn(watch, patient=patient) as captioner:
        if captioner is None:
            return _kept_away(video_id, writers)
        todo = set(_upgradable(video_id, store)) & set(reel_ids)
        with store.read() as tx:
            request = request_for(tx, video_id, todo)
        request = with_pictures(request, writers=writers, watch=watch)
        if not provider.is_agreed():  # cutting pictures takes a while
            return _kept_away(video_id, writers)
        try:
            texts = captioner.describe(
                request.brief,
                request.spoken,
                on_usage=lambda usage: note_usage(store, video_id, usage),
                should_stop=lambda: watch.should_stop() or not provider.is_agreed(),
            )
        except Cancelled as stopped:
            _keep(request, stopped.texts, store)
            if watch.should_stop() or provider.is_agreed():
                raise
            return _kept_away(video_id, writers)
        except CaptionError as error:
            _keep(request, error.texts, store)
            return _failed(request, error, writers)
        provider.worked()
        _keep(request, texts, store)
        _decline(request, set(todo) - set(texts), store)
        return None


def _kept_away(video_id: int, writers: Writers) -> Seconds | None:
    """Say why it is not asked, in one sentence for the video."""
    hold = writers.provider.hold()
    if writers.provider.is_on():
        return SOON
    if hold is None:
        said = writers.provider.why_not()
        with writers.store.begin() as tx:
            tx.logs.add_once(video_id, said, LogLevel.INFO)
        return None
    _tell(video_id, writers.store, hold.message, hold.hint)
    return writers.provider.again_in()


def _failed(request: Request, error: CaptionError, writers: Writers) -> Seconds | None:
    log.warning("no texts from the provider: %s (%s)", error, error.details)
    hold = writers.provider.failed(error)
    if hold is None:
        _decline(request, set(request.versions) - set(error.texts), writers.store)
        _tell(request.video_id, writers.store, str(error), error.hint)
        return None
    _tell(request.video_id, writers.store, hold.message, hold.hint)
    return writers.provider.again_in()


def note_usage(store: Store, video_id: int, usage: Usage) -> None:
    with store.begin() as tx:
        tx.usage.add(video_id, usage)


def _keep(request: Request, texts: Mapping[int, PostText], store: Store) -> None:
    """Each passes `finished`, and gets the score of what is known by now."""
    with store.begin() as tx:
        reels = {reel.id: reel for reel in tx.reels.of_video(request.video_id)}
        features = tx.reels.features_of(request.video_id)
        titles = {one: reel.text.title for one, reel in reels.items() if reel.text}
        for spoken in request.spoken:
            text = texts.get(spoken.reel_id)
            if text is None or spoken.reel_id not in reels:
                continue
            others = {seen(title) for one, title in titles.items() if one != spoken.reel_id}
            text = distinct(finished(text, request.brief), others, number=spoken.index + 1)
            if (known := features.get(spoken.reel_id)) is not None:
                text = rescored(text, known, seconds=reels[spoken.reel_id].span.duration)
            read = request.versions[spoken.reel_id]
            kept = tx.reels.set_text(spoken.reel_id, text, read=read)
            titles[spoken.reel_id] = kept.text.title if kept.text else ""


def distinct(text: PostText, others: Collection[str], *, number: int) -> PostText:
    """`text` with a title that no other reel of its video has.

    Args:
        others: Their titles, each by `seen`.
        number: Of the reel in its video.
    """
    title = text.title
    while seen(title) in others:
        mark = f" ({number})"
        title = f"{trim_to(text.title, MAX_TITLE - len(mark)) or _NAMELESS}{mark}"
        number += 1
    return replace(text, title=title)


def _decline(request: Request, reel_ids: Collection[int], store: Store) -> None:
    """Asked for in vain: they keep their texts, and are asked for again only by the operator."""
    with store.begin() as tx:
        there = {reel.id for reel in tx.reels.of_video(request.video_id)}
        for reel_id in there & set(reel_ids):
            tx.texts.decline(reel_id, read=request.versions[reel_id])


def _upgradable(video_id: int, store: Store) -> tuple[int, ...]:
    with store.read() as tx:
        return tuple(reel_id for _, reel_id in tx.texts.upgradable(video_id, declined=False))


def _tell(video_id: int, store: Store, message: str, hint: str) -> None:
    with store.begin() as tx:
        tx.logs.add_once(video_id, sentence_of(message, hint), LogLevel.WARNING)
