"""Capture: fetch the listed pages politely and keep them as the servers sent them.

The modules, in the order of the steps:

- `source_list` reads which pages to fetch, and how often.
- `capture_source` captures one source: when it is due, fetching it, keeping what is new.
- `host_queues` waits for a host's turn, `robots_txt` reads robots.txt, `public_addresses` and
  `public_connections` allow connections to public addresses only, `page_fetcher` fetches a page.
- `landing` stores pages (`warc_record`) and the log of attempts (`capture_log`).
- `source_health` judges which sources are late, frozen or degraded.

`docs/capture.md` explains the use.
"""
