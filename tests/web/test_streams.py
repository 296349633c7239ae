"""What is begun for a request is ended with it, and by the end of the server."""

from __future__ import annotations

import threading
from types import TracebackType

import anyio
import pytest

from gravix_core.web.streams import hang_up, in_threads, until_stopped


class Visitor:
    """Remembers in which threads it came and went, and why it went."""

    def __init__(self) -> None:
        self.seen: list[threading.Thread] = []
        self.why: type[BaseException] | None = None

    def __enter__(self) -> Visitor:
        self.seen.append(threading.current_thread())
        return self

    def __exit__(
        self, why: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.seen.append(threading.current_thread())
        self.why = why


def test_work_that_ends_gives_what_it_has() -> None:
    async def work() -> int:
        return 7

    async def both() -> int | None:
        return await until_stopped(work, stopping=threading.Event())

    assert anyio.run(both) == 7


def test_work_that_fails_fails_as_it_did() -> None:
    async def work() -> None:
        raise KeyError("as it is")

    with pytest.raises(KeyError, match="as it is"):
        anyio.run(lambda: until_stopped(work, stopping=threading.Event()))


def test_work_that_hangs_ends_with_the_server_and_leaves_in_order() -> None:
    visitor, stopping = Visitor(), threading.Event()

    async def work() -> None:
        async with in_threads(visitor):
            stopping.set()
            await anyio.sleep_forever()

    anyio.run(lambda: until_stopped(work, stopping=stopping))
    assert len(visitor.seen) == 2
    assert threading.current_thread() not in visitor.seen
    assert visitor.why is not None


def test_a_block_that_ends_well_is_left_well() -> None:
    visitor = Visitor()

    async def work() -> None:
        async with in_threads(visitor) as found:
            assert found is visitor

    anyio.run(work)
    assert (len(visitor.seen), visitor.why) == (2, None)


def test_a_server_of_another_make_is_left_alone() -> None:
    async def receive() -> dict[str, str]:
        raise AssertionError("it was asked")

    anyio.run(lambda: hang_up(receive))
