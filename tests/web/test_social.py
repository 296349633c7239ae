"""Connecting over HTTP: the way there and back, what is connected, and what nobody may do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gravix_core.desks.connection import Connection
from gravix_core.desks.ways import Came
from gravix_core.errors import SettingsError
from gravix_core.settings import Settings
from gravix_core.store.attempts import LASTS
from gravix_core.studio import Studio
from gravix_core.web import guards, routes, social, stopping
from gravix_core.web.errors import Missing, in_fields
from gravix_core.web.guard import BACK, CONNECT
from gravix_core.web.social import social_routes
from tests.publish import conftest
from tests.publish.conftest import APP_ID, SECRET, House
from tests.simulators.instagram import (
    Account,
    Endpoint,
    InstagramSimulator,
    Reason,
    instagram_stand_in,
)
from tests.web.servers import Server, ask, dashboard
from tests.web.shelf import Shelf

pytestmark = pytest.mark.slow

meta, house = conftest.meta, conftest.house

PAGE = "http://localhost:8501"
OUTER = f"https://gravix.example{BACK}"
LED = {  # as a browser says it when Facebook leads back
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    "accept": "text/html,application/xhtml+xml",
}
CURRENT = {"asked": "v25.0", "served": "v25.0", "is_expired": False, "default": "v25.0"}
PROBLEM = {"type", "title", "status", "detail", "message", "hint"}
ATTRIBUTES = {"HttpOnly", "SameSite=lax", "Path=/api/social", "Max-Age=600"}


@dataclass
class Front:
    """What the routes need of a studio."""

    connection: Connection
    files: Shelf
    settings: Settings


@pytest.fixture
def front(house: House, tmp_path: Path) -> Front:
    stopping.clear()  # another test may have ended a server
    read = Settings.load(data_dir=tmp_path / "data", env_file=None)
    return Front(house.desk, Shelf(tmp_path), read)


@pytest.fixture
def app(front: Front) -> Starlette:
    served = [*social_routes(lambda: front), Missing("/api", in_fields)]
    guarded = guards(redirect_uri=lambda: front.connection.redirect_uri)
    return Starlette(routes=served, middleware=guarded)


def browser_at(app: Starlette, page: str = PAGE) -> TestClient:
    return TestClient(app, page, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def browser(app: Starlette) -> TestClient:
    return browser_at(app)


def led_back(browser: TestClient, house: House, **decision: Any) -> str:
    """Begin a way and decide at Facebook; the address that it leads back to."""
    dialog = browser.get(f"{CONNECT}?go=1").headers["location"]
    return house.meta.consent(dialog, **decision)


def connected(browser: TestClient, house: House) -> None:
    house.page("ada.boats")
    assert browser.get(led_back(browser, house)).json()["came"] == "connected"


def attributes(answer: httpx2.Response) -> set[str]:
    return set(answer.headers["set-cookie"].split("; ")[1:])


def refused(answer: httpx2.Response, status: int) -> str:
    """The message of an answer that has to be a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (answer.status_code, body["status"], set(body)) == (status, status, PROBLEM)
    assert body["hint"].endswith(".")
    return str(body["message"])


# The way there


def test_connect_gives_the_address_the_state_and_a_cookie(browser: TestClient) -> None:
    answer = browser.get(CONNECT)
    body = answer.json()
    assert set(body) == {"authorization_url", "state"}
    assert f"state={body['state']}" in body["authorization_url"]
    assert answer.headers["cache-control"] == "no-store"
    assert attributes(answer) == ATTRIBUTES
    assert answer.headers["set-cookie"].startswith("gravix_connect=")
    assert len(browser.cookies["gravix_connect"]) >= 32
    assert browser.cookies["gravix_connect"] not in answer.text
    assert social.LASTS == LASTS


def test_two_tabs_of_one_browser_both_lead_back(browser: TestClient, house: House) -> None:
    house.page("ada.boats")
    first = browser.get("/api/social/connect").json()
    second = browser.get("/api/social/connect").json()
    for way in (first, second):
        back = house.meta.consent(way["authorization_url"])
        assert browser.get(back, headers=LED).headers["location"].startswith(f"{PAGE}/connect?outc")


