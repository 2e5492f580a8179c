"""The Prefect block with which automations send mail: `nalssi mail alert`.

Prefect's server runs the actions of automations, so nalssi must be installed where the server runs,
and the mail server is named in the environment of that process: see `nalssi.capture.mail_settings`.
The block holds no secret. Prefect finds it by nalssi's entry point `prefect.collections`.
"""

from __future__ import annotations

import asyncio

from prefect.blocks.abstract import NotificationBlock, NotificationError
from pydantic import Field

from nalssi.capture.send_alert import AlertError, send_mail


class MailAlert(NotificationBlock):
    """Sends mail through the server that NALSSI_SMTP names."""

    _block_type_name = "nalssi mail alert"
    _block_type_slug = "nalssi-mail-alert"

    recipient: str = Field(description="The mail address that gets the alerts.")

    async def notify(self, body: str, subject: str | None = None) -> None:
        """Send a mail. Raises NotificationError if the mail server does not accept it."""
        try:
            await asyncio.to_thread(send_mail, self.recipient, subject or "nalssi", body)
        except AlertError as error:
            raise NotificationError(str(error)) from error
