"""Servers that are no Gemini at all in, our own errors out."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from gravix_core.errors import Cancelled, CaptionError
from gravix_core.stages.caption.gemini import Gemini
from gravix_core.stages.caption.prompt import prompt_for
from tests.caption.asking import MODEL, brief_of, talks

pytestmark = pytest.mark.slow

KEY = "AIzaSyPlanted-77777777777777777777777777"
REELS = talks(2)
Answering = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answering) -> Iterator[str]:
    """Its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"] or 0))
            answer(self)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *given: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def asked(address: str, *, timeout: float = 60) -> CaptionError:
    with pytest.raises(CaptionError) as caught:
        Gemini(KEY, MODEL, base_url=address, timeout=timeout).ask(
            prompt_for(brief_of(REELS), REELS)
        )
    return caught.value


def body(status: int, content: bytes, kind: str = "application/json") -> Answering:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("content-type", kind)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def endless(chunk: bytes) -> Answering:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(chunk)
        except OSError:
            return

    return answer


def endless_lines(handler: BaseHTTPRequestHandler) -> None:
    """Fields of a head, one after the other."""
    try:
        while True:
            handler.wfile.write(b"a")
            time.sleep(0.05)  # slower than the head's limit of bytes comes into reach
    except OSError:
        return


def test_key_does_not_follow_a_redirect() -> None:
    seen: list[str] = []

    def elsewhere(handler: BaseHTTPRequestHandler) -> None:
        seen.append(str(handler.headers["x-goog-api-key"]))
        body(200, b"{}")(handler)

    with server(elsewhere) as other:

        def lead(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(307)
            handler.send_header("location", f"{other}/v1/models/x:generateContent")
            handler.send_header("content-length", "0")
            handler.end_headers()

        with server(lead) as address:
            assert asked(address).code == "not_understood"
    assert seen == []


def test_answer_that_drips_is_given_up() -> None:
    with server(endless(b" ")) as address:
        assert asked(address, timeout=0.4).code == "late"


def test_head_of_an_answer_that_drips_is_given_up() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
        endless_lines(handler)

    with server(drip) as address:
        began = time.monotonic()
        assert asked(address, timeout=0.4).code == "late"
    assert time.monotonic() - began < 20


def test_list_of_models_that_drips_is_given_up() -> None:
    with server(endless(b" ")) as address, pytest.raises(CaptionError) as caught:
        Gemini(KEY, MODEL, base_url=address, timeout=0.4).models()
    assert caught.value.code == "late"


def test_wish_to_stop_is_heeded_while_an_answer_is_waited_for() -> None:
    is_asked = Event()

    def silent(handler: BaseHTTPRequestHandler) -> None:
        is_asked.set()
        is_over.wait()

    is_over = Event()
    try:
        with server(silent) as address, pytest.raises(Cancelled):
            Gemini(KEY, MODEL, base_url=address, timeout=60).ask(
                prompt_for(brief_of(REELS), REELS), is_asked.is_set
            )
    finally:
        is_over.set()


def test_answer_without_end_is_given_up() -> None:
    with server(endless(b" " * 1_000_000)) as address:
        assert asked(address).code == "not_understood"


@pytest.mark.parametrize(
    "content",
    [
        b"[]", b"5", b'"text"', b"null", b"\xff\xfe", b"{", b'{"candidates": 5}',
        b'{"candidates": [5]}', b'{"candidates": [{"content": {"parts": [{"text": 5}]}}]}',
        b'{"candidates": [{"content": "x"}]}', b'{"usageMetadata": {"promptTokenCount": "many"}}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_answer_that_is_no_answer_is_our_error(content: bytes) -> None:
    with server(body(200, content)) as address:
        assert asked(address).kind == "transient"


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503, 304, 204, 299])
@pytest.mark.parametrize("content", [b"", b"[]", b"5", b'{"error": "no"}', b"<html>", b"\xff"])
def test_error_in_any_shape_is_our_error(status: int, content: bytes) -> None:
    content = b"" if status in {204, 304} else content
    with server(body(status, content)) as address:
        assert asked(address).code


def test_key_that_a_server_repeats_is_not_told() -> None:
    told = b'{"error": {"code": 418, "message": "Key k-77 is bad, k-77!", "status": "k-77"}}'
    with server(body(418, told)) as address, pytest.raises(CaptionError) as caught:
        Gemini("k-77", MODEL, base_url=address).ask(prompt_for(brief_of(REELS), REELS))
    assert "k-77" not in f"{caught.value} {caught.value.details} {caught.value.hint}"
    assert str(caught.value) == "Gemini refused the request: Key … is bad, …!"


@pytest.mark.parametrize("told", [-5, 2**31, 2**70])
def test_tokens_that_nobody_can_have_used_are_not_believed(told: int) -> None:
    counts = {
        "promptTokenCount": told,
        "candidatesTokenCount": told,
        "thoughtsTokenCount": told,
    }
    content = json.dumps({"usageMetadata": counts}).encode()
    with server(body(200, content)) as address:
        usage = Gemini(KEY, MODEL, base_url=address).ask(prompt_for(brief_of(REELS), REELS)).usage
    expected = min(max(0, told), 2**31 - 1)
    assert (usage.input_tokens, usage.output_tokens) == (expected, expected)


def answer_of(text: str, **more: object) -> bytes:
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}, **more}
    return json.dumps({"candidates": [candidate]}).encode()


