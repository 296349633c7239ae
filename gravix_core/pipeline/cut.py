"""A source and what is said in it in; chunks, what their reels play, and which are good, out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import accumulate
from pathlib import Path

from gravix_core.features import Features
from gravix_core.media.shots import find_cuts
from gravix_core.media.sound import Pause, listen, pauses
from gravix_core.model import LogLevel, MediaInfo, Reel, Seconds, Span, Transcript, Video, Watch
from gravix_core.pipeline.convert import missing_letters
from gravix_core.pipeline.known import source_of
from gravix_core.stages.caption.features import measure_all
from gravix_core.stages.caption.rank import ranked
from gravix_core.stages.cut.edges import played
from gravix_core.stages.cut.plan import fixed_chunks, plan_chunks, wanted_shots
from gravix_core.stages.cut.speech import find_candidates
from gravix_core.store.store import Store
from gravix_core.styles import OFF

LOOKING: Seconds = 4.0
"""So much work is spent, from a film's start on, in search of shot changes near a boundary: the
first reel must not wait for the last one's."""
OPENING, OF_HOURS, DECODING = 0.06, 0.02 / 1000, 0.04
"""Seconds that ffmpeg takes to begin, more for each second of the film, whose index it reads, and
for each second that is looked at: measured with H.264 of 1080 lines on two cores."""
LOOKERS = 2
"""At once: an index is read by one core."""

LISTENED_TO: Seconds = 3600.0
"""So much of the sound is read beside a transcript whose words have no times of their own, so
that sentences inside its lines are found."""


def cut(
    video_id: int,
    *,
    store: Store,
    ffmpeg: Path,
    fixed: bool = False,
    font: Path | None = None,
    watch: Watch,
) -> tuple[Reel, ...]:
    """Plan the chunks and what is played of each; a video that is cut already stays as it is.

    With a transcript that times its words little is decoded; else the sound is read once.

    Args:
        fixed: Cut exactly at every `Video.chunk_duration` and play all of it.
        font: The operator's own, for subtitles; letters that no font can draw are told in the
            video's log.

    Returns:
        The reels, best first.

    Raises:
        NotFound: The source is not in the house.
        SourceRefused: It is too short.
        ToolError, Cancelled: As `listen`.
        SettingsError: `font` is no font.
    """
    with store.read() as tx:
        video, transcript = tx.videos.get(video_id), tx.videos.transcript(video_id)
        reels, features = tx.reels.of_video(video_id), tx.reels.features_of(video_id)
        source, info = source_of(tx, video_id)
    if reels:
        return _best_first(reels, [_heard(features.get(reel.id)) for reel in reels])
    said = transcript if transcript is not None and transcript.words else None
    quiet: tuple[Pause, ...] = ()
    if fixed:
        chunks = plays = fixed_chunks(info.duration, video.chunk_duration)
    else:
        heard = _listened_to(info, said)
        if heard is not None:
            quiet = pauses(listen(source, info, span=heard, ffmpeg=ffmpeg, watch=watch))
        chunks, shots = _chunks(video, source, info, said, quiet, ffmpeg=ffmpeg, watch=watch)
        words = said.words if said and said.exact_words else ()
        cues = said.cues if said else ()
        plays = tuple(
            played(one, words=words, cues=cues, pauses=quiet, shots=shots) for one in chunks
        )
    missing = "" if said is None else missing_letters(said.text(), font)
    measured = _measured(plays, said, quiet if said is None and quiet else None)
    with store.begin() as tx:
        reels = tx.reels.plan(video_id, chunks, plays)
        for reel, one in zip(reels, measured, strict=True):
            tx.reels.set_features(reel.id, one)
        if missing and video.subtitles != OFF.name:
            tx.logs.add(video_id, f"{missing[0].upper()}{missing[1:]}", LogLevel.WARNING)
    return _best_first(reels, measured)


def _listened_to(info: MediaInfo, said: Transcript | None) -> Span | None:
    """All of the sound where no word is known; its beginning where words' times are guesses."""
    if info.sound is None or (said is not None and said.exact_words):
        return None
    return Span(0, info.duration if said is None else min(info.duration, LISTENED_TO))


def _chunks(
    video: Video,
    source: Path,
    info: MediaInfo,
    said: Transcript | None,
    quiet: tuple[Pause, ...],
    *,
    ffmpeg: Path,
    watch: Watch,
) -> tuple[tuple[Span, ...], Sequence[Seconds]]:
    """The chunks, and where the picture cuts near their edges."""
    candidates = find_candidates(info.duration, transcript=said, pauses=quiet)
    target = video.chunk_duration
    wanted = affordable(wanted_shots(info.duration, target, candidates), info.duration)
    find = partial(find_cuts, source, info, ffmpeg=ffmpeg, watch=watch)
    with ThreadPoolExecutor(LOOKERS, "shots") as lookers:
        shots = sorted(at for found in lookers.map(find, wanted) for at in found)
    return plan_chunks(info.duration, target, candidates=candidates, shots=shots), shots


def affordable(wanted: Sequence[Span], duration: Seconds) -> tuple[Span, ...]:
    """The first of the spans, as many as `LOOKING` allows in a film of this duration."""
    each = OPENING + OF_HOURS * duration
    costs = accumulate(each + DECODING * span.duration for span in wanted)
    return tuple(span for span, cost in zip(wanted, costs, strict=True) if cost <= LOOKING)


def _measured(
    plays: Sequence[Span], said: Transcript | None, quiet: Sequence[Pause] | None
) -> tuple[Features, ...]:
    reels = [(span, said.within(span) if said else ()) for span in plays]
    heard = None if quiet is None else [pause.span for pause in quiet]
    return measure_all(reels, said=said.words if said else (), pauses=heard)


def _heard(features: Features | None) -> Features:
    """Without what is known of rendered reels alone: the best stay the best."""
    return replace(features or Features(), face=None, motion=None, loudness_range=None)


def _best_first(reels: Sequence[Reel], features: Sequence[Features]) -> tuple[Reel, ...]:
    return tuple(reels[index] for index in ranked(features))
