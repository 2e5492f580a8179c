"""A part's version changes with what the code does, and with nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from nalssi.part_version import GRAMMAR, digest, part_version
from nalssi.sources.partition import Options
from nalssi.sources.planning import _fingerprint
from nalssi.ticker import PARSER_VERSION

RECORDED = Path(__file__).parent / "ticker" / "grammar.json"


def test_the_grammar_changes_only_together_with_its_version() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))
    now = {"parser_version": PARSER_VERSION, "digest": digest(GRAMMAR)}
    assert now == recorded, (
        "The grammar or its data changed. If a page may now give other readings, rejects, dates or"
        " ids, raise PARSER_VERSION in nalssi/ticker/extraction.py: otherwise a load keeps what an"
        " older grammar found. Then run `make grammar` and commit tests/ticker/grammar.json."
    )


def test_the_version_names_the_grammar_and_covers_the_readers() -> None:
    assert part_version().startswith(f"v{PARSER_VERSION}-")
    assert digest(["sources/**/*.py", *GRAMMAR]) != digest(GRAMMAR)


def test_an_option_at_its_default_is_not_part_of_a_fingerprint() -> None:
    assert _fingerprint([], Options()) == _fingerprint([], Options(text_column=None))
    assert _fingerprint([], Options()) != _fingerprint([], Options(text_column="body"))
