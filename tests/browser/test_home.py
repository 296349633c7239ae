"""Home in a real browser: what is seen, what is asked for, and what a hostile page gets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gravix_core.store.store import Store
from tests.browser.browsers import chromium, clean_page, fits
from tests.web.servers import ROOT, Server, dashboard, free_port, healthy, house, stock

pytestmark = pytest.mark.slow

SOCKET = """(port) => new Promise(done => {
    const socket = new WebSocket(`ws://localhost:${port}/_stcore/stream`, "streamlit")
    socket.onopen = () => done("open")
    socket.onerror = () => done("refused")
})"""
IMAGE = """(port) => new Promise(done => {
    const image = new Image()
    image.onload = () => done("loaded")
    image.onerror = () => done("refused")
    image.src = `http://localhost:${port}/favicon.png`
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dashboard(tmp_path_factory.mktemp("empty") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("filled") / "data"
    fill(data)
    with dashboard(data) as server:
        yield server


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with stock(tmp_path_factory.mktemp("plain")) as server:
        yield server


@pytest.fixture
def hostile(browser: Browser, empty: Server, plain: Server) -> Iterator[Page]:
    """A page of another program on this computer, with both dashboards in frames."""
    frames = "".join(
        f'<iframe id="{name}" src="{server.url}/"></iframe>'
        for name, server in {"gravix": empty, "plain": plain}.items()
    )
    with web_page(f"<!doctype html><title>hostile</title>{frames}") as address:
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


def fill(data: Path) -> None:
    store = Store.open(f"sqlite:///{(data / 'gravix.db').as_posix()}", data / "videos")
    with store.begin() as tx:
        for title in ("Bridges", "![x](http://tracker.example/x.png) and a long, long title"):
            tx.videos.add(
                title=title,
                source_name="talk.mp4",
                source_sha256="0" * 64,
                layout="auto",
                chunk_duration=35,
            )
    store.close()


@contextmanager
def web_page(html: str) -> Iterator[str]:
    """Serve one page on a port of its own; its address."""

    class OnePage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), OnePage)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_empty_home_fits_and_says_how_to_start(
    browser: Browser, empty: Server, tmp_path: Path, device: str, scheme: str
) -> None:
    with clean_page(browser, empty, device, scheme) as page:
        expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
        expect(page.get_by_role("button", name="Try it on the sample")).to_be_visible()
        expect(page).to_have_title("Gravix")
        assert fits(page)
        page.screenshot(path=tmp_path / f"empty-{device}-{scheme}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_filled_home_fits_and_lists(
    browser: Browser, filled: Server, tmp_path: Path, device: str, scheme: str
) -> None:
    with clean_page(browser, filled, device, scheme) as page:
        expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
        cards = page.locator("[class*='st-key-video-card-']")
        expect(cards).to_have_count(2)
        expect(cards.last).to_contain_text("Bridges")
        expect(page.get_by_test_id("stMetric").first).to_contain_text("2")
        assert fits(page)
        page.screenshot(path=tmp_path / f"filled-{device}-{scheme}.png")


def test_a_card_leads_to_its_video_wherever_it_is_clicked(browser: Browser, filled: Server) -> None:
    with clean_page(browser, filled) as page:
        card = page.locator(".st-key-video-card-1")
        card.get_by_role("link").wait_for()
        card.click(position={"x": 20, "y": 20})
        page.wait_for_url("**/video?id=1")
        expect(page.get_by_role("heading", name="Bridges")).to_be_visible()


def test_deep_link_into_a_cold_server_passes_the_navigation(
    browser: Browser, tmp_path: Path
) -> None:
    with dashboard(tmp_path / "data") as cold:
        page = browser.new_page()
        page.goto(f"{cold.url}/home")
        expect(page).to_have_title("Gravix")
        expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
        page.close()


def test_bug_in_a_page_shows_no_trace_of_the_server(browser: Browser, tmp_path: Path) -> None:
    script = tmp_path / "buggy.py"
    script.write_text("raise RuntimeError('a secret from /srv/gravix')\n")
    port = free_port()
    command = ["-m", "streamlit", "run", str(script), "--server.port", str(port)]
    log = tmp_path / "log"
    with healthy(command, port=port, cwd=ROOT, env=house(tmp_path), log=log) as server:
        page = browser.new_page()
        page.goto(server.url)
        shown = page.get_by_test_id("stException")
        expect(shown).to_be_visible()
        expect(shown).not_to_contain_text("RuntimeError")
        expect(page.locator("body")).not_to_contain_text("srv/gravix")
        assert "a secret from /srv/gravix" in server.said()
        page.close()


@pytest.mark.parametrize(("attack", "without"), [(SOCKET, "open"), (IMAGE, "loaded")])
def test_hostile_page_reaches_streamlit_but_not_gravix(
    hostile: Page, empty: Server, plain: Server, attack: str, without: str
) -> None:
    assert hostile.evaluate(attack, plain.port) == without
    assert hostile.evaluate(attack, empty.port) == "refused"


def test_hostile_page_frames_streamlit_but_not_gravix(hostile: Page) -> None:
    framed = hostile.frame_locator("#plain").get_by_text("stock", exact=True)
    expect(framed).to_be_visible()
    ours = hostile.frame_locator("#gravix").get_by_role("heading", name="Gravix")
    expect(ours).to_have_count(0)
    assert any(frame.url.startswith("chrome-error:") for frame in hostile.frames)
