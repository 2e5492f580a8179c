"""Decide which IP addresses belong to the public internet.

`ipaddress.is_global` is not used, because Python 3.11, 3.12 and 3.13 give different results for
192.0.0.8, 3fff::/20, 5f00::/16 and other blocks. The tables here follow the IANA registries of
special-purpose addresses, and the tests check every row of the registries:

- https://www.iana.org/assignments/iana-ipv4-special-registry
- https://www.iana.org/assignments/iana-ipv6-special-registry
- https://www.iana.org/assignments/ipv6-address-space (only 2000::/3 is global unicast)
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

_NOT_PUBLIC_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # "this network", RFC 791
            "10.0.0.0/8",  # private use, RFC 1918
            "100.64.0.0/10",  # shared behind a provider's NAT, RFC 6598
            "127.0.0.0/8",  # loopback, RFC 1122
            "169.254.0.0/16",  # link-local, RFC 3927
            "172.16.0.0/12",  # private use, RFC 1918
            # protocol assignments, RFC 6890. The registry marks 192.0.0.9 (PCP) and 192.0.0.10
            # (TURN) as reachable, but these anycast addresses lead to the network's own gateway.
            "192.0.0.0/24",
            "192.0.2.0/24",  # documentation, RFC 5737
            "192.88.99.0/24",  # relays of 6to4, deprecated by RFC 7526
            "192.168.0.0/16",  # private use, RFC 1918
            "198.18.0.0/15",  # benchmarking, RFC 2544
            "198.51.100.0/24",  # documentation, RFC 5737
            "203.0.113.0/24",  # documentation, RFC 5737
            "224.0.0.0/4",  # multicast, RFC 5771
            "240.0.0.0/4",  # reserved, and 255.255.255.255, RFC 1112, RFC 8190
        ),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    map(
        IPv6Network,
        (
            # protocol assignments, RFC 2928: Teredo, anycast addresses that lead to the network's
            # own gateway, benchmarking, and the identifiers of ORCHID and of drones. The registry
            # marks these identifiers as reachable, but no packet is routed by them (RFC 7343,
            # RFC 9374).
            "2001::/23",
            "2001:db8::/32",  # documentation, RFC 3849
            "3fff::/20",  # documentation, RFC 9637
        ),
    )
)
_REACHABLE_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001:3::/32",  # AMT, RFC 7450
            "2001:4:112::/48",  # AS112, RFC 7535
        ),
    )
)
"""The blocks inside `_NOT_PUBLIC_V6` that are public nevertheless."""
_NAT64 = IPv6Network("64:ff9b::/96")
"""The prefix of NAT64 addresses (RFC 6052). The prefix for local use, 64:ff9b:1::/48 (RFC 8215), is
not public: only its own network knows which part of such an address is the IPv4 address."""
_6TO4 = IPv6Network("2002::/16")


def is_public(address: Address) -> bool:
    """Return whether an address is a globally reachable unicast address.

    A NAT64 or 6to4 address is public if the IPv4 address in it is public. All other IPv6 addresses
    that contain an IPv4 address (mapped, compatible, Teredo) are not public, and neither is an
    address with a zone.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    if address.scope_id:
        return False
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if address in _6TO4:
        return is_public(IPv4Address(int(address) >> 80 & 0xFFFFFFFF))
    if address not in _GLOBAL_UNICAST:
        return False
    if any(address in network for network in _REACHABLE_V6):
        return True
    return not any(address in network for network in _NOT_PUBLIC_V6)
