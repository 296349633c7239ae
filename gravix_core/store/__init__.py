"""The memory of the house: the model's values in, the same values out, a database between.

Rows do not leave this folder; only `jobs/queue.py` runs statements of its own, on
`tables.JobRow`, through the session of a transaction.
"""

from __future__ import annotations

from gravix_core.store.store import Store, Transaction

__all__ = ["Store", "Transaction"]
