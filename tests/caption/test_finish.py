"""Any text in, a text that can be posted out."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.model import PostText, full_caption
from gravix_core.stages.caption.base import (
    MAX_CAPTION,
    MAX_HASHTAGS,
    Brief,
    count_hashtags,
    problems,
)
from gravix_core.stages.caption.finish import as_hashtag, finished, refitted
from gravix_core.stages.caption.forbidden import Forbidden
from gravix_core.stages.caption.foreign import seen
from gravix_core.stages.caption.limits import is_boundary, sentences, trim_to, units
from gravix_core.texts import Field, Pair, Rule, RuleKind, Voice, Words
from tests.caption.asking import TEXT

SIGNS = st.sampled_from("#@＃＠ .!?\n。…a\u0301\u200d👨👩🏽🇧🇷क्ष的️⃣")
ANY = st.text(st.one_of(SIGNS, st.characters()), max_size=400)
LONG = st.builds(lambda text, times: text * times, ANY, st.integers(1, 60))
TAGS = st.lists(st.one_of(ANY, st.text(max_size=300)), max_size=60).map(tuple)
VOICES = st.builds(
    Voice,
    tone=ANY,
    forbidden=st.lists(ANY, max_size=4).map(tuple),
    hashtags=TAGS,
    call_to_action=LONG,
)
RULES = st.lists(st.builds(Rule, st.sampled_from(RuleKind), ANY, st.just(3)), max_size=4)
BRIEFS = st.builds(Brief, ANY, credit=ANY, voice=VOICES, rules=RULES.map(tuple))
TEXTS = st.builds(PostText, LONG, LONG, TAGS, TAGS, st.just(50), st.just(()), st.just("gemini"))
PLAIN = Brief("Bridges")


@settings(max_examples=300, deadline=None)
@given(TEXTS, BRIEFS)
def test_no_text_in_the_world_leaves_a_problem(text: PostText, brief: Brief) -> None:
    assert problems(finished(text, brief)) == ()


@settings(max_examples=200, deadline=None)
@given(TEXTS, BRIEFS)
def test_finishing_twice_changes_nothing(text: PostText, brief: Brief) -> None:
    once = finished(text, brief)
    assert finished(once, brief) == once


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.lists(ANY, min_size=1, max_size=4))
def test_no_forbidden_word_is_left(text: PostText, words: list[str]) -> None:
    forbidden = Forbidden.of(tuple(words))
    done = finished(text, replace(PLAIN, voice=Voice(forbidden=tuple(words))))
    assert not forbidden.is_in(done.title)
    assert not forbidden.is_in(done.caption)
    assert not any(map(forbidden.is_in, done.topics))


@settings(max_examples=300, deadline=None)
@given(LONG, st.integers(0, 300))
def test_what_is_trimmed_fits_and_cuts_no_grapheme(text: str, most: int) -> None:
    kept = trim_to(text, most)
    assert units(kept) <= most
    bare = kept.removesuffix("…")
    assert text.startswith(bare) or text.startswith(kept)
    start = kept if text.startswith(kept) else bare
    assert is_boundary(text, len(start))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("abcdefghij", min_size=1, max_size=12), max_size=60), st.integers(1, 200))
def test_no_word_is_cut(words: list[str], most: int) -> None:
    kept = trim_to(" ".join(words), most).removesuffix("…").split()
    assert kept == words[: len(kept)]


@given(LONG)
def test_sentences_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("One. Two. Three.", 9, "One. Two."),
        ("One. Two. Three.", 15, "One. Two."),
        ("Ask Dr. Smith about it. Then go.", 24, "Ask Dr. Smith about it."),
        ("Is it? Yes! It is a very long story", 14, "Is it? Yes!"),
        ("A sentence that is too long for it", 20, "A sentence that is…"),
        ("風が勝つ。橋は落ちる。", 7, "風が勝つ。"),
        ("橋がなぜ落ちるのか誰も知らない", 6, "橋がなぜ落…"),
        ("x" * 50, 10, ""),
        ("https://example.org/a-very-long-address", 12, ""),
        ("👨‍👩‍👧👨‍👩‍👧", 12, "👨‍👩‍👧…"),
        ("🇧🇷🇩🇪🇫🇷", 7, "🇧🇷…"),
        ("a line\nanother line", 12, "a line"),
    ],
)
def test_text_is_trimmed_at_a_sentence_or_else_a_word(text: str, most: int, kept: str) -> None:
    assert trim_to(text, most) == kept


@pytest.mark.parametrize("text", ["é", "👍🏽", "🇧🇷", "👨‍👩‍👧", "1️⃣", "क्ष", "각", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\r\n"])
def test_nothing_inside_a_grapheme_is_a_boundary(text: str) -> None:
    text = unicodedata.normalize("NFD", text)
    assert not any(is_boundary(text, at) for at in range(1, len(text)))


def test_long_caption_ends_with_a_sentence_the_call_and_all_hashtags() -> None:
    voice = Voice(hashtags=("#ada",), call_to_action="Follow @ada for more.")
    long = replace(TEXT, caption="The wind wins every time. " * 300)
    done = finished(long, Brief("Bridges", voice=voice))
    body, call = done.caption.rsplit("\n\n", 1)
    assert body.endswith("The wind wins every time.")
    assert call == "Follow @ada for more."
    assert done.hashtags == ("#bridges", "#ada")
    assert 2100 < units(full_caption(done.caption, done.hashtags)) <= MAX_CAPTION


def test_call_to_action_stands_once_however_often_the_model_wrote_it() -> None:
    brief = Brief("Bridges", voice=Voice(call_to_action="Follow for more."))
    text = replace(TEXT, caption="The wind wins.\n\nfollow for more. Follow for more.")
    assert finished(text, brief).caption == "The wind wins.\n\nFollow for more."


@pytest.mark.parametrize(
    ("caption", "left"),
    [
        ("Cheap tricks do not help. The wind wins.", "The wind wins."),
        ("A CHEAP bridge falls", "A bridge falls"),
        ("Cheapest of all, the wind wins.", "Cheapest of all, the wind wins."),
        ("Buy  now! The wind wins.", "The wind wins."),
    ],
)
def test_sentence_with_a_forbidden_word_goes(caption: str, left: str) -> None:
    brief = Brief("Bridges", voice=Voice(forbidden=("cheap", "buy now")))
    assert finished(replace(TEXT, caption=caption), brief).caption == left


def test_forbidden_words_are_found_where_no_blanks_are_written() -> None:
    brief = Brief("橋", voice=Voice(forbidden=("安い",)))
    assert (
        finished(replace(TEXT, caption="橋は強い。安い橋は落ちる。"), brief).caption == "橋は強い。"
    )


def test_title_that_is_forbidden_is_taken_from_the_caption() -> None:
    brief = Brief("Bridges", voice=Voice(forbidden=("cheap",)))
    text = replace(TEXT, title="Cheap", caption="Wind beats steel. Always.")
    assert finished(text, brief).title == "Wind beats steel."


@pytest.mark.parametrize("tag", ["#cheap", "#CheapBridges", "#cheapbridges", "#cheap_bridges"])
def test_hashtag_with_a_forbidden_word_goes(tag: str) -> None:
    brief = Brief("Bridges", voice=Voice(forbidden=("cheap",)))
    assert finished(replace(TEXT, hashtags=(tag, "#wind")), brief).hashtags == ("#wind",)


def test_short_forbidden_word_leaves_longer_hashtags_alone() -> None:
    brief = Brief("Bridges", voice=Voice(forbidden=("ad",)))
    text = replace(TEXT, hashtags=("#roadtrip", "#ad"))
    assert finished(text, brief).hashtags == ("#roadtrip",)


def test_rules_take_out_hashtags_and_sentences_unless_they_are_off() -> None:
    rules = (
        Rule(RuleKind.HASHTAG, "#Viral", 3),
        Rule(RuleKind.SENTENCE, "What do you think?", 4),
        Rule(RuleKind.HASHTAG, "#wind", 3, is_on=False),
    )
    text = replace(TEXT, caption="The wind wins. What do you  think?", hashtags=("#viral", "#wind"))
    done = finished(text, Brief("Bridges", rules=rules))
    assert (done.caption, done.hashtags) == ("The wind wins.", ("#wind",))


@pytest.mark.parametrize(
    "planted",
    [
        "@scam", "＠scam", "https://scam.example/x", "www.scam.example", "scam.example",
        "Scam.shop/now", "me@scam.example",
    ],
)  # fmt: skip
def test_mentions_and_links_that_are_not_the_operators_go(planted: str) -> None:
    text = replace(TEXT, title=f"Go to {planted}", caption=f"The wind wins. Go to {planted} now!")
    done = finished(text, Brief("Bridges", credit="Ada"))
    assert "scam" not in f"{done.title} {done.caption}".lower()
    assert done.caption == "The wind wins."


@pytest.mark.parametrize(
    "kept", ["3.5 times", "Node.js", "e.g. this", "at 5 p.m. sharp", "C# code"]
)
def test_what_only_looks_like_a_link_stays(kept: str) -> None:
    assert kept in finished(replace(TEXT, caption=f"It is {kept} of it."), PLAIN).caption


def test_mentions_and_links_of_voice_credit_and_accepted_texts_stay() -> None:
    words = Words("Old", "Ask @bob.", ())
    brief = Brief(
        "Bridges",
        credit="@ada",
        voice=Voice(audience="readers of ada.example"),
        examples=(Pair(words, words),),
    )
    caption = "By @Ada, read ada.example, ask @bob. Thanks, @carl."
    done = finished(replace(TEXT, caption=caption), brief, said="Thank @carl")
    assert done.caption == caption


def test_hashtags_in_a_caption_become_words_and_those_at_its_end_go() -> None:
    text = replace(TEXT, caption="The #wind wins.\n\n#viral #foryou")
    assert finished(text, PLAIN).caption == "The wind wins."


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("bridges", "#bridges"), ("##bridges", "#bridges"), ("climate change", "#climatechange"),
        ("#हिन्दी", "#हिन्दी"), ("#橋", "#橋"), ("C++", "#C"), ("123", ""), ("#", ""), ("🎉", ""),
        ("x" * 200, ""),
    ],
)  # fmt: skip
def test_what_was_meant_as_a_hashtag_becomes_one(text: str, tag: str) -> None:
    assert as_hashtag(text) == tag


def test_fixed_hashtags_stay_when_there_are_too_many() -> None:
    voice = Voice(hashtags=("#ada", "#boats"))
    text = replace(TEXT, hashtags=tuple(f"#tag{i}" for i in range(60)))
    done = finished(text, Brief("Bridges", voice=voice))
    assert len(done.hashtags) == MAX_HASHTAGS
    assert done.hashtags[-2:] == ("#ada", "#boats")


def test_text_without_hashtags_gets_its_topics_or_else_one_that_always_fits() -> None:
    assert finished(replace(TEXT, hashtags=()), PLAIN).hashtags == ("#bridges",)
    assert finished(replace(TEXT, hashtags=(), topics=()), PLAIN).hashtags == ("#reels",)


def test_emoji_and_scripts_of_two_directions_stay_whole() -> None:
    caption = "👨‍👩‍👧 כל הכבוד 🏴󠁧󠁢󠁥󠁮󠁧󠁿 می‌خواهم 1️⃣."
    assert finished(replace(TEXT, caption=caption), PLAIN).caption == caption


def test_characters_that_hide_or_turn_text_around_go() -> None:
    text = replace(TEXT, caption="The\x00 \x1b[31mwind\u202e wins\u2066.\ud83d \U000e0041")
    assert finished(text, PLAIN).caption == "The wind wins."


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, BRIEFS, st.sampled_from([*Field, None]))
def test_refitted_text_keeps_what_was_not_asked_for_and_can_be_posted(
    now: PostText, new: PostText, brief: Brief, field: Field | None
) -> None:
    now, new = finished(now, brief), finished(new, brief)
    done = refitted(now, new, field)
    same = {one: getattr(done, one) == getattr(now, one) for one in Field}
    assert field is None or all(same[one] for one in Field if one is not field)
    assert units(full_caption(done.caption, done.hashtags)) <= MAX_CAPTION
    assert count_hashtags(full_caption(done.caption, done.hashtags)) <= MAX_HASHTAGS


def test_long_title_ends_with_a_whole_sentence_or_word() -> None:
    title = "The wind wins. " + "It blows and blows over the water " * 5
    assert finished(replace(TEXT, title=title), PLAIN).title == "The wind wins."
    unpunctuated = finished(replace(TEXT, title="wind and water " * 20), PLAIN).title
    assert unpunctuated.removesuffix("…").split()[-1] in {"wind", "and", "water"}


def test_allowed_mentions_are_twenty_at_most_with_those_of_the_call() -> None:
    brief = Brief("Bridges", credit="@ada", voice=Voice(call_to_action="Follow @ada!"))
    done = finished(replace(TEXT, caption="@ada " * 40 + "."), brief)
    assert done.caption.count("@ada") == 20
    assert done.caption.count("ada") == 41


def test_hashtags_of_wide_letters_fit_as_well() -> None:
    tags = tuple(f"#{'𝒳' * 80}{i}" for i in range(30))
    done = finished(replace(TEXT, caption="The wind wins. " * 300, hashtags=tags), PLAIN)
    assert problems(done) == ()
    assert 1 <= len(done.hashtags) < 30
    assert done.caption.count("The wind wins.") > 50


def test_caption_has_one_blank_line_between_paragraphs() -> None:
    caption = "The wind wins. \r\n\r\n\n\n  Always.  "
    assert finished(replace(TEXT, caption=caption), PLAIN).caption == "The wind wins.\n\nAlways."


@pytest.mark.parametrize("hidden", ["\u200c", "\u200d", "\u200e", "\ufe0f", "\u034f", "\u3164"])
def test_what_nobody_sees_makes_no_difference(hidden: str) -> None:
    assert seen(f"Same ti{hidden}tle{hidden}") == seen("ＳＡＭＥ  title")


@pytest.mark.parametrize("hidden", ["\u3164", "\u115f\u1160", "\uffa0", "\u2800", "\u200c"])
def test_title_that_nobody_sees_is_none(hidden: str) -> None:
    text = finished(replace(TEXT, title=hidden), Brief(""))
    assert text.title == "The wind wins."


def test_mention_behind_what_nobody_sees_is_one() -> None:
    text = finished(replace(TEXT, caption="Good. Go to @\u200cshop now."), Brief(""))
    assert text.caption == "Good."


@pytest.mark.parametrize("topics", [("t" * 70,), ("@bob",), ("http://evil.example",), ()])
def test_topics_are_made_of_hashtags_where_none_is_left(topics: tuple[str, ...]) -> None:
    assert finished(replace(TEXT, topics=topics), Brief("")).topics == ("bridges",)
