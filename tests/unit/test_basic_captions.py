"""What the basic provider writes, and what Instagram's limits refuse."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.model import PostText, ScorePart, Span, Word
from gravix_core.stages.caption.base import MAX_CAPTION, Spoken, problems
from gravix_core.stages.caption.basic import TITLE, BasicCaptioner
from gravix_core.stages.caption.features import measure
from gravix_core.stages.caption.score import parts_with_words
from gravix_core.stages.caption.sentences import manner_of, split
from gravix_core.stages.caption.wording import clean_title, clip

TALK = (
    "Why do some bridges fall down while others stand for centuries? Most people think the "
    "answer is stronger steel. It isn't. The real answer is movement. The Tacoma Narrows Bridge "
    "was thin and stiff, so the wind could twist the bridge like a ribbon."
)
OTHER = "Cables are made of wires. Um, the cables hold the deck, and so, rust eats cables."
FINE = PostText("Title", "Caption", ("#tag",), (), 50, (), "operator")


def timed(text: str, *, start: float = 0.0, punctuated: bool = True) -> tuple[Word, ...]:
    """Words at an even pace, with a pause after each sentence."""
    words = []
    for word in text.split():
        stop = start + 0.06 * len(word) + 0.1
        shown = word if punctuated else re.sub(r"[.,?]", "", word).lower()
        words.append(Word(shown, Span(start, stop)))
        start = stop + 0.8 * word.endswith((".", "?"))
    return tuple(words)


def reel(
    text: str = "", *, index: int = 0, count: int = 1, punctuated: bool = True, end: float = 30
) -> Spoken:
    words = timed(text, punctuated=punctuated)
    return Spoken(index + 1, index, count, Span(0, end), words)


def describe(*reels: Spoken, title: str = "Why Bridges Fall") -> PostText:
    return BasicCaptioner().describe(title, reels)[reels[0].reel_id]


def part(text: PostText, name: str) -> ScorePart:
    return next(part for part in text.score_parts if part.name == name)


def test_a_question_that_opens_the_reel_is_its_title() -> None:
    title = "Why do some bridges fall down while others stand for centuries?"
    assert describe(reel(TALK)).title == title


def test_caption_is_the_hook_and_the_whole_sentences_after_it() -> None:
    hook, rest = describe(reel(TALK)).caption.split("\n\n")
    assert hook.endswith("centuries?")
    assert rest.startswith("Most people think")
    assert rest.endswith("movement.")


@pytest.mark.parametrize(
    "said",
    [
        "fell into the river. The bridge was gone. Nobody could",
        "The bridge was gone. Why do most people in the city of bridges",
    ],
)
def test_half_a_sentence_is_not_part_of_the_caption(said: str) -> None:
    assert describe(reel(said)).caption == "The bridge was gone."


LONG = ("bridge" * 10 + " ") * 30


@pytest.mark.parametrize("said", ["", LONG, LONG + "a. " + LONG + "b."])
def test_long_sentences_and_titles_are_cut(said: str) -> None:
    text = describe(reel(said), title="Bridges " * 500)
    assert problems(text) == ()
    assert "…" in text.caption


def test_speech_without_punctuation_is_cut_at_pauses_and_ends_in_an_ellipsis() -> None:
    lines = describe(reel(TALK, punctuated=False)).caption.split("\n")
    assert lines[0].endswith("centuries?")
    assert lines[2] == "Most people think the answer is stronger steel"
    assert lines[-1].endswith("…")


def test_fillers_are_left_out_and_the_sentence_still_begins_with_a_capital() -> None:
    assert "The cables hold the deck" in describe(reel(OTHER)).caption


def test_a_german_um_is_no_filler() -> None:
    said = "Wir gehen um die Brücke herum, und das ist nicht so einfach. Sie ist alt."
    assert "gehen um die" in describe(reel(said)).caption


def test_words_that_say_nothing_make_no_title() -> None:
    assert describe(reel("Yeah. So, you know."), title="Bridges").title == "Bridges"


def test_abbreviations_do_not_end_a_sentence() -> None:
    words = timed("Dr. Smith paid 3.5 million to the U.S. Army. He left.")
    assert [len(sentence.words) for sentence in split(words, manner_of(words))] == [9, 2]


def test_part_of_a_series_is_named_with_its_video() -> None:
    text = describe(reel(TALK, index=1, count=5), title="The “Big” Wind.mp4")
    assert text.caption.endswith("Part 2 of 5 of “The ‘Big’ Wind”.")


def test_a_single_reel_is_no_part() -> None:
    assert "Part" not in describe(reel(TALK)).caption


def test_hashtags_are_what_the_reel_talks_about_more_than_the_others() -> None:
    here = reel("Bridges need bridges. Cables hold bridges. Cables rust.")
    assert describe(here).hashtags[0] == "#bridges"
    assert describe(here, replace(reel(TALK), reel_id=2)).hashtags[0] == "#cables"


def test_a_name_of_two_words_is_one_hashtag() -> None:
    tags = describe(reel(TALK)).hashtags
    assert "#TacomaNarrows" in tags
    assert "#tacoma" not in tags


def test_marks_that_spell_hindi_stay_in_its_hashtags() -> None:
    tags = describe(reel("हर पुल को हिन्दी में पुल कहते हैं। हिन्दी में पुल।")).hashtags
    assert "#हिन्दी" in tags


def test_without_a_transcript_title_and_tags_come_from_the_video() -> None:
    text = describe(reel(index=1, count=3), title="Why_Bridges_Fall.1080p.x264.mp4")
    assert text.title == "Why Bridges Fall (part 2 of 3)"
    assert text.caption == "Why Bridges Fall\n\nPart 2 of 3."
    assert text.hashtags == ("#bridges", "#fall", "#reels")


def test_without_transcript_and_title_there_is_still_a_text() -> None:
    text = describe(reel(), title="🎉")
    assert (text.title, text.caption, text.hashtags) == ("New reel", "A new reel", ("#reels",))


def test_there_is_a_hashtag_even_where_nothing_is_said_of_any_subject() -> None:
    assert describe(reel("Yeah. So, you know."), title="").hashtags == ("#reels",)


def test_without_a_transcript_speech_is_neutral_and_says_why() -> None:
    speech = part(describe(reel()), "speech")
    assert speech.value == 50
    assert speech.reason == "No transcript, so what is said could not be judged."


def test_a_silent_reel_of_a_talk_is_not_said_to_lack_a_transcript() -> None:
    text = describe(reel(), replace(reel(TALK), reel_id=2))
    assert part(text, "speech").reason.startswith("Nothing is said in this reel")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("VID_20240131_123456.mp4", ""),
        ("IMG_1234.MOV", ""),
        ("Wind [dQw4w9WgXcQ].webm", "Wind"),
        ("my.summer.trip.2160p.hevc.mkv", "my summer trip"),
        ("Mr. Smith goes 4K - 1080p60", "Mr. Smith goes"),
        ("Ask @john\n#now https://x.com/a", "Ask john now"),
        ("\u202eevil\x07", "evil"),
        ("Version 2.0 is here", "Version 2.0 is here"),
    ],
)
def test_titles_lose_what_nobody_wants_to_read(name: str, title: str) -> None:
    assert clean_title(name) == title


def test_clipping_ends_at_a_word_that_may_end_a_line() -> None:
    assert clip("the wind and the deck of the bridge", 26) == "the wind and the deck…"


SPAN = Span(100, 130)


def score(words: Sequence[Word], name: str) -> ScorePart:
    spoken, manner = Spoken(1, 0, 1, SPAN, tuple(words)), manner_of(words)
    parts = parts_with_words(spoken, measure(SPAN, words, manner=manner))
    return next(part for part in parts if part.name == name)


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("hook", "Why do bridges fall? Wind.", "Bridges made of steel fall. Wind."),
        ("pace", "A calm walk. " * 20, "A calm walk."),
        ("pace", "A calm walk. " * 20, "So we go. " * 60),
        ("dead air", "A calm walk. " * 20, "A calm walk."),
        ("clean start", "The wind blew. We ran.", "and the wind blew. We ran."),
        ("clean end", "We ran. The wind blew.", "We ran. The wind"),
    ],
)
def test_score_tells_better_from_worse(name: str, better: str, worse: str) -> None:
    good, bad = [score(timed(text, start=SPAN.start), name) for text in (better, worse)]
    assert good.value > bad.value


@pytest.mark.parametrize(("seconds", "value"), [(3, 20), (15, 100), (45, 100), (90, 70), (900, 0)])
def test_length_is_best_between_15_and_45_seconds(seconds: float, value: int) -> None:
    assert part(describe(reel(end=seconds)), "length").value == value


def test_reasons_hold_what_was_measured() -> None:
    assert score(timed("A calm walk.", start=103.5), "hook").reason.startswith("0 words")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (replace(FINE, title=" "), "The title is empty."),
        (replace(FINE, caption=""), "The caption is empty."),
        (replace(FINE, title="x" * 101), "The title has 101 of 100 characters."),
        (replace(FINE, caption="😀" * 1098), "The caption has 2202 of 2200 characters."),
        (replace(FINE, hashtags=("#a",) * 31), "The caption has 31 of 30 hashtags."),
        (replace(FINE, caption="@a " * 21), "The caption has 21 of 20 mentions."),
        (replace(FINE, hashtags=("a b",)), "A hashtag does not start with # or holds a blank."),
    ],
)
def test_text_past_a_limit_is_a_problem(text: PostText, problem: str) -> None:
    assert problems(text) == (problem,)


def test_text_at_the_limit_is_no_problem() -> None:
    tags = len("\n\n#tag")
    assert problems(replace(FINE, caption="x" * (MAX_CAPTION - tags))) == ()


WORDS = st.sampled_from([*TALK.split(), *OTHER.split()]) | st.text(min_size=1, max_size=12)
SAID = st.lists(WORDS | st.text(min_size=1, max_size=90), max_size=60)
STARTS = st.floats(0, 1000)


@settings(deadline=None)
@given(title=st.text() | st.text(min_size=300), said=st.lists(SAID, max_size=3), start=STARTS)
def test_any_words_and_any_title_make_a_text_that_can_be_posted(
    title: str, said: list[list[str]], start: float
) -> None:
    reels = [
        Spoken(i, i, len(said), Span(start, start + 30), tuple(
            Word(word, Span(start + 0.3 * k, start + 0.3 * k + 0.2)) for k, word in enumerate(words)
        ))
        for i, words in enumerate(said)
    ]  # fmt: skip
    texts = BasicCaptioner().describe(title, reels)
    assert set(texts) == {reel.reel_id for reel in reels}
    for text in texts.values():
        assert problems(text) == ()
        assert len(text.title) <= TITLE
        assert not set("@#") & set(text.title + text.caption)
        assert all(unicodedata.category(c)[0] in "LMN" for tag in text.hashtags for c in tag[1:])
        text.caption.encode()
