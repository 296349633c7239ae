"""The log on disk: one object a line, in turn, and no secret in it."""

from __future__ import annotations

import json
import logging
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gravix_core import logfile
from gravix_core.logfile import HIDDEN, cleaned, start_logging, stop_logging
from gravix_core.settings import Settings
from gravix_core.store import Store

SECRET = "a-very-secret-value"
log = logging.getLogger("gravix_core.tests")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    start_logging(tmp_path, level="INFO", secrets=[SECRET])
    yield tmp_path / "logs"
    stop_logging()


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "gravix.jsonl").read_text().splitlines()]


def test_a_line_is_an_object_with_its_moment_and_its_job(folder: Path) -> None:
    log.warning("reel %d failed", 3, extra={"video": 7, "job": 12})
    log.debug("not at this level")
    (line,) = lines(folder)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", line.pop("at"))
    assert line == {
        "level": "WARNING",
        "from": "gravix_core.tests",
        "message": "reel 3 failed",
        "video": 7,
        "job": 12,
    }


def test_a_known_secret_is_in_no_line_and_no_trace_nor_on_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stop_logging()
    start_logging(folder.parent, level="INFO", secrets=[SECRET])
    try:
        raise ValueError(f"it was {SECRET}")
    except ValueError:
        log.exception("asked with %s", SECRET)
    stop_logging()
    written = (folder / "gravix.jsonl").read_text()
    said = capsys.readouterr().err
    assert "ValueError" in written
    assert "ValueError" in said
    assert SECRET not in written + said


@pytest.mark.parametrize(
    "text",
    [
        "https://graph.facebook.com/me?access_token=EAAGm0PX4ZCpsBAxyz&fields=id",
        "Authorization: Bearer EAAGm0PX4ZCpsBAxyz",
        '{"access_token": "EAAGm0PX4ZCpsBAxyz"}',
        "callback?code=AQBxEAAGm0PX4ZCpsBAxyz&state=s3cr3t-state",
        "https://rr1.googlevideo.com/videoplayback?expire=1&sig=EAAGm0PX4ZCpsBAxyz&lsig=EAAGm0PX4",
        "key AIzaSyEAAGm0PX4ZCpsBAxyzEAAGm0PX4ZCps",
        "postgresql://gravix:EAAGm0PX4ZCpsBAxyz@db/gravix",
        "client_secret=EAAGm0PX4ZCpsBAxyz",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    told = cleaned(text)
    assert "EAAGm0PX4" not in told
    assert "s3cr3t-state" not in told
    assert HIDDEN in told


@pytest.mark.parametrize(
    "text",
    [
        "ffmpeg ended with code 1: no room",
        "job 3 (yt_download) failed: state: pending, key: video/1/cut",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "a token of thanks",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert cleaned(text, ["the", ""]) == text


def test_files_follow_each_other_and_the_oldest_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logfile, "MAX_BYTES", 300)
    start_logging(folder.parent, level="INFO")
    for number in range(60):
        log.info("line %d", number)
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["gravix.jsonl", *(f"gravix.jsonl.{n}" for n in range(1, logfile.KEPT + 1))]
    assert lines(folder)[-1]["message"] == "line 59"


def test_the_file_is_for_the_eyes_of_this_account_alone(folder: Path) -> None:
    assert stat.S_IMODE((folder / "gravix.jsonl").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    start_logging(tmp_path, level="INFO")
    log.info("still here")
    stop_logging()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has a full device")
def test_a_full_disk_costs_a_line_and_says_nothing_else(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "gravix.jsonl").unlink()
    (folder / "gravix.jsonl").symlink_to("/dev/full")
    start_logging(folder.parent, level="INFO")
    log.info("no room for this")
    said = capsys.readouterr().err
    assert "no room for this" in said
    assert "Logging error" not in said


def test_what_stands_in_the_log_of_a_video_stands_on_disk_too(folder: Path, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{(tmp_path / 'g.db').as_posix()}", tmp_path / "videos")
    with store.begin() as tx:
        video = tx.videos.add(
            title="x", source_name="x", source_sha256="x", layout="fit", chunk_duration=35
        )
        tx.logs.add(video.id, f"All reels are ready, {SECRET}.")
    store.close()
    (line,) = [line for line in lines(folder) if line.get("video") == video.id]
    assert line["message"] == f"All reels are ready, {HIDDEN}."


def test_the_settings_know_their_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "gemini-key")
    monkeypatch.setenv("FACEBOOK_APP_SECRET", "app-secret")
    monkeypatch.setenv("REDIS_URL", "redis://:redis-password@host:6379")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:database-password@db/gravix")
    found = Settings.load(env_file=None).secrets()
    assert set(found) == {"gemini-key", "app-secret", "redis-password", "database-password"}
