"""A field of a dataclass that has a `CommandOption` becomes an option of the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner, Result

from nalssi.cli.option_groups import expand_option_groups
from nalssi.common.command_option import CommandOption


@dataclass(frozen=True)
class Days:
    since: Annotated[date | None, CommandOption("The first day.")] = None


@dataclass(frozen=True)
class Drawing:
    """Options as the library declares them. `unused` is not an option of the command."""

    langs: Annotated[
        Sequence[str], CommandOption("Language.", name="--lang", choices=("ko", "en"))
    ] = ("ko",)
    dots_per_inch: Annotated[int, CommandOption("Resolution.", minimum=10)] = 150
    days: Days = field(default_factory=Days)
    unused: int = 7

    def __post_init__(self) -> None:
        if self.dots_per_inch == 13:
            raise ValueError("not 13")


given: list[tuple[object, ...]] = []
app = typer.Typer()


@app.command()
@expand_option_groups
def draw(
    name: str,
    drawing: Drawing,
    kind: Annotated[str | None, CommandOption("Kind.", choices=("map", "series"))] = None,
) -> None:
    """Draw."""
    given.append((name, drawing, kind))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_options_have_the_defaults_of_the_fields() -> None:
    assert run("a").exit_code == 0
    assert given[-1] == ("a", Drawing(), None)


def test_options_reach_the_command_as_the_dataclass_takes_them() -> None:
    run(
        "a",
        "--lang",
        "en",
        "--lang",
        "ko",
        "--dots-per-inch=72",
        "--since=2026-01-02",
        "--kind=map",
    )
    assert given[-1] == ("a", Drawing(("en", "ko"), 72, Days(date(2026, 1, 2))), "map")


@pytest.mark.parametrize(
    "wrong",
    ["--lang=fr", "--dots-per-inch=9", "--dots-per-inch=13", "--since=1", "--unused=1", "--kind=a"],
)
def test_a_value_that_is_refused_is_wrong_usage(wrong: str) -> None:
    before = len(given)
    assert run("a", wrong).exit_code == 2
    assert len(given) == before


def test_the_help_shows_the_text_the_choices_and_the_limits() -> None:
    shown = run("--help").stdout
    for part in ("Resolution.", "x>=10", "ko|en", "map|series", "--since", "DAY", "150"):
        assert part in shown
