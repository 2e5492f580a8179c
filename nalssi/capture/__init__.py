"""Capture: fetch the pages of the source list politely, and keep them as the servers sent them.

The modules, in the order of the steps:

- `source_list` reads which pages to fetch, and how often.
- `capture_source` captures one source: it decides whether the source is due, fetches its page, and
  stores the page if its content is new.
- `host_queues` sends one request at a time to a host, `robots_txt` reads robots.txt,
  `public_addresses` and `public_connections` allow connections to public addresses only,
  `page_fetcher` fetches a page, and `fetched_response` holds and unpacks it.
- `landing` stores pages (`warc_record`) and the log of attempts (`capture_log`).
- `source_health` decides which sources are late, frozen or degraded.

`docs/capture.md` explains the use.
"""
