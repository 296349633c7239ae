"""A film or picture is for whoever has its address, from wherever they ask, and for no other."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gravix_core.errors import (
    DiskFull,
    FileUnwritable,
    GravixError,
    NotFound,
    SourceRefused,
    StatusConflict,
    StoreUnusable,
    ToolFailed,
    ToolMissing,
)
from gravix_core.settings import Settings
from gravix_core.signing import HOUR, Signer
from gravix_core.studio import Studio
from gravix_core.web import guards, routes, stopping
from gravix_core.web.media import media_routes
from tests.web.servers import ROOT, Server, ask, dashboard, free_port, healthy
from tests.web.shelf import SECRET, Shelf

BIKES = (Path(__file__).parents[1] / "data" / "bikes.mp4").read_bytes()
FILM = bytes(range(256)) * 1000
REEL = "/files/reels/7/ab12.mp4"
ADDRESSES = {
    REEL: ("reel-7-ab12.mp4", "video/mp4"),
    "/files/covers/7/ab12.jpg": ("cover-7-ab12.jpg", "image/jpeg"),
    "/files/sheets/7/ab12.jpg": ("sheet-7-ab12.jpg", "image/jpeg"),
    "/files/videos/7/source": ("source-7.webm", "video/webm"),
    "/files/videos/7/thumbnail.jpg": ("thumbnail-7.jpg", "image/jpeg"),
    "/files/chunks/7": ("chunk-7.mov", "video/quicktime"),
}
PAUSED_APP = """
from contextlib import asynccontextmanager
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from gravix_core.web.lifespan import announce_stop
from gravix_core.web.media import media_routes
from tests.web.shelf import Shelf

@asynccontextmanager
async def span(app):
    announce_stop()
    yield

