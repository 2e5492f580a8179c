"""The digest that decides whether a page is rendered again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.site_files import SiteFile, content_file

FRAME = pl.DataFrame(
    {
        "day": [date(2025, 12, 19), None],
        "at": [datetime(2025, 12, 19, tzinfo=UTC), None],
        "mean_c": [1.5, 2.0],
        "failed": [["step"], []],
        "used": [True, None],
        "name": ["서울", None],
    }
)


@dataclass(frozen=True)
class Inputs:
    name: str
    count: int


VALUES = [
    None,
    "1",
    1,
    1.5,
    True,
    date(2025, 12, 19),
    datetime(2025, 12, 19, 3, tzinfo=UTC),
    [],
    [None],
    [1, [2]],
    [[1], 2],
    {},
    {"a": 1},
    {"a": None},
    Inputs("a", 1),
    Inputs("a", 2),
    content_file("a.csv", b"1"),
    content_file("b.csv", b"1"),
    content_file("a.csv", b"2"),
    FRAME,
    FRAME.rename({"name": "other"}),
    FRAME.reverse(),
    FRAME.with_columns(mean_c=pl.lit(1.5)),
    FRAME.with_columns(used=pl.lit(None, pl.Boolean)),
    FRAME.with_columns(failed=pl.lit([], pl.List(pl.String))),
]


def test_different_values_have_different_digests() -> None:
    assert len({input_digest(value) for value in VALUES}) == len(VALUES)


def test_equal_values_have_the_same_digest() -> None:
    parts = pl.concat([FRAME[:1], FRAME[1:]], rechunk=False)
    assert input_digest(parts) == input_digest(FRAME) == input_digest(FRAME.clone())
    assert input_digest([1, "a"]) == input_digest((1, "a"))
    moved = SiteFile("a.png", "key", Path("elsewhere/a.png"))
    assert input_digest(moved) == input_digest(SiteFile("a.png", "key", Path("a.png")))


@pytest.mark.parametrize("value", [lambda: 1, Path("a"), {1}, object(), FRAME.lazy()])
def test_a_page_cannot_depend_on_what_has_no_digest(value: object) -> None:
    with pytest.raises(TypeError, match="a page cannot depend on"):
        input_digest(["a", {"b": value}])
