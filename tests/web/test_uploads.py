"""Files of any size come in, as whole files under safe names, and become videos."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from gravix_core.desks.intake import Added
from gravix_core.errors import Cancelled
from gravix_core.jobs import queue
from gravix_core.media.inbox import MB, Inbox
from gravix_core.model import Watch
from gravix_core.settings import Settings
from gravix_core.studio import Studio
from gravix_core.web import guards, routes, stopping
from gravix_core.web.uploads import upload_routes
from tests.media.small_disk import small_disk
from tests.web.servers import Server, ask, dashboard, wait_until

BIKES = (Path(__file__).parents[1] / "data" / "bikes.mp4").read_bytes()
BATCH, OTHER = "ab" * 16, "cd" * 16
PUT = f"/api/uploads/{BATCH}"
PAGE = "http://localhost:8501"
OURS = {"origin": PAGE, "sec-fetch-site": "same-origin"}
FOREIGN = [
    {"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    {"origin": "http://localhost:9000", "sec-fetch-site": "same-site"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
]
PROBLEM = {"type", "title", "status", "detail", "message", "hint"}
MEMORY_MAY_GROW = 40
"""MB, while ten times as much comes in."""


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    stopping.clear()  # another test may have ended a server
    monkeypatch.setenv("GRAVIX_MAX_UPLOAD_MB", "2")
    opened = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    yield opened
    opened.close()


@pytest.fixture
def app(studio: Studio) -> Starlette:
    return Starlette(routes=routes(lambda: studio), middleware=guards())


@pytest.fixture
def browser(app: Starlette) -> TestClient:
    return TestClient(app, base_url=PAGE, raise_server_exceptions=False)


def sent(
    browser: TestClient, name: str = "Talk.mp4", data: bytes = BIKES, *, batch: str = BATCH
) -> httpx2.Response:
    return browser.put(f"/api/uploads/{batch}/{quote(name, safe='')}", content=data)


def kept(studio: Studio, batch: str = BATCH) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in studio.intake.inbox.files(batch)}


def nothing_is_left(studio: Studio) -> bool:
    return not any(studio.intake.inbox.folder.glob("**/*"))


def test_a_file_comes_in_whole(browser: TestClient, studio: Studio) -> None:
    answer = sent(browser)
    assert (answer.status_code, answer.json()) == (
        200,
        {"name": "Talk.mp4", "byte_size": len(BIKES)},
    )
    assert kept(studio) == {"Talk.mp4": BIKES}


def test_a_file_whose_length_is_not_announced_comes_in_too(
    browser: TestClient, studio: Studio
) -> None:
    pieces = [BIKES[at : at + 50_000] for at in range(0, len(BIKES), 50_000)]
    assert browser.put(f"{PUT}/Talk.mp4", content=iter(pieces)).status_code == 200
    assert kept(studio) == {"Talk.mp4": BIKES}


def test_a_second_file_of_the_same_name_takes_its_place(
    browser: TestClient, studio: Studio
) -> None:
    for data in (b"old", b""):
        assert sent(browser, data=data).json()["byte_size"] == len(data)
    assert kept(studio) == {"Talk.mp4": b""}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../gravix.db", "gravix.db"),
        ("..\\..\\gravix.db", "gravix.db"),
        ("/etc/passwd", "passwd"),
        ("a\0b.mp4", "ab.mp4"),
        ("a\tb.mp4", "ab.mp4"),
        ("-rf.mp4", "rf.mp4"),
        ("সেতু.mp4", "সেতু.mp4"),
        ("100% what? #1.mp4", "100% what_ #1.mp4"),
    ],
)
def test_a_file_stays_in_its_batch_whatever_it_is_called(
    browser: TestClient, studio: Studio, name: str, safe: str
) -> None:
    answer = sent(browser, name, b"data")
    assert (answer.status_code, answer.json()["name"]) == (200, safe)
    assert kept(studio) == {safe: b"data"}
    assert [entry.name for entry in studio.intake.inbox.folder.iterdir()] == [BATCH]


def test_a_name_of_255_bytes_is_cut_to_what_a_folder_takes(
    browser: TestClient, studio: Studio
) -> None:
    name = sent(browser, "কা" * 41 + "ক.mp4").json()["name"]
    assert name.endswith("ক.mp4") or name.endswith("া.mp4")
    assert (len(name.encode()) <= 200, list(kept(studio))) == (True, [name])


@pytest.mark.parametrize("batch", ["ab", "AB" * 16, "ab" * 17, f"{'ab' * 15}x1", "..", "%2e%2e"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_batch_of_another_form_is_refused(
    browser: TestClient, studio: Studio, batch: str, method: str
) -> None:
    path = f"/api/uploads/{batch}" + ("/Talk.mp4" if method == "PUT" else "")
    answer = browser.request(method, path, content=b"")
    assert answer.status_code in {400, 404}
    assert set(answer.json()) == PROBLEM
    assert nothing_is_left(studio)


def asked(app: Starlette, receive: Any, *, length: int | None = None) -> list[Message]:
    """What is sent to one PUT whose body is `receive`'s."""
    answers: list[Message] = []
    headers = [(b"host", b"localhost:8501")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    scope = {
        "type": "http",
        "method": "PUT",
        "path": f"{PUT}/Talk.mp4",
        "query_string": b"",
        "server": ("localhost", 8501),
        "headers": headers,
    }

    async def send(message: Message) -> None:
        answers.append(message)

    asyncio.run(app(scope, receive, send))
    return answers


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    app: Starlette, studio: Studio
) -> None:
    async def receive() -> Message:
        raise AssertionError("it was read")

    start, body = asked(app, receive, length=2 * MB + 1)
    assert start["status"] == 413
    assert "larger than 2 MB" in json.loads(body["body"])["message"]
    assert nothing_is_left(studio)


