"""Readers of corpora: JSON and Parquet files in which each record is a page."""
