"""Arguments in, a finished process out.  The only file that starts a process."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

import imageio_ffmpeg

from gravix_core.errors import Cancelled, DiskFull, ToolFailed, ToolMissing
from gravix_core.model import Seconds, Watch

log = logging.getLogger(__name__)

STALLED: Seconds = 180.0
"""A process that says nothing new for so long has hung."""

LOOK_EVERY: Seconds = 0.1

_TALK = ("-hide_banner", "-nostdin", "-nostats", "-stats_period", "0.25", "-progress", "pipe:1")
LEASH = Path(__file__).with_name("leash.py")
END_WITHIN: Seconds = 2.0

_NO_ROOM = re.compile(
    r"(no space left on device|not enough space|disk is full)\W*$", re.IGNORECASE | re.MULTILINE
)


def ffmpeg_program(override: str = "") -> Path:
    """Where ffmpeg lies: `override`, a path or a name on PATH, else the one in the wheel.

    Raises:
        ToolMissing: It is not there.
    """
    if override:
        found = shutil.which(override)
        if found is None:
            raise ToolMissing(
                "FFMPEG_PATH names no program that can be run",
                hint="Correct FFMPEG_PATH, or leave it empty to use the ffmpeg that comes along.",
            )
        return Path(found)
    try:
        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as exc:
        raise ToolMissing(f"imageio-ffmpeg has no ffmpeg for this system: {exc}") from exc


def is_alive(pid: int) -> bool:
    """Whether a process with this id runs on this machine; True when it cannot be known."""
    if os.name == "nt":
        return True  # there, asking would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def run(argv: Sequence[str], *, timeout: Seconds) -> str:
    """Run a tool to its end and return what it wrote on stdout.

    Args:
        argv: Program and arguments, one word each.  No shell reads them, so a file
            name may hold any character.
        timeout: Longest run.  The process is killed when it passes.

    Raises:
        ToolMissing: The program cannot be started.
        ToolFailed: It exited with an error or ran past `timeout`.
    """
    try:
        done = subprocess.run(
            argv, capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as exc:
        raise ToolMissing(f"{Path(argv[0]).name} cannot be started: {exc.strerror}") from exc
    except subprocess.TimeoutExpired as exc:
        raise ToolFailed(f"{Path(argv[0]).name} took more than {timeout:g} s") from exc
    if done.returncode:
        raise _failure(argv[0], done.returncode, done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8", "replace")


def run_ffmpeg(
    argv: Sequence[str], *, frames: int, watch: Watch, stalled: Seconds = STALLED
) -> None:
    """Run ffmpeg to its end and pass on its own progress.

    It does not outlive this process, however that ends: `leash` holds it.

    Args:
        argv: Program and arguments; ``-progress pipe:1 -nostats`` is added.
        frames: Pictures of the output; all of them are 100 %.  Frames, since ffmpeg tells no
            time as long as one of several outputs has none.
        watch: Told the progress; asked ten times a second whether to stop.
        stalled: Longest time without progress.

    Raises:
        Cancelled: `watch` asked to stop; the process is gone.
        ToolMissing: The program cannot be started.
        ToolFailed: It exited with an error, or hung and was killed.
        DiskFull: It had no room to write.
    """
    words = [argv[0], *_TALK, *argv[1:]]
    process = _start(words)
    said: deque[str] = deque(maxlen=40)
    beat = _Beat()
    readers = (
        _reader(process.stdout, lambda line: _on_progress(line, frames, watch, beat)),
        _reader(process.stderr, said.append),
    )
    try:
        _wait(process, watch, beat, stalled)
    finally:
        _end(process)
        for reader in readers:
            reader.join(timeout=5)
    if process.returncode:
        raise _failure(argv[0], process.returncode, "\n".join(said))


def read_ffmpeg(
    argv: Sequence[str], *, block: int, watch: Watch, stalled: Seconds = STALLED
) -> Iterator[bytes]:
    """Run ffmpeg and give what it writes to ``pipe:1``, block by block.

    It does not outlive this process, nor the iterator: closing that ends it.

    Args:
        argv: Program and arguments, with ``pipe:1`` as the one output.
        block: Bytes of a block, such as those of one frame; only the last one may be shorter.
        watch: Asked ten times a second whether to stop; told nothing.
        stalled: Longest time without a block.

    Raises:
        Cancelled: `watch` asked to stop.
        ToolMissing: The program cannot be started.
        ToolFailed: It exited with an error, after what it wrote has been given; or it hung.
    """
    process = _start([argv[0], "-hide_banner", "-nostdin", "-nostats", *argv[1:]])
    said: deque[str] = deque(maxlen=40)
    errors = _reader(process.stderr, said.append)
    guard = _Guard(process, watch, stalled)
    pipe: IO[bytes] = process.stdout.buffer  # type: ignore[union-attr]
    try:
        with pipe:
            while read := guard.read(pipe, block):
                yield read
        code = process.wait()
        guard.check()
        errors.join(timeout=5)
        if code:
            raise _failure(argv[0], code, "\n".join(said))
    finally:
        guard.done.set()
        _end(process)


def converse(
    argv: Sequence[str],
    request: str,
    *,
    on_line: Callable[[str], None],
    watch: Watch,
    stalled: Seconds,
    deadline: Seconds,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a program of lines to its end.  It does not outlive this process.

    Args:
        argv: Program and arguments.
        request: What it is to do: put into a file for its eyes alone, whose path is the last
            argument.  Empty: it gets none.
        on_line: Called in this thread with each line that it writes; what it raises ends the
            program and comes out of here.
        watch: Asked ten times a second whether to stop; told nothing.
        stalled: Longest time without a line.
        deadline: Longest time for all of it.
        env: Its whole environment; None for ours.

    Raises:
        Cancelled: `watch` asked to stop; the process is gone.
        ToolMissing: The program cannot be started.
        ToolFailed: It exited with an error, was silent for too long or took too long; `details`
            holds the last that it said.
    """
    with _private(request) as words:
        process = _start([*argv, *words], env=env)
        said: deque[str] = deque(maxlen=40)
        lines: SimpleQueue[str | None] = SimpleQueue()
        readers = (
            _reader(process.stdout, lines.put, at_end=lambda: lines.put(None)),
            _reader(process.stderr, said.append),
        )
        try:
            for line in _lines(lines, watch, stalled=stalled, deadline=deadline):
                on_line(line)
            process.wait(timeout=stalled)
        except ToolFailed as exc:
            exc.details = exc.details or "\n".join(said)
            raise
        finally:
            _end(process)
            for reader in readers:
                reader.join(timeout=5)
    if process.returncode:
        raise _failure(argv[0], process.returncode, "\n".join(said))


