"""Official hours from KMA's API hub, for the flows `observations`, `reconcile` and `hourly`.

The key is read inside the task, so it is never a parameter or a result that Prefect stores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

from prefect import get_run_logger, task
from prefect.blocks.system import Secret
from prefect.cache_policies import NO_CACHE

from nalssi.common.day_range import DayRange
from nalssi.common.korea_time import KST
from nalssi.observations.api_hub import ApiHub
from nalssi.observations.api_hub_key import (
    KEY_FILE_VARIABLE,
    KEY_VARIABLE,
    ApiHubKey,
    UnusableKeyError,
    read_key,
)
from nalssi.observations.fetch_hours import fetch_hours
from nalssi.warehouse import Warehouse

SECRET = "nalssi-apihub-key"
"""The name of the Prefect Secret that can hold the key for KMA's API hub."""
CALLS_OF_A_RUN = 13
"""The largest number of calls to the API hub in a run of `daily`: enough for a year of hours."""
DAYS_OF_HOURLY = 2
"""`hourly` fetches the official hours of this number of days; `daily` fetches older hours."""


@dataclass(frozen=True)
class FetchedHours:
    """The result of fetching official hours. It has texts and counts only.

    `report` is for people. `failures` has a line for each call that failed, or one line if
    the key cannot be used.
    """

    report: str
    failures: tuple[str, ...]
    calls: int
    """The number of calls to the API hub that gave data."""


def configured_key() -> ApiHubKey | None:
    """Return the API hub's key from the environment, or else from the Prefect Secret; else None.

    Raises UnusableKeyError if a key is set but cannot be used.
    """
    if key := read_key():
        return key
    try:
        block = cast("Secret[str]", Secret.load(SECRET))
    except ValueError:  # there is no such block
        return None
    return ApiHubKey(str(block.get()), f"the Prefect Secret {SECRET}")


@task(cache_policy=NO_CACHE)
def fetch_official_hours(
    warehouse: Path,
    since: date | None = None,
    until: date | None = None,
    max_calls: int | None = None,
) -> FetchedHours:
    """Fetch official hours that the warehouse lacks, and publish them.

    `since` and `until` are the first and the last day, `max_calls` is the largest number of calls;
    their defaults are explained in `nalssi.observations.fetch_hours`. Raises UnusableKeyError
    without a key.
    """
    key = configured_key()
    if key is None:
        raise UnusableKeyError(
            f"no key for KMA's API hub: set {KEY_VARIABLE} or {KEY_FILE_VARIABLE}, or create the"
            f" Prefect Secret {SECRET}"
        )
    wanted = DayRange(since, until)
    report = fetch_hours(Warehouse(warehouse), ApiHub(key), wanted, max_calls=max_calls)
    counts = {"calls": len(report.files), "observations_added": report.total("added")}
    get_run_logger().info("%s", report, extra={"counts": counts})
    return FetchedHours(str(report), report.failures, len(report.files))


def fetch_if_configured(
    warehouse: Path, since: date | None = None, *, max_calls: int, after: Sequence[object] = ()
) -> FetchedHours | None:
    """Fetch official hours in a scheduled run; do nothing and return None without a key.

    If the key cannot be used, the result says so in `failures`, and the run goes on. `after` are
    results of tasks: the run graph shows that this step comes after these tasks.
    """
    try:
        if not configured_key():
            return None
    except UnusableKeyError as error:
        return FetchedHours("", (str(error),), 0)
    return fetch_official_hours(warehouse, since=since, max_calls=max_calls, wait_for=after)


def first_recent_day() -> date:
    """Return the first day (KST) of which the flow `hourly` fetches official hours."""
    return datetime.now(KST).date() - timedelta(days=DAYS_OF_HOURLY - 1)
