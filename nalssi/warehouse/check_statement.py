"""Check a user's statement: it must be one query that neither writes nor opens a file.

DuckDB parses the statement and returns its syntax tree as JSON. Every kind of node and every table
function in the tree must be in `allow_lists`, so a kind that a later DuckDB adds is refused until
somebody has checked it. This is the first of two checks. The second, `Warehouse.reader`, cuts the
connection off from files, whatever the statement is.
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

# DuckDB turns a PIVOT without a list of values into several statements, and calls them MULTI.
PIVOTS = ("pivot", "pivot_wider", "unpivot", "pivot_longer")
MULTI_QUERIES = frozenset(
    (
        *("select", "from", "with", "values", "table", "describe", "desc", "summarize", "show"),
        *PIVOTS,
    )
)

FILE_NAME_SIGNS = re.compile(r"[./\\:*?]")
FILE_EXTENSIONS = frozenset(("csv", "tsv", "json", "jsonl", "ndjson", "parquet", "duckdb", "db"))
"""Extensions of files that a query must not open. DuckDB opens the file `a.csv` for a table named
"a.csv" or a.csv."""

WRITING_WORDS = frozenset(
    (
        *("alter", "attach", "call", "copy", "create", "delete", "detach", "drop", "execute"),
        *("export", "import", "insert", "install", "load", "merge", "pragma", "prepare"),
        *("truncate", "update", "vacuum"),
    )
)
"""The first words of statements that are not queries. `_check_words` refuses them."""

BEFORE_A_TABLE = frozenset(
    ("from", "join", "table", "describe", "desc", "summarize", "show", *PIVOTS)
)

CLAUSES_WITHOUT_TABLES = frozenset(
    ("select", "where", "group", "having", "order", "qualify", "limit")
)
"""The words that begin clauses in which no tables are named. No table can have such a name."""
OTHER_CLAUSES = CLAUSES_WITHOUT_TABLES | {"on", "using"}
BEFORE_A_VALUE = frozenset(
    (
        *("and", "as", "by", "case", "distinct", "else", "having", "not", "on", "or", "qualify"),
        *("select", "then", "when", "where", "=", "<", ">", "<=", ">=", "<>", "+", "-", "*", "/"),
    )
)
"""The words and signs after which a name is a value, not the name of a table."""


class StatementError(ValueError):
    """The statement may not be run; the message is one line that says why."""


def check_statement(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise StatementError unless `sql` is one query, or EXPLAIN with one query.

    Raises duckdb.Error if `sql` cannot be parsed.
    """
    try:
        sql.encode()
        statements = con.extract_statements(sql)
        kinds = [statement.type.name for statement in statements]
    except UnicodeEncodeError as error:
        raise StatementError("the query is not in UTF-8") from error
    except ValueError as error:  # a kind of statement that the Python client does not know
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
        check_statement(con, _statement_of_explain(sql))
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
    """Yield every JSON object of a syntax tree, with the names of the CTEs that it can use.

    A CTE is a query that the statement names with WITH.
    """
    waiting: list[tuple[Any, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        value, ctes = waiting.pop()
        if isinstance(value, dict):
            if "cte_map" in value:
                for cte in value["cte_map"]["map"]:  # a CTE knows only those before it
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
    """Return whether a table reference names a CTE of the statement, in the same spelling.

    `node` is an object of the syntax tree, `ctes` are the names of the CTEs that it can use.
    """
    return (
        node["type"] == "BASE_TABLE"
        and node["table_name"] in ctes
        and not (node["schema_name"] or node["catalog_name"] or node["at_clause"])
    )


def _check_table_function(con: duckdb.DuckDBPyConnection, name: str) -> None:
    known = name.lower()
    if known in TABLE_FUNCTIONS:
        return
    if known in REFUSED_TABLE_FUNCTIONS or _is_built_in(con, known):
        raise StatementError(
            f"the table function {name} is refused: a query reads the warehouse and nothing else"
        )


def _is_built_in(con: duckdb.DuckDBPyConnection, function: str) -> bool:
    """Return whether a table function is one of DuckDB's own.

    Any other function is a macro of the warehouse, or does not exist, which DuckDB reports.
    """
    internal = con.cursor().execute(
        "SELECT 1 FROM duckdb_functions()"
        " WHERE lower(function_name) = $1 AND function_type LIKE 'table%' AND internal",
        [function],
    )
    return bool(internal.fetchall())


def _check_table(name: str, *, qualified: bool = False) -> None:
    if name.lower() in REFUSED_VIEWS:
        raise StatementError(f"the view {name} is refused: it shows settings of the machine")
    if FILE_NAME_SIGNS.search(name) or (qualified and name.lower() in FILE_EXTENSIONS):
        raise StatementError(f"{name} is not a table: a query reads the warehouse and no files")


def _check_words(sql: str) -> None:
    """Check the words of a statement for which DuckDB returns no syntax tree (a PIVOT).

    Raises StatementError for words that may write or open a file. A few harmless statements are
    refused too, such as one with a column `copy` after a parenthesis.
    """
    if _first_word(sql) not in MULTI_QUERIES:
        raise StatementError("only queries can be run here, the warehouse is read-only")
    functions = REFUSED_TABLE_FUNCTIONS | REFUSED_FUNCTIONS
    words = list(_words(sql))
    following = [word.text for word in words[1:]] + [""]
    clauses, before = [""], ""  # the current clause in each open parenthesis
    for word, after in zip(words, following, strict=True):
        name = word.text.strip('"')
        names_a_table = clauses[-1] in BEFORE_A_TABLE
        begins_a_table = names_a_table and (before in BEFORE_A_TABLE or before in (",", "(", ":"))
        if word.kind == duckdb.token_type.string_const:
            if begins_a_table:
                raise StatementError(f"{name} is not a table: a query reads the warehouse")
        elif (
            (name in WRITING_WORDS and before in ("(", ")"))
            or (name in functions and after == "(")
            or name in REFUSED_VIEWS
        ):
            raise StatementError(f"{name} is refused: a query reads the warehouse and nothing else")
        elif word.text.startswith('"') or (names_a_table and before == "."):
            if not (
                before in BEFORE_A_VALUE
                or (before == "," and clauses[-1] in CLAUSES_WITHOUT_TABLES)
                or (before == "(" and clauses[-1] == "" and clauses[-2] in OTHER_CLAUSES)
            ):
                _check_table(name, qualified=before == ".")
        elif word.text in BEFORE_A_TABLE:
            clauses[-1] = word.text
        elif word.text in OTHER_CLAUSES:
            if (
                clauses[-1] != "join" or word.text in CLAUSES_WITHOUT_TABLES
            ):  # a comma ends a join's ON
                clauses[-1] = word.text
        elif word.text == "(":
            clauses.append("from" if begins_a_table else "")
        elif word.text == ")" and clauses[1:]:
            clauses.pop()
        before = word.text


def _first_word(sql: str) -> str:
    return next((word.text for word in _words(sql) if word.text != "("), "")


def _statement_of_explain(sql: str) -> str:
    """Return the text of the statement inside an EXPLAIN; empty if there is none."""
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
    """Yield the words and signs of a statement as DuckDB splits them, without comments."""
    encoded = sql.encode()
    found = duckdb.tokenize(sql)
    ends = [start for start, _ in found[1:]] + [len(encoded)]
    for (start, kind), end in zip(found, ends, strict=True):
        if kind != duckdb.token_type.comment:
            yield _Word(kind, encoded[start:end].decode().strip().lower(), start)
