"""Where a film may be cut, by what is said in it and by where its sound pauses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.media.sound import Pause
from gravix_core.model import Cue, Span, Transcript, Word
from gravix_core.stages.cut.marks import read_ends
from gravix_core.stages.cut.plan import Candidate, End
from gravix_core.stages.cut.speech import LEAD, find_candidates

calm = settings(deadline=None)


def exact(*words: tuple[str, float, float]) -> Transcript:
    timed = tuple(Word(text, Span(start, end)) for text, start, end in words)
    return Transcript(timed, tuple(Cue(w.text, w.span) for w in timed), exact_words=True)


def cued(*cues: tuple[str, float, float]) -> Transcript:
    """As read from subtitles: words spread evenly over their cue."""
    words = []
    for text, start, end in cues:
        parts = text.split()
        step = (end - start) / len(parts)
        words += [
            Word(part, Span(start + n * step, start + (n + 1) * step))
            for n, part in enumerate(parts)
        ]
    return Transcript(tuple(words), tuple(Cue(t, Span(a, b)) for t, a, b in cues))


def pause(start: float, end: float, depth: float = 20.0) -> Pause:
    return Pause(Span(start, end), depth)


def ends_of(text: str) -> list[End]:
    return read_ends(text.split())


def between(found: tuple[Candidate, ...], low: float, high: float) -> list[Candidate]:
    return [one for one in found if low <= one.at <= high]


@pytest.mark.parametrize(
    "text",
    [
        "We were late. Nobody minded.",
        "Why me? Because.",
        'She said "stop." Then she left.',
        "(It was late.) Nobody came.",
        "He waited… Then he left.",
        "Wir gingen. Ärger gab es nicht.",
        "¿Qué? ¡Nada!",
        "это всё. Потом ушли.",
        "यह सच है। वह गया।",
        "هذا صحيح؟ نعم.",
        "本当です。 はい。",
        "No. I did not.",
        "It costs 3.50. Fine.",
        "Τι είναι; Τίποτα.",
        "it is late. we go home.",
    ],
)
def test_a_sentence_ends_at_its_first_mark(text: str) -> None:
    ends = ends_of(text)
    assert ends.count(End.SENTENCE) == 2
    assert ends[-1] is End.SENTENCE


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Miller waits here",
        "fruit, e.g. Apples or pears",
        "Das ist z.B. Obst und mehr",
        "about 3.5 metres high",
        "J. R. Tolkien wrote it",
        "am 3. Oktober in Berlin",
        "see No. 5 for more",
        "It was… well, late",
        "the U.S. Army came",
        "Mr. and Mrs. Smith",
    ],
)
def test_no_sentence_ends_inside(text: str) -> None:
    assert End.SENTENCE not in ends_of(f"Well. {text}. Yes.")[1:-2]


def test_small_letters_after_a_mark_go_on_with_the_sentence() -> None:
    ends = ends_of('"Really?" she said. Nobody knew. We left.')
    assert ends[0] is End.CLAUSE
    assert ends[2] is End.SENTENCE


def test_a_gap_between_words_gives_the_next_its_lead_in_and_the_last_its_tail() -> None:
    found = find_candidates(10, transcript=exact(("One.", 1, 2), ("Two.", 3, 4)))
    (gap,) = between(found, 2, 3)
    assert gap.at == pytest.approx(3 - LEAD)
    assert gap.end is End.SENTENCE


def test_of_a_short_gap_the_last_word_keeps_the_longer_part() -> None:
    found = find_candidates(10, transcript=exact(("One.", 1, 2), ("Two.", 2.2, 4)))
    (gap,) = between(found, 2, 2.2)
    assert gap.at - 2 > 2.2 - gap.at > 0


def test_words_that_touch_are_cut_where_they_touch() -> None:
    found = find_candidates(10, transcript=exact(("One.", 1, 2), ("Two.", 2, 4)))
    assert [one.at for one in between(found, 1.01, 3.99)] == [2]


def test_words_that_overlap_are_the_last_resort() -> None:
    found = find_candidates(9, transcript=exact(("One.", 1, 2.5), ("Two.", 2, 4), ("x", 5, 6)))
    (overlap,) = between(found, 1.01, 3.99)
    assert overlap.end is End.WORD
    assert overlap.cost > 6


def test_a_long_gap_offers_many_places_in_all_its_length() -> None:
    found = find_candidates(100, transcript=exact(("One.", 1, 2), ("Two.", 72, 74)))
    inside = [one.at for one in between(found, 2, 72)]
    assert max(b - a for a, b in pairwise([2, *inside, 72])) <= 1.01


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("Yes.", 1.0), ("Yes.", 0.2)),
        (("yes,", 0.4), ("yes", 0.4)),
        (("yes", 0.8), ("yes", 0.1)),
    ],
)
def test_a_mark_and_a_longer_pause_cost_less(
    better: tuple[str, float], worse: tuple[str, float]
) -> None:
    costs = []
    for text, gap in (better, worse):
        words = exact((text, 5, 6), ("then", 6 + gap, 8))
        costs.append(between(find_candidates(20, transcript=words), 6, 6 + gap)[0].cost)
    assert costs[0] < costs[1]


def test_a_measured_word_that_hides_its_pause_is_heard_out() -> None:
    """As in YouTube's json3, where a word lasts until the next one."""
    words = exact(("yes", 5, 6), ("then", 6, 8))
    (deaf,) = between(find_candidates(20, transcript=words), 5.5, 7)
    (heard,) = between(find_candidates(20, transcript=words, pauses=[pause(5.3, 5.95)]), 5.5, 7)
    assert heard.at == deaf.at
    assert heard.cost < deaf.cost


