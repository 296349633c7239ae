"""Settings: the downloader's versions and its update, and the operator's cookies."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.desks.downloader import Downloader, UpdateState
from gravix_core.errors import Cancelled, ToolFailed
from gravix_core.model import Watch
from gravix_core.stages.source.downloader import Part, Update
from gravix_core.studio import shared_studio
from tests.pages.houses import page_of, text_of
from tests.pages.shown import buttons, says

pytestmark = pytest.mark.slow  # a page is drawn anew for each step

DENO = Part("deno", "2.9.8", installed=3, where=Path("/far/bin/deno"))
OLD = (Part("yt-dlp", "2026.7.4", age=145), DENO)
NEW = (Part("yt-dlp", "2026.12.1", age=1), OLD[1])
SECRET = "s3cr3t-value"
WITHIN = 10


class Pip:
    """Says a line, then waits until it is told how it ends."""

    def __init__(self) -> None:
        self.installed: tuple[Part, ...] = OLD
        self.fails = ""
        self.at_work, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *, on_line: Callable[[str], None], watch: Watch) -> Update:
        on_line("Collecting yt-dlp from /far/away/cache/yt_dlp.whl")
        self.at_work.set()
        while not self.go_on.wait(0.01):
            if watch.should_stop():
                raise Cancelled
        if self.fails:
            raise ToolFailed(self.fails, hint="Try again later.")
        before, self.installed = self.installed, NEW
        return Update(before, NEW)


@pytest.fixture
def pip() -> Pip:
    return Pip()


@pytest.fixture
def desk(house: Path, pip: Pip) -> Downloader:
    desk = Downloader(house, updater=pip, parts=lambda: pip.installed)
    shared_studio().downloader = desk
    return desk


@pytest.fixture
def page(desk: Downloader) -> AppTest:
    return page_of("settings").run()


def begin(page: AppTest, pip: Pip) -> AppTest:
    page.button("downloader-update").click().run()
    page.button("downloader-confirm").click().run()
    assert pip.at_work.wait(WITHIN)
    return page.run()


def finish(page: AppTest, pip: Pip, desk: Downloader) -> AppTest:
    pip.go_on.set()
    assert desk._thread is not None
    desk._thread.join(WITHIN)
    return page.run()


def shown(page: AppTest) -> str:
    boxes = (*page.warning, *page.info, *page.success, *page.error, *page.toast, *page.code)
    return "\n".join([text_of(page), *(str(box.value) for box in boxes)])


# the downloader


def test_versions_age_and_a_warning_are_shown(page: AppTest) -> None:
    assert not page.exception
    assert says(page, r"**yt\-dlp** 2026\.7\.4, released 145 days ago")
    assert says(page, r"**deno** 2\.9\.8, installed 3 days ago")
    assert any("of this age often fails" in warning.value for warning in page.warning)
    assert "/far" not in shown(page)


def test_a_young_downloader_is_no_warning(desk: Downloader, pip: Pip) -> None:
    pip.installed = NEW
    page = page_of("settings").run()
    assert not [one for one in page.warning if "of this age" in one.value]


def test_a_missing_part_says_what_it_costs(desk: Downloader, pip: Pip) -> None:
    pip.installed = (Part("deno", "", lack="its program is not there: YouTube refuses videos"),)
    assert says(page_of("settings").run(), "Its program is not there: YouTube refuses videos")


def test_the_update_begins_only_when_it_was_confirmed(page: AppTest, pip: Pip) -> None:
    page.button("downloader-update").click().run()
    assert "Gravix has to be started again" in shown(page)
    page.button("downloader-keep").click().run()
    assert "downloader-confirm" not in buttons(page)
    assert not pip.at_work.is_set()


def test_its_output_is_shown_while_it_runs(page: AppTest, pip: Pip, desk: Downloader) -> None:
    begin(page, pip)
    assert [code.value for code in page.code] == ["Collecting yt-dlp from yt_dlp.whl"]
    assert "downloader-update" not in buttons(page)
    finish(page, pip, desk)


def test_the_result_names_versions_and_asks_for_a_restart(
    page: AppTest, pip: Pip, desk: Downloader
) -> None:
    finish(begin(page, pip), pip, desk)
    said = shown(page)
    assert "yt\\-dlp 2026\\.12\\.1 \\(was 2026\\.7\\.4\\)" in said
    assert "**Start Gravix again**" in said
    assert not page.exception


def test_a_failure_says_so_and_what_to_do(page: AppTest, pip: Pip, desk: Downloader) -> None:
    pip.fails = "the downloader is as it was before: /far/away/pip is not there"
    finish(begin(page, pip), pip, desk)
    assert "the downloader is as it was before" in page.error[0].value
    assert "Try again later." in page.error[0].value
    assert "/far" not in shown(page)
    assert "Start Gravix again**" not in shown(page)


def test_it_can_be_stopped(page: AppTest, pip: Pip, desk: Downloader) -> None:
    begin(page, pip).button("downloader-stop").click().run()
    assert desk._thread is not None
    desk._thread.join(WITHIN)
    page.run()
    assert desk.progress().state is UpdateState.STOPPED
    assert "The versions from before are in place" in shown(page)


# cookies


def given(desk: Downloader, *names: str) -> None:
    ends = int((datetime.now(UTC) + timedelta(days=400)).timestamp())
    lines = [f".youtube.com\tTRUE\t/\tTRUE\t{ends}\t{name}\t{SECRET}" for name in names]
    desk.cookies.use_file("\n".join(("# Netscape HTTP Cookie File", *lines)).encode())


def test_cookies_are_off_and_the_danger_is_said(page: AppTest) -> None:
    assert says(page, "**Off**")
    assert any("can ban an account" in warning.value for warning in page.warning)
    assert "cookies-delete" not in buttons(page)


def test_a_browser_is_chosen_among_those_that_can_be_read(page: AppTest, desk: Downloader) -> None:
    page.radio("cookies-choice").set_value("browser").run()
    assert page.selectbox("cookies-browser").options == [
        name.capitalize() for name in desk.browsers
    ]
    page.selectbox("cookies-browser").set_value("firefox").run()
    page.button("cookies-use-browser").click().run()
    assert desk.cookies.state().browser == "firefox"
    assert says(page, "those of Firefox")


def test_a_file_is_told_without_a_value(desk: Downloader) -> None:
    given(desk, "LOGIN_INFO", "SAPISID", "PREF")
    page = page_of("settings").run()
    assert says(page, "3 cookies of a file, given ")
    assert says(page, " The account's run out ")
    assert SECRET not in shown(page)


def test_cookies_without_an_account_are_called_so(desk: Downloader) -> None:
    given(desk, "PREF")
    assert says(page_of("settings").run(), " No account seems to be signed in with them.")


def test_one_click_deletes_them(desk: Downloader, house: Path) -> None:
    given(desk, "PREF")
    page = page_of("settings").run()
    page.button("cookies-delete").click().run()
    assert not page.exception
    assert says(page, "**Off**")
    assert not list(house.rglob("*cookies*"))


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (f".youtube.com\tTRUE\t/\tTRUE\t0\tPREF\t{SECRET}".encode(), "1 cookie kept."),
        (f"{SECRET} is no cookie".encode(), "line 1 is no cookie"),
    ],
)
def test_a_file_that_is_given_is_kept_or_refused_in_words(
    page: AppTest, desk: Downloader, held: bytes, told: str
) -> None:
    page.radio("cookies-choice").set_value("file").run()
    page.file_uploader("cookies-file-0").set_value(("cookies.txt", held, "text/plain")).run()
    page.button("cookies-use-file").click().run()
    assert not page.exception
    assert any(told in toast.value for toast in page.toast)
    assert SECRET not in shown(page)
    assert page.file_uploader("cookies-file-1").value is None
