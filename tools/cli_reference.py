"""Generate the command line reference, docs/cli.md: the help of every command as Markdown."""

from __future__ import annotations

import typer
from typer.cli import get_docs_for_click

from nalssi.cli import app
from nalssi.common.paths import CHECKOUT

PAGE = CHECKOUT / "docs" / "cli.md"


def cli_reference() -> str:
    """Return Markdown with a section for each command, which typer generates from the help."""
    command = typer.main.get_command(app)
    context = typer.Context(command, info_name="nalssi")
    text = get_docs_for_click(obj=command, ctx=context, name="nalssi")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
