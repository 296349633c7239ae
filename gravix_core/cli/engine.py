"""``pause`` and ``resume``: a wish about all work on one data directory in, a sentence out."""

from __future__ import annotations

import argparse
import json

from gravix_core.settings import Settings
from gravix_core.studio import Studio

DONE = 0
PAUSED = "Paused: what runs goes on, and nothing new begins, also after a restart, until `resume`."
RESUMED = "Work goes on, where a dashboard or `process` runs to do it."


def pause(options: argparse.Namespace) -> int:
    """Raises GravixError."""
    return _set(options, paused=True)


def resume(options: argparse.Namespace) -> int:
    """Raises GravixError."""
    return _set(options, paused=False)


def _set(options: argparse.Namespace, *, paused: bool) -> int:
    studio = Studio.open(Settings.load(data_dir=options.data_dir))
    try:
        studio.activity.pause() if paused else studio.activity.resume()
    finally:
        studio.close()
    said = PAUSED if paused else RESUMED
    print(json.dumps({"paused": paused}) if options.json else said)
    return DONE
