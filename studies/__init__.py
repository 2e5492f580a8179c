"""Validation studies: how good the quality checks and the timing are, on known truth."""
