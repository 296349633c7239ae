"""What is sealed can be opened with the key, and with nothing else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gravix_core.errors import FileUnwritable, SettingsError
from gravix_core.store.secrets import (
    KEY_FILE,
    Vault,
    add_key,
    drop_old_keys,
    new_key,
    open_vault,
)

TOKEN = "EAAplanted" * 12


def test_sealed_token_is_not_the_token_and_comes_back(tmp_path: Path) -> None:
    vault = open_vault(tmp_path)
    sealed = vault.seal(TOKEN)
    assert TOKEN[:20] not in sealed
    assert open_vault(tmp_path).open(sealed) == TOKEN


def test_key_file_is_made_once_for_this_account_alone(tmp_path: Path) -> None:
    open_vault(tmp_path / "data")
    file = tmp_path / "data" / KEY_FILE
    before = file.read_text()
    open_vault(tmp_path / "data")
    assert file.read_text() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == [KEY_FILE]


def test_lost_key_costs_what_was_sealed_and_raises_nothing(tmp_path: Path) -> None:
    sealed = open_vault(tmp_path).seal(TOKEN)
    (tmp_path / KEY_FILE).unlink()
    vault = open_vault(tmp_path)
    assert vault.open(sealed) is None
    assert vault.renew(sealed) is None
    assert vault.open(vault.seal("new")) == "new"


@pytest.mark.parametrize("sealed", [None, "", "no token", "gAAAAAB", "ä" * 50])
def test_what_was_never_sealed_opens_to_nothing(tmp_path: Path, sealed: str | None) -> None:
    assert open_vault(tmp_path).open(sealed) is None


def test_after_a_rotation_the_old_still_opens_until_its_key_is_dropped(tmp_path: Path) -> None:
    old = open_vault(tmp_path).seal(TOKEN)
    vault = add_key(tmp_path)
    renewed = vault.renew(old)
    assert vault.open(old) == vault.open(renewed) == TOKEN
    drop_old_keys(tmp_path)
    assert open_vault(tmp_path).open(old) is None
    assert open_vault(tmp_path).open(renewed) == TOKEN


def test_given_keys_go_before_the_file_and_the_first_seals(tmp_path: Path) -> None:
    first, second = new_key(), new_key()
    old = Vault([second]).seal(TOKEN)
    vault = open_vault(tmp_path, given=f" {first} , {second}")
    assert vault.open(old) == TOKEN
    assert Vault([first]).open(vault.seal(TOKEN)) == TOKEN
    assert not (tmp_path / KEY_FILE).exists()


def test_bad_key_is_named_by_its_variable_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="GRAVIX_SECRET_KEY") as caught:
        open_vault(tmp_path, given="my-own-password")
    assert "my-own-password" not in f"{caught.value}{caught.value.hint}"


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(FileUnwritable):
        open_vault(tmp_path / "data")


def test_vault_shows_no_key() -> None:
    key = new_key()
    assert key not in repr(Vault([key]))
