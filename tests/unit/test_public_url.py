"""GRAVIX_PUBLIC_URL is an address that others may be told, or Gravix does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from gravix_core.errors import SettingsError
from gravix_core.settings import Settings


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", ""),
        ("https://reels.example", "https://reels.example"),
        ("https://reels.example/", "https://reels.example"),
        ("https://reels.example:8443/gravix/", "https://reels.example:8443/gravix"),
        ("http://localhost:8501", "http://localhost:8501"),
        ("http://127.0.0.1:8501", "http://127.0.0.1:8501"),
        ("http://[::1]:8501", "http://[::1]:8501"),
    ],
)
def test_public_url_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str, read: str
) -> None:
    monkeypatch.setenv("GRAVIX_PUBLIC_URL", given)
    assert Settings.load(data_dir=tmp_path, env_file=None).gravix_public_url == read


@pytest.mark.parametrize(
    "given",
    [
        "reels.example",
        "http://reels.example",
        "ftp://reels.example",
        "https://",
        "https:///public",
        "https://ada:secret@reels.example",
        "https://ada@reels.example",
        "https://@reels.example",
        "https://:@reels.example",
        "https://reels.example/?a=secret",
        "https://reels.example/?",
        "https://reels.example/#secret",
        "https://reels.example/#",
        "https://reels.example\\@evil.example",
        "https://reels.example:0",
        "https://reels.example:99999",
        "https://reels.example:x",
        "https://[::1",
        "https://reels.example/\n/secret",
        "https://rëels.example",
    ],
)
def test_public_url_that_could_not_work_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    monkeypatch.setenv("GRAVIX_PUBLIC_URL", given)
    with pytest.raises(SettingsError, match=r"^GRAVIX_PUBLIC_URL: ") as caught:
        Settings.load(data_dir=tmp_path, env_file=None)
    assert "secret" not in str(caught.value)
