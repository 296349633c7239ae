"""What the basic provider writes, and what Instagram's limits refuse."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.model import PostText, ScorePart, Span, Word
from gravix_core.stages.caption.base import ALWAYS, MAX_CAPTION, Brief, Spoken, problems
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.stages.caption.bodies import told
from gravix_core.stages.caption.judge import judge_all
from gravix_core.stages.caption.score import NEUTRAL
from gravix_core.stages.caption.sentences import manner_of, split
from gravix_core.stages.caption.titles import TITLE, same
from gravix_core.stages.caption.wording import clean_title, clip
from gravix_core.texts import Field, Wish

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


def describe(*reels: Spoken, title: str = "Why Bridges Fall", **brief: Any) -> PostText:
    return BasicCaptioner().describe(Brief(title, **brief), reels)[reels[0].reel_id]


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


@pytest.mark.parametrize(
    ("count", "title", "credit", "line"),
    [
        (3, "Wind", "Ada", "Part 1 of 3 of “Wind” by Ada."),
        (3, "", "Ada", "Part 1 of 3 of a video by Ada."),
        (3, "", "", "Part 1 of 3."),
        (1, "Wind", "Ada", "From “Wind” by Ada."),
        (1, "Wind", "@ada #x", "From “Wind” by ada x."),
    ],
)
def test_who_made_the_video_is_credited(count: int, title: str, credit: str, line: str) -> None:
    text = describe(reel(TALK, count=count), title=title, credit=credit)
    assert text.caption.split("\n\n")[-1] == line


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "Parte 2 de 3 de «Wind», de Ada."),
        ("pt-BR", "Parte 2 de 3 de “Wind”, de Ada."),
        ("de", "Teil 2 von 3 aus „Wind“ von Ada."),
        ("fr-CA", "Partie 2 sur 3 : « Wind », de Ada."),
        ("hi", "“Wind” (Ada), 3 में से भाग 2।"),
        ("ja", "「Wind」(Ada)、全3回の第2回。"),
        ("xx", "Part 2 of 3 of “Wind” by Ada."),
    ],
)
def test_the_credit_is_in_the_language_of_the_talk(language: str, line: str) -> None:
    said = reel("Bla bla bla.", index=1, count=3)
    text = describe(said, title="Wind", credit="Ada", language=language)
    assert text.caption.endswith(line)


def test_a_title_that_another_reel_has_is_not_given_again() -> None:
    first = describe(reel(TALK)).title
    again = describe(reel(TALK), taken=frozenset({first.upper() + "!"}))
    assert same(again.title) != same(first)
    assert again.title == "Most people think the answer is stronger steel"


@given(said=st.lists(st.sampled_from([TALK, OTHER, "Wind.", "", "♪"]), min_size=2, max_size=6))
def test_titles_within_a_video_never_repeat(said: list[str]) -> None:
    reels = [reel(text, index=i, count=len(said)) for i, text in enumerate(said)]
    brief = Brief("Wind", taken=frozenset({"WIND", "Wind (part 1 of 2)"}))
    texts = BasicCaptioner().describe(brief, reels)
    titles = [same(text.title) for text in texts.values()]
    assert len({*titles, *map(same, brief.taken)}) == len(titles) + len(brief.taken)


@pytest.mark.parametrize(
    ("about", "prose"),
    [
        ("", ""),
        ("Follow me\nwww.x.com is where I live\n0:00 This is a chapter", ""),
        ("Links:\n\nA film of the bridge in the wind.", "A film of the bridge in the wind."),
        ("風の中の橋についての短い映画です。とても長い話です。",) * 2,
    ],
)
def test_only_prose_of_a_description_is_told(about: str, prose: str) -> None:
    assert told(about) == prose


def test_a_reel_without_words_tells_what_its_video_says_of_itself() -> None:
    about = "https://x.com\n0:00 Start\n\nA film of the bridge in the wind.\n#bridge @ada\n\nMore."
    text = describe(reel(), title="Wind", description=about, credit="Ada")
    assert text.caption == "Wind\n\nA film of the bridge in the wind.\n\nFrom a video by Ada."
    assert text.hashtags == ("#wind", "#film", "#bridge", "#reels", "#shortvideo")


def test_hashtags_are_what_the_reel_talks_about_more_than_the_others() -> None:
    here = reel("Bridges need bridges. The cables hold bridges. The cables rust.")
    assert describe(here).hashtags[0] == "#bridges"
    others = [replace(reel(TALK), reel_id=reel_id) for reel_id in (2, 3)]
    assert describe(here, *others).hashtags[0] == "#cables"


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
    assert text.hashtags == ("#bridges", "#fall", "#reels", "#shortvideo", "#video")


def test_without_transcript_and_title_there_is_still_a_text() -> None:
    text = describe(reel(), title="🎉")
    assert (text.title, text.caption, text.hashtags) == ("New reel", "New reel", ALWAYS)


def test_hashtags_are_five_and_those_that_always_fit_stand_behind_the_others() -> None:
    assert len(describe(reel(TALK)).hashtags) == 5
    assert describe(reel("The wind. The wind blew."), title="Wind").hashtags == (
        "#wind",
        "#blew",
        *ALWAYS[:3],
    )


def test_there_is_a_hashtag_even_where_nothing_is_said_of_any_subject() -> None:
    assert describe(reel("Yeah. So, you know."), title="").hashtags == ALWAYS


def test_without_a_transcript_what_is_said_is_neutral_and_says_why() -> None:
    text = describe(reel())
    assert {part(text, name).value for name in ("hook", "pace")} == {NEUTRAL}
    assert part(text, "hook").reason.startswith("There is no transcript")


def test_a_silent_reel_of_a_talk_is_not_said_to_lack_a_transcript() -> None:
    text = describe(reel(), replace(reel(TALK), reel_id=2))
    assert part(text, "hook").reason.startswith("0 words")


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
    parts = judge_all([Spoken(1, 0, 1, SPAN, tuple(words))])[1]
    return next(part for part in parts if part.name == name)


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("hook", "Why do bridges fall? Wind.", "Bridges made of steel fall. Wind."),
        ("pace", "A calm walk. " * 20, "So we go. " * 60),
        ("pace", "A calm walk. " * 20, "A calm walk."),
        ("completeness", "The wind blew. We ran.", "and the wind blew. We ran."),
        ("completeness", "We ran. The wind blew.", "We ran. The wind"),
    ],
)
def test_score_tells_better_from_worse(name: str, better: str, worse: str) -> None:
    good, bad = [score(timed(text, start=SPAN.start), name) for text in (better, worse)]
    assert good.value > bad.value


@pytest.mark.parametrize("seconds", [3, 10, 90, 900])
def test_length_is_best_between_15_and_45_seconds(seconds: float) -> None:
    best = {part(describe(reel(end=good)), "completeness").value for good in (15, 30, 45)}
    assert part(describe(reel(end=seconds)), "completeness").value < min(best) == max(best)


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
    brief = Brief(title, title[::-1], credit=title[:90], taken=frozenset({title}))
    texts = BasicCaptioner().describe(brief, reels)
    assert set(texts) == {reel.reel_id for reel in reels}
    for text in texts.values():
        assert problems(text) == ()
        assert len(text.title) <= TITLE
        assert not set("@#") & set(text.title + text.caption)
        assert all(unicodedata.category(c)[0] in "LMN" for tag in text.hashtags for c in tag[1:])
        text.caption.encode()


LETTERS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8
)
SCRIPTS = st.sampled_from(
    ["ひかりの写真です。", "रोशनी", "الضوء؟", "แสง", "光", "빛이", "ß", "İ", "ﬁ", "e\u0301"]
)


@settings(deadline=None, max_examples=40)
@given(
    said=st.lists(SCRIPTS | LETTERS, max_size=40), language=st.sampled_from(["", "ja", "hi", "xx"])
)
def test_words_of_any_script_make_a_text_that_can_be_posted(said: list[str], language: str) -> None:
    words = tuple(Word(word, Span(i * 0.4, i * 0.4 + 0.3)) for i, word in enumerate(said))
    spoken = Spoken(1, 0, 2, Span(0, 30), words)
    text = BasicCaptioner().describe(Brief("", language=language), [spoken])[1]
    assert problems(text) == ()
    assert len(text.title) <= TITLE
    assert not set("@#") & set(text.title + text.caption)


NOW = PostText("Now", "A caption.", ("#now",), ("now",), 50, (), "operator")


@pytest.mark.parametrize("field", [None, *Field])
def test_alternatives_differ_and_change_what_was_wished_alone(field: Field | None) -> None:
    asked = Wish(field=field)
    found = BasicCaptioner().alternatives(Brief("Wind"), reel(TALK * 2), NOW, asked)
    assert 1 < len({NOW, *found}) == len(found) + 1 <= 4
    for text in found:
        changed = {one for one in Field if getattr(text, one) != getattr(NOW, one)}
        assert changed == ({field} if field else set(Field))
        assert problems(text) == ()


def test_where_the_words_give_no_other_text_there_is_no_alternative() -> None:
    brief = Brief("")
    now = BasicCaptioner().describe(brief, [reel("Bridges fall.")])[1]
    assert BasicCaptioner().alternatives(brief, reel("Bridges fall."), now, Wish()) == ()


def test_no_alternative_has_a_title_of_another_reel() -> None:
    taken = {text.title for text in BasicCaptioner().alternatives(
        Brief(""), reel(TALK), NOW, Wish(field=Field.TITLE)
    )}  # fmt: skip
    brief = Brief("", taken=frozenset(taken))
    others = BasicCaptioner().alternatives(brief, reel(TALK), NOW, Wish(field=Field.TITLE))
    assert not taken & {text.title for text in others}