def test_cookie_that_nobody_began_with_is_replaced(browser: TestClient) -> None:
    browser.cookies.set("gravix_connect", "given-by-somebody", path="/api/social")
    answer = browser.get("/api/social/connect")
    assert answer.cookies["gravix_connect"] != "given-by-somebody"


def test_every_way_has_a_state_and_every_browser_a_cookie_of_its_own(app: Starlette) -> None:
    one, other = browser_at(app), browser_at(app)
    states = [browser.get(CONNECT).json()["state"] for browser in (one, one, other)]
    cookies = [browser.cookies["gravix_connect"] for browser in (one, other)]
    assert len({*states, *cookies}) == 5


def test_cookie_travels_by_https_alone_where_gravix_is_asked_so(app: Starlette) -> None:
    answer = browser_at(app, "https://localhost:8501").get(CONNECT)
    assert attributes(answer) == {*ATTRIBUTES, "Secure"}


def test_go_leads_to_facebook_at_once(browser: TestClient, house: House) -> None:
    answer = browser.get(f"{CONNECT}?go=1")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{house.meta.dialog_url}/v25.0/dialog/oauth?")
    assert attributes(answer) == ATTRIBUTES
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "asks"), [("", False), ("?again=1", True), ("?again=0", False), ("?go=1", False)]
)
def test_again_asks_for_what_was_declined(browser: TestClient, query: str, asks: bool) -> None:
    answer = browser.get(f"{CONNECT}{query}")
    said = answer.text + answer.headers.get("location", "")
    assert ("auth_type=rerequest" in said) is asks


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "[::1]:8501"])
def test_a_number_is_sent_to_localhost_before_the_way_begins(
    app: Starlette, house: House, host: str
) -> None:
    numbered = browser_at(app, f"http://{host}")
    first = numbered.get(f"{CONNECT}?go=1&again=1")
    assert first.status_code == 303
    assert first.headers["location"].startswith(f"{PAGE}{CONNECT}?")
    assert "set-cookie" not in first.headers
    second = numbered.get(first.headers["location"], headers=LED)
    assert second.headers["location"].startswith(house.meta.dialog_url)
    assert "auth_type=rerequest" in second.headers["location"]
    assert "set-cookie" in second.headers


def test_a_way_begins_at_the_number_that_facebook_leads_back_to(
    app: Starlette, front: Front
) -> None:
    front.connection.redirect_uri = f"http://127.0.0.1:8501{BACK}"
    answer = browser_at(app).get(CONNECT)
    assert answer.headers["location"].startswith(f"http://127.0.0.1:8501{CONNECT}?")
    assert browser_at(app, "http://127.0.0.1:8501").get(CONNECT).status_code == 200


@pytest.mark.parametrize("page", [PAGE, "http://127.0.0.1:8501"])
@pytest.mark.parametrize("query", ["go=1", "go=1&exp=9999999999&sig=00", "exp=1&sig=é"])
def test_another_site_cannot_begin_a_way(app: Starlette, page: str, query: str) -> None:
    answer = browser_at(app, page).get(f"{CONNECT}?{query}", headers=LED)
    assert answer.status_code == 403
    assert not {"location", "set-cookie"} & set(answer.headers)


def test_without_an_app_at_meta_it_is_said(
    app: Starlette, front: Front, house: House, browser: TestClient
) -> None:
    def none() -> Any:
        raise SettingsError("the app at Meta is not known", hint="Make one.")

    front.connection = Connection(
        house.store, graph=none, vault=lambda: house.vault, redirect_uri=conftest.BACK
    )
    assert refused(browser.get(CONNECT), 409) == "the app at Meta is not known"
    shown = browser.get(f"{CONNECT}?go=1", headers={"accept": "text/html"})
    assert shown.text == "the app at Meta is not known. Make one."
    assert browser.get("/api/social/status").json()["api_version"] is None


# The way back


def test_browser_is_led_to_the_page_with_what_came_of_it(browser: TestClient, house: House) -> None:
    house.page("ada.boats")
    answer = browser.get(led_back(browser, house), headers=LED)
    assert answer.status_code == 303
    address, _, reference = answer.headers["location"].partition("?outcome=")
    assert address == f"{PAGE}/connect"
    outcome = house.desk.outcome(reference)
    assert outcome is not None
    assert outcome.came is Came.CONNECTED
    assert answer.headers["cache-control"] == "no-store"


