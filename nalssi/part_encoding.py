"""Convert extracted tables to the compact rows of the files of a part.

`nalssi.part_tables` describes these files, and reads them.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from nalssi.part_tables import TENTHS, WORDING, day_of_id
from schemas.contracts import ContractError

_ID_AND_ROW = pl.Schema({"id": pl.String, "row": pl.Int32})


class TableEncoder:
    """Converts extracted tables to the compact rows of the files of one part.

    A part is extracted in batches: call `encode` for each. A document or snapshot of an earlier
    batch is not written again. For this, the encoder keeps the ids of all written ones in memory:
    about 100 bytes for a document that holds a ticker.
    """

    def __init__(self) -> None:
        self.wordings = pl.DataFrame(schema=dict.fromkeys(WORDING, pl.String))
        self._documents = pl.DataFrame(schema=_ID_AND_ROW)
        self._snapshots = pl.DataFrame(schema=_ID_AND_ROW)
        self._last: dict[str, int] = {}

    def encode(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """Return the rows that the tables of a batch add to the files of the part, by file.

        The files `wordings`, `counts` and `problems` are not among them. Raises ContractError if a
        snapshot does not have `station_count` readings.

        The file `repeated` has the readings of snapshots that were in an earlier batch:
        `snapshot, station_id, wording`. The earlier batch may have stored another wording of the
        same reading; `first_wordings` corrects that.
        """
        documents = _unknown(tables["documents"], "document_id", self._documents)
        self._documents = _numbered(self._documents, documents["document_id"])
        sightings = tables["sightings"].join(
            documents, on="document_id", how="semi", maintain_order="left"
        )
        rejects = tables["rejects"].join(
            documents, on="document_id", how="semi", maintain_order="left"
        )
        order = sightings.select("snapshot_id").unique(maintain_order=True).with_row_index("order")
        snapshots = (
            _unknown(tables["snapshots"], "snapshot_id", self._snapshots)
            .join(order, on="snapshot_id", how="left")
            .sort("order", nulls_last=True)
        )
        known = self._snapshots.height
        self._snapshots = _numbered(self._snapshots, snapshots["snapshot_id"])
        readings = self._compact_readings(tables["readings"])
        new = readings.filter(pl.col("snapshot") >= known)
        return {
            "documents": self._encoded_documents(documents),
            "snapshots": _encoded_snapshots(snapshots, new, known),
            "sightings": self._encoded_sightings(sightings, tables["snapshots"]),
            "readings": _encoded_readings(new),
            "rejects": self._encoded_rejects(rejects),
            "examined": tables["examined"].select(pl.col("document_id").str.decode("hex")),
            "repeated": readings.filter(pl.col("snapshot") < known).select(
                "snapshot", "station_id", "wording"
            ),
        }

    def first_wordings(self, readings: pl.DataFrame, repeated: pl.DataFrame) -> pl.DataFrame:
        """Return `readings` (`snapshot, station_id, wording`, …) with merged wordings.

        `repeated` has other wordings of the same readings, from `encode`. A merged wording has the
        alphabetically first `station_source` and `condition_raw` of the wordings of a reading, as
        in `nalssi.ticker.extraction.MERGE_DUPLICATES`.
        """
        key = ["snapshot", "station_id"]
        others = repeated.join(readings.select(*key, "wording"), on=[*key, "wording"], how="anti")
        if others.is_empty():
            return readings
        several = pl.concat(
            [others, readings.join(others, on=key, how="semi").select(*key, "wording")]
        )
        merged = (
            several.join(self.wordings.with_row_index("wording"), on="wording")
            .group_by(key, maintain_order=True)
            .agg(
                pl.col("station_source").min(),
                pl.col("condition").first(),
                pl.col("condition_raw").min(),
            )
        )
        merged = merged.select(*key, first=self._wording_rows(merged.select(WORDING)))
        return readings.join(merged, on=key, how="left", maintain_order="left").with_columns(
            wording=pl.coalesce("first", "wording")
        )

    def _compact_readings(self, readings: pl.DataFrame) -> pl.DataFrame:
        """Return readings as numbers, sorted: `snapshot, station_id, wording, tenths` (of a °C).

        `snapshot` and `wording` are rows of the files `snapshots` and `wordings`, from 0.
        """
        runs = readings["snapshot_id"].rle().struct.unnest().rename({"value": "snapshot_id"})
        runs = _with_rows(runs, "snapshot", self._snapshots)
        return readings.select(
            runs["snapshot"].repeat_by(runs["len"]).explode(),
            "station_id",
            self._wording_rows(readings.select(WORDING)),
            tenths=(pl.col("temperature_c") * TENTHS).round().cast(pl.Int32),
        ).sort(pl.col("snapshot").cast(pl.Int64) * 2**16 + pl.col("station_id"))

    def _wording_rows(self, wordings: pl.DataFrame) -> pl.Series:
        """Return, for each row of a frame with the columns WORDING, its row in `self.wordings`.

        Wordings that are not there yet are appended.
        """
        distinct = wordings.unique(maintain_order=True)
        self.wordings = pl.concat([self.wordings, distinct]).unique(maintain_order=True)
        rows = self.wordings.with_row_index("wording")
        return wordings.join(rows, on=WORDING, how="left", nulls_equal=True, maintain_order="left")[
            "wording"
        ]

    def _encoded_documents(self, documents: pl.DataFrame) -> pl.DataFrame:
        captured = documents["captured_at"].to_physical().alias("captured_at")
        return documents.select(
            pl.col("document_id").str.decode("hex"),
            *("uri", "site", "media_type"),
            captured_step=self._steps("captured_at", captured),
        )

    def _encoded_sightings(self, sightings: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
        days = snapshots.select("snapshot_id", "observed_on")
        rows = (
            _with_rows(
                _with_rows(sightings, "document", self._documents), "snapshot", self._snapshots
            )
            .join(days, on="snapshot_id", how="left", maintain_order="left")
            .with_columns(as_observed=pl.col("printed_on").eq_missing(pl.col("observed_on")))
        )
        return rows.select(
            self._steps("document", rows["document"]),
            self._steps("snapshot", rows["snapshot"]),
            "line",
            pl.when(~pl.col("as_observed")).then("printed_on").alias("printed_on"),
            pl.col("as_observed").alias("printed_as_observed"),
            *("date_source", "parser_version"),
        )

    def _encoded_rejects(self, rejects: pl.DataFrame) -> pl.DataFrame:
        rows = _with_rows(rejects, "document", self._documents)
        return rows.select(
            self._steps("rejects", rows["document"]).alias("document_step"),
            *("line", "text", "reason", "parser_version"),
        )

    def _steps(self, name: str, values: pl.Series) -> pl.Series:
        """Return the difference of each value to the value before it, as the series `{name}_step`.

        The first value is compared with the last value of the previous batch that was given with
        the same `name`, or with 0 in the first batch.
        """
        before = values.forward_fill().shift().fill_null(self._last.get(name, 0))
        if (last := values.drop_nulls()).len():
            self._last[name] = last[-1]
        return (values - before).alias(f"{name}_step")


def _unknown(frame: pl.DataFrame, column: str, known: pl.DataFrame) -> pl.DataFrame:
    return frame.join(known, left_on=column, right_on="id", how="anti", maintain_order="left")


def _numbered(known: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Return `known` (`id, row`) with `ids` appended, numbered further in the column `row`.

    `row` is the number of the row of an id in its file, from 0.
    """
    first = known.height
    rows = pl.int_range(first, first + ids.len(), dtype=pl.Int32, eager=True)
    return pl.concat([known, pl.DataFrame({"id": ids, "row": rows}, schema=_ID_AND_ROW)])


