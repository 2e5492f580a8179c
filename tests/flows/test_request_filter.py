"""The request filter alone. tests/flows/cross_site_requests.py has requests to whole servers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from starlette.responses import PlainTextResponse

from flows.request_filter import RequestFilter, configured_hosts


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("weather.example", None, 200),
        ("WEATHER.example:8443", "https://weather.example:8443", 200),
        ("127.0.0.1:4200", "https://weather.example", 200),  # a proxy that sends our own Host
        ("127.0.0.1:4200", "https://dashboard.example", 200),
        ("127.0.0.1:4200", "http://dashboard.example", 403),
        ("127.0.0.1:4200", "https://weather.example.evil.example", 403),
        ("127.0.0.1:4200", "https://weather.example:1", 403),
        ("evil.example", None, 403),
        ("evil.example", "https://weather.example", 403),
        ("sub.weather.example", None, 403),
    ],
)
def test_only_configured_names_and_origins_are_allowed(
    host: str, origin: str | None, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NALSSI_HOSTS", " Weather.example, ,other.example")
    guarded = RequestFilter(
        PlainTextResponse("yes"), configured_hosts(), ["https://dashboard.example"]
    )
    headers = {"Host": host} | ({"Origin": origin} if origin else {})
    assert asyncio.run(status_of(guarded, headers)) == status


async def status_of(guarded: RequestFilter, headers: Mapping[str, str]) -> int:
    transport = httpx.ASGITransport(app=guarded)
    async with httpx.AsyncClient(transport=transport, base_url="http://unused") as client:
        return (await client.get("/", headers=headers)).status_code


def test_without_configuration_there_are_no_further_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NALSSI_HOSTS", raising=False)
    assert configured_hosts() == []
