"""What is made of the lines that the downloader's program writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gravix_core.errors import DiskFull, ToolFailed, YouTubeError
from gravix_core.stages.source.hearing import Fetching, Heard
from tests.support import Quiet

FAULT = {
    "message": "ERROR: [youtube] x: HTTP Error 429: Too Many Requests (https://a/b?c=d)",
    "classes": ["DownloadError", "HTTPError"],
    "statuses": [429],
    "countries": [],
    "warnings": [],
    "phase": "media",
    "retry_after": 300.0,
}


def said(heard: Heard, **line: Any) -> Heard:
    heard.line(json.dumps(line))
    return heard


def fetching(watch: Quiet, notes: list[str], done: list[int]) -> Fetching:
    return Fetching("x", patience=60, watch=watch, tell=notes.append, check=done.append)


def test_a_result_is_kept() -> None:
    assert said(Heard("x"), result={"file": "f"}).result == {"file": "f"}


def test_a_fault_becomes_an_error_without_the_address() -> None:
    error = said(Heard("x"), fault=FAULT).error()
    assert isinstance(error, YouTubeError)
    assert (error.code, error.retry_after) == ("rate_limited", 300)
    assert "c=d" not in error.details
    assert "429" in error.details


def test_a_full_disk_is_the_disks_and_not_youtubes() -> None:
    fault = {**FAULT, "message": "[Errno 28] No space left on device", "statuses": []}
    assert isinstance(said(Heard("x"), fault=fault).error(), DiskFull)


@pytest.mark.parametrize("starts_in", [7200.0, None])
def test_a_start_that_is_known_is_told(starts_in: float | None) -> None:
    fault = {**FAULT, "message": "Premieres in 9 days", "starts_in": starts_in, "statuses": []}
    error = said(Heard("x"), fault=fault).error()
    assert isinstance(error, YouTubeError)
    assert error.code == "upcoming"
    assert ("2 hours" in str(error)) == (starts_in is not None)


def test_what_was_missed_ends_nothing() -> None:
    heard = said(said(Heard("x"), missed=FAULT), result={})
    assert [fault.code for fault in heard.missed] == ["rate_limited"]
    assert heard.result == {}


def test_progress_reaches_watch_note_and_check() -> None:
    watch, notes, done = Quiet(), list[str](), list[int]()
    heard = fetching(watch, notes, done)
    said(heard, progress={"done": 20_000_000, "total": 80_000_000})
    said(heard, note="joining picture and sound, 45 %")
    assert watch.heard == [25.0]
    assert notes == ["20 of 80 MB", "joining picture and sound, 45 %"]
    assert done == [20_000_000, 20_000_000], "joining takes room as well"


def test_silence_and_a_crash_are_told_apart() -> None:
    heard = Heard("x")
    assert heard.why_silent(ToolFailed("ended"), stalled=60, deadline=90).code == "unknown"
    assert heard.why_silent(ToolFailed("silent"), stalled=0, deadline=90).code == "network"
    fetch = fetching(Quiet(), [], [])
    assert fetch.why_silent(ToolFailed("silent"), stalled=60, deadline=0).code == "stalled"
