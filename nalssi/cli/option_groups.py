"""Let a command take a dataclass of the library: its fields become options of the command.

A field that has a `CommandOption` among its annotations is an option; its type and default are
those of the option. A field without one keeps its default. Fields of a dataclass inside the
dataclass become options too. A parameter of the command can have a `CommandOption` as well.

Usage: `@expand_option_groups` below `@app.command()`. The command has a parameter such as
`drawing: DrawOptions` and receives an instance that has the values of the options. With
`drawing: Annotated[DrawOptions, OmitFields(names)]`, the named fields are no options and keep their
defaults.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import wraps
from types import GenericAlias, NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from nalssi.cli.messages import fail
from nalssi.common.command_option import CommandOption


@dataclass(frozen=True)
class OmitFields:
    """An annotation of a dataclass parameter: the fields that are not options of the command."""

    names: AbstractSet[str]


def expand_option_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that has options in place of the dataclass parameters of `command`.

    Use it as a decorator. Each field with a `CommandOption` is an option. If a dataclass refuses a
    value with ValueError, the program ends with exit status 2.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, tuple[type, AbstractSet[str]]] = {}
    single: set[str] = set()
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        hint = hints[parameter.name]
        if group := _group(hint):
            groups[parameter.name] = group
            parameters += [option.parameter() for option in _options(*group)]
        elif option := _option(parameter.name, hint, parameter.default):
            parameters.append(option.parameter())
            single.add(parameter.name)
        else:
            parameters.append(parameter.replace(annotation=hint))

    def expanded(**values: Any) -> None:
        try:
            made = {name: _instance(*group, values) for name, group in groups.items()}
        except ValueError as error:
            fail([str(error)], 2)
        command(**values | {name: _plain(values[name]) for name in single} | made)

    wraps(command)(expanded)
    del expanded.__dict__["__wrapped__"]  # typer would take its types
    expanded.__annotations__ = {each.name: each.annotation for each in parameters}
    # typer passes names, not positions, so a parameter without a default may follow the others.
    keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    expanded.__dict__["__signature__"] = inspect.Signature(keywords)
    return expanded


@dataclass(frozen=True)
class _Option:
    """An option of a command, made from a field of a dataclass or from a parameter.

    `note` is its `CommandOption`. `repeatable`: the type is a list, tuple or sequence of
    `value_type`. `may_be_none`: None is a possible value.
    """

    name: str
    note: CommandOption
    default: Any
    value_type: Any
    """The type of the value, or of each value if the option may be repeated."""
    repeatable: bool
    may_be_none: bool

    def parameter(self) -> inspect.Parameter:
        """Return the option as a parameter of a function, annotated as typer needs it."""
        value_type, default = self.value_type, self.default
        form: dict[str, Any] = {}
        if value_type is date:
            value_type, form = datetime, {"formats": ["%Y-%m-%d"], "metavar": "DAY"}
        elif self.note.choices:
            value_type = _enumeration(self.note.choices)
            default = [value_type(each) for each in default] if self.repeatable else default
        option = typer.Option(
            self.note.name or "--" + self.name.replace("_", "-"),
            help=self.note.help,
            min=self.note.minimum,
            max=self.note.maximum,
            rich_help_panel=self.note.heading,
            **form,
        )
        if self.repeatable:
            value_type = GenericAlias(list, (value_type,))
        elif self.may_be_none:
            value_type = value_type | None
        return inspect.Parameter(
            self.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=Annotated[value_type, option],
            default=list(default) if self.repeatable else default,
        )


def _enumeration(choices: Sequence[str]) -> Any:
    """Return an enumeration class of the choices, because typer has no other type for them."""
    members: Any = [(choice, choice) for choice in choices]
    return StrEnum("Choice", members)


def _option(name: str, hint: Any, default: Any) -> _Option | None:
    """Return the option for a field or parameter with this type hint and default.

    Returns None if the hint has no `CommandOption`.
    """
    notes = [note for note in get_args(hint) if isinstance(note, CommandOption)]
    if not notes:
        return None
    value_type = get_args(hint)[0]
    may_be_none = NoneType in get_args(value_type)
    repeatable = get_origin(value_type) in (tuple, list, Sequence)
    if may_be_none or repeatable:
        value_type = next(each for each in get_args(value_type) if each is not NoneType)
    return _Option(name, notes[0], default, value_type, repeatable, may_be_none)


def _group(hint: Any) -> tuple[type, AbstractSet[str]] | None:
    """Return the dataclass in a parameter's type hint, and the names of its fields to omit.

    The names are those of the annotation `OmitFields`. Returns None if the hint is not a dataclass.
    """
    notes = [note for note in get_args(hint) if isinstance(note, OmitFields)]
    group = get_args(hint)[0] if notes else hint
    if not (isinstance(group, type) and is_dataclass(group)):
        return None
    return group, notes[0].names if notes else frozenset()


def _options(group: type, omitted: AbstractSet[str] = frozenset()) -> Iterator[_Option]:
    """Yield the options of the dataclass `group`, in the order of its fields.

    Fields whose names are in `omitted` are left out.
    """
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):
        hint = hints[field.name]
        if field.name in omitted:
            continue
        if is_dataclass(hint):
            assert isinstance(hint, type)
            yield from _options(hint)
        elif option := _option(field.name, hint, _default(field)):
            yield option


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _instance(group: type, omitted: AbstractSet[str], values: dict[str, Any]) -> Any:
    """Return an instance of the dataclass `group` with the values of its options.

    `values` has the values of all options of the command by name; those of this dataclass are
    removed from it. The fields in `omitted` keep their defaults. Raises ValueError if the dataclass
    refuses a value.
    """
    hints = get_type_hints(group, include_extras=True)
    given = {}
    for field in fields(group):
        hint = hints[field.name]
        if field.name in omitted:
            continue
        if is_dataclass(hint):
            assert isinstance(hint, type)
            given[field.name] = _instance(hint, frozenset(), values)
        elif _option(field.name, hint, None):
            given[field.name] = _plain(values.pop(field.name))
    return group(**given)


def _plain(value: Any) -> Any:
    """Convert a value from typer to the type of its field.

    A list becomes a tuple, a datetime a date, and a member of an enumeration the text of the
    choice.
    """
    if isinstance(value, list):
        return tuple(map(_plain, value))
    if isinstance(value, datetime):
        return value.date()
    return value.value if isinstance(value, Enum) else value
