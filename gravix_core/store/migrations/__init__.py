"""The tables as they were, step by step; run by `store/migrate.py`, in the order of `versions`."""
