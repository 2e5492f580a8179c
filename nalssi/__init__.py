"""nalssi (날씨) collects the weather tickers that Korean news sites print into a warehouse.

The Python interface does what the commands do, without Prefect:

    import nalssi

    page = nalssi.parse_text(text)         # the tickers of a page
    page.readings, page.rejects            # polars frames
    nalssi.draw("map", "page.html").save("map.png")    # a picture of a page

    weather = nalssi.load("pages/")        # load sources into a warehouse
    weather = nalssi.load(nalssi.SAMPLES)  # the sample pages that `nalssi run` loads
    weather = nalssi.open()                # open a warehouse for reading
    weather.readings(since="2025-12-01", station="Seoul", library="pandas")
    weather.named("heat-waves", at_least=3)            # `nalssi sql --list` has the names
    weather.query("FROM latest_readings WHERE region_id = $region", region=1)
    weather.export("readings.xlsx", "xlsx")
    weather.chart("map").save("today.png")

`import nalssi` imports no other library; a library is imported when it is first needed. The
implementation is in `nalssi.api`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nalssi.api import (
        SAMPLES,
        Page,
        Picture,
        Weather,
        draw,
        load,
        open,
        parse_text,
        parse_texts,
    )
    from nalssi.common.version import __version__

__all__ = [
    "SAMPLES",
    "Page",
    "Picture",
    "Weather",
    "__version__",
    "draw",
    "load",
    "open",
    "parse_text",
    "parse_texts",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'nalssi' has no attribute {name!r}")
    if name == "__version__":
        from nalssi.common import version

        return version.__version__
    from nalssi import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return __all__
