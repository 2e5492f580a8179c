"""Web archives (WARC, WET)."""
