"""The Connect page over what the store holds; Meta is asked by nobody here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.desks.accounts import ConnectedAccounts
from gravix_core.store.accounts import NewAccount
from gravix_core.store.secrets import KEY_FILE, open_vault
from gravix_core.store.store import Store
from gravix_core.studio import close_shared_studio
from tests.pages.houses import open_store, page_of
from tests.pages.shown import part_data

NOW = datetime.now(UTC)


def connected(store: Store, house: Path, *, days: float = 60, name: str = "ada.boats") -> int:
    with store.begin() as tx:
        account = tx.accounts.save(
            NewAccount(
                ig_user_id=f"178414{name}",
                username=name,
                name="Ada",
                picture_url="",
                page_id=name,
                page_name="Boats",
                fb_user_id="5",
                scopes=(),
                expires_at=NOW + timedelta(days=days),
                data_until=None,
                sealed_token=open_vault(house).seal("planted-token"),
                sealed_page_token=None,
            ),
            now=NOW,
        )
    return account.id


@pytest.fixture
def app(house: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator has an app at Meta."""
    monkeypatch.setenv("FACEBOOK_APP_ID", "990000000000001")
    monkeypatch.setenv("FACEBOOK_APP_SECRET", "planted-secret")
    return house


def says(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.warning, page.info, page.success, page.error)
    return "\n".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


def drawn() -> AppTest:
    page = page_of("connect").run()
    assert not page.exception
    return page


def test_who_has_no_app_at_meta_is_led_to_it(house: Path) -> None:
    told = says(drawn())
    assert "FACEBOOK_APP_ID" in told
    assert "docs/instagram.md" in told


def test_who_is_not_connected_finds_the_way(app: Path) -> None:
    page = drawn()
    assert part_data(page, "connect-way") == {"label": "Connect Instagram", "again": False}
    assert any("/api/social/facebook/callback" in str(one.value) for one in page.code)


def test_connected_account_is_shown_without_its_tokens(app: Path) -> None:
    connected(open_store(app), app)
    page = drawn()
    assert "@ada.boats" in says(page)
    assert "planted" not in says(page)
    assert part_data(page, "connect-way")["label"] == "Connect another account"


@pytest.mark.parametrize(("days", "warned"), [(14, True), (16, False)])
def test_end_within_15_days_is_warned_of(app: Path, days: float, warned: bool) -> None:
    connected(open_store(app), app, days=days)
    assert ("ends soon" in says(drawn())) is warned


def test_expired_connection_asks_to_connect_again(app: Path) -> None:
    connected(open_store(app), app, days=-1)
    assert "has expired" in says(drawn())


def test_lost_key_says_connect_again_and_breaks_nothing(app: Path) -> None:
    connected(open_store(app), app)
    (app / KEY_FILE).unlink()
    assert "connect Instagram again" in says(drawn())


def test_another_account_becomes_the_one_that_reels_go_to(app: Path) -> None:
    store = open_store(app)
    connected(store, app)
    second = connected(store, app, name="ada.bikes")
    page = drawn()
    page.button(key=f"activate-{second}").click().run()
    with store.read() as tx:
        active = tx.accounts.active()
    assert active is not None
    assert active.username == "ada.bikes"


def test_expired_version_is_told_with_the_line_that_mends_it(
    app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Version" not in says(drawn())
    monkeypatch.setenv("GRAPH_API_VERSION", "v19.0")
    close_shared_studio()
    page = drawn()
    assert "v19.0 of Meta's API has expired; Meta answers with v21.0" in says(page)
    assert "GRAPH_API_VERSION=v25.0" in [one.value for one in page.code]


def test_reached_limit_is_told_with_its_time_until_it_is_over(
    app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[float | None] = [19 * 60.0]
    monkeypatch.setattr(ConnectedAccounts, "rests", lambda _desk: left[0])
    page = drawn()
    assert "asks nothing for 19 minutes more" in says(page)
    left[0] = None
    assert "asks nothing" not in says(page.run())


def test_unknown_outcome_is_no_error(app: Path) -> None:
    page = page_of("connect")
    page.query_params["outcome"] = "../../etc"
    assert not page.run().exception


def test_every_page_says_sandbox_in_the_sandbox(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SANDBOX" not in says(drawn())
    monkeypatch.setenv("GRAVIX_SANDBOX", "true")
    close_shared_studio()
    for name in ("connect", "library", "settings"):
        assert "SANDBOX" in says(page_of(name).run())
