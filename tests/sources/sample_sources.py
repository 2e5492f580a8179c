"""Real files for the tests, written by the tools that write such files: gzip, zstd, warcio."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from nalssi.sources import Batch, Options, Plan, plan, read
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits

TICKER_LINES = [
    "• 맑음서울 3.2℃",
    "• 구름많음강릉 14.1℃",
    "• 비 또는 눈대관령 -0.4℃",
    "• 흐림부산 8.0℃",
]
TICKER = "\n".join(["2025.12.19 (금)", *TICKER_LINES, "기상청 제공"])

HTML = """<!doctype html>
<html lang="ko"><head><meta charset="{charset}"><title>우리동네신문</title>
<link rel="canonical" href="https://www.uridongne.example/news/1"></head><body>
<p class="today_txt">2025.12.19 (금)</p>
<ul class="weather_slide">
  <li class="icon_w"><span class="iw01">맑음</span>서울 3.2℃</li>
  <li class="icon_w">
    <span class="iw03">구름많음</span>강릉
    14.1℃</li>
  <li class="icon_w"><span class="iw14">비 또는 눈</span>대관령 -0.4℃</li>
  <li class="icon_w"><span class="iw04">흐림</span>부산 8.0℃</li>
</ul><a class="wc" href="/w">기상청 제공</a>
<p>아침 최저 서울 -3.2℃, 부산 4.1℃로 춥겠다.</p>
</body></html>
"""

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<current xmlns="current"><weather year="2017" month="08" day="04" hour="15">
<local stn_id="98" icon="" desc="-" ta="32.8">동두천</local>
<local stn_id="108" icon="01" desc="맑음" ta="33.0" rn_hr1="0.0">서울</local>
<local stn_id="159" icon="03" desc="구름많음" ta="">부산</local>
</weather></current>
"""

PROSE = "오늘은 낮 기온이 크게 오르겠다. 서울 33도, 부산 31도. "


def html(charset: str = "utf-8", label: str | None = None) -> bytes:
    """The page of the tickers' CMS, in that charset."""
    return HTML.format(charset=label or charset).encode(charset)


class Record(NamedTuple):
    """A record to write into an archive."""

    uri: str
    payload: bytes
    content_type: str = "text/html; charset=utf-8"
    date: str = "2025-12-19T01:02:03Z"
    kind: str = "response"


def write_warc(path: Path, records: Iterable[Record], packed: bool = True) -> list[int]:
    """Write an archive with warcio; where each record begins."""
    starts = []
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "warcio"}))
        for record in records:
            starts.append(file.tell())
            headers = StatusAndHeaders(
                "200 OK", [("Content-Type", record.content_type)], protocol="HTTP/1.1"
            )
            response = record.kind == "response"
            writer.write_record(
                writer.create_warc_record(
                    record.uri,
                    record.kind,
                    payload=io.BytesIO(record.payload),
                    http_headers=headers if response else None,
                    warc_content_type="" if response else record.content_type,
                    warc_headers_dict={"WARC-Date": record.date},
                )
            )
    return starts


def batches(
    *sources: Path | str, options: Options | None = None, limits: ReadLimits = DEFAULT_LIMITS
) -> tuple[Plan, list[Batch]]:
    """The plan of these sources, and all batches that are read from it."""
    made = plan([str(source) for source in sources], options=options)
    return made, [batch for partition in made.partitions for batch in read(partition, limits)]


def rows(
    *sources: Path | str, options: Options | None = None, limits: ReadLimits = DEFAULT_LIMITS
) -> list[dict[str, object]]:
    """The documents of these sources, which must be read without a problem."""
    made, all_batches = batches(*sources, options=options, limits=limits)
    problems = [*made.problems, *(p for batch in all_batches for p in batch.problems)]
    assert not problems, problems
    return [row for batch in all_batches for row in batch.documents.iter_rows(named=True)]


def texts(*sources: Path | str) -> list[str]:
    """The texts of the documents of these sources."""
    return [str(row["text"]) for row in rows(*sources)]


def problems(
    *sources: Path | str, options: Options | None = None, limits: ReadLimits = DEFAULT_LIMITS
) -> list[str]:
    """The problems of these sources, as the user sees them."""
    made, all_batches = batches(*sources, options=options, limits=limits)
    return [str(p) for p in [*made.problems, *(p for b in all_batches for p in b.problems)]]
