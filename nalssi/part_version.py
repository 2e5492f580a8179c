"""The version in the name of a part: a digest of the code and data that decide its content.

A part is named by the fingerprint of its partition and by this version. The fingerprint covers the
input and how it is read: content, format, address, rows and options. The version covers the code
that makes rows from a partition: the readers and decompression (`READERS`), the grammar
(`GRAMMAR`), the temperature limits and the reference data. If one of these changes, parts are made
again. The digest ignores comments, docstrings and layout, and code that only finds files and groups
them. A test keeps `READERS` and `GRAMMAR` complete: it follows the imports of the readers.

`python -m nalssi.part_version` prints the grammar's version and digest, which the tests keep in
`tests/ticker/grammar.json`.
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

PACKAGE = Path(__file__).resolve().parent
_REFERENCE_FILES = ("stations.csv", "stations_history.csv", "conditions.csv")

READERS = ("common/decompression.py", "common/korea_time.py", "sources/readers/**/*.py")
"""Modules that decide the text, the address and the capture time of a document."""

GRAMMAR = (
    "common/ids.py",
    "common/known_names.py",
    "common/text_spelling.py",
    "common/ticker_symbols.py",
    "ticker/**/*.py",
)
"""Modules that decide which readings, rejects, dates and ids a document's text gives.

If a change to them changes results, raise `PARSER_VERSION`: only then does a load replace the rows
of documents that the warehouse has already.
"""


@cache
def part_version() -> str:
    """Return the version in the names of parts: the grammar's version and a digest.

    It has the form `v6-` and 12 hex digits, and is computed once per process, in about 0.1 s.
    """
    return f"v{PARSER_VERSION}-{digest((*READERS, *GRAMMAR))}"


def digest(patterns: Iterable[str]) -> str:
    """Return a digest of code and data as 12 hex digits.

    It covers the modules that match `patterns` (relative to the package `nalssi`), except
    assignments to `PARSER_VERSION`, the temperature limits, and the reference data on stations and
    conditions.
    """
    found = blake2b(digest_size=6)
    add_modules(found, PACKAGE, patterns, ignored_names=("PARSER_VERSION",))
    add_modules(found, REFERENCE.parent, ("temperature_limits.py",))
    for name in _REFERENCE_FILES:
        found.update((REFERENCE / name).read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()


if __name__ == "__main__":
    grammar = {"parser_version": PARSER_VERSION, "digest": digest(GRAMMAR)}
    print(json.dumps(grammar))