def test_a_file_that_turns_out_too_large_is_refused_and_removed(
    browser: TestClient, studio: Studio
) -> None:
    answer = browser.put(f"{PUT}/Talk.mp4", content=iter([bytes(MB), bytes(MB), b"x"]))
    assert answer.status_code == 413
    assert "GRAVIX_MAX_UPLOAD_MB" in answer.json()["hint"]
    assert nothing_is_left(studio)


def test_a_full_disk_is_told_and_nothing_is_left(
    tmp_path: Path, studio: Studio, browser: TestClient
) -> None:
    with small_disk(tmp_path / "small", 0.3) as disk:
        studio.intake.inbox.folder = disk
        for content in (BIKES, iter([BIKES])):  # announced, and found out
            answer = browser.put(f"{PUT}/Talk.mp4", content=content)
            assert (answer.status_code, answer.json()["hint"][:15]) == (507, "Free some space")
            assert list(disk.iterdir()) == []


def test_a_browser_that_goes_away_leaves_nothing(app: Starlette, studio: Studio) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": bytes(MB), "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    asked(app, receive)
    assert nothing_is_left(studio)


def test_the_end_of_the_server_ends_an_upload_that_hangs(app: Starlette, studio: Studio) -> None:
    messages: list[Message] = [{"type": "http.request", "body": bytes(MB), "more_body": True}]

    async def receive() -> Message:
        if not messages:
            stopping.set()
            await asyncio.Event().wait()
        return messages.pop(0)

    start, body = asked(app, receive)
    assert (start["status"], json.loads(body["body"])["message"]) == (503, "Gravix is ending")
    assert nothing_is_left(studio)


