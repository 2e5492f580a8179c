"""The source list: its settings, and the messages for its faults."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from nalssi.capture.source_list import SourceListError, read_source_list
from nalssi.common.paths import CHECKOUT

GOOD = '[[source]]\nname = "a"\nurl = "https://a.example/"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_name_and_an_address_are_enough(tmp_path: Path) -> None:
    sources = read_source_list(written(tmp_path, GOOD))
    (source,) = sources.source
    assert (source.name, source.url, source.kind) == ("a", "https://a.example/", "html")
    assert (source.interval, source.allow_private) == (timedelta(hours=1), ())


def test_every_setting_is_read(tmp_path: Path) -> None:
    text = (
        'contact = "https://paper.example/bot"\ndelay = 2.5\ninterval = "30m"\n'
        + GOOD
        + '[[source]]\nname = "b"\nurl = "http://날씨.example/표?a=가#top"\nkind = "xml"\n'
        'interval = "2d"\nallow_private = ["10.0.0.0/8"]\n'
    )
    sources = read_source_list(written(tmp_path, text))
    a, b = sources.source
    assert (sources.contact, sources.delay) == ("https://paper.example/bot", 2.5)
    assert (a.interval, b.interval) == (timedelta(minutes=30), timedelta(days=2))
    assert b.url == f"http://{'날씨'.encode('idna').decode()}.example/%ED%91%9C?a=%EA%B0%80"
    assert b.allow_private == (IPv4Network("10.0.0.0/8"),)
    assert sources.named(["b"]) == [b]


@pytest.mark.parametrize("given", ['"desk@paper.example"', '["desk@paper.example"]'])
def test_an_alert_goes_to_an_address_or_to_several(tmp_path: Path, given: str) -> None:
    sources = read_source_list(written(tmp_path, f"alert = {given}\n{GOOD}"))
    assert [address.text for address in sources.alert] == ["desk@paper.example"]
    assert read_source_list(written(tmp_path, GOOD)).alert == ()


def test_the_example_is_valid_and_names_no_live_site() -> None:
    sources = read_source_list(CHECKOUT / "data" / "sources.example.toml")
    hosts = [source.url.split("/")[2] for source in sources.source]
    assert hosts
    assert all(host.endswith((".example", ".internal")) for host in hosts)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "source: is missing"),
        ("source = []", "source: "),
        ("[[source", "not TOML: "),
        ('colour = "red"\n' + GOOD, "colour: is not a setting"),
        ('alert = "SECRET"\n' + GOOD, "alert: an alert goes to a mail address"),
        ("delay = 0.1\n" + GOOD, "delay: Input should be greater than or equal to 1"),
        ('contact = "a\\nb"\n' + GOOD, "contact: "),
        ('[[source]]\nname = "a"\n', "source 1 (a): url: is missing"),
        ('[[source]]\nurl = "https://a.example/"\n', "source 1: name: is missing"),
        (GOOD + "intervall = 1\n", "source 1 (a): intervall: is not a setting"),
        (GOOD + 'interval = "soon"\n', "interval: an interval must be a number and m, h or d"),
        (GOOD + "interval = 3600\n", "interval: an interval must be a number and m, h or d"),
        (GOOD + 'interval = "0m"\n', "interval: an interval must be a number and m, h or d"),
        (GOOD + 'alert_after = "-1h"\n', "alert_after: a time must be a number and m, h or d"),
        (GOOD + 'kind = "pdf"\n', "kind: Input should be 'html', 'xml' or 'text'"),
        (GOOD + 'allow_private = ["everything"]\n', "source 1 (a): allow_private: "),
        (GOOD + GOOD, "two sources have the name a"),
        (GOOD + GOOD.replace('"a"', '"b"'), "two sources have the url https://a.example/"),
        (GOOD.replace('"a"', '"../a"'), "name: a name may contain only a to z, 0 to 9 and -"),
        (GOOD.replace("https", "ftp"), "url: an address must begin with http:// or https://"),
        (GOOD.replace("https://a.example", ""), "url: an address must begin with http://"),
        (GOOD.replace("a.example", "me:secret@a.example"), "must not contain a user name"),
        (GOOD.replace("a.example", "a.example:x"), "url: an invalid address: "),
        (GOOD.replace('"https://a.example/"', "1"), "url: an address must be text"),
        ("source = 1", "source: "),
        ("source = [1]", "source 1: "),
        ('interval = "1h"\nsource = 1', "source: "),
    ],
)
def test_a_fault_is_one_line_with_its_place(tmp_path: Path, text: str, cause: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SourceListError) as failure:
        read_source_list(path)
    assert str(failure.value).startswith(f"{path}: ")
    assert cause in str(failure.value)
    assert "\n" not in str(failure.value)


def test_a_file_that_cannot_be_read_is_an_error_with_its_cause(tmp_path: Path) -> None:
    with pytest.raises(SourceListError, match=r"sources.toml: no such file or directory"):
        read_source_list(tmp_path / "sources.toml")
    (tmp_path / "sources.toml").write_bytes("이름".encode("cp949"))
    with pytest.raises(SourceListError, match="not in UTF-8"):
        read_source_list(tmp_path / "sources.toml")


def test_an_unknown_source_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceListError, match="no source is named b; there are: a"):
        read_source_list(written(tmp_path, GOOD)).named(["a", "b"])
