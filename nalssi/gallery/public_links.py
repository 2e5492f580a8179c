"""Make addresses from the warehouse fit for publication: no local path, no password, no key.

The gallery is public, the warehouse is not. An address in the warehouse may be a path on somebody's
computer, or contain a user name, a password or a signature.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from nalssi.common.safe_text import safe_text

_SECRET: Final = frozenset({
    "accesskey", "accesstoken", "apikey", "auth", "authkey", "authorization",
    "awsaccesskeyid", "clientsecret", "confmkey", "credential", "idtoken", "jsessionid",
    "jwt", "keypairid", "pass", "passwd", "password", "pgtid", "phpsessid", "pw", "pwd",
    "refreshtoken", "samlart", "samlresponse", "secret", "secretkey", "servicekey", "session",
    "sessionid", "sid", "sig", "signature", "ticket", "token", "userpassword",
})  # fmt: skip
"""The names of query parameters that are secret, in lower case without `-`, `_` and `.`.

Korea's public data portal uses `serviceKey`, and KMA's API hub `authKey`.
"""
_SIGNING: Final = ("xamz", "xgoog", "xoss")
"""The beginnings of parameter names that cloud stores use for signatures."""
_SIGNED_IN: Final = frozenset({"state", "sessionstate", "iss"})
"""The parameters that accompany the parameter `code` of OAuth, which is secret. Without them, a
short `code` may be the section of a newspaper."""
_LONGEST_SECTION: Final = 12
"""The largest number of characters of a newspaper's section `code`. Codes of OAuth are longer."""
_PRIVATE: Final = re.compile(r"\bfile:|//[^/?#]*@", re.IGNORECASE)
"""Matches a local path, or a user name and a password, in an address inside another address."""
_SEPARATOR: Final = re.compile(r"[/\\]")


def public_address(uri: str) -> str:
    """Return the part of an address that may be published.

    Of a web page, it is the address without its secrets; of any other file, only its name.
    Invisible characters are replaced by escape sequences.
    """
    return safe_text(_on_the_web(uri) or _file_name(uri))


def links_to(address: str) -> str | None:
    """Return the link target of a public address, or None if there must be no link.

    An address has a link if it is a web page and `public_address` replaced no character of it.
    """
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
    if _PRIVATE.search(_decoded(path)):
        path = "/"
    query = _without_secrets(parts.query)
    fragment = parts.fragment
    if "=" in fragment or _PRIVATE.search(
        _decoded(fragment)
    ):  # OAuth passes tokens as `name=value`
        fragment = ""
    return (
        f"{parts.scheme}://{host}{path}"
        + (f"?{query}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def _without_secrets(query: str) -> str:
    """Return a query string without secret parameters.

    The separators of the remaining parameters (`&`, or the older `;`) do not change.
    """
    fields = re.findall(r"([&;]|^)([^&;]*)", query)
    signed_in = any(_plain(field.partition("=")[0]) in _SIGNED_IN for _, field in fields)
    kept = "".join(
        sign + field
        for sign, field in fields
        if not (_contains_secret(field) or _is_grant(field, signed_in=signed_in))
    )
    return kept if kept == query else kept.lstrip("&;")


def _contains_secret(field: str) -> bool:
    """Return whether a part `name=value` of a query is secret, or is an address with a secret."""
    decoded = _decoded(field)
    names = [part.partition("=")[0] for part in re.split(r"[?&;#]", decoded)]
    return bool(_PRIVATE.search(decoded)) or any(map(_is_secret, names))


def _is_grant(field: str, *, signed_in: bool) -> bool:
    """Return whether a parameter `name=value` is the code with which OAuth signs a user in.

    `signed_in` says whether the query has one of the parameters that accompany such a code.
    """
    name, _, value = field.partition("=")
    return _plain(name) == "code" and (signed_in or len(value) > _LONGEST_SECTION)


def _is_secret(name: str) -> bool:
    plain = _plain(name)
    return plain in _SECRET or plain.startswith(_SIGNING)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]", "", _decoded(name)).strip().lower()


def _file_name(uri: str) -> str:
    """Return the last part of a path, decoded. Slash and backslash are separators.

    A user name before `@` is left out, except in a `file:` address.
    """
    path = uri.partition("?")[0] if "://" in uri else uri
    name = _SEPARATOR.split(_decoded(path).rstrip("/\\"))[-1]
    return name if uri.lower().startswith("file:") else name.rpartition("@")[2]


def _decoded(text: str) -> str:
    """Decode the percent-encoding of a text until nothing is left to decode."""
    while (decoded := unquote(text)) != text:
        text = decoded
    return text
