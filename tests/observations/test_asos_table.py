"""KMA's hourly files as they are downloaded, and what can be wrong with them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from nalssi.observations.asos_table import AsosError, Block, read_asos

# As the portal writes it (columns shortened): CRLF, one line end at the end of the file.
HEADER = "지점,지점명,일시,기온(°C),기온 QC플래그,강수량(mm),지면온도(°C)"
ROWS = [
    "90,속초,2022-08-08 01:00,28,,.1,28.1",
    "90,속초,2022-08-08 02:00,27.4,,,28",
    "170,완도,2022-08-08 18:00,,9,,",
    "295,남해,2022-08-09 00:00,27.4,,,27.6",
]


def write(path: Path, *lines: str, encoding: str = "cp949", end: str = "\r\n") -> Path:
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def read(path: Path) -> Block:
    (block,) = read_asos(path)
    return block


def values(block: Block) -> list[tuple[int, float]]:
    return list(block.observations.select("station_id", "temperature_c").iter_rows())


def instants(block: Block) -> list[datetime]:
    return block.observations["observed_at"].to_list()


def reasons(block: Block) -> list[tuple[int, str]]:
    return list(block.rejected.select("line", "reason").iter_rows())


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_every_encoding_of_a_download_gives_the_same_rows(
    tmp_path: Path, encoding: str, end: str
) -> None:
    block = read(write(tmp_path / "a.csv", HEADER, *ROWS, encoding=encoding, end=end))
    assert values(block) == [(90, 28.0), (90, 27.4), (295, 27.4)]
    assert (block.rows, block.missing, block.rejected.height) == (4, 1, 0)


def test_hours_are_korean_and_midnight_begins_a_day(tmp_path: Path) -> None:
    block = read(write(tmp_path / "a.csv", HEADER, *ROWS))
    assert instants(block)[0] == datetime(2022, 8, 7, 16, tzinfo=UTC)
    assert instants(block)[-1] == datetime(2022, 8, 8, 15, tzinfo=UTC)


def test_the_older_way_of_writing_hours_and_numbers_is_read(tmp_path: Path) -> None:
    rows = [
        "90,속초,2006-01-01 0:00,.1",
        "90,속초,2006-01-01 1:00,-.5",
        "90,속초,2006-01-01 10:00,-12",
    ]
    block = read(write(tmp_path / "a.csv", "지점,지점명,일시,기온(°C)", *rows))
    assert [value for _, value in values(block)] == [0.1, -0.5, -12.0]
    assert [instant.hour for instant in instants(block)] == [15, 16, 1]


def test_a_download_without_flags_or_names_or_with_other_columns_is_read(tmp_path: Path) -> None:
    rows = ["2022-08-08 01:00,3.2,108,28", "2022-08-08 02:00,,108,"]
    block = read(write(tmp_path / "a.csv", "일시,지면온도(°C),지점,기온(°C)", *rows))
    assert values(block) == [(108, 28.0)]
    assert block.missing == 1


def test_quotes_around_fields_are_removed(tmp_path: Path) -> None:
    lines = [",".join(f'"{field}"' for field in line.split(",")) for line in (HEADER, *ROWS)]
    assert len(values(read(write(tmp_path / "a.csv", *lines)))) == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("90,속초,2022-08-08 01:00,28,1,,", "flagged_error"),
        ("90,속초,2022-08-08 01:00,28,5,,", "unknown_flag"),
        ("96,독도,2022-08-08 01:00,28,,,", "unknown_station"),
        ("속초,90,2022-08-08 01:00,28,,,", "unknown_station"),
        ("90,속초,2022-08-08,28,,,", "unreadable_time"),
        ("90,속초,2022-08-08 24:30,28,,,", "unreadable_time"),
        ("90,속초,2022-02-30 01:00,28,,,", "unreadable_time"),
        ("90,속초,2022-08-08 01:30,28,,,", "not_on_the_hour"),
        ("90,속초,2022-08-08 01:00,28.44,,,", "unreadable_temperature"),
        ("90,속초,2022-08-08 01:00,-,,,", "unreadable_temperature"),
        ("90,속초,2022-08-08 01:00,-99.9,,,", "impossible_temperature"),
        ("90,속초,2022-08-08 01:00,2", "cut_row"),
    ],
)
def test_a_rejected_row_has_its_line_and_cause(tmp_path: Path, row: str, reason: str) -> None:
    block = read(write(tmp_path / "a.csv", HEADER, ROWS[0], "", row, ROWS[1]))
    assert reasons(block) == [(4, reason)]
    assert block.rejected["text"].to_list() == [row]
    assert (block.rows, len(values(block)), block.missing) == (3, 2, 0)


@pytest.mark.parametrize(
    ("flag", "value", "kept", "missing"),
    [("", "28", 1, 0), ("0", "28", 1, 0), ("9", "28", 0, 1), ("9", "", 0, 1), ("0", "", 0, 1)],
)
def test_a_flag_decides_whether_a_value_is_used(
    tmp_path: Path, flag: str, value: str, kept: int, missing: int
) -> None:
    block = read(write(tmp_path / "a.csv", HEADER, f"90,속초,2022-08-08 01:00,{value},{flag},,"))
    assert (block.observations.height, block.missing, block.rejected.height) == (kept, missing, 0)


def test_a_number_that_the_end_of_the_file_may_have_cut_is_rejected(tmp_path: Path) -> None:
    header, rows = "지점,지점명,일시,기온(°C)", ["90,속초,2022-08-08 01:00,28"]
    whole = write(tmp_path / "whole.csv", header, *rows)
    cut = tmp_path / "cut.csv"
    cut.write_bytes(whole.read_bytes().rstrip())
    certain = tmp_path / "certain.csv"
    certain.write_bytes(whole.read_bytes().rstrip() + b".4")
    assert values(read(whole)) == [(90, 28.0)]
    assert reasons(read(cut)) == [(2, "cut_row")]
    assert values(read(certain)) == [(90, 28.4)]


def test_lines_keep_their_numbers_over_blocks(
    tmp_path: Path,
) -> None:
    bad = "90,속초,never,28,,,"
    path = write(tmp_path / "a.csv", HEADER, *ROWS * 50, bad, *ROWS * 50, bad)
    whole = read(path)
    blocks = list(read_asos(path, block_characters=97))
    assert len(blocks) > 50
    assert pl.concat([block.rejected for block in blocks]).equals(whole.rejected)
    assert pl.concat([block.observations for block in blocks]).equals(whole.observations)
    assert whole.rejected["line"].to_list() == [202, 403]
    assert sum(block.missing for block in blocks) == whole.missing == 100


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "line 1: no header"),
        ("지점,지점명,일시,평균기온(°C)\n".encode(), "no column 기온"),
        (b"station,name,time\n", "no column 지점, 일시, 기온"),
        (b"\xff\xfe\x00\x01,\xff\n", "neither UTF-8 nor CP949"),
    ],
)
def test_the_error_names_the_file_and_the_cause(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(AsosError, match=rf"bad\.csv, line 1.*{cause.split(': ')[-1]}"):
        list(read_asos(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AsosError, match=r"nowhere\.csv: cannot be read"):
        list(read_asos(tmp_path / "nowhere.csv"))


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"x" * 2**20, "no column 지점"),
        (("지점,일시," + "," * 1000 + "기온(°C)\n").encode(), "more than 256 columns"),
        ("지점,일시,기온(°C)\n".encode() + b"9" * (9 << 20), "a line of more than 64 KiB"),
    ],
)
def test_a_file_of_one_endless_line_is_rejected(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "asos.csv"
    path.write_bytes(content)
    with pytest.raises(AsosError, match=re.escape(cause)):
        list(read_asos(path))


CLOUDS = "지점,지점명,일시,운형(운형약어),기온(°C),기온 QC플래그"


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_separator_inside_quotes_shifts_no_field(tmp_path: Path, separator: str) -> None:
    rows = [
        f'108,서울,2022-08-08 01:00,"Ac{separator}Ci",25.3,',
        "108,서울,2022-08-08 02:00,Ac,25.4,",
        f'"108","서울","2022-08-08 03:00","Sc{separator} ""Cu""{separator}17.1","-.5",""',
        f'108,서울,2022-08-08 04:00,"30{separator}29.9",,9',
        f'108,서울,2022-08-08 05:00, "Ac{separator}1" ,25.6,1',
    ]
    cells = ["\ufdd0".join(row.split(",")) for row in rows] if separator != "," else rows
    lines = [CLOUDS.replace(",", separator)]
    lines += [cell.replace("\ufdd0", separator) for cell in cells]
    block = read(write(tmp_path / "a.csv", *lines, encoding="utf-8"))
    assert values(block) == [(108, 25.3), (108, 25.4), (108, -0.5)]
    assert block.missing == 1
    assert reasons(block) == [(6, "flagged_error")]
    assert block.rejected["text"].to_list() == [lines[5]]


def test_a_row_whose_quote_is_never_closed_gives_no_value(tmp_path: Path) -> None:
    rows = ['108,서울,2022-08-08 01:00,"Ac,25.3,', "108,서울,2022-08-08 02:00,Ac,25.4,"]
    block = read(write(tmp_path / "a.csv", CLOUDS, *rows))
    assert values(block) == [(108, 25.4)]
    assert reasons(block) == [(2, "cut_row")]


@pytest.mark.parametrize(
    "above",
    [
        ["시간별 관측 자료"],
        ["", " ", ""],
        ["sep=,"],
        ["지점, 일시, 기온(°C) 자료", "", "기간: 2022-08-08"],
        ['"a title', 'of two lines"'],
        ['5" of rain'],
        [""] * 19,
    ],
)
def test_a_header_may_stand_below_other_lines(tmp_path: Path, above: list[str]) -> None:
    block = read(write(tmp_path / "a.csv", *above, HEADER, *ROWS, "90,속초,never,28,,,"))
    assert values(block) == [(90, 28.0), (90, 27.4), (295, 27.4)]
    assert reasons(block) == [(len(above) + len(ROWS) + 2, "unreadable_time")]


def test_a_header_below_the_first_lines_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(AsosError, match=r"line 3: no column 일시, 기온"):
        list(read_asos(write(tmp_path / "a.csv", "a", "", "지점", *["b"] * 17, HEADER, *ROWS)))


def test_a_name_in_the_header_may_contain_a_line_end(tmp_path: Path) -> None:
    header = ['"지점","지점명","일시","운형', '(약어,약어)","기온', '(°C)"']
    block = read(write(tmp_path / "a.csv", *header, '108,서울,2022-08-08 01:00,"Ac,Ci",25.3'))
    assert values(block) == [(108, 25.3)]
    assert block.observations["line"].to_list() == [4]


@pytest.mark.parametrize(
    ("written", "celsius"),
    [
        ("25.299999999999997", 25.3),
        ("0.30000000000000004", 0.3),
        ("-3.4000000000000004", -3.4),
        ("25.299999237060547", 25.3),  # a 32-bit float
        ("\u22121.4", -1.4),
        ("\uff0d12", -12.0),
    ],
)
def test_a_tenth_with_rounding_noise_is_read(tmp_path: Path, written: str, celsius: float) -> None:
    lines = ["지점,일시,기온(°C)", f"90,2022-08-08 01:00,{written}"]
    assert values(read(write(tmp_path / "a.csv", *lines, encoding="utf-8"))) == [(90, celsius)]


@pytest.mark.parametrize(
    "written", ["25.2999", "25.2500000000000001", "25.2999000000001", "--1.4", "\u2212\u22121"]
)
def test_a_number_that_is_no_tenth_is_rejected(tmp_path: Path, written: str) -> None:
    lines = ["지점,일시,기온(°C)", f"90,2022-08-08 01:00,{written}"]
    block = read(write(tmp_path / "a.csv", *lines, encoding="utf-8"))
    assert reasons(block) == [(2, "unreadable_temperature")]


@pytest.mark.parametrize(
    ("header", "is_read"),
    [
        ("지점번호,일시,기온", True),
        ("지점 번호,일시,기온 (℃)", True),
        ("지점,일시,기온(°F)", False),
        ("지점명,일시,기온(°C)", False),
        ("지점,일시,최고기온", False),
    ],
)
def test_a_table_needs_the_required_columns(tmp_path: Path, header: str, is_read: bool) -> None:
    path = write(tmp_path / "a.csv", header, "90,2022-08-08 01:00,28.1", encoding="utf-8")
    if is_read:
        assert values(read(path)) == [(90, 28.1)]
    else:
        with pytest.raises(AsosError, match="line 1: no column"):
            list(read_asos(path))
