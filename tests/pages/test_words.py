"""What a person reads: lengths, time zones, and text from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from gravix_core.model import VideoStatus
from gravix_ui.words import VIDEO_STATES, at, day, length, plain, without_folders, zone


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(None, "–"), (0, "00:00"), (59.4, "00:59"), (59.7, "01:00"), (3599.9, "1:00:00")],
)
def test_length_is_minutes_and_seconds(seconds: float | None, expected: str) -> None:
    assert length(seconds) == expected


def test_every_state_has_a_word() -> None:
    assert set(VIDEO_STATES) == set(VideoStatus)


def test_zone_of_the_browser_is_used() -> None:
    assert zone("Asia/Tokyo") == ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../x", "/etc/passwd", "a\0b", "Asia"])
def test_unknown_zone_is_utc(name: str | None) -> None:
    assert zone(name) is UTC


def test_another_day_is_named() -> None:
    now = datetime.now(UTC)
    assert at(now, UTC) == f"at {now:%H:%M}"
    assert at(datetime(2020, 2, 3, 4, 5, tzinfo=UTC), UTC) == "on 3 Feb 2020, 04:05"


def test_a_day_is_that_of_the_browser() -> None:
    late = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
    assert day(late, UTC) == "12 November 2026"
    assert day(late, ZoneInfo("Asia/Tokyo")) == "13 November 2026"


def test_plain_text_is_no_markdown() -> None:
    assert plain("a_b [x](http://y)") == r"a\_b \[x\]\(http\://y\)"
    assert plain("&amp; ==") == r"\&amp; \=\="


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'/srv/gravix/videos/1.mp4' is gone", "'1.mp4' is gone"),
        (r"C:\Users\me\gravix.db is locked", "gravix.db is locked"),
        (r"\\server\share\a.mp4", "a.mp4"),
        ("~/x/y.mp4: no room", "y.mp4: no room"),
        ("see http://localhost:8501/x/y", "see http://localhost:8501/x/y"),
        ("30000/1001 frames and/or 9/16", "30000/1001 frames and/or 9/16"),
    ],
)
def test_folders_do_not_reach_the_browser(text: str, expected: str) -> None:
    assert without_folders(text) == expected
