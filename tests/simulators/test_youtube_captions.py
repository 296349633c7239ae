"""The captions of a known script say when each word is spoken."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tests.simulators.youtube_captions import LEAD_MS, json3, spoken


@given(seconds=st.integers(0, 60))
def test_words_of_a_script_follow_each_other(seconds: int) -> None:
    words = [word for line in spoken(seconds) for word in line]

    assert all(a.end <= b.start for a, b in itertools.pairwise(words))
    assert all(word.end <= seconds * 1000 for word in words)
    assert not words or words[0].start == LEAD_MS


def test_automatic_captions_have_the_times_of_every_word() -> None:
    lines = spoken(9)

    events = json3(lines, automatic=True)["events"]

    told = [
        (seg["utf8"].strip(), event["tStartMs"] + seg.get("tOffsetMs", 0))
        for event in events
        if "segs" in event and "aAppend" not in event
        for seg in event["segs"]
    ]
    assert told == [(word.text, word.start) for line in lines for word in line]
    assert "segs" not in events[0]
