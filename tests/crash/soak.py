"""Seeds in; a storm for each, and which of them failed, out.

``python -m tests.crash.soak --seeds 10`` or ``--seed 4711``.  What a failed storm has left stays.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.storm import Outcome, storm


def main() -> int:
    options = _options()
    seeds = [options.seed] if options.seed is not None else range(options.seeds)
    failed = [seed for seed in seeds if not _passes(seed)]
    if failed:
        print(f"failed: {', '.join(map(str, failed))}; again with --seed N")
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.soak")
    parser.add_argument("--seeds", type=int, default=10, metavar="N", help="seeds 0 to N-1")
    parser.add_argument("--seed", type=int, help="only this one")
    return parser.parse_args()


def _passes(seed: int) -> bool:
    folder = Path(tempfile.mkdtemp(prefix=f"gravix-storm-{seed}-"))
    began = time.monotonic()
    outcome: Outcome | None = None
    said: list[str]
    try:
        outcome = storm(seed, folder)
        said = outcome.complaints
    except AssertionError as error:
        said = [str(error)]
    kills = f", {outcome.kills} kills" if outcome else ""
    print(f"seed {seed}: {'FAILED' if said else 'passed'}{kills}", end=" ")
    print(f"in {time.monotonic() - began:.0f} s", flush=True)
    for one in said:
        print(f"  {one}")
    if said:
        print(f"  see {folder}", flush=True)
    else:
        shutil.rmtree(folder)
    return not said


if __name__ == "__main__":
    sys.exit(main())
