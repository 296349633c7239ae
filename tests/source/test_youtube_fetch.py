"""Bringing a video in: what arrives, what it does without, and what it tries again."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gravix_core.errors import DiskFull, TooLarge
from gravix_core.media.files import hash_file
from gravix_core.stages.source.youtube import ROOM_TO_LEAVE
from tests.media.small_disk import small_disk
from tests.simulators.youtube_scenario import Captions, Endpoint, Scenario
from tests.source.houses import (
    ID,
    LARGE,
    MB,
    SHORT,
    SMALL,
    House,
    Wish,
    is_the_servers,
)

pytestmark = pytest.mark.slow

IMPATIENT = replace(SHORT, beside=2, silence=3)


def test_what_arrives_is_the_servers_in_full_height_and_in_nothing_else(house: House) -> None:
    film = Scenario(ID, duration=6)
    found = house.fetch(house.probe(film))
    assert found.file == house.folder / "source.mp4"
    assert list(house.folder.iterdir()) == [found.file]
    assert is_the_servers(found.file, house.films, film, 137, 140)
    assert (found.info.picture.codec, found.info.sound and found.info.sound.codec) == (
        "h264",
        "aac",
    )
    assert (found.info.picture.size.height, found.title) == (1080, film.title)
    assert found.sha256 == hash_file(found.file)
    assert found.notes == ()


def test_a_single_file_with_both_is_taken_as_it_is(house: House) -> None:
    film = Scenario("muxed000000", duration=6, adaptive=False)
    found = house.fetch(house.probe(film))
    assert found.file.read_bytes() == house.films.stream(film, 18).file.read_bytes()
    assert found.notes[0].startswith("Only 360 lines")


def test_progress_is_of_all_formats_and_never_falls(house: House) -> None:
    house.site.fail(Endpoint.MEDIA, drip=MB, cut_after=MB // 2, no_ranges=True, times=1)
    house.site.fail(Endpoint.MEDIA, drip=MB, no_ranges=True)  # so it begins anew
    watch = Wish()
    house.fetch(house.known(replace(SMALL, size=MB)), watch=watch)
    assert watch.heard == sorted(watch.heard)
    assert watch.heard[-1] == 100
    assert sum(percent < 99 for percent in watch.heard) > 3
    told = re.compile(r"[\d.]+ of 1.1 MB(, [\d.]+ [kM]B/s(, \d+ s left)?)?")
    assert any(match and match[2] for match in map(told.fullmatch, house.notes))


def test_captions_come_first_and_bring_the_times_of_words(house: House) -> None:
    found = house.fetch(house.known()).transcript
    assert found is not None
    assert (found.language, found.origin, found.exact_words) == ("en", "automatic captions", True)
    assert found.text().startswith("Welcome back to the little workshop by the river.")
    order = [request.endpoint for request in house.site.journal]
    assert order.index(Endpoint.CAPTIONS) < order.index(Endpoint.MEDIA)


def test_manual_captions_in_the_videos_own_language_are_preferred(house: House) -> None:
    tracks = (Captions("de", automatic=False), Captions("en"), Captions("en", automatic=False))
    found = house.fetch(house.probe(replace(SMALL, captions=tracks))).transcript
    assert found is not None
    assert (found.language, found.origin, found.exact_words) == ("en", "captions", False)
    (asked,) = house.site.asked(Endpoint.CAPTIONS)
    assert (asked.query["lang"], asked.query["fmt"]) == ("en", "json3")
    assert "kind" not in asked.query, "automatic ones were asked for"


def test_captions_that_are_gone_are_replaced_by_the_next(house: House) -> None:
    tracks = (Captions("en", automatic=False), Captions("en"))
    house.site.fail(Endpoint.CAPTIONS, status=404, times=1)
    found = house.fetch(house.probe(replace(SMALL, captions=tracks)))
    assert found.transcript is not None
    assert found.transcript.origin == "automatic captions"


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 429},
        {"status": 404},
        {"cut_after": 50},
        {"hang": True},
        {"drip": 20},
        {"html": True},
    ],
    ids=str,
)
def test_captions_that_cannot_be_had_never_cost_the_video(
    house: House, trouble: dict[str, Any]
) -> None:
    house.site.fail(Endpoint.CAPTIONS, **trouble)
    found = house.fetch(house.known(), patience=IMPATIENT)
    assert found.transcript is None
    note = found.notes[-1]
    assert note.startswith("The captions could not be had: ")


def test_links_that_have_expired_are_asked_for_once_more(house: House) -> None:
    probe = house.probe()
    house.site.expire_links()
    house.site.forget()
    assert is_the_servers(house.fetch(probe).file, house.films, SMALL, 134, 140)
    assert len({r.client for r in house.site.asked(Endpoint.PLAYER)}) == len(
        house.site.asked(Endpoint.PLAYER)
    )


def test_a_second_refusal_is_the_last(house: House) -> None:
    probe = house.known()
    house.site.fail(Endpoint.MEDIA, status=403)
    assert house.fails(probe) == ("forbidden", "action")
    assert len(house.site.asked(Endpoint.MEDIA)) == 2


def test_an_old_probe_is_not_even_tried(house: House) -> None:
    probe = house.probe()
    house.site.expire_links()
    house.site.forget()
    house.fetch(probe, now=lambda: datetime.now(UTC) + timedelta(hours=5, minutes=1))
    assert house.site.asked(Endpoint.PLAYER)
    assert {r.status for r in house.site.asked(Endpoint.MEDIA)} == {206}


@pytest.mark.parametrize(
    ("trouble", "fault"),
    [
        ({"status": 404}, ("gone", "permanent")),
        ({"status": 410}, ("gone", "permanent")),
        ({"status": 429, "retry_after": "120"}, ("rate_limited", "wait")),
        ({"html": True}, ("not_media", "retry")),
        ({"empty": True}, ("network", "retry")),
    ],
    ids=str,
)
def test_what_will_not_change_is_asked_for_once(
    house: House, trouble: dict[str, Any], fault: tuple[str, str]
) -> None:
    probe = house.known()
    house.site.fail(Endpoint.MEDIA, **trouble)
    assert house.fails(probe) == fault
    assert len(house.site.asked(Endpoint.MEDIA)) == 1


@pytest.mark.parametrize(
    "trouble",
    [{"status": 503, "times": 1}, {"cut_after": 100_000, "times": 2}, {"hang": True, "times": 1}],
    ids=str,
)
def test_what_passes_is_tried_again(house: House, trouble: dict[str, Any]) -> None:
    probe = house.known(LARGE)
    house.site.fail(Endpoint.MEDIA, **trouble)
    found = house.fetch(probe, patience=replace(SHORT, answer=2))
    assert is_the_servers(found.file, house.films, LARGE, 134, 140)


def test_a_server_that_falls_silent_is_left_and_gone_on_with_later(house: House) -> None:
    probe = house.probe(LARGE)
    house.site.fail(Endpoint.MEDIA, hang_after=3 * MB)
    assert house.fails(probe, patience=IMPATIENT) == ("stalled", "retry")
    house.site.mend()
    house.site.forget()
    house.site.expire_links()
    assert is_the_servers(house.fetch(probe).file, house.films, LARGE, 134, 140)
    assert min(starts_of(house)[:2]) > MB


def test_a_server_that_drips_is_left(house: House) -> None:
    probe = house.known(LARGE)
    house.site.fail(Endpoint.MEDIA, drip=2000)
    began = time.monotonic()
    assert house.fails(probe, patience=IMPATIENT) == ("stalled", "retry")
    assert time.monotonic() - began < SHORT.fetch / 2


def test_a_server_that_is_slow_for_too_long_meets_the_deadline(house: House) -> None:
    probe = house.known(LARGE)
    house.site.fail(Endpoint.MEDIA, drip=300_000)
    assert house.fails(probe, patience=replace(SHORT, fetch=3)) == ("stalled", "retry")


def test_a_page_instead_of_the_film_leaves_nothing_behind(house: House) -> None:
    probe = house.known()
    house.site.fail(Endpoint.MEDIA, html=True, itag=134)
    assert house.fails(probe) == ("not_media", "retry")
    house.site.mend()
    assert is_the_servers(house.fetch(probe).file, house.films, SMALL, 134, 140)


def test_what_cannot_be_joined_is_not_kept(house: House) -> None:
    probe = house.known(LARGE)
    house.half.mkdir(parents=True)
    (house.half / "source.f134.mp4").write_bytes(bytes(LARGE.size or 0))
    assert house.fails(probe) == ("not_media", "retry")
    assert is_the_servers(house.fetch(probe).file, house.films, LARGE, 134, 140)


def test_parts_of_another_version_are_not_gone_on_with(house: House) -> None:
    earlier = {one["format_id"]: one["filesize"] + 1 for one in house.known(LARGE).info["formats"]}
    house.half.mkdir(parents=True)
    (house.half / "formats.json").write_text(json.dumps(earlier))
    (house.half / "source.f134.mp4.part").write_bytes(bytes(3 * MB))
    found = house.fetch(house.known(LARGE))
    assert is_the_servers(found.file, house.films, LARGE, 134, 140)
    assert starts_of(house)[0] == 0


def test_more_than_may_be_fetched_is_not(house: House) -> None:
    probe = house.known(LARGE)
    with pytest.raises(TooLarge):
        house.fetch(replace(probe, byte_size=None), max_bytes=4 * MB)
    assert not (house.folder / "source.mp4").exists()


def test_what_does_not_fit_on_the_disk_is_not_begun(house: House, tmp_path: Path) -> None:
    probe = house.known(LARGE)
    house.site.forget()
    with small_disk(tmp_path / "small", 80) as house.root, pytest.raises(DiskFull):
        house.fetch(probe)
    assert not house.site.journal


def test_a_disk_that_fills_up_ends_it(house: House, tmp_path: Path) -> None:
    probe = replace(house.known(LARGE), byte_size=None)
    megabytes = (ROOM_TO_LEAVE + 5 * MB) / 2**20
    with small_disk(tmp_path / "small", megabytes) as house.root, pytest.raises(DiskFull):
        house.fetch(probe)


def starts_of(house: House) -> list[int]:
    """The first bytes that the media requests asked for."""
    asked = [re.match(r"bytes=(\d+)-", r.range) for r in house.site.asked(Endpoint.MEDIA)]
    return [int(found[1]) for found in asked if found]
