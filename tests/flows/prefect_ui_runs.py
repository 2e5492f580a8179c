"""A user who triggers, cancels and retries runs in Prefect's UI, as a process of its own.

    python -m tests.flows.prefect_ui_runs ADDRESS WAREHOUSE SCREENSHOTS < PASSWORD

The folder WAREHOUSE has the page `saved.txt`. Screenshots are for people.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from nalssi.charts.small_picture import WIDTH
from nalssi.warehouse import Warehouse
from nalssi.warehouse.writer_lock import writer_lock
from tests.browser.chromium import ARGUMENTS, find_or_install
from tests.flows.prefect_services import Api, wait_until
from tests.flows.prefect_ui import password_field

SECONDS = 300
GREEN_PIXELS = 1000
"""The smallest number of green pixels of a graph whose tasks have completed."""


class User:
    """A user with a browser who has entered the password."""

    def __init__(self, page: Page, address: str, password: str, screenshots: Path) -> None:
        self.page = page
        self.address = f"{address}/v2"
        self.api = Api(f"{address}/api", password)
        self._screenshots = screenshots
        page.goto(address)
        password_field(page).fill(password)
        page.keyboard.press("Enter")
        expect(password_field(page)).to_have_count(0)

    def trigger(self, source: str) -> str:
        """Start a run of `backfill` with its form, and return the id of the run."""
        before = {run["id"] for run in self.api.filter("flow_runs")}
        self.page.goto(f"{self.address}/deployments")
        self.page.get_by_role("link", name="backfill").first.click()
        self.page.get_by_role("button", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Custom run").click()
        expect(self.page.get_by_text("Files, folders, globs, web addresses")).to_be_visible()
        expect(self.page.get_by_text("File formats of the charts.")).to_be_visible()
        self.page.get_by_role("button", name="Add item").first.click()
        self.page.locator("textarea").first.fill(source)
        self.take_picture(f"form-{source}")
        self.page.get_by_role("button", name="Submit").click()

        def new_runs() -> list[str]:
            found = self.api.filter("flow_runs")
            return [
                run["id"]
                for run in found
                if run["id"] not in before and run["parameters"].get("sources") == [source]
            ]

        (run,) = wait_until(new_runs)
        return str(run)

    def open_run(self, run: str) -> None:
        self.page.goto(f"{self.address}/runs/flow-run/{run}")

    def expect_state(self, name: str) -> None:
        """Wait until the page of the run shows this state beside its name."""
        expect(self.page.get_by_text(name, exact=True).first).to_be_visible()

    def choose(self, action: str, confirm: str) -> None:
        """Choose an action in the menu of the run, and confirm it in the dialog."""
        self.page.get_by_role("button", name="Open menu").first.click()
        self.page.get_by_role("menuitem", name=action, exact=True).click()
        dialog = self.page.get_by_role("alertdialog").or_(self.page.get_by_role("dialog"))
        self.take_picture(f"dialog-{action}")
        dialog.get_by_role("button", name=confirm, exact=True).click()

    def see_graph(self) -> None:
        """Check that the graph of the run is drawn, with completed tasks."""
        canvas = self.page.locator("canvas").first
        expect(canvas).to_be_visible()
        wait_until(lambda: _green_pixels(canvas.screenshot()) >= GREEN_PIXELS, SECONDS)

    def see_artifacts(self, run: str) -> None:
        """Check that the artifacts of the run are displayed: tables, and the map as a picture."""
        self.page.goto(f"{self.address}/runs/flow-run/{run}?tab=Artifacts")
        self.page.get_by_text("new-lists", exact=True).first.wait_for()
        self.take_picture("artifacts")
        ids = {key: artifact["id"] for key, artifact in self.api.artifacts(run).items()}
        self._open_artifact(ids["new-lists"])
        expect(self.page.get_by_role("table")).to_contain_text("stations")
        self.take_picture("new-lists")
        self._open_artifact(ids["load"])
        expect(self.page.get_by_role("cell", name="documents read")).to_be_visible()
        self.take_picture("load")
        self._open_artifact(ids["gallery"])
        expect(self.page.locator("code", has_text="gallery/index.html").first).to_be_visible()
        self._open_artifact(ids["map"])
        picture = self.page.get_by_role("img", name=re.compile("^Map of "))
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.naturalWidth") == WIDTH
        self.take_picture("map")

    def take_picture(self, name: str) -> None:
        name = re.sub(r"[^a-z-]", "-", name.lower())
        self.page.screenshot(path=self._screenshots / f"{name}.png")

    def _open_artifact(self, artifact: str) -> None:
        self.page.goto(f"{self.address}/artifacts/artifact/{artifact}")


def _green_pixels(screenshot: bytes) -> int:
    pixels = Image.open(io.BytesIO(screenshot)).convert("RGB").getcolors(maxcolors=2**24) or []
    return sum(count for count, (red, green, blue) in pixels if green > red + 60 < blue + 120)


def main(address: str, warehouse: str, screenshots: str, password: str) -> None:
    """Trigger a run and look at it, cancel a run that waits, and retry a failed run."""
    folder = Path(warehouse)
    chromium, reason = find_or_install()
    assert chromium, reason
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(SECONDS * 1000)
        expect.set_options(timeout=SECONDS * 1000)
        user = User(page, address, password, Path(screenshots))

        done = user.trigger("saved.txt")
        user.open_run(done)
        user.expect_state("Completed")
        user.see_graph()
        user.take_picture("completed")
        user.see_artifacts(done)

        with writer_lock(Warehouse(folder).lock):  # the run waits for the lock
            waiting = user.trigger("./saved.txt")
            user.open_run(waiting)
            user.expect_state("Running")
            user.choose("Cancel", "Cancel Flow Run")
            user.expect_state("Cancelled")
            user.take_picture("cancelled")

        failed = user.trigger("later.txt")
        user.open_run(failed)
        user.expect_state("Failed")
        user.take_picture("failed")
        (folder / "later.txt").write_bytes((folder / "saved.txt").read_bytes())
        user.choose("Retry", "Retry")
        user.expect_state("Completed")
        user.take_picture("retried")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:], sys.stdin.read().strip())
