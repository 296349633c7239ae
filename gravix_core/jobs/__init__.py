"""The runs of the steps: the `jobs` table as the queue, threads that work on it."""
