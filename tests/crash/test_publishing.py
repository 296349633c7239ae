"""A process that publishes dies at each place that touches network or database; another goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gravix_core.publications import Step
from gravix_core.store.secrets import new_key
from tests.crash.press import KILLED
from tests.publish import conftest
from tests.publish.conftest import APP_ID, SECRET
from tests.publish.pressroom import Pressroom, pressroom
from tests.publish.test_exactly_once import check
from tests.simulators.instagram import InstagramSimulator, PublishMode, instagram_stand_in
from tests.simulators.instagram_clock import Clock

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs fork")]
MOST_PLACES = 90


@pytest.fixture(scope="module")
def printer() -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "tests.crash.press"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()


@contextmanager
def room_in(folder: Path, key: str) -> Iterator[Pressroom]:
    with (
        instagram_stand_in(seed=1, clock=Clock(datetime.now(UTC), follows=True)) as meta,
        conftest.housed(meta, folder, key=key) as house,
    ):
        yield pressroom(house)


def obeyed(
    printer: subprocess.Popen[str], room: Pressroom, folder: Path, key: str, at: int | None
) -> int:
    """The exit code of a process that publishes; `at`: the place where it kills itself."""
    meta: InstagramSimulator = room.meta
    order = {
        "folder": str(folder), "key": key, "app_id": APP_ID, "secret": SECRET, "at": at,
        "graph": meta.graph_url, "dialog": meta.dialog_url, "rupload": meta.rupload_url,
        "publication": room.row.id,
    }  # fmt: skip
    assert printer.stdin
    assert printer.stdout
    printer.stdin.write(json.dumps(order) + "\n")
    printer.stdin.flush()
    return int(printer.stdout.readline())


@pytest.mark.parametrize("mode", [PublishMode.OK, PublishMode.DROP])
def test_death_at_every_place_leaves_one_post_or_a_question(
    printer: subprocess.Popen[str], tmp_path: Path, mode: PublishMode
) -> None:
    unsure = 0
    for at in range(MOST_PLACES):
        folder, key = tmp_path / str(at), new_key()
        folder.mkdir()
        with room_in(folder, key) as room:
            room.meta.publish_mode = mode
            room.ask()
            died = obeyed(printer, room, folder, key, at)
            assert obeyed(printer, room, folder, key, None) == 0
            check(room)
            assert room.row.step in {Step.PUBLISHED, Step.UNSURE}
            unsure += room.row.step is Step.UNSURE
        if died != KILLED:
            break
    else:
        pytest.fail("there are more places than were tried")
    assert at > 20
    assert 0 < unsure <= 4  # between the note that it is sent and the call itself
