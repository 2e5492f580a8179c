"""The languages of charts and gallery, and the phrases in each language.

`locales` has one `Locale` per language: it holds the phrases and writes dates, hours and names.
`chart_phrases`, `gallery_phrases`, `finding_phrases` and `publication_phrases` declare the phrases,
so that a missing one is a type error. The catalogues are `korean_charts`, `english_charts` and so
on.

To change a phrase, edit it in the catalogue of each language. Messages of the command line are not
here: they are English only.

To add a language, write its catalogues, add it to `Lang`, and add an entry to `LOCALES`, which
also says whether the language uses the Korean or the English names of stations, regions and
conditions. Commands, flows, charts and gallery take their languages from `LOCALES`. NanumGothic,
the font of charts (`nalssi/charts/theme.py`), must have the letters of the language. Names in a
third language are a larger change: they need columns in `schemas/reference/`, in the queries that
read `name_en` and `condition_en`, and label positions on the map (`tools.label_layout`).
"""
