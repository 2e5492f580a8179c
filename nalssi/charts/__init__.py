"""Charts: pictures of the data in a warehouse, as PNG, SVG and PDF, in Korean and English.

Start at `draw.draw_all`, which draws the charts of a warehouse. `chart_kinds` lists the kinds of
chart; the module `<kind>_chart` draws a kind. Phrases are in `nalssi.locale`, queries in the `.sql`
files of this folder. This file imports nothing, so that the names of kinds and formats are cheap to
read; matplotlib is imported only when a chart is drawn.
"""
