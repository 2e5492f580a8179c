"""Drawing: one picture, from pages or from a warehouse, as the bytes of a file.

Start at `one_picture`. `source_lists` reads sources, `single_list` makes the readings of a page
with one list without a database, `choose_list` finds the list that a picture shows, and
`descriptions` puts a picture into words. The pictures themselves are those of `nalssi.charts`.
"""
