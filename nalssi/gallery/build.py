"""Build the site: ask the warehouse, plan every file, write those that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import duckdb

from nalssi.gallery.chart_files import Figures
from nalssi.gallery.day_pages import Days
from nalssi.gallery.gallery_data import Facts
from nalssi.gallery.overview_pages import Overview
from nalssi.gallery.page import Frame
from nalssi.gallery.place_pages import Places
from nalssi.gallery.render import HERE, stylesheet
from nalssi.gallery.site_files import File, content, hashed, write
from nalssi.locale.locales import LOCALES, Lang, Locale


@dataclass(frozen=True)
class Gallery:
    """What a build leaves: the page to open, and how many files stand, were written, removed."""

    index: Path
    files: int
    written: int
    removed: int


def build(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    charts_folder: Path,
    lang: Sequence[Lang] = ("ko", "en"),
) -> Gallery:
    """Build the site of a warehouse in `folder`, from what a reader's `con` tells.

    Charts are taken from `charts_folder` as `charts.draw_all` leaves them. A page shows charts in
    its own language only, and does without those that are not drawn in it. The first language
    stands at the root of the site, others in a folder each. Only what changed is written. Raises
    ValueError for an unknown language or none.
    """
    if not lang or not set(lang) <= LOCALES.keys():
        raise ValueError(f"languages {', '.join(lang) or 'none'}: choose from {', '.join(LOCALES)}")
    locales = [LOCALES[each] for each in lang]
    written = write(folder, _plan(con, charts_folder, locales))
    return Gallery(folder / "index.html", written.files, written.written, written.removed)


def _plan(
    con: duckdb.DuckDBPyConnection, charts_folder: Path, locales: Sequence[Locale]
) -> Iterator[File]:
    """Every file of the site: what pages need first, the page people start from last."""
    facts = Facts.of(con)
    figures = Figures(charts_folder)
    days = Days(facts, figures, locales)
    places = Places(facts)
    overview = Overview(facts, figures, locales)
    assets = {
        "style": hashed("site.css", stylesheet()),
        "theme": hashed("theme.js", (HERE / "static" / "theme.js").read_bytes()),
        "site": hashed("site.js", (HERE / "static" / "site.js").read_bytes()),
        "index": hashed("places.js", places.index()),
    }
    frame = Frame(locales, {name: file.path for name, file in assets.items()})
    yield from assets.values()
    yield content("assets/icon.svg", (HERE / "static" / "icon.svg").read_bytes())
    for part in chain(places.parts(), days.parts(), overview.parts(days.flags), days.ends()):
        if isinstance(part, File):
            yield part
            continue
        yield from figures.files()  # which planning the page has asked for
        for locale in reversed(locales):
            yield frame.file(part, locale)