def _lines(
    lines: SimpleQueue[str | None], watch: Watch, *, stalled: Seconds, deadline: Seconds
) -> Iterator[str]:
    """Until the program has closed its output."""
    began = heard = time.monotonic()
    while True:
        try:
            line = lines.get(timeout=LOOK_EVERY)
        except Empty:
            line = ""
        now = time.monotonic()
        if watch.should_stop():
            raise Cancelled("stopped while a program was at work")
        if line is None:
            return
        if line:
            heard = now
            yield line
        elif now - heard > stalled:
            raise ToolFailed(f"nothing was heard for {stalled:g} s")
        if now - began > deadline:
            raise ToolFailed(f"it was not done within {deadline:g} s")


@contextmanager
def _private(text: str) -> Iterator[tuple[str, ...]]:
    """A file for the eyes of this account alone, as long as it is needed."""
    if not text:
        yield ()
        return
    number, name = tempfile.mkstemp(prefix="gravix-", suffix=".json")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        yield (name,)
    finally:
        with suppress(OSError):
            Path(name).unlink()


class _Guard:
    """Ends a process whose reader waits for it, when it hangs or is no longer wanted."""

    def __init__(self, process: subprocess.Popen[str], watch: Watch, stalled: Seconds) -> None:
        self.done = threading.Event()
        self._process, self._watch, self._stalled = process, watch, stalled
        self._since: float | None = None
        self._why: ToolFailed | Cancelled | None = None
        threading.Thread(target=self._look, daemon=True, name="process-guard").start()

    def read(self, pipe: IO[bytes], size: int) -> bytes:
        """The next block; empty at the end."""
        self._since = time.monotonic()
        block = pipe.read(size)
        self._since = None
        self.check()
        return block

    def check(self) -> None:
        if self._why is not None:
            raise self._why

    def _look(self) -> None:
        while not self.done.wait(LOOK_EVERY):
            since = self._since
            if self._watch.should_stop():
                self._why = Cancelled("stopped while ffmpeg was at work")
            elif since is not None and time.monotonic() - since > self._stalled:
                self._why = ToolFailed(f"ffmpeg got no further for {self._stalled:g} s")
            if self._why is not None:
                _end(self._process)
                return


