"""The languages of charts and gallery, and everything that they say.

`locales` has one `Locale` per language: it holds the phrases and writes dates, hours and names.
`chart_phrases` and `gallery_phrases` declare the phrases, so that a missing one is a type error.
`korean_charts`, `korean_gallery`, `english_charts` and `english_gallery` are the catalogues.

To change a phrase, edit it in the catalogue of each language. To add a language, write its two
catalogues and add it to `Lang` and `LOCALES`. Messages of the command line are not here: they
are English only.
"""
