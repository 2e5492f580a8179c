"""Each change of the health of a source is reported once, to every channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from nalssi.capture.alert_address import alert_address
from nalssi.capture.report_sources import report_sources
from nalssi.capture.source_changes import SourceChange, SourceReports
from nalssi.capture.source_health import SourceHealth
from nalssi.capture.source_list import Source, SourceList
from nalssi.warehouse import Warehouse
from tests.capture.alert_servers import SECRET_PATH, Webhook, webhook
from tests.capture.test_source_health import NOW, URL, history, ticker


def due(reports: SourceReports, *states: str, channel: str = "events") -> list[str]:
    """Deliver the changes to sources a, b, … in these states, and return them as text."""
    health = [SourceHealth(name, state) for name, state in zip("abc", states, strict=False)]  # type: ignore[arg-type]
    return [str(change) for change in reports.deliver(channel, health, lambda _: None)]


@pytest.fixture
def reports(tmp_path: Path) -> SourceReports:
    return SourceReports(Warehouse(tmp_path))


def test_a_state_is_reported_once_and_so_is_its_end(reports: SourceReports) -> None:
    assert due(reports, "ok", "untried") == []
    assert due(reports, "frozen", "ok") == ["a: frozen"]
    assert due(reports, "frozen", "untried") == []
    assert due(reports, "late", "degraded") == ["a: late", "b: degraded"]
    assert due(reports, "ok", "degraded") == ["a: recovered: it was late"]
    assert due(reports, "ok", "ok") == ["b: recovered: it was degraded"]
    assert due(reports, "ok", "ok") == []


def test_a_source_that_is_not_listed_any_more_has_recovered(reports: SourceReports) -> None:
    assert due(reports, "ok", "failing") == ["b: failing"]
    assert due(reports, "ok") == ["b: recovered: it was failing"]
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
