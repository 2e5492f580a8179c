"""The shared parts of the tests of docs/operations.md: its commands, a home folder, a news site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from nalssi.common.paths import CHECKOUT, SAMPLES
from tests.flows.prefect_services import Desk, commands

PAGE = commands(CHECKOUT / "docs" / "operations.md")
LAPTOP, SERVER, BACKUP, WATCH = "A laptop", "A server", "Backup and restore", "What to watch"
"""Headings of the page."""
SHOWN = {LAPTOP: "http://127.0.0.1:4200", SERVER: "http://127.0.0.1:4300"}
"""Addresses of the servers that the page shows."""
LIVE = SAMPLES / "03-same-ticker-another-site.txt"
LATER = SAMPLES / "02-date-without-space.txt"
SAVED = [SAMPLES / "17-cut-inside-a-line.txt", LATER]
START = PAGE[LAPTOP].index("nalssi serve")
"""The index of the command that starts the service on a laptop. The commands before it set it
up."""


class _Site(SimpleHTTPRequestHandler):
    """A news site on this machine."""

    def log_message(self, *_: object) -> None:
        """Do not log requests."""


@contextmanager
def news_site(folder: Path) -> Iterator[str]:
    """Serve two pages with a ticker; the address of the first one."""
    for name, page in (("front.txt", LIVE), ("later.txt", LATER)):
        (folder / name).write_bytes(page.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Site, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/front.txt"
    server.shutdown()


def new_desk(home: Path) -> Desk:
    """A home in which Prefect polls more often than users need."""
    return Desk(
        home,
        PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS="1",
        PREFECT_WORKER_QUERY_SECONDS="1",
        PREFECT_RUNNER_POLL_FREQUENCY="1",
        PREFECT_CLIENT_MAX_RETRIES="2",
    )


def typed(desk: Desk, *lines: str) -> list[str]:
    """Type lines of the page, which must succeed; the output of each."""
    outputs = []
    for line in lines:
        done = desk.type(line)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        outputs.append(done.stdout)
    return outputs


def set_up_warehouse(desk: Desk, site: str) -> None:
    """Type the commands that set up a warehouse folder, and capture a page of the site."""
    typed(desk, *PAGE[LAPTOP][:START])
    (desk.home / "weather" / "sources.toml").write_text("")  # not the pages of the example
    add_source(desk, "front", site)


def add_source(desk: Desk, name: str, url: str) -> None:
    """Add a page to the source list. Its failures are reported at once."""
    with (desk.home / "weather" / "sources.toml").open("a") as file:
        file.write(
            f'[[source]]\nname = "{name}"\nurl = "{url}"\nkind = "text"\n'
            'allow_private = ["127.0.0.0/8"]\nalert_after = "0m"\n'
        )
