"""The one door to processes: progress, cancel, hanging, refusing, missing."""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gravix_core.errors import Cancelled, DiskFull, ToolFailed, ToolMissing
from gravix_core.media import process
from gravix_core.media.process import ffmpeg_program, read_ffmpeg, run, run_ffmpeg
from gravix_core.model import Size
from gravix_core.stages.render.encode import render
from gravix_core.stages.render.filtergraph import Canvas
from tests.media.clips import Clips
from tests.media.processes import children, wait_until
from tests.media.renders import Listener, make, plan_for

pytestmark = pytest.mark.slow

MIDDLE = Canvas(Size(540, 960), 30)
"""Large enough to be caught at work."""
SOON = 2.0
"""Seconds within which a cancel must be done."""


def program(folder: Path, body: str) -> str:
    """A program of the test's own, in the place of ffmpeg."""
    file = folder / "ffmpeg"
    file.write_text(f"#!{sys.executable}\nimport sys, time\n{body}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


class Bell(Listener):
    """Can be rung from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.rung = threading.Event()

    def should_stop(self) -> bool:
        return self.rung.is_set()


def test_progress_rises_in_steps_to_a_hundred(clips: Clips, reel: Path) -> None:
    listener = Listener()
    make(plan_for(clips("long.mp4"), canvas=MIDDLE), reel, listener)
    assert listener.heard == sorted(listener.heard)
    assert len(set(listener.heard)) > 3
    assert listener.heard[-1] == 100


def test_progress_ends_below_a_hundred_only_while_frames_are_missing(
    clips: Clips, reel: Path
) -> None:
    listener = Listener()
    make(plan_for(clips("variable.mp4")), reel, listener)
    assert listener.heard[-1] == 100
    assert max(listener.heard) <= 100


def test_cancel_ends_the_process_and_leaves_nothing(clips: Clips, reel: Path) -> None:
    before = children()
    with pytest.raises(Cancelled):
        make(plan_for(clips("long.mp4"), canvas=MIDDLE), reel, Listener(stop_after=1))
    assert children() - before == set()
    assert list(reel.parent.iterdir()) == []


def test_cancel_is_heard_within_two_seconds(tmp_path: Path) -> None:
    bell = Bell()
    threading.Timer(0.5, bell.rung.set).start()
    began, before = time.monotonic(), children()
    with pytest.raises(Cancelled):
        run_ffmpeg([program(tmp_path, "time.sleep(60)")], frames=9, watch=bell)
    assert time.monotonic() - began < 0.5 + SOON
    assert children() - before == set()


def test_a_cancelled_render_leaves_the_reel_of_before(clips: Clips, reel: Path) -> None:
    made = make(plan_for(clips("plain.mp4")), reel)
    with pytest.raises(Cancelled):
        make(plan_for(clips("long.mp4"), canvas=MIDDLE), reel, Listener(stop_after=1))
    assert reel.stat().st_size == made.byte_size
    assert sorted(file.name for file in reel.parent.iterdir()) == ["reel.jpg", "reel.mp4"]


def test_a_program_that_says_nothing_is_ended(tmp_path: Path) -> None:
    began, before = time.monotonic(), children()
    with pytest.raises(ToolFailed, match="got no further for 1 s"):
        run_ffmpeg([program(tmp_path, "time.sleep(60)")], frames=9, watch=Listener(), stalled=1)
    assert children() - before == set()
    assert time.monotonic() - began < 30


def test_a_program_that_talks_without_getting_on_is_ended(tmp_path: Path) -> None:
    chat = "while True:\n    print('frame=7', flush=True)\n    time.sleep(0.1)"
    with pytest.raises(ToolFailed, match="got no further"):
        run_ffmpeg([program(tmp_path, chat)], frames=9, watch=Listener(), stalled=1)


def test_a_slow_program_that_gets_on_is_left_alone(tmp_path: Path) -> None:
    slow = "for n in range(4):\n    print(f'frame={n}', flush=True)\n    time.sleep(0.8)"
    listener = Listener()
    run_ffmpeg([program(tmp_path, slow)], frames=3, watch=listener, stalled=2)
    assert listener.heard[-1] == 100


def test_a_program_that_refuses_is_quoted(tmp_path: Path) -> None:
    body = "sys.stderr.write('no such filter: zscale\\n'); sys.exit(8)"
    with pytest.raises(ToolFailed, match="ffmpeg ended with code 8") as caught:
        run_ffmpeg([program(tmp_path, body)], frames=9, watch=Listener())
    assert "no such filter: zscale" in (caught.value.details or "")


def test_much_talk_on_stderr_does_not_block_it(tmp_path: Path) -> None:
    body = "for n in range(9999): print('warning ' * 20, file=sys.stderr)\nsys.exit(1)"
    with pytest.raises(ToolFailed) as caught:
        run_ffmpeg([program(tmp_path, body)], frames=9, watch=Listener())
    assert len(str(caught.value)) < 1000


def test_no_room_is_told_apart_from_other_failures(tmp_path: Path) -> None:
    body = (
        "sys.stderr.write('av_interleaved_write_frame(): No space left on device\\n'); sys.exit(1)"
    )
    with pytest.raises(DiskFull):
        run_ffmpeg([program(tmp_path, body)], frames=9, watch=Listener())


def test_a_program_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing):
        run_ffmpeg([str(tmp_path / "nothing")], frames=9, watch=Listener())
    with pytest.raises(ToolMissing):
        run([str(tmp_path / "nothing")], timeout=9)


def test_a_short_run_past_its_time_is_ended(tmp_path: Path) -> None:
    before = children()
    with pytest.raises(ToolFailed, match=r"took more than 0\.5 s"):
        run([program(tmp_path, "time.sleep(60)")], timeout=0.5)
    assert children() - before == set()


def test_without_an_override_the_program_of_the_wheel_is_used() -> None:
    assert "imageio_ffmpeg" in str(ffmpeg_program())
    assert "ffmpeg version" in run([str(ffmpeg_program()), "-version"], timeout=30)


def test_an_override_is_a_path_or_a_name_on_the_path(tmp_path: Path) -> None:
    own = program(tmp_path, "")
    assert ffmpeg_program(own) == Path(own)
    with pytest.raises(ToolMissing) as caught:
        ffmpeg_program(str(tmp_path / "nothing"))
    assert "FFMPEG_PATH" in str(caught.value)


def test_a_render_that_goes_wrong_leaves_no_file(clips: Clips, reel: Path, tmp_path: Path) -> None:
    body = (
        "reel = next(word for word in sys.argv if '.tmp' in word).removeprefix('file:')\n"
        "open(reel, 'wb').write(b'half')\nsys.exit(1)"
    )
    plan = plan_for(clips("plain.mp4"))
    with pytest.raises(ToolFailed):
        render(plan, ffmpeg=Path(program(tmp_path, body)), mark="", reel=reel,
               cover=reel.with_suffix(".jpg"), watch=Listener())  # fmt: skip
    assert list(reel.parent.iterdir()) == []


def test_a_program_that_ends_well_but_writes_rubbish_has_failed(
    clips: Clips, reel: Path, tmp_path: Path
) -> None:
    body = (
        "for word in sys.argv:\n    if word.startswith('file:') and '.tmp' in word:\n"
        "        open(word[5:].replace('%02d', '01'), 'wb').write(b'rubbish')"
    )
    plan = replace(plan_for(clips("plain.mp4")), source=Path("away.mp4"))
    with pytest.raises(ToolFailed, match="no playable reel"):
        render(plan, ffmpeg=Path(program(tmp_path, body)), mark="", reel=reel,
               cover=reel.with_suffix(".jpg"), watch=Listener())  # fmt: skip
    assert list(reel.parent.iterdir()) == []


def test_a_process_that_is_gone_is_known_to_be_gone() -> None:
    assert process.is_alive(os.getpid())
    assert not process.is_alive(2**22 + 1)


def test_an_interrupt_of_the_terminal_does_not_reach_ffmpeg(clips: Clips, reel: Path) -> None:
    """It runs in a session of its own, so that we end it and clean up."""
    bell, before = Bell(), children()
    thread = threading.Thread(target=lambda: _cancelled(clips, reel, bell))
    thread.start()
    try:
        wait_until(lambda: bool(children() - before), "ffmpeg has started")
        sessions = {os.getsid(pid) for pid in children() - before}
        assert os.getsid(0) not in sessions
    finally:
        bell.rung.set()
        thread.join()


def _cancelled(clips: Clips, reel: Path, bell: Bell) -> None:
    with pytest.raises(Cancelled):
        make(plan_for(clips("long.mp4"), canvas=MIDDLE), reel, bell)


RAW = "import os\nos.write(1, bytes(range(10)))\n"


def test_what_is_read_comes_in_blocks_and_whole(tmp_path: Path) -> None:
    blocks = list(read_ffmpeg([program(tmp_path, RAW)], block=4, watch=Listener()))
    assert blocks == [bytes(range(4)), bytes(range(4, 8)), bytes(range(8, 10))]


def test_failure_is_told_after_what_was_read(tmp_path: Path) -> None:
    reading = read_ffmpeg([program(tmp_path, RAW + "sys.exit(3)")], block=10, watch=Listener())
    assert next(reading) == bytes(range(10))
    with pytest.raises(ToolFailed, match="code 3"):
        next(reading)


def test_reading_that_hangs_is_ended(tmp_path: Path) -> None:
    hanging = program(tmp_path, RAW + "time.sleep(600)")
    with pytest.raises(ToolFailed, match="got no further"):
        list(read_ffmpeg([hanging], block=4, watch=Listener(), stalled=0.3))
    wait_until(lambda: not children(), "it is gone")


def test_cancel_ends_a_reading_that_waits(tmp_path: Path) -> None:
    bell = Bell()
    threading.Timer(0.2, bell.rung.set).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        list(read_ffmpeg([program(tmp_path, "time.sleep(600)")], block=4, watch=bell))
    assert time.monotonic() - began < SOON
    wait_until(lambda: not children(), "it is gone")


def test_reader_that_goes_away_ends_the_process(tmp_path: Path) -> None:
    reading = read_ffmpeg([program(tmp_path, RAW + "time.sleep(600)")], block=10, watch=Listener())
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    wait_until(lambda: not children(), "it is gone")
