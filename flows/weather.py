"""The flows `weather`, `ingest`, `charts` and `gallery`.

A flow reads its parameters, runs the steps of `flows.weather_tasks`, and sets its final state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from prefect import flow, runtime

from flows.extract_partitions import ExtractionOptions
from flows.final_states import failure_message, final_state
from flows.flow_results import FlowResult
from flows.parameter_types import ChartKindParameter, FormatParameter, KindParameter
from flows.relative_paths import checked_warehouse
from flows.task_runners import Runner
from flows.weather_tasks import draw, draw_and_build_gallery, load_and_draw, load_tickers
from nalssi.charts.chart_kinds import GALLERY_KINDS
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.nothing_to_draw import NOTHING_TO_DRAW
from nalssi.charts.picture_days import picture_days as kept_picture_days
from nalssi.charts.picture_formats import GALLERY_FORMATS
from nalssi.common.site_address import site_address
from nalssi.gallery.code_version import code_version
from nalssi.locale.locales import Lang
from nalssi.sources import Options
from nalssi.warehouse import Warehouse


def prepare(warehouse: Path, **_: object) -> None:
    """Do work for a new warehouse that needs no server, while Prefect's server starts.

    It computes the digests of the code that draws charts and builds pages, which take half a
    second. A warehouse with charts and a gallery contains them.
    """
    folder = Warehouse(warehouse)
    if not folder.charts.exists() and not folder.gallery.exists():
        code_version()


def _run_name() -> str:
    """Return the name of a run with its sources, such as `weather of data/samples and 2 more`."""
    name, parameters = runtime.flow_run.flow_name, runtime.flow_run.parameters
    first, *more = parameters.get("sources") or [str(parameters["warehouse"])]
    return f"{name} of {first}" + (f" and {len(more)} more" if more else "")


@flow(flow_run_name=_run_name)
def weather(
    sources: list[str],
    warehouse: Path,
    kind: KindParameter | None = None,
    options: Options | None = None,
    runner: Runner = "local",
    dask_address: str | None = None,
    lang: Sequence[Lang] = ("ko",),
    formats: Sequence[FormatParameter] = GALLERY_FORMATS,
    kinds: Sequence[ChartKindParameter] = GALLERY_KINDS,
    site_url: str | None = None,
    picture_days: int | None = None,
) -> FlowResult:
    """Run the main job: load the tickers of `sources`, draw the charts, build the gallery.

    The gallery always has both languages.

    Args:
        sources: Files, folders, globs, web addresses and `s3://` objects to read.
        warehouse: Folder of the warehouse.
        kind: Format of all sources. Without it, the format of each file is detected.
        options: How sources are read, such as the column that has the text.
        runner: Where pages are read: on this machine, or on a Dask cluster.
        dask_address: Address of the Dask scheduler, such as `tcp://host:8786`.
        lang: Languages of the charts. The first one is that of the gallery's start page.
        formats: File formats of the charts. Pages of the gallery need only the default.
        kinds: Kinds of charts. Pages of the gallery need only the default.
        site_url: Address at which the gallery is published. Default: NALSSI_SITE_URL.
        picture_days: How many of the newest days keep picture files. Default: NALSSI_PICTURE_DAYS.
    """
    site = site_address(site_url)
    extraction = ExtractionOptions(kind, options, runner, dask_address)
    days = kept_picture_days(picture_days)
    drawing = DrawOptions(langs=lang, formats=formats, kinds=kinds, newest_days=days)
    return _end_load(load_and_draw(sources, warehouse, extraction, drawing, site))


@flow(flow_run_name=_run_name)
def ingest(
    sources: list[str],
    warehouse: Path,
    kind: KindParameter | None = None,
    options: Options | None = None,
    runner: Runner = "local",
    dask_address: str | None = None,
) -> FlowResult:
    """Load the tickers of `sources` into a warehouse.

    Args:
        sources: Files, folders, globs, web addresses and `s3://` objects to read.
        warehouse: Folder of the warehouse.
        kind: Format of all sources. Without it, the format of each file is detected.
        options: How sources are read, such as the column that has the text.
        runner: Where pages are read: on this machine, or on a Dask cluster.
        dask_address: Address of the Dask scheduler, such as `tcp://host:8786`.
    """
    extraction = ExtractionOptions(kind, options, runner, dask_address)
    result, _ = load_tickers(sources, warehouse, extraction)
    return _end_load(result)


@flow(flow_run_name=_run_name)
def charts(
    warehouse: Path,
    drawing: DrawOptions = DrawOptions(),  # noqa: B008  # it is immutable
) -> FlowResult:
    """Draw a warehouse's charts: all, or those of some days, of a region or of a station.

    Args:
        warehouse: Folder of the warehouse.
        drawing: Which charts to draw, in which languages and formats, and how they look.
    """
    drawn = draw(checked_warehouse(warehouse), drawing)
    result = FlowResult(
        str(runtime.flow_run.name),
        charts=drawn.paths,
        charts_drawn=drawn.drawn,
        omitted_charts=drawn.omitted_text,
        nothing_drawn=drawn.nothing,
    )
    return _end_drawing(result)


@flow(flow_run_name=_run_name)
def gallery(
    warehouse: Path,
    lang: Sequence[Lang] = ("ko",),
    site_url: str | None = None,
    picture_days: int | None = None,
) -> FlowResult:
    """Draw a warehouse's charts in both languages, and build the gallery that shows them.

    Args:
        warehouse: Folder of the warehouse.
        lang: Languages of the charts. The first one is that of the gallery's start page.
        site_url: Address at which the gallery is published. Default: NALSSI_SITE_URL.
        picture_days: How many of the newest days keep picture files. Default: NALSSI_PICTURE_DAYS.
    """
    site = site_address(site_url)
    result = FlowResult(str(runtime.flow_run.name))
    drawing = DrawOptions(
        langs=lang,
        formats=GALLERY_FORMATS,
        kinds=GALLERY_KINDS,
        newest_days=kept_picture_days(picture_days),
    )
    return _end_drawing(draw_and_build_gallery(result, checked_warehouse(warehouse), drawing, site))


def _end_load(result: FlowResult) -> FlowResult:
    """Return the result of a run that loads tickers, with its final state (`final_state`).

    The run fails if it found no ticker.
    """
    if not result.found_tickers and not result.problems:
        result = replace(result, problems=["no source was named"])
    message = result.unread
    if not result.found_tickers:
        message = failure_message(result.problems, result.unread)
    return final_state(result, result.problems, used=result.found_tickers, message=message)


def _end_drawing(result: FlowResult) -> FlowResult:
    """Return the result of a run that only draws, with its final state (`final_state`).

    The run fails if there is no chart.
    """
    nothing = result.nothing_drawn or f"{NOTHING_TO_DRAW}: {result.omitted_charts}"
    problems = [] if result.charts else [nothing]
    result = replace(result, problems=problems)
    return final_state(result, problems, used=False, message="".join(problems))
