"""The player in a real browser: a film with its chunks and lines, while Python changes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.browsers import WIDTHS, chromium, clean_page, fits
from tests.browser.parts_server import parts_dashboard
from tests.conftest import Film
from tests.web.servers import Server, wait_until

pytestmark = pytest.mark.slow

LENGTH = 12
FORBIDDEN = "status of 403"
LONGEST_TASK = """async () => {
    let longest = 0
    const note = (list) => list.getEntries().forEach((task) =>
        (longest = Math.max(longest, task.duration)))
    new PerformanceObserver(note).observe({ type: "longtask" })
    const first = () => document.querySelector("[data-testid=stBidiComponentIsolated]")
        .shadowRoot.querySelector(".bar button").dataset.state
    const before = first()
    document.querySelector(".st-key-change button").click()
    while (first() === before) await new Promise(requestAnimationFrame)
    await new Promise((done) => setTimeout(done))
    return longest
}"""
"""From the press of "Change a state" until the strip shows it."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, film: Film) -> Iterator[Server]:
    with parts_dashboard(tmp_path_factory.mktemp("player"), film=film(seconds=LENGTH)) as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with opened(browser, server) as page:
        yield page


def opened(
    browser: Browser,
    server: Server,
    device: str = "desktop",
    scheme: str = "light",
    *,
    query: str = "",
) -> AbstractContextManager[Page]:
    return clean_page(
        browser, server, device, scheme, path="watch", query=query, harmless=[FORBIDDEN]
    )


def video(page: Page) -> Locator:
    return page.locator("video")


def time(page: Page) -> float:
    return float(video(page).evaluate("video => video.currentTime"))


def reaches(page: Page, goal: float) -> bool:
    return time(page) >= goal


def paused(page: Page) -> bool:
    return bool(video(page).evaluate("video => video.paused"))


def chunk(page: Page, number: int) -> Locator:
    return page.get_by_role("button", name=f"Chunk {number}, ")


def line(page: Page, number: int) -> Locator:
    return page.locator(".lines button").nth(number)


def test_chunk_plays_from_its_start_on_into_the_next(page: Page) -> None:
    chunk(page, 2).click()
    wait_until(lambda: time(page) > 2.2, "the film plays")
    assert time(page) < 4
    expect(chunk(page, 2)).to_have_attribute("aria-current", "true")
    wait_until(lambda: time(page) > 4.1, "it plays on")
    expect(chunk(page, 3)).to_have_attribute("aria-current", "true")


def test_single_chunk_stops_at_its_end_when_asked_to(page: Page) -> None:
    page.get_by_role("button", name="Stop after the chunk").click()
    chunk(page, 3).click()
    wait_until(lambda: time(page) > 4.1, "the film plays")
    wait_until(lambda: paused(page), "it stops")
    assert time(page) == pytest.approx(6, abs=0.1)


def test_order_of_python_plays_exactly_the_stretch_and_only_once(page: Page) -> None:
    page.get_by_role("button", name="Play chunk 2").click()
    wait_until(lambda: time(page) > 2, "the film plays")
    wait_until(lambda: paused(page), "it stops")
    assert time(page) == pytest.approx(4, abs=0.1)
    page.get_by_role("button", name="Change a state").click()
    expect(page.get_by_text("shift 1")).to_be_visible()
    page.get_by_role("link", name="edit").click()
    expect(video(page)).to_have_count(0)
    page.get_by_role("link", name="watch").click()
    expect(chunk(page, 1)).to_be_visible()
    assert (paused(page), time(page)) == (True, 0)


def test_playing_film_goes_on_while_states_change(page: Page) -> None:
    chunk(page, 1).click()
    wait_until(lambda: time(page) > 0.3, "the film plays")
    video(page).evaluate(
        "video => { video.sameAsBefore = true; video.stops = 0; "
        "for (const name of ['pause', 'seeking', 'waiting', 'emptied']) "
        "video.addEventListener(name, () => video.stops++) }"
    )
    for shift in (1, 2, 3):
        page.get_by_role("button", name="Change a state").click()
        expect(page.get_by_text(f"shift {shift}")).to_be_visible()
        expect(page.get_by_role("button", name="Chunk 1, 00:00 to 00:02")).to_have_attribute(
            "data-state", ["", "to_review", "at_work", "waiting"][shift]
        )
    assert video(page).evaluate("video => video.sameAsBefore && video.stops") == 0
    assert not paused(page)


