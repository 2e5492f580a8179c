"""Check the locked dependencies for known vulnerabilities (`make audit`).

Exit status:

- 0: every package was looked up, and none has a known vulnerability.
- 1: some packages have known vulnerabilities. The output lists the versions that fix them.
- 3: unknown. The advisory services (OSV, PyPI) did not answer for some or all packages.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import Any

from tools.lock_file import DEVELOPMENT, RUNTIME, pins

SAFE, VULNERABLE, UNKNOWN = 0, 1, 3
SERVICES = ("osv", "pypi")
_LONGEST = 160  # characters of a reason


def main(pip_audit: str) -> int:
    """Audit the packages of both lock files; return the exit status.

    `pip_audit` is the path of the command pip-audit.
    """
    locked = {pin.name.lower() for lock in (RUNTIME, DEVELOPMENT) for pin in pins(lock)}
    reasons = []
    for service in SERVICES:
        packages, reason = _ask(pip_audit, service)
        if reason is None:
            return report(packages, locked, service)
        reasons.append(f"{service}: {reason}")
    print(f"not audited: {'; '.join(reasons)}", file=sys.stderr)
    return UNKNOWN


def report(packages: list[dict[str, Any]], locked: set[str], service: str) -> int:
    """Print the vulnerabilities that the service `service` knows; return the exit status.

    `packages` is the service's answer; `locked` has the names of all locked packages.
    """
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            print(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    known = {package["name"].lower() for package in packages if "skip_reason" not in package}
    unknown = sorted(locked - known)
    if unknown:
        some = ", ".join(unknown[:5]) + (", …" if len(unknown) > 5 else "")
        print(
            f"not audited: {service} knows nothing of {len(unknown)} of {len(locked)} packages"
            f" ({some})",
            file=sys.stderr,
        )
    if vulnerable:
        return VULNERABLE
    if unknown:
        return UNKNOWN
    print(f"{len(locked)} packages audited with {service}: no known vulnerability")
    return SAFE


def _ask(pip_audit: str, service: str) -> tuple[list[dict[str, Any]], str | None]:
    """Ask the advisory service `service` about every locked package, with pip-audit.

    Returns pip-audit's JSON for each package, and None or the reason why there is no answer.
    """
    command = [pip_audit, "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    command += ["--format", "json", "-s", service, "-r", str(RUNTIME), "-r", str(DEVELOPMENT)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
        packages = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return [], "no answer in 15 minutes"
    except OSError as error:
        return [], f"pip-audit cannot be run: {error.strerror}"
    except (ValueError, KeyError):  # it ended without a result
        return [], textwrap.shorten(done.stderr.strip().split("\n")[-1] or "no answer", _LONGEST)
    if all("skip_reason" in package for package in packages):
        return [], "it answered for none of the packages"
    return packages, None


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
