"""The automation that alerts people when the health of a source changes.

`nalssi alerts install` creates it on a Prefect server, or updates it. The events of
`flows.source_reports` trigger it, and its action is a webhook or a mail. Prefect calls the action
once for each event and does not repeat a failed call. The setting `alert` of the source list needs
no server, and the next run repeats a failed alert.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from flows import settings

if TYPE_CHECKING:
    from prefect.blocks.core import Block
    from prefect.events.actions import ActionTypes

    from nalssi.capture.alert_address import AlertAddress

AUTOMATION: Final = "nalssi: the health of a source has changed"
BLOCK: Final = "nalssi-alerts"
"""The name of the Prefect block that stores the address to which alerts are sent."""
SUBJECT: Final = "nalssi: {{ event.payload.message }}"
TEXT: Final = "{{ event.payload.message }}\n\n{{ event.payload.warehouse }}"
PAYLOAD: Final = """{
"text": {{ ("nalssi (" ~ event.payload.warehouse ~ "): " ~ event.payload.message) | tojson }},
"warehouse": {{ event.payload.warehouse | tojson }},
"changes": [{
"source": {{ event.payload.source | tojson }},
"state": {{ event.payload.state | tojson }},
"before": {{ event.payload.before | tojson }},
"why": {{ event.payload.why | tojson }}
}]
}"""
"""The JSON that a webhook gets, as a template of Prefect. `nalssi.capture.send_alert` sends JSON of
the same form."""


def install(address: AlertAddress) -> str:
    """Create or update the automation on the server that Prefect's settings name.

    Returns the address of Prefect's UI. Raises FlowError without a usable server.
    """
    settings.apply_settings()
    from flows.run_flow import FlowError, error_line

    try:
        from prefect.settings import get_current_settings

        from flows.prefect_server import check_server

        if not get_current_settings().api.url:
            raise FlowError("an automation needs a server that keeps running: set PREFECT_API_URL")
        check_server()
        _create(_mail(address) if address.is_mail else _webhook(address))
        return str(get_current_settings().ui_url)
    except FlowError:
        raise
    except Exception as error:  # the user gets one line for every kind of error
        raise FlowError(error_line(error)) from error


def _webhook(address: AlertAddress) -> ActionTypes:
    from prefect.blocks.webhook import Webhook
    from prefect.events.actions import CallWebhook

    headers = {"Content-Type": "application/json; charset=utf-8"}
    block = Webhook.model_validate({"url": address.text, "headers": headers})
    return CallWebhook(block_document_id=_saved(block), payload=PAYLOAD)


def _mail(address: AlertAddress) -> ActionTypes:
    from prefect.events.actions import SendNotification

    from flows.mail_alert import MailAlert

    block = MailAlert(recipient=address.text)
    return SendNotification(block_document_id=_saved(block), subject=SUBJECT, body=TEXT)


def _saved(block: Block) -> UUID:
    """Save a block under the name BLOCK in place of a block of its type, if any. Return its id."""
    saved = block.save(BLOCK, overwrite=True)
    assert isinstance(saved, UUID)  # a coroutine only inside an event loop
    return saved


def _create(action: ActionTypes) -> None:
    """Create the automation AUTOMATION with this action, or update it if it exists."""
    from prefect.automations import Automation, AutomationCore, EventTrigger, Posture
    from prefect.client.orchestration import get_client

    from flows.source_reports import EVENT

    wanted = AutomationCore(
        name=AUTOMATION,
        description="Created by `nalssi alerts install`.",
        trigger=EventTrigger(
            expect={f"{EVENT}*"},
            match={"prefect.resource.id": f"{EVENT}*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[action],
    )
    with get_client(sync_client=True) as client:
        known = client.read_automations_by_name(AUTOMATION)
        if known:
            client.update_automation(known[0].id, wanted)
        else:
            Automation(**wanted.model_dump()).create()
