"""The reader of web archives (WARC, WET).

`archive_members` decompresses the file (`gzip_runs` in other threads, where `plain_pages` finds
the pages that are only counted, and `coded_bodies` decodes their bodies), `member_stream` and
`split_records` divide the data into records (`record_end` verifies their length), and
`warc_archive` takes the pages out of the records (`http_head` finds the head of an HTTP message).
"""
