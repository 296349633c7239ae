"""Connecting an account, against the stand-in of Meta over HTTP: contract cases 1 to 12."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gravix_core.desks.accounts import DAY, HOUR
from gravix_core.desks.connection import ApiVersion, Came, Connection
from gravix_core.errors import InstagramError, StatusConflict
from gravix_core.stages.publish.graph import App, Graph
from gravix_core.store.secrets import Vault, new_key
from tests.publish.conftest import APP_ID, BACK, SECRET, House
from tests.simulators.instagram import NEVER, Endpoint, Reason


def test_case_1_fresh_login_is_exchanged_sealed_and_listed(house: House) -> None:
    house.page("ada.boats")
    assert house.connect().came is Came.CONNECTED
    (account,) = house.desk.accounts()
    assert (account.username, account.is_active) == ("ada.boats", True)
    assert account.expires_at is not None
    assert account.expires_at - house.meta.clock.now() > timedelta(days=59)
    with house.store.read() as tx:
        sealed = tx.accounts.sealed_token(account.id)
    assert house.vault.open(sealed) in house.meta.secrets
    assert house.desk.status().connected


@pytest.mark.parametrize("fault", ["missing", "wrong", "reused", "old", "foreign", "no cookie"])
def test_case_2_state_that_is_not_right_makes_no_call(house: House, fault: str) -> None:
    house.page("ada.boats")
    way = house.desk.begin()
    answer, cookie = house.answered(way), way.cookie
    if fault == "missing":
        del answer["state"]
    if fault == "wrong":
        answer["state"] = answer["state"][::-1]
    if fault == "reused":
        with house.store.begin() as tx:
            assert tx.attempts.take(way.state, way.cookie, now=house.meta.clock.now())
        cookie = house.desk.begin().cookie
    if fault == "old":
        house.meta.clock.go(minutes=11)
    if fault == "foreign":
        cookie = house.desk.begin().cookie
    if fault == "no cookie":
        cookie = ""
    house.meta.forget()
    with pytest.raises(StatusConflict):
        house.desk.finish(answer, cookie)
    assert house.meta.journal == ()
    assert house.desk.accounts() == ()


def test_case_3_denial_names_both_causes_and_stores_nothing(house: House) -> None:
    outcome = house.connect(decision="cancel")
    assert outcome.came is Came.DENIED
    assert "cancelled" in outcome.message
    assert "Development mode" in outcome.hint
    assert house.desk.accounts() == ()


def test_case_3_denial_of_another_browser_is_not_believed(house: House) -> None:
    way = house.desk.begin()
    with pytest.raises(StatusConflict):
        house.desk.finish({"error": "access_denied", "state": way.state}, "another cookie")


def test_case_4_callback_that_is_loaded_twice_shows_the_account_both_times(house: House) -> None:
    house.page("ada.boats")
    way = house.desk.begin()
    answer = house.answered(way)
    first = house.desk.finish(answer, way.cookie)
    second = house.desk.finish(answer, way.cookie)
    assert first == second
    assert second.came is Came.CONNECTED
    assert len(house.meta.asked(Endpoint.EXCHANGE)) == 1


def test_case_5_redirect_uri_that_differs_is_shown_as_it_is_expected(house: House) -> None:
    house.page("ada.boats")
    way = house.desk.begin()
    answer = house.answered(way)
    house.desk.redirect_uri = f"{BACK}/"
    outcome = house.desk.finish(answer, way.cookie)
    assert outcome.came is Came.FAILED
    assert f"{BACK}/" in outcome.hint


def test_case_6_declined_permission_is_named_and_asked_for_again(house: House) -> None:
    house.page("ada.boats")
    outcome = house.connect(without=["instagram_content_publish"])
    assert outcome.came is Came.SCOPE_MISSING
    assert "instagram_content_publish" in outcome.message
    assert house.desk.accounts() == ()
    again = house.desk.begin(again=True)
    assert "auth_type=rerequest" in again.url
    assert house.desk.finish(house.answered(again), again.cookie).came is Came.CONNECTED


def test_case_7_page_of_a_portfolio_without_the_permission_for_it_is_told_so(house: House) -> None:
    boats = house.meta.add_portfolio(house.ada)
    house.page("ada.boats", portfolio=boats)
    outcome = house.connect(without=["business_management"], pages=[])
    assert outcome.came is Came.NO_ACCOUNT
    assert "business_management" in outcome.message


def test_page_of_a_portfolio_that_was_granted_by_name_is_found_without_it(house: House) -> None:
    boats = house.meta.add_portfolio(house.ada)
    house.page("ada.boats", portfolio=boats)
    assert house.connect(without=["business_management"]).came is Came.CONNECTED


@pytest.mark.parametrize("relation", ["owned", "client"])
def test_page_of_a_portfolio_is_found_with_it(house: House, relation: str) -> None:
    boats = house.meta.add_portfolio(house.ada)
    house.page("ada.boats", portfolio=boats, relation=relation, listed=False)
    assert house.connect().came is Came.CONNECTED


def test_case_8_account_is_found_behind_all_cursors(house: House) -> None:
    house.meta.page_size = 1
    house.page(), house.page(), house.page("ada.boats")
    assert house.connect().came is Came.CONNECTED
    assert len(house.meta.asked(Endpoint.ACCOUNTS)) == 3


def test_case_8_of_two_accounts_the_operator_chooses(house: House) -> None:
    house.page("ada.boats")
    wanted = house.page("ada.bikes")
    assert wanted is not None
    outcome = house.connect()
    assert outcome.came is Came.CHOOSE
    assert house.desk.accounts() == ()
    names = {one.username for one in house.desk.choices(outcome.reference)}
    assert names == {"ada.boats", "ada.bikes"}
    house.desk.choose(outcome.reference, [wanted.id])
    assert [one.username for one in house.desk.accounts()] == ["ada.bikes"]
    with pytest.raises(StatusConflict):
        house.desk.choices(outcome.reference)


def test_both_of_two_accounts_may_be_connected_and_one_is_active(house: House) -> None:
    boats, bikes = house.page("ada.boats"), house.page("ada.bikes")
    assert boats is not None
    assert bikes is not None
    house.desk.choose(house.connect().reference, [bikes.id, boats.id])
    assert [(one.username, one.is_active) for one in house.desk.accounts()] == [
        ("ada.bikes", True),
        ("ada.boats", False),
    ]


def test_page_without_a_professional_account_is_named(house: House) -> None:
    house.page(name="Lonely Page")
    outcome = house.connect()
    assert outcome.came is Came.NO_ACCOUNT
    assert "Lonely Page" in outcome.message


def test_case_9_end_is_taken_from_debug_token_where_the_exchange_names_none(house: House) -> None:
    house.page("ada.boats")
    house.meta.switches.tells_expires_in = False
    house.connect()
    (account,) = house.desk.accounts()
    assert account.expires_at is not None


def test_case_9_token_without_an_end_never_expires(house: House) -> None:
    house.page("ada.boats")
    house.meta.switches.tells_expires_in = False
    house.meta.switches.long_life = NEVER
    house.connect()
    (account,) = house.desk.accounts()
    assert account.expires_at is None
    house.meta.clock.go(days=5000)
    assert house.desk.status().connected


@pytest.mark.parametrize("moves", [True, False])
def test_case_10_refresh_believes_debug_token_alone(house: House, moves: bool) -> None:
    house.page("ada.boats")
    house.connect()
    (before,) = house.desk.accounts()
    house.meta.clock.go(days=50)
    house.meta.switches.exchange_moves_expiry = moves
    assert house.desk.renew(before.id) is moves
    assert house.desk.status().ends_soon is not moves


def test_case_11_every_call_proves_the_secret(house: House) -> None:
    house.page("ada.boats")
    assert house.connect().came is Came.CONNECTED
    with_token = [one for one in house.meta.journal if "authorization" in one.headers]
    assert with_token
    assert all("appsecret_proof" in {**one.query, **one.form} for one in with_token)


def test_case_11_wrong_secret_is_told_as_such(house: House) -> None:
    house.page("ada.boats")
    way = house.desk.begin()
    answer = house.answered(way)
    wrong = Graph(App(APP_ID, "0" * 32), house.graph.hosts, version="v25.0")
    desk = Connection(
        house.store,
        graph=lambda: wrong,
        vault=lambda: house.vault,
        redirect_uri=BACK,
        clock=house.meta.clock.now,
    )
    assert desk.finish(answer, way.cookie).came is Came.FAILED


def test_case_12_disconnecting_removes_the_tokens_whatever_meta_answers(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    (account,) = house.desk.accounts()
    house.meta.fail(Endpoint.REVOKE, status=500)
    left = house.desk.disconnect(account.id)
    assert left is not None
    assert "by hand" in left or "facebook.com" in left
    assert house.desk.accounts() == ()


def test_disconnecting_takes_the_permissions_back(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    (account,) = house.desk.accounts()
    assert house.desk.disconnect(account.id) is None
    assert [one.status for one in house.meta.asked(Endpoint.REVOKE)] == [200]


@pytest.mark.parametrize("reason", [Reason.PASSWORD, Reason.APP_REMOVED, Reason.SESSION])
def test_case_39_dead_token_is_noted_and_a_new_login_asked_for(
    house: House, reason: Reason
) -> None:
    house.page("ada.boats")
    house.connect()
    (account,) = house.desk.accounts()
    house.meta.invalidate(house.ada, reason)
    with pytest.raises(InstagramError):
        house.desk.renew(account.id)
    status = house.desk.status()
    assert (status.connected, status.needs_login) == (False, True)
    house.meta.invalidate(house.ada, None)
    house.connect()
    assert house.desk.status().connected


def test_case_41_reached_limit_lets_no_call_out_until_it_is_over(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    (account,) = house.desk.accounts()
    house.meta.switches.business_usage = {
        "1": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 19}]
    }
    with pytest.raises(InstagramError):
        house.desk.renew(account.id)  # its first answer says so
    assert house.desk.rests() == pytest.approx(19 * 60, abs=5)
    house.meta.forget()
    with pytest.raises(InstagramError) as caught:
        house.desk.renew(account.id)
    assert caught.value.kind == "wait"
    assert caught.value.retry_after == pytest.approx(19 * 60, abs=5)
    assert house.meta.journal == ()


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502, "html": True},
        {"status": 200, "body": ""},
        {"truncate": True},
        {"drop": "before"},
    ],
)
def test_case_42_answer_that_is_no_answer_may_pass(house: House, fault: dict[str, object]) -> None:
    house.page("ada.boats")
    house.connect()
    (account,) = house.desk.accounts()
    house.meta.fail(Endpoint.LONG_TOKEN, times=1, **fault)  # type: ignore[arg-type]
    with pytest.raises(InstagramError) as caught:
        house.desk.renew(account.id)
    assert caught.value.retryable
    assert house.desk.status().connected
    house.desk.renew(account.id)


def test_case_43_expired_version_is_answered_by_another_and_known(house: House) -> None:
    house.page("ada.boats")
    old = Graph(house.graph.app, house.graph.hosts, version="v19.0", clock=house.meta.clock.now)
    old.get("debug_token", old.app.token, input_token="x")
    assert old.served == "v21.0"


def test_case_43_expired_version_is_told_with_the_one_that_answers(house: House) -> None:
    house.page("ada.boats")
    old = Graph(house.graph.app, house.graph.hosts, version="v19.0", clock=house.meta.clock.now)
    desk = Connection(
        house.store,
        graph=lambda: old,
        vault=lambda: house.vault,
        redirect_uri=BACK,
        clock=house.meta.clock.now,
    )
    way = desk.begin()
    assert desk.finish(house.answered(way), way.cookie).came is Came.CONNECTED
    assert desk.version() == ApiVersion("v19.0", "v21.0", is_expired=True)
    now = house.desk.version()
    assert now is not None
    assert not now.is_expired


@pytest.mark.parametrize(("transient", "kind"), [(True, "transient"), (False, "permanent")])
def test_case_44_unknown_subcode_goes_by_what_meta_says_of_it(
    house: House, transient: bool, kind: str
) -> None:
    house.page("ada.boats")
    house.connect()
    (account,) = house.desk.accounts()
    house.meta.fail(
        Endpoint.LONG_TOKEN,
        code=1357,
        subcode=2299999,
        is_transient=transient,
        message="Der Dienst macht Pause.",
    )
    with pytest.raises(InstagramError) as caught:
        house.desk.renew(account.id)
    assert caught.value.kind == kind
    assert caught.value.retryable is transient
    assert "Der Dienst macht Pause." in str(caught.value)


def test_case_45_no_secret_is_in_what_is_kept_said_or_asked(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="gravix_core")
    house.page("ada.boats")
    outcomes = [house.connect()]
    house.meta.fail(Endpoint.LONG_TOKEN, code=1, message="bad", times=1)
    outcomes.append(house.connect())
    with house.store.read() as tx:
        raw: Any = tx.session.connection().connection.driver_connection
        dump = "\n".join(raw.iterdump())
    told = f"{outcomes}{house.desk.accounts()}{house.desk.status()}{caplog.text}{dump}"
    planted = (*house.meta.secrets, SECRET, *(code.value for code in house.meta.codes))
    assert len(planted) > 3
    assert not [secret for secret in planted if secret in told]


def test_lost_key_leaves_everything_usable_and_says_to_connect_again(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    other = Vault([new_key()])
    desk = Connection(
        house.store,
        graph=lambda: house.graph,
        vault=lambda: other,
        redirect_uri=BACK,
        clock=house.meta.clock.now,
    )
    status = desk.status()
    assert (status.connected, status.needs_login) == (False, True)
    assert "again" in status.message
    (account,) = desk.accounts()
    assert desk.disconnect(account.id) is not None
    assert desk.accounts() == ()


def test_pasted_address_connects_and_a_foreign_one_does_not(house: House) -> None:
    house.page("ada.boats")
    way = house.desk.begin()
    address = house.meta.consent(way.url)
    with pytest.raises(StatusConflict):
        house.desk.paste("https://www.facebook.com/", way.cookie)
    with pytest.raises(StatusConflict):
        house.desk.paste(address, "another cookie")
    assert house.desk.paste(f" {address} ", way.cookie).came is Came.CONNECTED


words = st.text(max_size=40)
names = st.sampled_from(["code", "state", "error", "x"]) | words


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    answer=st.dictionaries(st.sampled_from(["code", "state", "error", "x"]) | words, words),
    cookie=words,
)
def test_random_answer_never_connects_and_asks_nobody(
    house: House, answer: dict[str, str], cookie: str
) -> None:
    with pytest.raises(StatusConflict):
        house.desk.finish(answer, cookie)
    assert house.meta.journal == ()


def test_daily_job_renews_once_a_day_and_leaves_dead_connections_alone(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.meta.forget()
    assert house.desk.renew_all() == DAY
    assert house.meta.journal == ()  # it was made a moment ago
    house.meta.clock.go(days=2)
    assert house.desk.renew_all() == DAY
    assert len(house.meta.asked(Endpoint.LONG_TOKEN)) == 1
    house.desk.renew_all()
    assert len(house.meta.asked(Endpoint.LONG_TOKEN)) == 1
    house.meta.clock.go(days=2)
    house.meta.invalidate(house.ada, Reason.PASSWORD)
    assert house.desk.renew_all() == DAY  # nothing that trying again would mend
    house.meta.clock.go(days=2)
    house.meta.forget()
    assert house.desk.renew_all() == DAY
    assert house.meta.journal == ()


def test_daily_job_comes_back_soon_where_meta_could_not_be_asked(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.meta.clock.go(days=2)
    house.meta.fail(Endpoint.LONG_TOKEN, status=503, html=True, times=1)
    assert house.desk.renew_all() == HOUR
    assert house.desk.status().connected


def test_daily_job_is_asked_for_by_a_connection_and_ends_with_the_last(house: House) -> None:
    assert house.desk.renew_all() is None
    assert house.asked_for == 0
    house.page("ada.boats")
    house.connect()
    assert house.asked_for == 1
    house.desk.disconnect(house.desk.accounts()[0].id)
    assert house.desk.renew_all() is None
