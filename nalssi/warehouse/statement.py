"""What a user's statement may contain: one query, and nothing in it that writes or opens a file.

DuckDB parses the statement and gives its tree as JSON; every node of the tree must be of a kind
that is listed here, and every table function too. So a kind of node or a table function that a
later DuckDB adds is refused until somebody has judged it. This is the first of two checks; the
second, `Warehouse.reader`, keeps the connection from files whatever the statement is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb

QUERIES = ("SELECT", "EXPLAIN", "MULTI")

# A PIVOT without a list of values turns its statement into several, which DuckDB calls MULTI.
PIVOTS = ("pivot", "pivot_wider", "unpivot", "pivot_longer")
MULTI_QUERIES = frozenset(
    (
        *("select", "from", "with", "values", "table", "describe", "desc", "summarize", "show"),
        *PIVOTS,
    )
)

NODES = frozenset(
    (
        *("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"),
        *("BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "PIVOT", "SHOW_REF", "SUBQUERY"),
        "TABLE_FUNCTION",
        *("DISTINCT_MODIFIER", "LIMIT_MODIFIER", "ORDER_MODIFIER"),
        *("ORDER_DEFAULT", "ASCENDING", "DESCENDING"),
    )
)
"""Kinds of nodes that a query may consist of, beside expressions."""

EXPRESSIONS = frozenset(
    (
        *("BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION"),
        *("CONSTANT", "DEFAULT", "FUNCTION", "LAMBDA", "LAMBDA_REF", "OPERATOR", "PARAMETER"),
        *("POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "TYPE", "WINDOW"),
    )
)
"""Classes of expressions that a query may consist of."""

TABLE_FUNCTIONS = frozenset(
    (
        *("generate_series", "range", "repeat", "repeat_row", "unnest"),
        *("histogram", "histogram_values", "json_each", "json_tree", "summary"),
        *("icu_calendar_names", "pg_timezone_names", "test_all_types", "test_vector_types"),
        *("duckdb_columns", "duckdb_constraints", "duckdb_databases", "duckdb_dependencies"),
        *("duckdb_functions", "duckdb_indexes", "duckdb_keywords", "duckdb_memory"),
        *("duckdb_schemas", "duckdb_sequences", "duckdb_table_sample", "duckdb_tables"),
        *("duckdb_triggers", "duckdb_types", "duckdb_variables", "duckdb_views"),
        *("duckdb_coordinate_systems", "duckdb_optimizers"),
        *("pragma_collations", "pragma_database_size", "pragma_metadata_info", "pragma_show"),
        *("pragma_storage_info", "pragma_table_info", "pragma_version", "pragma_platform"),
    )
)
"""DuckDB's table functions that take no path and no SQL, and change nothing."""

REFUSED_TABLE_FUNCTIONS = frozenset(
    (
        *("add_grammar_extension", "arrow_scan", "arrow_scan_dumb", "checkpoint"),
        *("create_external_resource", "deregister_external_resource", "destroy_external_resource"),
        *("disable_logging", "disable_profiling", "duckdb_approx_database_count"),
        *("duckdb_available_metrics", "duckdb_connection_count", "duckdb_dialects"),
        *("duckdb_eviction_queues", "duckdb_extension_repositories", "duckdb_extensions"),
        *("duckdb_external_file_cache", "duckdb_external_resource_types"),
        *("duckdb_external_resources", "duckdb_grammar_extensions", "duckdb_live_query_metrics"),
        *("duckdb_log_contexts", "duckdb_logs", "duckdb_logs_parsed", "duckdb_prepared_statements"),
        *("duckdb_profiling_settings", "duckdb_secret_type_parameters", "duckdb_secret_types"),
        *("duckdb_secrets", "duckdb_settings", "duckdb_temporary_files", "enable_logging"),
        *("enable_profiling", "force_checkpoint", "glob", "json_execute_serialized_sql"),
        *("pandas_scan", "parquet_bloom_probe", "parquet_file_metadata", "parquet_full_metadata"),
        *("parquet_kv_metadata", "parquet_metadata", "parquet_page_index", "parquet_scan"),
        *("parquet_schema", "pragma_user_agent", "python_arrow_scan", "python_map_function"),
        *("query", "query_table", "read_blob", "read_csv", "read_csv_auto", "read_duckdb"),
        *("read_json", "read_json_auto", "read_json_objects", "read_json_objects_auto"),
        *("read_ndjson", "read_ndjson_auto", "read_ndjson_objects", "read_parquet"),
        *("read_single_csv_file", "read_single_json_file", "read_single_parquet_file", "read_text"),
        *("register_external_resource", "register_external_resource_type"),
        *("remove_grammar_extension", "seq_scan", "sniff_csv", "truncate_duckdb_logs"),
        "which_secret",
    )
)
"""DuckDB's other table functions. Those in neither list belong to the warehouse, or are new."""

