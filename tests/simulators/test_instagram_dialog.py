"""The dialog of the stand-in of Meta, seen by a plain client."""

from __future__ import annotations

import re

import pytest

from tests.simulators.instagram import LoginConfig
from tests.simulators.instagram_asking import (
    APP_ID,
    BACK,
    House,
    found,
    query,
)
from tests.simulators.instagram_client import DialogRefused


def test_consent_leads_back_with_code_and_state(house: House) -> None:
    address = house.meta.consent(house.dialog(state="abc 1"))

    assert address.startswith(f"{BACK}?code=")
    assert query(address)["state"] == "abc 1"
    assert address.endswith("#_=_")


def test_a_refusal_leads_back_with_the_documented_words(house: House) -> None:
    address = house.meta.consent(house.dialog(), decision="cancel")

    assert query(address) == {
        "error": "access_denied",
        "error_code": "200",
        "error_description": "Permissions error",
        "error_reason": "user_denied",
        "state": "s1",
    }


def test_a_login_that_cannot_be_granted_reads_like_a_refusal(house: House) -> None:
    stranger = house.meta.add_user("Bob", has_role=False)

    address = house.meta.consent(house.dialog(), user=stranger)

    assert query(address)["error"] == "access_denied"


def test_the_page_offers_what_was_asked_for_and_the_pages_of_each_person(house: House) -> None:
    house.meta.add_user("Bob & Co")

    shown = house.http.get(house.dialog(scope="pages_show_list,instagram_basic")).text

    assert re.findall(r'name="scope:(\w+)"', shown) == ["pages_show_list", "instagram_basic"] * 2
    assert "Boats (@ada.boats)" in shown
    assert "Continue as Ada Boatwright" in shown
    assert "Continue as Bob &amp; Co" in shown


@pytest.mark.parametrize(
    ("mode", "uri", "allowed"),
    [
        ("dev", BACK, True),
        ("dev", "http://localhost:1/anything", True),
        ("dev", "http://127.0.0.1:8501/api/social/facebook/callback", False),
        ("dev", "http://localhost:1/back\r\nSet-Cookie: a=b", False),
        ("dev", "http://[", False),
        ("dev", "https://gravix.example/back", True),
        ("live", BACK, False),
        ("live", "https://gravix.example/back", True),
        ("live", "https://gravix.example/back/", False),
        ("live", "http://gravix.example/back", False),
    ],
)
def test_a_redirect_uri_is_held_to_the_mode_of_the_app(
    house: House, mode: str, uri: str, allowed: bool
) -> None:
    house.app.mode = mode  # type: ignore[assignment]
    house.app.redirect_uris = ("https://gravix.example/back", "http://gravix.example/back")

    if allowed:
        assert house.meta.consent(house.dialog(redirect_uri=uri)).startswith(uri)
    else:
        with pytest.raises(DialogRefused, match="URL Blocked"):
            house.meta.consent(house.dialog(redirect_uri=uri))


def test_the_dashboard_refuses_to_store_a_loopback_number(house: House) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        house.meta.add_app(redirect_uris=("https://127.0.0.1:8501/back",))


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"client_id": "1"}, "Invalid App ID"),
        ({"scope": "instagram_basic,no_such"}, "Invalid Scopes: no_such"),
        ({"config_id": "77"}, "Invalid config_id"),
        ({"response_type": "token"}, "Invalid response_type"),
    ],
)
def test_what_the_dialog_does_not_know_is_an_error_page(
    house: House, params: dict[str, str], words: str
) -> None:
    with pytest.raises(DialogRefused, match=words):
        house.meta.consent(house.dialog(**params))


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_dialog_is_opened_and_answered_and_nothing_else(house: House, method: str) -> None:
    assert house.http.request(method, house.dialog(), timeout=10).status_code == 405


def test_a_configuration_replaces_the_scopes(house: House) -> None:
    house.app.config_ids = {"77": LoginConfig(("instagram_basic",))}
    house.user.grants.clear()

    house.meta.consent(house.dialog(config_id="77"))

    assert house.user.grants[APP_ID].scopes == {"public_profile", "instagram_basic"}


def test_a_system_user_configuration_must_be_asked_for_and_never_expires(house: House) -> None:
    house.app.config_ids = {"77": LoginConfig(("instagram_basic",), system_user=True)}
    with pytest.raises(DialogRefused, match="override_default_response_type"):
        house.meta.consent(house.dialog(config_id="77"))

    address = house.dialog(config_id="77", override_default_response_type="true")
    answer = found(house.exchange(query(house.meta.consent(address))["code"]))

    assert house.debug(answer["access_token"])["expires_at"] == 0


def test_a_declined_scope_is_asked_for_again_only_on_request(house: House) -> None:
    house.user.grants.clear()
    publish = "instagram_content_publish"
    house.meta.consent(house.dialog(), without=[publish])

    assert f"scope:{publish}" not in house.http.get(house.dialog()).text
    house.meta.consent(house.dialog())
    assert house.user.grants[APP_ID].permissions[publish] == "declined"

    house.meta.consent(house.dialog(auth_type="rerequest"))
    assert house.user.grants[APP_ID].permissions[publish] == "granted"
