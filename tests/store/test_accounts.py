"""Connected Instagram accounts, and ways to Facebook's dialog that work once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gravix_core.errors import NotFound
from gravix_core.store.accounts import NewAccount
from gravix_core.store.attempts import KEPT, LASTS
from gravix_core.store.store import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW = NewAccount(
    ig_user_id="17841400000000001",
    username="bridges",
    name="Bridges",
    picture_url="",
    page_id="1001",
    page_name="Bridges' Page",
    fb_user_id="5",
    scopes=("instagram_basic",),
    expires_at=NOON + timedelta(days=60),
    data_until=None,
    sealed_token="sealed-token",
    sealed_page_token="sealed-page-token",
)
OTHER = replace(NEW, ig_user_id="17841400000000002", username="arches", page_id="1002")


def test_first_account_is_active_and_the_second_is_not(store: Store) -> None:
    with store.begin() as tx:
        first, second = tx.accounts.save(NEW, now=NOON), tx.accounts.save(OTHER, now=NOON)
        assert (first.is_active, second.is_active) == (True, False)
        tx.accounts.activate(second.id)
        assert [one.username for one in tx.accounts.listed()] == ["arches", "bridges"]
        assert [one.is_active for one in tx.accounts.listed()] == [True, False]


def test_account_that_is_connected_again_is_the_same_row_and_well_again(store: Store) -> None:
    with store.begin() as tx:
        first = tx.accounts.save(NEW, now=NOON)
        tx.accounts.troubled(first.id, "The connection has expired.", needs_login=True, now=NOON)
        again = tx.accounts.save(replace(NEW, sealed_token="another"), now=NOON)
        assert (again.id, again.needs_login, again.trouble) == (first.id, False, "")
        assert tx.accounts.sealed_token(first.id) == "another"


def test_page_that_was_linked_to_another_account_moves(store: Store) -> None:
    with store.begin() as tx:
        first = tx.accounts.save(NEW, now=NOON)
        second = tx.accounts.save(replace(OTHER, page_id=NEW.page_id), now=NOON)
        assert tx.accounts.get(first.id).page_id == ""
        assert second.page_id == NEW.page_id


def test_removed_account_is_gone_with_its_tokens_and_another_one_takes_over(store: Store) -> None:
    with store.begin() as tx:
        first, second = tx.accounts.save(NEW, now=NOON), tx.accounts.save(OTHER, now=NOON)
        tx.accounts.remove(first.id)
        active = tx.accounts.active()
        assert active is not None
        assert active.id == second.id
        with pytest.raises(NotFound):
            tx.accounts.sealed_token(first.id)


def test_refresh_that_brought_nothing_leaves_the_end_as_it_is(store: Store) -> None:
    with store.begin() as tx:
        account = tx.accounts.save(NEW, now=NOON)
        tx.accounts.refreshed(account.id, now=NOON)
        assert tx.accounts.get(account.id).expires_at == NEW.expires_at
        assert tx.accounts.get(account.id).refreshed_at == NOON


def test_account_shows_no_token(store: Store) -> None:
    with store.begin() as tx:
        account = tx.accounts.save(NEW, now=NOON)
    assert "sealed" not in f"{account}{NEW}"


def test_state_works_once_and_in_its_own_browser_alone(store: Store) -> None:
    with store.begin() as tx:
        tx.attempts.begin("state", "cookie", now=NOON)
        assert not tx.attempts.take("state", "other cookie", now=NOON)
        assert not tx.attempts.take("other state", "cookie", now=NOON)
        assert tx.attempts.take("state", "cookie", now=NOON)
        assert not tx.attempts.take("state", "cookie", now=NOON)


@pytest.mark.parametrize(("after", "works"), [(LASTS, True), (LASTS + 1, False)])
def test_state_lasts_ten_minutes(store: Store, after: float, works: bool) -> None:
    with store.begin() as tx:
        tx.attempts.begin("state", "cookie", now=NOON)
        assert tx.attempts.take("state", "cookie", now=NOON + timedelta(seconds=after)) is works


def test_outcome_can_be_seen_again_by_who_began_it_for_a_day(store: Store) -> None:
    with store.begin() as tx:
        tx.attempts.begin("state", "cookie", now=NOON)
        assert tx.attempts.used("state", "cookie") is None
        tx.attempts.take("state", "cookie", now=NOON)
        tx.attempts.end("state", "connected", message="Well.", hint="", sealed_grant="sealed")
        seen = tx.attempts.used("state", "cookie")
        assert seen is not None
        assert (seen.outcome, seen.sealed_grant) == ("connected", "sealed")
        assert tx.attempts.used("state", "other") is None
        tx.attempts.begin("next", "cookie", now=NOON + timedelta(seconds=KEPT + 1))
        assert tx.attempts.used("state", "cookie") is None


def test_no_state_is_kept_in_clear(store: Store) -> None:
    with store.begin() as tx:
        tx.attempts.begin("planted-state", "planted-cookie", now=NOON)
        rows = tx.session.connection().exec_driver_sql("SELECT * FROM connect_attempts").all()
    assert "planted" not in repr(rows)
