"""Capture: pages of listed sites, fetched politely, kept as they came.

`read_sources` reads what to fetch, `Fetcher` fetches, `Landing` keeps, `capture` does it for one
source, `health` tells which sources fail, froze or lost stations. docs/capture.md says how to use
it.
"""
