"""Readers of pages: HTML, KMA's table, MHTML, Safari webarchives, Word and Excel files."""
