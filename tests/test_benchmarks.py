"""Benchmarks measure the same work on both sides, so both sides must give the same result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.case_inputs import Setup
from benchmarks.charts import gallery, maps
from benchmarks.corpora import Form
from benchmarks.tasks import TASKS
from tests.thorough import thorough


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    """Corpora of a thousand pages, the smallest there are."""
    return Setup(tmp_path_factory.mktemp("corpora"), scale=0, runs=1, datatrove=None)


def does(name: str, *arguments: object) -> Mapping[str, int]:
    return TASKS[name](*map(str, arguments))()


def test_nalssi_and_its_peers_find_the_same_documents(setup: Setup) -> None:
    file = setup.sparse()
    found = does("extract", file)
    assert found["documents"] == does("scan", file)["documents"] == 10
    plain, tested = does("loop", "no", file), does("loop", "yes", file)
    assert plain == tested
    # The loop knows only lines as they should be; the library reads the others, too.
    assert plain["documents"] == 10
    assert 0.9 * found["readings"] < plain["readings"] <= found["readings"]


def test_all_that_is_parsed_is_loaded_and_nothing_twice(setup: Setup, tmp_path: Path) -> None:
    file = setup.dense()
    readings = does("parse", file)["readings"]
    assert readings > 16_000
    assert does("ingest", tmp_path, file) == {"readings": readings, "new": readings}
    assert does("ingest", tmp_path, file) == {"readings": readings, "new": 0}


@pytest.mark.parametrize("form", ["pages", thorough("coded"), "wet"])
def test_an_archive_is_read_record_by_record_on_both_sides(setup: Setup, form: Form) -> None:
    path = setup.archive(form)
    payloads = does("payloads", path, "content")
    assert payloads["bytes"] > 1000 * (3_000 if form == "wet" else 25_000)
    assert does("read", path) == {"records": payloads["records"], "documents": 10}


def test_every_page_that_lexbor_parses_is_a_document() -> None:
    assert does("html", 20) == does("lexbor", 20) == {"pages": 20}


@pytest.mark.process
@pytest.mark.make_thorough
def test_charts_and_gallery_of_made_up_days_are_drawn(tmp_path: Path) -> None:
    drawn = maps(tmp_path, days=2, processes=1)
    assert (drawn["fresh"]["drawn"], drawn["ours"]["drawn"], drawn["again"]["drawn"]) == (2, 2, 0)
    built = gallery(tmp_path, dates=2)
    assert built["first"]["written"] == built["first"]["files"] > 200
    assert built["again"]["written"] == 0
