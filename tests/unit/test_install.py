"""Installing for real, into environments of their own, from packages made for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gravix_core.stages.source import downloader
from scripts import install
from tests.wheels import bare, make_wheel, versions

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose lock names yt-dlp, deno and rich; the index is a folder."""
    for version in ("2026.10.26", "2026.12.1"):
        make_wheel(tmp_path / "index", "yt-dlp", version)
    make_wheel(tmp_path / "index", "deno", "2.9.8")
    make_wheel(tmp_path / "index", "rich", "15.0.0")
    make_wheel(tmp_path / "index", "rich", "16.0.0")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "PIP_CONFIG_FILE": bare()["PIP_CONFIG_FILE"],
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path / "index"),
    }.items():
        monkeypatch.setenv(name, value)
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / lock).write_text("deno==2.9.8\nrich==15.0.0\nyt-dlp==2026.10.26\n", "utf-8")
    return tmp_path


def test_what_was_raised_stays_when_the_lock_changes(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    install.install(root, "run")
    python = install.python_in(root / ".venv")
    assert versions(python) == {"deno": "2.9.8", "rich": "15.0.0", "yt-dlp": "2026.10.26"}
    install._run([str(python), "-m", "pip", "install", "-qU", "yt-dlp"], root)
    install._run([str(python), "-m", "pip", "install", "-qU", "rich"], root)

    with (root / "requirements.txt").open("a", encoding="utf-8") as lock:
        lock.write("# another lock\n")
    install.install(root, "run")

    assert versions(python) == {"deno": "2.9.8", "rich": "15.0.0", "yt-dlp": "2026.12.1"}
    assert (
        "Leaving yt-dlp 2026.12.1, which is newer than requirements.txt" in capfd.readouterr().out
    )
    assert install.is_current(root, "run")


def test_a_lock_that_has_overtaken_is_installed(root: Path) -> None:
    install.install(root, "run")
    lock = root / "requirements.txt"
    lock.write_text(lock.read_text("utf-8").replace("2026.10.26", "2026.12.1"), "utf-8")
    install.install(root, "run")
    assert versions(install.python_in(root / ".venv"))["yt-dlp"] == "2026.12.1"


def test_both_know_the_same_packages() -> None:
    assert set(install.DOWNLOADER) == set(downloader.PACKAGES)
