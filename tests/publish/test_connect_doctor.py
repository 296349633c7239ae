"""Each step of Meta's set-up that is missing, named by the connect doctor, against the stand-in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.desks.connect_checks import AppSettings, Check, CheckState, Known, Step
from gravix_core.desks.connect_doctor import checks
from gravix_core.desks.connection import Came, Connection
from gravix_core.errors import SettingsError
from gravix_core.stages.publish.app_proof import AppIs, prove
from gravix_core.stages.publish.graph import App, Graph
from gravix_core.stages.publish.oauth import SCOPES
from gravix_core.store.secrets import Vault, new_key
from tests.publish.conftest import APP_ID, BACK, SECRET, House
from tests.simulators.instagram import Account, Endpoint, Reason

OK, BAD, UNKNOWN = CheckState.OK, CheckState.BAD, CheckState.UNKNOWN
Looked = Mapping[Step, Check]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def looked(desk: Connection, *, online: bool = False) -> Looked:
    found = desk.doctor(online=online)
    assert [check.name for check in found] == list(Step)
    return {check.name: check for check in found}


def bad(seen: Looked) -> set[Step]:
    return {name for name, check in seen.items() if check.state is BAD}


def desk_of(house: House, graph: Graph, **members: object) -> Connection:
    return Connection(
        house.store,
        graph=lambda: graph,
        vault=lambda: house.vault,
        redirect_uri=BACK,
        clock=house.meta.clock.now,
        **members,  # type: ignore[arg-type]
    )


def other_app(house: House, app: App, version: str = "v25.0") -> Graph:
    return Graph(app, house.graph.hosts, version=version, clock=house.meta.clock.now)


# all is well


def test_whole_set_up_has_nothing_missing_and_the_mode_alone_unknown(house: House) -> None:
    house.page("ada.boats", name="Ada's boats")
    house.connect()
    seen = looked(house.desk, online=True)
    assert bad(seen) == set()
    assert {name for name, check in seen.items() if check.state is UNKNOWN} == {Step.MODE}
    assert "Ada's boats" in seen[Step.PAGE].found
    assert "Gravix" in seen[Step.APP_ID].found  # the name of the app at Meta


def test_whatever_is_not_well_says_what_to_do(house: House) -> None:
    for online in (False, True):
        for check in house.desk.doctor(online=online):
            assert check.state is OK or check.todo, check


def test_offline_nobody_is_asked(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.meta.forget()
    seen = looked(house.desk)
    assert house.meta.journal == ()
    assert bad(seen) == set()
    assert seen[Step.APP_SECRET].state is UNKNOWN


# the app


@pytest.mark.parametrize(
    ("app", "step"),
    [(AppSettings("", True), Step.APP_ID), (AppSettings(APP_ID, False), Step.APP_SECRET)],
)
def test_empty_setting_is_named_and_the_other_one_is_not(
    house: House, app: AppSettings, step: Step
) -> None:
    def graph() -> Graph:
        raise SettingsError("the app at Meta is not known")

    desk = Connection(
        house.store, graph=graph, vault=lambda: house.vault, redirect_uri=BACK, app=app
    )
    for online in (False, True):
        assert bad(looked(desk, online=online)) == {step}


def test_id_that_meta_does_not_know_is_named(house: House) -> None:
    desk = desk_of(house, other_app(house, App("12345", SECRET)))
    assert bad(looked(desk, online=True)) == {Step.APP_ID}


def test_secret_of_another_app_is_named(house: House) -> None:
    house.meta.add_app(id="12345", secret="f" * 32)
    desk = desk_of(house, other_app(house, App(APP_ID, "f" * 32)))
    seen = looked(desk, online=True)
    assert bad(seen) == {Step.APP_SECRET}
    assert seen[Step.APP_ID].state is OK


@pytest.mark.parametrize(
    ("app", "found"),
    [
        (App(APP_ID, SECRET), AppIs.KNOWN),
        (App("12345", SECRET), AppIs.NO_APP),
        (App(APP_ID, "0" * 32), AppIs.WRONG_SECRET),
    ],
)
def test_proof_tells_id_and_secret_apart_also_where_meta_answers_code_1(
    house: House, app: App, found: AppIs
) -> None:
    graph = other_app(house, app)
    assert prove(graph).app is found
    if found is not AppIs.KNOWN:
        message = "Error validating client secret."
        house.meta.fail(Endpoint.DEBUG_TOKEN, code=1, message=message)
        assert prove(graph).app is found


@pytest.mark.parametrize(
    "fault", [{"status": 502, "html": True}, {"code": 1, "message": "An unknown error occurred"}]
)
def test_trouble_of_metas_own_accuses_no_secret(house: House, fault: dict[str, object]) -> None:
    for endpoint in (Endpoint.DEBUG_TOKEN, Endpoint.EXCHANGE):
        house.meta.fail(endpoint, **fault)  # type: ignore[arg-type]
    seen = looked(house.desk, online=True)
    assert bad(seen) == set()
    assert seen[Step.APP_SECRET].state is UNKNOWN
    assert "could not be asked" in seen[Step.APP_SECRET].found


def test_secret_stands_in_no_check_and_no_address(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    wrong = desk_of(house, other_app(house, App(APP_ID, "0" * 32)))
    house.meta.forget()
    told = f"{wrong.doctor(online=True)}{house.desk.doctor(online=True)}"
    assert not [secret for secret in (*house.meta.secrets, "0" * 32) if secret in told]
    assert all("client_secret" not in one.query for one in house.meta.journal)


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("http://127.0.0.1:8501/api/social/facebook/callback", "but not 127.0.0.1"),
        ("https://127.0.0.1/api/social/facebook/callback", "but not 127.0.0.1"),
        ("http://[::1]:8501/api/social/facebook/callback", "but not ::1"),
        ("http://me.example/api/social/facebook/callback", "http for localhost alone"),
        ("localhost:8501/api/social/facebook/callback", "no web address"),
        ("http://localhost:port/", "no web address"),
        ("", "no web address"),
        ("https://me.example/*", "wildcard"),
        ("https://me.example/back#here", "#"),
    ],
)
def test_redirect_uri_that_cannot_work_is_named(house: House, uri: str, says: str) -> None:
    house.desk.redirect_uri = uri
    check = looked(house.desk)[Step.REDIRECT]
    assert check.state is BAD
    assert says in check.found
    assert "FACEBOOK_REDIRECT_URI" in check.todo


def test_localhost_is_good_and_said_to_hold_in_development_mode_alone(house: House) -> None:
    seen = looked(house.desk)
    assert seen[Step.REDIRECT].state is OK
    assert "only while the app is in Development mode" in seen[Step.REDIRECT].found
    assert "has to be Development" in seen[Step.MODE].found


def test_https_address_is_shown_to_the_letter_as_it_is_to_be_pasted(house: House) -> None:
    house.desk.redirect_uri = uri = "https://me.example/api/social/facebook/callback?x=1"
    check = looked(house.desk)[Step.REDIRECT]
    assert check.state is UNKNOWN  # Meta's own screen alone shows whether it is there
    assert check.todo.endswith(uri)
    assert "has to be Development" not in looked(house.desk)[Step.MODE].found


@pytest.mark.parametrize("uri", ["https://me.example/gravix", "http://localhost:8501/"])
def test_address_that_is_not_gravix_own_is_to_be_pasted_back(house: House, uri: str) -> None:
    assert "paste" not in looked(house.desk)[Step.REDIRECT].found
    house.desk.redirect_uri = uri
    check = looked(house.desk)[Step.REDIRECT]
    assert check.state is not BAD
    assert "paste the address" in check.found


def test_redirect_uri_that_differs_at_the_exchange_is_named(house: House) -> None:
    house.page("ada.boats")
    way = house.desk.begin()
    answer = house.answered(way)
    house.desk.redirect_uri = f"{BACK}/"
    house.desk.finish(answer, way.cookie)
    check = looked(house.desk)[Step.REDIRECT]
    assert check.state is BAD
    assert f"{BACK}/" in check.todo


@given(uri=st.text(max_size=60) | st.from_regex(r"https?://[a-z0-9\[\]:.]*/?", fullmatch=True))
def test_no_redirect_uri_makes_the_doctor_fail(uri: str) -> None:
    known = Known(AppSettings(APP_ID, has_secret=True), uri, NOW)
    assert [check.name for check in checks(known)] == list(Step)


def test_expired_version_is_named_with_the_one_that_is_served(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    desk = desk_of(house, other_app(house, house.graph.app, "v19.0"))
    assert bad(looked(desk)) == {Step.VERSION}
    seen = looked(desk, online=True)
    assert bad(seen) == {Step.VERSION}
    assert "v19.0 has expired. Meta answers with v21.0." in seen[Step.VERSION].found
    assert "v25.0" in seen[Step.VERSION].todo


def test_key_that_cannot_be_had_is_named(house: House) -> None:
    def vault() -> Vault:
        raise SettingsError("GRAVIX_SECRET_KEY holds what is no key", hint="Make one.")

    desk = Connection(house.store, graph=lambda: house.graph, vault=vault, redirect_uri=BACK)
    seen = looked(desk)
    assert bad(seen) == {Step.KEY}
    assert seen[Step.KEY].todo == "Make one."


def test_key_that_opens_nothing_is_named(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    other = Vault([new_key()])
    desk = Connection(house.store, graph=lambda: house.graph, vault=lambda: other,
                      redirect_uri=BACK, clock=house.meta.clock.now)  # fmt: skip
    for online in (False, True):
        seen = looked(desk, online=online)
        assert Step.KEY in bad(seen)
        assert "secret.key" in seen[Step.KEY].todo


# the last login, without a connected account


def test_nobody_connected_is_unknown_and_nothing_is_blamed(house: House) -> None:
    seen = looked(house.desk, online=True)
    assert bad(seen) == set()
    assert seen[Step.PAGE].state is UNKNOWN


def test_denial_is_named_with_both_causes(house: House) -> None:
    house.connect(decision="cancel")
    seen = looked(house.desk)
    assert bad(seen) == {Step.LOGIN}
    assert "Development mode" in seen[Step.LOGIN].todo


def test_declined_permission_is_named_with_the_screen_it_is_on(house: House) -> None:
    house.page("ada.boats")
    house.connect(without=["instagram_content_publish"])
    seen = looked(house.desk)
    assert bad(seen) == {Step.LOGIN, Step.PERMISSION}
    assert "instagram_content_publish" in seen[Step.PERMISSION].found
    assert "instagram_basic" not in seen[Step.PERMISSION].found
    assert "Use cases" in seen[Step.PERMISSION].todo


def test_with_a_login_configuration_its_screen_is_named(house: House) -> None:
    desk = desk_of(house, house.graph, config_id="4711")
    todo = looked(desk)[Step.PERMISSION].todo
    assert "Configurations" in todo
    assert "4711" in todo
    assert all(scope in todo for scope in SCOPES)


def test_no_page_at_all_is_named(house: House) -> None:
    assert house.connect().came is Came.NO_ACCOUNT
    seen = looked(house.desk)
    assert bad(seen) == {Step.LOGIN, Step.PAGE}
    assert seen[Step.PORTFOLIO].state is OK
    assert seen[Step.PERMISSION].state is OK


def test_page_without_a_professional_account_is_named_and_is_no_missing_page(house: House) -> None:
    house.page(name="Lonely Page")
    house.connect()
    seen = looked(house.desk)
    assert bad(seen) == {Step.LOGIN, Step.PROFESSIONAL}
    assert "Lonely Page" in seen[Step.PROFESSIONAL].found
    assert "Switch to professional account" in seen[Step.PROFESSIONAL].todo


def test_hidden_portfolio_is_named(house: House) -> None:
    boats = house.meta.add_portfolio(house.ada)
    house.page("ada.boats", portfolio=boats)
    house.connect(without=["business_management"], pages=[])
    seen = looked(house.desk)
    assert bad(seen) == {Step.LOGIN, Step.PAGE, Step.PORTFOLIO}
    assert "business_management" in seen[Step.PORTFOLIO].found


def test_open_choice_is_named(house: House) -> None:
    house.page("ada.boats"), house.page("ada.bikes")
    house.connect()
    seen = looked(house.desk)
    assert bad(seen) == {Step.LOGIN}
    assert "choose" in seen[Step.LOGIN].todo


def test_outcome_of_the_day_before_is_not_told(house: House) -> None:
    house.connect(decision="cancel")
    house.meta.clock.go(hours=25)
    assert bad(looked(house.desk)) == set()


def test_denied_login_for_another_account_spoils_no_connection(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.meta.clock.go(minutes=1)
    house.connect(decision="cancel")
    seen = looked(house.desk)
    assert bad(seen) == set()
    assert "cancelled" in seen[Step.LOGIN].found


# the connected account, as Meta sees it


def test_permission_that_was_taken_back_is_named(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.ada.grants[APP_ID].permissions["instagram_content_publish"] = "declined"
    assert bad(looked(house.desk)) == set()  # nobody has asked yet
    assert bad(looked(house.desk, online=True)) == {Step.PERMISSION, Step.PUBLISHING}


def test_account_that_cannot_be_seen_is_not_said_to_be_unlinked(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.ada.grants[APP_ID].permissions["instagram_basic"] = "declined"
    seen = looked(house.desk, online=True)
    assert bad(seen) == {Step.PERMISSION, Step.PUBLISHING}
    assert seen[Step.PROFESSIONAL].state is UNKNOWN


def test_role_that_allows_no_posts_is_named(house: House) -> None:
    house.page("ada.boats", tasks=("ANALYZE",))
    house.connect()
    seen = looked(house.desk, online=True)
    assert Step.ROLE in bad(seen)
    assert "Page access" in seen[Step.ROLE].todo


def test_page_that_was_taken_away_is_named(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.ada.grants[APP_ID].pages.clear()
    assert {Step.PAGE, Step.PROFESSIONAL} <= bad(looked(house.desk, online=True))


def test_account_that_was_unlinked_is_named(house: House) -> None:
    page = house.meta.add_page(house.ada, instagram=Account("ada.boats"))
    house.connect()
    page.instagram = None
    seen = looked(house.desk, online=True)
    assert seen[Step.PAGE].state is OK
    assert Step.PROFESSIONAL in bad(seen)


@pytest.mark.parametrize("reason", [Reason.PASSWORD, Reason.CHECKPOINT, Reason.APP_REMOVED])
def test_dead_token_is_named_with_its_reason(house: House, reason: Reason) -> None:
    house.page("ada.boats")
    house.connect()
    house.meta.invalidate(house.ada, reason)
    seen = looked(house.desk, online=True)
    assert bad(seen) == {Step.LOGIN}
    word = {"PASSWORD": "password", "CHECKPOINT": "confirm", "APP_REMOVED": "removed"}[reason.name]
    assert word in seen[Step.LOGIN].found


def test_trouble_on_the_way_blames_nobody(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.meta.fail(Endpoint.ACCOUNTS, status=502, html=True)
    seen = looked(house.desk, online=True)
    assert bad(seen) == set()
    assert seen[Step.LOGIN].state is UNKNOWN
    assert seen[Step.PUBLISHING].state is UNKNOWN


def test_end_is_warned_of_from_fifteen_days_before_and_when_it_is_over(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    house.meta.clock.go(days=44)
    assert bad(looked(house.desk)) == set()
    house.meta.clock.go(days=2)
    assert bad(looked(house.desk)) == {Step.END}
    house.meta.clock.go(days=20)
    seen = looked(house.desk)
    assert Step.END in bad(seen)
    assert "again" in seen[Step.END].todo


def test_end_of_access_to_data_is_named_for_a_token_that_never_ends(house: House) -> None:
    house.page("ada.boats")
    house.meta.switches.long_life = 0.0
    house.connect()
    house.meta.clock.go(days=91)
    assert bad(looked(house.desk)) == {Step.DATA_END}


def test_end_as_meta_knows_it_goes_before_the_one_that_is_kept(house: House) -> None:
    house.page("ada.boats")
    house.connect()
    (account,) = house.desk.accounts()
    assert account.expires_at is not None
    soon = house.meta.clock.now() + timedelta(days=3)
    for token in house.meta.tokens:
        token.expires_at = soon.timestamp()
    assert bad(looked(house.desk)) == set()
    assert bad(looked(house.desk, online=True)) == {Step.END}
