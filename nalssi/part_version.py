"""The version of a staged part: a digest of all that its content depends on, beside its source.

The digest covers the code of `nalssi.sources` and `nalssi.ticker` (syntax trees without docstrings,
so comments and formatting do not count), `schemas/temperature_limits.py` and the reference data
(stations, conditions). A change to any of them makes new parts, and nobody has to remember to
raise a number.

`python -m nalssi.part_version` prints the grammar's version and digest, which the tests keep in
`tests/ticker/grammar.json`: see `GRAMMAR`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

from nalssi.common.code_digest import add_modules
from nalssi.ticker.extraction import PARSER_VERSION
from schemas.vocabulary import REFERENCE

_PACKAGE = Path(__file__).resolve().parent
_FACTS = ("stations.csv", "stations_history.csv", "conditions.csv")

GRAMMAR = (
    "common/ids.py",
    "common/known_names.py",
    "common/text_spelling.py",
    "common/ticker_symbols.py",
    "ticker/**/*.py",
)
"""Modules that decide what a document's text says. When they change, `PARSER_VERSION` has to be
raised, for only then does a load replace what the warehouse has of documents that it knows."""


@cache
def part_version() -> str:
    """`v`, the grammar's version, and the digest: computed once a process, in about 0.1 s."""
    return f"v{PARSER_VERSION}-{digest(('sources/**/*.py', *GRAMMAR))}"


def digest(patterns: Iterable[str]) -> str:
    """12 hex digits of the modules that match, the temperature limits and the reference data."""
    found = blake2b(digest_size=6)
    add_modules(found, _PACKAGE, patterns, ignored_names=("PARSER_VERSION",))
    add_modules(found, REFERENCE.parent, ("temperature_limits.py",))
    for name in _FACTS:
        found.update((REFERENCE / name).read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()


if __name__ == "__main__":
    grammar = {"parser_version": PARSER_VERSION, "digest": digest(GRAMMAR)}
    print(json.dumps(grammar))
