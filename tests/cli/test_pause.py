"""Paused, the command line says so and waits; resumed, it goes on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gravix_core.cli.engine import PAUSED as SAID_BY_PAUSE
from gravix_core.cli.engine import RESUMED as SAID_BY_RESUME
from gravix_core.desks.making import PAUSED, RESUMED
from tests.cli.command import FAST, House
from tests.conftest import Film
from tests.web.workshop import at_work, reels, studio_on

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def talk(film: Film) -> Path:
    return film(seconds=4, size="320x180")


def until_said(process: subprocess.Popen[str], sentence: str) -> None:
    """Read what it says until then."""
    assert process.stderr is not None
    heard = []
    for line in process.stderr:
        heard.append(line)
        if line.strip() == sentence:
            return
    pytest.fail(f"it ended without saying so: {heard}")


def test_it_says_once_that_it_is_paused_and_goes_on_when_it_is_resumed(
    talk: Path, house: House
) -> None:
    said = house.run("pause")
    assert (said.code, said.out.strip()) == (0, SAID_BY_PAUSE)
    process = house.start("process", talk, "--json")
    until_said(process, PAUSED)
    assert not reels(house.data)
    assert house.run("resume").out.strip() == SAID_BY_RESUME
    _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert (err.count(PAUSED), err.count(RESUMED)) == (0, 1)
    assert reels(house.data)


def test_it_says_so_as_well_while_it_follows_a_dashboard(talk: Path, house: House) -> None:
    with at_work(house.data, **FAST):
        with studio_on(house.data) as studio:
            studio.activity.pause()
        process = house.start("process", talk)
        until_said(process, PAUSED)
        assert house.run("resume").code == 0
        _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert RESUMED in err


def test_what_is_cancelled_while_it_is_paused_ends_the_command(talk: Path, house: House) -> None:
    house.run("pause")
    process = house.start("process", talk)
    until_said(process, PAUSED)
    with studio_on(house.data) as studio:
        studio.activity.cancel(1)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert RESUMED not in err


def test_a_pause_is_told_as_json(house: House) -> None:
    assert house.run("pause", "--json").json == {"paused": True}
    assert house.run("resume", "--json").json == {"paused": False}
