"""The address of the gallery: a folder on the web, in ASCII, or an error that says why not."""

from __future__ import annotations

import pytest

from nalssi.common.site_address import SITE_URL_VARIABLE, SiteAddress, site_address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://example.kr", "https://example.kr/"),
        ("http://example.kr:8080/weather", "http://example.kr:8080/weather/"),
        ("https://example.kr/weather//", "https://example.kr/weather/"),
        ("https://날씨.한국/오늘", "https://xn--i20bj30b.xn--3e0b707e/%EC%98%A4%EB%8A%98/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
    ],
)
def test_an_address_is_made_ascii_and_ends_with_a_slash(given: str, address: str) -> None:
    assert site_address(given) == SiteAddress(address)


@pytest.mark.parametrize(
    "given",
    [
        "example.kr",
        "ftp://example.kr/",
        "file:///srv/site",
        "https://",
        "https://user:secret@example.kr/",
        "https://example.kr/?a=1",
        "https://example.kr/#a",
        "https://example.kr:port/",
        "https://example.kr/\n",
        "javascript:alert(1)",
        f"https://{'a' * 70}.kr/",
    ],
)
def test_what_is_no_address_of_a_folder_is_an_error(given: str) -> None:
    with pytest.raises(ValueError, match="cannot be used"):
        site_address(given)


def test_the_environment_has_the_address_unless_one_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(SITE_URL_VARIABLE, raising=False)
    assert site_address() is None
    monkeypatch.setenv(SITE_URL_VARIABLE, "https://example.kr/a")
    assert site_address() == SiteAddress("https://example.kr/a/")
    assert site_address("https://example.kr/b") == SiteAddress("https://example.kr/b/")
    assert site_address("") is None


def test_the_address_of_a_start_page_is_that_of_its_folder() -> None:
    site = SiteAddress("https://example.kr/weather/")
    assert site.of("index.html") == "https://example.kr/weather/"
    assert site.of("en/index.html") == "https://example.kr/weather/en/"
    assert site.of("dates/2026-11-29.html") == "https://example.kr/weather/dates/2026-11-29.html"
    assert site.path == "/weather/"
