"""Validation studies: how many errors the quality checks and the timing of snapshots make.

README.md in this folder explains how to run them. The package `benchmarks` measures speed.
"""
