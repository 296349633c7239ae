"""Whoever asks for the same work at the same moment, it is done once."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from gravix_core.model import JobType
from gravix_core.settings import Settings
from gravix_core.studio import Studio
from tests.cli.command import ROOT
from tests.crash.clicks import READY, click
from tests.crash.engines import Yard
from tests.crash.films import make_film
from tests.crash.storm import AT_REST
from tests.media.processes import wait_until

pytestmark = pytest.mark.slow

REELS, THREADS, PROCESSES = 6, 16, 4


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path, make_film(tmp_path / "film.mp4", seconds=3.0 * REELS))


@pytest.fixture
def studio(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    for name, value in yard.settings.items():
        monkeypatch.setenv(name, value)
    studio = Studio.open(Settings.load(data_dir=yard.data, env_file=None))
    yield studio
    studio.close()


@pytest.fixture
def video_id(yard: Yard, studio: Studio) -> int:
    """Of a video of which only the best reel is made."""
    video = studio.intake.add(str(yard.film), best=1).video
    studio.jobs.run_due()
    assert len(yard.reels()) == 1
    return video.id


def claims(studio: Studio, video_id: int) -> Counter[int]:
    """By reel, how often its job was begun; one that has two jobs is refused."""
    jobs = [item.job for item in studio.activity.jobs(video_id)]
    renders = [job for job in jobs if job.job_type is JobType.REEL_CONVERSION]
    found = Counter({int(job.args["reel_id"]): job.fence for job in renders})
    assert len(found) == len(renders)
    return found


def test_sixteen_clicks_at_once_ask_for_each_reel_once(
    yard: Yard, studio: Studio, video_id: int
) -> None:
    asked = click(studio, video_id, THREADS)
    assert sorted(asked) == [*[0] * (THREADS - 1), REELS - 1]
    studio.jobs.run_due()
    assert set(claims(studio, video_id).values()) == {1}
    assert len(yard.reels()) == REELS


def test_clicks_of_four_processes_at_once_ask_for_each_reel_once(
    yard: Yard, studio: Studio, video_id: int
) -> None:
    words = [sys.executable, "-m", "tests.crash.clicks", str(video_id), str(THREADS // PROCESSES)]
    with ExitStack() as stack:
        clickers = [
            stack.enter_context(
                subprocess.Popen(
                    words,
                    cwd=ROOT,
                    env=yard.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(PROCESSES)
        ]
        for one in clickers:
            assert one.stdout is not None
            assert one.stdout.readline().strip() == READY
        for one in clickers:
            assert one.stdin is not None
            one.stdin.write("now\n")
            one.stdin.flush()
        asked = [count for one in clickers for count in json.loads(one.communicate(timeout=60)[0])]
    assert sorted(asked) == [*[0] * (THREADS - 1), REELS - 1]
    studio.jobs.run_due()
    assert set(claims(studio, video_id).values()) == {1}
    assert len(yard.reels()) == REELS


def test_clicks_while_the_crew_is_at_work_begin_no_reel_twice(
    yard: Yard, studio: Studio, video_id: int
) -> None:
    studio.start()
    click(studio, video_id, THREADS)
    while yard.rows(AT_REST) != [(0,)]:
        click(studio, video_id, THREADS)
    assert set(claims(studio, video_id).values()) == {1}
    assert len(yard.reels()) == REELS


def test_the_same_film_given_in_sixteen_times_at_once_is_one_video(
    yard: Yard, studio: Studio
) -> None:
    start = threading.Barrier(THREADS)

    def add(_: int) -> int:
        start.wait()
        return studio.intake.add(str(yard.film)).video.id

    with ThreadPoolExecutor(THREADS) as adders:
        videos = set(adders.map(add, range(THREADS)))
    assert len(videos) == 1
    assert yard.rows("SELECT job_type, count(*) FROM jobs") == [(JobType.YT_DOWNLOAD, 1)]


def test_the_same_film_given_in_again_while_it_is_at_work_is_made_once(
    yard: Yard, studio: Studio
) -> None:
    video_id = studio.intake.add(str(yard.film)).video.id
    studio.start()
    wait_until(lambda: bool(yard.reels()), "the first reel is there")
    first = yard.stamps()
    with ThreadPoolExecutor(THREADS) as adders:
        list(adders.map(lambda _: studio.intake.add(str(yard.film)), range(THREADS)))
    wait_until(lambda: yard.rows(AT_REST) == [(0,)], "all is done")
    assert set(claims(studio, video_id)) == set(range(1, REELS + 1))
    assert {name: yard.stamps()[name] for name in first} == first
