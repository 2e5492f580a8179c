"""KMA's API hub: every kind of answer gives its rows or one clear line, and never shows the key."""

from __future__ import annotations

import logging
import pickle
import socket
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.observations.api_hub import ApiHub, CallLimits
from nalssi.observations.api_hub_error import ApiHubError
from nalssi.observations.api_hub_key import ApiHubKey, UnusableKeyError, read_key
from nalssi.observations.api_hub_table import read_answer
from nalssi.observations.asos_table import Block
from tests.observations.hub_server import (
    KEY,
    MISSING_KEY,
    NAMES,
    NOT_REGISTERED,
    STATIONS,
    Hub,
    Reply,
    hourly_table,
    row,
    running_hub,
    table,
    temperature,
)

HOUR = datetime(2025, 12, 19, 5, tzinfo=UTC)
"""14:00 in Korea."""
NOON = datetime(2026, 1, 5, 3, tzinfo=UTC)
PAGE = "<!DOCTYPE html><html><head><title>서비스 점검</title></head><body></body></html>"


@pytest.fixture(scope="module")
def server() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def hub(server: Hub) -> Hub:
    server.replies.clear()
    server.calls.clear()
    server.agents.clear()
    return server


def client(hub: Hub, pauses: list[float] | None = None, **limits: float) -> ApiHub:
    return ApiHub(
        ApiHubKey(KEY, "test"),
        address=hub.address,
        limits=CallLimits(**limits),  # type: ignore[arg-type]
        sleep=(pauses if pauses is not None else []).append,
        now=lambda: NOON,
    )


def error_of(hub: Hub, *replies: Reply, pauses: list[float] | None = None, **limits: float) -> str:
    """The message for these answers. Nothing of the error shows the key."""
    hub.replies.extend(replies)
    with pytest.raises(ApiHubError) as raised:
        client(hub, pauses, **limits).fetch(HOUR, HOUR)
    error: BaseException | None = raised.value
    assert KEY not in "".join(traceback.format_exception(raised.value))
    while error is not None:
        assert KEY not in repr(error) + repr(vars(error))
        error = error.__cause__ or error.__context__
    assert "\n" not in str(raised.value)
    return str(raised.value)


def values(block: Block) -> dict[tuple[int, datetime], float]:
    rows = block.observations.select("station_id", "observed_at", "temperature_c").iter_rows()
    return {(station, at): value for station, at, value in rows}


def test_an_hour_and_a_period_are_fetched_with_the_calls_of_the_documentation(hub: Hub) -> None:
    pauses: list[float] = []
    api = client(hub, pauses)
    one, some = api.fetch(HOUR, HOUR), api.fetch(HOUR, HOUR + timedelta(hours=2))
    assert values(one) == {(s, HOUR): temperature(s, HOUR) for s in STATIONS}
    assert (some.rows, some.observations.height) == (12, 12)
    common = {"stn": "0", "help": "0", "authKey": KEY}
    assert hub.calls == [
        {"page": "kma_sfctm2.php", "tm": "202512191400"} | common,
        {"page": "kma_sfctm3.php", "tm1": "202512191400", "tm2": "202512191600"} | common,
    ]
    assert all(agent.startswith("nalssi/") for agent in hub.agents)
    assert pauses == [2.0]  # between two calls


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(MISSING_KEY, 401), "does not accept the key (401): '유효한 인증키가 아닙니다.'"),
        (Reply(MISSING_KEY, 200), "does not accept the key (401): '유효한 인증키가 아닙니다.'"),
        (Reply("유효한 인증키가 아닙니다.".encode("euc-kr")), "does not accept the key"),
        (Reply(f"unknown authKey {KEY}"), "does not accept the key: 'unknown authKey ***'"),
        (Reply(NOT_REGISTERED, 403), "refuses the request (403)"),
        (Reply(NOT_REGISTERED, 200), "'활용신청이 필요한 API 입니다.'"),
        (Reply("", 403), "the key may be wrong, or not registered for this API"),
        (Reply(PAGE), "answered with a web page '서비스 점검' instead of data"),
        (Reply("<html><body>login</body></html>"), "answered with a web page instead of data"),
        (Reply("no such page", 404), "answered 404"),
        (Reply("", 302, {"Location": f"https://else.example/?authKey={KEY}"}), "answered 302"),
        (Reply("자료가 없습니다".encode("euc-kr")), "a message instead of data: '자료가 없습니다'"),
        (Reply('{"status": 400, "message": "tm"}'), "answered 400: 'tm'"),
        (Reply("[1]"), "a message instead of data: '[1]'"),
        (Reply(b"x", headers={"Content-Encoding": "br"}), "compressed its answer as 'br'"),
        (
            Reply(table(names=NAMES.replace(" TA ", " T "))),
            "the columns of the API hub have changed",
        ),
    ],
)
def test_an_answer_without_data_is_one_clear_line_and_not_repeated(
    hub: Hub, reply: Reply, message: str
) -> None:
    assert message in error_of(hub, reply)
    assert len(hub.calls) == 1


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply("busy", 429), "too many requests (429)"),
        (Reply("oops", 500), "answered 500"),
        (Reply(PAGE, 503), "answered 503"),
        (Reply(b""), "an empty answer"),
        (
            Reply(table(row(HOUR, 108, 1.0), end=False)),
            "ends too early: its last line",
        ),
        (Reply(hourly_table(HOUR, HOUR), cut=200), "ends too early, or is not HTTP"),
    ],
)
def test_a_failure_that_may_pass_is_repeated_with_growing_pauses(
    hub: Hub, reply: Reply, message: str
) -> None:
    pauses: list[float] = []
    assert message in error_of(hub, reply, reply, reply, pauses=pauses)
    assert pauses == [10.0, 2.0, 30.0, 2.0]
    hub.replies.append(reply)
    assert client(hub).fetch(HOUR, HOUR).observations.height == len(STATIONS)


