"""A user in Prefect's UI, as a process of its own.

While playwright runs, its event loop counts as running, and Prefect's flows would then fail.

    python -m tests.flows.prefect_ui ADDRESS FLOW_RUN_NAME < PASSWORD
"""

from __future__ import annotations

import sys

from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_or_install

SECONDS = 180


def main(address: str, flow_run: str, password: str) -> None:
    """Open the UI, enter the password, and find the flow run, also after a reload."""
    chromium, reason = find_or_install()
    assert chromium, reason
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page()
        page.set_default_timeout(SECONDS * 1000)
        expect.set_options(timeout=SECONDS * 1000)
        statuses: list[int] = []
        page.on("response", lambda response: statuses.append(response.status))

        page.goto(address)
        password_field(page).fill("nalssi:wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Invalid credentials").first).to_be_visible()
        password_field(page).fill(password)
        page.keyboard.press("Enter")
        expect(password_field(page)).to_have_count(0)

        statuses.clear()
        page.goto(f"{address}/v2/runs")
        expect(page.get_by_text(flow_run).first).to_be_visible()
        page.reload()
        expect(page.get_by_text(flow_run).first).to_be_visible()
        expect(password_field(page)).to_have_count(0)
        assert 401 not in statuses
        browser.close()


def password_field(page: Page) -> Locator:
    """The input field for the password."""
    return page.locator("input[type=password]")


if __name__ == "__main__":
    main(*sys.argv[1:], sys.stdin.read().strip())