def test_answer_that_is_loaded_twice_shows_the_same_twice(
    browser: TestClient, house: House
) -> None:
    house.page("ada.boats")
    back = led_back(browser, house)
    first, second = (browser.get(back, headers=LED) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert "outcome=" in second.headers["location"]
    assert [browser.get(back).json()["came"] for _ in range(2)] == ["connected"] * 2


def test_program_is_told_what_came_of_it(browser: TestClient, house: House) -> None:
    house.page("ada.boats")
    answer = browser.get(led_back(browser, house))
    assert answer.status_code == 200
    assert set(answer.json()) == {"came", "message", "hint", "reference"}
    assert answer.json()["message"] == "Connected to @ada.boats."


def test_choice_is_open_to_a_program(browser: TestClient, house: House) -> None:
    house.page("ada.boats"), house.page("ada.bikes")
    answer = browser.get(led_back(browser, house))
    assert (answer.status_code, answer.json()["came"]) == (200, "choose")
    assert len(house.desk.choices(answer.json()["reference"])) == 2


def test_denial_is_a_problem_for_a_program_and_an_outcome_for_a_browser(
    browser: TestClient, house: House
) -> None:
    assert "cancelled" in refused(browser.get(led_back(browser, house, decision="cancel")), 400)
    answer = browser.get(led_back(browser, house, decision="cancel"), headers=LED)
    outcome = house.desk.outcome(answer.headers["location"].rpartition("=")[2])
    assert outcome is not None
    assert outcome.came is Came.DENIED


def test_another_browser_is_refused_and_uses_nothing_up(
    app: Starlette, browser: TestClient, house: House
) -> None:
    house.page("ada.boats")
    back = led_back(browser, house)
    house.meta.forget()
    stranger = browser_at(app)
    assert "belongs to no attempt" in refused(stranger.get(back), 400)
    shown = stranger.get(back, headers=LED)
    assert (shown.status_code, shown.headers["location"]) == (303, f"{PAGE}/connect?refused=1")
    assert house.meta.journal == ()
    assert browser.get(back).json()["came"] == "connected"


def test_looking_at_the_head_uses_nothing_up(browser: TestClient, house: House) -> None:
    house.page("ada.boats")
    back = led_back(browser, house)
    assert browser.head(back).status_code in {404, 405}
    assert browser.get(back).json()["came"] == "connected"


@pytest.mark.parametrize("headers", [{}, LED])
@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied"])
def test_no_answer_to_facebooks_tells_others_its_address(
    browser: TestClient, query: str, headers: dict[str, str]
) -> None:
    answer = browser.get(f"{BACK}{query}", headers=headers)
    assert answer.status_code == (303 if headers else 400)
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda query: f"{query}&state=other",
        lambda query: f"{query}&code=other",
        lambda query: f"{query}&{query}",
        lambda query: f"{query}&error_description={'x' * 9000}",
        lambda query: query.replace("code=", "code=" + "x" * 9000),
        lambda query: query.replace("state=", "State="),
        lambda query: query.replace("state=", "state=%00%ff%F0%9F%98%80"),
        lambda query: "",
    ],
)
@pytest.mark.parametrize("headers", [{}, LED])
def test_answer_that_facebook_does_not_give_is_refused(
    browser: TestClient, house: House, spoilt: Any, headers: dict[str, str]
) -> None:
    house.page("ada.boats")
    back = urlsplit(led_back(browser, house))
    house.meta.forget()
    answer = browser.get(f"{BACK}?{spoilt(back.query)}", headers=headers)
    assert answer.status_code == (303 if headers else 400)
    given = dict(parse_qsl(back.query))
    told = f"{answer.headers}{answer.text}"
    assert given["code"] not in told
    assert given["state"] not in told
    assert house.meta.journal == ()
    assert house.desk.accounts() == ()


