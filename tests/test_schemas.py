"""The contracts refuse what cannot be, say what they refuse in one line, and describe themselves.

Whether every path into the warehouse validates is tested beside those paths.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import warnings
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, date, datetime

import jsonschema
import pandera.polars as pa
import polars as pl
import pytest
import yaml
from pandera.errors import SchemaErrors
from pandera.polars import Check

import schemas
from schemas import vocabulary
from schemas.contract_rules import keeps_rules, rules
from schemas.contracts import TABLES, ContractError, check, polars_schema
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from tests.export.pandas_reader import FOLDER

ID = "a123456789abcdef"
NOW = datetime(2025, 12, 19, 3, tzinfo=UTC)

# One row a table that keeps its contract; each refusal below changes one thing in it.
GOOD: dict[str, dict[str, object]] = {
    "documents": {
        "document_id": ID,
        "uri": "https://news.example/1",
        "site": "news.example",
        "media_type": "text/html",
        "captured_at": NOW,
    },
    "snapshots": {
        "snapshot_id": "a4fd9789abcdef01",
        "observed_on": date(2025, 12, 19),
        "observed_at": None,
        "station_count": 16,
    },
    "sightings": {
        "document_id": ID,
        "snapshot_id": ID,
        "line": 3,
        "printed_on": date(2025, 12, 19),
        "date_source": "ticker",
        "parser_version": 1,
        "load_id": ID,
    },
    "readings": {
        "snapshot_id": ID,
        "station_id": 105,
        "station_source": "name",
        "condition": "mostly_cloudy",
        "condition_raw": "구름많음",
        "temperature_c": 14.1,
    },
    "rejects": {
        "document_id": ID,
        "line": 75,
        "text": "• 맑음양산시6.8",
        "reason": "cut_line",
        "parser_version": 1,
    },
    "quality": {"snapshot_id": ID, "station_id": 105, "flag": 3, "failed": ["spatial", "step"]},
    "observations": {
        "station_id": 105,
        "observed_at": NOW,
        "temperature_c": 29.5,
        "source": "portal",
    },
    "reconciliations": {
        "snapshot_id": ID,
        "observed_at": NOW,
        "distance_c": 0.0,
        "margin_c": 0.4,
        "stations": 95,
        "searched": "date",
        "verdict": "matched",
    },
    "repeated_lists": {
        "snapshot_id": ID,
        "first_on": NOW.date(),
        "last_on": NOW.date(),
        "existed_on": None,
    },
    "conclusions": {
        "snapshot_id": ID,
        "day": NOW.date(),
        "observed_at": NOW,
        "hour_source": "official",
        "not_before": NOW,
        "not_after": NOW,
        "clock_at": NOW,
        "clock_source": "official",
        "counts_as": ID,
        "counts_on": NOW.date(),
        "counts_at": NOW,
        "counts_source": "official",
        "lists": 2,
        "repeated": [108],
        "pages": 1,
        "first_document_id": ID,
        "usable": 94,
        "unusable": [119],
    },
    "loads": {
        "load_id": ID,
        "started_at": NOW,
        "finished_at": NOW,
        "flow_run_id": None,
        "nalssi_version": "0.1.0",
        "parser_version": 1,
        "sources_failed": 0,
        "documents_read": 3,
        "documents_with_ticker": 2,
        "documents_new": 1,
        "documents_skipped": 1,
        "ticker_lines": 16,
        "reading_lines": 15,
        "rejected_lines": 1,
        "rejected_dates": 0,
        "snapshots_new": 1,
        "sightings_new": 1,
        "readings_new": 15,
    },
    "stations": {
        "station_id": 105,
        "name_ko": "강릉",
        "name_en": "Gangneung",
        "region_id": 3,
        "province": "강원특별자치도",
        "latitude": 37.7515,
        "longitude": 128.891,
        "elevation_m": 27.12,
        "opened_on": date(1911, 10, 3),
    },
    "station_history": {
        "station_id": 175,
        "name_ko": "진도(첨찰산)",
        "valid_from": date(2001, 11, 3),
        "valid_to": date(2019, 8, 1),
        "latitude": 34.4721,
        "longitude": 126.3238,
        "elevation_m": 478.51,
    },
    "regions": {"region_id": 10, "name_ko": "제주", "name_en": "Jeju"},
    "conditions": {
        "word": "비 또는 눈",
        "code": "rain_or_snow",
        "icon": "12",
        "meaning_en": "rain or snow",
        "group": "mixed",
        "seen_in": "ticker or feed",
    },
}

# table, what is changed, what the message has to name: column, check, value.
REFUSED: list[tuple[str, dict[str, object], tuple[str, ...]]] = [
    ("readings", {"temperature_c": 999.0}, ("temperature_c", "less_than_or_equal_to", "999")),
    (
        "readings",
        {"temperature_c": LOWEST_TEMPERATURE_C - 0.1},
        ("temperature_c", "greater_than_or_equal_to", str(LOWEST_TEMPERATURE_C - 0.1)),
    ),
    ("readings", {"temperature_c": float("nan")}, ("temperature_c", "NaN")),
    ("readings", {"temperature_c": 14.15}, ("temperature_c_has_one_decimal", "14.15")),
    ("readings", {"station_id": 97}, ("station_id", "isin", "97")),
    ("readings", {"station_id": None}, ("station_id", "not_nullable", "None")),
    ("readings", {"snapshot_id": None}, ("snapshot_id", "not_nullable", "None")),
    ("readings", {"snapshot_id": "seoul"}, ("snapshot_id", "str_matches", "seoul")),
    ("readings", {"condition": "구름많음"}, ("condition", "isin", "구름많음")),
    ("readings", {"station_source": "guess"}, ("station_source", "isin", "guess")),
    ("observations", {"temperature_c": 999.0}, ("temperature_c", "999")),
    ("observations", {"temperature_c": None}, ("temperature_c", "not_nullable", "None")),
    ("observations", {"station_id": 97}, ("station_id", "isin", "97")),
    ("quality", {"flag": 1}, ("flag", "isin", "1")),
    ("quality", {"failed": ["vibes"]}, ("failed_names_known_tests", "vibes")),
    ("rejects", {"reason": "odd"}, ("reason", "isin", "odd")),
    ("sightings", {"date_source": "today"}, ("date_source", "isin", "today")),
    ("sightings", {"line": 0}, ("line", "greater_than_or_equal_to(1)", "0")),
    ("snapshots", {"snapshot_id": ID}, ("snapshot_id_begins_with_its_day", ID)),
    ("snapshots", {"observed_on": None}, ("snapshot_id_begins_with_its_day", "a4fd978")),
    ("snapshots", {"station_count": 0}, ("station_count", "greater_than_or_equal_to(1)", "0")),
    ("snapshots", {"snapshot_id": "5" + ID[1:]}, ("snapshot_id", "str_matches", "5123")),
    ("conclusions", {"hour_source": "guessed"}, ("hour_source", "isin", "guessed")),
    ("conclusions", {"clock_source": "guessed"}, ("clock_source", "isin", "guessed")),
    ("reconciliations", {"distance_c": -0.1}, ("distance_c", "greater_than_or_equal_to", "-0.1")),
    ("loads", {"reading_lines": 16}, ("every_ticker_line_is_a_reading_or_a_reject",)),
    ("loads", {"documents_new": 2}, ("every_ticker_document_is_new_or_skipped",)),
    ("stations", {"latitude": 39.02}, ("latitude", "in_range", "39.02")),  # Pyongyang
    ("stations", {"region_id": 99}, ("region_id", "isin", "99")),
]


def rows(table: str, *records: Mapping[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(records), schema=polars_schema(table))


def keys(table: str) -> list[str]:
    """The columns that together name a row of the table."""
    schema = TABLES[table].to_schema()
    composite = schema.unique or []
    return list(composite) or [name for name, column in schema.columns.items() if column.unique]


@pytest.mark.parametrize("table", TABLES)
def test_a_valid_row_keeps_its_contract(table: str) -> None:
    frame = rows(table, GOOD[table])
    assert check(table, frame).equals(frame)


@pytest.mark.parametrize("table", TABLES)
def test_what_keeps_its_contract_is_accepted_without_pandera_and_by_pandera(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = TABLES[table].to_schema()
    nulls = {name: None for name, column in schema.columns.items() if column.nullable}
    undated = {"snapshot_id": "f" + ID[1:]} if table == "snapshots" else {}
    frames = [rows(table, GOOD[table]), rows(table, GOOD[table] | nulls | undated)]
    for frame in frames:
        schema.validate(frame, lazy=True)
    monkeypatch.setattr(pa.DataFrameSchema, "validate", None)
    for frame in frames:
        check(table, frame)


def odd_values(dtype: pl.DataType) -> list[object]:
    """Values that a column of this type can have, and that most rules refuse."""
    if dtype == pl.String:
        return [None, "", "x", " seoul", "구름많음\n", "a" * 200]
    if dtype.is_float():
        return [None, math.nan, math.inf, -math.inf, -1e9, 0.0, 14.15, 1e9]
    if dtype.is_integer():
        return [None, 0, 1, 97, 127] + ([-1] if dtype.is_signed_integer() else [])
    if dtype == pl.Date:
        return [None, date(1, 1, 1), date(9999, 12, 31)]
    if dtype == pl.List:
        return [None, [], [None]]
    return [None]


@pytest.mark.parametrize("table", TABLES)
def test_the_one_query_refuses_the_rows_that_pandera_refuses(table: str) -> None:
    schema = deepcopy(TABLES[table].to_schema())
    schema.unique = None
    for column in schema.columns.values():
        column.unique = False
    frame = rows(
        table,
        *(
            GOOD[table] | {name: value}
            for name, dtype in polars_schema(table).items()
            for value in odd_values(dtype)
        ),
    )
    with pytest.raises(SchemaErrors) as refusal:
        schema.validate(frame, lazy=True)
    expressions = rules(schema)
    assert expressions is not None
    kept = [keeps_rules(row, expressions, schema, is_unique=True) for row in frame.iter_slices(1)]
    refused = {number for number, is_kept in enumerate(kept) if not is_kept}
    assert refused == set(refusal.value.failure_cases["index"])
    assert 0 < len(refused) < frame.height


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_frame_keeps_its_contract(table: str) -> None:
    check(table, rows(table))


@pytest.mark.parametrize(("table", "change", "named"), REFUSED)
def test_an_impossible_value_is_refused_with_table_column_check_and_value(
    table: str, change: dict[str, object], named: tuple[str, ...]
) -> None:
    with pytest.raises(ContractError) as refusal:
        check(table, rows(table, GOOD[table] | change))
    message = str(refusal.value)
    assert message.startswith(table)
    for part in named:
        assert part in message
    assert "\n" not in message
    assert len(message) < 500, "at most one row; a list of all stations helps nobody"


@pytest.mark.parametrize("table", TABLES)
def test_yaml_has_every_check_of_a_contract(table: str) -> None:
    schema = TABLES[table].to_schema()
    with warnings.catch_warnings(action="error"):  # pandera warns of a check that it leaves out
        written = yaml.safe_load(schema.to_yaml())
    assert [each["options"]["check_name"] for each in written.get("checks", [])] == [
        check.name for check in schema.checks
    ]
    for name, column in schema.columns.items():
        assert written["columns"][name].keys() >= {check.name for check in column.checks}
        assert written["columns"][name].get("nullable", False) == column.nullable
    assert written.get("unique") == schema.unique
    assert written["strict"] is True


def as_json(row: Mapping[str, object]) -> object:
    """The frame of one row as an object of arrays, its dates and instants as ISO 8601."""
    columns = {name: [value] for name, value in row.items()}
    return json.loads(json.dumps(columns, default=lambda value: value.isoformat()))


@pytest.mark.parametrize("table", TABLES)
def test_a_valid_row_keeps_the_json_schema(table: str) -> None:
    schema = TABLES[table].to_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_json(GOOD[table]), schema)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (table, change)
        for table, change, (first, *others) in REFUSED
        # JSON Schema cannot express the rules of a whole frame, and JSON has no NaN.
        if first not in Check.REGISTERED_CUSTOM_CHECKS and others[:1] != ["NaN"]
    ],
)
def test_the_json_schema_refuses_what_the_contract_refuses(
    table: str, change: dict[str, object]
) -> None:
    schema = TABLES[table].to_json_schema()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(GOOD[table] | change), schema)


def test_the_json_schema_names_what_it_cannot_express() -> None:
    schema = TABLES["readings"].to_json_schema()
    assert schema["x-checks"] == ["temperature_c_has_one_decimal"]
    assert schema["x-unique"] == ["snapshot_id", "station_id"]
    assert schema["properties"]["temperature_c"]["x-unit"] == "°C"
    assert schema["properties"]["temperature_c"]["items"] == {
        "type": ["number", "null"],
        "minimum": LOWEST_TEMPERATURE_C,
        "maximum": HIGHEST_TEMPERATURE_C,
    }


@pytest.mark.process
def test_a_schema_that_is_read_back_from_yaml_refuses_the_same() -> None:
    """`from_yaml` of pandera 0.35 imports pandas, so this runs in a process that has it."""
    code = (
        "import sys; sys.path.append(sys.argv[1])\n"
        "import pandera.polars as pa\n"
        "from tests.test_schemas import GOOD, REFUSED, TABLES, rows\n"
        "text = {table: model.to_schema().to_yaml() for table, model in TABLES.items()}\n"
        "read = {table: pa.DataFrameSchema.from_yaml(each) for table, each in text.items()}\n"
        "for table, row in GOOD.items(): read[table].validate(rows(table, row))\n"
        "for table, change, named in REFUSED:\n"
        "    try: read[table].validate(rows(table, GOOD[table] | change))\n"
        "    except pa.errors.SchemaError: continue\n"
        "    print('accepted', table, change)\n"
        "print(len(REFUSED))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(FOLDER)], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{len(REFUSED)}\n"


def test_the_message_begins_with_the_table_and_column() -> None:
    with pytest.raises(ContractError, match=r"^readings\.temperature_c: less_than_or_equal_to"):
        check("readings", rows("readings", GOOD["readings"] | {"temperature_c": 999.0}))


def test_the_message_counts_the_other_cases() -> None:
    hot = GOOD["readings"] | {"temperature_c": 999.0}
    frame = rows("readings", hot, hot | {"station_id": 108}, hot | {"station_id": 90})
    with pytest.raises(ContractError, match=r"\(and 2 more\)"):
        check("readings", frame)


# A line that holds a whole list may have several equal rejects: they have no key.
@pytest.mark.parametrize("table", [table for table in TABLES if table != "rejects"])
def test_every_table_refuses_a_repeated_key(table: str) -> None:
    assert keys(table), f"{table} has no key"
    with pytest.raises(ContractError, match=r"unique"):
        check(table, rows(table, GOOD[table], GOOD[table]))


@pytest.mark.parametrize(
    ("table", "key"), [(table, key) for table in TABLES for key in keys(table)]
)
def test_a_null_key_is_refused(table: str, key: str) -> None:
    with pytest.raises(ContractError, match=rf"^{table}\.{key}: not_nullable refuses None"):
        check(table, rows(table, GOOD[table] | {key: None}))


def test_a_station_may_be_in_two_snapshots_but_only_once_in_each() -> None:
    reading = GOOD["readings"]
    check("readings", rows("readings", reading, reading | {"snapshot_id": ID[::-1]}))
    with pytest.raises(ContractError, match="readings: multiple_fields_uniqueness"):
        check("readings", rows("readings", reading, reading | {"temperature_c": -1.0}))


def test_a_repeated_reading_is_refused_in_any_order() -> None:
    one, two, three = (GOOD["readings"] | {"station_id": number} for number in (90, 105, 108))
    for fine in ((one, two, three), (three, one, two)):
        check("readings", rows("readings", *fine))
    for twice in ((one, two, two, three), (one, two, three, two), (three, one, two, three)):
        with pytest.raises(ContractError, match="readings: multiple_fields_uniqueness"):
            check("readings", rows("readings", *twice))


def test_a_closed_station_is_a_known_station() -> None:
    check("readings", rows("readings", GOOD["readings"] | {"station_id": 175}))


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_a_surplus_and_a_mistyped_column_are_refused(table: str) -> None:
    frame = rows(table, GOOD[table])
    first = frame.columns[0]
    for broken in (
        frame.drop(first),
        frame.with_columns(note=pl.lit("x")),
        frame.with_columns(pl.lit(True).alias(first)),
    ):
        with pytest.raises(ContractError, match=f"^{table}"):
            check(table, broken)


@pytest.mark.parametrize("table", TABLES)
def test_a_lazy_frame_is_refused_because_its_values_would_not_be_checked(table: str) -> None:
    with pytest.raises(TypeError, match="collect the frame first"):
        check(table, rows(table, GOOD[table]).lazy())  # type: ignore[arg-type]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_column_says_what_it_means(table: str) -> None:
    model = TABLES[table]
    assert (model.__doc__ or "").strip()
    for name, column in model.to_schema().columns.items():
        assert (column.description or "").strip(), f"{table}.{name} has no description"


UNITS = {"_c": "°C", "_m": "m", "latitude": "° N", "longitude": "° E"}


@pytest.mark.parametrize("table", TABLES)
def test_every_physical_column_has_its_unit(table: str) -> None:
    for name, column in TABLES[table].to_schema().columns.items():
        for ending, unit in UNITS.items():
            if name.endswith(ending):
                assert (column.metadata or {}).get("unit") == unit, f"{table}.{name}"


def test_every_number_with_a_fraction_is_physical() -> None:
    """A float without a unit in its name would be a quantity that nobody can read."""
    for table in TABLES:
        for name, dtype in polars_schema(table).items():
            if dtype.is_float():
                assert name.endswith(tuple(UNITS)), f"{table}.{name}"


def test_the_vocabularies_have_no_repeated_value() -> None:
    for values in (
        vocabulary.STATION_SOURCES,
        vocabulary.DATE_SOURCES,
        vocabulary.REJECT_REASONS,
        vocabulary.condition_groups(),
        vocabulary.FLAGS_NOT_GOOD,
        vocabulary.QUALITY_TESTS,
        vocabulary.SEARCHES,
        vocabulary.VERDICTS,
        vocabulary.station_ids(),
        vocabulary.condition_codes(),
        vocabulary.region_ids(),
    ):
        assert len(set(values)) == len(values) > 0


def test_reasons_of_rejected_dates_are_reject_reasons() -> None:
    assert set(vocabulary.DATE_REASONS) < set(vocabulary.REJECT_REASONS)
    assert vocabulary.FLAG_GOOD not in vocabulary.FLAGS_NOT_GOOD


def test_every_contract_can_be_imported_from_the_package() -> None:
    assert set(schemas.__all__) == {model.__name__ for model in TABLES.values()}
    assert dir(schemas) == sorted(schemas.__all__)
    for model in TABLES.values():
        assert getattr(schemas, model.__name__) is model
    with pytest.raises(AttributeError, match="has no attribute 'Tickers'"):
        _ = schemas.Tickers
