"""Try a sample of mutants of two parts of the code, and list those that no test notices.

    python -m tools.mutants [--number 400] [--seed 20]

The results are kept in `build/mutants`, so a run that was stopped continues where it was. A result
is forgotten when the code of its file changes; comments and docstrings are no code. If the tests
change, mutants that survived are tried again. `tools/mutants/survivors.toml` gives the reasons why
some mutants cannot be noticed; those are not tried again. Exit status 1: fewer than 90 % were
killed, or a survivor has no reason.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from nalssi.common.paths import CHECKOUT
from tools.mutants.covering_tests import CoveringTests, covering_tests
from tools.mutants.digests import digest, digest_of, digest_of_code
from tools.mutants.mutations import Mutant, python_mutants
from tools.mutants.sql_mutations import sql_mutants
from tools.mutants.trial import KILLED, SURVIVED, preload, try_mutant

FOLDER = CHECKOUT / "build" / "mutants"
RESULTS = FOLDER / "results.ndjson"
REASONS = Path(__file__).with_name("survivors.toml")
WANTED = 0.9
TRUSTED = ("nalssi", "schemas", "tests")
"""Folders of code that must not change during a run: a process imports some modules early and some
late."""


@dataclass(frozen=True)
class Group:
    """A part of the code: its folders (`sources`), and the folders of its tests."""

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS = (
    Group("ticker", ("nalssi/ticker",), ("tests/ticker",)),
    Group(
        "hours",
        ("nalssi/timing", "nalssi/conclusions"),
        ("tests/timing", "tests/conclusions"),
    ),
)


def sample(group: Group, number: int, seed: int) -> list[Mutant]:
    """Return `number` random mutants of a group.

    They are chosen by their names, so after a change of the code only those of the changed lines
    are replaced.
    """
    mutants = [
        mutant
        for folder in group.sources
        for path in sorted((CHECKOUT / folder).rglob("*"))
        for mutant in (
            python_mutants(path)
            if path.suffix == ".py"
            else sql_mutants(path)
            if path.suffix == ".sql"
            else ()
        )
    ]
    return sorted(mutants, key=lambda mutant: digest(f"{seed} {mutant.name}"))[:number]


def known_results(tests: dict[str, str], reasons: Container[str]) -> dict[str, str]:
    """Return the results of earlier runs that still hold, KILLED or SURVIVED, by mutant.

    `tests` has a digest of the tests of each group by its name, `reasons` the names of mutants that
    cannot be noticed.
    """
    results: dict[str, str] = {}
    if RESULTS.exists():
        for line in RESULTS.read_text(encoding="utf-8").splitlines():
            kept = json.loads(line)
            path = CHECKOUT / kept["mutant"].partition(" ")[0]
            fresh = path.exists() and kept["code"] == digest_of_code(path)
            same_tests = kept["tests"] == tests[kept["group"]] or kept["mutant"] in reasons
            if fresh and (kept["result"] == KILLED or same_tests):
                results[kept["mutant"]] = kept["result"]
            else:
                results.pop(kept["mutant"], None)
    return results


def keep(mutant: Mutant, group: Group, result: str, tests: str) -> None:
    """Append the result of a mutant to the file RESULTS. `tests` is a digest of the tests."""
    kept = {
        "mutant": mutant.name,
        "line": mutant.line,
        "group": group.name,
        "result": result,
        "code": digest_of_code(CHECKOUT / mutant.path),
        "tests": tests,
    }
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(kept, ensure_ascii=False) + "\n")


def main() -> int:
    """Try a sample of mutants of each group; return the exit status."""
    parser = argparse.ArgumentParser(prog="tools.mutants", description=__doc__)
    parser.add_argument("--number", type=int, default=400, help="mutants, half of each part")
    parser.add_argument("--seed", type=int, default=20, help="another seed, another sample")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    tests = {group.name: digest_of(*group.tests) for group in GROUPS}
    reasons: dict[str, str] = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    results = known_results(tests, reasons)
    covering: dict[str, CoveringTests] = {
        group.name: covering_tests(group.name, group.sources, group.tests, FOLDER)
        for group in GROUPS
    }
    preload()
    code = digest_of(*TRUSTED)
    samples = [(g, sample(g, options.number // len(GROUPS), options.seed)) for g in GROUPS]
    both = [(g, mutant) for pair in zip(*(m for _, m in samples), strict=True)
            for (g, _), mutant in zip(samples, pair, strict=True)]  # fmt: skip
    for number, (group, mutant) in enumerate(both, 1):
        if mutant.name in results:
            continue
        found = covering[group.name].of(mutant.path, mutant.line)
        result = try_mutant(mutant, found, FOLDER / "output") if found else SURVIVED
        if digest_of(*TRUSTED) != code:
            print("the code has changed meanwhile, so the result does not count: run it again")
            return 1
        results[mutant.name] = result
        keep(mutant, group, result, tests[group.name])
        print(f"{number}/{len(both)} {result}: {mutant.name} (line {mutant.line})", flush=True)
    return report(samples, results, reasons)


def report(
    samples: list[tuple[Group, list[Mutant]]], results: dict[str, str], reasons: dict[str, str]
) -> int:
    """Print the survivors with their reasons, and the share of killed mutants.

    `results` and `reasons` are by the names of the mutants. Returns the exit status.
    """
    unexplained, killed, tried = 0, 0, 0
    for group, mutants in samples:
        of_group = sum(results[mutant.name] == KILLED for mutant in mutants)
        killed, tried = killed + of_group, tried + len(mutants)
        print(f"\n{group.name}: {of_group} of {len(mutants)} killed. Survivors:")
        for mutant in sorted(mutants, key=lambda mutant: (mutant.path, mutant.line)):
            if results[mutant.name] != KILLED:
                reason = reasons.get(mutant.name)
                unexplained += reason is None
                print(f"- {mutant.path}:{mutant.line} {mutant.place}: {reason or 'NO REASON'}")
    print(f"\n{killed} of {tried} killed ({killed / tried:.1%}), {unexplained} without a reason")
    return int(unexplained > 0 or killed < WANTED * tried)


if __name__ == "__main__":
    sys.exit(main())
