"""How good the reels are, measured: `python -m benchmarks.quality`."""
