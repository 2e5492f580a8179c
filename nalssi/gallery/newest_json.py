"""The newest list as a file for programs: `newest.json`, with its JSON Schema.

The schema is `static/newest.schema.json`; it explains every member. The file depends on the data
only, not on the time of the build. Invisible characters of names are spelled out, as in the CSV
files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from nalssi.common.korea_time import KST
from nalssi.common.safe_text import safe_text
from nalssi.common.site_address import SiteAddress
from nalssi.gallery.day_links import day_path, undated_path
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.newest_list import NewestList
from nalssi.gallery.site_files import SiteFile, content_file
from nalssi.gallery.stylesheet import STATIC
from nalssi.locale.locales import LOCALES

NEWEST: Final = "newest.json"
SCHEMA: Final = "newest.schema.json"
LICENCE: Final = "https://www.kogl.or.kr/info/license.do"
"""The address of KOGL, the licence of KMA's public data. To our knowledge it is type 1, which
requires attribution."""


def newest_json_files(newest: NewestList | None, site: SiteAddress | None) -> Iterator[SiteFile]:
    """Yield the JSON Schema, then the file with the newest list, as files of the gallery."""
    yield content_file(SCHEMA, (STATIC / SCHEMA).read_bytes())
    yield content_file(NEWEST, newest_json(newest, site))


def newest_json(newest: NewestList | None, site: SiteAddress | None) -> bytes:
    """Return the newest list as JSON. Temperatures are numbers with one decimal (°C).

    If `newest` is None, the JSON has no list and no readings.
    """
    content: dict[str, Any] = {
        "$schema": site.of(SCHEMA) if site else SCHEMA,
        "attribution_ko": LOCALES["ko"].charts.source,
        "attribution_en": LOCALES["en"].charts.source,
        "licence": LICENCE,
        "list": newest and _list(newest, site),
        "readings": [_reading(row) for row in newest.readings if row["usable"]] if newest else [],
        "excluded": [_excluded(row) for row in newest.readings if not row["usable"]]
        if newest
        else [],
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _list(newest: NewestList, site: SiteAddress | None) -> dict[str, Any]:
    time = newest.time
    page = day_path(time.day) if time.day else undated_path(newest.snapshot_id)
    return {
        "id": newest.snapshot_id,
        "day": time.day.isoformat() if time.day else None,
        "observed_at": None if time.is_captured else _korean(time.clock_at),
        "hour_source": None if time.is_captured else time.clock_source,
        "clock_at": _korean(time.clock_at),
        "clock_source": time.clock_source,
        "not_before": _korean(newest.not_before),
        "not_after": _korean(newest.not_after),
        "first_captured_at": _korean(newest.first_captured_at),
        "last_captured_at": _korean(newest.last_captured_at),
        "sites": [safe_text(site) for site in newest.sites],
        "station_count": len(newest.readings),
        "page": site.of(page) if site else page,
    }


def _reading(row: Row) -> dict[str, Any]:
    return {
        "station_id": row["station_id"],
        "name_ko": _visible(row["name_ko"]),
        "name_en": _visible(row["name_en"]),
        "region_id": row["region_id"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "temperature_c": None if row["temperature_c"] is None else round(row["temperature_c"], 1),
        "condition": row["condition"],
        "condition_ko": _visible(row["condition_ko"]),
        "condition_en": _visible(row["condition_en"]),
        "flag": row["flag"],
    }


def _excluded(row: Row) -> dict[str, Any]:
    """Return an excluded reading as JSON: the members of `_reading`, and the reasons for exclusion.

    In each language, the reasons are the names of the failed checks. If no check failed, the reason
    is the name of the flag.
    """
    reasons = {
        f"reasons_{lang}": [locale.check(name) for name in row["failed"]]
        or [locale.flag(row["flag"])]
        for lang, locale in LOCALES.items()
    }
    return _reading(row) | {"failed": list(row["failed"])} | reasons


def _korean(instant: datetime | None) -> str | None:
    return instant.astimezone(KST).isoformat() if instant else None


def _visible(text: str | None) -> str | None:
    return None if text is None else safe_text(text)
