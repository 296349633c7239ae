"""`make sandbox` as an operator has it: every page says so, one connects, and nothing is left."""

from __future__ import annotations

import os
import re
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import PATIENCE, chromium
from tests.web.servers import ROOT, STOP_WITHIN, Server, free_port, healthy, started, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc"),
]

PAGES = sorted(page.stem for page in (ROOT / "pages").glob("*.py"))
MARK = "GRAVIX_TEST_MARK"
"""In the environment of every process of one rehearsal."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@contextmanager
def rehearsal(folder: Path, *, waited_for: bool = True) -> Iterator[tuple[Server, str]]:
    """What `make sandbox` starts, with the data directory `folder`/data; and its mark."""
    port, mark = free_port(), uuid.uuid4().hex
    own = {
        "GRAVIX_DATA_DIR": str(folder / "data"),
        "FACEBOOK_REDIRECT_URI": "https://real.example/back",
        "FACEBOOK_APP_ID": "123",
        "FACEBOOK_APP_SECRET": "planted-real-secret",
        "API_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        MARK: mark,
    }
    begin = healthy if waited_for else started
    env, log = {**os.environ, **own}, folder / "sandbox.log"
    try:
        with begin(["scripts/sandbox.py"], port=port, cwd=ROOT, env=env, log=log) as server:
            yield server, mark
    finally:
        for process in alive(mark):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with rehearsal(tmp_path_factory.mktemp("sandbox")) as (server, _):
        yield server


def alive(mark: str, words: str = "") -> list[int]:
    """Processes of a rehearsal whose command holds `words`; none that is only waited for."""
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if f"{MARK}={mark}".encode() in environment and words in command:
                found.append(int(folder.name))
    return found


def only(found: list[int]) -> int:
    assert len(found) == 1, found
    return found[0]


@contextmanager
def opened(browser: Browser, server: Server, path: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{server.url}/{path}")
    try:
        yield page
    finally:
        context.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_it_is_a_sandbox(browser: Browser, sandbox: Server, path: str) -> None:
    with opened(browser, sandbox, "" if path == "home" else path) as page:
        expect(page.get_by_text("SANDBOX", exact=True)).to_be_visible()


def test_person_connects_through_the_consent_page(browser: Browser, sandbox: Server) -> None:
    with opened(browser, sandbox, "connect") as page:
        page.get_by_role("link", name="Connect Instagram").click()
        expect(page.get_by_text("SANDBOX", exact=True)).to_be_visible()
        page.get_by_role("button", name="Continue as Ben Baker").click()
        connected = page.get_by_test_id("stAlert").filter(has_text="Connected to @ben.bread.")
        expect(connected).to_be_visible()
        assert re.match(rf"{sandbox.url}/connect\?outcome=", page.url)


def test_sandbox_keeps_to_a_data_directory_of_its_own(sandbox: Server) -> None:
    data = sandbox.log.parent / "data"
    assert [entry.name for entry in data.iterdir()] == ["sandbox"]
    assert (data / "sandbox" / "gravix.db").is_file()
    assert "planted-real-secret" not in sandbox.said()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_wish_to_stop_ends_both_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with rehearsal(tmp_path) as (server, mark):
        assert only(alive(mark, "tests.simulators.instagram"))
        assert server.end(number) == 0
        assert alive(mark) == []
        assert "Traceback" not in server.said()


@pytest.mark.parametrize("killed", ["scripts/sandbox.py", "scripts/serve.py", "streamlit run"])
def test_stand_in_ends_however_the_rest_ends(tmp_path: Path, killed: str) -> None:
    with rehearsal(tmp_path) as (_, mark):
        os.kill(only(alive(mark, killed)), signal.SIGKILL)
        wait_until(
            lambda: not alive(mark, "tests.simulators.instagram"), "no stand-in", within=STOP_WITHIN
        )


def test_wish_to_stop_while_the_stand_in_starts_leaves_nothing(tmp_path: Path) -> None:
    with rehearsal(tmp_path, waited_for=False) as (server, mark):
        wait_until(lambda: bool(alive(mark, "tests.simulators.instagram")), "a stand-in")
        assert server.end() == 0
        assert alive(mark) == []
