"""What becomes of a download when somebody stops it, kills it, or has it fetch very much."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gravix_core.errors import Cancelled
from gravix_core.media.files import hash_file
from tests.media.processes import children, command, wait_until
from tests.simulators.youtube_scenario import Endpoint
from tests.source.houses import ID, LARGE, MB, House, Wish, is_the_servers

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
HUGE = replace(LARGE, size=300 * MB)
FLAT = 60 * MB
"""What the server's memory may grow by, from the issue."""


def test_cancel_ends_a_download_that_hangs_and_keeps_what_came(house: House) -> None:
    probe = house.known(LARGE)
    house.site.fail(Endpoint.MEDIA, hang_after=3 * MB)
    before = children()
    watch = Wish(lambda: _on_disk(house) > 2 * MB)
    with pytest.raises(Cancelled):
        house.fetch(probe, watch=watch)
    assert watch.late < 2
    assert children() <= before
    assert not (house.folder / "source.mp4").exists()
    house.site.mend()
    house.site.forget()
    assert is_the_servers(house.fetch(probe).file, house.films, LARGE, 134, 140)
    assert _first_byte(house) > MB


def test_cancel_ends_the_wait_for_captions(house: House) -> None:
    probe = house.known()
    house.site.fail(Endpoint.CAPTIONS, hang=True)
    watch = Wish(lambda: bool(house.site.asked(Endpoint.CAPTIONS)))
    with pytest.raises(Cancelled):
        house.fetch(probe, watch=watch)
    assert watch.late < 2
    assert not house.site.asked(Endpoint.MEDIA)


def test_what_was_joined_when_it_was_stopped_is_not_fetched_again(house: House) -> None:
    probe = house.known(LARGE)
    with pytest.raises(Cancelled):
        house.fetch(probe, watch=Wish(lambda: "checking the file" in house.notes))
    assert not (house.folder / "source.mp4").exists()
    house.site.forget()
    assert is_the_servers(house.fetch(probe).file, house.films, LARGE, 134, 140)
    assert not house.site.asked(Endpoint.MEDIA)


def test_a_second_process_goes_on_where_a_killed_one_was(house: House) -> None:
    house.site.add(LARGE)
    house.site.fail(Endpoint.MEDIA, hang_after=5 * MB, itag=134)
    first = _start(house)
    wait_until(lambda: _on_disk(house) > 2 * MB, "a part of the picture is on the disk")
    program = next(pid for pid in children(first.pid) if command(pid).count("ytdlp.py"))
    first.send_signal(signal.SIGKILL)
    first.communicate()
    wait_until(lambda: not command(program), "what it had started is gone as well")
    assert not (house.folder / "source.mp4").exists()

    house.site.mend()
    house.site.forget()
    told = _result(_start(house))
    assert _first_byte(house) > MB
    assert is_the_servers(Path(told["file"]), house.films, LARGE, 134, 140)
    assert told["sha256"] == hash_file(house.folder / "source.mp4")
    assert not house.site.asked(Endpoint.PLAYER), "the stored probe was enough"


def test_our_memory_stays_flat_while_a_large_file_comes_in(house: House) -> None:
    house.site.add(HUGE)
    told = _result(_start(house))
    assert (house.folder / "source.mp4").is_file()
    assert sum(r.sent for r in house.site.asked(Endpoint.MEDIA)) > HUGE.size  # type: ignore[operator]
    assert told["grew"] < FLAT


def _start(house: House) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.source.fetch_in_a_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **house.site.environment()},
    )
    assert process.stdin
    wish = {"id": ID, "folder": str(house.folder), "cache": str(house.root / "cache")}
    process.stdin.write(f"{json.dumps(wish)}\n".encode())
    process.stdin.flush()
    return process


def _result(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    *percents, told = map(json.loads, said.splitlines())
    assert percents[-1] == {"percent": 100}
    found: dict[str, Any] = told
    return found


def _on_disk(house: House) -> int:
    """Bytes of the largest unfinished stream; what was sent may still be on its way to it."""
    return max((part.stat().st_size for part in house.folder.rglob("*.part")), default=0)


def _first_byte(house: House) -> int:
    """Where the first request for the picture began."""
    asked = next(r.range for r in house.site.asked(Endpoint.MEDIA) if r.itag == 134)
    found = re.match(r"bytes=(\d+)-", asked)
    assert found
    return int(found[1])
