"""Every attack is seen to work on Streamlit as it comes, and to fail on Gravix."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gravix_core.web.guard import ANSWER_HEADERS
from tests.web.servers import Server, ask, dashboard, knock, stock

pytestmark = pytest.mark.slow

FRAMING = {"X-Frame-Options", "Content-Security-Policy", "X-Content-Type-Options"}
FOREIGN = [
    [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")],
    [("Origin", "http://localhost:9000"), ("Sec-Fetch-Site", "same-site")],
    [("Origin", "null")],
    [("Sec-Fetch-Site", "cross-site")],
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with stock(tmp_path_factory.mktemp("plain")) as server:
        yield server


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with stock(tmp_path_factory.mktemp("guarded"), guarded=True) as server:
        yield server


@pytest.fixture(scope="module")
def gravix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dashboard(tmp_path_factory.mktemp("gravix") / "data") as server:
        yield server


def knocked(server: Server, host: str, origin: str | None) -> int:
    named = None if origin is None else origin.format(server.port)
    return knock(server.port, host=host.format(server.port), origin=named)


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        pytest.param("localhost:{}", "http://localhost:{}", 101, id="our own page"),
        pytest.param("127.0.0.1:{}", "http://127.0.0.1:{}", 101, id="our page by number"),
        pytest.param("localhost:{}", "http://localhost:9000", 403, id="other local app"),
        pytest.param("evil.example:{}", "http://evil.example:{}", 400, id="DNS rebinding"),
        pytest.param("localhost:{}", None, 403, id="no browser"),
    ],
)
def test_websocket_that_streamlit_opens_opens_to_our_own_page_only(
    plain: Server, gravix: Server, host: str, origin: str | None, status: int
) -> None:
    assert knocked(plain, host, origin) == 101
    assert knocked(gravix, host, origin) == status


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_websocket_that_streamlit_refuses_is_refused_by_us_first(
    gravix: Server, origin: str
) -> None:
    # not asked of Streamlit alone: it would ask the network for its own address first
    assert knocked(gravix, "localhost:{}", origin) == 403


@pytest.mark.parametrize("host", ["evil.example:{}", "evil.example", "192.168.1.7:{}"])
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/no/such/page"])
def test_answers_are_not_given_under_a_foreign_name(
    plain: Server, gravix: Server, host: str, path: str
) -> None:
    assert ask(plain.port, path, host=host.format(plain.port)).status == 200
    refused = ask(gravix.port, path, host=host.format(gravix.port))
    assert refused.status == 400
    assert "Gravix answers to" in refused.body


@pytest.mark.parametrize("headers", FOREIGN)
def test_foreign_page_does_not_make_a_route_act(
    plain: Server, guarded: Server, headers: list[tuple[str, str]]
) -> None:
    acted = ask(plain.port, "/api/deed", method="POST", headers=headers, body=b"{}")
    assert (acted.status, acted.body) == (200, "done")
    refused = ask(guarded.port, "/api/deed", method="POST", headers=headers, body=b"{}")
    assert refused.status == 403
    assert "done" not in refused.body


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_foreign_page_does_not_reach_the_uploads(
    gravix: Server, method: str, headers: list[tuple[str, str]]
) -> None:
    refused = ask(
        gravix.port, "/_stcore/upload_file/a/b", method=method, headers=headers, body=b"x"
    )
    assert refused.status == 403
    assert refused.body == "This request comes from another site."


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="a program"),
        pytest.param(
            [("Origin", "http://localhost:{}"), ("Sec-Fetch-Site", "same-origin")], id="our page"
        ),
    ],
)
def test_route_acts_for_us(guarded: Server, headers: list[tuple[str, str]]) -> None:
    ours = [(name, value.format(guarded.port)) for name, value in headers]
    assert ask(guarded.port, "/api/deed", method="POST", headers=ours, body=b"{}").body == "done"


def test_foreign_page_does_not_load_our_answers(plain: Server, guarded: Server) -> None:
    image = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")]
    assert ask(plain.port, "/api/deed", headers=image).status == 200
    assert ask(guarded.port, "/api/deed", headers=image).status == 403


def test_foreign_page_may_link_to_us_but_not_frame_us(plain: Server, gravix: Server) -> None:
    link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")]
    frame = [*link, ("Sec-Fetch-Dest", "iframe")]
    assert ask(plain.port, "/", headers=frame).status == 200
    assert ask(gravix.port, "/", headers=frame).status == 403
    assert ask(gravix.port, "/", headers=[*link, ("Sec-Fetch-Dest", "document")]).status == 200


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/favicon.png", "/no/such/page"])
def test_no_answer_may_be_framed(plain: Server, gravix: Server, path: str) -> None:
    assert not FRAMING & set(ask(plain.port, path).headers)
    answer = ask(gravix.port, path)
    assert {name: answer.headers[name] for name in ANSWER_HEADERS} == ANSWER_HEADERS


def test_server_survives_two_hosts_and_rubbish(gravix: Server) -> None:
    own = f"localhost:{gravix.port}"
    assert ask(gravix.port, "/", headers=[("Host", "evil.example")]).status == 400
    assert ask(gravix.port, "/", host="[").status == 400
    assert ask(gravix.port, "/", host=f"user@{own}").status == 400
    assert ask(gravix.port, "/", host=own).status == 200
    assert "Traceback" not in gravix.said()
