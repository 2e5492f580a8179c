"""Nameless lines → stations, by their place in KMA's feed order.

The feed lists stations by rising id, and a site whose table of names is old prints a newer
station's line without its name. Such a line is that of the one open station between its neighbours
that the page does not name. Where two would fit, the list is in another order or a refused line
stands beside it (it may be the name that is missing), it stays unknown.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.reference import reference

# A list in feed order rises at (nearly) every step, one in any other order at about half of them.
RISING_SHARE = 0.8

_REFUSED = -1  # no station's id: what a refused line says of its place in the list


def name_by_order(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `station_source` to ticker lines and fill `station_id` of nameless ones where one fits.

    Needs `doc, pos, run, name, station_id, observed_on` (null: any date; then only stations that
    are open to this day fit) and the order of the page.
    """
    lines = lines.with_columns(
        nameless=pl.col("name").is_null() & pl.col("reason").is_null(),
        station_source=pl.when(pl.col("station_id").is_not_null()).then(pl.lit("name")),
    )
    pages = lines.filter("nameless")["doc"].unique()  # few or none
    fitting = _fitting(lines.filter(pl.col("doc").is_in(pages.implode())))
    return lines.join(fitting, on=["doc", "pos"], how="left", maintain_order="left").with_columns(
        station_id=pl.coalesce("station_id", "fits"),
        station_source=pl.when(pl.col("fits").is_not_null())
        .then(pl.lit("order"))
        .otherwise("station_source"),
        reason=pl.when(pl.col("nameless") & pl.col("fits").is_null())
        .then(pl.lit("unnamed_station"))
        .otherwise("reason"),
    )


def _fitting(lines: pl.DataFrame) -> pl.DataFrame:
    """`doc, pos, fits`: the nameless lines, of whole pages, that one station (`fits`) fits."""
    # `• 강릉` and `맑음 14.1℃` on two lines: what stands beside a refused name may well be its own
    beside = pl.when(pl.col("reason").is_null()).then("station_id").otherwise(_REFUSED)
    named = lines.filter(pl.col("station_id").is_not_null())
    steps = pl.col("station_id").diff()
    in_feed_order = (
        named.group_by("run")
        .agg(rising=(steps > 0).mean())
        .filter(pl.col("rising") >= RISING_SHARE)
    )
    gaps = (
        lines.with_columns(
            id_before=beside.forward_fill().over("run"),
            id_after=beside.backward_fill().over("run"),
        )
        .filter("nameless")
        .join(in_feed_order, on="run", how="semi")
        .group_by("doc", "run", "observed_on", "id_before", "id_after")
        .agg(pl.len(), pl.col("pos", "unit").first())
        .filter(
            (pl.col("len") == 1)
            & pl.any_horizontal("id_before", "id_after").is_not_null()
            & pl.all_horizontal(pl.col("id_before", "id_after").ne_missing(_REFUSED))
            & pl.col("unit").is_not_null()  # `• 맑음` alone is no station's weather
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
        .select("doc", "pos", fits=pl.col("fits").list.first())
    )


def _periods_between(gaps: pl.DataFrame) -> pl.DataFrame:
    """For each pair of neighbours the stations (`fits`) between them and when they were open."""
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
