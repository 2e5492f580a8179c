"""The annotation that makes a field of a dataclass an option of a command.

A dataclass of the library declares its fields with this annotation, and the command line
(`nalssi.cli.option_groups`) reads it. So an option is declared once, where its value is used:

    station: Annotated[int | None, CommandOption("Only the station with this number.")] = None
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CommandOption:
    """The name, help and limits of a command's option. The annotated field has type and default.

    `minimum` and `maximum` are limits of a number; None is no limit.
    """

    help: str
    name: str | None = None
    """The name of the option, such as `--lang`. None: the field's name with hyphens."""
    minimum: int | None = None
    maximum: int | None = None
    heading: str | None = None
    """The heading in the help under which the option is listed. None: the heading "Options"."""
    choices: tuple[str, ...] = ()
    """The texts that can be chosen, if the type is `str`."""
