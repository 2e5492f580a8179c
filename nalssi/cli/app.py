"""The Typer application that holds all commands, and its option `--version`."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    help="nalssi (날씨): regional weather with dates, from the tickers that Korean news sites"
    " print.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(requested: bool) -> None:
    if requested:
        from nalssi.common.version import __version__

        print(f"nalssi {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    pass
