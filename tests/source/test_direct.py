"""Direct links against real servers on loopback: what arrives, what is refused, what is asked."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gravix_core.errors import (
    Cancelled,
    DiskFull,
    MediaUnreadable,
    SourceError,
    SourceRefused,
    TooLarge,
)
from gravix_core.model import Unwatched
from gravix_core.stages.source.direct import DirectSource, fetch_direct, title

pytestmark = pytest.mark.slow

BODY = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 12_000
"""About 3 MB that begin like an mp4."""
SHORT = 0.5
"""Seconds after which the tests call a server stalled."""

Send = Callable[["Handler"], None]


@dataclass
class Host:
    """A server on loopback and its journal."""

    port: int = 0
    pages: dict[str, Send] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Path and range of each request."""
    release: threading.Event = field(default_factory=threading.Event)
    """What hangs goes on when this is set."""

    def url(self, path: str = "/film.mp4", name: str = "127.0.0.1") -> str:
        return f"http://{name}:{self.port}{path}"

    def exempt(self, address: str, port: int) -> bool:
        return address in {"127.0.0.1", "::1"} and port == self.port


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host

    def do_GET(self) -> None:
        self.close_connection = True
        self.host.asked.append(f"{self.path} {self.headers.get('Range', '')}".strip())
        self.host.pages.get(self.path.partition("?")[0], status(404))(self)

    def head(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def hang(self) -> None:
        self.wfile.flush()
        self.host.release.wait(20)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's name
        pass

    def handle(self) -> None:
        with suppress(OSError):  # the client hung up
            super().handle()


@pytest.fixture(name="host")
def _host() -> Iterator[Host]:
    yield from _serve()


@pytest.fixture(name="other")
def _other() -> Iterator[Host]:
    yield from _serve()


def _serve() -> Iterator[Host]:
    host = Host()
    handler = type("OneHandler", (Handler,), {"host": host})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    host.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield host
    host.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


class Impatient:
    """Stops as soon as something is true."""

    def __init__(self, condition: Callable[[], bool]) -> None:
        self._condition = condition
        self.asked_at: float | None = None

    def progress(self, percent: float, note: str = "") -> None:
        pass

    def should_stop(self) -> bool:
        if self.asked_at is None and self._condition():
            self.asked_at = time.monotonic()
        return self.asked_at is not None


class Told(Unwatched):
    def __init__(self) -> None:
        self.seen: list[float] = []

    def progress(self, percent: float, note: str = "") -> None:
        self.seen.append(percent)


Fetch = Callable[..., Path]


@pytest.fixture(name="fetch")
def _fetch(host: Host, tmp_path: Path) -> Fetch:
    return partial(
        fetch_direct,
        folder=tmp_path / "in",
        limit_bytes=10**8,
        watch=Unwatched(),
        exempt=host.exempt,
        stalled=SHORT,
        pauses=(0.0, 0.0),
    )


def whole(
    handler: Handler, *, body: bytes = BODY, tag: str = '"one"', upto: int | None = None
) -> None:
    """Send the file, by Range if that is asked for and the tag fits; cut it off at `upto`."""
    asked, known = handler.headers.get("Range"), handler.headers.get("If-Range")
    start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and known == tag else 0
    named = {"ETag": tag} if tag else {}
    sizes: dict[str, object] = {"Content_Length": len(body) - start, "Content_Type": "video/mp4"}
    if start:
        sizes["Content_Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
    handler.head(206 if start else 200, **sizes, **named)
    handler.wfile.write(body[start:upto])


def first(*sends: Send) -> Send:
    """Each request gets the next answer, the last one for ever."""
    left = list(sends)

    def send(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return send


def status(code: int) -> Send:
    return lambda handler: handler.head(code, Content_Length=0)


def to(where: str) -> Send:
    return lambda handler: handler.head(302, Location=where, Content_Length=0)


def page(kind: str, body: bytes, **headers: object) -> Send:
    def send(handler: Handler) -> None:
        handler.head(200, Content_Type=kind, Content_Length=len(body), **headers)
        handler.wfile.write(body)

    return send


def left_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


# what arrives


def test_a_file_arrives_whole_under_its_own_ending(
    host: Host, fetch: Fetch, tmp_path: Path
) -> None:
    host.pages["/film.MOV"] = whole
    told = Told()
    file = fetch(host.url("/film.MOV?token=secret"), watch=told)
    assert file == tmp_path / "in" / "source.mov"
    assert file.read_bytes() == BODY
    assert left_in(tmp_path / "in") == {"source.mov"}
    assert told.seen == sorted(told.seen)
    assert told.seen[-1] == 100


def test_the_ending_comes_from_the_type_where_the_address_has_none(
    host: Host, fetch: Fetch
) -> None:
    host.pages["/get"] = page("video/webm; codecs=vp9", BODY)
    host.pages["/raw"] = page("application/octet-stream", BODY)
    assert fetch(host.url("/get?id=1")).name == "source.webm"
    assert fetch(host.url("/raw")).name == "source.video"


def test_a_file_of_unknown_length_arrives_whole(host: Host, fetch: Fetch) -> None:
    def chunked(handler: Handler) -> None:
        handler.head(200, Content_Type="video/mp4", Transfer_Encoding="chunked")
        for at in range(0, len(BODY), 100_000):
            block = BODY[at : at + 100_000]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(block), block))
        handler.wfile.write(b"0\r\n\r\n")

    host.pages["/film.mp4"] = chunked
    assert fetch(host.url()).read_bytes() == BODY


def test_the_source_says_what_the_file_holds(host: Host, tmp_path: Path) -> None:
    clip = Path(__file__).resolve().parents[2] / "sample" / "gravix-sample.mp4"
    host.pages["/My%20first_talk.mp4"] = page("video/mp4", clip.read_bytes())
    source = DirectSource(limit_bytes=10**9, exempt=host.exempt)
    found = source.fetch(host.url("/My%20first_talk.mp4"), folder=tmp_path, watch=Unwatched())
    assert found.title == "My first talk"
    assert found.info.duration > 1
    assert found.file.read_bytes() == clip.read_bytes()


def test_what_is_no_video_after_all_is_not_kept(host: Host, tmp_path: Path) -> None:
    host.pages["/film.mp4"] = page("video/mp4", b"\x01nothing that anybody could play" * 99)
    source = DirectSource(limit_bytes=10**9, exempt=host.exempt)
    with pytest.raises(MediaUnreadable):
        source.fetch(host.url(), folder=tmp_path, watch=Unwatched())
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://example.org/a.mp4", True),
        (" HTTP://example.org/a.mp4", True),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", False),
        ("https://youtu.be/x", False),
        ("ftp://example.org/a.mp4", False),
        ("C:\\film.mp4", False),
        ("film.mp4", False),
        ("example.org/a.mp4", False),
    ],
)
def test_only_web_addresses_of_other_hosts_are_taken(given: str, taken: bool) -> None:
    assert DirectSource(limit_bytes=1).takes(given) is taken