class LongLook:
    """An intake that reads a file when the server is asked to end."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    @property
    def intake(self) -> LongLook:
        return self

    def add_batch(self, batch: str, *, watch: Watch, **_wishes: object) -> Added:
        assert not watch.should_stop()
        stopping.set()
        assert watch.should_stop()
        raise Cancelled("stopped while it was read")


def test_the_end_of_the_server_ends_a_long_look(studio: Studio) -> None:
    look = LongLook(studio.intake.inbox)
    page = TestClient(Starlette(routes=upload_routes(lambda: look)))
    answer = page.post(PUT)
    assert (answer.status_code, answer.json()["message"]) == (503, "Gravix is ending")


def test_a_batch_becomes_a_video(browser: TestClient, studio: Studio) -> None:
    sent(browser, "Bridges of Köln.mp4")
    wish = {"layout": "centre", "subtitles": "bold", "best": 4, "chunk_duration": 20}
    answer = browser.post(PUT, json=wish)
    told = answer.json()
    assert (answer.status_code, told["title"], told["known"]) == (201, "Bridges of Köln", False)
    with studio.store.read() as tx:
        video = tx.videos.get(told["video_id"])
    assert {name: getattr(video, name) for name in wish} == wish


def test_the_same_file_is_known_and_a_bad_transcript_is_told(browser: TestClient) -> None:
    sent(browser)
    first = browser.post(PUT).json()
    sent(browser, batch=OTHER)
    sent(browser, "Talk.srt", b"nonsense", batch=OTHER)
    again = browser.post(f"/api/uploads/{OTHER}", json={"layout": None}).json()
    assert (again["video_id"], again["known"]) == (first["video_id"], True)
    assert "Talk.srt" in again["notes"][0]
    assert first["notes"] == []


def refused(browser: TestClient, wish: object) -> tuple[int, str]:
    """The status and the message of a request for a video."""
    answer = browser.post(PUT, content=json.dumps(wish))
    assert answer.json()["hint"].endswith(".")
    assert "/" not in answer.text  # no path
    return answer.status_code, answer.json()["message"]


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ({}, 404, "nothing of this upload"),
        ({"a.mp4": b"no video"}, 422, "a.mp4 cannot be read"),
        ({"a.mp4": b""}, 422, "a.mp4 is empty"),
        ({"a.srt": b"1"}, 422, "a.srt is a transcript"),
        ({"a.mp4": b"1", "b.mp4": b"2"}, 422, "2 videos came as one"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_cannot_become_a_video_are_refused_in_words(
    browser: TestClient, files: dict[str, bytes], status: int, words: str
) -> None:
    for name, data in files.items():
        sent(browser, name, data)
    found, message = refused(browser, {})
    assert (found, words in message) == (status, True)


@pytest.mark.parametrize(
    ("wish", "status", "words"),
    [
        ({"layout": "sideways"}, 422, "no layout 'sideways'"),
        ({"chunk_duration": 901}, 422, "901 seconds"),
        ({"chunk_duration": 10**400}, 422, "seconds"),
        ({"chunk_duration": True}, 400, "chunk_duration must be a number"),
        ({"chunk_duration": "35"}, 400, "chunk_duration must be a number"),
        ({"layout": 5}, 400, "layout must be a text"),
        ({"subtitles": "loud"}, 422, "no subtitles 'loud'"),
        ({"best": 1.5}, 400, "best must be a whole number"),
        ({"best": -1}, 400, "best must be a whole number"),
        ({"best": True}, 400, "best must be a whole number"),
        (["fit"], 400, "not a JSON object"),
        ({"layout": "x" * 10_000}, 400, "too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wish_that_makes_no_sense_is_refused_in_words(
    browser: TestClient, wish: object, status: int, words: str
) -> None:
    sent(browser)
    found, message = refused(browser, wish)
    assert (found, words in message) == (status, True)


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 9000, b"NaN"])
def test_a_request_that_is_no_json_is_refused(browser: TestClient, body: bytes) -> None:
    answer = browser.post(PUT, content=body)
    assert (answer.status_code, set(answer.json())) == (400, PROBLEM)


def test_a_video_at_work_in_another_layout_is_a_conflict(
    browser: TestClient, studio: Studio
) -> None:
    sent(browser)
    browser.post(PUT)
    with studio.store.begin() as tx:
        queue.claim(tx, "elsewhere/1", now=studio.jobs.now())
    sent(browser, batch=OTHER)
    answer = browser.post(f"/api/uploads/{OTHER}", json={"layout": "centre"})
    assert (answer.status_code, "at work" in answer.json()["message"]) == (409, True)


def test_a_batch_can_be_dropped_and_dropped_again(browser: TestClient, studio: Studio) -> None:
    sent(browser)
    for _ in range(2):
        assert browser.delete(PUT).status_code == 204
    assert nothing_is_left(studio)


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_another_site_can_send_nothing(
    browser: TestClient, studio: Studio, method: str, headers: dict[str, str]
) -> None:
    sent(browser)
    path = f"{PUT}/Other.mp4" if method == "PUT" else PUT
    answer = browser.request(method, path, headers=headers, content=b"{}")
    assert (answer.status_code, list(kept(studio))) == (403, ["Talk.mp4"])
    assert studio.library.overview().videos == 0


def test_a_foreign_name_can_send_nothing(browser: TestClient, studio: Studio) -> None:
    answer = browser.put(f"{PUT}/a.mp4", content=b"1", headers={"host": "evil.example:8501"})
    assert answer.status_code == 400
    assert nothing_is_left(studio)


def test_our_page_may_send(browser: TestClient, studio: Studio) -> None:
    assert browser.put(f"{PUT}/a.mp4", content=b"1", headers=OURS).status_code == 200
    assert kept(studio) == {"a.mp4": b"1"}


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/x", "/api/x%0ay", "/api/uploads", f"{PUT}/a.mp4"]
)
def test_where_the_api_has_nothing_it_says_so_in_json(
    browser: TestClient, method: str, path: str
) -> None:
    answer = browser.request(method, path)
    assert (answer.status_code, set(answer.json())) == (404, PROBLEM)
    assert not answer.history


def test_where_the_api_has_nothing_there_is_no_socket_either(browser: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/api/x", headers=OURS):
        pytest.fail("it was opened")


@pytest.fixture(scope="module")
def gravix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dashboard(tmp_path_factory.mktemp("gravix") / "data") as server:
        yield server


def inbox_of(server: Server) -> Path:
    return server.log.parent / "data" / "uploads"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "%2e%2e%2f%2e%2e%2fgravix.db",
        "%2e%2e",
        "..%5c..%5cgravix.db",
        "a%00.mp4",
        "%ff%fe.mp4",
        "-rf.mp4",
        "a%0d%0aX-Evil:%201.mp4",
        quote("কা" * 42),
    ],
)
def test_no_raw_address_leads_out_of_the_batch(gravix: Server, name: str) -> None:
    answer = ask(gravix.port, f"{PUT}/{name}", method="PUT", body=b"data")
    assert answer.status in {200, 400, 404}
    assert "X-Evil" not in answer.headers
    folders = [entry.name for entry in inbox_of(gravix).iterdir()] if answer.status == 200 else []
    assert set(folders) <= {BATCH}
    assert all(entry.is_file() for entry in inbox_of(gravix).glob("*/*"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        (None, [], 200),
        (None, [("Origin", "http://localhost:{}"), ("Sec-Fetch-Site", "same-origin")], 200),
        ("evil.example:{}", [], 400),
        (None, [("Origin", "http://evil.example")], 403),
        (None, [("Origin", "http://localhost:9000"), ("Sec-Fetch-Site", "same-site")], 403),
    ],
    ids=["a program", "our page", "a foreign name", "another site", "another local app"],
)
def test_the_real_server_takes_files_of_ours_alone(
    gravix: Server, host: str | None, headers: list[tuple[str, str]], status: int
) -> None:
    named = [(key, value.format(gravix.port)) for key, value in headers]
    at = None if host is None else host.format(gravix.port)
    answer = ask(gravix.port, f"{PUT}/a.mp4", method="PUT", host=at, headers=named, body=b"1")
    assert answer.status == status


def memory(server: Server) -> int:
    """MB that the process holds now.  Linux."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) // 1024


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the memory")
def test_memory_does_not_grow_with_the_file(gravix: Server) -> None:
    ask(gravix.port, f"{PUT}/warm.mp4", method="PUT", body=bytes(8 * MB))
    before = memory(gravix)
    length = 10 * MEMORY_MAY_GROW * MB
    pieces = (bytes(MB) for _ in range(length // MB))
    headers = {"Host": f"localhost:{gravix.port}", "Content-Length": str(length)}
    with closing(http.client.HTTPConnection("127.0.0.1", gravix.port, timeout=60)) as connection:
        connection.request("PUT", f"{PUT}/long.mp4", pieces, headers)
        assert json.loads(connection.getresponse().read())["byte_size"] == length
    assert memory(gravix) - before < MEMORY_MAY_GROW


def begun(server: Server) -> socket.socket:
    """A connection over which a part of a file has come."""
    connection = socket.create_connection(("127.0.0.1", server.port))
    head = f"PUT {PUT}/half.mp4 HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
    connection.sendall(f"{head}Content-Length: {100 * MB}\r\n\r\n".encode() + bytes(3 * MB))
    wait_until(lambda: any(inbox_of(server).glob("*/half.mp4.*.tmp")), "the draft")
    return connection


def drafts(server: Server) -> list[Path]:
    return list(inbox_of(server).glob("*/*.tmp"))


@pytest.mark.slow
def test_a_lost_connection_leaves_no_draft(gravix: Server) -> None:
    begun(gravix).close()
    wait_until(lambda: not drafts(gravix), "the draft to be gone")
    assert "Traceback" not in gravix.said()


@pytest.mark.slow
def test_a_file_on_its_way_does_not_hold_the_server(tmp_path: Path) -> None:
    with dashboard(tmp_path / "data") as server, begun(server):
        server.end()
    assert drafts(server) == []
    assert "Traceback" not in server.said()
