"""``python -m gravix_core``: arguments in, an exit code out."""

import os
import signal
import sys
from types import FrameType

STOPPED = 1


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Nothing has been begun, so there is nothing to tidy up."""
    os._exit(STOPPED)


if __name__ == "__main__":
    # Loading takes a second or two, and Ctrl-C may come meanwhile.
    usual = signal.signal(signal.SIGINT, _leave)
    from gravix_core.cli.app import main

    signal.signal(signal.SIGINT, usual)
    code = main(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is said; the second Ctrl-C is late
    sys.exit(code)