def _with_rows(frame: pl.DataFrame, name: str, known: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the column `name`: the number of the row that has the id `{name}_id`.

    `known` has the number of each row by its id (`id, row`).
    """
    rows = known.rename({"id": f"{name}_id", "row": name})
    return frame.join(rows, on=f"{name}_id", how="left", maintain_order="left")


def _encoded_snapshots(snapshots: pl.DataFrame, readings: pl.DataFrame, first: int) -> pl.DataFrame:
    middles = readings.group_by("snapshot", maintain_order=True).agg(
        middle=pl.col("tenths").median().cast(pl.Int32), listed=pl.len()
    )
    rows = snapshots.with_columns(
        snapshot=pl.int_range(first, first + pl.len(), dtype=pl.Int32)
    ).join(middles, on="snapshot", how="left", maintain_order="left")
    wrong = rows.filter(pl.col("station_count").ne_missing(pl.col("listed").cast(pl.Int16)))
    if wrong.height:
        raise ContractError(
            f"a snapshot without exactly station_count readings: {wrong['snapshot_id'][0]!r}"
        )
    is_day_of_id = pl.col("observed_on").eq_missing(day_of_id(pl.col("snapshot_id")))
    return rows.select(
        pl.col("snapshot_id").str.decode("hex"),
        pl.when(~is_day_of_id).then("observed_on").alias("observed_on"),
        *("observed_at", "station_count", "middle"),
    )


def _encoded_readings(readings: pl.DataFrame) -> pl.DataFrame:
    middle = pl.col("tenths").median().over("snapshot").cast(pl.Int32)
    return readings.select("station_id", "wording", deviation=pl.col("tenths") - middle)
