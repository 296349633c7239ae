"""Whatever happens on the way: one post, or a person who is asked to look.  Never two."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gravix_core.errors import GravixError, InstagramError
from gravix_core.publications import Step
from tests.publish import conftest
from tests.publish.conftest import House
from tests.publish.killing import Killed, points
from tests.publish.pressroom import ENDED, MAY_HAPPEN, Pressroom, pressroom
from tests.simulators.instagram import Endpoint, PublishMode, RepeatMode, instagram_stand_in

pytestmark = pytest.mark.slow


@pytest.fixture
def room(house: House) -> Pressroom:
    return pressroom(house)


@contextmanager
def fresh(folder: Path, seed: int) -> Iterator[Pressroom]:
    """A room of its own, for one of many runs of a test."""
    with instagram_stand_in(seed=seed) as meta, conftest.housed(meta, folder) as house:
        yield pressroom(house)


FAULTS = {
    "500": {"status": 500, "body": "unknown error"},
    "html": {"status": 502, "html": True},
    "empty": {"status": 200, "body": ""},
    "half": {"truncate": True},
    "drop": {"drop": "before"},
    "transient": {"code": 2, "is_transient": True},
    "unknown": {"code": 1},
    "odd": {"code": 1357, "subcode": 2299999},
    "html after": {"status": 502, "html": True, "after": True},
    "500 after": {"status": 500, "body": "unknown error", "after": True},
    "half after": {"truncate": True, "after": True},
    "drop after": {"drop": "after"},
}
FINAL = (Endpoint.CREATE, Endpoint.CONTAINER, Endpoint.LIST)
"""Where an answer that nobody knows, and that Meta does not call transient, ends it."""
RUNS = int(os.environ.get("GRAVIX_SOAK_RUNS", "100"))
"""`make soak` asks for more."""
CALLS = (
    Endpoint.QUOTA,
    Endpoint.CREATE,
    Endpoint.UPLOAD,
    Endpoint.CONTAINER,
    Endpoint.LIST,
    Endpoint.PUBLISH,
    Endpoint.MEDIA,
)


def check(room: Pressroom) -> None:
    """The promises, from the stand-in's journal and the ledger."""
    row, posts = room.row, room.posts
    assert len(posts) <= 1, "posted twice"
    if row.step is Step.PUBLISHED:
        assert [one.id for one in posts] == [row.media_id]
    if row.step is Step.FAILED:
        assert posts == (), "called failed, and is there"
    told = [one for one in room.meta.journal if one.endpoint in {Endpoint.CREATE, Endpoint.PUBLISH}]
    sent = [at for at, one in enumerate(told) if one.endpoint is Endpoint.PUBLISH]
    made = [at for at, one in enumerate(told) if one.endpoint is Endpoint.CREATE]
    if sent and row.sends > row.refusals:
        assert not made or made[-1] < sent[-1], "a container while an outcome was unknown"


# one fault


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_one_fault_anywhere_makes_no_second_post(
    room: Pressroom, call: Endpoint, name: str
) -> None:
    room.meta.fail(call, times=1, **FAULTS[name])  # type: ignore[arg-type]
    row = room.publish()
    check(room)
    assert len(room.meta.containers) <= 3
    if name == "odd" and call in FINAL:
        assert row.step is Step.FAILED
    elif call is not Endpoint.PUBLISH:
        assert row.step is Step.PUBLISHED
    else:
        assert row.step in {Step.PUBLISHED, Step.UNSURE}


# one kill


def places(house: House) -> list[str]:
    room = pressroom(house)
    with points() as found:
        room.publish()
    return found.passed


PLACES = 47
"""In a run without trouble; `test_list_of_places_is_whole` holds it."""


def test_list_of_places_is_whole(house: House) -> None:
    found = places(house)
    assert len(found) == PLACES
    for what in ("POST media", "POST media_publish", "sent is written", "behind a commit"):
        assert any(what in one for one in found), found