desk = Shelf(Path(__file__).parent)
health = Route("/_stcore/health", lambda request: PlainTextResponse("ok"))
app = Starlette(routes=[health, *media_routes(lambda: desk)], lifespan=span)
"""


class Clock:
    now = 10 * HOUR

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(tmp_path: Path, clock: Clock) -> Shelf:
    stopping.clear()  # another test may have ended a server
    for name, _ in ADDRESSES.values():
        (tmp_path / name).write_bytes(FILM)
    return Shelf(tmp_path, Signer(clock=clock))


@pytest.fixture
def browser(shelf: Shelf) -> TestClient:
    app = Starlette(routes=media_routes(lambda: shelf), middleware=guards())
    return TestClient(app, base_url="http://localhost:8501", raise_server_exceptions=False)


def get(
    browser: TestClient, shelf: Shelf, path: str = REEL, *, method: str = "GET", **headers: str
) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.request(method, shelf.signer.address(path), headers=named)


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_address_leads_to_its_file(browser: TestClient, shelf: Shelf, path: str) -> None:
    name, media_type = ADDRESSES[path]
    (shelf.folder / name).write_bytes(name.encode())
    answer = get(browser, shelf, path)
    assert (answer.status_code, answer.text) == (200, name)
    assert answer.headers["content-type"] == media_type


def test_an_answer_is_for_our_own_pages_and_their_browser_alone(
    browser: TestClient, shelf: Shelf
) -> None:
    headers = get(browser, shelf).headers
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, max-age=600"
    assert headers["accept-ranges"] == "bytes"
    assert "content-disposition" not in headers


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-", 0, 256_000),
        ("bytes=1000-1999", 1000, 2000),
        ("bytes=255999-999999", 255_999, 256_000),
        ("bytes=-500", 255_500, 256_000),
    ],
)
def test_a_player_may_ask_for_any_stretch(
    browser: TestClient, shelf: Shelf, wanted: str, start: int, end: int
) -> None:
    answer = get(browser, shelf, range=wanted)
    assert (answer.status_code, answer.content) == (206, FILM[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/256000"


def test_several_stretches_come_in_one_answer(browser: TestClient, shelf: Shelf) -> None:
    answer = get(browser, shelf, range="bytes=0-9,1000-1009")
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")
    assert answer.content.count(b"Content-Range: bytes ") == 2


def test_a_stretch_of_another_file_is_not_mixed_in(browser: TestClient, shelf: Shelf) -> None:
    tag = get(browser, shelf).headers["etag"]
    assert get(browser, shelf, range="bytes=5-9", if_range=tag).status_code == 206
    assert get(browser, shelf, range="bytes=5-9", if_range='"old"').content == FILM


@pytest.mark.parametrize(
    ("wanted", "status"), [("bytes=256000-", 416), ("bytes=9-5", 400), ("frames=1-2", 400)]
)
def test_a_stretch_that_is_not_there_is_refused(
    browser: TestClient, shelf: Shelf, wanted: str, status: int
) -> None:
    assert get(browser, shelf, range=wanted).status_code == status


def test_a_head_tells_the_length_without_the_film(browser: TestClient, shelf: Shelf) -> None:
    answer = get(browser, shelf, method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "256000"


def test_a_chunk_is_saved_under_a_good_name(browser: TestClient, shelf: Shelf) -> None:
    told = get(browser, shelf, "/files/chunks/7").headers["content-disposition"]
    assert told == f"attachment; filename*=utf-8''{quote('সেতু 03.mov')}"


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    "spoiled", ["{path}", "{path}?exp=1&sig=a", "{path}?exp={exp}&sig=", "{other}"]
)
def test_an_address_that_we_did_not_make_opens_nothing(
    browser: TestClient, shelf: Shelf, path: str, spoiled: str
) -> None:
    signed = shelf.signer.address(path)
    exp = signed.partition("exp=")[2].partition("&")[0]
    answer = browser.get(spoiled.format(path=path, exp=exp, other=signed.replace("7", "77", 1)))
    assert answer.status_code == 403
    assert answer.text == "This address is no longer valid. Reload the page that it comes from."


def test_an_old_address_opens_nothing(browser: TestClient, shelf: Shelf, clock: Clock) -> None:
    address = shelf.signer.address(REEL)
    assert browser.get(address).status_code == 200
    clock.now += 2 * HOUR
    assert browser.get(address).status_code == 403


def test_what_is_not_signed_is_not_even_looked_for(browser: TestClient, shelf: Shelf) -> None:
    shelf.trouble = DiskFull("it was looked for")
    assert browser.get("/files/chunks/7").status_code == 403


@pytest.mark.parametrize("path", ["/files/reels/1/ab12.mp4", "/files/chunks/1"])
def test_a_row_that_is_gone_is_told_in_a_sentence(
    browser: TestClient, shelf: Shelf, path: str
) -> None:
    answer = get(browser, shelf, path)
    assert (answer.status_code, answer.text) == (404, f"there is no such row. {NotFound.hint}")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_file_that_is_gone_is_told_without_its_place(
    browser: TestClient, shelf: Shelf, is_folder: bool
) -> None:
    file = shelf.folder / "reel-7-ab12.mp4"
    file.unlink()
    if is_folder:
        file.mkdir()
    answer = get(browser, shelf)
    assert (answer.status_code, answer.text) == (404, "reel-7-ab12.mp4 is gone. Reload the page.")


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (NotFound("the source is gone"), 404),
        (StatusConflict("somebody else makes it"), 409),
        (SourceRefused("it is no video"), 422),
        (DiskFull("the disk is full"), 507),
        (ToolMissing("ffmpeg cannot be started"), 500),
        (ToolFailed("ffmpeg ended with code 1", details="/srv/data/secret.mp4"), 503),
        (FileUnwritable("a file cannot be read or written: Permission denied"), 500),
        (StoreUnusable("the database is closed"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, GravixError) else "",
)
def test_a_chunk_that_cannot_be_made_is_told_in_sentences(
    browser: TestClient, shelf: Shelf, trouble: GravixError, status: int
) -> None:
    shelf.trouble = trouble
    answer = get(browser, shelf, "/files/chunks/7")
    assert (answer.status_code, answer.text) == (status, f"{trouble}. {trouble.hint}")


def test_a_bug_shows_neither_its_trace_nor_its_words(browser: TestClient, shelf: Shelf) -> None:
    shelf.folder = None  # type: ignore[assignment]
    answer = get(browser, shelf)
    assert (answer.status_code, answer.text) == (500, "Gravix failed at this; see its log.")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_another_site_gets_nothing_even_by_a_link(
    browser: TestClient, shelf: Shelf, site: str
) -> None:
    linked = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert get(browser, shelf, sec_fetch_site=site).status_code == 403
    answer = get(browser, shelf, sec_fetch_site=site, **linked)
    assert answer.status_code == 403
    assert "Open it there." in answer.text


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_pages_and_the_address_bar_get_it(browser: TestClient, shelf: Shelf, site: str) -> None:
    assert get(browser, shelf, sec_fetch_site=site).status_code == 200


def test_a_foreign_name_gets_nothing(browser: TestClient, shelf: Shelf) -> None:
    assert get(browser, shelf, host="evil.example:8501").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/files",
        "/files/",
        "/files/reels/7",
        "/files/reels/7/ab12.avi",
        "/files/reels/7/..%2f..%2f..%2fetc%2fpasswd",
        "/files/reels/7/a/b.mp4",
        "/files/videos/7/source/x",
        "/files/etc/passwd",
        "/files/a%0ab",
    ],
)
def test_where_there_is_no_file_there_is_a_sentence(
    browser: TestClient, shelf: Shelf, path: str
) -> None:
    for answer in (browser.get(path), browser.get(shelf.signer.address(path))):
        assert answer.status_code == 404
        assert answer.text == "there is nothing at this address. Go back to the dashboard."
        assert not answer.history


def test_a_film_is_only_read(browser: TestClient, shelf: Shelf) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert get(browser, shelf, method=method).status_code == 404


@pytest.mark.slow
def test_the_dashboard_does_not_answer_for_files_and_the_api(tmp_path: Path) -> None:
    with dashboard(tmp_path / "data") as server:
        for path in ("/files/x", "/files", "/api/x", "/api", "/api/uploads", "/files/reels/1/a"):
            answer = ask(server.port, path)
            assert (answer.status, "<html" in answer.body) == (404, False)
        assert ask(server.port, REEL).status == 403
        assert ask(server.port, "/files/reels/7/%00.mp4").status in {400, 403}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Ours by uvicorn alone, which waits for every open answer."""
    with (tmp_path / "reel-7-ab12.mp4").open("wb") as film:
        film.truncate(200 << 20)
    (tmp_path / "app.py").write_text(PAUSED_APP)
    port, env = free_port(), {"PYTHONPATH": str(ROOT)}
    command = ["-m", "uvicorn", "app:app", "--port", str(port)]
    with healthy(command, port=port, cwd=tmp_path, env=env, log=tmp_path / "log") as ours:
        yield ours


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["", "Range: bytes=1-\r\n", "Range: bytes=1-,5-9\r\n"])
def test_a_player_that_has_paused_does_not_hold_the_server(server: Server, wanted: str) -> None:
    address = Signer(SECRET).address(REEL)
    with socket.create_connection(("127.0.0.1", server.port)) as player:
        request = f"GET {address} HTTP/1.1\r\nHost: localhost:{server.port}\r\n{wanted}\r\n"
        player.sendall(request.encode())
        assert player.recv(10) == b"HTTP/1.1 2"  # and not a byte more
        server.end()
    assert "Traceback" not in server.said()
    assert "ASGI callable" not in server.said()


