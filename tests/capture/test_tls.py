"""TLS: the certificate must match the host name, although the connection uses an address."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from nalssi.capture.fetched_response import FetchError
from tests.capture.fake_site import HERE, Site, fetcher, page, served


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a self-signed certificate for news.example and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "news.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


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
