"""The address of a computer in, whether it belongs to the public internet out.  Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
"""The last 32 bits are the IPv4 address that a gateway calls.  Source: RFC 6052."""
_V4_COMPATIBLE = IPv6Network("::/96")
"""As above, without a gateway; given up.  Source: RFC 4291."""
_RESERVED = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments; the metadata of a cloud at .192
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, given up
    IPv4Network("168.63.129.16/32"),  # a public number under which a cloud serves its machines
    IPv6Network("3fff::/20"),  # documentation
)
"""What the oldest Python that is supported calls global.

Sources: IANA special-purpose address registries; Azure documentation, "What is IP address
168.63.129.16?"; both read 2026-11-26.
"""


def is_public(address: str) -> bool:
    """False for this computer, its neighbours, and whatever is no plain internet host.

    That is loopback, private, link-local (the metadata of clouds), carrier-grade NAT, multicast,
    reserved, and every way to write one of them as IPv6: mapped, NAT64, 6to4, Teredo.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return _is_public(ip.ipv4_mapped)
        if ip in _NAT64:
            return _is_public(IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip in _V4_COMPATIBLE or ip.sixtofour or ip.teredo or ip.is_site_local:
            return False
    return _is_public(ip)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    reserved = ip.is_multicast or ip.is_reserved or any(ip in network for network in _RESERVED)
    return ip.is_global and not reserved
