"""The commands export, import and forget: what they write, print and refuse."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

import nalssi
from nalssi.cli import app
from nalssi.common.paths import SAMPLES
from nalssi.observations import load_observations
from nalssi.warehouse import Warehouse
from schemas.vocabulary import region_ids

SEOUL, BUSAN = 108, 159


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of the sample pages."""
    place = tmp_path_factory.mktemp("moving") / "warehouse"
    nalssi.load(SAMPLES, into=place)
    return place


def counts(folder: Path) -> dict[str, int]:
    with Warehouse(folder).reader() as con:
        tables = ("documents", "sightings", "snapshots", "readings", "rejects", "quality")
        return {
            table: con.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in tables
        }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("filters", "column", "values"),
    [
        (["--station", SEOUL], "station_id", {"108"}),
        (["--station", SEOUL, "--station", BUSAN], "station_id", {"108", "159"}),
        (["--region", 10], "region_id", {"10"}),
        (["--region", 1, "--region", 10], "region_id", {"1", "10"}),
        (["--flags", "4"], "flag", {"4"}),
        (["--flags", "1,9"], "flag", {"1", "9"}),
        (["--flags", "1,4", "--flags", "9"], "flag", {"1", "4", "9"}),
        (["--since", "2025-12-19", "--until", "2025-12-19"], "observed_on", {"2025-12-19"}),
    ],
)
def test_an_export_has_the_readings_that_the_filters_select(
    folder: Path, tmp_path: Path, filters: list[object], column: str, values: set[str]
) -> None:
    out = tmp_path / "out.csv"
    done = run("export", "--warehouse", folder, "--format", "csv", "--out", out, *filters)
    assert done.exit_code == 0, done.output
    written = rows(out)
    assert {row[column] for row in written} == values
    assert done.stdout.startswith(f"{len(written):,} readings in {out}")


def test_an_export_prints_the_excluded_readings_by_reason(folder: Path, tmp_path: Path) -> None:
    done = run("export", "--warehouse", folder, "--format", "csv", "--out", tmp_path / "a.csv")
    left_out = Counter(
        {
            line.split()[-1]: int(line.split()[1].replace(",", ""))
            for line in done.stdout.splitlines()
            if line.startswith("excluded:")
        }
    )
    assert left_out.keys() >= {"flag_3", "flag_4", "flag_9"}
    assert len(rows(tmp_path / "a.csv")) + left_out.total() == counts(folder)["readings"]
    assert done.stdout.endswith(
        "\n--flags 1,2,3,4,9 also exports the readings that were excluded for their flag\n"
    )


def test_the_flags_that_an_export_suggests_include_the_excluded_readings(
    folder: Path, tmp_path: Path
) -> None:
    """The station 진도(첨찰산) is closed, so all of its later readings fail and are excluded."""
    asked = ("export", "--warehouse", folder, "--format", "csv", "--out", tmp_path / "a.csv")
    refused = run(*asked, "--station", 175)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "there is nothing to export; excluded: 2 flag_4, 747 other_stations" in refused.stderr
    named = refused.stderr.partition("(")[2].partition(" also exports")[0].split()
    assert named == ["--flags", "1,2,4"]
    done = run(*asked, "--station", 175, *named)
    assert (done.exit_code, done.stdout.splitlines()[1:]) == (0, ["excluded: 747 other_stations"])
    assert {(row["station_id"], row["flag"]) for row in rows(tmp_path / "a.csv")} == {("175", "4")}


@pytest.mark.parametrize("form", ["parquet", "csv", "geojson"])
def test_an_export_has_an_attribution(folder: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"out.{form}"
    assert run("export", "--warehouse", folder, "--format", form, "--out", out).exit_code == 0
    candidates = [out / "about.json", tmp_path / "out.csv-metadata.json", out]
    manifest = next(path for path in candidates if path.is_file() and path.suffix != ".csv")
    assert "Korea Meteorological Administration" in manifest.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["--flags", "good"], 2, "--flags good: expected numbers, such as 1,2"),
        (["--format", "xls"], 2, "xls"),
        (["--since", "19.12.2025"], 2, "19.12.2025"),
        (["--region", "Seoul"], 2, "Invalid value"),
        (["--region", 99], 1, "no region 99: regions are 1 to "),
        (["--station", SEOUL, "--station", 1], 1, "no station 1"),
        (["--flags", ""], 2, "--flags : expected numbers, such as 1,2"),
        (["--flags", "1,5"], 1, "no flag 5"),
        (["--since", "2025-02-01", "--until", "2025-01-01"], 1, "is after until"),
        (["--since", "2040-01-01"], 1, "there is nothing to export"),
    ],
)
def test_a_failed_export_command_writes_nothing(
    folder: Path, tmp_path: Path, arguments: list[object], status: int, complaint: str
) -> None:
    done = run("export", "--warehouse", folder, "--out", tmp_path / "out", *arguments)
    assert (done.exit_code, done.stdout) == (status, "")
    assert complaint in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_export_needs_the_option_out(folder: Path) -> None:
    assert run("export", "--warehouse", folder).exit_code == 2


