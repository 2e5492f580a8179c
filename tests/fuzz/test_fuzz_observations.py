"""Every row of a file with official hours is an observation, a missing value or a rejected row."""

from __future__ import annotations

import gzip
import io
import re
import tempfile
import zipfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from nalssi.common.safe_text import safe_text
from nalssi.observations.asos_table import AsosError, read_asos
from tests.fuzz.fuzz_settings import FUZZ
from tests.fuzz.strategies import TEXTS, damaged

HEAD = "지점,지점명,일시,기온(°C),기온 QC플래그"
ROWS = "\n".join(f"90,속초,2022-08-08 {hour:02}:00,{20 + hour / 10},0" for hour in range(24))
FILE = f"{HEAD}\n{ROWS}\n"
_BUFFER = io.BytesIO()
with zipfile.ZipFile(_BUFFER, "w", zipfile.ZIP_DEFLATED) as _ARCHIVE:
    for _NAME in ("a.csv", "b.csv"):
        _ARCHIVE.writestr(_NAME, FILE)
ZIP = _BUFFER.getvalue()
HTML = f"<table><tr><td>{FILE.replace(',', '<td>').replace(chr(10), '<tr><td>')}</table>".encode()
FIELDS = st.sampled_from(
    [
        *("90", "99999", "-1", "2022-08-08 01:00", "9999-12-31 23:59", "0000-01-01 00:00", "28.1"),
        *(".1", "-", "1e9", "9" * 400, "9", "0", "", '"', '""', "\x00", "NaN", "inf", "\u202e"),
    ]
)
LINES = st.lists(st.lists(FIELDS | TEXTS, max_size=7).map(",".join), max_size=6).map("\n".join)


def read(content: bytes) -> tuple[int, list[object]]:
    """The number of rows of a file, and its observations, rejected rows and errors."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "asos.csv")
        path.write_bytes(content)
        rows, out = 0, []
        try:
            for block in read_asos(path):
                assert (
                    block.rows == block.missing + block.observations.height + block.rejected.height
                )
                rows += block.rows
                out += [*block.observations.rows(), *block.rejected.rows()]
        except AsosError as error:
            out.append(str(error).removeprefix(str(path)))
        return rows, out


@FUZZ
@given(lines=LINES, charset=st.sampled_from(["utf-8", "utf-8-sig", "cp949"]))
def test_every_row_is_an_observation_missing_or_rejected(lines: str, charset: str) -> None:
    content = f"{FILE}{lines}".encode(charset, "replace")
    rows, out = read(content)
    assert rows >= 24
    assert read(content) == (rows, out)


@FUZZ
@given(content=damaged(ZIP) | damaged(gzip.compress(FILE.encode())) | damaged(HTML))
def test_a_damaged_archive_or_page_is_read_or_named_with_its_cause(content: bytes) -> None:
    _, out = read(content)
    problems = [problem for problem in out if isinstance(problem, str)]
    assert all(re.match(r"(!|, line \d+|: )\S", problem) for problem in problems)


@FUZZ
@given(content=damaged(FILE.encode("cp949")) | st.binary(max_size=200) | TEXTS.map(str.encode))
@example(content=("," * 100_000 + HEAD + "\n" + "," * 200_000).encode())
def test_any_file_is_read_or_named_with_its_cause(content: bytes) -> None:
    rows, out = read(content)
    assert read(content) == (rows, out)
    problems = [problem for problem in out if isinstance(problem, str)]
    assert all(re.match(r"(, line \d+)?: \S", problem) for problem in problems)
    assert all(safe_text(problem) == problem for problem in problems)
