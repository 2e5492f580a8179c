"""Formats of pages: HTML, MHTML, Safari webarchives, Word and Excel files."""
