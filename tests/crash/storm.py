"""A seed in; an engine that was killed again and again, and what came of it, out.

Both kinds of engine take turns.  Half of the kills come at a moment of the clock, the others at a
named point of the code: between the rename of a reel and the commit that records it, say.  The
points of the source and of the cut come first, since they are passed but once.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gravix_core.jobs.queue import MAX_CLAIMS
from tests.crash import ledger
from tests.crash.engines import (
    COMMAND_LINE,
    DASHBOARD,
    SMALL,
    Engine,
    Stamps,
    Yard,
    at_work,
)
from tests.crash.films import make_film
from tests.crash.points import BETWEEN, EARLY, RENDERING, WRITING
from tests.media.processes import wait_until

SECONDS = 120.0
KILLS = 25
LONGEST = {COMMAND_LINE: 3.5, DASHBOARD: 2.0}
"""Seconds at which an engine is killed at the latest, if by the clock: after its start; after its
first answer."""
MADE = 2
"""Reels after which it is killed anyway, so that there is work left for the next one."""
OVERDUE = 8.0
"""Seconds, counted likewise; a point that is not passed by then is waited for no longer."""
WHOLE_WITHIN = 300.0
OPEN = ("pending", "processing")
AT_REST = f"SELECT count(*) FROM jobs WHERE status IN {OPEN}"


@dataclass(frozen=True)
class Kill:
    """How one engine is to end."""

    engine: str
    after: float = 0.0
    """Seconds; where a point is named, it is for the point to come."""
    point: str = ""


def plan(seed: int) -> tuple[Kill, ...]:
    """Which engines, and when they are killed.  Pure."""
    chance = random.Random(seed)
    some = sorted(chance.sample(range(len(EARLY)), 9))
    early = [_at(EARLY[place], COMMAND_LINE) for place in some]
    writing = _at(chance.choice(WRITING), _engine(chance))
    rendering = chance.sample([one for one in RENDERING if one != BETWEEN], 6)
    late = [_at(f"{one}#{chance.randint(1, 2)}", _engine(chance)) for one in (BETWEEN, *rendering)]
    count = KILLS - len(early) - len(late) - 1
    timed = [_by_the_clock(_engine(chance), chance) for _ in range(count)]
    mixed = [*late, *timed]
    chance.shuffle(mixed)
    return (*early, writing, *mixed)


def _engine(chance: random.Random) -> str:
    return chance.choice((COMMAND_LINE, COMMAND_LINE, DASHBOARD))


def _by_the_clock(engine: str, chance: random.Random) -> Kill:
    return Kill(engine, after=chance.uniform(0.1, LONGEST[engine]))


def _at(point: str, engine: str) -> Kill:
    return Kill(engine, after=OVERDUE, point=point)


@dataclass(frozen=True)
class Outcome:
    """What became of a storm."""

    complaints: list[str]
    """Promises that were broken; empty when all is well."""
    kills: int
    points: Counter[str]
    """Where engines have died, of those that were killed at a point."""


def storm(seed: int, folder: Path) -> Outcome:
    """Kill an engine at every moment of the plan, then let one end its work."""
    cut = random.Random(seed).choice(("fixed", "sentences"))
    film = make_film(folder / "film.mp4", seconds=SECONDS)
    yard = Yard(folder, film, {**SMALL, "GRAVIX_CUT": cut})
    found: list[str] = []
    kept: Stamps = {}
    kills = 0
    for kill in plan(seed):
        suspects = _suspects(yard)
        with at_work(yard, kill.engine, dies_at=kill.point) as engine:
            _until_killed(engine, kill, suspects)
            kills += engine.process.returncode == -signal.SIGKILL
        found += _changed(yard, kept)
        kept.update(yard.recorded(yard.rows_left))
    found += _let_end(yard)
    found += _changed(yard, kept)
    return Outcome([*found, *ledger.complaints(yard, seconds=SECONDS)], kills, ledger.deaths(yard))


def _until_killed(engine: Engine, kill: Kill, suspects: list[str]) -> None:
    """One that has ended its work by itself is not killed.

    Nor is one that works on what has been killed so often that it looks like its own murderer.
    """
    for key in suspects:
        wait_until(partial(_has_dealt_with, engine, key), f"{key} is ended")
    if engine.port is not None:
        wait_until(lambda: engine.has_ended() or engine.server.is_healthy(), "an answer")
    most = len(engine.yard.reels()) + (MADE if not kill.point else MADE + 2)
    patience = time.monotonic() + kill.after
    wait_until(
        lambda: (
            engine.has_ended() or time.monotonic() > patience or len(engine.yard.reels()) >= most
        ),
        "the moment has come",
    )
    engine.kill()


def _suspects(yard: Yard) -> list[str]:
    """Jobs that one more kill would end as failed."""
    query = f"SELECT key FROM jobs WHERE attempts >= {MAX_CLAIMS - 1} AND status IN {OPEN}"
    return [key for (key,) in yard.rows_left(query)] if yard.data.exists() else []


def _has_dealt_with(engine: Engine, key: str) -> bool:
    ended = f"SELECT 1 FROM jobs WHERE key = ? AND status NOT IN {OPEN}"
    return engine.has_ended() or bool(engine.yard.rows(ended, key))


def _changed(yard: Yard, kept: Stamps) -> Iterator[str]:
    now = yard.stamps()
    for name, stamp in kept.items():
        if now.get(name) != stamp:
            yield f"{name} was finished, and is another file now"


def _let_end(yard: Yard) -> list[str]:
    """A dashboard does what is left, and the command line finds nothing to do."""
    with at_work(yard, DASHBOARD) as engine:
        engine.until_healthy()
        wait_until(
            lambda: yard.rows(AT_REST) == [(0,)], "nothing is left to do", within=WHOLE_WITHIN
        )
        engine.server.end()
    before = yard.stamps()
    with at_work(yard, COMMAND_LINE) as engine:
        code = engine.process.wait(WHOLE_WITHIN)
    said = [] if code == 0 else [f"the command line ended with {code}: {engine.said()[-500:]}"]
    more = yard.stamps().keys() - before.keys()
    left = yard.programs()
    return [
        *said,
        *(f"{name} was made only by a second look" for name in sorted(more)),
        *(f"the process {pid} was left" for pid in sorted(left)),
    ]
