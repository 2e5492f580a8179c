"""Make anew what the docs show of the product: `make docs`.

The data dictionary, and the pictures of the READMEs, drawn from the sample pages.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import nalssi
from nalssi.paths import CHECKOUT, SAMPLES
from nalssi.warehouse.dictionary import PAGE, dictionary

IMAGES = CHECKOUT / "docs" / "images"
CHRISTMAS = date(2025, 12, 25)


def main() -> None:
    """Write every generated part of the docs."""
    PAGE.write_text(dictionary(), encoding="utf-8")
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        weather = nalssi.load(SAMPLES, into=Path(folder))
        for lang in ("en", "ko"):
            for name, kind in (("regional-temperatures", "regions"), ("map", "map")):
                picture = weather.chart(kind, since=CHRISTMAS, until=CHRISTMAS, lang=lang)
                picture.save(IMAGES / f"{name}.{lang}.png")


if __name__ == "__main__":
    main()
