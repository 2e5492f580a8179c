"""The version of a staged part: a digest of all that its content depends on, beside its source.

The digest covers the code of `nalssi.sources` and `nalssi.ticker` (syntax trees without docstrings,
so comments and formatting do not count) and the reference data (stations, conditions). A change to
any of them makes new parts, and nobody has to remember to raise a number.

`python -m nalssi.part_version` prints the grammar's version and digest, which the tests keep in
`tests/ticker/grammar.json`: see `GRAMMAR`.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

from nalssi.ticker.extraction import PARSER_VERSION
from schemas.vocabulary import REFERENCE

_PACKAGE = Path(__file__).resolve().parent
_FACTS = ("stations.csv", "stations_history.csv", "conditions.csv")

GRAMMAR = ("common/ids.py", "common/names.py", "common/symbols.py", "ticker/*.py")
"""Modules that decide what a document's text says. When they change, `PARSER_VERSION` has to be
raised, for only then does a load replace what the warehouse has of documents that it knows."""


@cache
def part_version() -> str:
    """`v`, the grammar's version, and the digest: computed once a process, in about 0.1 s."""
    return f"v{PARSER_VERSION}-{digest(('sources/*.py', *GRAMMAR))}"


def digest(patterns: Iterable[str]) -> str:
    """12 hex digits of the code of the modules that match, and of the reference data."""
    found = blake2b(digest_size=6)
    for pattern in patterns:
        for module in sorted(_PACKAGE.glob(pattern)):
            found.update(module.relative_to(_PACKAGE).as_posix().encode())
            found.update(code(module.read_text("utf-8")).encode())
    for name in _FACTS:
        found.update((REFERENCE / name).read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()


def code(source: str) -> str:
    """What a module does, without comments, docstrings, layout and the version's own number."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [line for line in body if not _says_nothing(line)]  # type: ignore[attr-defined]
    return _dump(tree)


def _dump(node: object) -> str:
    """Like `ast.dump` without empty fields, which differ from one Python to the next."""
    if isinstance(node, ast.AST):
        parts = ((name, getattr(node, name, None)) for name in node._fields)
        named = (f"{name}={_dump(value)}" for name, value in parts if value not in (None, []))
        return f"{type(node).__name__}({','.join(named)})"
    if isinstance(node, list):
        return f"[{','.join(map(_dump, node))}]"
    return repr(node)


def _says_nothing(line: ast.stmt) -> bool:
    if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant):
        return True
    target = line.targets[0] if isinstance(line, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id == "PARSER_VERSION"


if __name__ == "__main__":
    grammar = {"parser_version": PARSER_VERSION, "digest": digest(GRAMMAR)}
    print(json.dumps(grammar))
