"""Links on Add, drawn over a real studio whose site is a stand-in: every state of a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import GravixError
from gravix_core.model import CaptionTrack
from gravix_core.studio import Studio
from gravix_ui.parts.link_deeds import FILES, FROM
from gravix_ui.words import moment
from tests.pages.houses import page_of, text_of
from tests.pages.linking import (
    BROKEN,
    GONE,
    LATER,
    LONG,
    ONE,
    OTHER,
    PROBE,
    ROBOT,
    TWO,
    Site,
    answered,
    confirm,
    link,
    look,
    paste,
    pasted,
    press,
    videos,
)
from tests.pages.shown import buttons, html, says, videos_linked
from tests.web.servers import wait_until

pytestmark = pytest.mark.slow  # a page is drawn anew for each step

HOSTILE = "*x* <b>y</b> [z](http://t.example) :smile: &amp; -- `c`"
INSTEAD = "Upload the file instead"
PAGES = Path(__file__).parents[2] / "pages"


@pytest.fixture
def page(studio: Studio) -> AppTest:
    return page_of("add")


# Before anybody is asked


def test_without_links_it_says_what_to_do(page: AppTest) -> None:
    page.run()
    assert says(page, "Paste the links of your videos above and press Look")
    assert [tab.label for tab in page.tabs] == ["YouTube links", "Files"]


def test_every_line_has_a_card_before_anybody_is_asked(page: AppTest, site: Site) -> None:
    paste(page, link(ONE), "", "https://www.youtube.com/playlist?list=PL1", "https://vimeo.com/1")
    shown = html(page)
    assert "Not looked at yet." in shown
    assert "This is the link of a playlist; paste the link of one video." in shown
    assert "This address of another kind is not taken; nothing was requested." in shown
    assert says(page, "3 links: 1 not looked at yet, 2 not possible")
    assert site.asked == []


def test_a_video_that_stands_twice_is_taken_once(page: AppTest, studio: Studio) -> None:
    paste(page, link(ONE), f"https://youtu.be/{ONE}")
    assert "This video stands further up already" in html(page)
    press(page, "link-remove-line-1")
    assert pasted(page) == [link(ONE)]


def test_a_refused_line_is_removed_alone(page: AppTest) -> None:
    paste(page, "nonsense", "https://vimeo.com/1", link(ONE))
    press(page, "link-remove-line-1")
    assert pasted(page) == ["nonsense", link(ONE)]


def test_what_is_pasted_shows_as_typed(page: AppTest) -> None:
    paste(page, "<img src=x onerror=alert(1)> *no*")
    assert "&lt;img src=x onerror=alert(1)&gt; *no*" in html(page)
    assert "<img src=x" not in html(page)


def test_more_lines_than_are_taken_at_once_are_counted(page: AppTest) -> None:
    paste(page, *(f"https://youtu.be/{number:011}" for number in range(53)))
    assert page.warning[0].value == "The first 50 links are shown; 3 more have to wait."


def test_links_stay_while_another_page_is_open(page: AppTest) -> None:
    paste(page, link(ONE), "nonsense")
    page.switch_page(str(PAGES / "library.py")).run()
    page.switch_page(str(PAGES / "add.py")).run()
    assert pasted(page) == [link(ONE), "nonsense"]


def test_links_come_back_with_the_address_of_the_page(page: AppTest, site: Site) -> None:
    page.query_params["links"] = f"{link(ONE)}\nnonsense"
    page.run()
    assert pasted(page) == [link(ONE), "nonsense"]
    assert site.asked == []


def test_a_line_is_removed_however_the_text_changed_meanwhile(page: AppTest) -> None:
    paste(page, "nonsense", link(ONE), link(TWO))
    page.text_area(key="links").set_value(f"{link(OTHER)}\nnonsense\n{link(ONE)}\n{link(TWO)}")
    press(page, f"link-remove-{ONE}")
    assert pasted(page) == [link(OTHER), "nonsense", link(TWO)]
    press(page, "links-clear")
    assert pasted(page) == []


# While the site is asked


def test_to_look_asks_about_every_link_and_imports_nothing(
    page: AppTest, studio: Studio, site: Site
) -> None:
    look(page, studio, ONE, TWO)
    assert sorted(site.asked) == [ONE, TWO]
    assert videos(studio) == []
    press(page, "links-look-button")
    assert len(site.asked) == 2


def test_what_is_asked_can_be_cancelled(page: AppTest, studio: Studio, site: Site) -> None:
    site.gate.clear()
    paste(page, link(ONE), link(TWO))
    press(page, "links-look-button")
    assert html(page).count("Asking YouTube what this is…") == 2
    press(page, f"link-stop-{ONE}")
    assert html(page).count("Asking YouTube what this is…") == 1
    assert "Not looked at yet." in html(page)
    press(page, f"link-stop-{TWO}")
    wait_until(lambda: not studio.links.is_asking(), "an end")
    assert "Asking YouTube" not in html(page)


def test_all_that_is_asked_can_be_cancelled_at_once(page: AppTest, site: Site) -> None:
    site.gate.clear()
    paste(page, link(ONE), link(TWO))
    press(page, "links-look-button")
    press(page, "links-stop")
    assert html(page).count("Not looked at yet.") == 2


# What the site says


def test_a_card_tells_what_the_video_is(page: AppTest, studio: Studio) -> None:
    look(page, studio, ONE)
    shown = html(page)
    for text in ("How a bridge is built", "Anna builds", "12:34", "up to 1080p"):
        assert f">{text}<" in shown
    assert ">captions: English, automatic<" in shown
    assert ">about 182.0 MB (" in shown
    assert " free)<" in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"captions": ()}, "no captions: cuts go by pauses"),
        ({"captions": (CaptionTrack("pt-BR", False, ""),)}, "captions: Portuguese (BR)"),
        ({"captions": (CaptionTrack("tlh", False, ""),)}, "captions: tlh"),
        ({"width": 1080, "height": 1920}, "up to 1080p"),
        ({"width": 0, "height": 0}, "height not known"),
        ({"byte_size": None}, "size not known ("),
        ({"notes": ("Only 360 lines are on offer",)}, "Only 360 lines are on offer."),
        ({"byte_size": 10**18}, "There is not enough room: up to 2000000000.1 GB are needed"),
    ],
)
def test_a_card_tells_what_to_expect(
    page: AppTest, studio: Studio, site: Site, changes: dict[str, Any], told: str
) -> None:
    site.answers[ONE] = replace(PROBE, **changes)
    look(page, studio, ONE)
    assert told in html(page)


def test_titles_and_channels_show_as_typed(page: AppTest, studio: Studio, site: Site) -> None:
    site.answers[ONE] = replace(PROBE, title=f"{HOSTILE}\n\n# big", channel=HOSTILE)
    look(page, studio, ONE)
    typed = "*x* &lt;b&gt;y&lt;/b&gt; [z](http://t.example) :smile: &amp;amp; -- `c`"
    assert f'<p class="title">{typed} # big</p>' in html(page)
    assert f'<p class="by">{typed}</p>' in html(page)
    label = page.checkbox(key=f"link-rights-{ONE}").label
    assert r"\*x\* \<b\>y\</b\> \[z\]\(http\://t\.example\) \:smile\: \&amp;" in label
    confirm(page, ONE)
    assert f"<b>{typed}</b>" in html(page)
    press(page, f"link-take-{ONE}")
    assert videos_linked(page)[0].startswith(r"\*x\* \<b\>y\</b\>")


def test_a_broken_picture_costs_no_card(page: AppTest, studio: Studio) -> None:
    look(page, studio, ONE)
    assert not page.exception
    assert "How a bridge is built" in html(page)


# Troubles


@pytest.mark.parametrize(
    ("error", "may_pass"),
    [(GONE, False), (LATER, True), (ROBOT, True), (BROKEN, True), (LONG, False)],
)
def test_a_trouble_says_what_to_do_and_offers_the_file(
    page: AppTest, studio: Studio, site: Site, error: GravixError, *, may_pass: bool
) -> None:
    site.answers[ONE] = error
    look(page, studio, ONE)
    sentence = f"{str(error)[:1].upper()}{str(error)[1:]}".rstrip(".")
    assert f"{sentence}.<" in html(page)
    assert f"<b>What to do:</b> {error.hint}" in html(page)
    shown = buttons(page)
    assert (f"link-retry-{ONE}" in shown) is may_pass
    assert shown[f"link-file-{ONE}"] == INSTEAD


def test_a_trouble_that_passes_says_when(page: AppTest, studio: Studio, site: Site) -> None:
    site.answers[ONE] = LATER
    look(page, studio, ONE)
    (item,) = studio.links.read(link(ONE))
    assert item.again_at is not None
    assert timedelta(minutes=59) < item.again_at - datetime.now(UTC) <= timedelta(hours=1)
    assert f"Look again from {moment(item.again_at, UTC)} on." in html(page)


def test_settings_are_linked_where_they_help(page: AppTest, studio: Studio, site: Site) -> None:
    site.answers |= {ONE: GONE, TWO: ROBOT}
    look(page, studio, ONE, TWO)
    assert [one.proto.page for one in page.page_link if one.proto.page == "settings"] == [
        "settings"
    ]


def test_to_look_again_asks_again(page: AppTest, studio: Studio, site: Site) -> None:
    site.answers[ONE] = BROKEN
    look(page, studio, ONE)
    site.answers[ONE] = PROBE
    press(page, f"link-retry-{ONE}")
    answered(page, studio)
    assert site.asked == [ONE, ONE]
    assert f"link-take-{ONE}" in buttons(page)


@pytest.mark.parametrize("line", ["https://vimeo.com/1", link(ONE)])
def test_every_failure_leads_to_the_files(
    page: AppTest, studio: Studio, site: Site, line: str
) -> None:
    site.answers[ONE] = GONE
    paste(page, line)
    press(page, "links-look-button")
    answered(page, studio)
    (key,) = (key for key, label in buttons(page).items() if label == INSTEAD)
    press(page, key)
    assert page.session_state[FROM] == FILES
    assert key not in buttons(page)


def test_nothing_unforeseen_shows_what_is_inside(page: AppTest, studio: Studio, site: Site) -> None:
    site.answers[ONE] = RuntimeError("/srv/gravix/cookies.txt has SID=secret")
    look(page, studio, ONE)
    shown = html(page) + text_of(page)
    assert "What to do:" in shown
    assert not any(text in shown for text in ("/srv", "secret", "Traceback"))
