"""Capture: pages of listed sites, fetched politely, kept as they came.

In the order in which things happen: `sources` reads what to fetch; `hosts` knows whose turn it is,
`addresses` knows which are public, `connection` connects to them, `robots` reads robots.txt,
`fetch` fetches; `landing` keeps what arrives and the
log; `capturing` does it for one source; `health` tells which sources are late, frozen or degraded.
docs/capture.md says how to use it.
"""
