"""The final state of a run in Prefect: completed, partly completed, or failed.

| the run used | state | message |
|---|---|---|
| all of its input | `Completed` | Prefect's own |
| a part of its input | `Partial`, of type COMPLETED | such as `1 of 2 sources could not be read` |
| none of its input | `Failed` | the cause |

Automations can use these names. Every problem is also a line of level WARNING in the run's log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from prefect import get_run_logger
from prefect.states import Completed, Failed

from flows.flow_results import NothingUsedError

PARTIAL = "Partial"
"""The name of the final state of a run that used only a part of its input."""

Outcome = TypeVar("Outcome")


def final_state(result: Outcome, problems: Sequence[str], *, used: bool, message: str) -> Outcome:
    """Return the value that a flow must return to end in the state that its problems require.

    `used` says whether the run could use any input. `message` is the state's message if there are
    problems. Prefect takes a returned state as the state of the run, and gives its data, `result`,
    to the caller. If the run failed, the caller gets a NothingUsedError with this `result`.
    """
    log = get_run_logger()
    for problem in problems:
        log.warning("%s", problem)
    if not problems:
        return result
    if used:
        return cast("Outcome", Completed(name=PARTIAL, message=message, data=result))
    return cast("Outcome", Failed(message=message, data=NothingUsedError(message, result)))


def failure_message(problems: Sequence[str], count: str) -> str:
    """Return the cause of a failure in one line.

    It is the only problem, or `count` (a phrase with the number of problems) and the first problem.
    """
    if len(problems) == 1:
        return problems[0]
    return f"{count}; the first: {problems[0]}"


def count_phrase(number: int, thing: str, rest: str) -> str:
    """Return a phrase such as `1 part could not be used` or `2 parts could not be used`.

    `thing` and `rest` are the words after the number. The plural adds an s to the first word of
    `thing`.
    """
    first, *more = thing.split(" ")
    return " ".join([f"{number:,}", first + "s" * (number != 1), *more, rest])