@pytest.mark.parametrize("at", range(PLACES))
def test_kill_at_any_place_makes_one_post_or_asks(house: House, at: int) -> None:
    room = pressroom(house)
    with points(at) as found, suppress(Killed):
        room.publish()
    with suppress(GravixError):
        room.ask()  # the click that was lost, or a second one
    row = room.run()
    check(room)
    assert row.step in {Step.PUBLISHED, Step.UNSURE}
    assert (
        row.step is Step.PUBLISHED
        or "before POST media_publish" in found.passed[at]
        or (row.sends == 1)
    )


# kills, faults, repeats: the product


@settings(
    max_examples=RUNS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_ever_makes_two_posts(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    seed = data.draw(st.integers(1, 10_000), "seed")
    with fresh(tmp_path_factory.mktemp("room"), seed) as room:
        switches = room.meta.switches
        room.meta.publish_mode = data.draw(st.sampled_from(list(PublishMode)), "publish")
        room.meta.repeat_mode = data.draw(st.sampled_from(list(RepeatMode)), "repeat")
        switches.status_lag = data.draw(st.integers(0, 5), "status lag")
        switches.list_lag = data.draw(st.integers(0, 5), "list lag")
        switches.offset_lag = data.draw(st.integers(0, 2), "offset lag")
        for _ in range(data.draw(st.integers(0, 4), "faults")):
            fault = FAULTS[data.draw(st.sampled_from(sorted(FAULTS)))]
            call = data.draw(st.sampled_from(CALLS))
            room.meta.fail(
                call,
                skip=data.draw(st.integers(0, 2)),
                times=data.draw(st.integers(1, 3)),
                **fault,  # type: ignore[arg-type]
            )
        with suppress(GravixError):
            room.ask()
        _lives(room, data)
        check(room)


def _lives(room: Pressroom, data: st.DataObject) -> None:
    """Some runs, each of which may be killed, slept through or clicked into; then to the end."""
    for _ in range(data.draw(st.integers(1, 8), "lives")):
        at = data.draw(st.one_of(st.none(), st.integers(0, 40)), "killed at")
        with points(at), suppress(Killed, *MAY_HAPPEN):
            room.once()
        room.meta.clock.go(seconds=data.draw(st.sampled_from([1, 10, 60, 600, 3600, 90_000])))
        deed = data.draw(st.sampled_from(["none", "publish", "retry", "cancel", "look"]))
        with suppress(*MAY_HAPPEN):
            _click(room, deed)
        check(room)
    room.meta.mend()
    if room.row.step not in ENDED:
        room.run()


def _click(room: Pressroom, deed: str) -> None:
    row = room.row
    if deed == "publish":
        room.ask()
    if deed == "retry":
        room.desk.retry(row.id)
    if deed == "cancel":
        room.desk.cancel(row.id)
    if deed == "look" and row.step is Step.UNSURE:
        if room.posts:  # a person who looks well
            room.desk.is_there(row.id, room.posts[0].id)
        else:
            room.desk.is_not_there(row.id, seen=())


# two at once


@pytest.mark.parametrize("lag", [0, 3])
def test_two_that_go_on_with_one_publication_post_it_once(room: Pressroom, lag: int) -> None:
    room.meta.switches.processing_polls = 0
    room.meta.switches.list_lag = lag
    room.ask()
    gate = threading.Barrier(2)
    found: list[BaseException] = []

    def work() -> None:
        gate.wait()
        try:
            room.once()
        except BaseException as error:
            found.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(one, MAY_HAPPEN) for one in found), found
    room.run()
    check(room)
    assert room.asked(Endpoint.PUBLISH) == 1


def test_two_reels_of_the_same_words_are_never_taken_for_each_other(room: Pressroom) -> None:
    other = room.another(media=3000)
    room.meta.publish_mode = PublishMode.DROP
    room.meta.switches.list_lag = 3
    first = room.ask()
    second = room.desk.publish(other.id, again=True)
    for _ in range(60):
        for row in (first, second):
            try:
                room.once(row)
            except InstagramError as error:
                room.meta.clock.go(seconds=(error.retry_after or 1) / 2)
    with room.house.store.read() as tx:
        ended = [tx.publications.get(row.id) for row in (first, second)]
    adopted = [row.media_id for row in ended if row.media_id]
    assert len(adopted) == len(set(adopted))
    assert all(row.step in ENDED for row in ended)
