"""Find the words of an SQL file that a mutant can change. Comments and texts get no fault."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nalssi.common.paths import CHECKOUT
from tools.mutants.mutations import Mutant

_TOKEN = re.compile(
    r"--[^\n]*|'(?:[^']|'')*'|CREATE OR REPLACE|IS NOT NULL|IS NULL|NOT IN|[<>]=|<>|!="
    r"|[A-Za-z_$][\w$]*|\d[\d_]*(?:\.\d+)?|[-+*/<>=]"
)
_OTHER = {
    pair[way]: pair[1 - way]
    for pair in (
        ("<", "<="),
        (">", ">="),
        ("=", "<>"),
        ("AND", "OR"),
        ("IS NULL", "IS NOT NULL"),
        ("IN", "NOT IN"),
        ("min", "max"),
        ("greatest", "least"),
        ("SEMI", "ANTI"),
        ("arg_min", "arg_max"),
        ("bool_and", "bool_or"),
        ("true", "false"),
        ("+", "-"),
    )
    for way in (0, 1)
}


def sql_mutants(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of an SQL file: one operator, function or number differs."""
    text = path.read_text(encoding="utf-8")
    counts: Counter[str] = Counter()
    step = "head"
    between = False
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word.startswith("-- step: "):
            step = word.removeprefix("-- step: ").split()[0]
            continue
        if word.startswith(("--", "'")):
            continue
        # The AND of BETWEEN is no operator.
        bound, between = between and word == "AND", word == "BETWEEN" or (between and word != "AND")
        number = word.replace("_", "")
        other = str(int(number) + 1) if number.isdecimal() else _OTHER.get(word)
        if other is None or bound:
            continue
        line = text.count("\n", 0, token.start()) + 1
        shown = " ".join(text.splitlines()[line - 1].split())[:60]
        change = f"{step}: {word} → {other} in {shown}"
        counts[change] += 1

        def make(start: int = token.start(), end: int = token.end(), other: str = other) -> str:
            return text[:start] + other + text[end:]

        place = f"{change} #{counts[change]}"
        yield Mutant(path.relative_to(CHECKOUT).as_posix(), place, line, make)
