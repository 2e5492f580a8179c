"""The command line. The command `nalssi NAME` is in the module `NAME_command.py`.

The command `nalssi restore` is in `backup_command.py`.

`options` declares the options of several commands. `option_groups` makes the described fields of a
dataclass, such as `DrawOptions`, options of a command. `messages` prints errors, `flow_runs` runs a
Prefect flow and prints its result, `main_program` turns exceptions into exit statuses.

Exit status 0: done. 1: the command failed, or a part of its input could not be used and the rest
was done, or `doctor` or `status` found a problem. 2: wrong usage. 130: interrupted. 143:
terminated. An error is one line on standard error; Typer prints several lines for an option or
argument that it cannot read.

Commands import their libraries inside their functions: importing Prefect, matplotlib or polars
takes longer than most commands take to run.
"""

# The order is that of `nalssi --help`.
from nalssi.cli import (  # noqa: F401, I001  # importing a module adds its command
    run_command,
    ingest_command,
    charts_command,
    draw_command,
    gallery_command,
    observations_command,
    reconcile_command,
    serve_command,
    capture_command,
    crawl_command,
    parse_command,
    sql_command,
    table_command,
    status_command,
    doctor_command,
    alerts_command,
    backup_command,
    export_command,
    import_command,
    forget_command,
    stations_command,
)
from nalssi.cli.app import app
from nalssi.cli.main_program import main

__all__ = ["app", "main"]