def test_an_address_without_a_name_has_a_title_all_the_same() -> None:
    assert title("https://example.org/?v=1") == "Video"


# going on


def test_a_file_that_was_cut_goes_on_where_it_stopped(host: Host, fetch: Fetch) -> None:
    host.pages["/film.mp4"] = first(partial(whole, upto=1_000_000), whole)
    assert fetch(host.url()).read_bytes() == BODY
    assert host.asked == ["/film.mp4", "/film.mp4 bytes=1000000-"]


def test_the_next_call_goes_on_from_the_part(host: Host, fetch: Fetch, tmp_path: Path) -> None:
    host.pages["/film.mp4"] = first(partial(whole, upto=700_000), whole)
    with pytest.raises(SourceError, match="tries failed"):
        fetch(host.url(), pauses=())
    assert "source.part" in left_in(tmp_path / "in")
    assert fetch(host.url(), pauses=()).read_bytes() == BODY
    assert host.asked[1] == "/film.mp4 bytes=700000-"


def test_another_file_does_not_go_on_from_the_part(host: Host, fetch: Fetch) -> None:
    host.pages |= {"/film.mp4": partial(whole, upto=700_000), "/other.mp4": whole}
    with pytest.raises(SourceError):
        fetch(host.url(), pauses=())
    assert fetch(host.url("/other.mp4")).read_bytes() == BODY
    assert host.asked[-1] == "/other.mp4"


def test_a_file_that_changed_on_the_server_is_fetched_anew(host: Host, fetch: Fetch) -> None:
    new = BODY[:16] + b"new" * 500_000
    host.pages["/film.mp4"] = first(
        partial(whole, upto=700_000), partial(whole, body=new, tag='"two"')
    )
    assert fetch(host.url()).read_bytes() == new


