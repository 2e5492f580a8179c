"""Notebooks, committed with their outputs. `python -m notebooks` executes and writes them."""
