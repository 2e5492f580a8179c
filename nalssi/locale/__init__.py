"""The languages of charts and gallery, and the phrases in each language.

`locales` has one `Locale` per language: it holds the phrases and writes dates, hours and names.
`chart_phrases` and `gallery_phrases` declare the phrases, so that a missing one is a type error.
`korean_charts`, `korean_gallery`, `english_charts` and `english_gallery` are the catalogues.

To change a phrase, edit it in the catalogue of each language. Messages of the command line are not
here: they are English only.

The code expects Korean and English. A third language needs two catalogues and an entry in `Lang`
and `LOCALES`, and also changes in these places:

- `Language` in `nalssi/cli/options.py`, `GALLERY_LANGUAGES` in `flows/weather_tasks.py` and the
  default of `nalssi.gallery.build.build`, which list the languages;
- a column `name_<lang>` beside `name_ko` and `name_en` in `schemas/reference/`, in the tables of
  `schemas/` and in the queries and frames that read those columns; the same for `condition_ko` and
  `condition_en`, which `nalssi/charts/chart_readings.sql` makes;
- `nalssi/gallery/templates/region.html` and `station.html`, `nalssi/gallery/station_list.py` and
  `nalssi/gallery/static/site.js`, which show or search for exactly two names;
- widths and positions of names by language: `STATION_NAME_WIDTHS` in
  `nalssi/charts/heatmap_chart.py`, `map_names` in `nalssi/charts/map_labels.py`, and
  `map_label_positions.json`, which `tools.label_layout` writes;
- the font of charts in `nalssi/charts/theme.py`, if NanumGothic lacks the letters of the language.
"""
