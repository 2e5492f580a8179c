"""The command `nalssi run`: load tickers, draw the charts and build the gallery."""

from __future__ import annotations

from nalssi.cli.app import app
from nalssi.cli.flow_runs import print_result, run_flow
from nalssi.cli.options import (
    DateColumnOption,
    DateTimezoneOption,
    GalleryLanguagesOption,
    KindOption,
    Language,
    SkippedFileOption,
    SourceArguments,
    TextColumnOption,
    UrlColumnOption,
    VerboseOption,
    WarehouseOption,
    corpus_options,
)
from nalssi.cli.skipped_files import check_writable, write_skipped
from nalssi.common.paths import SAMPLES


@app.command()
def run(
    warehouse: WarehouseOption,
    sources: SourceArguments = [],  # noqa: B006  # typer copies it
    kind: KindOption = None,
    lang: GalleryLanguagesOption = [Language.ko],  # noqa: B006
    text_column: TextColumnOption = None,
    url_column: UrlColumnOption = None,
    date_column: DateColumnOption = None,
    date_timezone: DateTimezoneOption = None,
    skipped: SkippedFileOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Load tickers into the warehouse, draw the charts and build the gallery.

    This is the main job. It runs as a Prefect flow. Without SOURCE it loads the sample pages.
    """
    check_writable(skipped)
    result = run_flow(
        "weather",
        verbose,
        sources=sources or [str(SAMPLES)],
        warehouse=warehouse.absolute(),
        kind=kind,
        options=corpus_options(text_column, url_column, date_column, date_timezone),
        lang=[language.value for language in lang],
    )
    write_skipped(result.skipped, skipped)
    print_result(result, warehouse, skipped)
