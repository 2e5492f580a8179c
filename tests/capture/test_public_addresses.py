"""Public addresses: every row of IANA's registries, and the forms of IPv4 addresses in IPv6.

`REGISTRY` has the rows of IANA's registries for special-purpose addresses, the IPv6 blocks that are
not global unicast, and multicast. Each row says whether a page is fetched from there, and which
document assigns the block. The registries:

- https://www.iana.org/assignments/iana-ipv4-special-registry
- https://www.iana.org/assignments/iana-ipv6-special-registry
- https://www.iana.org/assignments/ipv6-address-space
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from nalssi.capture.public_addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",  # shared behind a provider's NAT
        "127.0.0.1",
        "127.8.9.10",
        "169.254.169.254",  # where clouds tell secrets
        "172.16.0.1",
        "192.0.2.1",  # documentation
        "192.168.0.1",
        "198.18.0.1",  # benchmarks
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",  # nobody's name is at a mapped address
        "2001:db8::1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b::a00:1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
    ],
)
def test_private_and_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "203.248.252.2", "2606:4700:4700::1111", "64:ff9b::808:808"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


REGISTRY = [
    ("0.0.0.0/8", False, "RFC 791"),
    ("0.0.0.0/32", False, "RFC 1122"),
    ("10.0.0.0/8", False, "RFC 1918"),
    ("100.64.0.0/10", False, "RFC 6598"),
    ("127.0.0.0/8", False, "RFC 1122"),
    ("169.254.0.0/16", False, "RFC 3927"),
    ("172.16.0.0/12", False, "RFC 1918"),
    ("192.0.0.0/24", False, "RFC 6890"),
    ("192.0.0.0/29", False, "RFC 7335"),
    ("192.0.0.8/32", False, "RFC 7600"),  # dummy
    ("192.0.0.9/32", False, "RFC 7723"),  # reachable by the registry: the network's own gateway
    ("192.0.0.10/32", False, "RFC 8155"),  # the same
    ("192.0.0.170/32", False, "RFC 8880"),
    ("192.0.0.171/32", False, "RFC 8880"),
    ("192.0.2.0/24", False, "RFC 5737"),
    ("192.31.196.0/24", True, "RFC 7535"),  # AS112
    ("192.52.193.0/24", True, "RFC 7450"),  # AMT
    ("192.88.99.0/24", False, "RFC 7526"),
    ("192.88.99.2/32", False, "RFC 6751"),
    ("192.168.0.0/16", False, "RFC 1918"),
    ("192.175.48.0/24", True, "RFC 7534"),  # AS112
    ("198.18.0.0/15", False, "RFC 2544"),
    ("198.51.100.0/24", False, "RFC 5737"),
    ("203.0.113.0/24", False, "RFC 5737"),
    ("224.0.0.0/4", False, "RFC 5771"),
    ("240.0.0.0/4", False, "RFC 1112"),
    ("255.255.255.255/32", False, "RFC 8190"),
    ("::1/128", False, "RFC 4291"),
    ("::/128", False, "RFC 4291"),
    ("::/96", False, "RFC 4291"),  # IPv4-compatible, deprecated
    ("::ffff:0:0/96", False, "RFC 4291"),
    ("::ffff:0:0:0/96", False, "RFC 2765"),  # IPv4-translated
    ("64:ff9b:1::/48", False, "RFC 8215"),
    ("100::/64", False, "RFC 6666"),
    ("100:0:0:1::/64", False, "RFC 9780"),
    ("200::/7", False, "RFC 4048"),  # NSAP, deprecated
    ("2001::/23", False, "RFC 2928"),
    ("2001::/32", False, "RFC 4380"),  # Teredo
    ("2001:1::1/128", False, "RFC 7723"),
    ("2001:1::2/128", False, "RFC 8155"),
    ("2001:1::3/128", False, "RFC 9665"),
    ("2001:2::/48", False, "RFC 5180"),
    ("2001:3::/32", True, "RFC 7450"),  # AMT
    ("2001:4:112::/48", True, "RFC 7535"),  # AS112
    ("2001:10::/28", False, "RFC 4843"),
    ("2001:20::/28", False, "RFC 7343"),  # ORCHIDv2: identifiers, not locations
    ("2001:30::/28", False, "RFC 9374"),  # the same, of drones
    ("2001:db8::/32", False, "RFC 3849"),
    ("2620:4f:8000::/48", True, "RFC 7534"),  # AS112
    ("3fff::/20", False, "RFC 9637"),
    ("4000::/2", False, "RFC 4291"),  # not assigned
    ("5f00::/16", False, "RFC 9602"),
    ("fc00::/7", False, "RFC 4193"),
    ("fe80::/10", False, "RFC 4291"),
    ("fec0::/10", False, "RFC 3879"),
    ("ff00::/8", False, "RFC 4291"),
]


@pytest.mark.parametrize(("block", "public", "source"), REGISTRY)
def test_the_first_and_the_last_address_of_a_registered_block_are_alike(
    block: str, public: bool, source: str
) -> None:
    network = ip_network(block)
    middle = network[network.num_addresses // 2]
    judged = {is_public(address) for address in (network[0], middle, network[-1])}
    if block == "2001::/23":  # its first and last address; others in it are AMT's and AS112's
        judged = {is_public(address) for address in (network[0], network[-1])}
    assert judged == {public}, source


@pytest.mark.parametrize(
    "address",
    [
        "1.0.0.0",
        "9.255.255.255",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2000::1",
        "2001:200::",
        "2001:db7:ffff::1",
        "2001:db9::",
        "3ffe:ffff::1",
        "3fff:1000::",
    ],
)
def test_the_addresses_next_to_a_block_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("ipv4", "public"),
    [("8.8.8.8", True), ("127.0.0.1", False), ("10.0.0.1", False), ("192.0.0.8", False)],
)
def test_nat64_and_6to4_are_judged_by_the_ipv4_address_in_them(ipv4: str, public: bool) -> None:
    number = int(ip_address(ipv4))
    assert is_public(ip_address((0x64FF9B << 96) | number)) == public
    assert is_public(ip_address((0x2002 << 112) | number << 80 | 1)) == public


def test_an_address_with_a_zone_is_not_public() -> None:
    assert not is_public(ip_address("2606:4700::1111%eth0"))
