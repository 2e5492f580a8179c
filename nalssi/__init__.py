"""nalssi (날씨): dated regional weather out of the tickers that Korean news sites print.

From Python, what the commands do, without a flow:

    import nalssi

    page = nalssi.parse_text(text)         # a page's tickers
    page.readings, page.rejects            # polars frames

    weather = nalssi.load("pages/")        # sources, into a warehouse
    weather = nalssi.open()                # a warehouse, to read
    weather.query("FROM latest_readings WHERE region_id = $region", region=1)
    weather.chart("map").save("today.png")

Importing nalssi costs nothing: what these need is imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nalssi.api import Page, Picture, Weather, load, open, parse_text
    from nalssi.common.version import __version__

__all__ = ["Page", "Picture", "Weather", "__version__", "load", "open", "parse_text"]


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