def test_a_server_that_names_no_state_is_asked_from_the_start(host: Host, fetch: Fetch) -> None:
    host.pages["/film.mp4"] = first(partial(whole, upto=700_000, tag=""), partial(whole, tag=""))
    assert fetch(host.url()).read_bytes() == BODY
    assert host.asked == ["/film.mp4", "/film.mp4"]


@pytest.mark.parametrize(
    "content_range",
    [f"bytes 5-9/{len(BODY)}", "bytes 700000-700004/9", "bytes 700000-700004/*", "nonsense", ""],
)
def test_a_wrong_range_is_not_glued_on(host: Host, fetch: Fetch, content_range: str) -> None:
    def wrong(handler: Handler) -> None:
        handler.head(206, Content_Range=content_range, Content_Length=5)
        handler.wfile.write(b"wrong")

    host.pages["/film.mp4"] = first(partial(whole, upto=700_000), wrong, whole)
    assert fetch(host.url()).read_bytes() == BODY


def test_a_server_may_give_less_than_was_asked_for(host: Host, fetch: Fetch) -> None:
    def little(handler: Handler) -> None:
        handler.head(206, Content_Range=f"bytes 700000-700004/{len(BODY)}", Content_Length=5)
        handler.wfile.write(BODY[700_000:700_005])

    host.pages["/film.mp4"] = first(partial(whole, upto=700_000), little, whole)
    assert fetch(host.url()).read_bytes() == BODY
    assert host.asked[-1] == "/film.mp4 bytes=700005-"


def test_a_part_that_the_server_does_not_know_is_fetched_anew(host: Host, fetch: Fetch) -> None:
    host.pages["/film.mp4"] = first(partial(whole, upto=700_000), status(416), whole)
    assert fetch(host.url()).read_bytes() == BODY


def test_progress_gives_new_tries(host: Host, fetch: Fetch) -> None:
    cuts = [partial(whole, upto=upto) for upto in (1_100_000, 2_200_000)]
    host.pages["/film.mp4"] = first(*cuts, status(500), whole)
    assert fetch(host.url(), pauses=(0.0,)).read_bytes() == BODY


def test_a_server_that_fails_is_asked_again_and_no_more_than_that(host: Host, fetch: Fetch) -> None:
    host.pages["/film.mp4"] = status(503)
    with pytest.raises(SourceError, match="the server failed; 3 tries failed"):
        fetch(host.url())
    assert len(host.asked) == 3


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 429])
def test_a_server_that_refuses_is_asked_once(host: Host, fetch: Fetch, code: int) -> None:
    host.pages["/film.mp4"] = status(code)
    with pytest.raises(SourceError) as caught:
        fetch(host.url())
    assert len(host.asked) == 1
    assert caught.value.hint.endswith("upload the file instead.")


# what is refused


@pytest.mark.parametrize(
    ("send", "said"),
    [
        (page("text/html; charset=utf-8", b"<html>"), "a page"),
        (page("video/mp4", b"\n <!DOCTYPE html><html>" + b" " * 999), "a page"),
        (page("application/octet-stream", b"\xef\xbb\xbf<html>" + b" " * 999), "a page"),
        (page("video/mp4", b'{"error": "no"}'), "a page"),
        (page("application/json", b"{}"), "a page"),
        (page("image/png", b"\x89PNG"), "a picture"),
        (page("application/vnd.apple.mpegurl", b"#EXTM3U"), "a play list"),
        (page("audio/mpegurl", b"#EXTM3U"), "a play list"),
        (page("video/mp4", b"#EXTM3U\nhttp://127.0.0.1/"), "a play list"),
        (page("application/octet-stream", b'<?xml version="1.0"?>\n<MPD>'), "a play list"),
        (page("video/mp4", BODY, Content_Encoding="gzip"), "compressed"),
    ],
)
def test_what_is_no_video_is_refused_at_its_start(
    host: Host, fetch: Fetch, tmp_path: Path, send: Send, said: str
) -> None:
    host.pages["/film.mp4"] = send
    with pytest.raises(SourceRefused, match=said):
        fetch(host.url())
    assert len(host.asked) == 1
    assert left_in(tmp_path / "in") == set()


