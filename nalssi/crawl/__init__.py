"""Plans: lists of the records to fetch from web archives, made from the index of a crawl.

A plan lists the captures of given sites: `captures` has its columns, `make_plan` writes it. It
comes from one of three kinds of index: the columnar index of Common Crawl (`columnar_index`), CDXJ
files with or without a cluster index (`cdx_files`), or a CDX server (`cdx_server`).
`nalssi.sources` reads plans.
"""
