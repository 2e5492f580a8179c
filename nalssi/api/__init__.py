"""The Python interface for notebooks and scripts: everything that `import nalssi` offers.

It calls the other packages and has no logic of its own. No other package uses it.
"""

from nalssi.api.pages import Page, parse_text, parse_texts
from nalssi.api.pictures import Picture, draw
from nalssi.api.weather import Weather, load, open
from nalssi.common.paths import SAMPLES

__all__ = [
    "SAMPLES",
    "Page",
    "Picture",
    "Weather",
    "draw",
    "load",
    "open",
    "parse_text",
    "parse_texts",
]
