"""Run a Prefect flow for a command, and print the result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nalssi.cli.messages import fail
from nalssi.cli.skipped_files import with_hint
from nalssi.common.process.signals import exit_on_signals

if TYPE_CHECKING:
    from flows.flow_results import FlowResult


def run_flow(name: Any, verbose: bool, **parameters: Any) -> Any:
    """Run the flow `name` and return its result. Exit with status 1 if the flow fails.

    `name` is a key of `flows.run_flow.MODULES`, and `parameters` are arguments of the flow
    function. With `verbose`, Prefect's log lines are shown too.
    """
    exit_on_signals()
    from flows.run_flow import FlowError
    from flows.run_flow import run_flow as run

    try:
        return run(name, verbose=verbose, **parameters)
    except FlowError as error:
        fail([str(error)])


def print_result(result: FlowResult, warehouse: Path, skipped_file: Path | None = None) -> None:
    """Print the result of a flow in a few lines. Exit with status 1 if the result has problems.

    `warehouse` is the folder to print. `skipped_file` is the file of the option `--skipped`, which
    the message about skipped files names; None if the option is not set.
    """
    if load := result.load:
        print(
            f"documents  {load.documents_read:,}: {load.documents_with_ticker:,} with a ticker,",
            f"{load.documents_new:,} new, {load.documents_skipped:,} known before",
        )
        print(f"snapshots  {load.snapshots_new:,} new, {load.sightings_new:,} sightings")
        print(f"readings   {load.readings_new:,} new, from {load.reading_lines:,} lines")
        reasons = ", ".join(
            f"{reason} {lines:,}" for reason, lines in load.rejects_by_reason.items()
        )
        rejects = load.rejected_lines + load.rejected_dates
        print(f"rejects    {rejects:,}{reasons and f': {reasons}'}")
    if result.charts:
        folder = Path(os.path.commonpath(result.charts))
        folder = folder if folder.is_dir() else folder.parent
        print(
            f"charts     {len(result.charts):,} in {_relative(folder)},"
            f" {result.charts_drawn:,} drawn"
        )
        if result.omitted_charts:
            print(f"           {result.omitted_charts}")
    if result.gallery:
        print(f"gallery    {_relative(result.gallery)}")
    if result.alerts_sent or result.alerts_failed:
        print(f"alerts     {result.alerts_sent:,} sent, {result.alerts_failed:,} failed")
    print(f"warehouse  {_relative(warehouse)}")
    if result.problems:
        fail(with_hint(result.problems, skipped_file))


def _relative(path: Path) -> Path:
    """Return the path relative to the working directory, or the absolute path if it is outside."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute
