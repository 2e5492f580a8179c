"""A plan lists the captures of the given sites, whatever the index, and only they are fetched."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from nalssi.cli import app
from nalssi.crawl.capture_filter import CaptureFilter
from nalssi.crawl.captures import PlanError, Site, key_ranges, read_sites, site_of
from nalssi.crawl.cdx_server import ServerPauses, ask_server
from nalssi.crawl.columnar_index import query_index
from nalssi.crawl.common_crawl import index_of_crawl
from nalssi.crawl.make_plan import KNOWN_SITES, make_plan
from nalssi.sources import Batch, Partition, plan, read, remote_objects
from nalssi.sources.readers.read_limits import ReadLimits
from nalssi.sources.readers.warc.planned_records import FetchPauses, read_planned_records
from nalssi.staging import stage
from nalssi.ticker import Extraction, extract
from tests.crawl.crawl_layout import CRAWL, Crawl, cdx_lines, make_crawl, surt
from tests.sources.range_server import RangeSite, serve
from tests.sources.sample_sources import Record, html

SITES = [site_of(text) for text in ("press.example", "https://news.example.kr/weather/")]
EVERYTHING = CaptureFilter(status=0, types=("*",))
HOSTS = (
    "press.example",
    "www.press.example",
    "m.press.example",
    "express.example",
    "press.example.com",
    "press-two.example",
    "news.example.kr",
    "other.example.kr",
)
PAUSES = ServerPauses(between_s=0, busy_s=(0.0,) * 4)


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """Archives of 40 records each, of which few are of the sites."""
    order = random.Random(3)
    archives = []
    for number in range(10):
        records = []
        for place in range(40):
            host = order.choice(HOSTS)
            path = order.choice(["weather/", "weather/", "Weather/", "sports/"]) + str(place)
            payload = html() + order.randbytes(order.randrange(3_000)).hex().encode()
            time = f"2026-03-{order.randrange(1, 29):02}T0{number}:00:00Z"
            kind = "text/html; charset=utf-8" if place % 5 else "application/xhtml+xml"
            kind = kind if place % 11 else "application/pdf"
            records.append(Record(f"https://{host}/{path}", payload, kind, time))
        archives.append(records)
    return make_crawl(tmp_path_factory.mktemp("crawl"), archives)


def wanted(crawl: Crawl) -> pl.DataFrame:
    """The captures of SITES, found by their hosts and paths."""
    host = pl.col("url").str.extract("://([^/]+)/").str.strip_prefix("www.")
    path = pl.col("url").str.extract("://[^/]+(/.*)").str.to_lowercase()
    of_host = (host == "press.example") | host.str.ends_with(".press.example")
    of_path = (host == "news.example.kr") & path.str.starts_with("/weather/")
    return crawl.captures.filter(of_host | of_path)


def made(crawl: Crawl, tmp_path: Path, index: str, taken: CaptureFilter = EVERYTHING) -> Path:
    output = tmp_path / "plan.parquet"
    make_plan(index, f"{crawl.folder}/", SITES, taken, output)
    return output


def keys(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    names = frame["warc_filename"].str.extract("(CC-MAIN-[0-9]+.warc.gz)$")
    return sorted(zip(names, frame["warc_record_offset"], frame["warc_record_length"], strict=True))


INDEXES = {
    "columnar folder": f"cc-index/table/cc-main/warc/crawl={CRAWL}/subset=warc",
    "CDXJ": "index.cdxj",
    "cluster": "cc-index/indexes/cluster.idx",
}


@pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES.keys())
def test_every_kind_of_index_gives_the_captures_of_the_sites(
    crawl: Crawl, tmp_path: Path, index: str
) -> None:
    planned = pl.read_parquet(made(crawl, tmp_path, str(crawl.folder / index)))
    assert keys(planned) == keys(wanted(crawl))
    assert 20 < planned.height < crawl.captures.height / 2
    assert planned["fetch_time"].to_list() == sorted_times(crawl, planned)


def sorted_times(crawl: Crawl, planned: pl.DataFrame) -> list[object]:
    times = dict(
        zip(
            crawl.captures["url"] + crawl.captures["warc_filename"],
            crawl.captures["fetch_time"],
            strict=True,
        )
    )
    names = planned["warc_filename"].str.strip_prefix(f"{crawl.folder}/")
    return [times[url + name] for url, name in zip(planned["url"], names, strict=True)]


def test_the_options_select_captures(crawl: Crawl, tmp_path: Path) -> None:
    index = str(crawl.folder / "index.cdxj")
    pages = pl.read_parquet(made(crawl, tmp_path, index, CaptureFilter()))
    assert set(pages["content_mime_type"]) == {"text/html", "application/xhtml+xml"}
    days = CaptureFilter(since=date(2026, 3, 5), until=date(2026, 3, 9))
    found = pl.read_parquet(made(crawl, tmp_path, index, days))
    korean = found["fetch_time"].dt.convert_time_zone("Asia/Seoul").dt.date()
    assert (korean.min(), korean.max()) == (date(2026, 3, 5), date(2026, 3, 9))
    once = pl.read_parquet(made(crawl, tmp_path, index, CaptureFilter(one_a_day=True)))
    assert (
        once.select(
            "url", once["fetch_time"].dt.convert_time_zone("Asia/Seoul").dt.date().alias("day")
        )
        .is_unique()
        .all()
    )
    with pytest.raises(PlanError, match="no capture of these sites"):
        made(crawl, tmp_path, index, CaptureFilter(since=date(2030, 1, 1)))


def batches_of(partition: Partition) -> list[Batch]:
    """The batches of a partition; those of a plan are fetched without pauses."""
    if partition.files[0].kind != "plan":
        return list(read(partition))
    pauses = FetchPauses(0, (0.0,) * 4)
    return [batch for f in partition.files for batch in read_planned_records(f, pauses=pauses)]


def documents(*sources: str) -> pl.DataFrame:
    planned = plan(list(sources))
    assert planned.problems == []
    batches = [batch for part in planned.partitions for batch in batches_of(part)]
    assert [str(p) for batch in batches for p in batch.problems] == []
    return pl.concat([batch.documents for batch in batches]).unique("document_id")


def test_a_plan_gives_the_documents_of_the_whole_archives(crawl: Crawl, tmp_path: Path) -> None:
    planned = made(crawl, tmp_path, str(crawl.folder / "index.cdxj"))
    urls = wanted(crawl)["url"].to_list()
    whole = documents(*crawl.archives).filter(pl.col("uri").is_in(urls))
    times = wanted(crawl).select(uri="url", captured_at="fetch_time").unique()
    whole = whole.join(times, on=("uri", "captured_at"), how="semi")
    fetched = documents(str(planned))
    assert fetched.sort("document_id").equals(whole.sort("document_id"))
    assert fetched.height > 20


@pytest.fixture
def server(crawl: Crawl) -> Iterator[RangeSite]:
    """The crawl on a web server that serves ranges."""
    files = {
        f"/{path.relative_to(crawl.folder)}": path.read_bytes()
        for path in crawl.folder.rglob("*")
        if path.is_file()
    }
    remote_objects._store.cache_clear()
    with serve(RangeSite(files)) as site:
        yield site
    remote_objects._store.cache_clear()


def test_only_the_bytes_of_the_records_are_fetched(
    crawl: Crawl, server: RangeSite, tmp_path: Path
) -> None:
    output = tmp_path / "plan.parquet"
    index = index_of_crawl(CRAWL, f"{server.url}/")
    cost = make_plan(index, f"{server.url}/", SITES, EVERYTHING, output)
    assert keys(pl.read_parquet(output)) == keys(wanted(crawl))
    assert cost.records == wanted(crawl).height
    assert cost.sites == 2
    server.requests.clear()
    fetched = documents(str(output))
    local = documents(str(made(crawl, tmp_path, str(crawl.folder / "index.cdxj"))))
    assert fetched.sort("document_id").equals(local.sort("document_id"))
    assert server.served_bytes() == cost.fetched_bytes <= 1.2 * cost.record_bytes
    gets = [path for method, path, _ in server.requests if method == "GET"]
    assert len(gets) == cost.requests <= cost.records


def test_few_row_groups_of_a_large_index_are_read(tmp_path: Path) -> None:
    count = 100_000
    order = random.Random(5)
    table = pl.DataFrame(
        {
            "url_surtkey": [f"kr,site{n // 50:05})/{n}" for n in range(count)],
            "url": [f"https://site{n // 50:05}.kr/{n}" for n in range(count)],
            "fetch_time": [datetime(2026, 3, 1)] * count,
            "fetch_status": pl.Series([200] * count, dtype=pl.Int16),
            "content_mime_type": ["text/html"] * count,
            "content_digest": [order.randbytes(15).hex() for _ in range(count)],
            "warc_filename": [f"{n % 97}.warc.gz" for n in range(count)],
            "warc_record_offset": pl.Series(range(count), dtype=pl.Int32),
            "warc_record_length": pl.Series([10_000] * count, dtype=pl.Int32),
        }
    )
    path = tmp_path / "part.parquet"
    table.write_parquet(path, row_group_size=2_000)
    with serve(RangeSite({"/part.parquet": path.read_bytes()})) as site:
        sites = [site_of("site00017.kr"), site_of("site01400.kr")]
        found = query_index([f"{site.url}/part.parquet"], sites, CaptureFilter())
        assert sorted(found["url"].str.head(17).unique()) == [
            "https://site00017",
            "https://site01400",
        ]
        assert found.height == 100
        assert site.served_bytes() < path.stat().st_size * 0.2


def test_a_server_that_throttles_and_cuts_costs_time_and_no_record(
    crawl: Crawl, server: RangeSite, tmp_path: Path
) -> None:
    output = tmp_path / "plan.parquet"
    make_plan(f"{crawl.folder}/index.cdxj", f"{server.url}/", SITES, EVERYTHING, output)
    expected = documents(str(output))
    server.faults = ["slow down", "cut", "expired", "cut", "slow down", "expired"] * 2
    (partition,) = plan([str(output)]).partitions
    batches = batches_of(partition)
    assert [str(p) for batch in batches for p in batch.problems] == []
    found = pl.concat([batch.documents for batch in batches]).unique("document_id")
    assert found.sort("document_id").equals(expected.sort("document_id"))


def made_on(server: RangeSite, crawl: Crawl, tmp_path: Path) -> tuple[pl.DataFrame, Partition]:
    """A plan of all records of the sites on the server, and its partition."""
    output = tmp_path / "plan.parquet"
    make_plan(f"{crawl.folder}/index.cdxj", f"{server.url}/", SITES, EVERYTHING, output)
    (partition,) = plan([str(output)]).partitions
    return pl.read_parquet(output), partition


def gets(site: RangeSite) -> list[tuple[str, str | None]]:
    return [(path, asked) for method, path, asked in site.requests if method == "GET"]


def test_an_interrupted_run_fetches_no_record_again(
    crawl: Crawl, server: RangeSite, tmp_path: Path
) -> None:
    output = tmp_path / "plan.parquet"
    cost = make_plan(f"{crawl.folder}/index.cdxj", f"{server.url}/", SITES, EVERYTHING, output)
    (partition,) = plan([str(output)]).partitions
    server.requests.clear()
    one_by_one = ReadLimits(batch_bytes=1, batch_rows=1, prefilter_bytes=1)
    batches = 0

    def interrupted(pages: pl.DataFrame) -> Extraction:
        nonlocal batches
        batches += 1
        if batches == 5:
            raise KeyboardInterrupt
        return extract(pages)

    with pytest.raises(KeyboardInterrupt):
        stage(partition, tmp_path / "staged", extract=interrupted, limits=one_by_one)
    before = gets(server)
    assert 5 <= len(before) < cost.requests
    resumed = stage(partition, tmp_path / "staged")
    assert sorted(gets(server)) == sorted(set(gets(server)))
    assert len(gets(server)) == cost.requests
    whole = stage(partition, tmp_path / "other")
    assert resumed.counts == whole.counts
    assert [path.name for path in (tmp_path / "staged").iterdir()] == [whole.folder.name]


def test_the_next_run_fetches_only_what_could_not_be_fetched(
    crawl: Crawl, server: RangeSite, tmp_path: Path
) -> None:
    planned, partition = made_on(server, crawl, tmp_path)
    gone = planned["warc_filename"][0].removeprefix(server.url)
    content = server.files.pop(gone)
    first = stage(partition, tmp_path / "staged")
    assert first.counts["sources_failed"] == 1
    server.files[gone] = content
    server.requests.clear()
    second = stage(partition, tmp_path / "staged")
    assert {path for path, _ in gets(server)} == {gone}
    assert second.counts == stage(partition, tmp_path / "other").counts
    assert second.counts["sources_failed"] == 0


def test_an_archive_that_is_gone_is_named_once_and_the_others_are_read(
    crawl: Crawl, server: RangeSite, tmp_path: Path
) -> None:
    planned, partition = made_on(server, crawl, tmp_path)
    gone = planned["warc_filename"][0].removeprefix(server.url)
    del server.files[gone]
    batches = batches_of(partition)
    (problem,) = [problem for batch in batches for problem in batch.problems]
    assert str(problem) == f"{server.url}{gone}: no such object"
    rest = planned.filter(pl.col("warc_filename") != f"{server.url}{gone}")
    pages = rest.filter(pl.col("content_mime_type") != "application/pdf")
    assert sum(batch.read for batch in batches) == pages.height


def test_a_process_that_planned_does_not_fetch_the_plan_again_for_its_partitions(
    crawl: Crawl, server: RangeSite, tmp_path: Path
) -> None:
    local = made(crawl, tmp_path, str(crawl.folder / "index.cdxj"))
    listed = pl.read_parquet(local)
    server.files["/plan.parquet"] = local.read_bytes()
    ((whole,),) = (part.files for part in plan([f"{server.url}/plan.parquet"]).partitions)
    server.requests.clear()
    rows = [
        sum(batch.read for batch in read_planned_records(replace(whole, rows=rows)))
        for rows in ((0, 10), (10, listed.height - 10))
    ]
    pages = listed.filter(pl.col("content_mime_type") != "application/pdf")
    assert sum(rows) == pages.height
    assert "/plan.parquet" not in [path for path, _ in gets(server)]


def test_a_changed_plan_is_read_again(crawl: Crawl, tmp_path: Path) -> None:
    planned = made(crawl, tmp_path, str(crawl.folder / "index.cdxj"))
    ((before,),) = (part.files for part in plan([str(planned)]).partitions)
    pl.read_parquet(planned).head(1).write_parquet(planned)
    ((after,),) = (part.files for part in plan([str(planned)]).partitions)
    assert (before.rows, after.rows) == ((0, wanted(crawl).height), (0, 1))


def test_impossible_rows_of_a_plan_are_an_error(tmp_path: Path) -> None:
    pl.DataFrame(
        {"warc_filename": ["a"], "warc_record_offset": [-1], "warc_record_length": [5]}
    ).write_parquet(tmp_path / "plan.parquet")
    (problem,) = plan([str(tmp_path / "plan.parquet")]).problems
    assert "1 rows name no archive, or no bytes of it" in str(problem)


def test_the_command_writes_a_plan_and_states_its_cost(
    crawl: Crawl, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sites, output = tmp_path / "sites.txt", tmp_path / "plan.parquet"
    sites.write_text("press.example\nhttps://news.example.kr/weather/\n", "utf-8")
    options = ["--sites", str(sites), "--base", str(crawl.folder), "-o", str(output)]
    everything = ["--status", "0", "--type", "*"]
    for index in ("index.cdxj", "cc-index/indexes/cluster.idx"):
        arguments = [CRAWL, *options, *everything, "--index", str(crawl.folder / index)]
        app(["crawl", "plan", *arguments], standalone_mode=False)
        said = capsys.readouterr().out
        assert said.startswith(
            f"{output}: {wanted(crawl).height} records of 2 sites in 10 archives"
        )
        assert keys(pl.read_parquet(output)) == keys(wanted(crawl))
    arguments = ["crawl", "plan", CRAWL, *options, "--index", str(sites)]
    assert app(arguments, standalone_mode=False) == 1
    assert capsys.readouterr().err == f"nalssi: {sites}: no Parquet file of an index\n"


# --- a CDX server -------------------------------------------------------------------------------


@contextmanager
def cdx_server(captures: pl.DataFrame, page_lines: int = 7) -> Iterator[tuple[str, list[str]]]:
    """A server that answers like pywb, in pages, and refuses every third request for a while."""
    asked: list[str] = []
    lines = cdx_lines(captures)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            query = {name: value[0] for name, value in parse_qs(urlsplit(self.path).query).items()}
            if len(asked) % 3 == 0:
                self.send_error(503 if len(asked) % 2 else 403)
                return
            prefix = surt(f"https://{query['url']}").removesuffix(")/")
            ends = (")", ",") if query["matchType"] == "domain" else ("",)
            found = [line for line in lines if line.startswith(tuple(prefix + end for end in ends))]
            pages = [found[at : at + page_lines] for at in range(0, len(found), page_lines)]
            if "showNumPages" in query:
                body = json.dumps({"pages": len(pages), "pageSize": 5, "blocks": len(pages)})
            else:
                page = pages[int(query["page"])]
                body = "".join(_as_json(line) + "\n" for line in page)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Do not log requests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/{CRAWL}-index", asked
        running.shutdown()


def _as_json(line: str) -> str:
    key, stamp, fields = line.split(" ", 2)
    return json.dumps({"urlkey": key, "timestamp": stamp, **json.loads(fields)})


def test_a_cdx_server_is_asked_page_by_page_and_goes_on_after_an_interruption(
    crawl: Crawl, tmp_path: Path
) -> None:
    with cdx_server(crawl.captures) as (url, asked):
        found = ask_server(url, SITES, tmp_path / "answers", PAUSES)
        assert keys(found) == keys(wanted(crawl))
        before = len(asked)
        again = ask_server(url, SITES, tmp_path / "answers", PAUSES)
        assert again.equals(found)
        assert len(asked) == before > 6


def test_a_server_that_is_no_cdx_server_is_named(tmp_path: Path, server: RangeSite) -> None:
    server.files["/x-index"] = b"hello"
    with pytest.raises(PlanError, match="states no number of pages"):
        ask_server(f"{server.url}/x-index", SITES, tmp_path, PAUSES)


# --- sites --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("press.example", Site("example,press", True)),
        ("www.Press.example.", Site("example,press", True)),
        ("https://press.example/", Site("example,press", True)),
        ("https://press.example:8080/News/", Site("example,press)/news/", False)),
        ("press.example/a.php?id=B", Site("example,press)/a.php?id=b", False)),
        ("신문.example", Site("example,xn--z92b13l", True)),
    ],
)
def test_a_line_names_a_host_or_the_pages_below_an_address(text: str, site: Site) -> None:
    assert site_of(text) == site


def test_a_list_of_sites_names_the_line_that_is_no_site(tmp_path: Path) -> None:
    sites = tmp_path / "sites.txt"
    sites.write_text("# sites\npress.example\n\nlocalhost\n", "utf-8")
    with pytest.raises(PlanError, match=r"sites\.txt: line 4: no host: 'localhost'"):
        read_sites(sites)
    sites.write_text("# none\n", "utf-8")
    with pytest.raises(PlanError, match="no site in it"):
        read_sites(sites)


def test_the_known_sites_are_sites_and_their_ranges_do_not_overlap() -> None:
    sites = read_sites(KNOWN_SITES)
    assert len(sites) >= 10
    ranges = key_ranges([*sites, *sites])
    assert all(before[1] < after[0] for before, after in pairwise(ranges))
