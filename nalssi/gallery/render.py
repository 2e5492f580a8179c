"""From contexts to HTML: templates with autoescaping, and how values are written.

Whatever comes from data goes through `{{ }}`, which escapes it and spells out what is not seen; no
template marks anything as safe, and links to pages are made only where the address is http or
https.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nalssi.common.safe_text import safe_text
from nalssi.gallery.public_links import links_to
from nalssi.gallery.site_files import digest

HERE: Final = Path(__file__).parent
COLDEST_C, WARMEST_C = -30, 39
OTHER_CODE: Final = (
    "charts/chart_readings.py", "charts/chart_readings.sql", "charts/period_data.py",
    "charts/previous_snapshot.py", "charts/snapshot_data.py", "common/safe_text.py",
    "common/spreadsheet.py", "locale/*.py",
)  # fmt: skip
"""Files outside this package that decide how a page looks."""


@cache
def environment() -> Environment:
    """The templates, every value escaped, every missing one an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "degrees": degrees,
        "change": change,
        "shade": shade,
        "link": links_to,
    }
    made.tests["observed"] = observed
    return made


def _seen(value: Any) -> Any:
    """A value with nothing unseen in it; markup that a macro made has been through this."""
    return safe_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def code_version() -> bytes:
    """A digest of all that decides how a page looks, beside its data."""
    used = [*HERE.rglob("*.py"), *HERE.rglob("*.sql"), *HERE.rglob("*.html"), *HERE.rglob("*.css")]
    used += [*HERE.rglob("*.js"), *(f for name in OTHER_CODE for f in HERE.parent.glob(name))]
    texts = [file.read_bytes() for file in sorted(used)]
    return digest(*texts, version("jinja2").encode()).encode()


def degrees(temperature_c: float, decimals: int = 1) -> str:
    """A temperature with a true minus sign and never a negative zero."""
    return f"{round(temperature_c, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def change(change_c: float) -> str:
    """A change with its sign; no sign for none."""
    rounded = round(change_c, 1) + 0.0
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"


def shade(temperature_c: float) -> str:
    """The class that colours a temperature: of its whole degree, so that zero stays a border."""
    degree = min(max(math.floor(temperature_c), COLDEST_C), WARMEST_C)
    return f"t{degree}" if degree >= 0 else f"tm{-degree}"


def observed(row: Mapping[str, Any]) -> bool:
    """Whether a weather is printed: nothing is, or `-`, where none was observed."""
    return row["condition_ko"] not in (None, "-")


def stylesheet() -> bytes:
    """The style sheet with a class for every whole degree, in the charts' colours."""
    from matplotlib.colors import to_hex

    from nalssi.charts import color_scale

    rules = [(HERE / "static" / "site.css").read_text(encoding="utf-8"), "/* the scale */"]
    for degree in range(COLDEST_C, WARMEST_C + 1):
        rgba = color_scale.temperature_color(degree + 0.5)
        rules.append(
            f".{shade(degree)}{{--t:{to_hex(tuple(rgba))};--on:{color_scale.ink_on(rgba)}}}"
        )
    return "\n".join(rules).encode()
