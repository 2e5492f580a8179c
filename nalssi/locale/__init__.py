"""Phrases of charts and gallery: one catalogue for each language."""
