"""Which version of the Graph API may be used, and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gravix_core.stages.publish.meta_versions import (
    DEFAULT,
    VERSIONS,
    ends,
    is_expired,
    named,
    served,
)

WRITTEN = date(2026, 11, 22)
WARNING = timedelta(days=60)


def test_default_lives_for_two_months_more() -> None:
    """When this fails, look at Meta's change log and raise DEFAULT."""
    assert not is_expired(DEFAULT, datetime.now(UTC).date() + WARNING)


def test_versions_follow_each_other() -> None:
    assert list(VERSIONS) == sorted(VERSIONS, key=lambda version: version.released)
    assert all(version.ends is None or version.ends > version.released for version in VERSIONS)


@pytest.mark.parametrize(
    ("asked", "answers"),
    [("v18.0", "v21.0"), ("v19.0", "v21.0"), ("v21.0", "v21.0"), ("v26.0", "v26.0")],
)
def test_expired_version_is_answered_by_the_oldest_that_is_usable(asked: str, answers: str) -> None:
    assert served(asked, WRITTEN) == answers


def test_last_day_of_a_version_is_a_day_of_it() -> None:
    last = ends("v21.0")
    assert last is not None
    assert not is_expired("v21.0", last)
    assert is_expired("v21.0", last + timedelta(days=1))


@pytest.mark.parametrize("given", ["v19.0", "19.0", "19", "V19", " v19.0 "])
def test_version_is_understood_however_it_is_written(given: str) -> None:
    assert named(given) == "v19.0"


@pytest.mark.parametrize("given", ["", "latest", "v", "19.0.1", "../me"])
def test_what_is_no_version_is_none(given: str) -> None:
    assert named(given) is None
