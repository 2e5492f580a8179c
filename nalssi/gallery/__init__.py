"""The gallery: a warehouse and its charts as a static site that opens from the file system.

`build` makes it. How a warehouse becomes files, in order:

1. `gallery_data` reads the tables; `day_snapshots` reads the snapshots, a span of days at a time.
2. One module per template says what its page shows: `region_page`, `station_page`, `day_page` with
   `snapshot_view`, `calendar_page`, `period_page`, `quality_page`, `station_list`. A page is a
   dataclass; its fields are everything that its content depends on (`gallery_page`).
3. `build` lists all pages in the order in which they are written.
4. `input_digest` and `code_version` give each page a key; `site_files` writes a file only if its
   key changes. Then `html_templates` renders the page in each language.

`csv_tables`, `chart_files`, `daily_plot` and `stylesheet` make the other things that pages show.
Phrases are in `nalssi.locale`. Which readings are usable, and how charts look, is decided in
`nalssi.charts`.
"""

from nalssi.gallery.build import Gallery, build

__all__ = ["Gallery", "build"]
