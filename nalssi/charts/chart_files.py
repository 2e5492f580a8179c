"""Remove the files of charts that the warehouse no longer has data for, or no longer draws."""

from __future__ import annotations

from pathlib import Path

import duckdb

from nalssi.charts.chart_kinds import KINDS
from nalssi.charts.chart_names import LISTS, snapshot_file_stem
from nalssi.charts.chart_readings import drawable_snapshots
from nalssi.charts.day_units import Units
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.picture_formats import IMAGE_FORMATS
from nalssi.common.atomic_files import remove_stale_temporary_files
from nalssi.locale.locales import LOCALES


def remove_stale_charts(
    con: duckdb.DuckDBPyConnection, folder: Path, units: Units, options: DrawOptions
) -> int:
    """Remove charts of days and lists that the warehouse no longer has. Return the number of files.

    Also removes charts of days older than the newest days that the options keep
    (`DrawOptions.newest_days`), charts that hourly runs do not draw yet for a day
    (`DrawOptions.draws`), charts of single lists that older versions wrote beside those of days,
    and temporary files of killed runs. Temporary files are not counted.
    """
    days = list(units.days)
    if options.newest_days:
        days = days[-options.newest_days :]
    removed = 0
    folders_of_lists = []
    for name, kind in KINDS.items():
        remove_stale_temporary_files(folder / name)
        if kind.per_snapshot:
            own = {str(day) for day in days if options.draws(name, day)}
            removed += _remove_others(folder / name, own)
            folders_of_lists.append(folder / name / LISTS)
    if existing := [lists for lists in folders_of_lists if lists.is_dir()]:
        drawable = drawable_snapshots(con).items()
        stems = {snapshot_file_stem(*each).removeprefix(LISTS) for each in drawable}
        for lists in existing:
            remove_stale_temporary_files(lists)
            removed += _remove_others(lists, stems)
    return removed


def remove_charts(folder: Path, name: str) -> int:
    """Remove the files of a chart in all languages and formats. Return the number of files.

    `name` is the kind and the file stem, such as `change/2026-11-29`.
    """
    kind, _, stem = name.partition("/")
    removed = 0
    for lang in LOCALES:
        for form in IMAGE_FORMATS:
            path = folder / kind / f"{stem}.{lang}.{form}"
            if path.exists():
                path.unlink()
                removed += 1
    return removed


def remove_stale_day_charts(folder: Path, days: set[str], options: DrawOptions) -> int:
    """Remove charts of the kind `day` that can no longer be drawn. Return the number of files.

    A day has such a chart only if its lists have two or more clock times. `days` are the days that
    have one now, such as `2026-11-29`. Files of days or stations that the options do not select are
    kept.
    """
    selected = options.reading_filter
    removed = 0
    for path in (folder / "day").glob("[!.]*"):
        day, _, rest = path.name.partition(".")
        of_selection = {f"{selected.file_suffix}.{lang}" for lang in LOCALES}
        if (
            day not in days
            and f".{rest}".rpartition(".")[0] in of_selection
            and str(selected.since or "") <= day
            and (selected.until is None or day <= str(selected.until))
        ):
            path.unlink()
            removed += 1
    return removed


def _remove_others(folder: Path, stems: set[str]) -> int:
    """Remove the charts in a folder whose file stem is not in `stems`. Return the number of files.

    The file stem is the part of the file name before the first dot.
    """
    removed = 0
    for path in folder.glob("[!.]*.*.*"):
        if path.name.partition(".")[0] not in stems:
            path.unlink()
            removed += 1
    return removed
