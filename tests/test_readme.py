"""The README shows real results: its query, its table and its counts are those of the samples."""

from __future__ import annotations

import re
import shlex
import shutil
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import pytest
import typer.main

from nalssi.cli import app
from nalssi.common.paths import CHECKOUT, SAMPLES
from nalssi.sources import plan, read
from nalssi.ticker import Extraction, extract
from tests.cli.run_nalssi import nalssi

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
KOREAN = (CHECKOUT / "README.ko.md").read_text(encoding="utf-8")


@cache
def batches() -> tuple[int, pl.DataFrame]:
    """The number of documents in the samples, and those of them that may contain a ticker."""
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


def commands(page: str) -> list[list[str]]:
    """The words of every command in the blocks of shell code of a page, without comments."""
    code = "\n".join(re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    words: list[list[str]] = []
    quoted = ""
    for line in code.splitlines(keepends=True):
        quoted += line
        if quoted.count('"') % 2 == 0 and quoted.count("'") % 2 == 0:
            words.append(shlex.split(quoted, comments=True))
            quoted = ""
    return [each for each in words if each]


def test_both_languages_show_the_same_commands_pictures_and_counts() -> None:
    assert commands(KOREAN) == commands(README)
    pictures = [re.findall(r"docs/images/[\w-]+", page) for page in (README, KOREAN)]
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 3
    counts = [
        re.findall(r"\d+", page.split("`make run`")[1].split("`data/warehouse")[0])
        for page in (README, KOREAN)
    ]
    assert counts[0] == ["19", "18", "767", "765", "2", "18"]
    assert counts[1] == counts[0]


@pytest.mark.parametrize(
    "words", [each for each in commands(README) if each[0] == "nalssi"], ids=" ".join
)
def test_a_command_has_only_options_that_exist(words: list[str]) -> None:
    group = typer.main.get_command(app)
    with group.make_context("nalssi", words[1:]) as context:
        name, command, rest = group.resolve_command(context, words[1:])  # type: ignore[attr-defined]
        rest = rest[: rest.index(">")] if ">" in rest else rest
        command.make_context(name, rest, parent=context).close()


def test_the_commands_of_the_journalist_make_the_files_that_they_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SAMPLES, tmp_path / "pages")
    shutil.copy(SAMPLES / "18-html-euc-kr.html", tmp_path / "page.html")
    monkeypatch.chdir(tmp_path)
    shown = [
        each for each in commands(README) if each[:2] in (["nalssi", "parse"], ["nalssi", "draw"])
    ]
    assert len(shown) == 3
    for words in shown:
        given, _, output = " ".join(words).partition(" > ")
        done = nalssi(*given.split()[1:])
        assert done.exit_code == 0, done.stderr
        if output:
            Path(output).write_bytes(done.stdout_bytes)
    for name in ("readings.csv", "map.svg", "regions.png"):
        assert (tmp_path / name).stat().st_size > 1000, name
