"""Packages are ordered: a package imports only from packages below it, and nothing in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from nalssi.common.paths import CHECKOUT

LAYERS = [
    ["schemas"],
    ["nalssi.common"],
    ["nalssi.sources"],
    ["nalssi.crawl"],
    ["nalssi.ticker"],
    ["nalssi.part_version"],
    ["nalssi.part_tables", "nalssi.part_encoding"],
    ["nalssi.staging"],
    ["nalssi.conclusions"],
    ["nalssi.quality"],
    ["nalssi.warehouse"],
    ["nalssi.observations"],
    ["nalssi.timing"],
    ["nalssi.locale"],
    ["nalssi.charts"],
    ["nalssi.drawing"],
    ["nalssi.gallery"],
    ["nalssi.capture"],
    ["nalssi.export"],
    ["nalssi.status", "nalssi.parse", "nalssi.parse_output", "nalssi.doctor", "nalssi.backup"],
    ["nalssi.prometheus"],
    ["nalssi.api"],
    ["nalssi"],  # the package's own __init__ offers the Python API
    ["flows"],
    ["nalssi.cli"],
    ["nalssi.__main__"],
]
"""The packages from the lowest layer to the highest; see docs/decisions/layers.md."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the wheel, by name."""
    files = [
        path
        for package in ("schemas", "nalssi", "flows")
        for path in (CHECKOUT / package).rglob("*.py")
    ]
    names = (".".join(path.relative_to(CHECKOUT).with_suffix("").parts) for path in files)
    return {name.removesuffix(".__init__"): path for name, path in zip(names, files, strict=True)}


@cache
def imports(module: str) -> frozenset[str]:
    """Modules of the wheel that a module imports anywhere, inside functions too.

    `nalssi` may load its API when somebody asks for it: `__getattr__` is not followed.
    """
    return frozenset(_imports(module))


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(modules()[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{module}: a relative import"
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                if inner in modules():
                    yield inner
                elif node.module in modules():
                    yield node.module


def layer(module: str) -> int:
    """The number of the layer that a module belongs to."""
    name = module
    while name:
        for number, packages in enumerate(LAYERS):
            if name in packages:
                return number
        name = name.rpartition(".")[0]
    raise AssertionError(f"{module} belongs to no layer")


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_imports_only_from_its_own_layer_or_below(module: str) -> None:
    above = {name for name in imports(module) if layer(name) > layer(module)}
    assert above == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter({module: imports(module) - {module} for module in modules()}).prepare()
