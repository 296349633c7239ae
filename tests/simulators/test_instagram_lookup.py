"""People, Pages, portfolios and accounts of the stand-in of Meta."""

from __future__ import annotations

import pytest

from tests.simulators.instagram import Account, Reason, proof_of
from tests.simulators.instagram_asking import SECRET, House, codes, error, found, query

FIELDS = (
    "id,name,access_token,tasks,instagram_business_account{id,username,name,profile_picture_url}"
)


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


def test_a_list_is_as_long_as_asked_up_to_a_hundred(house: House) -> None:
    for number in range(100):
        house.meta.add_page(house.user, name=f"Boat {number}")
    house.meta.add_token(house.app, house.user)

    def length(**params: str) -> int:
        return len(found(house.ask("me/accounts", token=None, **params))["data"])

    assert [length(), length(limit="100"), length(limit="500")] == [25, 100, 100]


@pytest.mark.parametrize("params", [{"after": "no cursor"}, {"limit": "0"}, {"fields": "id{name"}])
def test_a_list_cannot_be_asked_for_with_nonsense(house: House, params: dict[str, str]) -> None:
    assert codes(house.ask("me/accounts", token=None, **params)) == (100, None)


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


def test_what_belongs_to_somebody_else_does_not_exist(house: House) -> None:
    portfolio, container = house.meta.add_portfolio(house.user), house.create()["id"]
    bob = house.meta.add_token(house.app, house.meta.add_user("Bob")).value

    paths = [house.page.id, house.account.id, container, f"{portfolio.id}/owned_pages"]

    assert [codes(house.ask(path, token=bob)) for path in paths] == [(100, 33)] * 4


def test_pages_are_listed_for_those_who_may_see_them(house: House) -> None:
    house.ask("me/permissions/pages_show_list", "DELETE")
    assert names(house) == ["Boats"]

    house.ask("me/permissions/pages_read_engagement", "DELETE")
    assert names(house) == []


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
