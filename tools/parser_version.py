"""Raise `PARSER_VERSION`, so that a load reads again the pages that a warehouse already has.

`make new-grammar` runs this, and records the new version with the digest of the grammar.
"""

from __future__ import annotations

import re

from nalssi.common.paths import CHECKOUT

MODULE = CHECKOUT / "nalssi" / "ticker" / "extraction.py"


def raised(source: str) -> str:
    """Return the source text of MODULE with `PARSER_VERSION` raised by one.

    Raises ValueError if the source does not set it exactly once.
    """
    text, found = re.subn(
        r"^(PARSER_VERSION = )(\d+)$",
        lambda version: f"{version[1]}{int(version[2]) + 1}",
        source,
        flags=re.MULTILINE,
    )
    if found != 1:
        raise ValueError(f"PARSER_VERSION is set {found} times")
    return text


if __name__ == "__main__":
    MODULE.write_text(raised(MODULE.read_text("utf-8")), "utf-8")
