"""Build the gallery of a warehouse: write the files of the plan (`site_plan`) that have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from nalssi.gallery.build_inputs import build_inputs
from nalssi.gallery.code_version import code_version, remember_code_version, source_digest
from nalssi.gallery.finished_days import open_days
from nalssi.gallery.publication import Publication
from nalssi.gallery.site_files import SiteFile, SiteFolder
from nalssi.gallery.site_plan import READINGS_IN_MEMORY, gallery_files
from nalssi.locale.locales import LOCALES, Lang

Progress = Callable[[int, int, str], None]
"""A function `progress(made, total, path)` that is called before a file is made. `made` is the
number of files made so far. `total` is an estimate of the number of all files: their number in the
last build, or 0 if there was none. `path` is the path of the file in the gallery."""


@dataclass(frozen=True)
class Gallery:
    """The result of a build: the path of the first page, and numbers of files.

    `files` is the number of all files, `written` and `removed` count those that this build changed.
    """

    index: Path
    files: int
    written: int
    removed: int


def build(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    charts_folder: Path,
    lang: Sequence[Lang] = tuple(LOCALES),
    readings_in_memory: int = READINGS_IN_MEMORY,
    publication: Publication = Publication(),  # noqa: B008  # it is immutable
    progress: Progress | None = None,
    today: date | None = None,
) -> Gallery:
    """Build the gallery of a warehouse in `folder`. Only files that change are written.

    `con` is a read-only connection. `charts_folder` holds the files that `charts.draw.draw_all` has
    drawn. A page shows charts in its own language only; a chart that is not drawn in that language
    is missing on the page. The first language is at the root of the gallery, each other one in a
    folder of its own. `publication` has the site address. Pages that show many days end with the
    day before `today` (KST); by default, all days are finished (`finished_days`). `progress` is
    called before each file. Raises ValueError for an unknown language, or if there is none.
    """
    if not lang or not set(lang) <= LOCALES.keys():
        known = ", ".join(LOCALES)
        raise ValueError(f"languages {', '.join(lang) or 'none'}: choose from {known}")
    site = SiteFolder(folder)
    days = open_days(con, today)
    inputs = build_inputs(con, charts_folder, lang, publication, days)
    if site.notes.get("inputs") == inputs and (intact := site.files_if_intact()) is not None:
        return Gallery(folder / "index.html", intact, 0, 0)
    if {"source", "code"} <= site.notes.keys():
        remember_code_version(site.notes["source"], site.notes["code"])
    files = gallery_files(con, site, charts_folder, lang, readings_in_memory, publication, days)
    written = site.write(
        _reported(files, site, progress) if progress else files,
        lambda: {"inputs": inputs, "source": source_digest(), "code": code_version()},
    )
    return Gallery(folder / "index.html", written.files, written.written, written.removed)


def _reported(
    files: Iterable[SiteFile], site: SiteFolder, progress: Progress
) -> Iterator[SiteFile]:
    before = site.files_before
    for file in files:
        made = site.files_made
        progress(made, max(before, made + 1) if before else 0, file.path)
        yield file
