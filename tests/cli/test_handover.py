"""A dashboard has the data directory, so the command line hands over and follows."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import FAST, House, end
from tests.conftest import Film
from tests.media.processes import children
from tests.web.workshop import (
    MAKE_RUN,
    SLOW,
    at_work,
    drafts,
    reels,
    studio_on,
    until_done,
    until_second_reel,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def talk(film: Film) -> Path:
    """Three reels."""
    return film(seconds=12, size="640x360")


def follows(process: subprocess.Popen[str], house: House) -> None:
    """Wait until the second reel is being made, and see by whom."""
    until_second_reel(house.data)
    assert not children(process.pid)


def test_a_dashboard_does_the_work_and_the_command_ends_as_ever(
    talk: Path, house: House, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with at_work(house.data, how=MAKE_RUN, **FAST) as server:
        said = house.run("process", talk, "--json", "--out", out)
    assert (said.code, len(said.json["reels"])) == (0, 4)
    assert said.complaint == [f"Handed to the dashboard at {server.url}; following it."]
    assert "convert: 100 %" in said.err
    assert len(list(out.glob("*.mp4"))) == 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_when_the_dashboard_ends_the_command_goes_on(
    talk: Path, house: House, number: signal.Signals
) -> None:
    with at_work(house.data) as server:
        process = house.start("process", talk, "--json", env=SLOW)
        follows(process, house)
        server.end(number)
        _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert "The dashboard has ended; this command goes on by itself." in err
    assert (len(reels(house.data)), drafts(house.data)) == (3, [])


def test_a_dashboard_with_another_database_is_not_followed(
    talk: Path, house: House, tmp_path: Path
) -> None:
    other = {
        "GRAVIX_DATA_DIR": str(house.data),
        "DATABASE_URL": f"sqlite:///{(tmp_path / 'other.db').as_posix()}",
    }
    with at_work(house.data):
        said = house.run("process", talk, data=False, env=other)
    assert said.code == 1
    assert "on another database" in said.err
    assert "Give both the same DATABASE_URL" in said.err


def test_an_interrupt_ends_the_following_alone(talk: Path, house: House) -> None:
    with at_work(house.data):
        process = house.start("process", talk, "--json", env=SLOW)
        follows(process, house)
        said = end(process, signal.SIGINT)
        assert said.code == 1
        assert [reel["index"] for reel in said.json["reels"]] == [0]
        assert said.complaint[-2:] == [
            "Stopped following; the dashboard goes on.",
            "Cancel it there, or run the same command again to follow it.",
        ]
        with studio_on(house.data) as studio, studio.store.read() as tx:
            (video,) = tx.videos.recent()
        until_done(house.data, video)


def test_what_the_operator_cancels_there_ends_the_command_here(talk: Path, house: House) -> None:
    with at_work(house.data):
        process = house.start("process", talk, env=SLOW)
        follows(process, house)
        with studio_on(house.data) as studio:
            studio.activity.cancel(1)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.splitlines()[-2:] == [
        "Stopped before all reels were made.",
        "Run the same command again to go on.",
    ]


def test_bad_input_is_refused_before_it_is_handed_over(house: House, tmp_path: Path) -> None:
    file = tmp_path / "notes.mp4"
    file.write_text("no film at all")
    with at_work(house.data):
        said = house.run("process", file)
        with studio_on(house.data) as studio, studio.store.read() as tx:
            assert tx.videos.recent() == ()
    assert (said.code, len(said.complaint)) == (2, 2)
