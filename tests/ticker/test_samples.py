"""The readings and rejects of every sample page, compared with golden files.

The golden files were written by reading the pages, not by the grammar: one row per ticker line, in
page order, a reading or a reject. `NALSSI_WRITE_GOLDEN=1` writes them again from the grammar;
compare each changed row with its page before committing it.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from nalssi.common.paths import SAMPLES
from nalssi.common.reference import reference
from nalssi.sources import plan, read
from nalssi.ticker import Extraction, extract
from schemas.contracts import check, polars_schema

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("NALSSI_WRITE_GOLDEN") == "1"
PAGES = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".md")
NAMES = [page.name for page in PAGES]

# `observed` is the day or, from the feed, the hour that the list stands under.
COLUMNS = {
    "line": pl.Int32,
    "observed": pl.String,
    "date_source": pl.String,
    "station_id": pl.Int16,
    "station": pl.String,
    "station_source": pl.String,
    "condition": pl.String,
    "condition_raw": pl.String,
    "temperature_c": pl.Float64,
    "reject": pl.String,
}

# A saved page is known by the address that it says it has.
ADDRESSES = {"http://www.uridongne.example/news/article.html?no=1": "18-html-euc-kr.html"}


@cache
def documents() -> pl.DataFrame:
    """Return the sample pages as documents, with the file's `name`."""
    partitions = plan([str(SAMPLES)]).partitions
    frame = pl.concat([batch.documents for part in partitions for batch in read(part)])
    uri = pl.col("uri").replace(ADDRESSES)
    return frame.with_columns(name=uri.str.split("/").list.last())


@cache
def extracted(*names: str) -> Extraction:
    return extract(documents().filter(pl.col("name").is_in(names)).drop("name"))


def rows(extraction: Extraction) -> pl.DataFrame:
    """Return the ticker lines of one document, in the columns of a golden file."""
    hour = pl.col("observed_at").dt.convert_time_zone("Asia/Seoul").dt.strftime("%Y-%m-%dT%H:%M%:z")
    day = pl.col("observed_on").cast(pl.String)
    snapshots = extraction.snapshots.select("snapshot_id", observed=pl.coalesce(hour, day))
    named = (
        reference("station_history")
        .group_by("station_id")
        .agg(station=pl.col("name_ko").sort_by("valid_from").last())
    )
    readings = (
        extraction.lines.join(snapshots, on="snapshot_id")
        .join(extraction.sightings.select("snapshot_id", "date_source"), on="snapshot_id")
        .join(named, on="station_id")
    )
    rejects = extraction.rejects.select("line", reject="reason")
    together = pl.concat([readings, rejects], how="diagonal").sort("line")
    return together.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())


def write_golden(page: Path, frame: pl.DataFrame) -> None:
    frame.write_csv(GOLDEN / f"{page.stem}.csv", float_precision=1)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_line_reads_as_the_page_says(page: Path) -> None:
    found = rows(extracted(page.name))
    if WRITE:
        write_golden(page, found)
        pytest.skip("golden file written from the grammar, nothing compared")
    said = pl.read_csv(GOLDEN / f"{page.stem}.csv", schema=COLUMNS)
    assert_frame_equal(found, said)


def test_every_golden_file_belongs_to_a_sample() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {page.stem for page in PAGES}


def document_ids(name: str) -> pl.Series:
    return documents().filter(pl.col("name") == name)["document_id"]


def test_every_sample_comes_through_the_sources_as_one_document() -> None:
    assert sorted(documents()["name"]) == NAMES


def test_all_pages_together_read_as_each_alone() -> None:
    together = extracted(*NAMES)
    for page in PAGES:
        alone = extracted(page.name)
        mine = pl.col("document_id").is_in(document_ids(page.name).implode())
        assert_frame_equal(together.lines.filter(mine), alone.lines)
        assert_frame_equal(together.rejects.filter(mine), alone.rejects)
        assert_frame_equal(together.sightings.filter(mine), alone.sightings)


def test_every_ticker_line_of_the_samples_is_a_reading_or_a_reject() -> None:
    together = extracted(*NAMES)
    assert together.ticker_lines == together.lines.height + together.rejects.height


def test_what_is_read_keeps_the_contracts() -> None:
    together = extracted(*NAMES)
    for table in ("documents", "snapshots", "readings", "rejects"):
        check(table, getattr(together, table))
    sightings = together.sightings.with_columns(load_id=pl.lit("a" * 16))
    check("sightings", sightings.select(polars_schema("sightings").names()))


def test_a_reject_keeps_the_line_as_printed() -> None:
    texts = dict(documents().select("document_id", pl.col("text").str.split("\n")).iter_rows())
    rejects = extracted(*NAMES).rejects
    assert rejects.height == 2  # a nameless line without a place, a cut one
    for reject in rejects.iter_rows(named=True):
        printed = texts[reject["document_id"]][reject["line"] - 1]
        assert reject["text"] == printed.strip()


def test_the_page_without_a_ticker_yields_nothing_but_is_remembered_as_examined() -> None:
    page = extracted("16-no-ticker.txt")
    assert page.ticker_lines == 0
    assert page.documents.is_empty()
    assert page.rejects.is_empty()
    assert page.examined.height == 1


def test_one_ticker_on_two_sites_is_one_snapshot_with_two_sightings() -> None:
    pages = extracted("02-date-without-space.txt", "03-same-ticker-another-site.txt")
    assert pages.documents.height == 2
    assert pages.snapshots.height == 1
    assert pages.sightings.height == 2
    assert pages.readings.height == 16


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("06-reversed-glued-date-after.txt", "07-frozen-feed-another-site.txt"),
        ("09-no-conditions.txt", "10-frozen-feed-29-days-later.txt"),
    ],
)
def test_a_frozen_feed_is_the_same_list_in_another_snapshot(first: str, later: str) -> None:
    values = ["station_id", "condition", "temperature_c"]
    one, other = extracted(first), extracted(later)
    assert one.readings.select(values).equals(other.readings.select(values))
    assert one.snapshots["observed_on"].item() < other.snapshots["observed_on"].item()
    assert one.snapshots["snapshot_id"].item() != other.snapshots["snapshot_id"].item()


def test_snapshots_and_their_readings_sort_by_day() -> None:
    found = extracted(*NAMES)
    by_id = found.snapshots.sort("snapshot_id")
    dated = by_id["observed_on"].drop_nulls()
    assert dated.is_sorted()
    assert by_id["observed_on"].head(dated.len()).equals(dated)  # the undated come last
    assert found.readings["snapshot_id"].is_sorted()


def test_two_tickers_on_a_page_keep_their_own_dates() -> None:
    page = extracted("15-two-tickers.txt")
    assert page.sightings["line"].to_list() == [5, 33]
    assert page.sightings["printed_on"].cast(pl.String).to_list() == ["2026-01-06", "2026-02-02"]


def test_the_numbers_in_scripts_and_articles_are_no_readings() -> None:
    assert extracted("18-html-euc-kr.html").readings["temperature_c"].max() == 18.8
    assert not extracted(*NAMES).readings["temperature_c"].is_in([99.9, -11.0, 35.0]).any()
