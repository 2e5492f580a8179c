"""TLS: the certificate must match the host name, although the connection uses an address."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from nalssi.capture.fetched_response import FetchError
from tests.capture.certificates import make_certificate
from tests.capture.fake_site import HERE, Site, fetcher, page, served


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a self-signed certificate for news.example and its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"), "news.example")


@pytest.fixture
def site(certificate: Path) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with served(context) as site:
        site.plays["/"] = page(b"<p>hello</p>")
        yield site


def test_the_certificate_must_match_the_host_name(
    site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    answer = fetcher().get(f"https://news.example:{site.port}/", HERE)
    assert (answer.body, answer.address) == (b"<p>hello</p>", "127.0.0.1")
    with pytest.raises(FetchError, match="its certificate: Hostname mismatch") as failure:
        fetcher().get(f"https://other.example:{site.port}/", HERE)
    assert not failure.value.temporary


def test_a_self_signed_certificate_is_rejected(site: Site) -> None:
    with pytest.raises(FetchError, match="its certificate: self-signed"):
        fetcher().get(f"https://news.example:{site.port}/", HERE)
