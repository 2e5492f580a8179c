"""The CSV files of earlier days: one ZIP archive for each month, with a file for each day.

A day's readings take 0.3 MB as CSV and a twelfth of that in an archive. The newest days
(OWN_CSV_DAYS) have CSV files of their own; `nalssi.gallery.csv_tables` writes both. With each new
day, one day goes into the archive of its month. Archives of the same content have the same bytes.

NALSSI_ARCHIVE_MONTHS limits how many months have archives; by default, all have one. Archives that
are no longer kept can be made again: they come from the database.

The comment of an entry is a digest of what the file depends on. An archive that is made again keeps
the files of unchanged days, so that their readings are not read. If all changed days come after
them, they are not compressed again either.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Final

import polars as pl

from nalssi.charts.day_units import Unit
from nalssi.gallery.code_version import code_version
from nalssi.gallery.csv_tables import readings_csv
from nalssi.gallery.day_reader import DayLists, DayReader
from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.site_files import SiteFile

OWN_CSV_DAYS: Final = 31
"""The number of days, up to the newest day with a list, that have CSV files of their own."""
ARCHIVE_MONTHS_VARIABLE: Final = "NALSSI_ARCHIVE_MONTHS"
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every entry in an archive: the earliest that the ZIP format can have."""
DAMAGE: Final = (
    OSError, EOFError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
"""The errors that `zipfile` raises for an archive that is missing or damaged."""
READABLE: Final = 0o644 << 16
"""The file attributes of every entry in an archive: everybody can read the unpacked file."""


def archive_months() -> int | None:
    """Return how many months before the newest one have archives; None for all of them.

    Raises ValueError if the environment variable NALSSI_ARCHIVE_MONTHS is not a number.
    """
    given = os.environ.get(ARCHIVE_MONTHS_VARIABLE)
    if not given:
        return None
    if not given.isascii() or not given.isdecimal():
        raise ValueError(f"{ARCHIVE_MONTHS_VARIABLE} {given!r} is not a number of months")
    return int(given)


def has_own_csv(day: date | None, newest: date | None) -> bool:
    """Return whether a day has a CSV file of its own: it is one of the last OWN_CSV_DAYS days.

    An undated list, whose day is None, has one, too.

    `newest` is the newest day with a list, which is the last one of them.
    """
    return day is None or newest is None or newest - day < timedelta(days=OWN_CSV_DAYS)


def archive_path(day: date | None, newest: date | None) -> str | None:
    """Return the path of the archive with the CSV file of a day.

    Return None if the day has a CSV file of its own. `newest` is the newest day with a list.
    """
    kept = archive_months()
    if day is None or newest is None or has_own_csv(day, newest):
        return None
    if kept is not None and _month(newest) - _month(day) > kept:
        return None
    return f"data/dates/{day:%Y-%m}.zip"


def _month(day: date) -> int:
    return day.year * 12 + day.month


def day_csv(lists: DayLists) -> bytes:
    """Return the readings of all lists of a day, or of an undated list, as CSV."""
    return readings_csv(pl.concat([each.readings for each in lists.read()]))


def day_csv_key(lists: DayLists) -> str:
    """Return a digest that changes whenever the result of `day_csv` changes."""
    return input_digest((code_version(), lists))


def month_archives(days: Iterable[Unit], reader: DayReader, site: Path) -> Iterator[SiteFile]:
    """Yield the archives of the months of some days, in order.

    `days` has all days of these months; those with CSV files of their own are in no archive. `site`
    is the folder of the gallery, with the archives of the last build.
    """
    newest = reader.units.newest_day

    def path(unit: Unit) -> str:
        return archive_path(unit.day, newest) or ""

    for name, of_month in groupby(days, key=path):
        if name:
            units = list(of_month)
            keys = {unit.name: day_csv_key(DayLists(unit, reader)) for unit in units}
            content = partial(_archive, site / name, units, keys, reader)
            yield SiteFile(name, input_digest(keys), content)


def _archive(
    before: Path, units: Sequence[Unit], keys: Mapping[str, str], reader: DayReader
) -> bytes:
    """Return the ZIP archive of some days, with the CSV file of each.

    `before` is the path of the archive of the last build, which may not exist. `keys` has the
    `day_csv_key` of each day, by the name of its unit. A file of the last archive is used again if
    its key is the same. Other files are made from the lists that `reader` reads.
    """
    entries = _entries(before)
    files = {name: content for name, (key, content) in entries.items() if key == keys.get(name)}
    kept = len(files)
    is_beginning = list(entries) == list(files) == [unit.name for unit in units[:kept]]
    buffer = BytesIO(before.read_bytes() if is_beginning and kept else b"")
    for group in reader.spans([unit for unit in units if unit.name not in files]):
        reader.read(group)
        files |= {unit.name: day_csv(DayLists(unit, reader)) for unit in group}
    with zipfile.ZipFile(buffer, "a") as archive:
        for unit in units[kept:] if is_beginning else units:
            entry = zipfile.ZipInfo(f"{unit.name}.csv", EPOCH)
            entry.comment = keys[unit.name].encode()
            entry.external_attr = READABLE
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, files[unit.name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _entries(archive: Path) -> Mapping[str, tuple[str, bytes]]:
    """Return the key and the content of each CSV file in an archive, by day.

    The result is empty if the archive is missing or damaged.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            return {
                entry.filename.removesuffix(".csv"): (
                    entry.comment.decode("ascii", "replace"),
                    opened.read(entry),
                )
                for entry in opened.infolist()
            }
    except DAMAGE:
        return {}
