"""Texts by Gemini in a real browser, before the stand-in of Google."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import PATIENCE, WIDTHS, chromium, fits
from tests.cli.command import House
from tests.conftest import Film
from tests.pages.houses import open_store
from tests.simulators.gemini import GeminiSimulator, Mode
from tests.simulators.instagram_clock import Clock
from tests.web.servers import ROOT, Server, dashboard

pytestmark = pytest.mark.slow

OWN = "Bars that move"
SAID = """1
00:00:00,000 --> 00:00:08,000
{words}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def google() -> Iterator[GeminiSimulator]:
    with GeminiSimulator(clock=Clock(datetime.now(UTC), follows=True)) as google:
        yield google


@pytest.fixture
def data(tmp_path: Path, film: Film) -> Path:
    """One real reel of eight seconds, with a text by basic."""
    data, source = tmp_path / "data", film(seconds=8, name="bars.mp4")
    source.with_suffix(".srt").write_text(
        SAID.format(words="Why do coloured bars move? Because the test picture counts frames."),
        encoding="utf-8",
    )
    made = House(data, ROOT).run("process", source, env={"CHUNK_DURATION": "8"})
    assert made.code == 0, made.err
    return data


@pytest.fixture
def server(google: GeminiSimulator, data: Path) -> Iterator[Server]:
    more = {"GEMINI_API_KEY": google.key, "GOOGLE_GEMINI_BASE_URL": google.address}
    with dashboard(data, **more) as started:
        yield started


@contextmanager
def opened(
    browser: Browser, server: Server, path: str, *, secret: str, device: str = "desktop"
) -> Iterator[Page]:
    """A page; ends with a look for the key, and whether it fits."""
    width, height = WIDTHS[device]
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{server.url}/{path}")
    try:
        yield page
        assert secret not in page.content()
        assert fits(page)
    finally:
        context.close()
    assert secret not in server.said()


def agree(page: Page) -> None:
    expect(page.get_by_text("May Gravix send this to Google?")).to_be_visible()
    page.get_by_role("button", name="Use Gemini").click()
    expect(page.get_by_text("On.", exact=True)).to_be_visible()


def write_with_gemini(page: Page) -> None:
    page.get_by_role("button", name="Write them with Gemini").click()


@pytest.mark.parametrize("device", WIDTHS)
def test_from_the_consent_to_another_text_and_back(
    browser: Browser, server: Server, google: GeminiSimulator, device: str
) -> None:
    with opened(browser, server, "review", secret=google.key, device=device) as page:
        title = page.get_by_label("Title")
        expect(page.get_by_text("Written by Gravix")).to_be_visible()
        expect(title).not_to_have_value("")  # it is filled after it is drawn
        own = title.input_value()
        write_with_gemini(page)  # leads to Texts, as nobody has agreed
        agree(page)
        assert google.counts().admitted == 0
        write_with_gemini(page)
        expect(page.get_by_role("button", name="Write them with Gemini")).to_have_count(0)
        google.wait_until(lambda: google.generated, "Gemini is asked")
        page.goto(f"{server.url}/review")
        expect(page.get_by_text("Written by Gemini")).to_be_visible()
        expect(title).not_to_have_value(own)
        first = title.input_value()

        page.get_by_role("button", name="Write anew").click()
        page.get_by_placeholder("shorter, ask a question").fill("shorter, and quieter")
        page.get_by_role("dialog").get_by_role("button", name="Write").click()
        take = page.get_by_role("button", name="Take this")
        expect(take.first).to_be_visible()
        assert "shorter, and quieter" in str(google.generated[-1].body)
        assert fits(page)
        take.last.click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(title).not_to_have_value(first)
        page.get_by_role("button", name="Undo the text").click()
        expect(title).to_have_value(first)

        page.get_by_role("button", name="History").click()
        page.get_by_role("button", name="Use this again").last.click()
        expect(title).to_have_value(own)
        expect(page.get_by_text("Written by Gravix")).to_be_visible()


def test_bad_key_is_one_sentence_and_reels_keep_their_texts(
    browser: Browser, server: Server, google: GeminiSimulator
) -> None:
    google.fail(Mode.KEY_INVALID)
    with opened(browser, server, "texts", secret=google.key) as page:
        agree(page)
        write_with_gemini(page)
        told = page.get_by_text("Google does not accept the API key.")
        google.wait_until(lambda: google.generated, "Gemini is asked")
        page.goto(f"{server.url}/review")
        expect(told).to_have_count(1)
        expect(page.get_by_text("Written by Gravix")).to_be_visible()
        page.get_by_role("button", name="Open Texts").click()
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        asked = len(google.generated)
        page.reload()
        expect(told.first).to_be_visible()
        assert len(google.generated) == asked


def test_words_that_are_being_typed_outlive_what_gemini_writes(
    browser: Browser, server: Server, google: GeminiSimulator, data: Path
) -> None:
    google.fail(Mode.HANG)
    with opened(browser, server, "texts", secret=google.key) as page:
        agree(page)
        write_with_gemini(page)
        google.wait_until(lambda: google.hanging, "Gemini is asked")
        page.goto(f"{server.url}/review")
        expect(page.get_by_text("Gemini is writing")).to_be_visible()
        page.get_by_label("Title").fill(OWN)
        expect(page.get_by_text("Saved")).to_be_visible()
        google.mend()
        google.release()
        expect(page.get_by_text("Gemini is writing")).to_have_count(0)
        expect(page.get_by_label("Title")).to_have_value(OWN)
    store = open_store(data)
    with store.read() as tx:
        text = tx.reels.of_video(1)[0].text
    store.close()
    assert text is not None
    assert (text.title, text.written_by) == (OWN, "operator")
