"""A run that is killed, interrupted or doubled ends with every reel made once."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import House, Said, end
from tests.media.clips import Clips
from tests.media.processes import children, wait_until, with_word

pytestmark = pytest.mark.slow

SLOW = {"GRAVIX_WORKERS": "1", "REEL_WIDTH": "720", "REEL_HEIGHT": "1280"}
"""One reel after the other, each long enough to be hit in the middle."""


@pytest.fixture
def film(clips: Clips) -> Path:
    return clips("three_reels.mp4")


def stamps(house: House) -> dict[str, tuple[int, int]]:
    return {file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in house.reels()}


def started_second_reel(process: subprocess.Popen[str], house: House) -> None:
    """Wait until one reel is whole and ffmpeg is at work on the next."""
    wait_until(lambda: len(house.reels()) == 1 and len(house.drafts()) > 0, "a second reel begun")
    wait_until(lambda: bool(children(process.pid)), "ffmpeg runs")


def assert_whole(said: Said, house: House, count: int = 3) -> None:
    assert said.code == 0, said.err
    assert [reel["index"] for reel in said.json["reels"]] == list(range(count))
    assert all(reel["accepted"] for reel in said.json["reels"])
    assert len(house.reels()) == count
    wait_until(lambda: not with_word(str(house.data)), "nothing runs any more")
    assert house.drafts() == []


def test_after_a_kill_the_next_run_goes_on_where_it_was(film: Path, house: House) -> None:
    process = house.start("process", film, "--json", env=SLOW)
    started_second_reel(process, house)
    finished = stamps(house)
    assert end(process, signal.SIGKILL).code == -signal.SIGKILL
    again = house.run("process", film, "--json", env=SLOW)
    assert_whole(again, house)
    assert {name: stamps(house)[name] for name in finished} == finished


def assert_stopped(said: Said, house: House) -> None:
    assert said.code == 1
    assert [reel["index"] for reel in said.json["reels"]] == [0]  # what worked is told
    assert said.complaint[0].startswith("Stopped")
    assert len(said.complaint) == 2
    assert with_word(str(house.data)) == set()
    assert house.drafts() == []


def test_a_run_that_is_asked_to_end_cleans_up(film: Path, house: House) -> None:
    process = house.start("process", film, "--json", env=SLOW)
    started_second_reel(process, house)
    assert_stopped(end(process, signal.SIGTERM), house)


def test_after_an_interrupt_the_next_run_goes_on_where_it_was(film: Path, house: House) -> None:
    process = house.start("process", film, "--json", env=SLOW)
    started_second_reel(process, house)
    assert_stopped(end(process, signal.SIGINT), house)
    finished = stamps(house)
    assert_whole(house.run("process", film, "--json", env=SLOW), house)
    assert {name: stamps(house)[name] for name in finished} == finished


def test_a_kill_while_the_source_is_copied_costs_nothing(clips: Clips, house: House) -> None:
    process = house.start("process", clips("long.mp4"), "--json")
    wait_until((house.data / "gravix.db").exists, "the database is there")
    end(process, signal.SIGKILL)
    assert_whole(house.run("process", clips("long.mp4"), "--json"), house, 2)


def test_a_reel_that_somebody_damaged_is_made_again(clips: Clips, house: House) -> None:
    house.run("process", clips("long.mp4"))
    first, second = house.reels()
    untouched, first_size = second.stat().st_mtime_ns, first.stat().st_size
    first.write_bytes(first.read_bytes()[:5000])
    assert_whole(house.run("process", clips("long.mp4"), "--json"), house, 2)
    assert first.stat().st_size == first_size
    assert second.stat().st_mtime_ns == untouched


def test_two_runs_of_one_film_share_the_work(film: Path, house: House) -> None:
    both = [house.start("process", film, "--json") for _ in range(2)]
    said = [Said(one.wait(), *texts) for one in both for texts in [one.communicate(timeout=120)]]
    for one in said:
        assert_whole(one, house)
    assert said[0].json["reels"] == said[1].json["reels"]


def test_two_films_at_once_do_not_hinder_each_other(clips: Clips, house: House) -> None:
    names = ("long.mp4", "bikes")
    both = [house.start("process", clips(name), "--json") for name in names]
    said = [Said(one.wait(), *texts) for one in both for texts in [one.communicate(timeout=120)]]
    assert [one.code for one in said] == [0, 0], said
    assert [len(one.json["reels"]) for one in said] == [2, 3]
    assert len(house.reels()) == 5
