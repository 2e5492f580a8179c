"""The command `nalssi gallery`: draw the charts and build the static site of a warehouse."""

from __future__ import annotations

from nalssi.charts.picture_days import PICTURE_DAYS
from nalssi.cli.app import app
from nalssi.cli.flow_runs import print_result, run_flow
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import (
    GalleryLanguagesOption,
    PictureDaysOption,
    SiteUrlOption,
    VerboseOption,
    WarehouseOption,
)


@app.command()
@expand_option_groups
def gallery(
    warehouse: WarehouseOption,
    lang: GalleryLanguagesOption = ("ko",),
    site_url: SiteUrlOption = None,
    picture_days: PictureDaysOption = PICTURE_DAYS,
    verbose: VerboseOption = False,
) -> None:
    """Draw the charts and build the gallery of the warehouse, as a Prefect flow."""
    result = run_flow(
        "gallery",
        verbose,
        warehouse=warehouse.absolute(),
        lang=lang,
        site_url=site_url,
        picture_days=picture_days,
    )
    print_result(result, warehouse)
