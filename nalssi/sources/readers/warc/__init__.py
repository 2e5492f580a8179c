"""The reader of web archives (WARC, WET).

`archive_members` decompresses the file, `member_stream` and `split_records` divide the data into
records (`record_end` verifies their length), and `warc_archive` takes the pages out of the records
(`http_head` finds the head of an HTTP message).
"""
