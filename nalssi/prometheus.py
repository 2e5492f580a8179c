"""The status of a warehouse as metrics of Prometheus, for the textfile collector of node_exporter.

The format is Prometheus' text format 0.0.4: `# HELP` and `# TYPE` lines, then samples. Names have
units (`_seconds`, `_bytes`). Instants are Unix times in seconds, from which Prometheus computes
ages. A fact that is unknown has no sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, get_args

from nalssi.capture.source_health import SourceHealth, State
from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files
from nalssi.common.korea_time import KST
from nalssi.status import Status

Labels = Mapping[str, str]
STATES: Final[tuple[str, ...]] = get_args(State)
_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True)
class Metric:
    """A gauge: its name, its help text, and its samples (labels by name, value)."""

    name: str
    help: str
    samples: list[tuple[Labels, float]] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the metric in the text format; no line if it has no sample."""
        if not self.samples:
            return
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} gauge"
        for labels, value in self.samples:
            shown = ",".join(
                f'{name}="{text.translate(_ESCAPES)}"' for name, text in labels.items()
            )
            yield f"{self.name}{{{shown}}} {value!r}" if shown else f"{self.name} {value!r}"


def write_metrics(status: Status, file: Path) -> None:
    """Write the metrics of a status to a file, in one step. Raises OSError if that fails."""
    remove_stale_temporary_files(file.parent)
    with atomic_write(file) as partial:
        partial.write_text(metrics_text(status), encoding="utf-8")


def metrics_text(status: Status) -> str:
    """Return the metrics of a status in Prometheus' text format."""
    metrics = (*_warehouse(status), *_last_load(status.last_load or {}), *_sources(status.sources))
    return "".join(f"{line}\n" for metric in metrics for line in metric.lines())


def _warehouse(status: Status) -> Iterator[Metric]:
    """Yield the metrics of a status that are not about its newest load or its sources."""
    yield _single("status_timestamp_seconds", "When this file was written.", status.at)
    versions = {name: str(version) for name, version in status.versions.items() if version}
    yield Metric("nalssi_build_info", "Versions, as labels. The value is 1.", [(versions, 1)])
    yield _by("table", "rows", "Rows of a table.", status.rows)
    yield _by("verdict", "compared_snapshots", "Snapshots by verdict.", status.verdicts)
    yield _single(
        "first_day_timestamp_seconds", "Start of the first day with a list.", status.first_on
    )
    newest_at = None
    if status.newest_age_hours is not None:
        newest_at = status.at - timedelta(hours=status.newest_age_hours)
    newest = status.newest_snapshot or {}
    yield _single(
        "newest_snapshot_timestamp_seconds",
        "When the newest snapshot was observed or captured, or the end of its day.",
        newest_at,
    )
    stations = newest.get("station_count")
    yield _single("newest_snapshot_stations", "Stations of the newest snapshot.", stations)
    yield _single("pages_not_loaded", "Captured pages that are not loaded.", status.not_loaded)
    yield _by("part", "disk_used_bytes", "Size of a part of the folder.", status.bytes_on_disk)
    yield _single("disk_free_bytes", "Free space on the disk.", status.bytes_free)
    yield _single("problems", "Problems that `nalssi status` reports.", len(status.stale))
    yield _single("unended_runs", "Runs that never ended.", len(status.unended_runs))


def _last_load(load: Mapping[str, Any]) -> Iterator[Metric]:
    """Yield the metrics of the newest load: its times and counts. `load` is its row in `loads`."""
    for name, value in load.items():
        if isinstance(value, datetime):
            event = name.removesuffix("_at")
            yield _single(
                f"last_load_{event}_timestamp_seconds", f"When the newest load {event}.", value
            )
        elif isinstance(value, int) and name != "parser_version":
            what = name.replace("_", " ")
            yield _single(f"last_load_{name}", f"Count of the newest load: {what}.", value)


def _sources(sources: Iterable[SourceHealth]) -> Iterator[Metric]:
    """Yield the metrics of captured sources. Samples have the label `source`.

    The state of a source has a sample for each of STATES, with the label `state`.
    """
    state = Metric("nalssi_source_state", "1 for the state of a source, 0 for the other states.")
    tried = _empty("source_last_attempt_timestamp_seconds", "The last attempt to fetch a source.")
    got = _empty("source_last_success_timestamp_seconds", "The last success in fetching a source.")
    shown = _empty("source_stations", "Stations of the newest loaded list of a source.")
    usual = _empty("source_usual_stations", "The usual number of stations of a source.")
    since = _empty("source_same_list_since_timestamp_seconds", "Since when a source prints a list.")
    for source in sources:
        label = {"source": source.source}
        state.samples.extend(
            (label | {"state": each}, int(each == source.state)) for each in STATES
        )
        for metric, value in (
            (tried, source.tried_at),
            (got, source.got_at),
            (shown, source.stations),
            (usual, source.usual_stations),
            (since, source.same_since),
        ):
            metric.samples.extend(_sample(label, value))
    yield from (state, tried, got, shown, usual, since)


def _empty(name: str, text: str) -> Metric:
    return Metric(f"nalssi_{name}", text)


def _single(name: str, text: str, value: Any) -> Metric:
    """Return the metric `nalssi_NAME` with one sample without labels; no sample for the value None.

    `text` is the help text.
    """
    return Metric(f"nalssi_{name}", text, list(_sample({}, value)))


def _by(label: str, name: str, text: str, values: Mapping[str, int]) -> Metric:
    return Metric(f"nalssi_{name}", text, [({label: key}, n) for key, n in values.items()])


def _sample(labels: Labels, value: Any) -> Iterator[tuple[Labels, float]]:
    """Yield one sample with these labels and value; nothing if the value is None.

    A value that is an instant becomes its Unix time in seconds, a day the Unix time of its first
    moment in Korea.
    """
    if value is None:
        return
    if isinstance(value, datetime):
        yield labels, value.timestamp()
    elif hasattr(value, "toordinal"):
        yield labels, datetime.combine(value, time(), KST).timestamp()
    else:
        yield labels, value
