"""The registry of source formats is complete, and documentation and options follow it."""

from __future__ import annotations

from pkgutil import resolve_name

import pytest

from nalssi.sources.format_detection import kind_of
from nalssi.sources.formats import FORMATS, KIND_BY_SUFFIX, KINDS, SourceFormat
from nalssi.sources.planning import plan
from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.warc import content_types
from tools import source_formats


def test_the_kinds_of_content_types_are_in_the_registry() -> None:
    assert set(content_types._PAGE_KINDS.values()) <= set(KINDS)


def test_an_unknown_kind_is_refused_with_the_list_of_kinds() -> None:
    with pytest.raises(ValueError, match="unknown kind 'pdf': choose from text, html, xml, jsonl"):
        plan(["a.txt"], "pdf")


@pytest.mark.parametrize("known", FORMATS.values(), ids=lambda known: known.kind)
def test_every_format_is_recognized_and_has_a_reader(known: SourceFormat) -> None:
    named_functions = [name for name in (known.reader, known.check, known.row_ranges) if name]
    assert all(callable(resolve_name(name)) for name in named_functions)
    assert bool(known.reader) == (known.role != "page")
    if known.suffixes and not known.matches:
        assert kind_of(f"a{known.suffixes[0]}", b"<html> \xe2\x84\x83") in (known.kind, "html")
    assert all(KIND_BY_SUFFIX[suffix] == known.kind for suffix in known.suffixes)


def test_a_format_that_is_added_for_a_suffix_is_recognized_by_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(UnreadableError, match="a table"):
        kind_of("pages.tsv", b"url\ttext\n")
    monkeypatch.setitem(KIND_BY_SUFFIX, ".tsv", "text")
    assert kind_of("pages.tsv", b"url\ttext\n") == "text"


def test_the_documentation_lists_every_format() -> None:
    page = source_formats.PAGE.read_text(encoding="utf-8")
    assert source_formats.updated_page(page) == page, "make docs"


def test_a_page_without_the_table_of_formats_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 tables of formats"):
        source_formats.updated_page("# Sources\n")
