"""Who watches the files: developers do, operators do not."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WATCHED = "STREAMLIT_SERVER_FILE_WATCHER_TYPE=auto"


def recipe(command: str) -> str:
    """What a command of make would run."""
    argv = ["make", "-n", command]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_nothing_is_watched_by_default() -> None:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["server"]["fileWatcherType"] == "none"


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_dev_watches_and_make_run_does_not() -> None:
    assert WATCHED in recipe("dev")
    assert WATCHED not in recipe("run")
