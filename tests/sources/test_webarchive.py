"""Safari webarchives: the page and its frames."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.webarchive import read_webarchive
from tests.sources.sample_sources import TICKER_LINES, html, rows

ADDRESS = "https://www.uridongne.example/news/2?a=b"
TEXT = "\n".join(["2025.12.19 (금)", *TICKER_LINES, "기상청 제공"])


def webarchive(content: bytes, address: str = ADDRESS, **more: object) -> dict[str, object]:
    return {
        "WebMainResource": {
            "WebResourceData": content,
            "WebResourceMIMEType": "text/html",
            "WebResourceTextEncodingName": "EUC-KR",
            "WebResourceURL": address,
            **more,
        }
    }


def test_a_webarchive_is_its_page_and_its_frames_under_their_addresses(tmp_path: Path) -> None:
    archive = webarchive(html("cp949", ""))
    archive["WebSubframeArchives"] = [webarchive(html("cp949", ""), "https://frame.example/1")]
    archive["WebSubresources"] = [{"WebResourceData": b"\x89PNG", "WebResourceURL": "x"}]
    raw = plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)
    for name in ("a.webarchive", "a"):
        (tmp_path / name).write_bytes(raw)
        page, frame = rows(tmp_path / name)
        assert str(page["text"]).startswith(TEXT)
        assert (page["uri"], page["site"]) == (ADDRESS, "uridongne.example")
        assert (frame["uri"], frame["captured_at"]) == ("https://frame.example/1", None)


@pytest.mark.parametrize("name", ["a.webarchive", "a", "a.xml"])
def test_a_webarchive_may_be_a_property_list_in_xml(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(plistlib.dumps(webarchive(html("cp949", ""))))
    (row,) = rows(tmp_path / name)
    assert row["uri"] == ADDRESS


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"bplist00 WebMainResource" + b"\xff" * 40, "a damaged Safari webarchive"),
        (b"<plist><dict><key>WebMainResource</key>", "a damaged Safari webarchive"),
        (b"<plist><true/><key>a</key></plist>", "a damaged Safari webarchive"),
        (
            b'<!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>',
            "a damaged Safari webarchive",
        ),
        (plistlib.dumps(["x"]), "a Safari webarchive without a page"),
        (plistlib.dumps(["x"], fmt=plistlib.FMT_BINARY), "a Safari webarchive without a page"),
        (
            plistlib.dumps(
                webarchive(b"\x89PNG", WebResourceMIMEType="image/png"), fmt=plistlib.FMT_BINARY
            ),
            "a Safari webarchive without a page",
        ),
    ],
    ids=["damaged", "cut xml", "no list", "entity", "xml list", "list", "image"],
)
def test_a_webarchive_without_a_page_is_an_error(raw: bytes, cause: str) -> None:
    with pytest.raises(UnreadableError, match=cause):
        read_webarchive(raw)
