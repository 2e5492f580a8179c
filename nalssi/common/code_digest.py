"""Digests of source code that do not change with comments, docstrings or formatting.

A file that depends on code has such a digest in its name or its metadata. It is made again only if
the code changes. Parts (`nalssi.part_version`) and pages (`nalssi.gallery.code_version`) use such
digests.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Protocol


class Digest(Protocol):
    """A digest object of the standard library's `hashlib`."""

    def update(self, data: bytes, /) -> None:
        """Add bytes to the digest."""


def add_modules(
    digest: Digest, root: Path, patterns: Iterable[str], ignored_names: Collection[str] = ()
) -> None:
    """Add Python modules to a digest: the path and the code of each.

    The modules are the files below `root` that match one of the patterns. They are added in the
    order of the patterns, then of the paths. Assignments `NAME = value` to one of `ignored_names`
    do not count, at any level.
    """
    for pattern in patterns:
        for module in sorted(root.glob(pattern)):
            digest.update(module.relative_to(root).as_posix().encode())
            digest.update(normalized_code(module.read_text("utf-8"), ignored_names).encode())


def normalized_code(source: str, ignored_names: Collection[str] = ()) -> str:
    """Return the syntax tree of a module as text, without comments, docstrings and layout.

    The text is the same in every supported version of Python. It does not contain assignments
    `NAME = value` to one of `ignored_names`. Raises SyntaxError if `source` is not Python.
    """
    return _tree_text(ast.parse(source), ignored_names)


def _tree_text(node: object, ignored_names: Collection[str]) -> str:
    """Return a syntax tree, or a part of it, as text like `ast.dump`, but without empty fields.

    Empty fields are omitted because versions of Python differ in them. Docstrings and assignments
    to `ignored_names` are omitted too.
    """
    if isinstance(node, list):
        return f"[{','.join([_tree_text(each, ignored_names) for each in node])}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    parts = []
    for name in node._fields:
        value = getattr(node, name, None)
        if name == "body" and isinstance(value, list):
            value = [
                statement
                for statement in value
                if not (_is_docstring(statement) or _assigns(statement, ignored_names))
            ]
        if value not in (None, []):
            parts.append(f"{name}={_tree_text(value, ignored_names)}")
    return f"{type(node).__name__}({','.join(parts)})"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _assigns(statement: ast.stmt, names: Collection[str]) -> bool:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id in names
