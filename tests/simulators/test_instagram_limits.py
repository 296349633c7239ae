"""Versions, limits, clock and journal of the stand-in of Meta, seen by a plain client."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from tests.simulators.instagram import Endpoint, InstagramSimulator, Role
from tests.simulators.instagram_asking import House, codes, found
from tests.simulators.instagram_clock import served_version

DAY = 24 * 3600


# Versions


@pytest.mark.parametrize(
    ("asked", "day", "served"),
    [
        ("v25.0", date(2026, 11, 22), "v25.0"),
        ("v19.0", date(2026, 11, 22), "v21.0"),
        ("v19.0", date(2026, 5, 20), "v19.0"),
        ("v19.0", date(2026, 5, 21), "v20.0"),
        ("v18.0", date(2026, 9, 21), "v20.0"),
        ("v27.0", date(2026, 10, 1), "v21.0"),
        ("", date(2026, 11, 22), "v21.0"),
    ],
)
def test_an_expired_version_is_served_by_the_oldest_usable(
    asked: str, day: date, served: str
) -> None:
    assert served_version(asked, day) == served


def test_every_answer_of_graph_names_the_version_that_was_served(house: House) -> None:
    def served(version: str, path: str) -> str:
        url = f"{house.meta.graph_url}{version}/{path}"
        answer = house.http.get(url, params={"access_token": house.token.value})
        return answer.headers["facebook-api-version"]

    assert served("/v19.0", "me") == "v21.0"
    assert served("/v25.0", "me/nonsense") == "v25.0"
    assert served("", "me") == "v21.0"
    house.meta.clock.go(days=60)
    assert served("/v19.0", "me") == "v22.0"


# Limits of calls


def test_usage_is_told_in_the_documented_headers(house: House) -> None:
    usage = {"call_count": 28, "total_time": 25, "total_cputime": 25}
    assert "X-App-Usage" not in house.ask("me").headers

    house.meta.switches.app_usage = usage
    house.meta.use_calls(house.account, 42, regain=19)
    headers = house.ask("me").headers

    assert json.loads(headers["X-App-Usage"]) == usage
    [entry] = json.loads(headers["X-Business-Use-Case-Usage"])[house.account.id]
    assert entry["type"] == "instagram"
    assert (entry["call_count"], entry["estimated_time_to_regain_access"]) == (42, 19)


def test_calls_during_a_block_make_it_longer(house: House) -> None:
    house.meta.throttle(house.account, minutes=19)

    refused = house.ask(house.account.id)
    [entry] = json.loads(refused.headers["X-Business-Use-Case-Usage"])[house.account.id]
    house.meta.clock.go(minutes=19)
    still = house.ask(house.account.id)
    house.meta.clock.go(minutes=2)

    assert (refused.status_code, codes(refused)[0]) == (400, 80002)
    assert (entry["call_count"], entry["estimated_time_to_regain_access"]) == (100, 20)
    assert codes(still)[0] == 80002
    assert found(house.ask(house.account.id))
    assert found(house.ask("me"))


# Quota


def test_the_quota_counts_the_last_day(house: House) -> None:
    path = f"{house.account.id}/content_publishing_limit"
    house.meta.use_quota(house.account, 2)

    assert found(house.ask(path)) == {"data": [{"quota_usage": 2}]}
    assert found(house.ask(path, fields="config,quota_usage")) == {
        "data": [{"config": {"quota_total": 50, "quota_duration": DAY}, "quota_usage": 2}]
    }
    house.meta.clock.go(hours=1)
    assert found(house.ask(path, since=int(house.meta.clock.time()) - 60)) == {
        "data": [{"quota_usage": 0}]
    }
    house.meta.clock.go(hours=23)
    assert found(house.ask(path)) == {"data": [{"quota_usage": 0}]}
    assert codes(house.ask(path, since=int(house.meta.clock.time()) - 2 * DAY)) == (100, None)


# The clock and the journal


def test_the_clock_stands_still_until_it_is_told_to_go(meta: InstagramSimulator) -> None:
    start = meta.clock.now()
    meta.clock.go(days=1, hours=2)

    assert start == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert (
        (meta.clock.now() - start).total_seconds()
        == 26 * 3600
        == meta.clock.time() - start.timestamp()
    )


def test_the_journal_tells_what_came_in_order(house: House) -> None:
    house.ask("me", appsecret_proof="0" * 64)
    house.create(caption="hi")

    me, create = house.meta.journal
    assert (me.role, me.method, me.path) == (Role.GRAPH, "GET", "/v25.0/me")
    assert (me.endpoint, me.status, me.done) == (Endpoint.ME, 400, True)
    assert "access_token" not in me.params
    assert me.headers["authorization"] == f"Bearer {house.token.value}"
    assert (create.endpoint, create.form["caption"]) == (Endpoint.CREATE, "hi")
    assert create.length > 0

    house.meta.forget()
    assert house.meta.journal == ()


def test_answers_are_dated_by_the_virtual_clock(house: House) -> None:
    house.meta.clock.go(days=2)

    assert house.ask("me").headers["Date"] == "Tue, 24 Nov 2026 12:00:00 GMT"
