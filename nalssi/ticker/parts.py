"""Lines → their parts.

A ticker line has at most a bullet, a name part, a temperature and a name part. Which names are
known is `names`' matter, which lines make up a ticker is `runs`'.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.symbols import BULLETS, MARKED, TORN, UNIT, changed

_NUMBER_AT_END = r"[+-]?\.?[0-9][0-9.,]*$"
_WITHOUT_UNIT = r"^([^0-9]*?)\s*([+-]?\.?[0-9][0-9.,]*)\s*([^0-9]*)$"
_ODD_UNIT = r"^(?:도씨?|[°˚º]?[A-Za-z]{0,2}|[%℉])$"
_PROVIDED = "제공"
_PROVIDER = ("기상청 제공", "기상청제공")


def _without_provider(texts: pl.Series) -> pl.Series:
    for provider in _PROVIDER:
        texts = texts.str.strip_suffix(provider)
    return texts


def cut_into_parts(lines: pl.DataFrame, *, bullets: bool = True) -> pl.DataFrame:
    """Add `bulleted`, `before`, `number`, `unit`, `after`; null where a line lacks that part.

    A line with neither number nor unit has its whole text in `before`. `odd_unit`: another unit
    stands in the place of the degrees Celsius. `bullets=False`: no line begins with one.
    """
    text = pl.col("clean")
    marked = text.str.head(1).is_in([*BULLETS, MARKED]) | text.str.starts_with("- ")
    lines = lines.with_columns(bulleted=marked if bullets else pl.lit(value=False))
    body = lines.select(pl.when("bulleted").then(text.str.slice(1)).otherwise(text)).to_series()
    body = changed(body, lines["last"], lambda some: some.str.replace(TORN, ""))
    body = changed(body, body.str.ends_with(_PROVIDED), _without_provider)
    unit = body.str.contains(UNIT, literal=True)
    # A number without its unit gets one, so that every line is cut in one way; `unit` still tells.
    body = changed(
        body, ~unit, lambda some: some.str.replace(_WITHOUT_UNIT, f"${{1}}${{2}}{UNIT}$3")
    )
    lines = lines.with_columns(
        body.str.splitn(UNIT, 2).struct.rename_fields(["before", "after"]).struct.unnest(),
        unit=pl.when(unit).then(pl.lit(UNIT)),
    ).with_columns(pl.col("before", "after").str.strip_chars())
    without = (~unit).arg_true()  # few, and the pattern is slow
    odd = lines["after"].gather(without).str.contains(_ODD_UNIT).fill_null(value=False)
    odd_unit = (unit & ~unit).scatter(without, odd)
    return (
        lines.with_columns(
            odd_unit=odd_unit,
            after=changed(lines["after"], odd_unit, lambda some: some.str.head(0)),
        )
        .with_columns(
            number=pl.when(pl.col("after").is_not_null())
            .then("before")
            .str.extract(_NUMBER_AT_END, 0)
        )
        .with_columns(
            pl.coalesce(
                pl.col("before").str.strip_suffix(pl.col("number")), "before"
            ).str.strip_chars_end(),
            pl.col("after").fill_null(""),
        )
    )
