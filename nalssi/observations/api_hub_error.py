"""The error of a call to KMA's API hub."""

from __future__ import annotations

from datetime import timedelta

from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text


class ApiHubError(Exception):
    """A call to KMA's API hub gave no data. The message is the cause in one line, without the key.

    It may contain text of the server.
    """

    def __init__(
        self, cause: str, *, temporary: bool = False, pause: timedelta | None = None
    ) -> None:
        super().__init__(safe_text(cause, MAX_MESSAGE_LENGTH))
        self.temporary = temporary
        """Whether another call may soon succeed."""
        self.pause = pause
        """The pause that the hub asks for, or None if it does not ask for one."""
