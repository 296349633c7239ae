"""Links on Add in a real browser, against a stand-in of YouTube: all the way, and every refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gravix_core.stages.source.faults import FAULTS, Kind
from tests.browser.browsers import ASKED_ON_DEEP_LINKS, chromium, clean_page, fits
from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_scenario import Endpoint, Scenario
from tests.simulators.youtube_table import REFUSALS
from tests.web.servers import Server, dashboard

pytestmark = pytest.mark.slow

SMALL = {"REEL_WIDTH": "270", "REEL_HEIGHT": "480"}
REELS_WITHIN = 120_000  # milliseconds
MB = 1_000_000
ID = "dQw4w9WgXcQ"
HOSTILE = "*x* <b>y</b> [z](http://t.example) :smile: &amp; `c`"
FILM = Scenario(ID, HOSTILE, duration=8, heights=(360,), vp9=False, size=8 * MB)
PACE = re.compile(r"([\d.]+) of [\d.]+ MB")
DRAWN_AGAIN = [f"/add{end}" for end in ASKED_ON_DEEP_LINKS]

CODES = {
    "copyright": "geo",  # it is blocked "in your country"
    "terminated": "removed",
    "premiere": "upcoming",
    "just_ended": "post_live",
    "swapped": "blocked",
}
"""Faults of the refusals that are not called like them."""
BY_STATUS = {429: "rate_limited", 403: "blocked", 500: "network"}
"""What is said when YouTube's own interface answers with this status."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def youtube(tmp_path: Path) -> Iterator[YouTubeSimulator]:
    """Nobody but YouTube is asked for anything."""
    with youtube_stand_in(tmp_path / "youtube") as simulator:
        yield simulator
        assert simulator.refused == ()


@pytest.fixture
def server(tmp_path: Path, youtube: YouTubeSimulator) -> Iterator[Server]:
    with dashboard(tmp_path / "data", **SMALL, **youtube.environment()) as started:
        yield started


def paste(page: Page, *youtube_ids: str) -> None:
    links = "\n".join(f"https://youtu.be/{youtube_id}?si=x" for youtube_id in youtube_ids)
    page.get_by_label("Links, one per line").fill(links)
    page.get_by_role("button", name="Look", exact=True).click()


def card(page: Page, youtube_id: str) -> Locator:
    return page.locator(f".st-key-link-{youtube_id}")


def is_shown(picture: Locator) -> bool:
    return bool(picture.evaluate("async image => (await image.decode(), image.naturalWidth > 0)"))


def downloaded(shown: Locator) -> str:
    """MB that have come, as the card says."""
    expect(shown).to_contain_text(PACE)
    found = PACE.search(shown.inner_text())
    return found[1] if found else ""


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_a_link_goes_in_and_comes_out_as_reels(
    browser: Browser, server: Server, youtube: YouTubeSimulator, device: str, scheme: str
) -> None:
    youtube.add(FILM)
    youtube.fail(Endpoint.MEDIA, drip=MB)
    with clean_page(browser, server, device, scheme, path="add", harmless=DRAWN_AGAIN) as page:
        paste(page, ID)
        look_at_the_card(page)
        page.reload()
        look_at_the_card(page)
        assert not youtube.asked(Endpoint.MEDIA) + youtube.asked(Endpoint.CAPTIONS)
        card(page, ID).get_by_role("checkbox").check(force=True)
        card(page, ID).get_by_role("button", name="Import").click()
        expect(page.get_by_text("1 video is being imported.")).to_be_visible()
        expect(page.get_by_label("Links, one per line")).to_have_value("")
        progress_moves(page)
        ends_on_the_reels(page)


def look_at_the_card(page: Page) -> None:
    shown = card(page, ID)
    for text in (HOSTILE, FILM.channel, "00:08", "up to 360p", "captions: English, automatic"):
        expect(shown).to_contain_text(text)
    expect(shown.get_by_role("button", name="Import")).to_be_disabled()
    assert is_shown(shown.locator("img"))
    assert fits(page)


def progress_moves(page: Page) -> None:
    shown = page.locator(".st-key-video-card-1")
    expect(shown).to_contain_text(HOSTILE)
    first = downloaded(shown)
    expect(shown).not_to_contain_text(f"{first} of ")
    expect(shown).to_contain_text("MB/s")


def ends_on_the_reels(page: Page) -> None:
    shown = page.locator(".st-key-video-card-1")
    expect(shown).to_contain_text("1 to review", timeout=REELS_WITHIN)
    shown.click()
    page.wait_for_url("**/video?id=1")
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    expect(page.get_by_text("1 to review").or_(page.get_by_text("To review")).first).to_be_visible()


def test_every_refusal_shows_its_sentence_and_the_way_round_it(
    browser: Browser, server: Server, youtube: YouTubeSimulator
) -> None:
    codes = refuse_all(youtube)
    with clean_page(browser, server, path="add", harmless=DRAWN_AGAIN) as page:
        paste(page, *codes)
        for youtube_id, code in codes.items():
            fault, shown = FAULTS[code], card(page, youtube_id)
            expect(shown).to_contain_text(fault.sentence.rstrip("."))
            expect(shown.get_by_role("button", name="Upload the file instead")).to_be_visible()
            again = shown.get_by_role("button", name="Look again")
            expect(again).to_have_count(int(fault.kind is not Kind.PERMANENT))
        assert not youtube.asked(Endpoint.MEDIA)
        for inside in ("Traceback", "ERROR:", "yt_dlp", str(Path.home()), "youtubei"):
            assert inside not in page.inner_text("body")
        page.get_by_role("button", name="Upload the file instead").last.click()
        expect(page.get_by_text("Drop videos here")).to_be_visible()


def refuse_all(youtube: YouTubeSimulator) -> dict[str, str]:
    """Put a video on the site for every way in which it refuses one; fault codes by id."""
    codes = {}
    for number, (name, refusal) in enumerate(REFUSALS.items()):
        if name != "was_live":
            scenario = youtube.add(refusal.of(f"refused-{number:03}"))
            codes[scenario.id] = CODES.get(name, name)
    for status, code in BY_STATUS.items():
        scenario = youtube.add(replace(FILM, id=f"status--{status}"))
        youtube.fail(Endpoint.PLAYER, status=status, video_id=scenario.id)
        codes[scenario.id] = code
    return codes
