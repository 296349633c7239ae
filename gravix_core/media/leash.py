"""A command in, its exit code out; the command ends as soon as whoever started this is gone.

Run as a program of its own, with a pipe as standard input that nobody writes to: the system
closes the pipe when the other end dies, however it dies.  Imports nothing of the project, so
that it starts within a few milliseconds.
"""

import os
import signal
import subprocess
import sys
import threading

CANNOT_START = 127
"""As a shell says it."""


def main(argv: list[str]) -> int:
    try:
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL)
    except OSError as exc:
        print(f"{argv[0]}: {exc.strerror}", file=sys.stderr, flush=True)
        return CANNOT_START
    threading.Thread(target=_end_with, args=(child,), daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


def _end_with(child: "subprocess.Popen[bytes]") -> None:
    while os.read(0, 1):  # not sys.stdin: its lock would be held at the end
        pass
    if os.name != "nt" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # what the command has started as well, and this
    child.kill()


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))  # the waiting thread has nothing to tidy up
