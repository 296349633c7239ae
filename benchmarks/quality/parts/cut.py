"""Long talks in, lines on where they are cut out."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.quality.bench import Bench
from benchmarks.quality.cuts import CutScore, fixed, judge, lead_ins_into_words
from benchmarks.quality.house import cut_only, house
from benchmarks.quality.results import Line, all_of, at_least, at_most, shown
from benchmarks.quality.speech import speak
from benchmarks.quality.talks import Talk, drawn, write_json3
from gravix_core.model import Cue, Reel, Span, Transcript
from gravix_core.stages.cut.plan import plan_chunks
from gravix_core.stages.cut.speech import find_candidates

NAME = "cut"
MINUTES = 10
BEDS = (("clean", "", 0.0), ("music -20 dB", "music", -20.0), ("noise -20 dB", "noise", -20.0))
LOUD_BEDS = (("music -10 dB", "music", -10.0), ("noise -10 dB", "noise", -10.0))
"""So loud that a pause is no longer a silence; nothing is expected."""
TARGET = 35.0


def measure(bench: Bench) -> Iterator[Line]:
    talks = [
        (label, bench.talks.heard(f"heard-{n}", MINUTES, seed=20 + n, bed=bed, level=level))
        for n, (label, bed, level) in enumerate((*BEDS, *LOUD_BEDS))
    ]
    quiet = [talk for _, talk in talks[: len(BEDS)]]
    yield from _with_transcript(bench, quiet, punctuated=True)
    yield from _with_transcript(bench, quiet, punctuated=False)
    yield from _without(bench, talks)
    yield _exact(bench, quiet[0])
    yield _speed(bench)


def _with_transcript(bench: Bench, talks: list[Talk], *, punctuated: bool) -> Iterator[Line]:
    label = "punctuated transcript" if punctuated else "transcript without punctuation"
    score, edges = CutScore.none(), 0
    for talk in talks:
        file = write_json3(talk, punctuated=punctuated)
        reels = _cut(bench, talk)
        file.unlink()
        score += _judged(talk, reels)
        edges += lead_ins_into_words((reel.span for reel in reels), talk.words)
    data = {"boundaries": score.boundaries, "lengths": score.lengths}
    yield at_most(NAME, f"words cut by a boundary, {label}", score.words_cut, 0, **data)
    yield at_most(NAME, f"words cut by the edge of a reel, {label}", edges, 0)
    if punctuated:
        what = "boundaries at a sentence end where one is in reach"
        yield all_of(NAME, f"{what}, {label}", score.at_ends, score.reachable)
    else:
        what = f"boundaries at a sentence end, {label}"
        yield shown(NAME, what, f"{score.at_ends} of {score.reachable}")
    yield at_most(NAME, f"chunks but the last outside 25..45 s, {label}", score.out_of_range, 0)


def _without(bench: Bench, talks: list[tuple[str, Talk]]) -> Iterator[Line]:
    together, clock = CutScore.none(), CutScore.none()
    for number, (label, talk) in enumerate(talks):
        score = _judged(talk, _cut(bench, talk))
        by_clock = judge_spans(talk, fixed(talk.duration, TARGET))
        if number < len(BEDS):
            together, clock = together + score, clock + by_clock
        ours, theirs = (_share(one) for one in (score, by_clock))
        what = f"boundaries in a pause over 0.25 s, no transcript, {label}; fixed cuts {theirs:.0%}"
        yield shown(NAME, what, f"{ours:.0%} of {score.boundaries}", share=ours, fixed=theirs)
    what = f"boundaries in a pause over 0.25 s, no transcript; fixed cuts {_share(clock):.2f}"
    yield at_least(NAME, what, _share(together), 0.9, boundaries=together.boundaries)
    what = f"words cut by a boundary, no transcript; fixed cuts {clock.words_cut}"
    yield shown(NAME, what, f"{together.words_cut} of {together.boundaries}")
    what = "chunks but the last outside 25..45 s, no transcript"
    yield at_most(NAME, what, together.out_of_range, 0)


def _share(score: CutScore) -> float:
    return score.in_pauses / max(1, score.boundaries)


def _cut(bench: Bench, talk: Talk, **environment: str) -> tuple[Reel, ...]:
    with house(bench.house("cut"), **environment) as studio:
        return cut_only(studio, talk.file)


def _judged(talk: Talk, reels: tuple[Reel, ...]) -> CutScore:
    return judge_spans(talk, tuple(reel.chunk for reel in reels))


def judge_spans(talk: Talk, chunks: tuple[Span, ...]) -> CutScore:
    return judge(chunks, words=talk.words, sentences=talk.sentences, pauses=talk.pauses)


def _exact(bench: Bench, talk: Talk) -> Line:
    chunks = [reel.chunk for reel in _cut(bench, talk, GRAVIX_CUT="fixed")]
    exact = sum(abs(chunk.start - TARGET * n) < 1e-6 for n, chunk in enumerate(chunks))
    return all_of(NAME, "chunks at exact multiples of 35 s, GRAVIX_CUT=fixed", exact, len(chunks))


def _speed(bench: Bench) -> Line:
    """A transcript of 3 hours, without a film."""
    lines = drawn(180, 5)
    speech = speak(lines, [0.4] * (len(lines) + 1), voices=bench.talks.voices)
    cues = tuple(
        Cue(" ".join(word.text for word in sentence.words), sentence.span)
        for sentence in speech.sentences
    )
    transcript = Transcript(speech.words, cues, exact_words=True)
    began = time.process_time()
    found = find_candidates(speech.duration, transcript=transcript, pauses=())
    plan_chunks(speech.duration, TARGET, candidates=found, shots=[])
    spent = time.process_time() - began
    what = f"CPU s to plan {speech.duration / 3600:.1f} h of {len(speech.words)} words"
    return at_most(NAME, what, spent, 1)