REFUSED_FUNCTIONS = frozenset(
    (
        *("current_setting", "getenv"),  # paths and addresses of this machine
        "json_serialize_plan",  # plans SQL given as text, and so opens the files that it names
        "write_log",
    )
)
"""The other functions that a query may not call."""

REFUSED_VIEWS = frozenset(("pg_settings", "pg_prepared_statements", "duckdb_logs"))
"""DuckDB's views that read from table functions which are not allowed."""

FILE_NAME = re.compile(r"[./\\:*?]")
FILE_KINDS = frozenset(("csv", "tsv", "json", "jsonl", "ndjson", "parquet", "duckdb", "db"))
"""DuckDB opens a file for a table named "a.csv", and for a.csv too."""

WRITES = frozenset(
    (
        *("alter", "attach", "call", "copy", "create", "delete", "detach", "drop", "execute"),
        *("export", "import", "insert", "install", "load", "merge", "pragma", "prepare"),
        *("truncate", "update", "vacuum"),
    )
)
"""Words that begin statements other than queries."""

NAMES_A_TABLE = frozenset(
    ("from", "join", "table", "describe", "desc", "summarize", "show", *PIVOTS)
)

OTHER_CLAUSES = frozenset(
    ("select", "where", "group", "having", "order", "on", "using", "qualify", "values", "limit")
)


class StatementError(ValueError):
    """A statement that may not be run; the message says why, in one line."""


