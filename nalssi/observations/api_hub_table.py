"""Read an answer of KMA's API hub: the hourly values of all ASOS stations as a table of text.

    #START7777
    #--------------------------------------------------------------------
    # YYMMDDHHMI STN  WD   WS GST  GST  GST     PA     PS PT    PR    TA …
    #        KST  ID  16  m/s  WD   WS   TM    hPa    hPa  -   hPa     C …
    202508241400 108  27  2.1  -9 -9.0   -9 1000.1 1010.2  5  -0.4  31.2 …
    #7777END

Columns are separated by spaces. The header names the columns in their order; without a header, the
documented positions apply: 46 columns, the temperature in the twelfth. The text is in EUC-KR. `-9`
means that there is no value; soil temperatures have `-99`, so both are read as such. A temperature
of exactly −9.0 °C cannot be told from a missing one, and is counted as missing.
docs/observations.md names the pages from which this was taken. Where the hub has no data to give,
it answers with JSON, with a web page or with a line of text, often with status 200.
"""

from __future__ import annotations

import io
import json
import re
from datetime import datetime, timedelta

import polars as pl

from nalssi.observations.api_hub_error import ApiHubError
from nalssi.observations.asos_hours import hours
from nalssi.observations.asos_table import Block
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import station_ids

START_MARK, END_MARK = "#START7777", "#7777END"
TIME, STATION, TEMPERATURE = "YYMMDDHHMI", "STN", "TA"
"""The names of the columns that are used. The first column named STN is the station."""
DOCUMENTED = {TIME: 0, STATION: 1, TEMPERATURE: 11}
DOCUMENTED_WIDTH = 46
MOST_STATIONS, MOST_COLUMNS = 300, 200
"""The largest numbers of stations and columns in an answer. KMA has about 100 stations."""
MISSING = r"^(?:-|-9(?:\.0+)?|-99+(?:\.[09]+)?)$"
NUMBER = r"^-?[0-9]{1,3}(?:\.[0-9]0*)?$"
_QUOTED_CHARACTERS = 150
_KEY_WORDS = re.compile(r"인증키|auth\s?_?key|api\s?_?key|unauthori[sz]ed", re.IGNORECASE)


def read_answer(text: str, first: datetime, last: datetime) -> Block:
    """Read an answer with the hours from `first` to `last`.

    Rows of other hours are rejected. Raises ApiHubError if the text is no table, if it ends too
    early or has too many rows, or if its header lacks a column.
    """
    most_rows = (round((last - first) / timedelta(hours=1)) + 1) * MOST_STATIONS
    positions, width = DOCUMENTED, DOCUMENTED_WIDTH
    rows: list[tuple[int, str, list[str]]] = []
    begun, final = False, ""
    for number, line in enumerate(io.StringIO(text), start=1):
        if not line.strip():
            continue
        final = line.strip()
        if final.startswith("#"):
            begun = begun or final == START_MARK
            if names := _column_names(final):
                positions, width = _positions(names), len(names)
        elif not begun:
            raise error_of_text(text)
        elif len(rows) == most_rows:
            raise ApiHubError(f"an answer of the API hub has more than {most_rows:,} rows")
        else:
            rows.append((number, line.rstrip("\r\n"), line.split(None, width)))
    if not begun:
        raise error_of_text(text)
    if final != END_MARK:
        raise ApiHubError(
            f"the answer of the API hub ends too early: its last line is not {END_MARK}",
            temporary=True,
        )
    return _block(rows, positions, width, first, last)


def error_of_text(text: str, status: int | None = None) -> ApiHubError:
    """Return the error for an answer without data.

    It quotes the message of an answer in JSON. Of other answers, it quotes the title of a web page
    or a line of text, but only if `status`, the HTTP status of the answer, is None for 200.
    """
    start = text.lstrip("\ufeff \t\r\n")[:10_000]
    if start.startswith("{") and (found := _json_error(start)):
        stated, message = found
        return _refusal(stated or status, message)
    if status is not None:
        return _refusal(status, "")
    if re.match(r"<(?:!doctype html|html|head|body)\b", start, re.IGNORECASE):
        title = re.search(r"<title[^>]*>(.*?)</title>", start, re.IGNORECASE | re.DOTALL)
        named = f" {_quoted(title[1])}" if title and title[1].strip() else ""
        return ApiHubError(f"the API hub answered with a web page{named} instead of data")
    if not start:
        return ApiHubError("the API hub sent an empty answer", temporary=True)
    if _KEY_WORDS.search(start):
        return ApiHubError(f"the API hub does not accept the key: {_quoted(start)}")
    return ApiHubError(f"the API hub answered with a message instead of data: {_quoted(start)}")


def _json_error(text: str) -> tuple[int | None, str] | None:
    """Return the status and the message in an error of the hub; None if the text is no JSON.

    The status is None if the JSON does not state one. The message is then the whole text if the
    JSON has none.
    """
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    result = answer.get("result", answer) if isinstance(answer, dict) else {}
    if not isinstance(result, dict):
        result = {}
    status, message = str(result.get("status")), result.get("message")
    stated = int(status) if re.fullmatch(r"[0-9]{3}", status) else None
    return stated, str(message) if message else text


