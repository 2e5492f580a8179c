"""Each change of the health of a source is reported once, to every channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from nalssi.capture.alert_address import alert_address
from nalssi.capture.capture_log import Attempt
from nalssi.capture.landing import Landing
from nalssi.capture.report_sources import report_sources
from nalssi.capture.source_changes import ReportedState, SourceChange, SourceReports
from nalssi.capture.source_health import SourceHealth, judge_sources
from nalssi.capture.source_list import Source, SourceList
from nalssi.warehouse import Warehouse
from tests.capture.alert_servers import SECRET_PATH, Webhook, webhook
from tests.capture.test_source_health import NOW, URL, history, ticker


def due(reports: SourceReports, *states: str, channel: str = "events") -> list[str]:
    """Deliver the changes to a channel and return them as text.

    The sources a, b, … have these states.
    """
    health = [SourceHealth(name, state) for name, state in zip("abc", states, strict=False)]  # type: ignore[arg-type]
    return [str(change) for change in reports.deliver(channel, health, lambda _: None)]


def recovered(source: str, before: ReportedState) -> str:
    """The text of a report that a source has recovered; `test_send_alert` states its words."""
    return str(SourceChange(source, "recovered", before))


@pytest.fixture
def reports(tmp_path: Path) -> SourceReports:
    return SourceReports(Warehouse(tmp_path))


def test_a_state_is_reported_once_and_so_is_its_end(reports: SourceReports) -> None:
    assert due(reports, "ok", "untried") == []
    assert due(reports, "frozen", "ok") == ["a: frozen"]
    assert due(reports, "frozen", "untried") == []
    assert due(reports, "late", "degraded") == ["a: late", "b: degraded"]
    assert due(reports, "ok", "degraded") == [recovered("a", "late")]
    assert due(reports, "ok", "ok") == [recovered("b", "degraded")]
    assert due(reports, "ok", "ok") == []


def test_a_source_that_is_not_listed_any_more_has_recovered(reports: SourceReports) -> None:
    assert due(reports, "ok", "failing") == ["b: failing"]
    assert due(reports, "ok") == [recovered("b", "failing")]
    assert due(reports, "ok") == []


def test_each_channel_is_told(reports: SourceReports) -> None:
    assert due(reports, "frozen") == due(reports, "frozen", channel="other") == ["a: frozen"]
    assert due(reports, "frozen", channel="other") == []
    reports.forget_other_channels(["events"])
    assert due(reports, "frozen", channel="other") == ["a: frozen"]
    assert due(reports, "frozen") == []


def test_a_damaged_file_reports_again_what_is_wrong_now(
    reports: SourceReports, tmp_path: Path
) -> None:
    for damage in ("{", "[]", '{"events": 1}', '{"events": {"a": 1}}'):
        due(reports, "frozen")
        (tmp_path / "alerts.json").write_text(damage)
        assert due(reports, "frozen") == ["a: frozen"]


def reported(folder: Path, outcomes: str, alert_after: str | None = None) -> list[str]:
    """Fetch a source once an hour, and report it after each attempt. Return what is reported.

    `outcomes` has a letter for each hour: `s` for a success, `f` for a run whose attempt, and three
    retries of it in the next minutes, have failed.
    """
    warehouse = Warehouse(folder)
    landing = Landing(warehouse)
    given = {} if alert_after is None else {"alert_after": alert_after}
    listed = SourceList(source=(Source(name="paper", url=URL, **given),))  # type: ignore[arg-type]
    events: list[str] = []

    def emit(changes: Sequence[SourceChange]) -> None:
        events.extend(f"{hour}: {change.state}" for change in changes)

    for hour, outcome in enumerate(outcomes):
        at = NOW + timedelta(hours=hour)
        if outcome == "s":
            landing.log_attempt(Attempt(at, "paper", URL, 3600, "unchanged"))
        for retry in range(4 if outcome == "f" else 0):
            at += timedelta(seconds=40 * retry)
            landing.log_attempt(Attempt(at, "paper", URL, 3600, "failed", error="503"))
        report_sources(warehouse, listed, emit, at)
        (health,) = judge_sources(landing.attempts(), at)
        assert (health.state == "ok") == (outcome == "s")  # the status does not wait
    return events


@pytest.mark.parametrize(
    ("outcomes", "events"),
    [
        ("sfsfsfsf", []),
        ("fsfsfsfs", []),
        ("sffsfs", ["2: failing", "3: recovered"]),
        ("sffffs", ["2: failing", "3: late", "5: recovered"]),
        ("ffs", []),  # never fetched: the time counts from its first attempt
        ("fffs", ["2: failing", "3: recovered"]),
    ],
)
def test_a_failing_source_is_reported_when_two_runs_after_a_success_have_failed(
    tmp_path: Path, outcomes: str, events: list[str]
) -> None:
    assert reported(tmp_path, outcomes) == events


@pytest.mark.parametrize(
    ("alert_after", "events"),
    [
        ("0m", ["1: failing", "2: recovered", "3: failing", "5: late"]),
        ("2h", ["4: failing", "5: late"]),
        ("1d", ["5: late"]),  # a source is late after three intervals in any case
    ],
)
def test_the_source_list_says_how_long_a_failure_is_not_reported(
    tmp_path: Path, alert_after: str, events: list[str]
) -> None:
    assert reported(tmp_path, "sfsffff", alert_after) == events


def test_a_failure_that_is_not_reported_yet_does_not_end_another_state(tmp_path: Path) -> None:
    assert due(SourceReports(Warehouse(tmp_path)), "frozen", "ok") == ["a: frozen"]
    pending = SourceReports(Warehouse(tmp_path), pending={"a", "b"})
    assert due(pending, "failing", "failing") == []
    assert due(SourceReports(Warehouse(tmp_path)), "ok", "ok") == [recovered("a", "frozen")]


@pytest.fixture
def frozen(tmp_path: Path) -> Warehouse:
    return history(tmp_path, [(hour, "one page", ticker(1)) for hour in range(25)])


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as running:
        yield running


def test_an_alert_that_is_not_accepted_is_counted_and_sent_again(
    frozen: Warehouse, hook: Webhook
) -> None:
    unreachable = alert_address(f"http://127.0.0.1:9{SECRET_PATH}")
    listed = SourceList(
        source=(Source(name="paper", url=URL),), alert=(unreachable, alert_address(hook.url))
    )
    events: list[str] = []

    def emit(changes: Sequence[SourceChange]) -> None:
        events.extend(change.state for change in changes)

    hook.status = 503
    done = report_sources(frozen, listed, emit, NOW)
    assert (done.alerts_sent, len(done.failures)) == (0, 2)
    assert done.failures[1] == "alert: the webhook at 127.0.0.1 answered 503"
    assert "SECRET" not in "".join(done.failures)
    hook.status = 204
    assert report_sources(frozen, listed, emit, NOW).alerts_sent == 1
    done = report_sources(frozen, listed, emit, NOW)
    assert (done.alerts_sent, len(done.failures)) == (0, 1)
    assert done.stale[0].startswith("paper: frozen: the same list since 20")
    assert len(hook.got) == 2  # the one that it did not accept, and the next one

    # Three intervals later, without a capture, the source is late.
    done = report_sources(frozen, listed, None, NOW + timedelta(hours=4))
    assert (done.alerts_sent, done.events) == (1, [])
    assert events == ["frozen"]
    done = report_sources(frozen, listed, emit, NOW + timedelta(hours=4))
    assert [str(change).split(": ")[1] for change in done.events] == ["late"]
    assert events == ["frozen", "late"]
    assert [each["changes"][0]["before"] for each in hook.got] == ["ok", "ok", "frozen"]


def test_the_file_does_not_give_the_address_of_a_webhook_away(
    frozen: Warehouse, hook: Webhook
) -> None:
    listed = SourceList(source=(Source(name="paper", url=URL),), alert=(alert_address(hook.url),))
    report_sources(frozen, listed, None, NOW)
    assert "SECRET" not in (frozen.folder / "alerts.json").read_text()
    assert "SECRET" not in repr(listed)
