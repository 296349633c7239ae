"""How often the outcome of publishing is unclear, and what an upload of 200 MB costs.

    python -m benchmarks.publish

Every call of a publication meets every fault once, and every place that touches network or
database is one at which the process dies once, against the stand-in of Meta.  The upload is sent
by the product's own code over loopback, cut at bytes drawn at random, and gone on with.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gravix_core.errors import GravixError
from gravix_core.publications import Step
from tests.publish import conftest
from tests.publish.killing import Killed, points
from tests.publish.pressroom import Pressroom, pressroom
from tests.publish.test_exactly_once import CALLS, FAULTS
from tests.simulators.instagram import Endpoint, instagram_stand_in

MEGABYTES = 200
CUTS = 5
KILO = 1024


@contextmanager
def fresh(**clip: Any) -> Iterator[Pressroom]:
    with (
        tempfile.TemporaryDirectory() as folder,
        instagram_stand_in(seed=1) as meta,
        conftest.housed(meta, Path(folder)) as house,
    ):
        yield pressroom(house, **clip)


def faults() -> Counter[Step]:
    found: Counter[Step] = Counter()
    for call in CALLS:
        for fault in FAULTS.values():
            with fresh() as room:
                room.meta.fail(call, times=1, **fault)  # type: ignore[arg-type]
                found[room.publish().step] += 1
                assert len(room.posts) <= 1
    return found


def deaths() -> Counter[Step]:
    found: Counter[Step] = Counter()
    at = 0
    while True:
        with fresh() as room, points(at) as passed:
            with suppress(Killed):
                room.publish()
            if len(passed.passed) <= at:
                return found
            with suppress(GravixError):
                room.ask()
            found[room.run().step] += 1
            assert len(room.posts) <= 1
        at += 1


def upload() -> None:
    with fresh(media=MEGABYTES * 1_000_000) as room:
        size = room.file.stat().st_size
        for at in sorted(random.Random(1).sample(range(1, size), CUTS)):
            room.meta.fail(Endpoint.UPLOAD, cut_at=at, times=1)
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from now on
        before = memory("VmRSS")
        begun = time.perf_counter()
        row = room.publish()
        took = time.perf_counter() - begun
        grown = (memory("VmHWM") - before) / KILO
        sent = sum(one.length for one in room.meta.asked(Endpoint.UPLOAD))
        print(
            f"{size / 1e6:.0f} MB, cut {CUTS} times: {row.step}, {sent / 1e6:.1f} MB sent,"
            f" {took:.1f} s, the memory of client and stand-in grew by {grown:.0f} MB"
        )


def memory(what: str) -> int:
    """Of this process, in kB; Linux alone knows it so."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


def told(what: str, found: Counter[Step]) -> None:
    total = sum(found.values())
    unsure = found[Step.UNSURE]
    parts = ", ".join(f"{count} {step}" for step, count in sorted(found.items()))
    print(f"{what}: {total} runs: {parts}; unclear: {100 * unsure / total:.1f} %")


def main() -> None:
    upload()
    told("one fault", faults())
    told("one death", deaths())


if __name__ == "__main__":
    main()
