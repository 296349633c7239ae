"""Composed values come back from their JSON exactly as they went in."""

from __future__ import annotations

import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from gravix_core.model import (
    AcceptReport,
    Cue,
    MediaInfo,
    Picture,
    RuleLevel,
    RuleResult,
    Size,
    Sound,
    Span,
    Transcript,
    Transfer,
    Word,
)
from gravix_core.store import documents

WORDS = st.text(max_size=20)
COUNTS = st.integers(min_value=0, max_value=2**62)
SIZES = st.builds(Size, st.integers(1, 20000), st.integers(1, 20000))
TIMES = st.floats(min_value=0, max_value=1e9, allow_nan=False)
SPANS = (
    st.tuples(TIMES, TIMES)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Span(min(pair), max(pair)))
)
PICTURES = st.builds(
    Picture,
    stream=COUNTS,
    codec=WORDS,
    size=SIZES,
    stored=SIZES,
    rotation=st.sampled_from([0, 90, 180, 270]),
    rate=st.fractions(min_value=Fraction(1, 100), max_value=1000),
    pixel_format=WORDS,
    transfer=st.sampled_from(Transfer),
    matrix=WORDS,
    interlaced=st.booleans(),
)
SOUNDS = st.builds(Sound, stream=COUNTS, codec=WORDS, rate=COUNTS, channels=COUNTS, layout=WORDS)
INFOS = st.builds(
    MediaInfo,
    container=WORDS,
    duration=TIMES,
    start=st.floats(min_value=-1e6, max_value=1e6),
    picture=PICTURES,
    sound=st.none() | SOUNDS,
    byte_size=COUNTS,
)
TRANSCRIPTS = st.builds(
    Transcript,
    words=st.lists(st.builds(Word, WORDS, SPANS), max_size=5).map(tuple),
    cues=st.lists(st.builds(Cue, WORDS, SPANS), max_size=5).map(tuple),
    exact_words=st.booleans(),
)
RULES = st.builds(RuleResult, WORDS, st.sampled_from(RuleLevel), WORDS, WORDS)


@given(INFOS)
def test_probe_is_exact(info: MediaInfo) -> None:
    again = documents.media_info(json.loads(json.dumps(documents.media_document(info))))
    assert again == info
    assert type(again.picture.rate) is Fraction
    assert type(again.picture.transfer) is Transfer


@given(TRANSCRIPTS)
def test_transcript_is_exact(transcript: Transcript) -> None:
    assert documents.transcript(documents.transcript_document(transcript)) == transcript


def test_lines_of_a_transcript_are_read_without_its_words(transcript: Transcript) -> None:
    assert documents.cues(documents.transcript_document(transcript)) == transcript.cues


@given(st.lists(RULES, max_size=5).map(tuple))
def test_report_is_exact(rules: tuple[RuleResult, ...]) -> None:
    report = AcceptReport(rules)
    again = documents.accept_report(json.loads(json.dumps(documents.report_document(report))))
    assert again == report
    assert again.accepted == report.accepted
