"""Find the nodes of a Python module that a mutant can change, and make the mutants.

A mutant is the module with one small fault. Texts that only people read, such as docstrings and the
messages of exceptions, and annotations get no fault.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nalssi.common.paths import CHECKOUT

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_METHODS = {
    pair[way]: pair[1 - way]
    for pair in (
        ("min", "max"),
        ("any", "all"),
        ("is_null", "is_not_null"),
        ("first", "last"),
        ("head", "tail"),
        ("cum_sum", "cum_max"),
        ("startswith", "endswith"),
        ("starts_with", "ends_with"),
        ("match", "search"),
        ("semi", "anti"),
    )
    for way in (0, 1)
}
_FOR_PEOPLE = {"warning", "info", "debug", "error"}
"""Methods of a logger. Calls of them get no fault."""


@dataclass(frozen=True)
class Mutant:
    """A Python module or SQL file with one fault."""

    path: str
    """The file, relative to the checkout."""
    place: str
    """The changed function or class, the change, and a number: `f: < → <= #2` is the second such
    change in `f`."""
    line: int
    make: Callable[[], ast.Module | str]
    """A function that returns the changed module, or the changed text of an SQL file."""

    @property
    def name(self) -> str:
        """The file and the place. It stays the same while other code changes."""
        return f"{self.path} {self.place}"


def python_mutants(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a Python module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    counts: Counter[str] = Counter()
    for index, (node, scope) in enumerate(_nodes(tree)):
        for number, (change, _) in enumerate(_changes(node)):
            text = f"{scope}: {change}"
            counts[text] += 1

            def make(index: int = index, number: int = number) -> ast.Module:
                return _changed(tree, index, number)

            place = f"{text} #{counts[text]}"
            yield Mutant(path.relative_to(CHECKOUT).as_posix(), place, _line_of(node), make)


def _line_of(node: ast.AST) -> int:
    """Return the line of a node.

    For a comprehension, which has none, return the line of its variable.
    """
    placed = node.target if isinstance(node, ast.comprehension) else node
    return getattr(placed, "lineno", 1)


def _changed(tree: ast.Module, index: int, number: int) -> ast.Module:
    """Return a copy of the tree with one change.

    `index` is the position of the node in `_nodes`, `number` that of the change in `_changes`.
    """
    changed = copy.deepcopy(tree)
    node, _ = list(_nodes(changed))[index]
    list(_changes(node))[number][1]()
    return ast.fix_missing_locations(changed)


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield each node that may change, and the name of its function or class, or `module`."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "module")]
    while waiting:
        node, scope = waiting.pop()
        yield node, scope
        inner = scope
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inner = node.name if scope == "module" else f"{scope}.{node.name}"
        waiting.extend((child, inner) for child in reversed(list(_children(node))))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_for_people(child):
                yield child


def _is_for_people(node: ast.AST) -> bool:
    """Whether a node gets no fault: a docstring, message, import, or code for type checkers."""
    if isinstance(node, ast.Expr):
        if isinstance(node.value, ast.Constant):
            return True
        function = node.value.func if isinstance(node.value, ast.Call) else None
        return isinstance(function, ast.Attribute) and function.attr in _FOR_PEOPLE
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Assign):
        return any(isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets)
    return isinstance(node, ast.Raise | ast.Import | ast.ImportFrom | ast.Assert)


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the possible changes of a node: a description, and a function that makes the change."""
    for field in ("op", "ops"):
        value = getattr(node, field, None)
        for place, operator in enumerate(value if isinstance(value, list) else [value]):
            if other := _OPERATORS.get(type(operator)):
                new = other()
                yield (
                    f"{type(operator).__name__} → {other.__name__} in {_short(node)}",
                    _set(node, field, new if field == "op" else None, (place, new)),
                )
    if isinstance(node, ast.If | ast.While | ast.IfExp) or (
        isinstance(node, ast.comprehension) and node.ifs
    ):
        field = "ifs" if isinstance(node, ast.comprehension) else "test"
        test = node.ifs[0] if isinstance(node, ast.comprehension) else node.test
        negated = ast.UnaryOp(ast.Not(), test)
        alone = negated if field == "test" else None
        yield f"not ({_short(test)})", _set(node, field, alone, (0, negated))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Invert):
        yield f"without sign: {_short(node)}", _set(node, "op", ast.UAdd())
        return
    if isinstance(node, ast.Constant):
        yield from _changes_of_constant(node)
    if isinstance(node, ast.Attribute) and node.attr in _METHODS:
        other_name = _METHODS[node.attr]
        yield f"{node.attr} → {other_name} in {_short(node)}", _set(node, "attr", other_name)
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield f"None for {_short(node)}", _set(node, "value", ast.Constant(None))
    if isinstance(node, ast.Continue | ast.Break):
        other_word = ast.Break if isinstance(node, ast.Continue) else ast.Continue
        yield f"{type(node).__name__} → {other_word.__name__}", _become(node, other_word)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield f"without {_short(node)}", _set(node, "value", ast.Constant(None))


def _changes_of_constant(node: ast.Constant) -> Iterator[tuple[str, Callable[[], None]]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} → {not value}", _set(node, "value", not value)
    elif isinstance(value, int | float):
        yield f"{value} → {value + 1}", _set(node, "value", value + 1)
    elif isinstance(value, str) and value and not value.isidentifier():  # no names of columns
        yield f"other text than {value[:30]!r}", _set(node, "value", f"\u2042{value}")


def _set(
    node: ast.AST, field: str, value: object, listed: tuple[int, object] | None = None
) -> Callable[[], None]:
    """Return a function that sets a field of a node to `value`.

    If `value` is None and the field is a list, it sets one item: `listed` is (index, item).
    """

    def change() -> None:
        if value is None and listed:
            getattr(node, field)[listed[0]] = listed[1]
        else:
            setattr(node, field, value)

    return change


def _become(node: ast.AST, other: type[ast.AST]) -> Callable[[], None]:
    def change() -> None:
        node.__class__ = other  # type: ignore[assignment]

    return change


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
