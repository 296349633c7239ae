"""What a camera writes about its owner does not travel with the reel."""

from __future__ import annotations

import pytest

from tests.media import seen
from tests.media.clips import Clips
from tests.media.renders import Renders

pytestmark = pytest.mark.slow

PLANTED = (b"SECRET", b"+50.0000-001.0000/")


def test_the_source_holds_what_is_looked_for(clips: Clips) -> None:
    data = clips("tagged.mov").read_bytes()
    assert all(mark in data for mark in PLANTED)


def test_place_title_and_names_of_the_source_are_nowhere_in_the_reel(renders: Renders) -> None:
    made = renders("tagged.mov")
    data = made.file.read_bytes() + made.cover.read_bytes()
    assert [mark for mark in PLANTED if mark in data] == []


def test_only_the_container_s_own_tags_are_left(renders: Renders) -> None:
    found = seen.streams(renders("tagged.mov").file)
    assert set(found["format"]["tags"]) <= {
        "major_brand",
        "minor_version",
        "compatible_brands",
        "encoder",
    }
    assert found["chapters"] == []
