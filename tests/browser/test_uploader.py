"""The uploader in a real browser, against a stand-in that keeps the contract of the real route."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from tests.browser.browsers import chromium, clean_page, fits
from tests.browser.parts_server import parts_dashboard
from tests.web.servers import Server, ask, wait_until

pytestmark = pytest.mark.slow

MB = 1024 * 1024
LOST = "net::ERR_"
REFUSED = "status of 422"
ADDED = "Added: its reels are being made."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("uploader")
    with parts_dashboard(folder, film=folder / "none.mp4") as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    turn(server, "open")
    with clean_page(browser, server, harmless=[LOST, REFUSED]) as page:
        yield page


def turn(server: Server, state: str) -> None:
    """Open or close the gate at which the rest of every ``held`` file waits."""
    assert ask(server.port, f"/test/gate/{state}", method="POST").status == 204


def left(server: Server) -> dict[str, Any]:
    """The names in each open batch, and of what was added."""
    found: dict[str, Any] = json.loads(ask(server.port, "/test/left").body)
    return found


def sized(folder: Path, name: str, size: int = 1000) -> Path:
    file = folder / name
    with file.open("wb") as out:
        out.truncate(size)
    return file


def choose(page: Page, *files: Path) -> None:
    page.get_by_label("Videos and transcripts").set_input_files(files)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


def share(page: Page, name: str) -> float:
    bar = page.get_by_role("progressbar", name=name)
    return float(bar.evaluate("bar => bar.value / bar.max"))


def test_video_goes_in_with_its_transcripts_and_python_hears_of_it(
    page: Page, tmp_path: Path
) -> None:
    names = ("talk.mp4", "talk.srt", "talk.en.vtt", "other.srt")
    choose(page, *(sized(tmp_path, name) for name in names))
    expect(row(page, "talk.mp4")).to_contain_text(ADDED)
    expect(row(page, "talk.mp4")).to_contain_text("talk.srt + talk.en.vtt + talk.mp4 as fit, 35 s.")
    expect(page.get_by_text("told 1 last")).to_contain_text("'title': 'talk', 'known': False")
    expect(row(page, "other.srt")).to_contain_text("Add its video as well, such as other.mp4")


def test_transcript_waits_for_a_video_that_comes_later(page: Page, tmp_path: Path) -> None:
    choose(page, sized(tmp_path, "later.srt"))
    expect(row(page, "later.srt")).to_contain_text("A transcript.")
    choose(page, sized(tmp_path, "later.mp4"))
    expect(row(page, "later.mp4")).to_contain_text("later.srt + later.mp4")
    expect(page.get_by_role("listitem")).to_have_count(1)


def test_file_that_is_in_the_library_is_named_so_and_can_be_opened(
    page: Page, server: Server, tmp_path: Path
) -> None:
    choose(page, sized(tmp_path, "twice.mp4"))
    expect(row(page, "twice.mp4")).to_contain_text(ADDED)
    choose(page, sized(tmp_path, "twice.mp4"))
    again = row(page, "twice.mp4").last
    expect(again).to_contain_text("Already in the library.")
    again.get_by_role("button", name="Open video").click()
    expect(page.get_by_text("opened ")).to_contain_text(f"opened {len(left(server)['added'])}")


def test_bar_tells_what_has_been_sent_and_goes_on_through_reruns(
    page: Page, server: Server, tmp_path: Path
) -> None:
    turn(server, "closed")
    choose(page, sized(tmp_path, "held-a.mp4", 50 * MB))
    wait_until(lambda: 0.05 < share(page, "held-a") < 0.95, "a part is sent")
    expect(row(page, "held-a")).to_contain_text("%")
    page.get_by_text("centre", exact=True).click()
    expect(page.get_by_text("layout centre")).to_be_visible()
    choose(page, sized(tmp_path, "quick.mp4"))
    expect(row(page, "quick.mp4")).to_contain_text("as centre")
    turn(server, "open")
    expect(row(page, "held-a")).to_contain_text("as fit")


def test_two_are_sent_at_once_and_others_wait(page: Page, server: Server, tmp_path: Path) -> None:
    turn(server, "closed")
    choose(page, *(sized(tmp_path, f"held-{name}.mp4", 30 * MB) for name in "xyz"))
    expect(row(page, "held-z.mp4")).to_contain_text("Waiting for its turn.")
    wait_until(lambda: share(page, "held-y") > 0.05, "it is sent")
    turn(server, "open")
    expect(page.get_by_role("listitem").filter(has_text=ADDED)).to_have_count(3)


def test_cancel_ends_the_upload_and_clears_the_server(
    page: Page, server: Server, tmp_path: Path
) -> None:
    turn(server, "closed")
    choose(page, sized(tmp_path, "held-c.srt"), sized(tmp_path, "held-c.mp4", 50 * MB))
    wait_until(lambda: share(page, "held-c") > 0.05, "it is sent")
    assert left(server)["batches"] == [["held-c.srt"]]
    page.get_by_role("button", name="Cancel held-c.mp4").click()
    expect(page.get_by_role("listitem")).to_have_count(0)
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    wait_until(lambda: left(server)["batches"] == [], "nothing is left")


def test_upload_goes_on_while_another_page_is_open(
    page: Page, server: Server, tmp_path: Path
) -> None:
    turn(server, "closed")
    choose(page, sized(tmp_path, "held-p.mp4", 50 * MB))
    wait_until(lambda: share(page, "held-p") > 0.05, "it is sent")
    page.get_by_role("link", name="edit").click()
    expect(page.get_by_role("heading", name="Edit")).to_be_visible()
    turn(server, "open")
    wait_until(lambda: "held-p.mp4" in left(server)["added"], "the server has it")
    page.get_by_role("link", name="uploads").click()
    expect(row(page, "held-p.mp4")).to_contain_text(ADDED)
    expect(page.get_by_text("told 1 last")).to_contain_text("held-p")


def test_python_hears_of_each_video_once(page: Page, tmp_path: Path) -> None:
    choose(page, sized(tmp_path, "once.mp4"))
    expect(page.get_by_text("told 1 last")).to_contain_text("once")
    page.get_by_role("link", name="edit").click()
    expect(page.get_by_role("heading", name="Edit")).to_be_visible()
    page.get_by_role("link", name="uploads").click()
    choose(page, sized(tmp_path, "after.mp4"))
    expect(page.get_by_text("told 2 last")).to_contain_text("after")


def test_file_over_the_limit_is_refused_at_once_with_the_way_round(
    page: Page, server: Server, tmp_path: Path
) -> None:
    choose(page, sized(tmp_path, "huge.mp4", 61 * MB), sized(tmp_path, "notes.txt"))
    expect(row(page, "huge.mp4")).to_contain_text("The page takes up to 60 MB")
    expect(row(page, "huge.mp4")).to_contain_text("python -m gravix_core process FILE")
    expect(row(page, "notes.txt")).to_contain_text("neither a video nor a transcript")
    assert left(server)["batches"] == []


def test_refusal_of_the_server_is_shown_as_text(page: Page, tmp_path: Path) -> None:
    choose(page, sized(tmp_path, "odd.mp4"))
    refused = row(page, "odd.mp4")
    expect(refused).to_contain_text("This file holds <b>no video</b>. Choose another.")
    expect(refused.get_by_role("button", name="Try again")).to_be_hidden()
    refused.get_by_role("button", name="Clear odd.mp4").click()
    expect(refused).to_have_count(0)


def test_lost_connection_can_be_tried_again(page: Page, tmp_path: Path) -> None:
    page.route("**/api/uploads/**", lambda route: route.abort("connectionreset"))
    choose(page, sized(tmp_path, "lost.mp4"))
    expect(row(page, "lost.mp4")).to_contain_text("The connection was lost. Try again.")
    page.unroute_all()
    row(page, "lost.mp4").get_by_role("button", name="Try again").click()
    expect(row(page, "lost.mp4")).to_contain_text(ADDED)


def test_file_that_was_removed_meanwhile_is_named_as_the_cause(page: Page, tmp_path: Path) -> None:
    page.route("**/api/uploads/**", lambda route: route.abort("connectionreset"))
    file = sized(tmp_path, "gone.mp4")
    choose(page, file)
    expect(row(page, "gone.mp4")).to_contain_text("The connection was lost.")
    page.unroute_all()
    file.unlink()
    row(page, "gone.mp4").get_by_role("button", name="Try again").click()
    expect(row(page, "gone.mp4")).to_contain_text("moved or changed since you chose it")


def test_closing_the_tab_is_asked_about_only_while_something_is_sent(
    page: Page, server: Server, tmp_path: Path
) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_text("centre", exact=True).click()  # a page without any click is never asked
    turn(server, "closed")
    choose(page, sized(tmp_path, "held-w.mp4", 50 * MB))
    wait_until(lambda: share(page, "held-w") > 0.05, "it is sent")
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => location.reload())")
    turn(server, "open")
    expect(row(page, "held-w.mp4")).to_contain_text(ADDED)
    page.reload()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    assert asked == ["beforeunload"]


def test_files_may_be_dropped(page: Page) -> None:
    drop = """zone => {
        const carried = new DataTransfer()
        carried.items.add(new File(["x"], "dropped.mp4", { type: "video/mp4" }))
        zone.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true,
            composed: true, cancelable: true }))
    }"""
    page.locator(".zone").evaluate(drop)
    expect(row(page, "dropped.mp4")).to_contain_text(ADDED)


def test_files_may_be_chosen_by_keyboard(page: Page, tmp_path: Path) -> None:
    page.on("filechooser", lambda _: None)  # a browser just started hears of it a moment later
    page.get_by_role("button", name="Choose files").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(sized(tmp_path, "keys.mp4"))
    expect(row(page, "keys.mp4")).to_contain_text(ADDED)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_rows_fit_every_screen(
    browser: Browser, server: Server, tmp_path: Path, device: str, scheme: str
) -> None:
    turn(server, "closed")
    with clean_page(browser, server, device, scheme, harmless=[REFUSED]) as page:
        page.get_by_role("button", name="Choose files").wait_for()
        held = [
            sized(tmp_path, f"held-{name}-{device}-{scheme}-{'long-' * 9}.mp4", 50 * MB)
            for name in "abc"
        ]
        choose(page, *held, sized(tmp_path, "huge.mp4", 61 * MB), sized(tmp_path, "lone.vtt"))
        wait_until(lambda: share(page, "held-b") > 0.05, "it is sent")
        assert fits(page)
        page.screenshot(path=tmp_path / f"uploader-{device}-{scheme}.png", full_page=True)
        turn(server, "open")
        expect(page.get_by_role("listitem").filter(has_text=ADDED)).to_have_count(3)
