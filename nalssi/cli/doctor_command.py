"""The command `nalssi doctor`: examine a warehouse and its machine."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.options import WarehouseOption


@app.command()
def doctor(
    warehouse: WarehouseOption,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Examine the warehouse and its machine; exit with 1 if there is something to do.

    Checks the machine, the files and databases of the warehouse, and Prefect. Prints what to do
    about each finding. Changes nothing.
    """
    from flows.prefect_checks import examine_prefect
    from nalssi.common.safe_text import data_stream
    from nalssi.doctor import examine
    from nalssi.doctor.findings import Examination
    from nalssi.warehouse import Warehouse

    examined = examine(Warehouse(warehouse))
    findings = examined.findings + examine_prefect(examined.at)
    examined = Examination(examined.folder, examined.at, findings)
    if as_json:
        text = json.dumps(examined.as_json(), ensure_ascii=False, indent=2)
        print(text, file=data_stream(sys.stdout))
    else:
        _print_findings(examined)
    if not examined.healthy:
        raise typer.Exit(1)


def _print_findings(examined: object) -> None:
    """Print a line for each finding, and below it a line with the advice.

    `examined` is an `Examination`.
    """
    from nalssi.common.safe_text import safe_text
    from nalssi.doctor.findings import Examination

    assert isinstance(examined, Examination)
    width = max(len(finding.check) for finding in examined.findings)
    for finding in examined.findings:
        print(f"{finding.severity:7}  {finding.check:{width}}  {safe_text(finding.message)}")
        if finding.advice:
            print(f"{'':7}  {'':{width}}  → {safe_text(finding.advice)}")
    to_do = sum(finding.severity != "ok" for finding in examined.findings)
    print("nothing to do" if not to_do else f"{to_do} to do")
