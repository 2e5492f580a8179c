"""Read robots.txt, the rules of a site for robots, within limits of size (RFC 9309).

Protego copies each rule to each robot that the rule's group names. A file of 500 KiB can thus
produce hundreds of millions of rules. So the names of all other robots are replaced by one name
before Protego reads the file.
"""

from __future__ import annotations

import re

from protego import Protego

ROBOT = "nalssi"
"""The name of nalssi in robots.txt files."""
_LONGEST_BYTES = 500 * 1024
"""The number of bytes of a robots.txt that are read; the rest is ignored. RFC 9309, section 2.5,
requires at least this size."""
_USER_AGENT = re.compile(r"\s*user[-\s]*agent\b[\s:]*([^#]*)", re.IGNORECASE)


def parse_robots_txt(body: bytes) -> Protego:
    """Return the rules in a robots.txt file. Invalid lines are ignored."""
    if len(body) > _LONGEST_BYTES:
        # Cut after a whole line, because half a rule has another meaning.
        body = body[: body.rfind(b"\n", 0, _LONGEST_BYTES) + 1]
    lines = body.decode("utf-8", "replace").splitlines()
    return Protego.parse("\n".join(map(_with_one_other_robot, lines)))


def _with_one_other_robot(line: str) -> str:
    """Return a line in which the name of another robot is replaced by one fixed name.

    `*`, `nalssi` and beginnings of `nalssi` stay: such rules apply to nalssi.
    """
    robot = _USER_AGENT.match(line)
    if robot is None or ROBOT.startswith(robot[1].strip().lower().replace("*", "")):
        return line
    return "User-agent: another-robot"
