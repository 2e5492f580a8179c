"""The gallery: a warehouse and its charts as static web pages, which also open from a folder.

`build` makes the gallery. The steps, in order:

1. `gallery_data` reads the tables; `day_reader` reads the snapshots of some days at a time.
2. Each template has a module that collects the data of its page: `region_page` and `station_page`
   (both with `place_page`, which also makes their pages of earlier years), `day_page` with
   `snapshot_view`, `calendar_page`, `period_page`, `quality_page`, `station_list`. A page is a
   dataclass; its content depends on its fields only (`gallery_page`).
3. `site_plan` lists all files in the order in which they are written. `finished_files` lists those
   that do not change with a new list of today.
4. `input_digest` and `code_version` give each page a key; `site_files` writes a file only if its
   key changes. Then `html_templates` renders the page in each language.

`csv_tables`, `chart_files` and `stylesheet` make tables, charts and colours for the pages. The
plots and tables of stations and regions are laid out for all places of a period at once:
`place_days` divides days into periods, `plot_marks`, `daily_plot` and `days_table` lay them out.
The pictures of a day are SVG in its page: the map (`map_svg`, `map_outline`, `weather_paths`,
`label_search`, `text_size`) and the plots of stations by region (`dot_plot`). They are made without
matplotlib. Phrases are in `nalssi.locale`. Code in `nalssi.charts` decides which readings are
usable, and how charts look.
"""

from nalssi.gallery.build import Gallery, build

__all__ = ["Gallery", "build"]