def _refusal(status: int | None, message: str) -> ApiHubError:
    """Return the error for a status that the hub states in its header or in its JSON.

    `message` is the hub's text, which the error quotes. An error with status 429, or with a status
    from 500 on and a message that is not about the key, is temporary: another call may succeed.
    """
    said = f": {_quoted(message)}" if message else ""
    if status == 401 or (status not in (403, 429) and _KEY_WORDS.search(message)):
        code = f" ({status})" if status else ""
        return ApiHubError(f"the API hub does not accept the key{code}{said}")
    if status == 403:
        return ApiHubError(
            "the API hub refuses the request (403): the key may be wrong, or not registered for"
            f" this API{said}"
        )
    if status == 429:
        return ApiHubError(
            f"the API hub received too many requests (429){said}; a limit of the key, such as that"
            " of a day, may be reached",
            temporary=True,
        )
    if status is None:
        return ApiHubError(f"the API hub answered with an error instead of data{said}")
    return ApiHubError(f"the API hub answered {status}{said}", temporary=status >= 500)


def _quoted(text: str) -> str:
    """Return the first `_QUOTED_CHARACTERS` of a text on one line, in quotes."""
    line = " ".join(text.split())
    return repr(line if len(line) <= _QUOTED_CHARACTERS else line[:_QUOTED_CHARACTERS] + "…")


def _column_names(comment: str) -> list[str]:
    """Return the column names that a comment lists (`# YYMMDDHHMI STN …`), else an empty list."""
    names = comment.lstrip("#").split(None, MOST_COLUMNS)
    return names if names[:1] == [TIME] else []


def _positions(names: list[str]) -> dict[str, int]:
    if STATION not in names or names.count(TEMPERATURE) != 1:
        raise ApiHubError(f"the columns of the API hub have changed: {_quoted(' '.join(names))}")
    return {name: names.index(name) for name in DOCUMENTED}


def _block(
    lines: list[tuple[int, str, list[str]]],
    positions: dict[str, int],
    width: int,
    first: datetime,
    last: datetime,
) -> Block:
    def column(name: str) -> list[str]:
        at = positions[name]
        return [fields[at] if at < len(fields) else "" for _, _, fields in lines]

    rows = pl.DataFrame(
        {
            "line": [number for number, _, _ in lines],
            "text": [text for _, text, _ in lines],
            "fields": [len(fields) for _, _, fields in lines],
            "time": column(TIME),
            "station": column(STATION),
            "temperature": column(TEMPERATURE),
        },
        schema={
            "line": pl.UInt32,
            "text": pl.String,
            "fields": pl.Int32,
            "time": pl.String,
            "station": pl.String,
            "temperature": pl.String,
        },
    )
    rows = rows.join(hours(rows["time"]), on="time", how="left", maintain_order="left")
    rows = rows.with_columns(
        station_id=pl.col("station").cast(pl.Int16, strict=False),
        # replacing makes -0.0 to 0.0
        temperature_c=pl.col("temperature")
        .cast(pl.Float64, strict=False)
        .round(1)
        .replace(0.0, 0.0),
    )
    rows = rows.with_columns(reason=_reason(width, first, last))
    good, missing = pl.col("reason").is_null(), pl.col("reason") == "missing"
    return Block(
        rows=rows.height,
        missing=rows.filter(missing).height,
        observations=rows.filter(good).select("line", "station_id", "observed_at", "temperature_c"),
        rejected=rows.filter(~good & ~missing).select("line", "text", "reason"),
    )


def _reason(width: int, first: datetime, last: datetime) -> pl.Expr:
    """Return an expression for the reason why a row is not an observation; null if it is one.

    `width` is the number of columns that a row must have. `first` and `last` are the hours that
    were asked for; rows of other hours have a reason.
    """
    temperature = pl.col("temperature")
    tests = {
        "cut_row": pl.col("fields") < width,
        "unknown_columns": pl.col("fields") > width,
        "unknown_station": ~pl.col("station_id").is_in(station_ids()).fill_null(False),
        "unreadable_time": ~pl.col("time").str.contains(r"^[0-9]{12}$"),
        "time_fault": pl.col("time_fault").is_not_null(),
        "hour_not_asked_for": ~pl.col("observed_at").is_between(first, last),
        "missing": temperature.str.contains(MISSING),
        "unreadable_temperature": ~temperature.str.contains(NUMBER),
        "impossible_temperature": ~pl.col("temperature_c").is_between(
            LOWEST_TEMPERATURE_C, HIGHEST_TEMPERATURE_C
        ),
    }
    reasons = {name: pl.lit(name) for name in tests} | {"time_fault": pl.col("time_fault")}
    return pl.coalesce(*(pl.when(test).then(reasons[name]) for name, test in tests.items()))