def test_a_measured_word_that_lasts_long_for_its_letters_hides_a_pause() -> None:
    words = exact(*((f"word{n}", n * 0.4, n * 0.4 + 0.4) for n in range(9)), ("on", 3.6, 4.5),
                  ("then", 4.5, 5))  # fmt: skip
    found = find_candidates(20, transcript=words)
    assert between(found, 4.5, 4.5)[0].cost < between(found, 3.6, 3.6)[0].cost


def test_a_sentence_end_inside_a_cue_is_put_into_the_pause_nearby() -> None:
    words = cued(("One two. Three four", 10, 14))
    found = find_candidates(20, transcript=words, pauses=[pause(12.2, 12.6)])
    (end,) = [one for one in found if one.end is End.SENTENCE and 10 < one.at < 14]
    assert 12.2 < end.at < 12.6


def test_without_a_pause_a_time_inside_a_cue_is_a_guess() -> None:
    found = find_candidates(20, transcript=cued(("One two. Three four.", 10, 14), ("Five", 15, 16)))
    (guess,) = between(found, 11.9, 12.1)
    (sure,) = between(found, 14, 15)
    assert guess.end is End.WORD
    assert sure.end is End.SENTENCE


def test_without_words_pauses_are_candidates_the_longer_the_better() -> None:
    found = find_candidates(30, pauses=[pause(5, 5.2), pause(10, 10.7), pause(20, 20.7, 4.0)])
    short, long, shallow = (found[n] for n in range(3))
    assert {one.end for one in found} == {End.PAUSE}
    assert long.cost < short.cost
    assert long.cost < shallow.cost


def test_nothing_known_gives_no_candidates() -> None:
    assert find_candidates(30) == ()
    assert find_candidates(30, transcript=Transcript((), ())) == ()


@st.composite
def talks(draw: st.DrawFn) -> Transcript:
    """Words that never overlap, some of them touching."""
    words, at = [], draw(st.floats(0, 50))
    for text in draw(st.lists(st.sampled_from(["so", "yes.", "Well,", "Go!", "e.g."]), min_size=1)):
        length = draw(st.floats(0.05, 2))
        words.append((text, at, at + length))
        at += length + draw(st.sampled_from([0, 0, 0.05, 0.3, 1, 4]))
    return exact(*words)


@calm
@given(talks(), st.floats(0, 30))
def test_no_candidate_lies_inside_a_word(talk: Transcript, rest: float) -> None:
    duration = talk.words[-1].span.end + rest
    for one in find_candidates(duration, transcript=talk):
        assert 0 < one.at < duration
        assert not any(w.span.start + 1e-9 < one.at < w.span.end - 1e-9 for w in talk.words)
        assert one.room is None or not any(
            w.span.start < one.room.end - 1e-9 and one.room.start + 1e-9 < w.span.end
            for w in talk.words
        )


@calm
@given(talks())
def test_every_gap_between_words_is_a_candidate(talk: Transcript) -> None:
    found = [one.at for one in find_candidates(talk.words[-1].span.end, transcript=talk)]
    for word, after in pairwise(talk.words):
        assert any(word.span.end - 1e-9 <= at <= after.span.start + 1e-9 for at in found)
