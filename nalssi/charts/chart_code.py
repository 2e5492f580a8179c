"""A digest of the code, data files and libraries that decide how charts look.

The digest ignores comments and the layout of code, so that editing them redraws no chart. Computing
it takes 0.2 s. So a run stores it in the file `.code.json` of the folder of charts, together with a
digest of the bytes of the source files, which takes a few milliseconds. The next run computes the
slow digest again only if the fast one has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from nalssi.common.atomic_files import atomic_write
from nalssi.common.code_digest import add_modules
from schemas.vocabulary import REFERENCE

NALSSI: Final = Path(__file__).parent.parent
CODE: Final = (
    "charts/*.py", "locale/locales.py", "locale/chart_phrases.py", "locale/*_charts.py",
    "locale/time_chart_phrases.py",
    "locale/*headline*.py", "locale/korean_particles.py",
)  # fmt: skip
"""The modules that decide how a chart looks, as glob patterns relative to NALSSI. They include the
phrases of charts, but not those of the gallery."""
FILE: Final = ".code.json"

_known: Final[dict[str, str]] = {}
"""Values of `code_digest` that this process has computed or read. The key is the `source_digest`,
a fast digest of the source files, for which the value was computed."""


def code_digest() -> str:
    """Return a hex digest that changes when the same data can give another picture.

    It covers the code, data files and libraries of charts. It is part of the key of each chart.
    """
    source = source_digest()
    if source not in _known:
        _known[source] = _code_digest()
    return _known[source]


def read_code_digest(folder: Path) -> None:
    """Read the digest of the code that a folder of charts stores, so that it need not be computed.

    `code_digest` then returns this digest. Does nothing if the folder has no such file, or if the
    source files have changed since.
    """
    try:
        kept: Any = json.loads((folder / FILE).read_text(encoding="utf-8"))
        source, code = str(kept["source"]), str(kept["code"])
    except (OSError, ValueError, TypeError, KeyError):
        return
    if source == source_digest():
        _known[source] = code


def write_code_digest(folder: Path) -> None:
    """Store the digest of the code that draws in a folder of charts, for `read_code_digest`.

    So the next run need not compute it. Writes nothing if the folder does not exist, or if its file
    is up to date.
    """
    if not folder.is_dir():
        return
    kept = json.dumps({"source": source_digest(), "code": code_digest()})
    file = folder / FILE
    if file.exists() and file.read_text(encoding="utf-8") == kept:
        return
    with atomic_write(file) as partial:
        partial.write_text(kept, encoding="utf-8")


def _code_digest() -> str:
    digest = blake2b(digest_size=16)
    add_modules(digest, NALSSI, CODE)
    for part in _other_parts():
        digest.update(part)
    return digest.hexdigest()


@cache
def source_digest() -> str:
    """Return a digest of the bytes of all files that `code_digest` covers, and of the libraries.

    It changes whenever `code_digest` changes.
    """
    digest = blake2b(digest_size=16)
    for pattern in CODE:
        for module in sorted(NALSSI.glob(pattern)):
            digest.update(module.name.encode() + b"\0" + module.read_bytes())
    for part in _other_parts():
        digest.update(part)
    return digest.hexdigest()


def _other_parts() -> Iterator[bytes]:
    """Yield what both digests cover in addition to the code: data files and versions of libraries.

    The data files are the label positions and the outlines of provinces.
    """
    for file in (*sorted((NALSSI / "charts").glob("*.json")), REFERENCE / "provinces.geojson"):
        yield file.name.encode() + b"\0" + file.read_bytes()
    for library in ("matplotlib", "koreanize-matplotlib", "numpy", "pillow"):
        yield f"{library} {version(library)}".encode()
