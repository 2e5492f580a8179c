"""`--site-url`: an address that cannot be one of a site is wrong usage, before any run starts."""

from __future__ import annotations

import pytest

from tests.cli.run_nalssi import nalssi


@pytest.mark.parametrize("command", ["gallery", "run", "capture"])
def test_a_wrong_address_of_the_site_is_wrong_usage(command: str) -> None:
    result = nalssi(command, "--site-url", "weather.example.kr")
    assert result.exit_code == 2
    assert "--site-url" in result.output


def test_the_environment_is_checked_like_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NALSSI_SITE_URL", "ftp://weather.example.kr/")
    assert nalssi("gallery").exit_code == 2
