"""The guard alone, held against requests that no honest browser sends."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from gravix_core.web.guard import (
    ANSWER_HEADERS,
    BACK,
    CONNECT,
    INLINE_SCRIPT,
    Address,
    Guard,
    https_host,
    parse_authority,
)

PORT = 8501
OWN = f"localhost:{PORT}"
PAGE = f"http://{OWN}"
Pairs = Sequence[tuple[str, str]]


async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def crash(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("a bug")


async def accept(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})


def request(pairs: Pairs, *, method: str = "GET", path: str = "/", **more: Any) -> Scope:
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "server": ("127.0.0.1", PORT),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in pairs],
        **more,
    }


def handshake(pairs: Pairs, **more: Any) -> Scope:
    return {**request(pairs), "type": "websocket", "scheme": "ws", **more}


def answers(guard: Guard, scope: Scope) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(guard(scope, receive, send))
    return sent


def status(scope: Scope, **options: Any) -> int:
    return int(answers(Guard(hello, **options), scope)[0]["status"])


@pytest.mark.parametrize("host", [OWN, f"127.0.0.1:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
def test_every_local_name_is_ours(host: str) -> None:
    assert status(request([("host", host)])) == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        ":",
        f":{PORT}",
        "localhost",  # means port 80
        "localhost:9000",
        "localhost:",
        "localhost:x",
        "localhost:+8501",
        "localhost:8501:8501",
        "localhost:850１",
        f"localhost.:{PORT}",
        f"evil.localhost:{PORT}",
        f"localhost.evil.example:{PORT}",
        f"evil.example:{PORT}",
        f"user@localhost:{PORT}",
        f"user:pass@localhost:{PORT}",
        f"localhost:{PORT}@evil.example",
        f"evil.example#@localhost:{PORT}",
        f"localhost/:{PORT}",
        f"localhost\\:{PORT}",
        f"localhost%00:{PORT}",
        f"localhost,evil.example:{PORT}",
        f"0.0.0.0:{PORT}",
        f"127.1:{PORT}",
        f"::1:{PORT}",
        f"[::1:{PORT}",
        f"[::1]x:{PORT}",
        f"[::ffff:127.0.0.1]:{PORT}",
        f"[localhost]:{PORT}",
        "[",
        "]",
        "[]",
        "ÿ",
    ],
)
def test_no_other_name_is_ours(host: str) -> None:
    raw = [(b"host", host.encode("utf-8"))]
    assert status(request([], headers=raw)) == 400


@pytest.mark.parametrize("hosts", [[], [OWN, OWN], [OWN, "evil.example"]])
def test_request_names_exactly_one_host(hosts: list[str]) -> None:
    assert status(request([("host", host) for host in hosts])) == 400


def test_port_is_free_when_the_server_does_not_know_its_own() -> None:
    assert status(request([("host", "localhost:9000")], server=None)) == 200
    assert status(request([("host", "localhost:9000")], server=("/run/x.sock", None))) == 200


def test_default_port_may_be_left_out() -> None:
    pairs = [("host", "localhost"), ("origin", "http://localhost")]
    assert status(request(pairs, method="POST", server=("127.0.0.1", 80))) == 200


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], 200),
        ([("origin", PAGE)], 200),
        ([("origin", PAGE.upper())], 200),
        ([("origin", PAGE), ("sec-fetch-site", "same-origin")], 200),
        ([("sec-fetch-site", "none")], 200),
        ([("origin", PAGE), ("sec-fetch-site", "cross-site")], 403),
        ([("sec-fetch-site", "same-site")], 403),
        ([("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], 403),
        ([("sec-fetch-site", "nonsense")], 403),
        ([("origin", "")], 403),
        ([("origin", "null")], 403),
        ([("origin", OWN)], 403),
        ([("origin", f"{PAGE}/")], 403),
        ([("origin", f"https://{OWN}")], 403),
        ([("origin", f"http://user@{OWN}")], 403),
        ([("origin", f"http://127.0.0.1:{PORT}")], 403),
        ([("origin", "http://localhost")], 403),
        ([("origin", "http://localhost:9000")], 403),
        ([("origin", f"{PAGE}.evil.example")], 403),
        ([("origin", PAGE), ("origin", PAGE)], 403),
        ([("origin", "http://[")], 403),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
def test_only_our_pages_and_programs_may_write(method: str, pairs: Pairs, expected: int) -> None:
    assert status(request([("host", OWN), *pairs], method=method)) == expected


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], 200),
        ([("sec-fetch-site", "none")], 200),
        ([("sec-fetch-site", "cross-site")], 403),
        ([("origin", "http://evil.example")], 403),
        ([("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], 403),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_other_sites_may_not_read(method: str, pairs: Pairs, expected: int) -> None:
    assert status(request([("host", OWN), *pairs], method=method)) == expected


@pytest.mark.parametrize(
    ("path", "method", "expected"),
    [
        ("/api/reels", "POST", 200),
        ("/api/reels", "OPTIONS", 200),
        ("/apiary", "POST", 403),
        ("/", "GET", 403),
    ],
)
def test_further_origin_may_use_the_api_and_nothing_else(
    path: str, method: str, expected: int
) -> None:
    friend = ("https://me.example",)
    pairs = [("host", OWN), ("origin", friend[0]), ("sec-fetch-site", "cross-site")]
    assert status(request(pairs, method=method, path=path), api_origins=friend) == expected
    assert status(request(pairs, method=method, path=path)) == 403
    sent = answers(Guard(accept, api_origins=friend), handshake(pairs, path="/api/x"))
    assert sent == [{"type": "websocket.close", "code": 1008}]


LINK = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]
TOP = [*LINK, ("sec-fetch-dest", "document")]


@pytest.mark.parametrize(
    ("path", "method", "pairs", "expected"),
    [
        (BACK, "GET", TOP, 200),
        (BACK, "GET", [*TOP, ("origin", "null")], 200),
        (BACK, "GET", [*TOP, ("origin", "https://www.facebook.com")], 200),
        (BACK, "GET", LINK, 403),
        (BACK, "GET", [*LINK, ("sec-fetch-dest", "iframe")], 403),
        (BACK, "GET", [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], 403),
        (BACK, "GET", [("origin", "https://www.facebook.com")], 403),
        (BACK, "HEAD", TOP, 403),
        (BACK, "POST", TOP, 403),
        (f"{BACK}/", "GET", TOP, 403),
        (f"{BACK}/x", "GET", TOP, 403),
        (CONNECT, "GET", TOP, 200),
        (CONNECT, "GET", [*TOP, ("origin", "null")], 403),
        (CONNECT, "POST", TOP, 403),
        ("/api/social/status", "GET", TOP, 403),
        ("/api/social/disconnect", "DELETE", TOP, 403),
        ("/api/reels", "GET", TOP, 403),
        ("/connect", "GET", TOP, 200),
    ],
)
def test_of_the_api_another_site_may_link_to_the_way_of_connecting_alone(
    path: str, method: str, pairs: Pairs, expected: int
) -> None:
    assert status(request([("host", OWN), *pairs], method=method, path=path)) == expected


@pytest.mark.parametrize(
    ("host", "method", "path", "expected"),
    [
        ("gravix.example", "GET", BACK, 200),
        ("GRAVIX.example:443", "GET", BACK, 200),
        ("gravix.example:8443", "GET", BACK, 200),
        ("gravix.example", "POST", BACK, 400),
        ("gravix.example", "HEAD", BACK, 400),
        ("gravix.example", "GET", f"{BACK}/", 400),
        ("gravix.example", "GET", "/", 400),
        ("gravix.example", "GET", CONNECT, 400),
        ("evil.example", "GET", BACK, 400),
        ("x.gravix.example", "GET", BACK, 400),
        ("gravix.example.evil.example", "GET", BACK, 400),
        ("evil@gravix.example", "GET", BACK, 400),
    ],
)
def test_host_of_the_redirect_uri_is_ours_for_the_way_back_alone(
    host: str, method: str, path: str, expected: int
) -> None:
    def uri() -> str:
        return f"https://gravix.example{BACK}"

    for pairs in ([], TOP):
        scope = request([("host", host), *pairs], method=method, path=path)
        assert status(scope, redirect_uri=uri) == expected
        assert status(scope) == 400
    image = request([("host", host), ("sec-fetch-site", "cross-site")], method=method, path=path)
    assert status(image, redirect_uri=uri) in {400, 403}
    sent = answers(Guard(accept, redirect_uri=uri), handshake([("host", host)], path=BACK))
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    ("host", "method", "path", "expected"),
    [
        ("reels.example", "GET", "/public/reels/7.mp4", 200),
        ("reels.example:8443", "HEAD", "/public/reels/123456789012345678.mp4", 200),
        ("reels.example", "POST", "/public/reels/7.mp4", 400),
        ("reels.example", "OPTIONS", "/public/reels/7.mp4", 400),
        ("reels.example", "GET", "/public/reels/7.mp4/", 400),
        ("reels.example", "GET", "/public/reels/7.mp4\n", 400),
        ("reels.example", "GET", "/public/reels/7xmp4", 400),
        ("reels.example", "GET", "/public/reels/\u0667.mp4", 400),
        ("reels.example", "GET", "/public/reels/../7.mp4", 400),
        ("reels.example", "GET", "//public/reels/7.mp4", 400),
        ("reels.example", "GET", "/", 400),
        ("reels.example", "GET", BACK, 400),
        ("x.reels.example", "GET", "/public/reels/7.mp4", 400),
        ("evil@reels.example", "GET", "/public/reels/7.mp4", 400),
    ],
)
def test_host_of_the_public_url_is_ours_for_reels_alone(
    host: str, method: str, path: str, expected: int
) -> None:
    def url() -> str:
        return "https://reels.example/gravix"

    scope = request([("host", host)], method=method, path=path)
    assert status(scope, public_url=url) == expected
    assert status(scope) == 400
    sent = answers(Guard(accept, public_url=url), handshake([("host", host)], path=path))
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("https://Gravix.example/back", "gravix.example"),
        ("https://[::1]:8443/", "::1"),
        ("http://gravix.example/back", None),
        ("https://[", None),
        ("https:///back", None),
        ("", None),
    ],
)
def test_only_an_https_address_has_an_outer_host(uri: str, host: str | None) -> None:
    assert https_host(uri) == host


def test_answer_that_tells_no_referrer_keeps_it_so() -> None:
    async def strict(_scope: Scope, _receive: Receive, send: Send) -> None:
        named = [(b"referrer-policy", b"no-referrer"), (b"x-frame-options", b"ALLOWALL")]
        await send({"type": "http.response.start", "status": 200, "headers": named})
        await send({"type": "http.response.body", "body": b""})

    found = dict(answers(Guard(strict), request([("host", OWN)]))[0]["headers"])
    assert (found[b"referrer-policy"], found[b"x-frame-options"]) == (b"no-referrer", b"DENY")


def test_websocket_is_opened_to_our_page() -> None:
    sent = answers(Guard(accept), handshake([("host", OWN), ("origin", PAGE)]))
    assert sent == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("pairs", [[], [("origin", "http://evil.example")], [("origin", "null")]])
def test_refused_websocket_says_why_where_the_server_can(pairs: Pairs) -> None:
    able = handshake([("host", OWN), *pairs], extensions={"websocket.http.response": {}})
    assert answers(Guard(accept), able)[0]["status"] == 403
    assert answers(Guard(accept), handshake(pairs)) == [{"type": "websocket.close", "code": 1008}]


def test_crash_is_answered_without_a_trace_and_reaches_the_log() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError, match="a bug"):
        asyncio.run(Guard(crash)(request([("host", OWN)]), receive, send))
    assert sent[0]["status"] == 500
    assert {name.lower().encode() for name in ANSWER_HEADERS} <= dict(sent[0]["headers"]).keys()
    assert b"bug" not in sent[1]["body"]


def test_stream_passes_piece_by_piece() -> None:
    async def run() -> None:
        seen = asyncio.Event()

        async def stream(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"one", "more_body": True})
            await asyncio.wait_for(seen.wait(), 5)  # never set if the guard kept the piece
            await send({"type": "http.response.body", "body": b"two"})

        async def receive() -> Message:
            return {"type": "http.request"}

        async def send(message: Message) -> None:
            if message.get("body") == b"one":
                seen.set()

        await Guard(stream)(request([("host", OWN)]), receive, send)

    asyncio.run(run())


def test_policy_allows_the_inline_script_of_the_streamlit_that_is_installed() -> None:
    spec = find_spec("streamlit")
    assert spec is not None
    assert spec.origin is not None
    index = (Path(spec.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
    (inline,) = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == INLINE_SCRIPT


def test_policy_lets_in_no_script_but_ours_streamlits_and_what_they_make() -> None:
    policy = ANSWER_HEADERS["Content-Security-Policy"]
    rules = {name: set(rest) for name, *rest in map(str.split, policy.split(";"))}
    assert rules["script-src"] == {"'self'", INLINE_SCRIPT, "blob:"}
    assert {name for name in rules if name.startswith("script-src-")} == set()


def test_lifespan_passes_unseen() -> None:
    passed: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope["type"])

    answers(Guard(app), {"type": "lifespan"})
    assert passed == ["lifespan"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Localhost:1", Address("localhost", 1)),
        ("[::1]", Address("::1", 80)),
        ("a.example", Address("a.example", 80)),
        ("a:b:1", None),
    ],
)
def test_authority_is_read_strictly(text: str, expected: Address | None) -> None:
    assert parse_authority(text, default_port=80) == expected
