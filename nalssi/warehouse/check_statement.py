"""What a user's statement may contain: one query, and nothing in it that writes or opens a file.

DuckDB parses the statement and gives its tree as JSON; every node of the tree must be of a kind
that `judged` lists, and every table function too. So a kind of node or a table function that a
later DuckDB adds is refused until somebody has judged it. This is the first of two checks; the
second, `Warehouse.reader`, keeps the connection from files whatever the statement is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb

from nalssi.warehouse.allow_lists import (
    EXPRESSIONS,
    NODES,
    REFUSED_FUNCTIONS,
    REFUSED_TABLE_FUNCTIONS,
    REFUSED_VIEWS,
    TABLE_FUNCTIONS,
)

QUERIES = ("SELECT", "EXPLAIN", "MULTI")

# A PIVOT without a list of values turns its statement into several, which DuckDB calls MULTI.
PIVOTS = ("pivot", "pivot_wider", "unpivot", "pivot_longer")
MULTI_QUERIES = frozenset(
    (
        *("select", "from", "with", "values", "table", "describe", "desc", "summarize", "show"),
        *PIVOTS,
    )
)

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

LISTS_VALUES = frozenset(("select", "where", "group", "having", "order", "qualify", "limit"))
"""Clauses that name no table. All these words are reserved: none can be the name of a table."""
OTHER_CLAUSES = LISTS_VALUES | {"on", "using"}
BEFORE_A_VALUE = frozenset(
    (
        *("and", "as", "by", "case", "distinct", "else", "having", "not", "on", "or", "qualify"),
        *("select", "then", "when", "where", "=", "<", ">", "<=", ">=", "<>", "+", "-", "*", "/"),
    )
)
"""What stands before a name that cannot be the name of a table."""


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
        for node, ctes in _nodes(tree["statements"]):
            _check_node(con, node, ctes)
    except RecursionError as error:
        raise StatementError("the query is nested too deeply to be checked") from error


def _nodes(tree: Any) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Every JSON object of the tree, with the names of the CTEs that can be used there."""
    waiting: list[tuple[Any, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        value, ctes = waiting.pop()
        if isinstance(value, dict):
            if "cte_map" in value:
                for cte in value["cte_map"]["map"]:  # one that follows is not known to it
                    waiting.append((cte["value"], ctes))
                    ctes |= {cte["key"]}
            yield value, ctes
            waiting.extend((child, ctes) for key, child in value.items() if key != "cte_map")
        elif isinstance(value, list):
            waiting.extend((child, ctes) for child in value)


def _check_node(con: duckdb.DuckDBPyConnection, node: dict[str, Any], ctes: frozenset[str]) -> None:
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
    if kind in ("BASE_TABLE", "SHOW_REF") and not _is_cte(node, ctes):
        _check_table(node["table_name"], qualified=bool(node["schema_name"]))


def _is_cte(node: dict[str, Any], ctes: frozenset[str]) -> bool:
    """Whether a table is a CTE of the statement, spelt as where it is defined."""
    return (
        node["type"] == "BASE_TABLE"
        and node["table_name"] in ctes
        and not (node["schema_name"] or node["catalog_name"] or node["at_clause"])
    )


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
        begins_a_table = names_a_table and (before in NAMES_A_TABLE or before in (",", "(", ":"))
        if word.kind == duckdb.token_type.string_const:
            if begins_a_table:
                raise StatementError(f"{name} is no table: a query reads the warehouse")
        elif (
            (name in WRITES and before in ("(", ")"))
            or (name in functions and after == "(")
            or name in REFUSED_VIEWS
        ):
            raise StatementError(f"{name} is refused: a query reads the warehouse and nothing else")
        elif word.text.startswith('"') or (names_a_table and before == "."):
            if not (
                before in BEFORE_A_VALUE
                or (before == "," and clauses[-1] in LISTS_VALUES)
                or (before == "(" and clauses[-1] == "" and clauses[-2] in OTHER_CLAUSES)
            ):
                _check_table(name, qualified=before == ".")
        elif word.text in NAMES_A_TABLE:
            clauses[-1] = word.text
        elif word.text in OTHER_CLAUSES:
            if clauses[-1] != "join" or word.text in LISTS_VALUES:  # a comma ends a join's ON
                clauses[-1] = word.text
        elif word.text == "(":
            clauses.append("from" if begins_a_table else "")
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