words = st.text(max_size=40)
names = st.sampled_from(["code", "state", "error", "error_reason", "go", "here"]) | words


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
@given(
    pairs=st.lists(st.tuples(names, words), max_size=8),
    cookie=st.text(alphabet="abcXYZ019-_.=%", max_size=40),
    led=st.booleans(),
)
def test_random_parameters_never_connect_crash_or_leak(
    app: Starlette, house: House, pairs: list[tuple[str, str]], cookie: str, led: bool
) -> None:
    marked = [(name, f"{value}planted7") for name, value in pairs]
    headers = {**(LED if led else {}), "cookie": f"gravix_connect={cookie}"}
    answer = browser_at(app).get(f"{BACK}?{urlencode(marked)}", headers=headers)
    assert answer.status_code == (303 if led else 400)
    assert "planted7" not in f"{answer.headers}{answer.text}"
    assert house.meta.journal == ()
    assert house.desk.accounts() == ()


# By the name of an https proxy


def test_answer_that_comes_by_the_outer_name_is_sent_home(
    app: Starlette, front: Front, house: House, browser: TestClient
) -> None:
    house.page("ada.boats")
    house.meta.add_app(id=APP_ID, secret=SECRET, redirect_uris=(OUTER,), require_proof=True)
    front.connection.redirect_uri = OUTER
    back = led_back(browser, house)
    assert back.startswith(OUTER)
    outside = browser_at(app, "http://localhost:8501")
    relayed = outside.get(
        f"{BACK}?{urlsplit(back).query}&granted_scopes=x&granted_scopes=y",
        headers={**LED, "host": "gravix.example", "x-forwarded-proto": "https"},
    )
    assert relayed.status_code == 303
    assert relayed.headers["location"].startswith(f"{PAGE}{BACK}?")
    assert "granted_scopes" not in relayed.headers["location"]
    assert relayed.headers["referrer-policy"] == "no-referrer"
    answer = browser.get(relayed.headers["location"], headers=LED)
    assert "/connect?outcome=" in answer.headers["location"]
    assert [one.username for one in house.desk.accounts()] == ["ada.boats"]


def test_home_is_http_where_a_proxy_ends_https(app: Starlette, front: Front) -> None:
    front.connection.redirect_uri = OUTER
    proxied = browser_at(app, "https://localhost:8501")  # uvicorn believes x-forwarded-proto
    relayed = proxied.get(f"{BACK}?code=y", headers={**LED, "x-forwarded-proto": "https"})
    assert relayed.headers["location"].startswith(f"{PAGE}{BACK}?")
    relayed = proxied.get(f"{BACK}?code=y", headers=LED)
    assert relayed.headers["location"].startswith(f"https://localhost:8501{BACK}?")


def test_answer_through_a_proxy_that_hides_its_name_is_sent_home_once(
    app: Starlette, front: Front, browser: TestClient
) -> None:
    front.connection.redirect_uri = OUTER
    first = browser.get(f"{BACK}?state=x&code=y", headers=LED)
    assert first.headers["location"] == f"{PAGE}{BACK}?state=x&code=y&here=1"
    second = browser.get(first.headers["location"], headers=LED)
    assert second.headers["location"] == f"{PAGE}/connect?refused=1"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", CONNECT),
        ("GET", "/api/social/status"),
        ("GET", f"{BACK}/"),
        ("POST", BACK),
        ("POST", "/api/social/paste"),
        ("DELETE", "/api/social/disconnect"),
    ],
)
def test_outer_name_opens_nothing_else(
    front: Front, browser: TestClient, method: str, path: str
) -> None:
    front.connection.redirect_uri = OUTER
    answer = browser.request(method, path, headers={"host": "gravix.example"})
    assert answer.status_code == 400
    assert "Gravix answers to" in answer.text


@pytest.mark.parametrize("uri", [conftest.BACK, f"http://gravix.example{BACK}", "https://[", ""])
def test_no_other_name_is_opened(front: Front, browser: TestClient, uri: str) -> None:
    front.connection.redirect_uri = uri
    answer = browser.get(BACK, headers={**LED, "host": "gravix.example"})
    assert answer.status_code == 400
    assert "Gravix answers to" in answer.text


# Pasted


