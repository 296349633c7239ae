"""``rotate-key``: a data directory in, a new key and how much is sealed with it out."""

from __future__ import annotations

import argparse
import json

from gravix_core.desks.keys import rotate_key
from gravix_core.errors import SettingsError
from gravix_core.settings import Settings
from gravix_core.store.resealing import Resealed
from gravix_core.store.secrets import KEY_FILE, VARIABLE, new_key
from gravix_core.studio import Studio

DONE = 0
ALSO_IN_VARIABLE = (
    f"Write a new one, as `rotate-key --print` makes it, before the old one in {VARIABLE}, divided"
    " by a comma, and start Gravix again. The old one opens what it sealed as long as it stands"
    " there."
)


def rotate(options: argparse.Namespace) -> int:
    """Raises GravixError; everything that is sealed can then still be opened."""
    if options.print:
        key = new_key()
        print(json.dumps({"key": key}) if options.json else key)
        return DONE
    settings = Settings.load(data_dir=options.data_dir)
    if settings.gravix_secret_key.get_secret_value().strip():
        raise SettingsError(f"the key is given by {VARIABLE}", hint=ALSO_IN_VARIABLE)
    studio = Studio.open(settings)
    try:
        done = rotate_key(studio.store, settings.gravix_data_dir, seat=studio.seat)
    finally:
        studio.close()
    told = {"renewed": done.renewed, "lost": done.lost}
    print(json.dumps(told) if options.json else _said(done))
    return DONE


def _said(done: Resealed) -> str:
    said = f"There is a new key in {KEY_FILE}; {done.renewed} tokens are sealed with it."
    if done.lost:
        said += f" {done.lost} could not be opened with any key: connect Instagram again."
    return said