@pytest.mark.slow
def test_a_film_that_was_sent_is_played_and_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("REEL_WIDTH", "180"), ("REEL_HEIGHT", "320")):
        monkeypatch.setenv(name, value)
    stopping.clear()
    studio = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    page = TestClient(Starlette(routes=routes(lambda: studio)))
    batch = f"/api/uploads/{'ab' * 16}"
    page.put(f"{batch}/Bikes.mp4", content=BIKES)
    video_id = page.post(batch).json()["video_id"]
    studio.jobs.run_due()
    with studio.store.read() as tx:
        (reel,) = tx.reels.of_video(video_id)
    files = studio.files
    source = page.get(files.source_address(video_id), headers={"Range": "bytes=1000-1999"})
    assert (source.status_code, source.content) == (206, BIKES[1000:2000])
    before = files.cover_address(reel)
    for address in (files.reel_address(reel), files.sheet_address(reel), before):
        assert address is not None
        assert page.get(address).status_code == 200
    studio.editing.choose_cover(reel.id, 0.1)
    after = files.cover_address(reel)
    assert after is not None
    assert after.partition("?")[0] != str(before).partition("?")[0]
    assert page.get(after).status_code == 200
    saved = page.get(files.chunk_address(reel.chunk_id))
    assert (saved.status_code, saved.headers["content-type"]) == (200, "video/mp4")
    assert saved.headers["content-disposition"] == "attachment; filename*=utf-8''Bikes%2001.mp4"
    studio.close()
