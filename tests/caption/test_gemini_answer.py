"""Whatever a model wrote in, the texts in it out."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.stages.caption.answer import Draft, read_answer, read_versions
from tests.caption.asking import batch, item

ASKED = (7, 8, 9)
WHOLE = batch(item(one) for one in ASKED)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["reels", "reel_id", "title", "caption", "hashtags", "topics", "interest", "id"]
            )
            | st.text(max_size=5),
            inner,
            max_size=7,
        )
    ),
    max_leaves=30,
)


def drafts(text: str | None, asked: tuple[int, ...] = ASKED) -> list[int]:
    return sorted(read_answer(text, asked))


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        f"```json\n{WHOLE}\n```",
        f"Here you are:\n```\n{WHOLE}\n```\nGood luck!",
        f"\ufeff{WHOLE}",
        json.dumps(WHOLE),
        json.dumps(json.loads(WHOLE)["reels"]),
        WHOLE.replace("}]", "},]"),
        WHOLE.replace("reel_id", "reelId").replace("title", "Title"),
        json.dumps({str(one): item(one) for one in ASKED}),
        json.dumps({"a": {"b": [json.loads(WHOLE)]}}),
        batch(item(str(one)) for one in ASKED),  # type: ignore[arg-type]
        batch(item(float(one)) for one in ASKED),  # type: ignore[arg-type]
        batch(item(one) for one in (9, 8, 7, 70, 8)),
        WHOLE + WHOLE,
    ],
)
def test_texts_are_found_in_whatever_shape(text: str) -> None:
    assert drafts(text) == [7, 8, 9]


@pytest.mark.parametrize(
    "text", [None, "", "null", "{}", "[]", "no", "{" * 500, "[" * 100_000, '"\\', "1e999", "NaN"]
)
def test_nothing_is_found_in_nothing(text: str | None) -> None:
    assert drafts(text) == []


@given(st.integers(0, len(WHOLE)))
def test_answer_that_is_cut_off_gives_its_whole_items(length: int) -> None:
    cut = WHOLE[:length]
    assert drafts(cut) == [one for one in ASKED if json.dumps(item(one)) in cut]


def test_texts_belong_to_their_ids_and_not_to_their_places() -> None:
    found = read_answer(batch(item(one) for one in (9, 7)), ASKED)
    assert {one: draft.title for one, draft in found.items()} == {
        9: "What number 9 is about",
        7: "What number 7 is about",
    }


def test_first_usable_text_of_an_id_counts() -> None:
    found = read_answer(batch([item(7, title=""), item(7, title="A"), item(7, title="B")]), ASKED)
    assert found[7].title == "A"


@pytest.mark.parametrize("named", [8, "8", None, True, "x", 7.5, [7], 10**30])
def test_foreign_or_senseless_ids_are_nobodys(named: Any) -> None:
    assert drafts(batch([item(named)]), (7,)) == []


def test_item_without_an_id_is_taken_where_one_reel_was_asked_for() -> None:
    bare = item(7)
    del bare["reel_id"]
    assert drafts(batch([bare]), (7,)) == [7]
    assert drafts(batch([bare]), (7, 8)) == []
    assert drafts(batch([bare, bare]), (7,)) == []


@pytest.mark.parametrize("nothing", [None, "", "  ", "null", "N/A", 7, [], {}, "…", False])
@pytest.mark.parametrize("field", ["title", "caption"])
def test_text_without_title_or_caption_is_missing(field: str, nothing: Any) -> None:
    assert drafts(batch([item(7, **{field: nothing})])) == []


def test_hashtags_and_topics_stand_in_for_each_other() -> None:
    bare = item(7, hashtags=[], topics=["old bridges"])
    assert read_answer(batch([bare]), ASKED)[7].hashtags == ("old bridges",)
    bare = item(7, hashtags=["#bridges"], topics=None)
    assert read_answer(batch([bare]), ASKED)[7].topics == ("bridges",)
    assert drafts(batch([item(7, hashtags=[None, "#"], topics="")])) == []


@pytest.mark.parametrize(
    ("given_", "read"),
    [
        (60, 60), (0, 0), (101, 100), (-5, 0), (61.6, 62), ("70", 70), ("80/100", 80), ("90 %", 90),
        (0.8, None), ("high", None), (None, None), (True, None), ([60], None), (10**400, 100),
    ],
)  # fmt: skip
def test_interest_lies_between_0_and_100_or_is_none(given_: Any, read: int | None) -> None:
    assert read_answer(batch([item(7, interest=given_)]), ASKED)[7].interest == read


@pytest.mark.parametrize("hashtags", [["#a1", "b2"], "#a1 #b2", "a1, b2", [" #a1 ", None, 3, "b2"]])
def test_hashtags_are_read_as_a_list_or_a_string(hashtags: Any) -> None:
    assert read_answer(batch([item(7, hashtags=hashtags)]), ASKED)[7].hashtags == ("a1", "b2")


@pytest.mark.parametrize("title", ['{"title": "Bridges", "x": 1}', {"title": "Bridges"}])
def test_title_inside_a_title_is_unwrapped(title: Any) -> None:
    assert read_answer(batch([item(7, title=title)]), ASKED)[7].title == "Bridges"


def test_caption_in_lines_is_read() -> None:
    found = read_answer(batch([item(7, caption=["One.", "Two."])]), ASKED)
    assert found[7].caption == "One.\nTwo."


def test_versions_are_read_in_their_order_and_in_part() -> None:
    text = json.dumps({"versions": [{"version": 2, "title": "B"}, {"title": "A"}, {"x": "C"}, {}]})
    assert [draft.title for draft in read_versions(text)] == ["B", "A"]


@settings(max_examples=300)
@given(JSON)
def test_no_json_is_too_odd(value: Any) -> None:
    _hold(read_answer(json.dumps(value), ASKED))
    read_versions(json.dumps(value))


@settings(max_examples=300)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_no_damage_to_an_answer_is_too_odd(rng: random.Random, times: int) -> None:
    text = list(WHOLE)
    for _ in range(times):
        at = rng.randrange(len(text))
        text[at : at + rng.randrange(9)] = rng.choice(
            ["", "{", "]", '"', "\\u", "\x00", ",", "1e9"]
        )
    _hold(read_answer("".join(text), ASKED))


def _hold(found: Any) -> None:
    assert set(found) <= set(ASKED)
    for draft in found.values():
        assert isinstance(draft, Draft)
        assert draft.title.strip()
        assert draft.caption.strip()
        assert draft.hashtags
        assert draft.interest is None or 0 <= draft.interest <= 100


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "odd",
    [
        " " * 150_000 + "x", "{" * 150_000, "[{" * 70_000, "," + " " * 150_000 + "x",
        '{"title":' * 15_000, "`" * 150_000, '"' * 150_000, "\\" * 150_000, "9" * 150_000,
    ],
)  # fmt: skip
def test_no_answer_takes_long_to_read(odd: str) -> None:
    assert drafts(odd) == []
    assert drafts(WHOLE[:-1] + odd) == [7, 8, 9]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<b>Bold</b> &amp; <i>bright</i>", "Bold & bright"),
        ("**Bold** and bright", "Bold and bright"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("## Heading\nText", "Heading\nText"),
        ("Go <script>alert(1)</script>on", "Go on"),
        ("Use <div> and __init__ and 2**3", "Use <div> and __init__ and 2**3"),
        ("Love <3 always", "Love <3 always"),
    ],
)
def test_marks_of_html_and_markdown_are_taken_out_of_a_text(written: str, read: str) -> None:
    draft = read_answer(batch([item(7, caption=written)]), {7})[7]
    assert draft.caption == read


@pytest.mark.parametrize(
    "echo",
    ['reel_id 1\n<data name="what is said">Bridges.</data>', "Look: <data>Bridges.</data> end"],
)
def test_our_own_question_is_no_answer(echo: str) -> None:
    assert read_answer(batch([item(7, caption=echo)]), {7}) == {}
