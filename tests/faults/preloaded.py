"""Import nalssi for the processes that are forked from this one (see `watched_runs`)."""

from __future__ import annotations

from importlib import import_module

import polars as pl
from pandera.backends.polars.register import register_polars_backends

_MODULES = (
    "flows.run_flow",
    "nalssi.backup",
    "nalssi.capture.capture_source",
    "nalssi.capture.report_sources",
    "nalssi.capture.retention",
    "nalssi.charts.draw",
    "nalssi.charts.map_chart",
    "nalssi.charts.regions_chart",
    "nalssi.charts.theme",
    "nalssi.cli.backup_command",
    "nalssi.cli.crawl_command",
    "nalssi.cli.draw_command",
    "nalssi.cli.export_command",
    "nalssi.cli.forget_command",
    "nalssi.cli.import_command",
    "nalssi.cli.main_program",
    "nalssi.cli.status_command",
    "nalssi.common.tables",
    "nalssi.common.workbook",
    "nalssi.crawl.make_plan",
    "nalssi.drawing.one_picture",
    "nalssi.export",
    "nalssi.gallery.gallery_data",
    "nalssi.observations",
    "nalssi.prometheus",
    "nalssi.staging",
    "nalssi.status",
    "nalssi.timing",
    "nalssi.timing.reconcile_files",
    "nalssi.warehouse.load_parts",
    "nalssi.warehouse.migrate",
    "portalocker",
    "tests.faults.watched_commands",
)

# Asking for the number starts the threads, which would be missing in forked processes.
_threads = pl.thread_pool_size
pl.thread_pool_size = lambda: 1
for _module in _MODULES:
    import_module(_module)
register_polars_backends()
pl.thread_pool_size = _threads

from nalssi.charts.chart_code import code_digest  # noqa: E402
from nalssi.gallery.code_version import code_version  # noqa: E402
from nalssi.part_version import part_version  # noqa: E402

part_version()
code_digest()
code_version()
