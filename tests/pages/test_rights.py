"""Review says whether the operator may republish what a reel was made of, before it is approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.model import LinkProbe
from gravix_core.studio import Studio
from tests.pages.houses import add_video
from tests.pages.linking import PROBE
from tests.pages.reviewing import review
from tests.pages.shown import links, statements_of

pytestmark = pytest.mark.slow  # a page is drawn anew for each step

SAID = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
TOLD = "From **Anna builds**. On 12 November 2026 you said that you made this or may republish it."
HOSTILE = replace(PROBE, channel="Anna\n# *builds* :red[x]")
NAMELESS = replace(PROBE, channel="", channel_id="")


def made_of(studio: Studio, link: LinkProbe | None, *, reels: int = 1, said: bool = False) -> None:
    with studio.store.begin() as tx:
        add_video(tx, link=link, reels=reels)
        if link is not None and said:
            tx.links.confirm(link.whose, link.channel or link.title, now=SAID)


def rights(page: AppTest) -> list[str]:
    """What is said of them, on all reels."""
    captions = [one.value for one in page.caption if one.value.startswith("From ")]
    return [*captions, *(one.value for one in page.warning)]


@pytest.mark.parametrize("query", [{}, {"reel": 1}], ids=["in the list", "alone"])
def test_the_operators_word_about_the_channel_is_shown_with_its_day(
    studio: Studio, query: dict[str, object]
) -> None:
    made_of(studio, PROBE, said=True)
    assert rights(review(**query)) == [TOLD]


@pytest.mark.parametrize("query", [{}, {"reel": 1}], ids=["in the list", "alone"])
def test_a_word_that_was_taken_back_is_a_warning_with_a_way_to_give_it(
    studio: Studio, query: dict[str, object]
) -> None:
    made_of(studio, PROBE, said=True)
    studio.links.take_back("UCanna")
    page = review(**query)
    assert rights(page) == ["You have not said that you may republish what **Anna builds** makes."]
    assert links(page)["Say so in Settings"] == "settings"


def test_a_file_has_no_line(studio: Studio) -> None:
    made_of(studio, None)
    assert rights(review()) == []


@pytest.mark.parametrize(
    ("link", "said", "told"),
    [
        (HOSTILE, True, r"From **Anna \# \*builds\* \:red\[x\]**. On 12 November 2026 you said"),
        (NAMELESS, True, "From YouTube. On 12 November 2026 you said"),
        (NAMELESS, False, "You have not said that you may republish this video."),
    ],
)
def test_names_are_text_and_may_be_missing(
    studio: Studio, link: LinkProbe, told: str, *, said: bool
) -> None:
    made_of(studio, link, said=said)
    (line,) = rights(review())
    assert line.startswith(told)


def test_many_reels_ask_the_database_no_more_often_than_one(studio: Studio) -> None:
    made_of(studio, PROBE, said=True)
    page = review()
    few = statements_of(page)
    made_of(studio, replace(PROBE, youtube_id="aaaaaaaaaa3"), reels=8)
    page = review()
    assert len(rights(page)) == 9
    assert statements_of(page) == few
