"""Plan charts: list the charts of a warehouse, with their files and with the key of each.

The key is a digest of a chart's data, of the options that change its look
(`DrawOptions.appearance`), and of the code, font and libraries that draw it. A chart's files
contain the key. If a file already contains the key of its chart, `draw` does not draw the chart
again.

For a chart of a day, the digest of the day (`day_units`) stands for its data in the key, so the
readings of a day are read only if its charts have to be drawn. For a chart of a period, the data
are read to compute the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import polars as pl

from nalssi.charts.chart_code import code_digest
from nalssi.charts.chart_kinds import KINDS, ChartInput
from nalssi.charts.chart_names import LISTS, day_file_stem
from nalssi.charts.day_units import Unit, Units
from nalssi.charts.draw_options import DrawOptions
from nalssi.locale.locales import Lang

KEY_WITHIN_BYTES: Final = 4096
"""A file contains the key of its chart within this number of bytes from its beginning."""

READINGS_IN_MEMORY: Final = 50_000
"""The largest number of readings that are in memory at a time. A single day may have more."""


@dataclass(frozen=True)
class PlannedChart:
    """A chart to draw: the arguments of its module's `figure`, the options, and the files to write.

    `snapshot_id` is None for a chart of a period. `key` must depend on everything that decides how
    the chart looks.
    """

    kind: str
    lang: Lang
    title: str
    snapshot_id: str | None
    files: Mapping[str, Path]  # by format
    key: str
    arguments: tuple[Any, ...]
    options: DrawOptions

    @property
    def label(self) -> str:
        """The title and the language, for progress and error messages."""
        return f"{self.title} ({self.lang})"

    def is_drawn(self) -> bool:
        """Return whether all files of this chart exist and contain its key."""
        return files_have_key(self.files.values(), self.key)


@dataclass(frozen=True)
class ExpectedChart:
    """A chart of a day whose data have not been read: its files and keys by language.

    `files` has a path for each file format, by language. `keys` are the keys that up-to-date files
    contain, by language.
    """

    name: str
    """The name of the chart without language, such as `change/2026-11-29`."""
    unit: Unit
    files: Mapping[Lang, Mapping[str, Path]]
    keys: Mapping[Lang, str]
    key: str
    """The key without a language. `omitted_charts` stores it for a chart that cannot be drawn,
    which depends on its data and not on the language."""

    @property
    def paths(self) -> Sequence[Path]:
        """The files in all languages and formats."""
        return [path for files in self.files.values() for path in files.values()]

    def is_drawn(self) -> bool:
        """Return whether all files of this chart exist and contain the key for their language."""
        return all(
            files_have_key(files.values(), self.keys[lang]) for lang, files in self.files.items()
        )


def files_have_key(files: Iterable[Path], key: str) -> bool:
    """Return whether all files exist and contain the key of their chart (`PlannedChart.key`)."""
    for path in files:
        try:
            with path.open("rb") as file:
                if key.encode() not in file.read(KEY_WITHIN_BYTES):
                    return False
        except FileNotFoundError:
            return False
    return True


def expected_charts(
    days: Sequence[Unit], folder: Path, options: DrawOptions
) -> Iterator[ExpectedChart]:
    """Yield the charts of days that the options select, whether their data can be drawn or not.

    `folder` has a subfolder for each kind of chart. Charts of single lists and of periods are not
    included.
    """
    for kind in options.kinds:
        if not KINDS[kind].per_snapshot:
            continue
        for unit in days:
            if unit.day and options.draws(kind, unit.day):
                stem = day_file_stem(unit.day)
                content = _content_of_unit(kind, unit)
                yield ExpectedChart(
                    f"{kind}/{stem}{options.reading_filter.file_suffix}",
                    unit,
                    {lang: _files(kind, stem, lang, folder, options) for lang in options.langs},
                    {lang: _key(kind, stem, lang, content, options) for lang in options.langs},
                    _key(kind, stem, "", content, options),
                )


def planned(
    kind: str, chart: ChartInput, units: Units, folder: Path, options: DrawOptions
) -> Iterator[PlannedChart]:
    """Yield the `PlannedChart` of a chart in each language of the options.

    `kind` is a key of KINDS. `folder` has a subfolder for each kind of chart.
    """
    if chart.snapshot_id is None:
        content = b"\0".join(_argument_bytes(each) for each in chart.arguments)
    else:
        time = chart.arguments[0].time
        unit = units.by_name[str(time.day) if time.day else chart.snapshot_id]
        content = _content_of_unit(kind, unit)
    for lang in options.langs:
        yield PlannedChart(
            kind,
            lang,
            f"{kind} {chart.file_stem.removeprefix(LISTS)}",
            chart.snapshot_id,
            _files(kind, chart.file_stem, lang, folder, options),
            _key(kind, chart.file_stem, lang, content, options),
            chart.arguments,
            options,
        )


def selected_days(units: Units, options: DrawOptions) -> Sequence[Unit]:
    """Return the days that the options select, in order.

    They are the days of the period, or only the newest of them if `newest_days` is set.
    """
    selected = options.reading_filter
    days = [
        unit
        for day, unit in units.days.items()
        if (selected.since is None or day >= selected.since)
        and (selected.until is None or day <= selected.until)
    ]
    return days[-options.newest_days :] if options.newest_days else days


def in_spans(days: Sequence[Unit], options: DrawOptions) -> Iterator[DrawOptions]:
    """Divide days into spans of at most READINGS_IN_MEMORY readings.

    Yield the options once for each span, with the first and the last day of the span as their
    period.
    """
    group: list[Unit] = []
    for unit in days:
        if group and sum(each.readings for each in group) + unit.readings > READINGS_IN_MEMORY:
            yield _of_days(group, options)
            group = []
        group.append(unit)
    if group:
        yield _of_days(group, options)


def _of_days(group: Sequence[Unit], options: DrawOptions) -> DrawOptions:
    period = replace(options.reading_filter, since=group[0].day, until=group[-1].day)
    return replace(options, reading_filter=period)


def _files(
    kind: str, stem: str, lang: Lang, folder: Path, options: DrawOptions
) -> Mapping[str, Path]:
    name = f"{stem}{options.reading_filter.file_suffix}.{lang}"
    return {form: folder / kind / f"{name}.{form}" for form in options.formats}


def _content_of_unit(kind: str, unit: Unit) -> bytes:
    return (unit.page_digest if KINDS[kind].compares else unit.digest).encode()


def _key(kind: str, stem: str, lang: str, content: bytes, options: DrawOptions) -> str:
    appearance = repr((options.appearance(), stem, options.reading_filter.file_suffix)).encode()
    parts = (code_digest().encode(), kind.encode(), lang.encode(), appearance, content)
    return blake2b(b"\0".join(parts), digest_size=16).hexdigest()


def _argument_bytes(argument: Any) -> bytes:
    """Return an argument of `figure` as bytes, for the key of the chart."""
    if isinstance(argument, pl.DataFrame):
        return argument.write_csv().encode()
    return repr(argument).encode()