def test_strip_names_every_chunk_with_times_and_state(page: Page) -> None:
    expect(page.get_by_role("button", name="Chunk 3, 00:04 to 00:06, at work")).to_be_visible()
    chunk(page, 2).hover()
    expect(page.locator(".tip")).to_have_text("Chunk 2, 00:02 to 00:04, to review")
    expect(page.get_by_label("States of the chunks").get_by_role("listitem")).to_have_count(6)


def test_strip_is_led_by_arrow_keys(page: Page) -> None:
    chunk(page, 1).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(chunk(page, 2)).to_be_focused()
    page.keyboard.press("End")
    expect(chunk(page, 6)).to_be_focused()
    page.keyboard.press("Enter")
    wait_until(lambda: time(page) > 10, "it plays the last chunk")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Stop after the chunk")).to_be_focused()


def test_focus_stays_on_a_chunk_whose_state_changes(page: Page) -> None:
    chunk(page, 4).focus()
    page.locator(".st-key-change button").dispatch_event("click")
    expect(page.get_by_text("shift 1")).to_be_visible()
    expect(chunk(page, 4)).to_be_focused()


def test_line_is_heard_on_click_or_enter_and_shown_as_text(page: Page) -> None:
    expect(line(page, 2)).to_contain_text("00:04<b>2</b> what is said")
    line(page, 2).click()
    wait_until(lambda: time(page) > 4, "it plays the line")
    expect(line(page, 2)).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_until(lambda: time(page) > 8, "it plays the line")


def test_current_line_is_kept_in_view_in_its_own_box_only(browser: Browser, server: Server) -> None:
    with opened(browser, server, "phone", query="?lines=60") as page:
        chunk(page, 4).click()
        main, box = page.get_by_test_id("stMain"), page.locator(".lines")
        main.evaluate("main => main.scrollTo(0, 0)")
        box.evaluate("box => box.scrollTo(0, 0)")
        wait_until(lambda: box.evaluate("box => box.scrollTop") > 1000, "the line is in view")
        assert main.evaluate("main => main.scrollTop") == 0
        box.evaluate("box => { box.dispatchEvent(new WheelEvent('wheel')); box.scrollTo(0, 0) }")
        then = time(page)
        wait_until(lambda: time(page) > then + 1, "further lines are said")
        assert box.evaluate("box => box.scrollTop") == 0


def test_two_thousand_lines_and_five_hundred_chunks_stay_quick(
    browser: Browser, server: Server
) -> None:
    with opened(browser, server, query="?lines=2000&chunks=500&length=4000") as page:
        expect(line(page, 1999)).to_be_attached()
        page.locator(".bar button").first.click()
        wait_until(lambda: time(page) > 0.2, "the film plays")
        assert page.evaluate(LONGEST_TASK) < 500  # milliseconds; 15 to 75 on two busy cores
        assert not paused(page)


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_each_of_many_chunks_can_be_hit(browser: Browser, server: Server, device: str) -> None:
    with opened(browser, server, device, query="?chunks=500") as page:
        for number in (1, 250, 499, 500):
            box = chunk(page, number).bounding_box()
            assert box is not None
            assert box["width"] >= 3
            assert box["x"] + box["width"] <= WIDTHS[device][0]
            chunk(page, number).click()
            wait_until(partial(reaches, page, (number - 1) * LENGTH / 500), "it plays there")
        assert fits(page)


def test_without_a_playable_file_a_sentence_is_shown(browser: Browser, server: Server) -> None:
    with opened(browser, server, query="?src=none") as page:
        expect(page.get_by_text("A copy that your browser can play is being made.")).to_be_visible()
        expect(video(page)).to_have_count(0)
        chunk(page, 2).click()
        expect(page.locator(".lines [aria-current]")).to_have_count(0)


def test_address_that_ran_out_is_replaced_when_a_new_one_comes(
    browser: Browser, server: Server
) -> None:
    with opened(browser, server, query="?src=stale") as page:
        expect(page.get_by_text("Your browser cannot play this video.")).to_be_visible()
        page.get_by_role("button", name="Renew the address").click()
        wait_until(lambda: video(page).evaluate("video => video.readyState") > 0, "it loads")
        expect(page.get_by_text("Your browser cannot play this video.")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_player_fits_every_screen(
    browser: Browser, server: Server, tmp_path: Path, device: str, scheme: str
) -> None:
    with opened(browser, server, device, scheme, query="?chunks=90") as page:
        chunk(page, 20).click()
        assert fits(page)
        page.screenshot(path=tmp_path / f"player-{device}-{scheme}.png")
