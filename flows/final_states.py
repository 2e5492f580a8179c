"""How a run ends in Prefect: completed, partly completed, or failed, and what its state says.

| the run | state | message |
|---|---|---|
| used all of its input | `Completed` | Prefect's own |
| used a part of it | `Partial`, of type COMPLETED | such as `1 of 2 sources could not be read` |
| could use none of it | `Failed` | the cause |

An automation can react to the names. Every problem is a WARNING line in the run's log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from prefect import get_run_logger
from prefect.states import Completed, Failed

from flows.flow_results import NothingUsedError

PARTIAL = "Partial"
"""The name of the state of a run that used only a part of its input."""

Done = TypeVar("Done")


def final_state(done: Done, problems: Sequence[str], *, used: bool, message: str) -> Done:
    """What a flow returns: `done`, in the state that its problems call for.

    `used`: whether any input could be used. `message`: what the state says if there are problems.
    Prefect takes a returned state as the run's own and gives the caller the data in it; for a
    failed run the caller gets a NothingUsedError, which has `done` as its `result`.
    """
    log = get_run_logger()
    for problem in problems:
        log.warning("%s", problem)
    if not problems:
        return done
    if used:
        return cast("Done", Completed(name=PARTIAL, message=message, data=done))
    return cast("Done", Failed(message=message, data=NothingUsedError(message, done)))


def failure_message(problems: Sequence[str], count: str) -> str:
    """The cause of a failure in one line: the only problem, or the `count` and the first one."""
    if len(problems) == 1:
        return problems[0]
    return f"{count}; the first: {problems[0]}"


def count_phrase(number: int, thing: str, what: str) -> str:
    """Such as `1 part could not be used`, `2 parts could not be used`: `thing` is one or two words,
    of which the first has a plural in s."""
    first, *rest = thing.split(" ")
    return " ".join([f"{number:,}", first + "s" * (number != 1), *rest, what])
