"""The test files that `make check` leaves to `make test`, because their tests take longest.

They load warehouses, build galleries or draw many pictures: 0.15 s of CPU time a test and more.
One in seven of the tests that start no process is in them, with three quarters of the time.
"""

from __future__ import annotations

from typing import Final

SLOW_FILES: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "api",
        "benchmarks",
        "docs",
        "newest_snapshot",
        "operations_docs",
        "part_tables",
        "readme",
        "staging",
        "status",
        "type_checks",
    ),
    "backup": ("backup",),
    "capture": (
        "report_sources",
        "source_health",
    ),
    "charts": (
        "draw",
        "golden",
        "hour_charts",
        "map_chart",
        "narrow_pages",
        "period_charts",
        "regions_chart",
    ),
    "cli": (
        "draw_command",
        "draw_page",
        "export_commands",
    ),
    "conclusions": ("draw_conclusions",),
    "crawl": ("crawl_plan",),
    "doctor": ("examine",),
    "drawing": ("single_list",),
    "export": (
        "dataset_export",
        "export",
        "import_export",
    ),
    "flows": ("extraction_progress",),
    "fuzz": (
        "fuzz_sources",
        "fuzz_sql",
    ),
    "gallery": (
        "build",
        "finding_pages",
        "finished_days",
        "incremental_build",
        "month_archives",
        "publication",
        "unchanged_build",
    ),
    "observations": (
        "fetch_hours",
        "load_files",
    ),
    "quality": (
        "quality_table",
        "step_reach",
    ),
    "ticker": (
        "extractors",
        "properties",
    ),
    "timing": (
        "feed_hours",
        "forget_observations",
        "reconcile_snapshots",
    ),
    "warehouse": (
        "feed_observations",
        "forget_documents",
        "load_parts",
        "migrate",
        "published_copy",
        "query_limits",
        "statistics_views",
        "stored_warehouses",
        "temporary_database",
    ),
}
"""The names of slow files, without `test_` and `.py`, by their folder in `tests`."""
