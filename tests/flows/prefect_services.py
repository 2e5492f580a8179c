"""Prefect as an operator runs it: servers, workers and commands in processes of their own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from matplotlib import get_cachedir

from nalssi.common.paths import CHECKOUT

Process = subprocess.Popen[bytes]
BIN = Path(sys.executable).parent
SECONDS = 900  # limit for every wait, because the machines are small and shared
BUSY = 503  # the database is busy, and the client must retry
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def wait_until(happened: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Call a function until its result is true, and return the result."""
    deadline = time.monotonic() + seconds
    while not (given := happened()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return given


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def in_shell(
    command: str, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell, as a user does."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def see_in_browser(address: str, flow_run: str, password: str) -> None:
    """Open Prefect's UI in a browser, enter the password, and check that it shows a flow run."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.prefect_ui", address, flow_run],
        cwd=CHECKOUT,
        input=password,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def commands(page: Path) -> dict[str, list[str]]:
    """The lines of a page's `sh` blocks by section, without comments and empty lines."""
    found: dict[str, list[str]] = {}
    for section in re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
        found[section.partition("\n")[0]] = [
            line for block in blocks for line in block.splitlines() if line and line[0] != "#"
        ]
    return found


class Desk:
    """A user with a home folder, and the processes that the user has started."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.home = home
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PREFECT_", "NALSSI_"))}
        ours = {"HOME": str(home), "PATH": f"{BIN}:{os.environ['PATH']}"}
        # matplotlib need not build its font cache again.
        self.environment = {**kept, **ours, "MPLCONFIGDIR": get_cachedir(), **variables}
        self.exports: dict[str, str] = {}
        self.started: list[Process] = []

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the checkout. Exported variables apply to all later commands."""
        if command.startswith("export "):
            self.exports[command.partition("=")[0]] = command
        return in_shell(self._script(command), CHECKOUT, self.environment)

    def start(self, command: str, log: str, **options: Any) -> Process:
        """Start a command in a session of its own. Its output goes to a file in the home."""
        with (self.home / log).open("wb") as file:
            process = subprocess.Popen(
                ["bash", "-c", self._script(f"exec {command}")],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
                **options,
            )
        self.started.append(process)
        return process

    def said(self, log: str) -> str:
        return (self.home / log).read_text(encoding="utf-8")

    def close(self) -> None:
        for process in self.started:
            kill(process)

    def _script(self, command: str) -> str:
        return "\n".join([*self.exports.values(), command])


def kill(process: Process) -> None:
    """Kill a process and its children, as a loss of power does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Api:
    """A client of Prefect's API that may have a password."""

    def __init__(self, url: str, password: str = "") -> None:
        self.url = url
        user, _, word = password.partition(":")
        self._client = httpx.Client(auth=(user, word) if password else None, timeout=SECONDS)

    def answers(self) -> bool:
        try:
            return self._client.get(f"{self.url}/health").is_success
        except httpx.TransportError:
            return False

    def filter(self, what: str, **criteria: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._post(f"{what}/filter", criteria)
        return found

    def deployments(self) -> dict[str, dict[str, Any]]:
        return {found["name"]: found for found in self.filter("deployments")}

    def trigger(self, deployment: str, at: str | None = None, **parameters: Any) -> str:
        """Create a run, for now or for another time, and return its id."""
        details = {"state_details": {"scheduled_time": at}} if at else {}
        run = self._post(
            f"deployments/{self.deployments()[deployment]['id']}/create_flow_run",
            {"parameters": parameters, "state": {"type": "SCHEDULED", **details}},
        )
        return str(run["id"])

    def pause(self, deployment: str) -> None:
        """Pause the schedule of a deployment."""
        address = f"{self.url}/deployments/{self.deployments()[deployment]['id']}"
        wait_until(lambda: self._client.post(f"{address}/pause_deployment").is_success)

    def ended(self, runs: Sequence[str]) -> list[dict[str, Any]]:
        """Wait until all runs have ended, and return them in this order."""

        def all_ended() -> list[dict[str, Any]] | None:
            found = self.filter("flow_runs", flow_runs={"id": {"any_": list(runs)}})
            by_id = {run["id"]: run for run in found if run["state_type"] in ENDED}
            return [by_id[run] for run in runs] if len(by_id) == len(runs) else None

        ended: list[dict[str, Any]] = wait_until(all_ended)
        return ended

    def artifacts(self, run: str) -> dict[str, dict[str, Any]]:
        found = self.filter("artifacts", artifacts={"flow_run_id": {"any_": [run]}})
        return {artifact["key"]: artifact for artifact in found}

    def _post(self, path: str, content: dict[str, Any]) -> Any:
        def answer() -> httpx.Response | None:
            response = self._client.post(f"{self.url}/{path}", json=content)
            return None if response.status_code == BUSY else response

        return wait_until(answer).raise_for_status().json()
