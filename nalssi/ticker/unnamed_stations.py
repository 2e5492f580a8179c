"""Find the stations of ticker lines without a name, by the order of stations in KMA's feed.

The feed lists stations by rising id. A site with an old table of names prints the line of a newer
station without its name. The station is the only open station whose id is between the ids of the
line before and the line after, and which the page does not name elsewhere. It stays unknown if
several stations are possible, if the list is not sorted by id, or if the line before or after is
rejected, because the missing name may belong to that line.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.reference import reference

RISING_SHARE = 0.8
"""In a list that is sorted as KMA's feed, at least this share of the lines has a higher station id
than the line before. In lists with another order, about half of the lines have."""

_REJECTED = -1  # equals no station id


def fill_unnamed_stations(lines: pl.DataFrame) -> pl.DataFrame:
    """Find the stations of nameless lines: fill `station_id`, and add `station_source`.

    A station fits under the conditions that the module's docstring names. `station_source` is
    `name` if the line prints the station's name, and `order` if exactly one station fits a nameless
    line; otherwise it is null. A nameless line that no station or several fit, or that is not the
    only one between two named lines, gets the reason `unnamed_station`. `lines` is in page order
    and has the columns `doc, pos, run, name, station_id, unit, reason, observed_on`. If
    `observed_on` is null, only stations that are open today fit.
    """
    lines = lines.with_columns(
        nameless=pl.col("name").is_null() & pl.col("reason").is_null(),
        station_source=pl.when(pl.col("station_id").is_not_null()).then(pl.lit("name")),
    )
    pages = lines.filter("nameless")["doc"].unique()  # few or none
    fitting = _fitting_stations(lines.filter(pl.col("doc").is_in(pages.implode())))
    return lines.join(fitting, on=["doc", "pos"], how="left", maintain_order="left").with_columns(
        station_id=pl.coalesce("station_id", "fits"),
        station_source=pl.when(pl.col("fits").is_not_null())
        .then(pl.lit("order"))
        .otherwise("station_source"),
        reason=pl.when(pl.col("nameless") & pl.col("fits").is_null())
        .then(pl.lit("unnamed_station"))
        .otherwise("reason"),
    )


def _fitting_stations(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the nameless lines for which only one station is possible.

    Columns: `doc, pos` of the line (see `candidate_lines`), and `fits`, the station's id. `lines`
    are all ticker lines of pages with nameless lines.
    """
    # `• 강릉` and `맑음 14.1℃` can be one reading on two lines, so a rejected neighbour counts
    neighbour = pl.when(pl.col("reason").is_null()).then("station_id").otherwise(_REJECTED)
    named = lines.filter(pl.col("station_id").is_not_null())
    steps = pl.col("station_id").diff()
    in_feed_order = (
        named.group_by("run")
        .agg(rising=(steps > 0).mean())
        .filter(pl.col("rising") >= RISING_SHARE)
    )
    gaps = (
        lines.with_columns(
            id_before=neighbour.forward_fill().over("run"),
            id_after=neighbour.backward_fill().over("run"),
        )
        .filter("nameless")
        .join(in_feed_order, on="run", how="semi")
        .group_by("doc", "run", "observed_on", "id_before", "id_after")
        .agg(pl.len(), pl.col("pos", "unit").first())
        .filter(
            (pl.col("len") == 1)
            & pl.any_horizontal("id_before", "id_after").is_not_null()
            & pl.all_horizontal(pl.col("id_before", "id_after").ne_missing(_REJECTED))
            & pl.col("unit").is_not_null()  # `• 맑음` alone is not a reading
        )
    )
    return (
        gaps.join(_periods_between(gaps), on=["id_before", "id_after"], nulls_equal=True)
        .filter(
            pl.when(pl.col("observed_on").is_null())
            .then(pl.col("valid_to").is_null())
            .otherwise(
                (pl.col("valid_from") <= pl.col("observed_on"))
                & (pl.col("valid_to").is_null() | (pl.col("observed_on") < pl.col("valid_to")))
            )
        )
        .join(named.select("doc", fits="station_id"), on=["doc", "fits"], how="anti")
        .group_by("doc", "pos")
        .agg(pl.col("fits").unique())
        .filter(pl.col("fits").list.len() == 1)
        .explode("fits")
    )


def _periods_between(gaps: pl.DataFrame) -> pl.DataFrame:
    """Return the stations whose ids are between `id_before` and `id_after`, for each pair of ids.

    `gaps` has the columns `id_before, id_after`; a null is no limit. The result has a row for each
    pair and period in which a station was open: `id_before, id_after`, the station's id `fits`,
    `valid_from, valid_to`.
    """
    periods = reference("station_history").select("valid_from", "valid_to", fits="station_id")
    return (
        gaps.select("id_before", "id_after")
        .unique()
        .join(periods, how="cross")
        .filter(
            (pl.col("id_before").is_null() | (pl.col("fits") > pl.col("id_before")))
            & (pl.col("id_after").is_null() | (pl.col("fits") < pl.col("id_after")))
        )
    )