def test_the_pause_that_the_hub_asks_for_is_kept(hub: Hub) -> None:
    pauses: list[float] = []
    hub.replies.append(Reply("", 429, {"Retry-After": "7"}))
    assert client(hub, pauses).fetch(HOUR, HOUR).rows == len(STATIONS)
    assert pauses == [7.0, 2.0]


def test_a_long_pause_ends_the_run_and_is_named(hub: Hub) -> None:
    asks = Reply("", 429, {"Retry-After": "Mon, 05 Jan 2026 05:00:00 GMT"})
    assert "it asks for a pause until 2026-01-05 14:00 KST" in error_of(hub, asks)
    assert len(hub.calls) == 1


def test_an_answer_that_is_too_large_or_too_slow_is_given_up(hub: Hub) -> None:
    assert "larger than 100 bytes" in error_of(hub, size=100)
    assert "took more than -1 seconds" in error_of(hub, total_s=-1.0, attempts=1)


def test_a_server_that_does_not_answer_is_named() -> None:
    with running_hub() as gone:
        pass
    assert "cannot be reached: [Errno" in error_of(gone)


def test_a_time_out_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connects, and never answers
        hub = Hub(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        assert "did not answer in time" in error_of(hub, read_s=0.01)


def test_no_log_shows_the_key(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    echo = {"Location": f"https://else.example/?authKey={KEY}", "X-Key": KEY}
    with caplog.at_level(logging.DEBUG):
        client(hub).fetch(HOUR, HOUR)
        error_of(hub, Reply(f"not found: ?authKey={KEY}", 404, echo))
        error_of(hub, Reply(f"?authKey={KEY}", 302, echo))
    assert "kma_sfctm2.php" in caplog.text  # httpx logs the address
    assert "receive_response_headers" in caplog.text  # httpcore logs the headers
    assert KEY not in caplog.text
    assert KEY not in "".join(map(repr, (vars(record) for record in caplog.records)))


def test_a_key_does_not_show_itself() -> None:
    key = ApiHubKey(KEY, "test")
    assert KEY not in f"{key} {key!r}"
    assert not hasattr(key, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_the_key_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    from_file = {"NALSSI_APIHUB_KEY_FILE": str(file)}
    for environment in ({"NALSSI_APIHUB_KEY": KEY}, from_file):
        key = read_key(environment)
        assert key
        assert key.secret == KEY
    assert read_key({}) is None


@pytest.mark.parametrize("text", ["", "two words of a key", "x" * 500, "키"])
def test_an_unusable_key_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "key"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableKeyError, match="does not hold a key") as raised:
        read_key({"NALSSI_APIHUB_KEY_FILE": str(file)})
    assert not text or text not in str(raised.value)
    with pytest.raises(UnusableKeyError, match="no such file"):
        read_key({"NALSSI_APIHUB_KEY_FILE": str(tmp_path / "none")})


def read(*rows: str, header: bool = True, names: str = NAMES) -> Block:
    answer = table(*rows, header=header, names=names).decode("euc-kr")
    return read_answer(answer, HOUR, HOUR + timedelta(hours=1))


def test_every_row_is_a_value_a_missing_one_or_rejected_with_its_reason() -> None:
    good = [row(HOUR, 108, -0.1), row(HOUR + timedelta(hours=1), 90, "27")]
    missing = [row(HOUR, 105, value) for value in ("-9", "-9.0", "-99.0", "-99.9", "-")]
    bad = {
        "unknown_station": row(HOUR, 999, 1.0),
        "cut_row": row(HOUR, 159, 1.0)[:-3],
        "unknown_columns": row(HOUR, 159, 1.0) + " 7",
        "hour_not_asked_for": row(HOUR - timedelta(hours=1), 159, 1.0),
        "not_on_the_hour": row(HOUR, 159, 1.0).replace("12191400", "12191430"),
        "unreadable_time": row(HOUR, 159, 1.0).replace("202512191400", "2025-12-19"),
        "unreadable_temperature": row(HOUR, 159, "2x.0"),
        "impossible_temperature": row(HOUR, 159, "88.0"),
    }
    block = read(*good, *missing, *bad.values())
    assert values(block) == {(108, HOUR): -0.1, (90, HOUR + timedelta(hours=1)): 27.0}
    assert block.missing == len(missing)
    assert dict(block.rejected.select("reason", "text").iter_rows()) == bad
    assert block.rows == len(good) + len(missing) + len(bad)
    assert block.rejected["line"].to_list() == list(range(14, 22))


def test_columns_are_taken_from_the_header_and_else_from_the_documentation() -> None:
    assert values(read(row(HOUR, 108, 3.5), header=False)) == {(108, HOUR): 3.5}
    assert values(read("202512191400 7.5 108", names="YYMMDDHHMI TA STN")) == {(108, HOUR): 7.5}


def test_a_table_without_rows_is_no_error() -> None:
    assert read().rows == 0


def test_more_rows_than_stations_can_send_are_refused() -> None:
    rows = [row(HOUR, 108, 1.0)] * 601
    with pytest.raises(ApiHubError, match="has more than 600 rows"):
        read(*rows)
