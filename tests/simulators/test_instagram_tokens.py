"""Codes, tokens and permissions of the stand-in of Meta, seen by a plain client."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import unquote

import pytest

from tests.simulators.instagram import Reason
from tests.simulators.instagram_asking import (
    APP_ID,
    BACK,
    SECRET,
    House,
    codes,
    error,
    found,
    query,
)

DAY = 24 * 3600


def code_of(house: House, **decision: object) -> str:
    return query(house.meta.consent(house.dialog(), **decision))["code"]


def short_token(house: House) -> str:
    return str(found(house.exchange(code_of(house)))["access_token"])


def exchanged(house: House, token: str) -> dict[str, object]:
    return found(
        house.ask(
            "oauth/access_token",
            token="",
            grant_type="fb_exchange_token",
            client_id=APP_ID,
            client_secret=SECRET,
            fb_exchange_token=token,
        )
    )


# Codes


def test_a_code_is_worth_one_token(house: House) -> None:
    code = code_of(house)

    first, second = house.exchange(code), house.exchange(code)

    assert found(first)["token_type"] == "bearer"
    assert found(first)["expires_in"] == 7200
    assert codes(second) == (100, 36009)
    assert second.status_code == 400
    assert second.headers["WWW-Authenticate"].startswith(
        'OAuth "Facebook Platform" "invalid_code" "'
    )


def test_a_code_may_be_posted(house: House) -> None:
    given = {"client_id": APP_ID, "client_secret": SECRET, "redirect_uri": BACK}

    answer = house.ask("oauth/access_token", "POST", token="", code=code_of(house), **given)

    assert found(answer)["access_token"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"redirect_uri": f"{BACK}/"}, (100, 36008)),
        ({"client_id": "1"}, (101, None)),
        ({"client_secret": "wrong"}, (1, None)),
        ({"code": "never-given"}, (100, None)),
    ],
)
def test_a_bad_exchange_names_its_fault_and_leaves_the_code_usable(
    house: House, params: dict[str, str], expected: tuple[int, int | None]
) -> None:
    code = code_of(house)

    refused = house.exchange(**{"code": code, **params})

    assert codes(refused) == expected
    assert found(house.exchange(code))


def test_a_code_lives_ten_minutes(house: House) -> None:
    code = code_of(house)
    house.meta.clock.go(minutes=10)

    assert codes(house.exchange(code)) == (100, 36007)


# Tokens


def test_a_short_token_becomes_one_of_sixty_days(house: House) -> None:
    answer = exchanged(house, short_token(house))

    data = house.debug(str(answer["access_token"]))
    assert answer["expires_in"] == 60 * DAY == 5_184_000
    assert data["expires_at"] == int(house.meta.clock.time()) + 60 * DAY
    assert data["data_access_expires_at"] == int(house.meta.clock.time()) + 90 * DAY
    assert data["issued_at"] == int(house.meta.clock.time())
    assert data["type"] == "USER"
    assert (data["app_id"], data["user_id"]) == (APP_ID, house.user.id)


@pytest.mark.parametrize("moves", [True, False])
def test_whether_an_exchange_moves_the_end_is_a_switch(house: House, moves: bool) -> None:
    house.meta.switches.exchange_moves_expiry = moves
    before = house.debug(house.token.value)["expires_at"]
    house.meta.clock.go(days=50)

    again = exchanged(house, house.token.value)

    after = house.debug(str(again["access_token"]))["expires_at"]
    assert after - before == (50 * DAY if moves else 0)


def test_expires_in_may_be_left_out(house: House) -> None:
    house.meta.switches.tells_expires_in = False

    assert "expires_in" not in exchanged(house, house.token.value)


def test_a_token_that_is_over_cannot_be_exchanged(house: House) -> None:
    house.meta.clock.go(days=60)

    answer = house.ask(
        "oauth/access_token", token="", grant_type="fb_exchange_token", client_id=APP_ID,
        client_secret=SECRET, fb_exchange_token=house.token.value,
    )  # fmt: skip

    assert codes(answer) == (190, 463)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_dead_token_says_why(house: House, reason: Reason) -> None:
    house.meta.invalidate(house.token, reason)

    told = error(house.ask("me/accounts"))
    data = house.debug(house.token.value)

    lives = reason is Reason.PAGE_PERMISSION
    assert told["code"] == 190
    assert told.get("error_subcode") == (int(reason) or None)
    assert ("before impersonating a user's page" in told["message"]) is lives
    assert data["is_valid"] is lives
    assert ("error" in data) is not lives
    assert (house.ask("me").status_code == 200) is lives


def test_all_tokens_of_a_person_die_together_and_may_live_again(house: House) -> None:
    page_token = found(house.ask("me/accounts"))["data"][0]["access_token"]

    house.meta.invalidate(house.user, Reason.PASSWORD)
    assert [codes(house.ask("me", token=t)) for t in ("", house.token.value, page_token)] == [
        (104, None),
        (190, 460),
        (190, 460),
    ]

    house.meta.invalidate(house.user, None)
    assert found(house.ask("me", token=page_token))["id"] == house.page.id


def test_debug_token_wants_a_token_of_the_same_app(house: House) -> None:
    house.meta.add_app(id="99", secret="other")

    answer = house.ask("debug_token", token="99|other", input_token=house.token.value)

    assert codes(answer) == (100, None)
    assert house.debug("EAAnonsense")["is_valid"] is False


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "oauth/access_token"), ("DELETE", "oauth/access_token"), ("POST", "debug_token")],
)
def test_tokens_are_given_and_judged_by_their_own_methods_alone(
    house: House, method: str, path: str
) -> None:
    app_token = f"{APP_ID}|{SECRET}"

    told = error(house.ask(path, method, token=app_token, input_token=house.token.value))

    assert (told["code"], told["message"]) == (100, f"Unsupported {method.lower()} request")


def test_debug_token_wants_a_token_to_judge(house: House) -> None:
    assert codes(house.ask("debug_token", token=f"{APP_ID}|{SECRET}")) == (100, None)


def test_granular_scopes_name_what_was_chosen(house: House) -> None:
    other = house.meta.add_page(house.user, name="Not chosen")
    house.meta.consent(house.dialog(), pages=[house.page])

    targets = {
        g["scope"]: g.get("target_ids") for g in house.debug(house.token.value)["granular_scopes"]
    }

    assert targets["pages_show_list"] == [house.page.id]
    assert targets["instagram_basic"] == [house.account.id]
    assert other.id not in str(targets)


def test_a_page_token_ends_with_the_short_token_that_it_came_from(house: House) -> None:
    short = short_token(house)
    page = found(house.ask("me/accounts", token=short))["data"][0]["access_token"]

    assert house.debug(page)["expires_at"] == house.debug(short)["expires_at"]
    house.meta.clock.go(hours=2)
    assert codes(house.ask("me", token=page)) == (190, 463)


# Proof, and how a token may travel


def test_a_token_may_travel_in_query_body_or_header(house: House) -> None:
    url, token = f"{house.meta.graph_url}/v25.0/me", house.token.value

    answers = [
        house.http.get(url, params={"access_token": token}),
        house.http.get(url, headers={"Authorization": f"OAuth {token}"}),
        house.http.get(url, headers={"Authorization": f"Bearer {token}"}),
    ]
    create = f"{house.meta.graph_url}/v25.0/{house.account.id}/media"
    body = {"access_token": token, "media_type": "REELS", "upload_type": "resumable"}
    answers += [house.http.post(create, data=body), house.http.post(create, json=body)]

    assert [answer.status_code for answer in answers] == [200] * 5


def test_an_app_that_requires_proof_takes_nothing_without(house: House) -> None:
    house.app.require_proof = True
    right = hmac.new(SECRET.encode(), house.token.value.encode(), hashlib.sha256).hexdigest()

    without, wrong = house.ask("me"), house.ask("me", appsecret_proof="0" * 64)

    assert "require an appsecret_proof argument" in error(without)["message"]
    assert "Invalid appsecret_proof" in error(wrong)["message"]
    assert codes(without) == codes(wrong) == (100, None)
    assert found(house.ask("me", appsecret_proof=right))["id"] == house.user.id


# Permissions


def test_permissions_are_told_one_by_one(house: House) -> None:
    house.user.grants.clear()
    house.meta.consent(house.dialog(), without=["instagram_content_publish"])

    told = {p["permission"]: p["status"] for p in found(house.ask("me/permissions"))["data"]}

    assert told["instagram_basic"] == "granted"
    assert told["instagram_content_publish"] == "declined"


def test_one_permission_can_be_taken_back(house: House) -> None:
    answer = house.ask("me/permissions/instagram_content_publish", "DELETE")

    assert answer.json() is True
    assert "instagram_content_publish" not in house.debug(house.token.value)["scopes"]
    assert codes(house.post(f"{house.account.id}/media", media_type="REELS"))[0] == 10


@pytest.mark.parametrize("app_token", [True, False])
def test_taking_all_back_removes_the_app(house: House, app_token: bool) -> None:
    given = f"{APP_ID}|{SECRET}" if app_token else None

    answer = house.ask(f"{house.user.id}/permissions", "DELETE", token=given)

    assert answer.json() == {"success": True}
    assert codes(house.ask("me")) == (190, 458)


def test_a_new_login_does_not_bring_back_the_tokens_of_a_removed_app(house: House) -> None:
    house.ask("me/permissions", "DELETE")
    token = short_token(house)

    assert found(house.ask("me", token=token))
    assert codes(house.ask("me")) == (190, 458)


def test_every_secret_is_known_by_name(house: House) -> None:
    code = code_of(house)
    token = str(found(house.exchange(code))["access_token"])

    assert {code, token, SECRET, house.token.value} <= set(house.meta.secrets)
    assert code in unquote(house.meta.asked(house.meta.journal[-1].endpoint)[-1].params["code"])
