"""Corpora: JSON and Parquet files with a page a record."""
