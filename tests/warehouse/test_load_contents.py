"""The tables that show what a load read and added."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from nalssi.common.paths import SAMPLES
from nalssi.sources import plan
from nalssi.staging import stage_all
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_contents import LoadContents, load_contents
from nalssi.warehouse.load_parts import load_parts

PAGES = ("01-seed-glued-spaced.txt", "03-same-ticker-another-site.txt", "17-cut-inside-a-line.txt")


def contents(folder: Path, *pages: Path) -> LoadContents:
    parts = stage_all(plan([str(page) for page in pages]).partitions, folder / "staged")
    folders = [part.folder for part in parts]
    report = load_parts(Warehouse(folder), folders)
    with Warehouse(folder).reader() as con:
        return load_contents(con, report.load_id, folders)


def test_a_load_shows_its_lists_rejects_and_sources(tmp_path: Path) -> None:
    pages = [SAMPLES / page for page in PAGES]
    copy = tmp_path / "copy.txt"
    copy.write_bytes(pages[0].read_bytes())
    found = contents(tmp_path, copy, *pages)
    first, *_ = found.new_lists.to_dicts()
    assert found.new_lists["pages"].sort().to_list() == [1, 1, 2]  # two pages show one list
    assert isinstance(first["day"], date)
    assert first["time"] is None
    assert -30 < first["mean_c"] < 40
    (rejected,) = found.rejected_lines.to_dicts()
    assert rejected["reason"] == "cut_line"
    assert rejected["uri"].endswith(PAGES[2])
    assert found.sources["documents"].sum() == found.sources["lists"].sum() == 4
    assert found.sources["rejected"].sum() == 1

    again = contents(tmp_path, *pages[1:])
    assert again.new_lists.is_empty()
    assert again.rejected_lines.height == 1
    assert again.sources["documents"].sum() == 2
