"""The reader of web archives (WARC, WET).

The data passes through `archive_members` (decompression), `member_stream` and `split_records`
(records), and `warc_archive` (pages).
"""
