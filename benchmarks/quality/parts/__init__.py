"""The parts of the benchmark: each takes a `Bench` and gives lines."""
