"""A local server that plays KMA's API hub: its tables, its errors, and broken answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from nalssi.common.korea_time import KST

KEY = "SENTINEL-key_0123456789"
"""The key of the tests. No output may have it."""
STATIONS = (90, 105, 108, 159)
NAMES = (
    "YYMMDDHHMI STN WD WS GST GST GST PA PS PT PR TA TD HM PV RN RN RN RN SD SD SD WC WP WW CA CA"
    " CH CT CT CT CT VS SS SI ST TS TE TE TE TE ST WH BF IR IX"
)
UNITS = "KST ID 16 m/s WD WS TM hPa hPa - hPa C C % hPa mm DAY JUN INT HR3 DAY TOT -- --"
RULE = "#" + "-" * 90
MISSING_KEY = '{"result":{"status":401,"message":"유효한 인증키가 아닙니다."}}'
NOT_REGISTERED = '{"result":{"status":403,"message":"활용신청이 필요한 API 입니다."}}'


def temperature(station: int, hour: datetime) -> float:
    """The temperature that the server gives for a station and an hour."""
    return round(10 + station % 10 + hour.astimezone(KST).hour / 10, 1)


def row(hour: datetime, station: int, value: object) -> str:
    """A row of the hub's table. Most of its 46 columns are missing."""
    stamp = hour.astimezone(KST).strftime("%Y%m%d%H%M")
    rest = "  25.6  85.0  32.8 " + " ".join(["-9"] * 31)
    return f"{stamp} {station:>3}   2  2.1  -9 -9.0   -9 1010.1 1012.1  7  -0.2 {value:>5}{rest}"


def table(*rows: str, header: bool = True, end: bool = True, names: str = NAMES) -> bytes:
    """An answer with these rows, in the hub's encoding."""
    lines = ["#START7777"]
    if header:
        lines += [RULE, "#  기상청 지상관측 시간자료", RULE, f"# {names}", f"#  {UNITS}"]
    return "\n".join([*lines, *rows, *(["#7777END"] if end else []), ""]).encode("euc-kr")


def hourly_table(first: datetime, last: datetime) -> bytes:
    """An answer with every hour of every station."""
    count = round((last - first) / timedelta(hours=1)) + 1
    hours = [first + timedelta(hours=step) for step in range(count)]
    return table(*(row(hour, s, temperature(s, hour)) for hour in hours for s in STATIONS))


@dataclass(frozen=True)
class Reply:
    """An answer of the server. `cut` closes the connection after so many bytes of the body."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Hub:
    """A running server. It sends `replies` in order, then tables with the hours asked for."""

    address: str = ""
    replies: list[Reply] = field(default_factory=list)
    calls: list[dict[str, str]] = field(default_factory=list)
    """The parameters of each call, with the name of the page as `page`."""
    agents: list[str] = field(default_factory=list)


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            hub.calls.append(asked | {"page": address.path.rpartition("/")[2]})
            hub.agents.append(self.headers["User-Agent"])
            reply = hub.replies.pop(0) if hub.replies else Reply(_table_for(asked))
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: reply.cut])

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _table_for(asked: dict[str, str]) -> bytes:
    def hour(text: str) -> datetime:
        return datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=KST)

    first, last = asked.get("tm1", asked.get("tm")), asked.get("tm2", asked.get("tm"))
    assert first
    assert last
    return hourly_table(hour(first), hour(last))


@contextmanager
def running_hub() -> Iterator[Hub]:
    """Run a server in a thread until the block ends."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    hub.address = f"http://127.0.0.1:{server.server_port}/api/typ01/url/"
    thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
