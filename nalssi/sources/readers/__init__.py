"""Readers: a partition becomes documents. These modules decide the content of a staged part."""
