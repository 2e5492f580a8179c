"""A digest of the code that decides how the gallery looks."""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

from nalssi.common.code_digest import add_modules

GALLERY: Final = Path(__file__).parent
CODE: Final = ("gallery/*.py", "charts/*.py", "common/*.py", "locale/*.py")
"""Modules below `nalssi` from which pages take values. Style sheet and scripts are not listed:
their paths contain a digest of their content, so a page changes when they change."""


QUERIES: Final = (
    "gallery/*.sql",
    "charts/*.sql",
    "warehouse/views/*.sql",
    "warehouse/macros/*.sql",
)
"""Queries below `nalssi` that read what pages show."""


@cache
def code_version() -> str:
    """Return a digest of the code and templates of all pages.

    Comments and the layout of Python code are ignored, so that editing them rewrites no page.
    """
    digest = blake2b(digest_size=8)
    add_modules(digest, GALLERY.parent, CODE)
    for query in sorted(each for folder in QUERIES for each in GALLERY.parent.glob(folder)):
        digest.update(_without(r"--.*", query))
    for template in sorted((GALLERY / "templates").glob("*.html")):
        digest.update(_without(r"(?s)\{#.*?#\}", template))
    digest.update(version("jinja2").encode())
    return digest.hexdigest()


def _without(comments: str, file: Path) -> bytes:
    """Return the name and the text of a file, after removing its comments.

    `comments` is a regular expression that matches a comment.
    """
    return f"{file.name}\n{re.sub(comments, '', file.read_text(encoding='utf-8'))}".encode()