def test_a_file_that_is_too_large_is_refused_before_it_comes(host: Host, fetch: Fetch) -> None:
    def endless(handler: Handler) -> None:
        handler.head(200, Content_Type="video/mp4", Content_Length=10**12)
        handler.hang()

    host.pages["/film.mp4"] = endless
    with pytest.raises(TooLarge, match="larger than 2 MB"):
        fetch(host.url(), limit_bytes=2_000_000, stalled=10)


def test_a_file_that_does_not_say_how_large_it_is_ends_at_the_limit(
    host: Host, fetch: Fetch, tmp_path: Path
) -> None:
    def endless(handler: Handler) -> None:
        handler.head(200, Content_Type="video/mp4")
        while True:
            handler.wfile.write(BODY)

    host.pages["/film.mp4"] = endless
    with pytest.raises(TooLarge):
        fetch(host.url(), limit_bytes=5_000_000)
    assert left_in(tmp_path / "in") == set()


def test_a_file_for_which_there_is_no_room_is_not_begun(
    host: Host, fetch: Fetch, tmp_path: Path
) -> None:
    host.pages["/film.mp4"] = whole
    with pytest.raises(DiskFull):
        fetch(host.url(), room=lambda _: len(BODY))
    assert left_in(tmp_path / "in") == set()


def test_a_disk_that_fills_meanwhile_ends_it_and_keeps_the_part(
    host: Host, fetch: Fetch, tmp_path: Path
) -> None:
    def long(handler: Handler) -> None:
        handler.head(200, Content_Type="video/mp4", ETag='"one"', Content_Length=30 * len(BODY))
        for _ in range(30):
            handler.wfile.write(BODY)

    host.pages["/film.mp4"] = long
    rooms = iter([10**12])
    with pytest.raises(DiskFull):
        fetch(host.url(), room=lambda _: next(rooms, 0))
    assert (tmp_path / "in" / "source.part").stat().st_size > 30_000_000


# who may be asked

SPELLINGS = (
    "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0",
    "[::ffff:127.0.0.1]", "127.0.0.1.",
)  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
def test_this_computer_is_not_asked_however_it_is_written(
    host: Host, tmp_path: Path, name: str
) -> None:
    with pytest.raises(SourceError) as caught:
        fetch_direct(
            host.url(name=name), folder=tmp_path, limit_bytes=10, watch=Unwatched(), pauses=()
        )
    assert host.asked == []
    assert "secret" not in str(caught.value)


def test_the_refusal_says_that_nothing_was_requested(host: Host, tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="private network and is not taken; nothing was req"):
        fetch_direct(host.url(), folder=tmp_path, limit_bytes=10, watch=Unwatched())


def test_a_name_is_judged_by_the_address_that_answers(host: Host, fetch: Fetch) -> None:
    host.pages["/film.mp4"] = whole
    peers: list[tuple[str, int]] = []

    def exempt(address: str, port: int) -> bool:
        peers.append((address, port))
        return host.exempt(address, port)

    fetch(host.url(name="localhost"), exempt=exempt)
    assert peers == [("127.0.0.1", host.port)]


def test_not_one_byte_is_sent_over_tls_to_a_private_peer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        url = f"https://127.0.0.1:{server.getsockname()[1]}/film.mp4"
        with pytest.raises(SourceRefused, match="private network"):
            fetch_direct(url, folder=tmp_path, limit_bytes=10, watch=Unwatched())
        peer, _ = server.accept()
        with peer:
            assert peer.recv(100) == b""


def test_a_redirect_to_a_private_peer_is_not_followed(
    host: Host, other: Host, fetch: Fetch
) -> None:
    host.pages["/film.mp4"] = to(other.url("/secret"))
    with pytest.raises(SourceRefused, match="private network"):
        fetch(host.url())
    assert (host.asked, other.asked) == (["/film.mp4"], [])


def test_redirects_are_followed_to_the_file(host: Host, fetch: Fetch) -> None:
    for at in range(5):
        host.pages[f"/{at}"] = to(f"/{at + 1}" if at % 2 else host.url(f"/{at + 1}", "localhost"))
    host.pages["/5"] = whole
    assert fetch(host.url("/0")).read_bytes() == BODY
    assert len(host.asked) == 6


def test_a_sixth_redirect_is_not_followed(host: Host, fetch: Fetch) -> None:
    host.pages["/film.mp4"] = to("/film.mp4")
    with pytest.raises(SourceRefused, match="more than 5 times"):
        fetch(host.url())
    assert len(host.asked) == 6