def test_pasted_address_connects_the_browser_that_began(
    app: Starlette, browser: TestClient, house: House
) -> None:
    house.page("ada.boats")
    address = led_back(browser, house)
    stranger = browser_at(app).post("/api/social/paste", json={"address": address})
    assert "belongs to no attempt" in refused(stranger, 400)
    answer = browser.post("/api/social/paste", json={"address": f" {address} "})
    assert (answer.status_code, answer.json()["came"]) == (200, "connected")
    assert house.desk.outcome(answer.json()["reference"]) is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"address": 7}',
        b'{"address": ""}',
        b'{"address": "https://["}',
        b'{"address": "https://www.facebook.com/"}',
        b'{"address": "http://localhost:8501/?code=1&state=\\ud800"}',
        b'{"address": "http://localhost/?' + b"code=1&state=2&" * 50 + b'"}',
        b'{"address": "' + b"x" * 9_000 + b'"}',
        b'{"address": "' + b"x" * 20_000 + b'"}',
    ],
)
def test_what_is_no_such_address_is_refused(browser: TestClient, body: bytes) -> None:
    browser.get(CONNECT)
    refused(browser.post("/api/social/paste", content=body), 400)


def test_address_that_is_pasted_at_the_number_is_asked_for_at_localhost(app: Starlette) -> None:
    numbered = browser_at(app, "http://127.0.0.1:8501")
    answer = numbered.post("/api/social/paste", json={"address": f"{PAGE}{BACK}?code=1&state=2"})
    refused(answer, 400)
    assert f"{PAGE}/connect" in answer.json()["hint"]


# What is connected


def test_status_before_anything_is_connected(browser: TestClient) -> None:
    answer = browser.get("/api/social/status")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "connected": False,
        "message": "Instagram is not connected.",
        "account": None,
        "ends_soon": False,
        "needs_login": False,
        "api_version": CURRENT,
        "rests_for": None,
    }


def test_status_names_the_account_and_no_secret(browser: TestClient, house: House) -> None:
    connected(browser, house)
    answer = browser.get("/api/social/status")
    body = answer.json()
    assert (body["connected"], body["account"]["username"]) == (True, "ada.boats")
    assert body["account"]["expires_at"].endswith("+00:00")
    assert body["api_version"] == CURRENT
    assert not [word for word in (*house.meta.secrets, SECRET) if word in answer.text]


@pytest.mark.parametrize("method", ["refresh-token", "disconnect"])
def test_nothing_connected_is_a_conflict(browser: TestClient, method: str) -> None:
    verb = "POST" if method == "refresh-token" else "DELETE"
    answer = browser.request(verb, f"/api/social/{method}")
    assert refused(answer, 409) == "Instagram is not connected"


@pytest.mark.parametrize("moves", [True, False])
def test_refresh_says_whether_the_end_moved(browser: TestClient, house: House, moves: bool) -> None:
    connected(browser, house)
    before = browser.get("/api/social/status").json()["account"]["expires_at"]
    house.meta.clock.go(days=50)
    house.meta.switches.exchange_moves_expiry = moves
    answer = browser.post("/api/social/refresh-token")
    body = answer.json()
    assert (answer.status_code, set(body)) == (200, {"renewed", "expires_at", "message"})
    assert (body["renewed"], body["expires_at"] > before) == (moves, moves)
    assert browser.get("/api/social/status").json()["ends_soon"] is not moves


def test_refresh_of_a_dead_token_asks_for_a_new_login(browser: TestClient, house: House) -> None:
    connected(browser, house)
    house.meta.invalidate(house.ada, Reason.PASSWORD)
    refused(browser.post("/api/social/refresh-token"), 409)
    assert browser.get("/api/social/status").json()["needs_login"] is True


def test_refresh_at_a_limit_says_when_to_come_again(browser: TestClient, house: House) -> None:
    connected(browser, house)
    house.meta.switches.business_usage = {
        "1": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 19}]
    }
    answer = browser.post("/api/social/refresh-token")
    refused(answer, 503)
    assert int(answer.headers["retry-after"]) == pytest.approx(19 * 60, abs=5)


@pytest.mark.parametrize(
    ("fault", "status"),
    [({"status": 502, "html": True}, 503), ({"code": 100, "message": "bad"}, 422)],
)
def test_refresh_that_meta_does_not_answer_well_is_mapped(
    browser: TestClient, house: House, fault: dict[str, Any], status: int
) -> None:
    connected(browser, house)
    house.meta.fail(Endpoint.LONG_TOKEN, times=1, **fault)
    refused(browser.post("/api/social/refresh-token"), status)