def test_a_folder_that_is_not_an_export_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "out"
    mine.mkdir()
    (mine / "thesis.txt").write_text("three years of work", encoding="utf-8")
    done = run("export", "--warehouse", folder, "--out", mine)
    assert done.exit_code == 1
    assert str(mine) in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "thesis.txt"]


def test_views_of_an_imported_warehouse_equal_those_of_the_exported_one(
    folder: Path, tmp_path: Path
) -> None:
    out, rebuilt = tmp_path / "out", tmp_path / "rebuilt"
    assert run("export", "--warehouse", folder, "--out", out).exit_code == 0
    done = run("import", out, "--warehouse", rebuilt)
    assert done.exit_code == 0, done.output
    told = dict(line.split() for line in done.stdout.splitlines())
    assert {table: int(told[table].replace(",", "")) for table in counts(folder)} == counts(folder)
    assert counts(rebuilt) == counts(folder)
    with Warehouse(folder).reader() as before, Warehouse(rebuilt).reader() as after:
        for view in ("frozen_feeds", "quality_summary", "sites", "latest_readings", "extremes"):
            ours, theirs = (con.sql(f"FROM {view} ORDER BY ALL").pl() for con in (before, after))
            assert ours.equals(theirs), view
            assert ours.height, view


def test_import_needs_a_complete_export_and_an_empty_folder(folder: Path, tmp_path: Path) -> None:
    part, none = tmp_path / "part", tmp_path / "none"
    assert run("export", "--warehouse", folder, "--out", part, "--region", 1).exit_code == 0
    for source, complaint in ((part, "not a complete export"), (none, "not a Parquet export")):
        done = run("import", source, "--warehouse", tmp_path / "new")
        assert (done.exit_code, done.stdout) == (1, "")
        assert complaint in done.stderr
        assert done.stderr.count("\n") == 1
    whole = tmp_path / "whole"
    assert run("export", "--warehouse", folder, "--out", whole).exit_code == 0
    assert run("import", whole, "--warehouse", folder).exit_code == 1
    assert run("import").exit_code == 2


def test_forget_without_yes_only_counts(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "warehouse"
    shutil.copytree(folder, place)
    before = counts(place)
    asked = ("forget", "--uri", "*/01-seed*", "--warehouse", place)
    preview = run(*asked)
    assert preview.exit_code == 0
    assert "documents  1\n" in preview.stdout
    assert "nothing was changed; --yes removes them" in preview.stdout
    assert counts(place) == before

    done = run(*asked, "--yes")
    assert done.exit_code == 0
    assert preview.stdout.startswith(done.stdout)
    assert counts(place)["documents"] == before["documents"] - 1
    again = run(*asked, "--yes")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "no document matches" in again.stderr


def test_forget_removes_official_observations(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "warehouse"
    shutil.copytree(folder, place)
    asos = tmp_path / "asos.csv"
    hours = [f"{s},,2022-08-08 {h:02}:00,25.3" for s in (SEOUL, BUSAN) for h in range(24)]
    asos.write_text("\n".join(["지점,지점명,일시,기온(°C)", *hours, ""]), encoding="utf-8")
    with Warehouse(place).writer() as con:
        load_observations(con, [asos])
    asked = ("forget", "--observations", "--station", BUSAN, "--warehouse", place)
    preview = run(*asked)
    assert preview.exit_code == 0
    assert preview.stdout.splitlines() == [
        "observations  24 of 1 stations",
        "days          2022-08-08 to 2022-08-08",
        "hours         0 snapshots have their hour from these",
        "nothing was changed; --yes removes them",
    ]
    assert run(*asked, "--yes").exit_code == 0
    again = run(*asked)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "no observation matches" in again.stderr
    with Warehouse(place).reader() as con:
        left = con.sql("SELECT station_id, source FROM observations").fetchall()
    assert {station for station, source in left if source == "portal"} == {SEOUL}
    assert (BUSAN, "feed") in left  # from the feed among the samples


@pytest.mark.parametrize("options", [["--since", "2022-08-08"], ["--observations", "--uri", "*"]])
def test_documents_and_observations_are_not_forgotten_together(
    folder: Path, options: list[str]
) -> None:
    done = run("forget", "--site", "x", *options, "--warehouse", folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--observations" in done.stderr


@pytest.mark.parametrize("yes", [[], ["--yes"]])
def test_forget_creates_no_warehouse(tmp_path: Path, yes: list[str]) -> None:
    done = run("forget", "--site", "*", "--warehouse", tmp_path / "none", *yes)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"nalssi: no warehouse in {tmp_path / 'none'}")
    assert list(tmp_path.iterdir()) == []


def test_forget_needs_a_selection(folder: Path) -> None:
    done = run("forget", "--yes", "--warehouse", folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "forget needs --uri or --site" in done.stderr


def test_an_export_replaces_an_earlier_one_and_its_manifest(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for filters, regions in (([], None), (["--region", 10], {10})):
        assert run("export", "--warehouse", folder, "--out", out, *filters).exit_code == 0
        found = set(pl.scan_parquet(out / "readings").collect()["region_id"].drop_nulls())
        assert found == (regions or set(region_ids()))
    assert json.loads((out / "about.json").read_text())["selection"] == {"regions": [10]}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
