"""The command `nalssi alerts`: tell people when the health of a source changes."""

from __future__ import annotations

from typing import Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.options import SourcesFileOption, WarehouseOption

alerts = typer.Typer(help="Tell people when the health of a source changes.", no_args_is_help=True)
app.add_typer(alerts, name="alerts")

TEST = "a test of `nalssi alerts test`; nothing is wrong"


@alerts.command("install")
def install_automation(
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS",
            envvar="NALSSI_ALERT",
            help="A mail address, or the http or https address of a webhook.",
            show_envvar=True,
        ),
    ],
) -> None:
    """Create or update the automation on the Prefect server that PREFECT_API_URL names.

    The environment variable NALSSI_ALERT keeps the address of a webhook out of the list of
    processes. Without a server, use the setting `alert` of the source list.
    """
    from flows.alerts import AUTOMATION, install
    from flows.run_flow import FlowError
    from nalssi.capture.alert_address import alert_address

    try:
        known = alert_address(address)
        print(f"automation  {AUTOMATION}\nsends to    {known}\nUI          {install(known)}")
    except (ValueError, FlowError) as error:
        fail([str(error)])


@alerts.command("test")
def send_test(warehouse: WarehouseOption, sources: SourcesFileOption = None) -> None:
    """Send a test to every address in the setting `alert` of the source list."""
    from nalssi.capture.send_alert import AlertError, send_alert
    from nalssi.capture.source_changes import SourceChange
    from nalssi.capture.source_list import SOURCE_LIST_FILE, SourceListError, read_source_list

    file = sources or warehouse / SOURCE_LIST_FILE
    try:
        listed = read_source_list(file)
    except SourceListError as error:
        fail([str(error)])
    if not listed.alert:
        fail([f"{file}: there is no `alert`"])
    problems = []
    for address in listed.alert:
        try:
            send_alert(address, [SourceChange("test", "failing", "ok", TEST)], str(warehouse))
            print(f"sent to {address}")
        except AlertError as error:
            problems.append(str(error))
    if problems:
        fail(problems)
