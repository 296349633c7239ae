"""What the basic provider writes for written talks in seven languages, whose topics are known."""

from __future__ import annotations

import re

import pytest

from benchmarks.metadata_basic import rows, written
from gravix_core.model import Span, Word
from gravix_core.stages.caption.base import Brief
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.stages.caption.features import measure
from gravix_core.stages.caption.japanese import divided, subject
from gravix_core.stages.caption.language import is_content, known, language_of, stem, stop_words
from gravix_core.stages.caption.phrases import PHRASES, phrases_of
from gravix_core.stages.caption.sentences import manner_of
from gravix_core.stages.caption.wordlists import LANGUAGES
from tests import talks
from tests.talks import talk_of

FORMS = [(language, marks) for language in talks.LANGUAGES for marks in (True, False)]


@pytest.fixture(scope="module")
def measured() -> dict[tuple[str, bool | None], tuple[int, float, float]]:
    return {
        (row.language, row.punctuated): (row.problems, row.fitting, row.hashtags)
        for row in rows(written())
    }


@pytest.mark.parametrize(("language", "marks"), FORMS)
def test_most_hashtags_are_what_the_reel_is_about(
    measured: dict[tuple[str, bool | None], tuple[int, float, float]], language: str, marks: bool
) -> None:
    problems, fitting, hashtags = measured[language, marks]
    assert problems == 0
    assert hashtags == 5
    assert fitting >= 0.6


@pytest.mark.parametrize(("language", "marks"), FORMS)
def test_every_reel_has_a_title_of_its_own_and_names_its_source(language: str, marks: bool) -> None:
    talk = talk_of(language, punctuated=marks)
    texts = BasicCaptioner().describe(Brief(talk.title, credit=talk.credit), talk.reels).values()
    assert len({text.title for text in texts}) == len(talk.reels)
    assert all(talk.title in text.caption and talk.credit in text.caption for text in texts)


@pytest.mark.parametrize(("language", "marks"), FORMS)
def test_the_language_is_told_by_each_reel_alone(language: str, marks: bool) -> None:
    for reel in talk_of(language, punctuated=marks).reels:
        assert language_of(word.text for word in reel.words) == language


@pytest.mark.parametrize(
    ("tag", "language"), [("pt-BR", "pt"), ("EN", "en"), ("ja_JP", "ja"), ("xx", ""), ("", "")]
)
def test_a_tag_names_its_language_where_it_is_known(tag: str, language: str) -> None:
    assert known(tag) == language


def test_no_language_is_made_of_nothing() -> None:
    assert language_of([]) == language_of(["🎉"]) == language_of(["12"]) == ""
    assert not any("" in stop_words(language) for language in ("", *LANGUAGES))


def test_every_language_has_its_phrases_and_others_have_the_english() -> None:
    assert set(PHRASES) == set(LANGUAGES)
    assert phrases_of("") == PHRASES["en"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "bridge", "Bridges,"),
        ("es", "semilla", "semillas"),
        ("pt", "prancha", "pranchas"),
        ("de", "Speiche", "Speichen"),
        ("fr", "l'alvéole", "alvéoles."),
        ("hi", "बच्चे", "बच्चों"),
        ("", "bridge", "bridges"),
    ],
)
def test_singular_and_plural_have_one_stem(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


@pytest.mark.parametrize(
    ("language", "word", "is_subject"),
    [
        ("en", "system", True),
        ("en", "the", False),
        ("en", "twenty-three", False),
        ("de", "Zeit", True),
        ("fr", "l'eau", True),
        ("ja", "光の", True),
        ("ja", "走る", False),
        ("ja", "五百分の", False),
        ("ja", "とても", False),
    ],
)
def test_a_word_is_a_subject_or_not(language: str, word: str, is_subject: bool) -> None:
    assert is_content(word, language) is is_subject


@pytest.mark.parametrize(
    ("phrase", "noun"),
    [
        ("「写真は", "写真"),
        ("レンズが", "レンズ"),
        ("三分割の", "三分割"),
        ("撮ります。", ""),
        ("二十分後、", ""),
        ("ISOを", "ISO"),
        ("きれいです。", ""),
    ],
)
def test_the_noun_of_a_japanese_phrase_is_found(phrase: str, noun: str) -> None:
    assert subject(phrase) == noun


def spoken(*texts: str, every: float = 2.0) -> tuple[Word, ...]:
    return tuple(
        Word(text, Span(i * every, i * every + 0.9 * every)) for i, text in enumerate(texts)
    )


@pytest.mark.parametrize(
    "texts",
    [("写真は光で決まります。", "窓の光です。"), tuple("写真は光で決まります。窓の光です。")],
)
def test_japanese_is_divided_however_its_transcript_was(texts: tuple[str, ...]) -> None:
    every = 2.0 if len(texts) == 2 else 0.2
    found = divided(spoken(*texts, every=every))
    assert [word.text for word in found] == ["写真は", "光で", "決まります。", "窓の", "光です。"]


def test_divided_words_keep_to_the_times_of_what_they_were() -> None:
    words = spoken("写真は光で決まります。", "窓の光です。")
    found = divided(words)
    assert found[0].span.start == words[0].span.start
    assert found[-1].span.end == words[-1].span.end
    starts = [word.span.start for word in found]
    assert starts == sorted(starts)
    assert found[3].span.start == words[1].span.start


def test_words_with_blanks_between_them_are_not_divided() -> None:
    words = spoken("Bridges", "fall", "写真")
    assert divided(words) == words


def test_the_pace_of_japanese_does_not_hang_on_how_it_was_transcribed() -> None:
    text, span = "写真は光で決まります。窓の光です。", Span(0, 4)
    by_cue, by_sign = spoken(text, every=4.0), spoken(*text, every=4.0 / len(text))
    paces = {
        measure(span, words, manner=manner_of(words)).words_per_second
        for words in (by_cue, by_sign)
    }
    assert paces == {5 / 4}


def test_a_sentence_that_asks_in_japanese_is_a_question() -> None:
    talk = talk_of("ja")
    title = BasicCaptioner().describe(Brief(talk.title), talk.reels)[2].title
    assert re.fullmatch("なぜ.*でしょうか？", title)
