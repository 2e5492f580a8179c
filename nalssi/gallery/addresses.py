"""What the gallery publishes of an address: no local path, no password, no key.

The gallery is made for strangers, the warehouse is not. An address in the warehouse may be a path
on somebody's computer or hold a user's name, a password or a signature.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from nalssi.visible import visible

_SECRET: Final = frozenset({
    "accesskey", "accesstoken", "apikey", "auth", "authkey", "authorization",
    "awsaccesskeyid", "clientsecret", "confmkey", "credential", "idtoken", "jsessionid",
    "jwt", "keypairid", "pass", "passwd", "password", "phpsessid", "pw", "pwd",
    "refreshtoken", "secret", "secretkey", "servicekey", "session", "sessionid", "sid", "sig",
    "signature", "token", "userpassword",
})  # fmt: skip
"""Names of parameters that are not published, in small letters without - and _. `servicekey` and
`authkey` are those of Korea's public data and of KMA's API hub."""
_SIGNING: Final = ("xamz", "xgoog", "xoss")
"""How the names of cloud stores' signing parameters begin."""
_SEPARATOR: Final = re.compile(r"[/\\]")


def published(uri: str) -> str:
    """The address of a page on the web without secrets; else the bare name of a file.

    What is not seen is spelt out, as `visible` does.
    """
    return visible(_on_the_web(uri) or _file_name(uri))


def links_to(address: str) -> str | None:
    """What a published address links to; None if it is no page on the web or was spelt out."""
    web = _on_the_web(address) is not None and "\\" not in address
    return address if web else None


def _on_the_web(uri: str) -> str | None:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme not in ("http", "https") or not host:
        return None
    path = re.sub(r";jsessionid=[^/]*", "", parts.path, flags=re.IGNORECASE)
    fields = parts.query.split("&")
    query = "&".join(field for field in fields if not _is_secret(field.partition("=")[0]))
    fragment = "" if "=" in parts.fragment else parts.fragment  # where OAuth puts its tokens
    return (
        f"{parts.scheme}://{host}{path}"
        + (f"?{query}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def _is_secret(name: str) -> bool:
    plain = re.sub(r"[-_.]", "", unquote(name)).strip().lower()
    return plain in _SECRET or plain.startswith(_SIGNING)


def _file_name(uri: str) -> str:
    """The last part of a path, in either way of writing paths and however often it is encoded."""
    path = uri.partition("?")[0] if "://" in uri else uri
    while (decoded := unquote(path)) != path:
        path = decoded
    name = _SEPARATOR.split(path.rstrip("/\\"))[-1]
    return name if uri.lower().startswith("file:") else name.rpartition("@")[2]
