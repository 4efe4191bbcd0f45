"""Benchmarks: each thing measured against its peer in the same run. `python -m benchmarks --help`."""
