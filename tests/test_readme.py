"""What the README shows is what comes out: its query, its table and its counts, on the samples."""

from __future__ import annotations

import re
from functools import cache

import duckdb
import polars as pl
import pytest

from nalssi.common.paths import CHECKOUT, SAMPLES
from nalssi.sources import plan, read
from nalssi.ticker import Extraction, extract

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


@cache
def batches() -> tuple[int, pl.DataFrame]:
    """Documents met in the samples, and the candidates among them."""
    found = [batch for part in plan([str(SAMPLES)]).partitions for batch in read(part)]
    return sum(batch.read for batch in found), pl.concat([batch.documents for batch in found])


@cache
def samples() -> Extraction:
    return extract(batches()[1])


def table_after(heading: str) -> list[list[str]]:
    """The cells of the first Markdown table under a heading, header first, without its rule."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [rows[0], *rows[2:]]


def test_the_query_gives_the_table_below_it() -> None:
    found = re.search(r'nalssi sql "(.*?)"', README, re.DOTALL)
    assert found
    with duckdb.connect() as connection:
        connection.register("snapshots", samples().snapshots)
        connection.register("readings", samples().readings)
        answer = connection.sql(found.group(1))
        given = [answer.columns, *([str(cell) for cell in row] for row in answer.fetchall())]
    assert given == table_after("Ask it something")


def test_the_counts_of_the_main_job_are_those_of_the_samples() -> None:
    documents_read, _ = batches()
    counts = (
        f"reads {documents_read} sample documents, {samples().documents.height} of them with a "
        f"ticker: {samples().ticker_lines} ticker lines, {samples().lines.height} readings, "
        f"{samples().rejects.height} rejects, {samples().snapshots.height} distinct snapshots"
    )
    assert counts in " ".join(README.split())


def test_the_example_lines_are_lines_of_the_samples() -> None:
    texts = "\n".join(batches()[1]["text"])
    examples = re.findall(r"^(•.*?) +→", README, re.MULTILINE)
    assert len(examples) == 4
    for line in examples:
        assert line in texts


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", README, re.MULTILINE))
def test_the_make_targets_that_it_names_exist(target: str) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
