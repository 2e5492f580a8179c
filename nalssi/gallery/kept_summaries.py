"""Keep the statistics of units (days and undated lists) between builds, in the file `.days`.

The file is a zip archive with a Parquet file for each frame. It is only a cache: if it is missing,
damaged, or of another version of the code, the statistics are computed again. The file also has a
digest of each unit; a unit whose digest in the warehouse differs is computed again.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Final

import polars as pl

from nalssi.gallery.day_summaries import FRAMES, DaySummaries, empty_frame
from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.site_files import SiteFile

KEPT_FILE: Final = ".days"
_DIGESTS: Final = "digests.json"
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The time of all members of the archive. It is fixed, so that equal statistics give equal
bytes."""


def read_summaries(folder: Path, version: str) -> DaySummaries:
    """Read the statistics of the last build, or return empty ones if they cannot be used.

    `version` is a digest of the code that computes them.
    """
    try:
        with zipfile.ZipFile(folder / KEPT_FILE) as archive:
            if archive.comment != version.encode():
                return DaySummaries()
            digests = json.loads(archive.read(_DIGESTS))
            frames = {name: archive.read(name) for name in FRAMES}
            schemas = {name: pl.read_parquet_schema(own) for name, own in frames.items()}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, pl.exceptions.PolarsError):
        return DaySummaries()
    if any(schema != empty_frame(name).schema for name, schema in schemas.items()):
        return DaySummaries()
    return DaySummaries(digests, frames)


def summaries_file(summaries: DaySummaries, version: str) -> SiteFile:
    """Return the file with the statistics of all units, as a file of the gallery.

    `version` is a digest of the code that computes them.
    """
    digests = dict(sorted(summaries.digests.items()))
    key = input_digest((version, list(digests), list(digests.values())))
    return SiteFile(KEPT_FILE, key, lambda: _archived(summaries, digests, version))


def _archived(summaries: DaySummaries, digests: dict[str, str], version: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = version.encode()
        archive.writestr(zipfile.ZipInfo(_DIGESTS, _LONG_AGO), json.dumps(digests))
        for name in FRAMES:
            content = io.BytesIO()
            summaries.frame(name).write_parquet(content, compression="zstd")
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content.getvalue())
    return buffer.getvalue()