def check_statement(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse every statement that is not one query or its explanation.

    Raises StatementError, and duckdb.Error where `sql` cannot be parsed.
    """
    try:
        sql.encode()
        statements = con.extract_statements(sql)
        kinds = [statement.type.name for statement in statements]
    except UnicodeEncodeError as error:
        raise StatementError("the query is not in UTF-8") from error
    except ValueError as error:  # a statement so new that the Python client has no name for it
        raise StatementError("only queries can be run here: the warehouse is read-only") from error
    if not kinds:
        raise StatementError("there is no query to run")
    if refused := [kind for kind in kinds if kind not in QUERIES]:
        raise StatementError(
            f"{refused[0]} is refused: only queries can be run here, the warehouse is read-only"
        )
    if len(kinds) > 1:
        raise StatementError(f"one query at a time: these are {len(kinds)}")
    if kinds == ["EXPLAIN"] or _first_word(sql) == "explain":  # EXPLAIN PIVOT is MULTI too
        check_statement(con, _explained(sql))
    elif kinds == ["MULTI"]:
        _check_words(sql)
    else:
        _check_tree(con, sql)


def _check_tree(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    (serialized,) = con.cursor().execute("SELECT json_serialize_sql($1)", [sql]).fetchall()[0]
    try:
        tree = json.loads(serialized)
        if tree["error"]:
            raise StatementError(f"the query cannot be checked: {tree['error_message']}")
        for node in _nodes(tree["statements"]):
            _check_node(con, node)
    except RecursionError as error:
        raise StatementError("the query is nested too deeply to be checked") from error


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object of the tree."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _check_node(con: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
    kind = node.get("type")
    if "class" in node:
        if node["class"] not in EXPRESSIONS:
            raise StatementError(f"{node['class']} is refused in a query")
    elif isinstance(kind, str) and kind not in NODES:
        name = kind.removesuffix("_QUERY_NODE")
        raise StatementError(
            f"{name} is refused: only queries can be run here, the warehouse is read-only"
        )
    if "function_name" in node and node["function_name"].lower() in REFUSED_FUNCTIONS:
        raise StatementError(f"the function {node['function_name']} is refused")
    if kind == "TABLE_FUNCTION":
        _check_table_function(con, node["function"]["function_name"])
    if kind in ("BASE_TABLE", "SHOW_REF"):
        _check_table(node["table_name"], qualified=bool(node["schema_name"]))


def _check_table_function(con: duckdb.DuckDBPyConnection, name: str) -> None:
    known = name.lower()
    if known in TABLE_FUNCTIONS:
        return
    if known in REFUSED_TABLE_FUNCTIONS or not _is_of_warehouse(con, known):
        raise StatementError(
            f"the table function {name} is refused: a query reads the warehouse and nothing else"
        )


def _is_of_warehouse(con: duckdb.DuckDBPyConnection, function: str) -> bool:
    """Whether it is a macro of the warehouse, or does not exist (which DuckDB explains better)."""
    internal = con.cursor().execute(
        "SELECT 1 FROM duckdb_functions()"
        " WHERE lower(function_name) = $1 AND function_type LIKE 'table%' AND internal",
        [function],
    )
    return not internal.fetchall()


def _check_table(name: str, *, qualified: bool = False) -> None:
    if name.lower() in REFUSED_VIEWS:
        raise StatementError(f"the view {name} is refused: it tells of the machine")
    if FILE_NAME.search(name) or (qualified and name.lower() in FILE_KINDS):
        raise StatementError(f"{name} is no table: a query reads the warehouse and no files")


def _check_words(sql: str) -> None:
    """Check a statement of which DuckDB gives no tree, by its words.

    That refuses a little more than needed, such as a column `copy` right behind a parenthesis.
    """
    if _first_word(sql) not in MULTI_QUERIES:
        raise StatementError("only queries can be run here, the warehouse is read-only")
    functions = REFUSED_TABLE_FUNCTIONS | REFUSED_FUNCTIONS
    words = list(_words(sql))
    following = [word.text for word in words[1:]] + [""]
    clauses, before = [""], ""  # the clause begun last in each open parenthesis
    for word, after in zip(words, following, strict=True):
        name = word.text.strip('"')
        names_a_table = clauses[-1] in NAMES_A_TABLE
        if word.kind == duckdb.token_type.string_const:
            if names_a_table and (before in NAMES_A_TABLE or before == ","):
                raise StatementError(f"{name} is no table: a query reads the warehouse")
        elif (
            (name in WRITES and before in ("(", ")"))
            or (name in functions and after == "(")
            or name in REFUSED_VIEWS
        ):
            raise StatementError(f"{name} is refused: a query reads the warehouse and nothing else")
        elif word.text.startswith('"') or (names_a_table and before == "."):
            _check_table(name, qualified=before == ".")
        elif word.text in NAMES_A_TABLE or word.text in OTHER_CLAUSES:
            clauses[-1] = word.text
        elif word.text == "(":
            clauses.append("")
        elif word.text == ")" and clauses[1:]:
            clauses.pop()
        before = word.text


def _first_word(sql: str) -> str:
    return next((word.text for word in _words(sql) if word.text != "("), "")


def _explained(sql: str) -> str:
    """The statement that EXPLAIN explains, as it is written."""
    words = [word for word in _words(sql) if word.text != ";"]
    texts = [word.text for word in words]
    first = 1
    if texts[1:2] == ["analyze"]:
        first = 2
    elif texts[1:2] == ["("] and texts[2:3] in (["analyze"], ["format"]) and ")" in texts:
        first = texts.index(")") + 1
    return sql.encode()[words[first].start :].decode() if words[first:] else ""


class _Word(NamedTuple):
    kind: duckdb.token_type
    text: str  # in lower case
    start: int  # in bytes


def _words(sql: str) -> Iterator[_Word]:
    """The words and signs of a statement as DuckDB sees them, without comments."""
    encoded = sql.encode()
    found = duckdb.tokenize(sql)
    ends = [start for start, _ in found[1:]] + [len(encoded)]
    for (start, kind), end in zip(found, ends, strict=True):
        if kind != duckdb.token_type.comment:
            yield _Word(kind, encoded[start:end].decode().strip().lower(), start)