@pytest.mark.parametrize(
    "where",
    ["file:///etc/hostname", "ftp://example.org/a", "data:video/mp4;base64,AAAA",
     "http://user:word@127.0.0.1/x", "javascript:1", "http://[::1/x", "gopher://127.0.0.1/"],
)  # fmt: skip
def test_a_redirect_to_anything_but_the_web_is_not_followed(
    host: Host, fetch: Fetch, where: str
) -> None:
    host.pages["/film.mp4"] = to(where)
    with pytest.raises(SourceRefused, match=r"address is not taken|not a usable address"):
        fetch(host.url())
    assert host.asked == ["/film.mp4"]


def test_a_proxy_of_the_environment_is_not_asked(
    host: Host, other: Host, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, other.url(""))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    host.pages["/film.mp4"] = whole
    assert fetch(host.url()).read_bytes() == BODY
    assert other.asked == []


def test_no_secret_of_the_address_is_kept_or_said(host: Host, fetch: Fetch, tmp_path: Path) -> None:
    host.pages["/film.mp4"] = partial(whole, upto=700_000)
    with pytest.raises(SourceError) as caught:
        fetch(host.url("/film.mp4?token=hunter2"), pauses=())
    note = (tmp_path / "in" / "source.part.json").read_text(encoding="utf-8")
    assert json.loads(note)["validator"] == '"one"'
    assert "hunter2" not in f"{note} {caught.value} {caught.value.hint}"


# servers that do not answer


def silent(handler: Handler) -> None:
    handler.hang()


def silent_body(handler: Handler) -> None:
    handler.head(200, Content_Type="video/mp4", ETag='"one"', Content_Length=len(BODY))
    handler.wfile.write(BODY[:700_000])
    handler.hang()


def dripping(handler: Handler) -> None:
    handler.head(200, Content_Type="video/mp4", ETag='"one"', Content_Length=len(BODY))
    for at in range(len(BODY)):
        handler.wfile.write(BODY[at : at + 1])
        if handler.host.release.wait(0.02):
            return


@pytest.mark.parametrize("send", [silent, silent_body, dripping])
def test_a_server_that_stalls_is_left(host: Host, fetch: Fetch, send: Send) -> None:
    host.pages["/film.mp4"] = send
    begun = time.monotonic()
    with pytest.raises(SourceError, match=r"stopped sending|too slowly"):
        fetch(host.url(), pauses=())
    assert SHORT <= time.monotonic() - begun < SHORT + 5


def test_a_server_that_stalls_once_is_asked_for_the_rest(host: Host, fetch: Fetch) -> None:
    host.pages["/film.mp4"] = first(silent_body, whole)
    assert fetch(host.url()).read_bytes() == BODY
    assert host.asked[1] == "/film.mp4 bytes=700000-"


@pytest.mark.parametrize("send", [silent, silent_body, dripping])
def test_stopping_takes_less_than_two_seconds(host: Host, fetch: Fetch, send: Send) -> None:
    host.pages["/film.mp4"] = send
    watch = Impatient(lambda: bool(host.asked))
    with pytest.raises(Cancelled):
        fetch(host.url(), watch=watch, stalled=60)
    assert watch.asked_at is not None
    assert time.monotonic() - watch.asked_at < 2


def test_stopping_between_two_tries_takes_less_than_two_seconds(host: Host, fetch: Fetch) -> None:
    host.pages["/film.mp4"] = status(500)
    watch = Impatient(lambda: bool(host.asked))
    with pytest.raises(Cancelled):
        fetch(host.url(), watch=watch, pauses=(60.0,))
    assert watch.asked_at is not None
    assert time.monotonic() - watch.asked_at < 2


def test_what_was_stopped_goes_on_later(host: Host, fetch: Fetch, tmp_path: Path) -> None:
    host.pages["/film.mp4"] = first(silent_body, whole)
    part = tmp_path / "in" / "source.part"
    watch = Impatient(lambda: part.is_file() and part.stat().st_size >= 500_000)
    with pytest.raises(Cancelled):
        fetch(host.url(), watch=watch, stalled=60)
    assert fetch(host.url()).read_bytes() == BODY
    assert "bytes=" in host.asked[1]


def test_nobody_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SourceError, match="could not be reached"):
        fetch_direct(
            f"http://127.0.0.1:{port}/film.mp4",
            folder=tmp_path,
            limit_bytes=10,
            watch=Unwatched(),
            pauses=(),
        )
