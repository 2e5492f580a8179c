"""Build galleries of handmade tickers, and read their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from nalssi.gallery import Gallery, build
from nalssi.gallery.kept_summaries import KEPT_FILES
from nalssi.gallery.site_files import LIST_FILE, SiteFile, SiteFolder
from nalssi.gallery.site_plan import READINGS_IN_MEMORY, gallery_files
from nalssi.locale.locales import Lang
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from tests.warehouse.make_parts import Page, part


def load(warehouse: Warehouse, pages: Sequence[Page], name: str = "part") -> None:
    """Load handmade pages into a warehouse."""
    load_parts(warehouse, [part(warehouse.folder / "made" / name, pages)])


def built(
    warehouse: Warehouse,
    lang: Sequence[Lang] = ("ko", "en"),
    readings_in_memory: int = READINGS_IN_MEMORY,
    today: date | None = None,
) -> Gallery:
    """Build a warehouse's gallery, in its folder."""
    with warehouse.reader() as con:
        return build(
            con, warehouse.gallery, warehouse.charts, lang, readings_in_memory, today=today
        )


def planned(warehouse: Warehouse, lang: Sequence[Lang]) -> dict[str, SiteFile]:
    """The files of a warehouse's gallery by path, not written yet."""
    with warehouse.reader() as con:
        site = SiteFolder(warehouse.gallery)
        return {file.path: file for file in gallery_files(con, site, warehouse.charts, lang)}


def parsed(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def text(path: Path) -> str:
    """The text of a page's main part, in one line."""
    main = parsed(path).css_first("main")
    assert main is not None
    return " ".join(main.text().split())


def addresses(path: Path) -> Iterator[tuple[str, str]]:
    """Every address in a page, with the HTML tag that contains it."""
    for node in parsed(path).css("[href], [src], [action]"):
        for name in ("href", "src", "action"):
            if address := node.attributes.get(name):
                yield node.tag or "", address


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a site that visitors see, by its path."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in (LIST_FILE, *KEPT_FILES)
    }
