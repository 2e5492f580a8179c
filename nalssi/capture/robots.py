"""robots.txt: what a site asks of robots, read within limits (RFC 9309).

Protego copies each rule to each robot that its group names. A file of 500 KiB can thus ask for
hundreds of millions of rules, so robots that are not ours are given one name before it reads them.
"""

from __future__ import annotations

import re

from protego import Protego

ROBOT = "nalssi"
"""What robots.txt calls us."""
_SIZE = 500 * 1024
"""Bytes that are read; RFC 9309, section 2.5, asks for no fewer."""
_ROBOT_LINE = re.compile(r"\s*user[-\s]*agent\b[\s:]*([^#]*)", re.IGNORECASE)


def parse_robots(body: bytes) -> Protego:
    """The rules in a robots.txt, whatever else is in it."""
    if len(body) > _SIZE:
        body = body[: body.rfind(b"\n", 0, _SIZE) + 1]  # half a rule is another rule
    lines = body.decode("utf-8", "replace").splitlines()
    return Protego.parse("\n".join(map(_with_one_name, lines)))


def _with_one_name(line: str) -> str:
    robot = _ROBOT_LINE.match(line)
    if robot is None or ROBOT.startswith(robot[1].strip().lower().replace("*", "")):
        return line
    return "User-agent: another-robot"
