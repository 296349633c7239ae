"""Review in a real browser: typing that is kept, two tabs, playing on, keys, widths and themes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gravix_core.model import ReviewStatus
from gravix_core.store.store import Store
from tests.browser.browsers import chromium, clean_page, fits
from tests.cli.command import House
from tests.conftest import Film
from tests.pages.houses import open_store
from tests.web.servers import ROOT, Server, dashboard, wait_until

pytestmark = pytest.mark.slow

LENGTH = 24
CAPTION = "As it was."
WORDS = ("one", "two", "three", "four", "five")
TYPED_AT_ONCE = """new MutationObserver((_, observer) => {
  const field = document.querySelector(".st-key-title-1 input")
  if (!field?.value) return
  observer.disconnect()
  field.focus()
  document.execCommand("insertText", false, " Quick")
}).observe(document, { childList: true, subtree: true, attributes: true })"""
"""Types as soon as there is a field, before what listens to it is there."""

IN_BUNDLES = """
const send = WebSocket.prototype.send
let bundle
WebSocket.prototype.send = function (data) {
  if (!bundle) {
    const mine = bundle = []
    setTimeout(() => { bundle = undefined; mine.forEach((one) => one()) }, 400)
  }
  bundle.push(() => send.call(this, data))
}"""
"""What the browser says reaches the server together, as over a bad line."""

MARKED = "video => { video.dataset.seen = 'yes'; return video.play() }"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, film: Film) -> Path:
    """Three real reels of eight seconds."""
    data = tmp_path_factory.mktemp("review") / "data"
    made = House(data, ROOT).run("process", film(seconds=LENGTH), env={"CHUNK_DURATION": "8"})
    assert made.code == 0, made.err
    return data


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    with dashboard(data) as server:
        yield server


@pytest.fixture
def store(data: Path, server: Server) -> Iterator[Store]:
    """All reels to review, with the same words."""
    store = open_store(data)
    with store.begin() as tx:
        for reel in tx.reels.of_video(1):
            edited = reel.text_version
            tx.reels.save_words(
                reel.id, edited=edited, title="Bars", caption=CAPTION, hashtags=["#bars"]
            )
            version = tx.reels.get(reel.id).version
            tx.reels.decide(reel.id, ReviewStatus.TO_REVIEW, seen=version)
    yield store
    store.close()


@pytest.fixture
def page(browser: Browser, server: Server, store: Store) -> Iterator[Page]:
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
    return clean_page(browser, server, device, scheme, path="review", query=query)


@contextmanager
def another_tab(page: Page) -> Iterator[Page]:
    tab = page.context.new_page()
    tab.goto(page.url)
    yield tab
    tab.close()


def caption(page: Page, reel: int) -> Locator:
    return page.locator(f".st-key-caption-{reel} textarea")


def card(page: Page, reel: int) -> Locator:
    return page.locator(f".st-key-reel-{reel}")


def button(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} button").first


def video(page: Page, reel: int) -> Locator:
    return card(page, reel).locator("video")


def alone(page: Page, reel: int) -> None:
    """Wait until this reel, and no other, is large on the page."""
    expect(page.locator(".st-key-reel-steps")).to_contain_text(f"{reel} of 3")
    expect(button(page, f"approve-{reel}")).to_be_visible()
    expect(page.locator("[class*=st-key-approve-]")).to_have_count(1)


def at(video: Locator) -> float:
    return float(video.evaluate("video => video.currentTime"))


def plays_on(video: Locator) -> None:
    """The very same element, and further than a moment ago."""
    before = at(video)
    wait_until(lambda: at(video) > before, "the video plays on", within=5)
    assert video.evaluate("video => [video.dataset.seen, video.paused]") == ["yes", False]


def saved(store: Store, reel: int) -> str:
    with store.read() as tx:
        text = tx.reels.get(reel).text
    assert text is not None
    return text.caption


def is_saved(store: Store, reel: int, word: str) -> bool:
    return word in saved(store, reel)


def state(store: Store, reel: int) -> ReviewStatus:
    with store.read() as tx:
        return tx.reels.get(reel).review_status


def becomes(store: Store, reel: int, status: ReviewStatus) -> None:
    wait_until(lambda: state(store, reel) is status, f"reel {reel} is {status}", within=10)


def test_typing_is_kept_without_leaving_the_field(page: Page, store: Store) -> None:
    caption(page, 1).press("Control+End")
    page.keyboard.type(" And mine.")
    expect(card(page, 1).get_by_text("Saved")).to_be_visible()
    expect(caption(page, 1)).to_be_focused()
    assert saved(store, 1) == f"{CAPTION} And mine."
    page.reload()
    expect(caption(page, 1)).to_have_value(f"{CAPTION} And mine.")


def test_what_is_typed_while_the_page_still_loads_is_saved(page: Page, store: Store) -> None:
    page.add_init_script(TYPED_AT_ONCE)
    page.reload()
    expect(card(page, 1).get_by_text("Saved")).to_be_visible()
    with store.read() as tx:
        text = tx.reels.get(1).text
    assert text is not None
    assert sorted(text.title.split()) == ["Bars", "Quick"]


def test_typing_on_through_saves_loses_nothing_and_disagrees_with_nobody(
    page: Page, store: Store
) -> None:
    caption(page, 1).press("Control+End")
    for word in WORDS:
        page.keyboard.type(f" {word}", delay=40)
        wait_until(partial(is_saved, store, 1, word), word)
        page.keyboard.type(f" after {word}", delay=40)
    page.locator(".st-key-title-1 input").fill("Another title")
    button(page, "approve-1").click()
    becomes(store, 1, ReviewStatus.APPROVED)
    expect(button(page, "keep-mine-1")).to_have_count(0)
    whole = "".join(f" {word} after {word}" for word in WORDS)
    expect(caption(page, 1)).to_have_value(CAPTION + whole)
    assert saved(store, 1) == CAPTION + whole


def test_text_is_kept_when_the_page_is_left_in_mid_word(page: Page, store: Store) -> None:
    caption(page, 1).press("Control+End")
    page.keyboard.type(" Unfini")
    page.get_by_role("link", name="Library", exact=True).click()
    wait_until(lambda: saved(store, 1) == f"{CAPTION} Unfini", "the text is saved", within=10)


@pytest.mark.parametrize("link", ["Library", "Edit picture"])
def test_text_is_kept_when_it_reaches_the_server_together_with_the_next_page(
    page: Page, store: Store, link: str
) -> None:
    page.add_init_script(IN_BUNDLES)
    page.reload()
    caption(page, 1).press("Control+End")
    page.keyboard.type(" Unfini")
    page.get_by_role("link", name=link, exact=True).first.click()
    expect(page.get_by_role("heading", name="Review", exact=True)).to_have_count(0)
    assert saved(store, 1) == f"{CAPTION} Unfini"


def test_two_tabs_that_disagree_show_both_texts(page: Page, store: Store) -> None:
    with another_tab(page) as other:
        caption(other, 1).fill("Theirs.")
        expect(card(other, 1).get_by_text("Saved")).to_be_visible()
        caption(page, 1).press("Control+End")
        page.keyboard.type(" Mine")
        expect(card(page, 1).get_by_text("Changed elsewhere")).to_be_visible()
        expect(caption(page, 1)).to_be_focused()
        page.keyboard.type(", and more.")
        expect(caption(page, 1)).to_have_value(f"{CAPTION} Mine, and more.")
        expect(card(page, 1).locator(".gravix-other")).to_contain_text("Theirs.")
        button(page, "keep-mine-1").click()
        expect(card(page, 1).get_by_text("Changed elsewhere")).to_have_count(0)
        wait_until(lambda: saved(store, 1).endswith("Mine, and more."), "mine is saved")


def test_video_plays_on_while_cards_change(page: Page, store: Store) -> None:
    video(page, 1).evaluate(MARKED)
    caption(page, 2).press("Control+End")
    page.keyboard.type(" Changed.")
    expect(card(page, 2).get_by_text("Saved")).to_be_visible()
    plays_on(video(page, 1))
    button(page, "approve-1").click()
    expect(card(page, 1).get_by_text("Approved")).to_be_visible()
    plays_on(video(page, 1))


def test_verdict_leaves_the_card_where_it_is_until_a_reload(page: Page, store: Store) -> None:
    button(page, "approve-2").click()
    expect(card(page, 2).get_by_text("Approved")).to_be_visible()
    expect(page.locator(".st-key-reel-choices")).to_contain_text("Approved (1)")
    button(page, "undo-2").click()
    becomes(store, 2, ReviewStatus.TO_REVIEW)
    button(page, "reject-2").click()
    becomes(store, 2, ReviewStatus.REJECTED)
    page.reload()
    expect(button(page, "approve-1")).to_be_visible()
    expect(card(page, 2)).to_have_count(0)


def test_double_click_on_approve_is_one_verdict(page: Page, store: Store) -> None:
    button(page, "approve-1").dblclick()
    expect(card(page, 1).get_by_text("Approved")).to_be_visible()
    button(page, "undo-1").click()
    becomes(store, 1, ReviewStatus.TO_REVIEW)


def test_keys_run_one_reel_after_the_other(page: Page, store: Store) -> None:
    button(page, "focus-1").click()
    alone(page, 1)
    for key, reel in (("j", 2), ("k", 1), ("a", 2), ("x", 3), ("z", 2), ("z", 1)):
        page.keyboard.press(key)
        alone(page, reel)
    assert [state(store, reel) for reel in (1, 2, 3)] == [ReviewStatus.TO_REVIEW] * 3


def test_keys_that_are_pressed_too_fast_judge_nothing_that_was_not_shown(
    page: Page, store: Store
) -> None:
    button(page, "focus-1").click()
    alone(page, 1)
    page.keyboard.type("aaa")
    alone(page, 2)
    expect(page.locator(".st-key-reel-large").get_by_text("To review")).to_be_visible()
    becomes(store, 1, ReviewStatus.APPROVED)
    assert state(store, 3) is ReviewStatus.TO_REVIEW


def test_key_puts_an_approved_reel_into_the_folder(page: Page, data: Path) -> None:
    button(page, "approve-3").click()
    button(page, "focus-3").click()
    alone(page, 3)
    expect(button(page, "folder-3")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_text("It is in the folder.")).to_be_visible()
    assert list((data / "folder").glob("*.mp4"))


def test_keys_write_while_a_field_is_in_use_and_ctrl_enter_saves(page: Page, store: Store) -> None:
    button(page, "focus-1").click()
    alone(page, 1)
    caption(page, 1).press("Control+End")
    page.keyboard.type("axjkzf")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Saved")).to_be_visible()
    alone(page, 1)
    assert saved(store, 1) == f"{CAPTION}axjkzf"
    assert state(store, 1) is ReviewStatus.TO_REVIEW


def test_escape_leads_from_a_field_back_to_the_keys(page: Page, store: Store) -> None:
    button(page, "focus-1").click()
    alone(page, 1)
    caption(page, 1).press("Control+End")
    page.keyboard.type(" Done.")
    page.keyboard.press("Escape")
    expect(caption(page, 1)).not_to_be_focused()
    page.keyboard.press("a")
    alone(page, 2)
    assert saved(store, 1) == f"{CAPTION} Done."
    assert state(store, 1) is ReviewStatus.APPROVED


def test_verdict_by_key_starts_the_next_reel(page: Page, store: Store) -> None:
    button(page, "focus-1").click()
    alone(page, 1)
    page.keyboard.press("a")
    alone(page, 2)
    wait_until(lambda: at(page.locator("video")) > 0.2, "the next reel plays", within=10)


def test_step_back_in_the_browser_leads_through_the_reels(page: Page, store: Store) -> None:
    button(page, "focus-2").click()
    alone(page, 2)
    page.keyboard.press("j")
    alone(page, 3)
    page.go_back()
    alone(page, 2)
    page.go_back()
    expect(button(page, "focus-1")).to_be_visible()


def test_link_to_one_reel_works_when_it_is_opened_first(
    browser: Browser, server: Server, store: Store
) -> None:
    with opened(browser, server, query="?reel=2") as page:
        alone(page, 2)
        expect(page.get_by_role("link", name="Home")).to_be_visible()


def test_link_to_no_reel_is_a_sentence_and_a_way_back(
    browser: Browser, server: Server, store: Store
) -> None:
    with opened(browser, server, query="?reel=77") as page:
        expect(page.get_by_text("This reel is not here")).to_be_visible()
        button(page, "to-list").click()
        expect(button(page, "approve-1")).to_be_visible()


@pytest.mark.parametrize("query", ["", "?reel=1"])
@pytest.mark.parametrize(
    "look",
    [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")],
    ids="-".join,
)
def test_page_fits(
    browser: Browser, server: Server, store: Store, look: tuple[str, str], query: str
) -> None:
    with opened(browser, server, *look, query=query) as page:
        expect(button(page, "approve-1")).to_be_visible()
        expect(page.locator("video").first).to_be_visible()
        assert fits(page)
