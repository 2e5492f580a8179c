"""Find the tests that run a line, and the seconds of each test, by one test run with coverage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import parse  # a file that pytest has just written

from coverage import CoverageData

from nalssi.common.paths import CHECKOUT
from tools.mutants.digests import digest_of


@dataclass(frozen=True)
class CoveringTests:
    """The tests of a group of modules, by the lines that they run."""

    lines: dict[str, dict[str, list[str]]]
    """The tests that run each line, by path and line number (as text)."""
    seconds: dict[str, float]
    """The seconds that each test takes, with its fixtures, by its pytest id."""

    def of(self, path: str, line: int) -> list[str]:
        """Return the tests that may notice a changed line, the quickest first.

        These are the tests that run the line. A line that runs when its module is imported can
        change any test, so all are returned. A line of SQL is run by the tests that run a function
        of the module with the same name, which reads the SQL file.
        """
        if path.endswith(".sql"):
            found = set().union(*self.lines[path.removesuffix("sql") + "py"].values()) - {""}
        else:
            found = set(self.lines.get(path, {}).get(str(line), ()))
        if "" in found:
            found = set(self.seconds)
        return sorted(found & self.seconds.keys(), key=lambda test: (self.seconds[test], test))


def covering_tests(
    name: str, sources: Sequence[str], tests: Sequence[str], folder: Path
) -> CoveringTests:
    """Run tests with coverage, or return the kept result of the last run of the same code.

    `sources` (the covered code) and `tests` are folders of the checkout. The results are kept in
    `folder` under `name`.
    """
    kept = folder / f"{name}.json"
    code = digest_of(*sources, *tests)
    if kept.exists():
        found = json.loads(kept.read_text())
        if found["code"] == code:
            return CoveringTests(found["lines"], found["seconds"])
    measured, times = folder / f"{name}.coverage", folder / f"{name}.xml"
    configuration = folder / "coverage.ini"
    configuration.write_text("[run]\nbranch = false\n")
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"),
            *("-p", "tools.mutants.without_caches"),
            *("--cov-context=test", "--cov-report=", f"--cov-config={configuration}"),
            *(f"--cov={source}" for source in sources),
            f"--junitxml={times}",
            *tests,
        ],
        env=os.environ | {"COVERAGE_FILE": str(measured)},
        cwd=CHECKOUT,
        check=True,
    )
    data = CoverageData(str(measured))
    data.read()
    seconds = {
        f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}": float(
            case.attrib["time"]
        )
        for case in parse(times).iter("testcase")  # noqa: S314
    }
    lines = {
        Path(file).relative_to(CHECKOUT).as_posix(): {
            str(line): sorted(_tests_of(contexts, seconds))
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    kept.write_text(json.dumps({"code": code, "lines": lines, "seconds": seconds}))
    return CoveringTests(lines, seconds)


def _tests_of(contexts: Iterable[str], tests: Collection[str]) -> set[str]:
    """Return the tests of a line's contexts, such as `tests/test_a.py::test_b|run`.

    The fixture that runs a line while a test is set up can be a fixture of its whole file. So all
    tests of the file count. The context of an import is empty.
    """
    found = set()
    for context in contexts:
        test, _, phase = context.partition("|")
        found.add(test)
        if phase == "setup":
            file = test.partition("::")[0] + "::"
            found |= {other for other in tests if other.startswith(file)}
    return found
