"""Autosave in a real browser: what is typed reaches Python without leaving the field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from tests.browser.browsers import chromium, clean_page
from tests.browser.parts_server import parts_dashboard
from tests.web.servers import Server, wait_until

pytestmark = pytest.mark.slow

SENTENCE = "Typed on and on while the page is drawn again, with no letter lost, " * 3


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("autosave")
    with parts_dashboard(folder, film=folder / "none.mp4") as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with clean_page(browser, server, path="edit") as page:
        parts = page.locator("[data-testid=stElementContainer][style*=absolute]")
        expect(parts).to_have_count(4)  # their scripts run
        yield page


def area(page: Page, name: str) -> Locator:
    return page.get_by_label(f"{name} area")


def saved(page: Page, key: str, count: int, text: str) -> None:
    """Wait until Python has the text, and has been told that often."""
    expect(page.get_by_text(f"{key} ")).to_have_text(f"{key} {count}: {text!r}")


def has_said(server: Server, told: str) -> bool:
    return told in server.said()


def caret(field: Locator) -> int:
    return int(field.evaluate("field => field.selectionStart"))


@pytest.mark.parametrize("name", ["full", "part"])
@pytest.mark.parametrize("kind", ["area", "line"])
def test_text_is_saved_while_the_caret_stays_in_its_middle(
    page: Page, name: str, kind: str
) -> None:
    field, key = page.get_by_label(f"{name} {kind}"), f"{name}_{kind}"
    field.click()
    page.keyboard.type("Hello world")
    saved(page, key, 1, "Hello world")
    for _ in "world":
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("my ")
    saved(page, key, 2, "Hello my world")
    expect(field).to_be_focused()
    assert caret(field) == len("Hello my ")


@pytest.mark.parametrize("name", ["full", "part"])
def test_typing_through_the_reruns_loses_nothing(page: Page, name: str) -> None:
    field = area(page, name)
    field.click()
    for word in SENTENCE.split(" ")[:-1]:
        page.keyboard.type(f"{word} ", delay=15)
        if word.endswith(","):  # rest until it is saved, then type into the rerun
            expect(page.get_by_text(f"{name}_area ")).to_contain_text(f"{word} '")
    expect(field).to_have_value(SENTENCE)
    expect(page.get_by_text(f"{name}_area ")).to_contain_text(repr(SENTENCE))
    assert caret(field) == len(SENTENCE)


def test_nothing_is_saved_when_nothing_changed(page: Page) -> None:
    area(page, "full").click()
    page.keyboard.type("one")
    saved(page, "full_area", 1, "one")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowLeft")
    page.get_by_label("full line").click()
    page.keyboard.type("two")
    saved(page, "full_line", 1, "two")
    saved(page, "full_area", 1, "one")


def test_fields_elsewhere_are_left_alone(page: Page) -> None:
    page.clock.install()
    page.get_by_label("apart").click()
    page.keyboard.type("elsewhere")
    page.clock.fast_forward(1000)
    page.locator(".st-key-save button").dispatch_event("click")  # leaves the focus where it is
    expect(page.get_by_text("pressed ")).to_have_text("pressed 1")
    expect(page.get_by_text("apart False")).to_be_visible()


def test_shortcuts_work_after_a_save(page: Page) -> None:
    area(page, "full").press_sequentially("here")
    saved(page, "full_area", 1, "here")
    page.get_by_role("heading", name="Edit").click()
    page.keyboard.press("j")
    expect(page.get_by_text("pressed ")).to_have_text("pressed 1")


def test_field_that_was_drawn_anew_is_saved_too(page: Page) -> None:
    page.get_by_role("link", name="uploads").click()
    page.get_by_role("heading", name="Add").wait_for()
    page.get_by_role("link", name="edit").click()
    area(page, "part").click()
    page.keyboard.type("anew")
    expect(page.get_by_text("part_area ")).to_contain_text("'anew'")


def test_hidden_page_saves_at_once(page: Page) -> None:
    area(page, "slow").click()
    page.keyboard.type("unfinished")
    page.evaluate("""() => {
        Object.defineProperty(document, "visibilityState", { get: () => "hidden" })
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))
    }""")
    saved(page, "slow_area", 1, "unfinished")


def test_text_of_a_page_that_is_left_reaches_the_server(page: Page, server: Server) -> None:
    """Streamlit ends the work of a browser that has gone; on a busy machine it may do so before
    the text that was sent last has had its turn, so this is tried more than once.
    """
    for words in ("last words", "last words of all", "the very last words"):
        area(page, "slow").click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(words)
        page.goto(f"{server.url}/edit")
        expect(area(page, "slow")).to_be_visible()
        with suppress(AssertionError):
            told = f"saved slow_area: {words}"
            wait_until(partial(has_said, server, told), "it is there", within=5)
            return
    raise AssertionError("the server never had it")


def test_who_leaves_before_a_text_is_known_is_asked_and_the_text_is_saved(page: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    area(page, "slow").click()
    page.keyboard.type("half a th")
    page.evaluate("setTimeout(() => location.reload())")
    saved(page, "slow_area", 1, "half a th")
    assert asked == ["beforeunload"]
    page.reload()
    expect(area(page, "slow")).to_have_value("")
    assert asked == ["beforeunload"]


def test_link_leads_on_though_nobody_says_that_the_text_is_known(page: Page) -> None:
    area(page, "stuck").click()
    page.keyboard.type("never heard of")
    page.get_by_role("link", name="uploads").click()
    page.get_by_role("heading", name="Add").wait_for()


def test_composed_letters_are_saved_once_they_are_whole(page: Page) -> None:
    page.clock.install()
    area(page, "full").click()
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    expect(area(page, "full")).to_have_value("に")
    page.clock.fast_forward(1000)
    saved(page, "full_area", 0, "")
    client.send("Input.insertText", {"text": "日本"})
    saved(page, "full_area", 1, "日本")
