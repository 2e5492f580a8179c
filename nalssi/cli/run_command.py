"""The command `nalssi run`: load tickers, draw the charts and build the gallery."""

from __future__ import annotations

from nalssi.charts.picture_days import PICTURE_DAYS
from nalssi.cli.app import app
from nalssi.cli.flow_runs import print_result, run_flow
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import (
    GalleryLanguagesOption,
    KindOption,
    PictureDaysOption,
    SiteUrlOption,
    SkippedFileOption,
    SourceArguments,
    VerboseOption,
    WarehouseOption,
)
from nalssi.cli.skipped_files import check_writable, write_skipped
from nalssi.common.paths import SAMPLES
from nalssi.sources.partition import NO_OPTIONS, Options


@app.command()
@expand_option_groups
def run(
    warehouse: WarehouseOption,
    sources: SourceArguments = [],  # noqa: B006  # typer copies it
    kind: KindOption = None,
    lang: GalleryLanguagesOption = ("ko",),
    site_url: SiteUrlOption = None,
    picture_days: PictureDaysOption = PICTURE_DAYS,
    options: Options = NO_OPTIONS,
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
        options=options,
        lang=lang,
        site_url=site_url,
        picture_days=picture_days,
    )
    write_skipped(result.skipped, skipped)
    print_result(result, warehouse, skipped)
