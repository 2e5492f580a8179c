"""Every source list can be used, or one line names the file and the cause."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from nalssi.capture.source_list import SourceListError, read_source_list
from nalssi.common.safe_text import safe_text
from tests.fuzz.fuzz_settings import FUZZ
from tests.fuzz.strategies import TEXTS, damaged

FILE = """contact = "desk@example.org"
delay = 5
interval = "1h"

[[source]]
name = "a-site"
url = "https://a.example/weather?x=%EC%84%9C"
kind = "html"
allow_private = ["127.0.0.0/8"]
"""
VALUES = st.sampled_from(
    [
        *('"1h"', '"0h"', "5", "-1", "nan", "inf", "1e999", "9" * 5000, "true", "[]", "{}", '""'),
        *("[{}]", "2025-12-19", "2025-12-19T01:02:03Z", '"http://[::1"', '"ftp://a"', '"http://"'),
        *('"https://a:99999/"', '"https://\\u0000/"', '"https://ㅎ.ㅎ/"', '"127.0.0.1/33"'),
        *('["::/0"]', '"\\u001b[2J"', "[" * 50 + "]" * 50),
    ]
)
KEYS = st.sampled_from(
    ["contact", "delay", "interval", "name", "url", "kind", "allow_private", "x"]
)
ENTRIES = st.dictionaries(KEYS, VALUES, max_size=4).map(
    lambda entry: "\n".join(f"{key} = {value}" for key, value in entry.items())
)
FILES = st.lists(ENTRIES, min_size=1, max_size=3).map("\n[[source]]\n".join)


@FUZZ
@given(content=FILES.map(str.encode) | damaged(FILE.encode()) | TEXTS.map(str.encode))
@example(content=FILE.encode())
@example(content=f"delay = {'9' * 5000}".encode())
@example(content=f"source = {'[' * 10_000}".encode())
@example(content=b"source = 3\ninterval = []")
@example(content=b'[[source]]\nname = "\\u001b[2J"\nurl = "\\u202e"')
def test_any_source_list_is_used_or_named_with_a_cause(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sources.toml")
        path.write_bytes(content)
        try:
            read = read_source_list(path)
        except SourceListError as error:
            said = str(error)
        else:
            said = f"{path}: {len(read.source)} sources"
    assert said.startswith(f"{path}: ")
    assert safe_text(said) == said
