"""The settings of mypy in pyproject.toml."""

from __future__ import annotations

import ast
import tomllib

from nalssi.common.paths import CHECKOUT


def test_no_module_imports_a_package_whose_types_mypy_does_not_read() -> None:
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
    unread = {
        name.removesuffix(".*")
        for override in settings["overrides"]
        if override.get("follow_imports") == "skip"
        for name in override["module"]
    }
    imported = {
        name.partition(".")[0]
        for package in settings["packages"]
        for path in (CHECKOUT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
    }
    assert unread
    assert "polars" in imported
    assert imported & {name.partition(".")[0] for name in unread} == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
