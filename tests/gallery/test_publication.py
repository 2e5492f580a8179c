"""What other sites and programs get: complete, safe, and unchanged without new data."""

from __future__ import annotations

import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from selectolax.lexbor import LexborHTMLParser

from nalssi.common.korea_time import KST
from nalssi.common.reference import reference
from nalssi.common.site_address import SiteAddress, site_address
from nalssi.gallery.atom_feed import ATOM, MOST_ENTRIES
from nalssi.gallery.embed_code import frame_code
from nalssi.gallery.embed_pages import embed_pages
from nalssi.gallery.gallery_page import PageRenderer
from nalssi.gallery.late_source import LateSource
from nalssi.gallery.publication import Publication
from nalssi.gallery.site_files import SiteFile, SiteFolder
from nalssi.gallery.site_plan import gallery_files
from nalssi.gallery.sitemap import NAMESPACE, SitemapPage, sitemap_files
from nalssi.locale.locales import LOCALES
from nalssi.warehouse import Warehouse
from schemas.vocabulary import region_ids
from tests.warehouse.make_parts import Page, Ticker

from .site import load

SEOUL, INCHEON, BUSAN, CLOSED = 108, 112, 159, 175
FROZEN_STATIONS = (90, 95, 98, 99, 100, 101, 105, 114, 119, 127)
FIRST = date(2026, 1, 1)
LAST = FIRST + timedelta(days=40)
SITE = site_address("https://weather.example.kr/nalssi")
HOSTILE = "\x07\x1b[2J\u202e\ufffe<script>alert(1)</script>&\"'}]"
FAILING = LateSource(HOSTILE, datetime(2026, 1, 20, 3, tzinfo=KST))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=KST)


READERS = ExitStack()
"""The connections of `Files`, which read lists when a page is rendered."""


@pytest.fixture(scope="module", autouse=True)
def closed_readers() -> Iterator[None]:
    """Close the connections after the last test."""
    with READERS:
        yield


class Files(Mapping[str, bytes]):
    """The files of a gallery by path, not written. Each is rendered when it is read first."""

    def __init__(self, planned: Iterable[SiteFile]) -> None:
        self.planned = {file.path: file for file in planned}
        self._read: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> bytes:
        if path not in self._read:
            content = self.planned[path].content
            self._read[path] = content.read_bytes() if isinstance(content, Path) else content()
        return self._read[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.planned)

    def __len__(self) -> int:
        return len(self.planned)

    def keys_of_content(self) -> dict[str, str]:
        return {path: file.key for path, file in self.planned.items()}


