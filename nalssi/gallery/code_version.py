"""A digest of the code that decides how the gallery looks.

The digest ignores comments and the layout of code, so that editing them rewrites no page. Computing
it takes most of a second. So a build stores it in the gallery together with `source_digest`, a
digest of the bytes of the source files, which takes a few milliseconds. The next build computes the
slow digest again only if the fast one has changed.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

from nalssi.charts import chart_code
from nalssi.common.code_digest import add_modules
from schemas.vocabulary import REFERENCE

GALLERY: Final = Path(__file__).parent
CODE: Final = ("gallery/*.py", "common/*.py", "locale/*.py")
"""Glob patterns, relative to `nalssi`, of the modules from which pages take values. Those of charts
have a digest of their own (`charts.chart_code`). Style sheet and scripts are not listed: their
paths contain a digest of their content, so a page changes when they change."""

QUERIES: Final = (
    "gallery/*.sql",
    "charts/*.sql",
    "warehouse/views/*.sql",
    "warehouse/macros/*.sql",
)
"""Glob patterns, relative to `nalssi`, of the queries that read the data of pages."""
OTHER_FILES: Final = ("gallery/templates/*", "gallery/static/*")
"""Glob patterns, relative to `nalssi`, of other files that decide how the gallery looks."""

_known_versions: Final[dict[str, str]] = {}
"""Values of `code_version` that this process knows. The key is the `source_digest`, a fast digest
of the source files, for which the value was computed."""


@cache
def source_digest() -> str:
    """Return a digest of the bytes of all files that decide how the gallery looks.

    It also covers the version of each library. It changes whenever `code_version` changes.
    """
    nalssi = GALLERY.parent
    patterns = (*CODE, *QUERIES, *OTHER_FILES)
    files = [each for pattern in patterns for each in sorted(nalssi.glob(pattern))]
    digest = blake2b(chart_code.source_digest().encode(), digest_size=16)
    for file in (*files, *sorted(REFERENCE.iterdir())):
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    for library in ("jinja2", "markupsafe", "polars", "duckdb"):
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()


def remember_code_version(source: str, known: str) -> None:
    """Store a code version of an earlier build, so that `code_version` need not compute it.

    `source` is the `source_digest` at that build, `known` its `code_version`.
    """
    _known_versions[source] = known


def code_version() -> str:
    """Return a digest of the code, queries and templates of all pages. It is part of their keys."""
    source = source_digest()
    if source not in _known_versions:
        _known_versions[source] = _code_version()
    return _known_versions[source]


def _code_version() -> str:
    digest = blake2b(digest_size=8)
    add_modules(digest, GALLERY.parent, CODE)
    digest.update(chart_code.code_digest().encode())
    for query in sorted(each for folder in QUERIES for each in GALLERY.parent.glob(folder)):
        digest.update(_without(r"--.*", query))
    for template in sorted((GALLERY / "templates").glob("*.html")):
        digest.update(_without(r"(?s)\{#.*?#\}", template))
    digest.update(version("jinja2").encode())
    return digest.hexdigest()


def _without(comments: str, file: Path) -> bytes:
    """Return the name and the text of a file without its comments, as bytes for a digest.

    `comments` is a regular expression that matches a comment.
    """
    return f"{file.name}\n{re.sub(comments, '', file.read_text(encoding='utf-8'))}".encode()
