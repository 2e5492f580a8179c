"""Readers: they turn a partition into documents.

`read_partition` calls the reader of each file's format. `page_documents` turns raw pages into
documents; all readers use it. `pages`, `corpora` and `warc` contain the readers of page files, of
JSON and Parquet, and of web archives.

These modules decide the content of a staged part, so a change to any of them makes new parts
(`nalssi.part_version`). Modules that only find files and plan partitions belong in
`nalssi.sources`.
"""
