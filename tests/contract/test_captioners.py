"""One set of promises for every caption provider."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gravix_core.features import Features
from gravix_core.model import PostText, Span, Word
from gravix_core.stages.caption.base import OUR_HASHTAGS, Brief, Captioner, Spoken, problems
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.texts import Field, Wish

CAPTIONERS: list[Captioner] = [BasicCaptioner()]
TITLES = ["Bridges", "", "🎉", "@a #b " * 60, "שלום עולם", "two\nlines\x00\u202e", "x" * 400]


def spoken(reel_id: int, index: int, text: str, *, count: int = 3) -> Spoken:
    start = index * 35.0
    words = tuple(
        Word(word, Span(start + 0.4 * i, start + 0.4 * i + 0.3))
        for i, word in enumerate(text.split())
    )
    return Spoken(reel_id, index, count, Span(start, start + 35), words)


REELS = (
    spoken(7, 0, "Why do bridges fall down? Most people blame the steel. It is the wind."),
    spoken(8, 1, "the deck began to move and nobody on it could walk any more"),
    spoken(9, 2, ""),
    spoken(10, 2, "@john #viral https://x.com " * 300),
    replace(spoken(11, 2, "The wind won."), features=Features(face=0.4, loudness_range=3.5)),
    replace(spoken(12, 2, ""), features=Features(silence=0.2, motion=0.0)),
)


@pytest.fixture(params=CAPTIONERS, ids=lambda captioner: captioner.name)
def captioner(request: pytest.FixtureRequest) -> Captioner:
    provider: Captioner = request.param
    return provider


@pytest.fixture(params=TITLES, ids=lambda title: title[:6].encode("unicode_escape").decode())
def texts(request: pytest.FixtureRequest, captioner: Captioner) -> list[PostText]:
    return list(
        captioner.describe(
            Brief(request.param, request.param, credit=request.param), REELS
        ).values()
    )


def test_texts_belong_to_the_reels_asked_for(captioner: Captioner) -> None:
    assert set(captioner.describe(Brief("Bridges"), REELS)) <= {reel.reel_id for reel in REELS}


def test_no_reels_give_no_texts(captioner: Captioner) -> None:
    assert captioner.describe(Brief("Bridges"), ()) == {}


def test_no_two_reels_of_a_video_have_one_title(texts: list[PostText]) -> None:
    titles = ["".join(filter(str.isalnum, text.title.casefold())) for text in texts]
    assert len(set(titles)) == len(titles)


def test_no_title_of_another_reel_is_given_again(captioner: Captioner) -> None:
    taken = {text.title for text in captioner.describe(Brief("Bridges"), REELS).values()}
    again = captioner.describe(Brief("Bridges", taken=frozenset(taken)), REELS)
    assert not taken & {text.title for text in again.values()}


@pytest.mark.parametrize("field", [None, *Field])
@pytest.mark.parametrize("reel", REELS, ids=lambda reel: str(reel.reel_id))
def test_alternatives_differ_from_each_other_and_from_what_is_there(
    captioner: Captioner, reel: Spoken, field: Field | None
) -> None:
    now = captioner.describe(Brief("Bridges"), [reel])[reel.reel_id]
    found = captioner.alternatives(Brief("Bridges"), reel, now, Wish("shorter", field))
    posted = [(text.title, text.caption, text.hashtags) for text in (now, *found)]
    assert len(set(posted)) == len(posted) <= 4
    for text in found:
        assert problems(text) == ()
        assert all(
            getattr(text, one) == getattr(now, one) for one in Field if field not in (None, one)
        )


def test_texts_can_be_posted(texts: list[PostText]) -> None:
    assert [problems(text) for text in texts] == [()] * len(texts)


def test_hashtags_are_few_and_differ(texts: list[PostText]) -> None:
    for text in texts:
        assert len({tag.casefold() for tag in text.hashtags}) == len(text.hashtags) <= OUR_HASHTAGS


def test_strangers_text_mentions_and_tags_nobody(texts: list[PostText]) -> None:
    assert not any(sign in text.caption for text in texts for sign in "@#")


def test_texts_name_their_provider(captioner: Captioner, texts: list[PostText]) -> None:
    assert {text.written_by for text in texts} <= {captioner.name}


def test_score_is_the_weighted_mean_of_its_parts(texts: list[PostText]) -> None:
    for text in texts:
        parts = text.score_parts
        assert sum(part.weight for part in parts) == 100
        assert all(0 <= part.value <= 100 for part in parts)
        assert text.quality_score == round(sum(part.value * part.weight for part in parts) / 100)


def test_every_part_of_the_score_gives_one_sentence_as_its_reason(texts: list[PostText]) -> None:
    for part in (part for text in texts for part in text.score_parts):
        assert part.reason[:1].isupper() or part.reason[:1].isdigit()
        assert part.reason.endswith(".")


def test_same_question_gets_the_same_answer(captioner: Captioner) -> None:
    assert captioner.describe(Brief("Bridges"), REELS) == captioner.describe(
        Brief("Bridges"), REELS
    )
