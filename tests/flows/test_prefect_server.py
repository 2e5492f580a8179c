"""nalssi's own Prefect server, where it cannot be started."""

from __future__ import annotations

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows import prefect_server


def test_windows_users_learn_what_to_do_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr(prefect_server.sys, "platform", "win32")
    with (
        temporary_settings(restore_defaults={PREFECT_API_URL}),
        pytest.raises(prefect_server.ServerError) as told,
    ):
        prefect_server.start_server()
    assert "WSL" in str(told.value)
    assert "\n" not in str(told.value)