def test_disconnecting_forgets_the_account(browser: TestClient, house: House) -> None:
    connected(browser, house)
    answer = browser.delete("/api/social/disconnect")
    told = {"disconnected": True, "message": "@ada.boats is disconnected."}
    assert (answer.status_code, answer.json()) == (200, told)
    assert [one.status for one in house.meta.asked(Endpoint.REVOKE)] == [200]
    assert browser.get("/api/social/status").json()["account"] is None


def test_disconnecting_tells_what_is_left_to_do_by_hand(browser: TestClient, house: House) -> None:
    connected(browser, house)
    house.meta.fail(Endpoint.REVOKE, status=500)
    answer = browser.delete("/api/social/disconnect")
    assert answer.json()["disconnected"] is True
    assert "facebook.com" in answer.json()["message"]
    assert house.desk.accounts() == ()


def test_disconnecting_one_of_two_names_the_one_that_follows(
    browser: TestClient, house: House
) -> None:
    boats, bikes = house.page("ada.boats"), house.page("ada.bikes")
    assert boats is not None
    assert bikes is not None
    house.desk.choose(house.connect().reference, [bikes.id, boats.id])
    said = browser.delete("/api/social/disconnect").json()["message"]
    assert said == "@ada.bikes is disconnected. Reels go to @ada.boats now."


# Of the whole dashboard


def test_dashboard_serves_them(tmp_path: Path) -> None:
    studio = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    try:
        browser = browser_at(Starlette(routes=routes(lambda: studio), middleware=guards()))
        assert browser.get("/api/social/status").json()["connected"] is False
        assert refused(browser.get(CONNECT), 409).startswith("the app at Meta is not known")
    finally:
        studio.close()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[InstagramSimulator, Server]]:
    """The stand-in of Meta; before it a real dashboard, behind a proxy, that logs everything."""
    with instagram_stand_in(seed=1) as meta:
        meta.add_app(id=APP_ID, secret=SECRET, redirect_uris=(OUTER,), require_proof=True)
        variables = {
            "FACEBOOK_APP_ID": APP_ID,
            "FACEBOOK_APP_SECRET": SECRET,
            "FACEBOOK_REDIRECT_URI": OUTER,
            "GRAVIX_GRAPH_URL": meta.graph_url,
            "GRAVIX_DIALOG_URL": meta.dialog_url,
            "GRAVIX_RUPLOAD_URL": meta.rupload_url,
            "DEBUG": "true",
            "STREAMLIT_LOGGER_LEVEL": "debug",
        }
        with dashboard(tmp_path / "data", **variables) as server:
            yield meta, server


@pytest.mark.slow
def test_no_code_state_or_token_stands_in_a_log(
    live: tuple[InstagramSimulator, Server], tmp_path: Path
) -> None:
    meta, server = live
    meta.add_page(meta.add_user("Ada"), instagram=Account("ada.boats"))
    begun = ask(server.port, f"{CONNECT}?go=1")
    cookie = begun.headers["set-cookie"].partition(";")[0]
    back = urlsplit(meta.consent(begun.headers["location"]))
    path, led = f"{BACK}?{back.query}", tuple(LED.items())
    home = ask(server.port, path, host="gravix.example", headers=led).headers["location"]
    assert home.startswith(f"{server.url}{BACK}?")
    assert ask(server.port, f"{path}&here=1").status == 400
    assert ask(server.port, path, host="evil.example", headers=led).status == 400
    path = home.removeprefix(server.url)
    came = ask(server.port, path, headers=[("Cookie", cookie), *led])
    assert re.search(r"/connect\?outcome=[0-9a-f]{64}$", came.headers["location"])
    assert '"connected":true' in ask(server.port, "/api/social/status").body
    logs = (tmp_path / "data" / "logs").glob("*")
    said = server.said() + "".join(file.read_text() for file in logs)
    given = dict(parse_qsl(back.query))
    planted = (*meta.secrets, SECRET, given["code"], given["state"], cookie.partition("=")[2])
    assert "refused http" in said
    assert not [word for word in planted if word in said]
