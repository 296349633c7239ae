"""`rotate-key`: what was sealed stays readable, with the new key alone."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gravix_core.cli.app import parser
from gravix_core.desks.keys import rotate_key
from gravix_core.errors import SettingsError, StatusConflict, StoreUnusable
from gravix_core.settings import Settings
from gravix_core.store.accounts import NewAccount
from gravix_core.store.secrets import KEY_FILE, Vault, new_key, open_vault
from gravix_core.studio import Studio

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TOKEN, PAGE_TOKEN, GRANT = "the-long-token", "the-page-token", "the-open-grant"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # no .env lies there
    monkeypatch.delenv("GRAVIX_SECRET_KEY", raising=False)
    return tmp_path / "data"


def opened(data: Path) -> Studio:
    return Studio.open(Settings.load(data_dir=data, env_file=None))


def rotate(data: Path, *words: str) -> int:
    options = parser().parse_args(["rotate-key", "--data-dir", str(data), *words])
    return int(options.run(options))


def kept(data: Path, vault: Vault) -> None:
    """One account and one open choice, sealed."""
    studio = opened(data)
    with studio.store.begin() as tx:
        tx.accounts.save(
            NewAccount(
                ig_user_id="1",
                username="ada.boats",
                name="Ada",
                picture_url="",
                page_id="2",
                page_name="Boats",
                fb_user_id="3",
                scopes=(),
                expires_at=None,
                data_until=None,
                sealed_token=vault.seal(TOKEN),
                sealed_page_token=vault.seal(PAGE_TOKEN),
            ),
            now=NOW,
        )
        tx.attempts.begin("state", "cookie", now=NOW)
        tx.attempts.take("state", "cookie", now=NOW)
        grant = vault.seal(GRANT)
        tx.attempts.end("state", "choose", message="", hint="", sealed_grant=grant)
    studio.close()


def sealed(data: Path) -> list[str | None]:
    studio = opened(data)
    with studio.store.read() as tx:
        account = tx.accounts.active()
        attempt = tx.attempts.used("state", "cookie")
        assert account is not None
        assert attempt is not None
        found = [
            tx.accounts.sealed_token(account.id),
            tx.accounts.sealed_page_token(account.id),
            attempt.sealed_grant,
        ]
    studio.close()
    return found


def test_everything_opens_with_the_new_key_alone(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = open_vault(data)
    kept(data, old)
    before = (data / KEY_FILE).read_text()
    assert rotate(data) == 0
    (key,) = (data / KEY_FILE).read_text().split()
    assert key not in before
    assert [Vault([key]).open(one) for one in sealed(data)] == [TOKEN, PAGE_TOKEN, GRANT]
    assert [old.open(one) for one in sealed(data)] == [None] * 3
    assert stat.S_IMODE((data / KEY_FILE).stat().st_mode) == 0o600
    said = capsys.readouterr().out
    assert "3 tokens" in said
    assert key not in said


def test_what_no_key_opens_is_counted_and_left(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(data, Vault([new_key()]))
    before = sealed(data)
    assert rotate(data, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"renewed": 0, "lost": 3}
    assert sealed(data) == before
    assert rotate(data) == 0
    assert "connect Instagram again" in capsys.readouterr().out


def test_first_key_is_made_where_there_is_none(data: Path) -> None:
    assert rotate(data) == 0
    assert open_vault(data).open(open_vault(data).seal("x")) == "x"


def test_both_keys_stay_when_the_database_fails(data: Path) -> None:
    kept(data, open_vault(data))
    studio = opened(data)
    studio.store.close()
    with pytest.raises(StoreUnusable):
        rotate_key(studio.store, data, seat=studio.seat)
    studio.close()
    assert len((data / KEY_FILE).read_text().split()) == 2
    assert [open_vault(data).open(one) for one in sealed(data)] == [TOKEN, PAGE_TOKEN, GRANT]
    assert rotate(data) == 0


def test_key_of_the_variable_is_not_rotated(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_key()
    monkeypatch.setenv("GRAVIX_SECRET_KEY", key)
    with pytest.raises(SettingsError) as caught:
        rotate(data)
    assert "GRAVIX_SECRET_KEY" in str(caught.value)
    assert key not in f"{caught.value}{caught.value.hint}"
    assert not (data / KEY_FILE).exists()


def test_no_key_is_rotated_beside_a_dashboard(data: Path) -> None:
    kept(data, open_vault(data))
    before = (data / KEY_FILE).read_text()
    studio = opened(data)
    studio.seat.take()
    try:
        with pytest.raises(StatusConflict):
            rotate(data)
    finally:
        studio.close()
    assert (data / KEY_FILE).read_text() == before
    assert rotate(data) == 0


@pytest.mark.parametrize("words", [["--print"], ["--print", "--json"]])
def test_printed_key_is_one_and_is_kept_nowhere(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    monkeypatch.setenv("GRAVIX_SECRET_KEY", new_key())
    assert rotate(data, *words) == 0
    said = capsys.readouterr().out.strip()
    key = json.loads(said)["key"] if "--json" in words else said
    assert Vault([key]).open(Vault([key]).seal("x")) == "x"
    assert not data.exists()
