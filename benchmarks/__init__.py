"""Benchmarks: each prints ratios against a peer of the same run. ``python -m benchmarks [NAME …]``."""