class _Beat:
    """When the process last got on."""

    def __init__(self) -> None:
        self.position = -1
        self.at = time.monotonic()

    def feel(self, position: int) -> None:
        if position > self.position:
            self.position, self.at = position, time.monotonic()


def _start(argv: Sequence[str], env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    if shutil.which(argv[0]) is None:
        raise ToolMissing(f"{Path(argv[0]).name} cannot be started")
    # A group of its own: Ctrl-C in the terminal reaches us alone, and we end it.
    group = 0
    if sys.platform == "win32":
        group = subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(LEASH), *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            creationflags=group,
        )
    except OSError as exc:
        raise ToolMissing(f"{Path(argv[0]).name} cannot be started: {exc.strerror}") from exc


def _reader(
    stream: IO[str] | None,
    take: Callable[[str], None],
    *,
    at_end: Callable[[], None] | None = None,
) -> threading.Thread:
    def read() -> None:
        try:
            if stream is not None:
                with stream:
                    for line in stream:
                        take(line.rstrip())
        finally:
            if at_end is not None:
                at_end()

    thread = threading.Thread(target=read, daemon=True, name="process-reader")
    thread.start()
    return thread


def _on_progress(line: str, frames: int, watch: Watch, beat: _Beat) -> None:
    key, _, value = line.partition("=")
    if key == "frame" and value.strip().isdigit():
        done = int(value)
        beat.feel(done)
        watch.progress(min(100.0, 100 * done / frames))


def _wait(process: subprocess.Popen[str], watch: Watch, beat: _Beat, stalled: Seconds) -> None:
    while True:
        try:
            process.wait(timeout=LOOK_EVERY)
        except subprocess.TimeoutExpired:
            if watch.should_stop():
                raise Cancelled("stopped while ffmpeg was at work") from None
            if time.monotonic() - beat.at > stalled:
                raise ToolFailed(f"ffmpeg got no further for {stalled:g} s") from None
        else:
            return


def _end(process: subprocess.Popen[str]) -> None:
    """Make sure that it is gone.  Nothing that it wrote is kept, so it need not be asked."""
    if process.stdin is not None:
        process.stdin.close()  # the leash ends what it holds, then itself
    try:
        process.wait(timeout=END_WITHIN)
    except subprocess.TimeoutExpired:
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _failure(program: str, code: int, said: str) -> ToolFailed | DiskFull:
    """What it said may name folders and addresses: that is for the log alone."""
    name = Path(program).stem.partition("-")[0]
    log.warning("%s ended with code %d: %s", name, code, said)
    if _NO_ROOM.search(said):
        return DiskFull(f"{name} had no room to write")
    return ToolFailed(f"{name} ended with code {code}", details=said)
