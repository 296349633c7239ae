"""A dashboard that was killed and started again goes on where it was, at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gravix_core.stages.source.youtube import HALF
from tests.crash import ledger
from tests.crash.engines import DASHBOARD, GONE_WITHIN, SMALL, Engine, Yard, at_work
from tests.crash.films import make_film
from tests.crash.points import BETWEEN
from tests.crash.storm import AT_REST, WHOLE_WITHIN
from tests.media.processes import children, command, wait_until
from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_films import Films
from tests.simulators.youtube_scenario import Endpoint
from tests.source.houses import ID, LARGE, MB
from tests.source.houses import House as Abroad
from tests.web.workshop import studio_on

pytestmark = pytest.mark.slow

SECONDS = 60.0
REELS = 20
ON_AGAIN = 2.0
"""Seconds after the first answer within which work goes on."""
LATITUDE = 3
"""Times that a promise in seconds may be exceeded on a machine that does other work as well."""
SLOW = {**SMALL, "CHUNK_DURATION": "60", "REEL_WIDTH": "1080", "REEL_HEIGHT": "1920"}
"""One reel, which takes much longer than whatever a kill is to end may live on."""
COOKIES = b"# Netscape HTTP Cookie File\n.youtube.com\tTRUE\t/\tTRUE\t0\tSID\tnot-a-real-one\n"


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(tmp_path, make_film(tmp_path / "film.mp4", seconds=SECONDS))


def hand_in(yard: Yard) -> None:
    with studio_on(yard.data) as studio:
        studio.intake.add(str(yard.film), chunk_duration=float(yard.settings["CHUNK_DURATION"]))


def now() -> str:
    """As the database writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def seconds_after(start: str, moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.fromisoformat(start)).total_seconds()


def until_done(yard: Yard) -> None:
    wait_until(lambda: yard.rows(AT_REST) == [(0,)], "all is done", within=WHOLE_WITHIN)


def until_reels(engine: Engine, count: int) -> None:
    wait_until(lambda: len(engine.yard.reels()) >= count, f"{count} reels", within=WHOLE_WITHIN)


def killed_after(yard: Yard, reels: int) -> None:
    with at_work(yard, DASHBOARD) as first:
        first.until_healthy()
        hand_in(yard)
        until_reels(first, reels)
        wait_until(lambda: bool(yard.drafts()), "the next one is begun")
        first.kill()


def test_after_a_kill_finished_reels_stay_and_the_rest_follow_at_once(yard: Yard) -> None:
    killed_after(yard, 7)
    dead = now()
    stamps = yard.recorded(yard.rows_left)
    in_hand = yard.rows_left("SELECT id FROM jobs WHERE status = 'processing'")
    assert len(stamps) >= 6
    assert in_hand
    with at_work(yard, DASHBOARD) as again:
        again.until_healthy()
        answered = now()
        begun = "SELECT id, started_at FROM jobs WHERE started_at > ?"
        wait_until(
            lambda: {job for job, _ in yard.rows(begun, dead)} >= {j for (j,) in in_hand},
            "what was in hand goes on",
        )
        starts = [at for job, at in yard.rows(begun, dead) if (job,) in in_hand]
        until_done(yard)
    assert max(seconds_after(answered, at) for at in starts) < ON_AGAIN * LATITUDE
    assert {name: yard.stamps()[name] for name in stamps} == stamps
    assert len(yard.reels()) == REELS
    assert ledger.complaints(yard, seconds=SECONDS) == []


def test_a_reel_that_was_in_place_and_not_recorded_is_made_once_more(yard: Yard) -> None:
    with at_work(yard, DASHBOARD, dies_at=f"{BETWEEN}#3") as first:
        first.until_healthy()
        hand_in(yard)
        first.process.wait(WHOLE_WITHIN)
    assert ledger.deaths(yard)[BETWEEN] == 1
    with at_work(yard, DASHBOARD) as again:
        again.until_healthy()
        until_done(yard)
    assert ledger.complaints(yard, seconds=SECONDS) == []


def test_a_kill_in_a_render_leaves_no_program_and_the_next_start_no_draft(yard: Yard) -> None:
    slow = replace(yard, settings=SLOW)
    with at_work(slow, DASHBOARD) as first:
        first.until_healthy()
        hand_in(slow)
        wait_until(lambda: any(".mp4." in one.name for one in yard.drafts("reels")), "a render")
        started = children(first.process.pid)
        assert started
        first.kill()
    wait_until(lambda: not any(map(command, started)), "what it had started", within=GONE_WITHIN)
    left = yard.drafts()
    assert left
    own = yard.data / "videos" / "1" / "of-somebody-else.tmp"
    own.touch()
    with at_work(yard, DASHBOARD) as again:
        again.until_healthy()
        assert not [draft for draft in left if draft.exists()]
        assert own.exists()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[YouTubeSimulator]:
    films = Films(tmp_path / "films")
    with youtube_stand_in(tmp_path / "site", films) as simulator:
        simulator.add(LARGE)
        yield simulator
        assert simulator.refused == ()


def take_link(yard: Yard, site: YouTubeSimulator) -> None:
    """As the operator does who has cookies; the crew's download begins."""
    abroad = Abroad(site, Films(yard.folder / "films"), yard.folder / "abroad", {})
    probe = abroad.probe(LARGE)
    with studio_on(yard.data) as studio:
        studio.downloader.cookies.use_file(COOKIES)
        with studio.store.begin() as tx:
            tx.links.keep(probe)
        studio.links.confirm(ID)
        studio.links.take(ID, chunk_duration=3)


def sent(site: YouTubeSimulator) -> int:
    return max((request.sent for request in site.asked(Endpoint.MEDIA)), default=0)


def test_a_kill_in_a_download_leaves_no_program_and_what_came_is_kept(
    tmp_path: Path, site: YouTubeSimulator
) -> None:
    yard = Yard(tmp_path, tmp_path / "none.mp4", {**SMALL, **site.environment()})
    site.fail(Endpoint.MEDIA, hang_after=5 * MB, itag=134)
    with at_work(yard, DASHBOARD) as first:
        first.until_healthy()
        take_link(yard, site)
        wait_until(lambda: sent(site) >= 5 * MB, "5 MB are sent")
        started = children(first.process.pid)
        assert any("ytdlp.py" in command(pid) for pid in started)
        first.kill()
    wait_until(lambda: not any(map(command, started)), "what it had started", within=GONE_WITHIN)
    half = yard.data / "videos" / "1" / HALF
    kept = [file for file in half.iterdir() if file.stat().st_size > MB]
    secret = [file for file in yard.drafts() if file.read_bytes() != b"" and "cookie" in file.name]
    assert kept
    assert secret
    site.mend()
    site.forget()
    with at_work(yard, DASHBOARD) as again:
        again.until_healthy()
        assert not [file for file in secret if file.exists()]
        until_done(yard)
    assert len(yard.reels()) == 2
    asked = [request.range for request in site.asked(Endpoint.MEDIA) if request.itag == 134]
    assert min(int(one.removeprefix("bytes=").partition("-")[0]) for one in asked) > MB
