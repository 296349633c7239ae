"""The stand-in of Meta and its clients in other processes, which may be killed at any moment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.simulators.instagram import Endpoint
from tests.simulators.instagram_asking import House, V, found
from tests.simulators.instagram_clips import Clip, make_clip
from tests.simulators.instagram_words import FaultOptions

pytestmark = pytest.mark.slow
CLIP = make_clip(Clip(media=60_000))
CLIENT = """
import json, sys, urllib.request
url, headers = sys.argv[1], json.loads(sys.argv[2])
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
asked = urllib.request.Request(url, sys.stdin.buffer.read(), headers, method="POST")
sys.stdout.write(direct.open(asked).read().decode())
"""


@contextmanager
def client(url: str, body: bytes, **headers: str) -> Iterator[subprocess.Popen[bytes]]:
    """One POST from a process of its own, which is killed at the end of the block."""
    argv = [sys.executable, "-c", CLIENT, url, json.dumps(headers)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(body)
        process.stdin.close()
        try:
            yield process
        finally:
            process.kill()


def publishing(house: House, container: str) -> tuple[str, bytes]:
    url = f"{house.meta.graph_url}/{V}/{house.account.id}/media_publish"
    return url, f"creation_id={container}&access_token={house.token.value}".encode()


def test_another_process_is_answered_and_stands_in_the_journal(house: House) -> None:
    container = house.finished()

    with client(*publishing(house, container)) as process:
        assert process.stdout
        told = json.loads(process.stdout.read())

    assert told == {"id": house.meta.media()[0].id}
    assert [request.status for request in house.meta.asked(Endpoint.PUBLISH)] == [200]


@pytest.mark.parametrize(
    ("options", "while_held"), [({}, 0), ({"after": True}, 1), ({"drop": "before"}, 0)]
)
def test_a_client_may_be_killed_before_or_after_the_deed(
    house: House, options: FaultOptions, while_held: int
) -> None:
    container = house.finished()
    asked = publishing(house, container)

    with house.meta.hold(Endpoint.PUBLISH, **options) as held, client(*asked):
        held.wait()
        posts = len(house.meta.media())
    house.meta.settle()

    assert posts == while_held
    assert len(house.meta.media()) == (0 if options.get("drop") else 1)
    assert house.status(container)["status_code"]


def test_a_client_may_be_killed_at_a_byte_of_its_upload(house: House) -> None:
    made = house.create()
    headers = {"Authorization": f"OAuth {house.token.value}", "offset": "0"}

    sending = client(made["uri"], CLIP, **headers, file_size=str(len(CLIP)))
    with house.meta.hold(Endpoint.UPLOAD, cut_at=50_002) as held, sending:
        held.wait()
    house.meta.settle()

    assert house.meta.containers[0].received == 50_002
    assert found(house.upload(made["uri"], CLIP[50_002:], offset=50_002))["success"] is True


def test_two_clients_may_stand_at_the_same_door(house: House) -> None:
    asked = publishing(house, house.finished())

    with house.meta.hold(Endpoint.PUBLISH) as held, client(*asked), client(*asked):
        held.wait(2)
        held.release()
        house.meta.settle()

    assert len(house.meta.asked(Endpoint.PUBLISH)) == 2
    assert len(house.meta.media()) == 1
