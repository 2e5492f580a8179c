"""Write `docs/modules.md`: every module of nalssi with the first paragraph of its docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from nalssi.common.paths import CHECKOUT

PAGE = CHECKOUT / "docs" / "modules.md"
ROOTS = ("nalssi", "flows", "schemas")

_HEAD = """# Modules

Every module with what it is for. `make docs` writes this page from the docstrings.
[Architecture](architecture.md) says what each package must not do, and
[Contributing](../CONTRIBUTING.md#how-to-change-) which files belong to a change.
"""


def module_map() -> str:
    """Return the text of `docs/modules.md`: a table for each package, in the order of the paths."""
    return _HEAD + "".join(_section(folder) for root in ROOTS for folder in _packages(root))


def _packages(root: str) -> Iterator[Path]:
    """Yield the folder of the package `root`, then the folders of the packages in it."""
    folder = CHECKOUT / root
    for init in sorted(folder.rglob("__init__.py"), key=lambda path: path.parent.parts):
        yield init.parent


def _section(folder: Path) -> str:
    """Return the section of the package in `folder`; empty for a package without modules."""
    modules = sorted(path for path in folder.glob("*.py") if path.stem != "__init__")
    if not modules:
        return ""
    name = ".".join(folder.relative_to(CHECKOUT).parts)
    lines = [
        f"\n## `{name}`\n",
        f"{_first_paragraph(folder / '__init__.py')}\n",
        "| module | what it is for |",
        "|---|---|",
        *(f"| [{_link(path)} | {_first_paragraph(path)} |" for path in modules),
    ]
    return "\n".join(lines) + "\n"


def _link(path: Path) -> str:
    return f"`{path.stem}`](../{path.relative_to(CHECKOUT).as_posix()})"


def _first_paragraph(path: Path) -> str:
    """Return the first paragraph of a module's docstring, as a cell of a table."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split()).replace("|", "\\|")
