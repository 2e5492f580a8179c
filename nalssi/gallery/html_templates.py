"""The environment of the Jinja templates: escaping, and functions that format values.

Templates write values with `{{ }}`, which escapes them and replaces invisible characters by escape
sequences. No template marks a value as safe. An address becomes a link only if it is http or https.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nalssi.common.safe_text import safe_text
from nalssi.gallery.compiled_templates import CompiledTemplates
from nalssi.gallery.embed_code import frame_code
from nalssi.gallery.public_links import links_to
from nalssi.gallery.stylesheet import color_class

TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the Jinja environment of all templates. Using an undefined variable is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_with_visible_characters,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=CompiledTemplates(),
    )
    made.filters |= {
        "degrees": degrees,
        "change": change,
        "color_class": color_class,
        "link": links_to,
    }
    made.tests["observed"] = has_weather
    made.globals["frame_code"] = frame_code
    return made


def degrees(temperature_c: float, decimals: int = 1) -> str:
    """Format a temperature in °C with a true minus sign (U+2212). Zero is never negative."""
    return f"{round(temperature_c, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def change(change_c: float) -> str:
    """Format a change in °C with its sign and one decimal. A change of zero has no sign."""
    rounded = round(change_c, 1) + 0.0
    return f"{rounded:+.1f}".replace("-", "−") if rounded else "0.0"


def has_weather(row: Mapping[str, Any]) -> bool:
    """Return whether the weather of a reading was observed. If a list prints `-`, it was not.

    `row` has `condition_ko`, the printed word.
    """
    return row["condition_ko"] not in (None, "-")


def _with_visible_characters(value: Any) -> Any:
    """Replace invisible characters by escape sequences, except in markup from a macro.

    A macro has already done so for the values that it writes.
    """
    return safe_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value
