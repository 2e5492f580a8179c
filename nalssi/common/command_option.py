"""The annotation that makes a field of a dataclass an option of a command.

A dataclass of the library declares its fields with this annotation, and the command line
(`nalssi.cli.option_groups`) reads it. So an option is declared once, where its value is used:

    station: Annotated[int | None, CommandOption("Only the station with this number.")] = None
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CommandOption:
    """How a field appears on the command line. The field's type and default say the rest."""

    help: str
    name: str | None = None
    """The option, such as `--lang`. None: the field's name with hyphens."""
    minimum: int | None = None
    maximum: int | None = None
    heading: str | None = None
    """The heading in the help under which the option is listed. None: the heading "Options"."""
    choices: tuple[str, ...] = ()
    """The texts that can be chosen, if the type is `str`."""
