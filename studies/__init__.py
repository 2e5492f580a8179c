"""Validation studies: how good the quality checks and the timing of snapshots are.

See README.md in this folder for how to run them. `benchmarks` measures how fast nalssi is.
"""
