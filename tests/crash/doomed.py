"""A program that runs another Python module under `points`, as `python -m <module>` would.

``python -m tests.crash.doomed gravix_core process talk.mp4``; see `points` and `timepiece` for its
variables.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

from tests.crash import timepiece
from tests.crash.points import DIES_AT, JOURNAL, Points, install


def main() -> None:
    install(Points(Path(os.environ[JOURNAL]), os.environ.get(DIES_AT, "")))
    timepiece.install()
    module = sys.argv[1]
    sys.argv = sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
