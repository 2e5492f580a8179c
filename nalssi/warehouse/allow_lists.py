"""The lists of DuckDB's nodes, functions and views that a user's query may or may not contain.

Add a name here only after checking that it cannot read files, reach the network, show settings of
the machine or change anything. `check_statement` uses the lists.
"""

from __future__ import annotations

NODES = frozenset(
    (
        *("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"),
        *("BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "PIVOT", "SHOW_REF", "SUBQUERY"),
        "TABLE_FUNCTION",
        *("DISTINCT_MODIFIER", "LIMIT_MODIFIER", "ORDER_MODIFIER"),
        *("ORDER_DEFAULT", "ASCENDING", "DESCENDING"),
    )
)
"""The kinds of nodes in DuckDB's syntax tree that a query may contain, except expressions."""

EXPRESSIONS = frozenset(
    (
        *("BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION"),
        *("CONSTANT", "DEFAULT", "FUNCTION", "LAMBDA", "LAMBDA_REF", "OPERATOR", "PARAMETER"),
        *("POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "TYPE", "WINDOW"),
    )
)
"""The classes of expressions in DuckDB's syntax tree that a query may contain."""

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
"""The table functions that a query may call. They take no path and no SQL, and change nothing."""

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
"""The table functions of DuckDB that a query may not call.

A table function that is neither here nor in TABLE_FUNCTIONS is a macro of the warehouse, or new in
DuckDB."""

REFUSED_FUNCTIONS = frozenset(
    (
        *("current_setting", "getenv"),  # paths and addresses of this machine
        "json_serialize_plan",  # plans SQL given as text, and so opens the files that it names
        "write_log",
    )
)
"""The scalar functions that a query may not call."""

REFUSED_VIEWS = frozenset(("pg_settings", "pg_prepared_statements", "duckdb_logs"))
"""The views of DuckDB that a query may not read, because they use REFUSED_TABLE_FUNCTIONS."""
