"""Reads with two tokens, against the stand-in of Meta over HTTP: contract case 40."""

from __future__ import annotations

import pytest

from gravix_core.errors import InstagramError
from gravix_core.stages.publish.reading import Tokens, read
from tests.publish.conftest import House
from tests.simulators.instagram import Endpoint


def tokens_of(house: House) -> tuple[Tokens, str]:
    """Of the one connected account, and its id."""
    house.page("ada.boats")
    house.connect()
    (account,) = house.desk.accounts()
    with house.store.read() as tx:
        user = house.vault.open(tx.accounts.sealed_token(account.id))
        page = house.vault.open(tx.accounts.sealed_page_token(account.id))
    assert user
    assert page
    return Tokens(user, page), account.ig_user_id


@pytest.mark.parametrize(("blind", "answers"), [("user", "the Page"), ("page", None)])
def test_case_40_read_falls_back_to_the_other_token_and_logs_which(
    house: House, caplog: pytest.LogCaptureFixture, blind: str, answers: str | None
) -> None:
    tokens, ig_user_id = tokens_of(house)
    house.meta.fail(Endpoint.ACCOUNT, code=100, subcode=33, token_kind=blind)
    assert read(house.graph, tokens, ig_user_id, fields="username")["username"] == "ada.boats"
    told = [line for line in caplog.messages if "answered" in line]
    assert told == ([f"Meta answered {ig_user_id} with the token of {answers}"] if answers else [])
    assert tokens.user not in caplog.text
    assert str(tokens.page) not in caplog.text


def test_what_no_token_sees_is_not_there(house: House) -> None:
    tokens, _ = tokens_of(house)
    with pytest.raises(InstagramError) as caught:
        read(house.graph, tokens, "17841499999999999", fields="username")
    assert caught.value.code == "not_seen"


def test_other_error_asks_no_second_time(house: House) -> None:
    tokens, ig_user_id = tokens_of(house)
    house.meta.forget()
    house.meta.fail(Endpoint.ACCOUNT, code=190, subcode=460)
    with pytest.raises(InstagramError) as caught:
        read(house.graph, tokens, ig_user_id, fields="username")
    assert caught.value.kind == "reconnect"
    assert len(house.meta.journal) == 1
