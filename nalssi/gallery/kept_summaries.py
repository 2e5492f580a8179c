"""Keep the statistics of units (days and undated lists) between builds.

The file `.days` has those of the newest year and of undated lists, `.days-past` those of earlier
years, so that a new day rewrites a small file. A file is a zip archive with a Parquet file for each
frame. It is only a cache: if it is missing, damaged, or of another version of the code, the
statistics are computed again. The file also has a digest of each unit; a unit whose digest in the
warehouse differs is computed again.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from nalssi.gallery.day_summaries import FRAMES, DaySummaries, empty_frame
from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.site_files import SiteFile

RECENT_FILE: Final = ".days"
PAST_FILE: Final = ".days-past"
KEPT_FILES: Final = (PAST_FILE, RECENT_FILE)
_DIGESTS: Final = "digests.json"
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The time of all members of the archive. It is fixed, so that equal statistics give equal
bytes."""


def read_summaries(folder: Path, version: str) -> DaySummaries:
    """Read the statistics of the last build. Statistics that cannot be used are omitted.

    `folder` is the folder of the gallery. `version` is a digest of the code that computes
    statistics.
    """
    digests: dict[str, str] = {}
    frames: dict[str, list[bytes]] = {}
    for name in KEPT_FILES:
        if own := _read(folder / name, version):
            digests |= own[0]
            for frame, content in own[1].items():
                frames.setdefault(frame, []).append(content)
    return DaySummaries(digests, frames)


def _read(file: Path, version: str) -> tuple[Mapping[str, str], Mapping[str, bytes]] | None:
    """Return the digests of units and the frames of statistics in a file, each by name.

    Returns None if the file cannot be used, or if another version of the code wrote it.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.comment != version.encode():
                return None
            digests = json.loads(archive.read(_DIGESTS))
            frames = {name: archive.read(name) for name in FRAMES}
            schemas = {name: pl.read_parquet_schema(own) for name, own in frames.items()}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, pl.exceptions.PolarsError):
        return None
    if any(schema != empty_frame(name).schema for name, schema in schemas.items()):
        return None
    return digests, frames


def summaries_files(summaries: DaySummaries, version: str) -> Iterator[SiteFile]:
    """Yield the files with the statistics of all units, as files of the gallery.

    `version` is a digest of the code that computes them.
    """
    year = max((name[:4] for name in summaries.digests if _is_day(name)), default="")
    divided: dict[str, dict[str, str]] = {PAST_FILE: {}, RECENT_FILE: {}}
    for name, own in sorted(summaries.digests.items()):
        is_past = _is_day(name) and name < year
        divided[PAST_FILE if is_past else RECENT_FILE][name] = own
    past = (pl.col("unit").str.len_bytes() == _DAY) & (pl.col("unit") < year)
    for file, rows in ((PAST_FILE, past), (RECENT_FILE, ~past)):
        digests = divided[file]
        key = input_digest((version, list(digests), list(digests.values())))
        yield SiteFile(file, key, partial(_archived, summaries, digests, rows, version))


_DAY: Final = len("2026-11-29")


def _is_day(unit: str) -> bool:
    """Return whether the name of a unit is a day. Otherwise it is the id of an undated list."""
    return len(unit) == _DAY


def _archived(
    summaries: DaySummaries, digests: Mapping[str, str], rows: pl.Expr, version: str
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = version.encode()
        archive.writestr(zipfile.ZipInfo(_DIGESTS, _LONG_AGO), json.dumps(digests))
        for name in FRAMES:
            content = io.BytesIO()
            # One chunk, so that equal statistics give equal bytes.
            frame = summaries.frame(name).filter(rows).rechunk()
            frame.write_parquet(content, compression="zstd")
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content.getvalue())
    return buffer.getvalue()
