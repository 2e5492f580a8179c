"""How many days keep their pictures is a setting."""

from __future__ import annotations

import pytest

from nalssi.charts.picture_days import PICTURE_DAYS, PICTURE_DAYS_VARIABLE, picture_days


def test_an_argument_replaces_the_variable_and_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PICTURE_DAYS_VARIABLE, raising=False)
    assert picture_days() == PICTURE_DAYS
    monkeypatch.setenv(PICTURE_DAYS_VARIABLE, "90")
    assert (picture_days(), picture_days(7)) == (90, 7)


@pytest.mark.parametrize("given", ["0", "-1", "many", "1.5", "²"])
def test_what_is_no_number_of_days_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PICTURE_DAYS_VARIABLE, given)
    with pytest.raises(ValueError, match="number of days"):
        picture_days()
