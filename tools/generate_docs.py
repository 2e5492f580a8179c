"""Write the generated parts of the documentation: `make docs`.

These are the data dictionary, the command line reference, the list of modules, the tables of source
formats, of thresholds and of the doctor's checks, values of constants (`stated_values`), and the
pictures of the READMEs, which are drawn from the sample pages. A picture is rewritten only if its
pixels change, because the file also holds the version of the code that drew it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

import nalssi
from nalssi.common.paths import CHECKOUT, SAMPLES
from tools import (
    cli_reference,
    doctor_table,
    module_map,
    source_formats,
    stated_values,
    thresholds_table,
)
from tools.data_dictionary import PAGE, dictionary

IMAGES = CHECKOUT / "docs" / "images"
CHRISTMAS = date(2025, 12, 25)


def main() -> None:
    """Write every generated part of the docs."""
    cli_reference.PAGE.write_text(cli_reference.cli_reference(), encoding="utf-8")
    PAGE.write_text(dictionary(), encoding="utf-8")
    module_map.PAGE.write_text(module_map.module_map(), encoding="utf-8")
    for table in (source_formats, thresholds_table, doctor_table):
        _update(table.PAGE, table.updated_page)
    for page in stated_values.pages():
        _update(page, stated_values.updated_page)
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        weather = nalssi.load(SAMPLES, into=Path(folder))
        for lang in ("en", "ko"):
            for name, kind in (("regional-temperatures", "regions"), ("map", "map")):
                picture = weather.chart(kind, since=CHRISTMAS, until=CHRISTMAS, lang=lang)
                _save(picture, f"{name}.{lang}.png")
            pass_and_coast = weather.chart("comparison", station=100, with_station=105, lang=lang)
            _save(pass_and_coast, f"pass-and-coast.{lang}.png")


def _update(page: Path, updated: Callable[[str], str]) -> None:
    page.write_text(updated(page.read_text(encoding="utf-8")), encoding="utf-8")


def _save(picture: nalssi.Picture, name: str) -> None:
    path = IMAGES / name
    if not (path.exists() and _pixels(path) == _pixels(picture.formats["png"])):
        picture.save(path)


def _pixels(png: Path | bytes) -> tuple[tuple[int, int], bytes]:
    """Return the size (width, height) and the pixels of a picture, given as a file or as PNG bytes.

    Pictures with equal pixels are equal, whatever the texts in their files.
    """
    with Image.open(BytesIO(png) if isinstance(png, bytes) else png) as image:
        return image.size, image.convert("RGBA").tobytes()


if __name__ == "__main__":
    main()
