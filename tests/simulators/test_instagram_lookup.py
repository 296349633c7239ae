"""People, Pages, portfolios, accounts, versions and limits of the stand-in of Meta."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from tests.simulators.instagram import Account, Endpoint, InstagramSimulator, Reason, Role, proof_of
from tests.simulators.instagram_asking import SECRET, House, codes, error, found, query
from tests.simulators.instagram_clock import served_version

FIELDS = (
    "id,name,access_token,tasks,instagram_business_account{id,username,name,profile_picture_url}"
)
DAY = 24 * 3600


def names(house: House, path: str = "me/accounts") -> list[str]:
    return [page["name"] for page in found(house.ask(path))["data"]]


def test_a_page_shows_its_account_as_asked(house: House) -> None:
    data = found(house.ask("me/accounts", fields=FIELDS, limit=100))["data"]

    assert [set(page) for page in data] == [set(FIELDS.split("{", maxsplit=1)[0].split(","))]
    assert set(data[0]["instagram_business_account"]) == {
        "id",
        "username",
        "name",
        "profile_picture_url",
    }
    assert data[0]["instagram_business_account"]["username"] == "ada.boats"
    assert "MANAGE" in data[0]["tasks"]


def test_ids_are_texts_that_no_float_holds(house: House) -> None:
    ids = [house.user.id, house.page.id, house.account.id, house.create()["id"]]

    assert all(isinstance(one, str) and int(one) > 2**53 for one in ids)
    assert house.account.id.startswith("17841")


def test_a_page_without_an_account_lacks_the_field(house: House) -> None:
    house.meta.add_page(house.user, name="Garden")
    house.meta.add_token(house.app, house.user)

    garden = found(house.ask("me/accounts", fields=FIELDS))["data"][1]

    assert garden["name"] == "Garden"
    assert "instagram_business_account" not in garden


def test_pages_are_followed_by_cursor_or_by_address(house: House) -> None:
    for name in ("Kites", "Garden"):
        house.meta.add_page(house.user, name=name)
    house.meta.add_token(house.app, house.user)
    house.meta.page_size = 1

    first = found(house.ask("me/accounts", fields="name"))
    second = found(
        house.ask("me/accounts", fields="name", after=first["paging"]["cursors"]["after"])
    )
    third = found(house.http.get(second["paging"]["next"]))

    seen = [page["data"][0]["name"] for page in (first, second, third)]
    assert seen == ["Boats", "Kites", "Garden"]
    assert "next" not in third["paging"]
    assert found(house.ask("me/accounts", after=third["paging"]["cursors"]["after"])) == {
        "data": []
    }


def test_the_next_page_is_an_address_with_the_token_and_without_proof(house: House) -> None:
    house.meta.add_page(house.user, name="Kites")
    house.meta.add_token(house.app, house.user)
    house.app.require_proof = True
    proof = proof_of(house.token.value, SECRET)
    house.meta.page_size = 1

    address = found(house.ask("me/accounts", appsecret_proof=proof))["paging"]["next"]

    assert query(address)["access_token"] == house.token.value
    assert codes(house.http.get(address)) == (100, None)
    assert found(house.http.get(f"{address}&appsecret_proof={proof}"))


def test_pages_of_a_portfolio_need_a_permission_of_their_own(house: House) -> None:
    portfolio = house.meta.add_portfolio(house.user, "Boats Ltd")
    house.meta.add_page(house.user, name="Shop", portfolio=portfolio)
    house.meta.add_page(house.user, name="Client", portfolio=portfolio, relation="client")
    house.meta.add_token(house.app, house.user)
    assert names(house) == ["Boats", "Shop", "Client"]

    assert names(house, "me/businesses") == ["Boats Ltd"]
    assert names(house, f"{portfolio.id}/owned_pages") == ["Shop"]
    assert names(house, f"{portfolio.id}/client_pages") == ["Client"]

    house.ask("me/permissions/business_management", "DELETE")
    assert names(house) == ["Boats"]
    refused = house.ask("me/businesses")
    assert (refused.status_code, codes(refused)) == (403, (200, None))


def test_some_pages_are_found_through_their_portfolio_alone(house: House) -> None:
    portfolio = house.meta.add_portfolio(house.user)
    house.meta.add_page(house.user, name="Hidden", portfolio=portfolio, listed=False)
    house.meta.add_token(house.app, house.user)

    assert names(house) == ["Boats"]
    assert names(house, f"{portfolio.id}/owned_pages") == ["Hidden"]


def test_a_page_that_was_not_chosen_does_not_exist(house: House) -> None:
    house.meta.consent(house.dialog(), pages=[])

    assert names(house) == []
    assert codes(house.ask(house.page.id)) == (100, 33)
    assert codes(house.ask(house.account.id)) == (100, 33)


def test_an_account_tells_what_is_asked(house: House) -> None:
    fields = "id,username,name,profile_picture_url,followers_count,media_count"

    account = found(house.ask(house.account.id, fields=fields))

    assert (account["followers_count"], account["media_count"]) == (120, 0)
    picture = house.http.get(account["profile_picture_url"])
    assert picture.headers["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("path", ["me", "me/accounts", "{page}", "{account}"])
def test_an_unknown_field_is_an_error(house: House, path: str) -> None:
    asked = path.format(page=house.page.id, account=house.account.id)

    told = error(house.ask(asked, fields="id,nonsense"))

    assert told["code"] == 100
    assert "Tried accessing nonexisting field (nonsense)" in told["message"]


def test_a_page_token_acts_for_its_page_alone(house: House) -> None:
    other = Account("ada.kites")
    house.meta.add_page(house.user, name="Kites", instagram=other)
    house.meta.add_token(house.app, house.user)
    token = found(house.ask(house.page.id, fields="access_token"))["access_token"]

    assert found(house.ask(house.account.id, token=token))
    assert codes(house.ask(other.id, token=token)) == (100, 33)
    assert house.debug(token)["type"] == "PAGE"
    assert house.debug(token)["expires_at"] == 0


def test_a_page_token_that_lost_its_role_is_dead(house: House) -> None:
    token = found(house.ask(house.page.id, fields="access_token"))["access_token"]
    house.meta.invalidate(house.page, Reason.NO_PAGE_ROLE)

    assert codes(house.ask("me", token=token)) == (190, 492)
    assert found(house.ask("me"))


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "{account}/media_publish", 100),
        ("POST", "me/accounts", 100),
        ("DELETE", "{account}/media", 100),
        ("GET", "me/nonsense", 2500),
        ("GET", "", 2500),
        ("GET", "1784100000000000", 100),
    ],
)
def test_what_is_not_there_is_refused(house: House, method: str, path: str, code: int) -> None:
    assert codes(house.ask(path.format(account=house.account.id), method))[0] == code


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
