"""Fixtures: a browser, and a gallery of the sample pages for it to open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

from nalssi.charts.draw import draw_all
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.korea_time import KST
from nalssi.common.paths import SAMPLES
from nalssi.gallery import build
from nalssi.sources import plan
from nalssi.staging import stage
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from tests.browser.chromium import ARGUMENTS, find_or_install
from tests.warehouse import make_parts as parts

TIMEOUT_MS = 300_000
"""How many milliseconds to wait for an effect on a page. It is long, because the machines that run
the tests are shared."""
expect.set_options(timeout=TIMEOUT_MS)
ATTACK = "<script>document.title = 'attacked'</script>"
ATTACKED = date(2026, 2, 1)
NEWEST = date(2026, 2, 22)
"""The newest day of the sample pages. The gallery is built with it as today, so that the day is
open."""


@pytest.fixture(scope="package")
def chromium() -> str:
    """The path of Chromium."""
    found, reason = find_or_install()
    if not found:
        pytest.fail(reason, pytrace=False)
    return found


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for the tests of this folder only.

    While it runs, its event loop counts as running, so that other tests cannot start one.
    """
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        except Error as error:
            pytest.fail(f"{chromium} does not start: {error.message}", pytrace=False)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery of the sample pages, and of a page that contains scripts."""
    warehouse = Warehouse(tmp_path_factory.mktemp("browser") / "warehouse")
    staged = [stage(p, warehouse.staged).folder for p in plan([str(SAMPLES)]).partitions]
    morning, noon = (
        parts.Ticker(
            ATTACKED,
            {108: hour / 3, 159: 4.5, 105: 2.0},
            condition_raw=ATTACK,
            at=datetime(2026, 2, 1, hour, tzinfo=KST),
        )
        for hour in (9, 15)
    )
    year_before = parts.Ticker(ATTACKED.replace(year=2025), {108: -3.0, 159: 2.5})
    lists = [year_before, morning, noon]
    page = parts.Page("javascript:alert(1)", lists, [ATTACK], site=ATTACK)
    load_parts(warehouse, [*staged, parts.part(warehouse.folder / "made", [page])])
    with warehouse.writer() as con:
        con.execute("UPDATE stations SET name_ko = $1 WHERE station_id = 159", [ATTACK])
    with warehouse.reader() as con:
        of_newest = ReadingFilter(since=date(2026, 2, 1))
        for options in (
            DrawOptions(
                ("ko", "en"), ("svg",), ("map", "regions", "change"), reading_filter=of_newest
            ),
            DrawOptions(("ko", "en"), ("png",), ("regions",), reading_filter=of_newest),
        ):
            draw_all(con, warehouse.charts, options)
        build(con, warehouse.gallery, warehouse.charts, today=NEWEST)
    return warehouse.gallery


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Do not log requests."""


@pytest.fixture(scope="package")
def served(gallery: Path) -> Iterator[str]:
    """The address of the gallery over HTTP."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(gallery)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["file", "http"])
def site(request: pytest.FixtureRequest, gallery: Path) -> str:
    """The address of the gallery, once in the file system and once over HTTP."""
    if request.param == "file":
        return gallery.as_uri() + "/"
    return str(request.getfixturevalue("served"))


@pytest.fixture
def page(browser: Browser, gallery: Path) -> Iterator[Page]:
    """A browser page. The test fails if the page logs an error or requests something elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    opened = context.new_page()
    problems: list[str] = []

    def watch_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            problems.append(f"console: {message.text}")

    def watch_request(request: Request) -> None:
        if not request.url.startswith((gallery.as_uri(), "http://127.0.0.1:")):
            problems.append(f"request: {request.url}")

    def watch_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # leaving a page cancels its pictures
            problems.append(f"{request.failure}: {request.url}")

    opened.on("console", watch_console)
    opened.on("request", watch_request)
    opened.on("requestfailed", watch_failure)
    opened.on("pageerror", lambda error: problems.append(f"script: {error}"))
    opened.set_default_timeout(TIMEOUT_MS)
    yield opened
    context.close()
    assert problems == []
