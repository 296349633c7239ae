"""A data directory in, a new key and everything sealed with it out."""

from __future__ import annotations

from pathlib import Path

from gravix_core.jobs.seat import Seat
from gravix_core.store.resealing import Resealed, reseal
from gravix_core.store.secrets import add_key, drop_old_keys
from gravix_core.store.store import Store


def rotate_key(store: Store, folder: Path, *, seat: Seat) -> Resealed:
    """Make a new key, seal every secret with it, forget the keys before.

    Wherever it breaks off, what is sealed can still be opened: the old keys go last.  No dashboard
    may work meanwhile, since it might seal with a key that is about to be forgotten.

    Raises:
        StatusConflict: A dashboard works on the data directory.
        SettingsError, FileUnwritable: The key file makes no sense, or cannot be written.
    """
    seat.take()
    try:
        vault = add_key(folder)
        with store.begin() as tx:
            done = reseal(tx.session, vault.renew)
        drop_old_keys(folder)
    finally:
        seat.release()
    return done
