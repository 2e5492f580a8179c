"""The version of a part changes with the code that decides its content, and with nothing else."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from nalssi.part_version import GRAMMAR, PACKAGE, READERS, digest, part_version
from nalssi.sources.partition import Options
from nalssi.sources.planning import _fingerprint
from nalssi.ticker import PARSER_VERSION
from tools.parser_version import MODULE, raised

RECORDED = Path(__file__).parent / "ticker" / "grammar.json"

DECIDE_NO_CONTENT = {
    "common/atomic_files.py",  # keeps bytes that were fetched
    "common/errors.py",  # words of messages
    "common/freed_memory.py",  # decides how long freed memory is kept
    "common/safe_text.py",  # words of messages
    "common/reference.py",  # reads the reference data, which is part of the digest
    "sources/formats.py",  # names the readers; the format is part of the fingerprint
    "sources/open_input.py",  # passes the bytes of a file or object on
    "sources/partition.py",  # passes data on; options are part of the fingerprint
    "sources/problems.py",  # words of messages
    "sources/remote_objects.py",  # as open_input
}
"""Modules that readers import and that change no row of a part."""


def test_the_grammar_changes_only_together_with_its_version() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))
    now = {"parser_version": PARSER_VERSION, "digest": digest(GRAMMAR)}
    assert now == recorded, (
        "The grammar or its data changed. If a page may now give other readings, rejects, dates or"
        " ids, run `make new-grammar`, which raises PARSER_VERSION: otherwise a load keeps what an"
        " older grammar found. If results stay equal, run `make grammar`. Commit what it changed."
    )


def modules(patterns: tuple[str, ...]) -> set[str]:
    """The paths of the modules that match, relative to the package."""
    return {
        path.relative_to(PACKAGE).as_posix()
        for pattern in patterns
        for path in PACKAGE.glob(pattern)
    }


def imported_by(module: str) -> set[str]:
    """The modules of nalssi that a module imports, anywhere but under `if TYPE_CHECKING`."""
    tree = ast.parse((PACKAGE / module).read_text("utf-8"))
    tree.body = [node for node in tree.body if not isinstance(node, ast.If)]
    names = {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("nalssi.")
    }
    paths = {name.removeprefix("nalssi.").replace(".", "/") for name in names}
    return {path for name in paths if (PACKAGE / (path := f"{name}.py")).is_file()}


def test_every_module_that_readers_import_is_in_the_version_or_decides_no_content() -> None:
    versioned = modules((*READERS, *GRAMMAR))
    imported = set().union(*map(imported_by, versioned - modules(GRAMMAR)))
    assert imported - versioned - DECIDE_NO_CONTENT == set()


def test_modules_that_find_files_and_plan_partitions_are_not_in_the_version() -> None:
    versioned = modules((*READERS, *GRAMMAR))
    planning = {path for path in modules(("sources/*.py",)) if path.count("/") == 1}
    assert "sources/partition.py" in planning
    assert not planning & versioned
    assert "sources/readers/warc/warc_archive.py" in versioned


def test_the_version_names_the_grammar_and_covers_the_readers() -> None:
    assert part_version() == f"v{PARSER_VERSION}-{digest((*READERS, *GRAMMAR))}"
    assert digest((*READERS, *GRAMMAR)) != digest(GRAMMAR)


def test_a_new_grammar_raises_the_version_by_one() -> None:
    assert raised(MODULE.read_text("utf-8")).count(f"PARSER_VERSION = {PARSER_VERSION + 1}\n") == 1
    with pytest.raises(ValueError, match="is set 0 times"):
        raised("VERSION = 1")


def test_an_option_at_its_default_is_not_part_of_a_fingerprint() -> None:
    assert _fingerprint([], Options()) == _fingerprint([], Options(text_column=None))
    assert _fingerprint([], Options()) != _fingerprint([], Options(text_column="body"))