def files(warehouse: Warehouse, site: SiteAddress | None = SITE) -> Files:
    """The gallery of a warehouse, in both languages."""
    publication = Publication(site, [FAILING])
    con = READERS.enter_context(warehouse.reader())
    site_folder = SiteFolder(warehouse.gallery)
    planned = gallery_files(
        con, site_folder, warehouse.charts, ["ko", "en"], publication=publication
    )
    return Files(planned)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Forty days, hotter at the end; a frozen feed; hostile names of sites and stations."""
    warehouse = Warehouse(tmp_path_factory.mktemp("publication") / "warehouse")
    days = [FIRST + timedelta(days=number) for number in range(40)]
    hours = [Ticker(day, {SEOUL: 1.0, BUSAN: 9.0 + (day.day == 8)}, at=at(day, 15)) for day in days]
    hours[-1] = Ticker(days[-1], {SEOUL: -7.5, BUSAN: 12.3}, at=at(days[-1], 15))
    newest = Ticker(
        LAST, {SEOUL: 3.0, INCHEON: None, BUSAN: 20.5, CLOSED: 4.0}, condition_raw=HOSTILE
    )
    stopped = {station: 2.0 + station % 50 / 10 for station in FROZEN_STATIONS}
    frozen = [Ticker(days[20] + timedelta(days=number), stopped) for number in range(3)]
    pages = [
        Page("https://example.kr/a", hours),
        Page("https://example.kr/b", [newest], captured_at=at(LAST, 0, 15), site=HOSTILE),
        *(Page(f"https://example.kr/{n}", [each]) for n, each in enumerate(frozen)),
    ]
    load(warehouse, pages)
    with warehouse.writer() as con:
        con.execute("UPDATE stations SET name_ko = $1 WHERE station_id = $2", [HOSTILE, BUSAN])
    return warehouse


@pytest.fixture(scope="module")
def published(warehouse: Warehouse) -> Files:
    """The gallery of the warehouse with the address of the site."""
    return files(warehouse)


@pytest.fixture(scope="module")
def unpublished(warehouse: Warehouse) -> Files:
    """The gallery of the warehouse without the address of the site."""
    return files(warehouse, None)


def html(content: bytes) -> LexborHTMLParser:
    return LexborHTMLParser(content.decode())


def newest_json(content: Files) -> dict[str, Any]:
    newest: dict[str, Any] = json.loads(content["newest.json"])
    schema = json.loads(content["newest.schema.json"])
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        newest
    )
    return newest


# --- newest.json ---------------------------------------------------------------------------------


def test_newest_json_has_the_newest_list_of_the_warehouse(
    warehouse: Warehouse, published: Files
) -> None:
    newest = newest_json(published)
    with warehouse.reader() as con:
        stored = con.sql(
            "SELECT station_id, temperature_c FROM readings"
            " JOIN newest_snapshot USING (snapshot_id) ORDER BY station_id"
        ).fetchall()
        (snapshot_id,) = con.sql("SELECT snapshot_id FROM newest_snapshot").fetchall()[0]
    rows = newest["readings"] + newest["excluded"]
    assert sorted((row["station_id"], row["temperature_c"]) for row in rows) == stored
    assert newest["list"]["id"] == snapshot_id
    assert newest["list"]["station_count"] == len(stored) == 4
    assert [row["station_id"] for row in newest["readings"]] == [SEOUL, BUSAN]


def test_newest_json_states_time_and_reasons(published: Files) -> None:
    newest = newest_json(published)
    about = newest["list"]
    captured = "2026-02-10T00:15:00+09:00"
    assert (about["clock_at"], about["clock_source"]) == (captured, "capture")
    assert (about["observed_at"], about["hour_source"]) == (None, None), "a capture is no hour"
    assert about["first_captured_at"] == about["last_captured_at"] == about["not_after"] == captured
    excluded = {row["station_id"]: row for row in newest["excluded"]}
    assert "missing" in excluded[INCHEON]["failed"]
    assert "결측" in excluded[INCHEON]["reasons_ko"]
    assert "closed_station" in excluded[CLOSED]["failed"]
    assert excluded[CLOSED]["region_id"] is None
    assert about["page"] == "https://weather.example.kr/nalssi/dates/2026-02-10.html"
    assert "dates/2026-02-10.html" in published


def test_temperatures_are_numbers_with_one_decimal(published: Files) -> None:
    text = published["newest.json"].decode()
    assert '"temperature_c": 3.0,' in text
    assert '"temperature_c": 20.5,' in text


def test_a_warehouse_without_lists_has_a_valid_newest_json_and_feed(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    with warehouse.writer():
        pass
    made = files(warehouse)
    assert newest_json(made) | {"list": None, "readings": [], "excluded": []} == newest_json(made)
    assert b"\xec\x93\xb8 \xec\x88\x98 \xec\x9e\x88\xeb\x8a\x94" in made["embed/stations/108.html"]
    assert len(entries(made["feed.xml"])) == 1, "the late source"


# --- feed ----------------------------------------------------------------------------------------


def entries(feed: bytes) -> dict[str, dict[str, str]]:
    """The entries of a feed by id, after a check of what RFC 4287 requires of a feed."""
    root = ElementTree.XML(feed)
    assert root.tag == f"{{{ATOM}}}feed"
    found = {}
    for node in [root, *root.iter(f"{{{ATOM}}}entry")]:
        required = [node.findall(f"{{{ATOM}}}{name}") for name in ("id", "title", "updated")]
        assert [len(each) for each in required] == [1, 1, 1]
        id_, title, updated = (each[0].text or "" for each in required)
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", id_)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", updated)
        links = [link.attrib for link in node.findall(f"{{{ATOM}}}link")]
        assert len([link for link in links if link["rel"] == "alternate"]) == 1
        content = node.findtext(f"{{{ATOM}}}content", "")
        assert id_ not in found, "ids are unique"
        found[id_] = {"title": title, "updated": updated, "content": content, **links[-1]}
    feed_itself, *listed = found.values()
    assert root.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None
    assert len(listed) <= MOST_ENTRIES
    times = [entry["updated"] for entry in listed]
    assert times == sorted(times, reverse=True)
    assert feed_itself["updated"] == max(times)
    return dict(list(found.items())[1:])


def test_the_feed_has_records_frozen_feeds_and_late_sources(published: Files) -> None:
    korean = {entry["title"]: entry for entry in entries(published["feed.xml"]).values()}
    titles = " ".join(korean)
    assert "최저기온 경신: 서울 영하 7.5도 (2026.02.09.)" in titles
    assert "전 지점 최고기온 경신" in titles
    assert "20.5도 (2026.02.10.)" in titles
    assert "갱신 멈춤: example.kr, 같은 목록을 3개 날짜로 실어" in korean
    low = korean["전 지점 최저기온 경신: 서울 영하 7.5도 (2026.02.09.)"]
    assert low["updated"] == "2026-02-09T06:00:00Z", "the hour of the list"
    assert "<li>서울 영하 7.5도(종전 1.0도, 2026.01.01.)</li>" in low["content"]
    assert low["href"] == "https://weather.example.kr/nalssi/dates/2026-02-09.html"
    (late,) = (entry for title, entry in korean.items() if "수집 중단" in title)
    assert late["updated"] == "2026-01-19T18:00:00Z"


def test_ids_of_the_feed_differ_by_language_and_stay_when_data_are_added(
    warehouse: Warehouse, published: Files, tmp_path: Path
) -> None:
    korean, english = entries(published["feed.xml"]), entries(published["en/feed.xml"])
    assert len(korean) == len(english)
    assert not korean.keys() & english.keys()
    more = Warehouse(tmp_path / "warehouse")
    more.folder.mkdir()
    for file in (warehouse.database, warehouse.published):
        (more.folder / file.name).write_bytes(file.read_bytes())
    load(more, [Page("c", [Ticker(LAST, {SEOUL: 25.0, BUSAN: 21.0}, at=at(LAST, 13))])])
    later = entries(files(more)["feed.xml"])
    assert korean.keys() <= later.keys()
    changed = [id_ for id_ in korean if korean[id_]["updated"] != later[id_]["updated"]]
    assert [later[id_]["updated"] for id_ in changed] == ["2026-02-10T04:00:00Z"]


def test_a_second_plan_gives_the_same_files(warehouse: Warehouse, published: Files) -> None:
    again = files(warehouse)
    assert again.keys_of_content() == published.keys_of_content()
    for path in ("newest.json", "feed.xml", "sitemap.xml", "embed/regions/1.html"):
        assert again[path] == published[path]


# --- embeds --------------------------------------------------------------------------------------


def test_an_embed_is_small_and_needs_no_other_file(published: Files) -> None:
    pages = [path for path in published if "embed/" in path]
    assert len(pages) == 2 * (len(region_ids()) + reference("stations").height + 1)
    for path in pages:
        page = html(published[path])
        assert len(published[path]) <= (32_000 if path.endswith("map.html") else 6_000)
        assert not page.css("script, img, link[rel=stylesheet], iframe, form, [style]")
        (style,) = page.css("style")
        digest = b64encode(sha256(style.text().encode()).digest()).decode()
        (policy,) = page.css("meta[http-equiv]")
        assert f"style-src 'sha256-{digest}'" in (policy.attributes["content"] or "")
        (link,) = page.css("a")
        assert (link.attributes["target"], link.attributes["rel"]) == ("_blank", "noopener")
        target = urljoin(f"https://x/{path}", link.attributes["href"])
        full_page = path.replace("embed/map", "index").replace("embed/", "")
        assert target.removeprefix("https://x/") == full_page
        assert target.removeprefix("https://x/") in published


def test_an_embed_states_values_time_and_source(published: Files) -> None:
    def text(path: str) -> str:
        body = html(published[path]).body
        assert body is not None
        return " ".join(body.text().split())

    assert "3.0 °C" in text("embed/stations/108.html")
    assert "2026년 2월 10일(화) 00:15 수집" in text("embed/stations/108.html")
    assert "자료: 기상청(KMA)" in text("embed/stations/108.html")
    assert "captured at 00:15 KST" in text("en/embed/regions/1.html")
    assert "captured at 00:15 KST" in text("en/embed/map.html")
    assert "Seoul" in text("en/embed/regions/1.html")
    assert "인천 " not in text("embed/regions/1.html"), "it has no usable reading"
    assert "2026년 2월 10일(화) 자료 없음" in text("embed/stations/112.html")
    assert "2026년 2월 10일(화) 자료 없음" in text("embed/regions/10.html")


def test_the_map_has_the_values_of_the_newest_list(published: Files) -> None:
    titles = {node.text() for node in html(published["embed/map.html"]).css("svg g > title")}
    readings = newest_json(published)["readings"]
    assert titles == {f"{row['name_ko']} {row['temperature_c']}°C" for row in readings}


def test_stations_of_another_time_state_their_own() -> None:
    def reading(station: int, hour: int, temperature: float) -> dict[str, object]:
        return {
            "station_id": station, "observed_on": LAST, "clock_at": at(LAST, hour),
            "clock_source": "official", "condition_ko": "맑음", "condition_en": "clear",
            "temperature_c": temperature, "site": "example.kr",
        }  # fmt: skip

    region = {"region_id": 1, "name_ko": "서울·인천·경기도", "name_en": "Seoul-Incheon-Gyeonggi"}
    stations = [
        {"station_id": SEOUL, "name_ko": "서울", "name_en": "Seoul", "region_id": 1},
        {"station_id": INCHEON, "name_ko": "인천", "name_en": "Incheon", "region_id": 1},
    ]
    readings = {SEOUL: reading(SEOUL, 14, 1.0), INCHEON: reading(INCHEON, 15, -3.5)}
    *_, made = embed_pages([region], stations, readings)
    renderer = PageRenderer([LOCALES["ko"]], {})
    page = html(Files(renderer.files(made))["embed/regions/1.html"])
    rows = [" ".join(row.text().split()) for row in page.css("tbody tr")]
    assert rows == ["서울 14:00 관측맑음1.0 °C", "인천맑음−3.5 °C"]
    assert "15:00 관측" in page.css("h1 + p")[0].text()


def test_pages_of_stations_and_regions_have_the_code_of_their_frame(
    published: Files, unpublished: Files
) -> None:
    for path in ("stations/108.html", "regions/1.html", "en/stations/159.html", "index.html"):
        (code,) = html(published[path]).css(".embed code")
        (frame,) = html(code.text().encode()).css("iframe")
        address = (frame.attributes["src"] or "").removeprefix("https://weather.example.kr/nalssi/")
        framed = re.sub("(stations|regions)", r"embed/\1", path).replace("index", "embed/map")
        assert address == framed
        assert address in published
        assert not html(unpublished[path]).css(".embed"), "it needs the address of the site"


def test_a_title_cannot_leave_its_place_in_the_code_of_a_frame() -> None:
    code = frame_code("https://example.kr/a.html", HOSTILE, "table", 3)
    page = html(code.encode())
    assert not page.css("script")
    assert page.css("iframe")[0].attributes["title"] == HOSTILE


# --- search engines ------------------------------------------------------------------------------


def test_the_sitemap_lists_pages_that_exist(published: Files, warehouse: Warehouse) -> None:
    root = ElementTree.XML(published["sitemap.xml"])
    addresses = [node.text or "" for node in root.iter(f"{{{NAMESPACE}}}loc")]
    assert len(addresses) == len(set(addresses))
    paths = [each.removeprefix("https://weather.example.kr/nalssi/") for each in addresses]
    named = [f"{path}index.html" if path in ("", "en/") else path for path in paths]
    pages = {path for path in published if path.endswith(".html")}
    left_out = {path for path in pages if re.search("embed/|undated/|404", path)}
    assert set(named) == pages - left_out
    with warehouse.reader() as con:
        (loaded,) = con.sql("SELECT max(finished_at) FROM loads").fetchall()[0]
    modified = {node.text for node in root.iter(f"{{{NAMESPACE}}}lastmod")}
    assert modified == {f"{loaded.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    assert "robots.txt" not in published, "crawlers read it at the root of a host only"


def test_a_large_sitemap_has_an_index() -> None:
    site = SiteAddress("https://example.kr/")
    noon = datetime(2026, 2, 10, 3, tzinfo=KST)
    pages = [SitemapPage(f"dates/{number}.html", noon) for number in range(5)]
    made = Files(sitemap_files(pages, [("ko", ""), ("en", "en/")], site, 4))
    assert sorted(made) == [
        "robots.txt", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml",
    ]  # fmt: skip
    index = ElementTree.XML(made["sitemap.xml"])
    parts = [node.text for node in index.iter(f"{{{NAMESPACE}}}loc")]
    assert parts == [f"https://example.kr/sitemap-{number}.xml" for number in (1, 2, 3)]
    counts = [made[f"sitemap-{number}.xml"].count(b"<loc>") for number in (1, 2, 3)]
    assert counts == [4, 4, 2]
    assert b"<lastmod>2026-02-09T18:00:00Z</lastmod>" in made["sitemap-3.xml"]
    assert b"Sitemap: https://example.kr/sitemap.xml" in made["robots.txt"]


def head(content: bytes) -> dict[str, str]:
    """The metadata of a page: `meta` by name or property, and `link` by relation and language."""
    page = html(content)
    found = {}
    for node in page.css("meta[name], meta[property]"):
        name = node.attributes.get("name") or node.attributes["property"] or ""
        assert name not in found
        found[name] = node.attributes["content"] or ""
    for node in page.css("link[rel=canonical], link[rel=alternate]"):
        key = f"{node.attributes['rel']} {node.attributes.get('hreflang') or ''}".strip()
        found[key] = node.attributes["href"] or ""
    return found


def test_a_page_describes_itself_in_words(published: Files) -> None:
    day = head(published["dates/2026-02-09.html"])
    assert "서울이 영하 7.5도로 가장 낮아" in day["description"]
    assert "(2026년 2월 9일(월) 15:00 관측)" in day["description"]
    assert day["og:description"] == day["description"]
    assert day["og:title"] == "2026년 2월 9일(월)"
    station = head(published["en/stations/108.html"])
    assert station["description"] == (
        "Temperature in Seoul: 41 days of data, 2026-01-01 to 2026-02-10."
        " Lowest −7.5°C, highest 3.0°C."
    )
    assert "아직 없습니다" in head(published["stations/112.html"])["description"]


def test_absolute_addresses_are_there_if_that_of_the_site_is_known(
    published: Files, unpublished: Files
) -> None:
    base = "https://weather.example.kr/nalssi/"
    known = head(published["en/dates/2026-02-09.html"])
    assert known["canonical"] == known["og:url"] == f"{base}en/dates/2026-02-09.html"
    assert known["alternate ko"] == f"{base}dates/2026-02-09.html"
    assert known["alternate en"] == known["canonical"]
    assert head(published["index.html"])["canonical"] == base
    unknown = head(unpublished["en/dates/2026-02-09.html"])
    assert unknown["alternate ko"] == "../../dates/2026-02-09.html"
    assert not unknown.keys() & {"canonical", "og:url", "og:image"}
    assert "sitemap.xml" not in unpublished
    assert not any(b"weather.example.kr" in content for content in unpublished.values())


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("known", [True, False])
def test_the_page_for_unknown_addresses_works_at_any_depth(
    published: Files, unpublished: Files, lang: str, known: bool
) -> None:
    made, root = (published, "/nalssi/") if known else (unpublished, "/")
    page = html(made["404.html" if lang == "ko" else "en/404.html"])
    (start,) = page.css("html")
    assert start.attributes["data-root"] == root, "the search finds its pages"
    for node in page.css("[href], [src], [action]"):
        for name in {"href", "src", "action"} & node.attributes.keys():
            address = node.attributes[name] or ""
            if not address.startswith("#"):
                assert address.removeprefix(root) in made
                assert address.startswith(root)
    # The page has its style in itself, so it also has it if it is opened from a file.
    (style,) = page.css("style")
    digest = b64encode(sha256(style.text().encode()).digest()).decode()
    policy = page.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]
    assert f"style-src 'sha256-{digest}'" in (policy or "")
    assert not page.css("link[rel=stylesheet]")
    assert LOCALES["en"].publication.page_not_found in page.text()
    assert LOCALES["ko"].publication.page_not_found in page.text()


# --- hostile text --------------------------------------------------------------------------------


def test_names_are_escaped_in_every_format(published: Files) -> None:
    formats = (".html", ".xml", ".json")
    texts = {p: c.decode() for p, c in published.items() if p.endswith(formats)}
    for path, text in texts.items():
        if path.endswith((".html", ".xml")):
            assert "<script>alert" not in text
        invisible = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cn")} - {"\n"}
        assert not invisible, path
    assert "&lt;script&gt;alert" in texts["embed/stations/159.html"]
    assert "<script>alert" in texts["newest.json"], "JSON is data, not markup"
    (late,) = (
        entry["title"]
        for entry in entries(published["feed.xml"]).values()
        if "수집 중단" in entry["title"]
    )
    assert r"\x07\x1b[2J\u202e\ufffe<script>alert(1)</script>" in late
