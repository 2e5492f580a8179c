"""Read sources as the commands do, and check what must hold for every input."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nalssi.common.safe_text import safe_text
from nalssi.sources import Kind, Options, plan, read
from nalssi.ticker import extract
from schemas.vocabulary import DATE_REASONS


class Outcome(NamedTuple):
    """The result of reading some sources. Equal sources give equal outcomes."""

    documents: int
    readings: list[tuple[object, ...]]
    rejects: list[tuple[object, ...]]
    problems: list[str]


def read_and_extract(
    sources: Iterable[Path], kind: Kind | None = None, zone: str | None = None
) -> Outcome:
    """Plan, read and extract sources. Check the line counts and the form of every problem."""
    names = [str(source) for source in sources]
    made = plan(names, kind, Options(date_timezone=zone))
    problems = list(map(str, made.problems))
    documents, readings, rejects = 0, [], []
    for partition in made.partitions:
        for batch in read(partition):
            found = extract(batch.documents)
            rejected_dates = found.rejects["reason"].is_in(DATE_REASONS).sum()
            assert found.ticker_lines == found.lines.height + found.rejects.height - rejected_dates
            documents += batch.read
            readings += found.lines.rows()
            rejects += found.rejects.rows()
            problems += map(str, (*batch.problems, *partition.problems_of(found.problems)))
    for problem in problems:
        _, _, cause = problem.partition(": ")
        assert cause, f"the problem has no cause: {problem!r}"
        assert safe_text(problem) == problem, f"unsafe on a terminal: {problem!r}"
        assert any(problem.startswith(safe_text(name)) for name in (*names, "file://")), problem
    return Outcome(documents, readings, rejects, problems)
