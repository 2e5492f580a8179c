"""Notebooks, executed and committed with their outputs; `python -m notebooks` executes them."""
