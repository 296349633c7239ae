"""Which computers belong to the public internet, however their address is written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.stages.source.peers import is_public

calm = settings(deadline=None)
"""A busy machine is no failure."""


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001:81c::200e", "::ffff:8.8.8.8",
     "64:ff9b::808:808"],
)  # fmt: skip
def test_a_host_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
     "192.168.1.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200",
     "192.0.0.192", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
     "168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
     "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "192.88.99.1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1",
     "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
     "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::", "2001:0:7f00:1::", "no address", ""],
)  # fmt: skip
def test_a_host_of_the_house_is_not(address: str) -> None:
    assert not is_public(address)


@calm
@given(st.ip_addresses(v=4))
def test_no_way_to_write_an_address_makes_it_more_public(address: IPv4Address) -> None:
    number = int(address)
    mapped, compatible = IPv6Address((0xFFFF << 32) + number), IPv6Address(number)
    nat64 = IPv6Address(int(IPv6Address("64:ff9b::")) + number)
    six_to_four = IPv6Address(int(IPv6Address("2002::")) + (number << 80))
    assert is_public(str(mapped)) == is_public(str(nat64)) == is_public(str(address))
    assert not is_public(str(compatible))
    assert not is_public(str(six_to_four))
    assert address.is_global or not is_public(str(address))
