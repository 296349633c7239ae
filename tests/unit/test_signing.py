"""An address opens one thing, for a while, and only when this process has made it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.signing import HOUR, Signer

PATH = "/files/reels/7/abc.mp4"
calm = settings(deadline=None)
"""A busy machine is no failure."""


class Clock:
    """Stands still until it is told."""

    def __init__(self, now: float = 10_000.5) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def parts(address: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"(.+)[?&]exp=(\d+)&sig=([0-9a-f]{40})", address)
    assert found is not None
    return found[1], found[2], found[3]


def accepts(signer: Signer, address: str, *, path: str | None = None) -> bool:
    signed, expires, signature = parts(address)
    return signer.accepts(path or signed, expires, signature)


def test_an_address_is_accepted_for_its_own_path_alone() -> None:
    signer = Signer()
    address = signer.address(PATH)
    assert accepts(signer, address)
    assert not accepts(signer, address, path="/files/reels/8/abc.mp4")
    assert not accepts(signer, address, path=f"{PATH}/")


@calm
@given(now=st.floats(0, 4e9), ttl=st.integers(1, 86_400))
def test_an_address_lives_one_to_two_times_its_ttl(now: float, ttl: int) -> None:
    clock = Clock(now)
    signer = Signer(clock=clock)
    address = signer.address(PATH, ttl=ttl)
    for later, good in ((0, True), (ttl, True), (2 * ttl, False)):
        clock.now = now + later
        assert accepts(signer, address) is good


def test_an_address_stays_the_same_text_for_a_whole_ttl() -> None:
    clock = Clock(5 * HOUR)
    signer = Signer(clock=clock)
    first = signer.address(PATH)
    clock.now += HOUR - 0.001
    assert signer.address(PATH) == first
    clock.now += 0.001
    assert signer.address(PATH) != first


@pytest.mark.parametrize(
    "expires", ["", "-1", "1e9", " 99999999", "٣٣٣٣٣٣٣٣", "0x7fffffff", "9" * 13, "9" * 5000, "nan"]
)
def test_an_expiry_that_is_no_number_is_refused(expires: str) -> None:
    signer = Signer()
    assert not signer.accepts(PATH, expires, parts(signer.address(PATH))[2])


def test_a_later_expiry_has_another_signature_and_half_a_one_is_none() -> None:
    signer = Signer()
    _, expires, signature = parts(signer.address(PATH))
    assert not signer.accepts(PATH, str(int(expires) + 1), signature)
    assert not signer.accepts(PATH, expires, signature[:-1])


@pytest.mark.parametrize("signature", ["", "0" * 40, "é" * 40, "\ud83d", "a" * 10_000])
def test_a_signature_of_somebody_else_is_refused(signature: str) -> None:
    signer = Signer()
    assert not signer.accepts(PATH, parts(signer.address(PATH))[1], signature)


def test_two_processes_have_two_secrets() -> None:
    assert not accepts(Signer(), Signer().address(PATH))
    assert accepts(Signer(b"shared"), Signer(b"shared").address(PATH))


@pytest.mark.parametrize("path", ["/files/Köln", "/a?b", "/a b", "/100%"])
def test_any_path_can_be_signed(path: str) -> None:
    signer = Signer()
    address = signer.address(path)
    assert signer.accepts(path, *parts(address)[1:])


def test_a_purpose_of_its_own_shares_no_address() -> None:
    signer = Signer(b"shared")
    apart = signer.only_for("reels")
    assert accepts(apart, apart.address(PATH))
    assert accepts(Signer(b"shared").only_for("reels"), apart.address(PATH))
    assert not accepts(signer, apart.address(PATH))
    assert not accepts(apart, signer.address(PATH))
    assert not accepts(signer.only_for("covers"), apart.address(PATH))


def test_a_brief_address_lives_one_ttl() -> None:
    clock = Clock(10_000.5)
    signer = Signer(clock=clock).only_for("reels")
    address = signer.brief_address(PATH, ttl=60)
    for now, good in ((10_059.9, True), (10_060, False)):
        clock.now = now
        assert accepts(signer, address) is good


def test_an_address_with_a_query_keeps_it() -> None:
    signer = Signer()
    address = signer.address(f"{PATH}?v=1")
    assert address.startswith(f"{PATH}?v=1&exp=")
    _, expires, signature = parts(address)
    assert signer.accepts(f"{PATH}?v=1", expires, signature)
    assert not signer.accepts(PATH, expires, signature)