def test_key_that_a_server_writes_into_a_text_is_not_taken_over() -> None:
    with server(body(200, answer_of("Use k-7777 today"))) as address:
        answered = Gemini("k-7777", MODEL, base_url=address).ask(prompt_for(brief_of(REELS), REELS))
    assert answered.text == "Use … today"


def test_key_in_a_reason_to_finish_is_not_told(capfd: pytest.CaptureFixture[str]) -> None:
    content = answer_of("", finishReason="K-7777\nK-7777")
    with server(body(200, content)) as address:
        answered = Gemini("K-7777", MODEL, base_url=address).ask(prompt_for(brief_of(REELS), REELS))
    assert answered.text is None
    assert "7777" not in f"{answered.why}{capfd.readouterr().err}"


def test_packed_answer_is_refused_before_it_is_unpacked() -> None:
    asked_for: list[str] = []

    def packed(handler: BaseHTTPRequestHandler) -> None:
        asked_for.append(str(handler.headers["accept-encoding"]))
        content = gzip.compress(answer_of("a" * 10_000))
        handler.send_response(200)
        handler.send_header("content-encoding", "gzip")
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    with server(packed) as address:
        assert asked(address).code == "not_understood"
    assert asked_for == ["identity"]


def test_header_that_says_when_to_come_back_is_heeded() -> None:
    def busy(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(503)
        handler.send_header("retry-after", "400")
        handler.send_header("content-length", "0")
        handler.end_headers()

    with server(busy) as address:
        error = asked(address)
    assert (error.code, error.retry_after) == ("overloaded", 400)


def test_models_with_names_that_no_model_has_are_left_out() -> None:
    names = [
        "gemini-3.5-flash", "gemini-3.5-flash", "gemini-../x?key=1#", "gemini-" + "a" * 100,
        "gemini-\ud800", "gemini-\x1b[31m", "gemini-two words",
    ]  # fmt: skip
    told = [
        {
            "name": f"models/{name}",
            "displayName": f"K-7777 \x1b[31m{'b' * 1000}",
            "supportedGenerationMethods": ["generateContent"],
        }
        for name in names
    ]
    with server(body(200, json.dumps({"models": told}).encode())) as address:
        (model,) = Gemini("K-7777", MODEL, base_url=address).models()
    assert model.name == "gemini-3.5-flash"
    assert model.label.startswith("… bbb")
    assert len(model.label) == 80
