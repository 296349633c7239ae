"""How the stand-in fails when it is told to, seen by a plain client and in its journal."""

from __future__ import annotations

import http.client
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.asking import ask, formats, last, media, opened
from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_scenario import (
    Endpoint,
    Playability,
    Scenario,
)

pytestmark = pytest.mark.slow  # ffmpeg makes the films

ID = "dQw4w9WgXcQ"
OTHER = "aQvGIIdgFDM"
SMALL = Scenario(ID, heights=(360,), duration=6)
PAGE = f"https://www.youtube.com/watch?v={ID}"
PICTURE = f"https://i.ytimg.com/vi/{ID}/hqdefault.jpg"
CAPTIONS = f"https://www.youtube.com/api/timedtext?v={ID}&lang=en&kind=asr&fmt=json3"
GIGABYTE = 1 << 30


def test_ranges_may_be_ignored(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, no_ranges=True)
    link = media(youtube, ID)

    answer = ask(youtube, link, headers={"Range": "bytes=100-"})

    assert (answer.status, len(answer.body)) == (200, last(youtube).sent)
    assert "Accept-Ranges" not in answer.headers


def test_links_that_expired_are_refused_until_the_player_is_asked_again(
    youtube: YouTubeSimulator,
) -> None:
    youtube.add(SMALL)
    youtube.add(Scenario(OTHER, heights=(360,), duration=6))
    old, untouched = media(youtube, ID), media(youtube, OTHER)

    youtube.expire_links(ID)

    assert ask(youtube, old).status == 403
    assert ask(youtube, untouched).status == 200
    assert ask(youtube, media(youtube, ID)).status == 200
    assert ask(youtube, old).status == 403


def test_a_trouble_ends_after_so_many_requests(youtube: YouTubeSimulator) -> None:
    youtube.fail(Endpoint.PAGE, status=429, retry_after="120", times=2)

    answers = [ask(youtube, PAGE) for _ in range(3)]

    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "120"
    assert answers[2].headers["Retry-After"] is None


def test_a_trouble_is_of_one_endpoint_video_and_format(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    youtube.add(Scenario(OTHER, heights=(360,), duration=6))
    youtube.fail(Endpoint.MEDIA, status=404, video_id=ID, itag=140)

    statuses = [
        ask(youtube, media(youtube, video_id, itag)).status
        for video_id, itag in ((ID, 140), (ID, 134), (OTHER, 140))
    ]

    assert statuses == [404, 200, 200]


def test_mending_ends_a_trouble(youtube: YouTubeSimulator) -> None:
    youtube.fail(Endpoint.PAGE, status=500)
    assert ask(youtube, PAGE).status == 500

    youtube.mend(Endpoint.PAGE)

    assert ask(youtube, PAGE).status == 200


@pytest.mark.parametrize(
    ("trouble", "body"), [({"html": True}, b"<!DOCTYPE"), ({"empty": True}, b"")]
)
def test_media_may_be_something_else(youtube: YouTubeSimulator, trouble: Any, body: bytes) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, **trouble)

    answer = ask(youtube, media(youtube, ID))

    assert (answer.status, answer.body[:9]) == (200, body)


def test_a_cut_body_ends_where_it_was_cut(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, cut_after=5000)

    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(youtube, media(youtube, ID))

    assert len(caught.value.partial) == last(youtube).sent == 5000
    assert last(youtube).whole is False


def test_what_hangs_goes_on_when_it_is_mended(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, hang_after=5000)
    link = media(youtube, ID)

    with opened(youtube, link) as response:
        assert len(response.read(5000)) == 5000
        assert youtube.journal[-1].done is False
        youtube.mend()
        rest = response.read()

    assert 5000 + len(rest) == last(youtube).sent
    assert last(youtube).whole


def test_a_client_that_leaves_a_hanging_answer_is_noticed(youtube: YouTubeSimulator) -> None:
    youtube.fail(Endpoint.PAGE, hang=True)

    def leave_early() -> None:
        with pytest.raises(TimeoutError), opened(youtube, PAGE, patience=0.2):
            raise AssertionError("it answered")

    leave_early()

    page = youtube.asked(Endpoint.PAGE)[0]
    youtube.wait_until(lambda: page.done, "the end of the request")
    assert (page.status, page.whole) == (0, False)


def test_a_dripping_body_is_seen_to_grow(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, drip=20_000)
    link = media(youtube, ID)
    asked_at = time.monotonic()

    with opened(youtube, link) as response:
        drop = youtube.journal[-1]
        youtube.wait_until(lambda: drop.sent >= 1000, "some bytes")
        assert drop.done is False
        response.read(6000)

    assert time.monotonic() - asked_at > 0.25
    youtube.settle()
    assert drop.whole is False


def test_a_tunnel_may_fail(youtube: YouTubeSimulator) -> None:
    youtube.fail(Endpoint.CONNECT, status=502)

    with pytest.raises(OSError, match="502"):
        ask(youtube, PAGE)

    assert youtube.refused == ()


def test_a_tunnel_may_hang_until_it_is_mended(youtube: YouTubeSimulator) -> None:
    youtube.fail(Endpoint.CONNECT, hang=True)

    with pytest.raises(TimeoutError):
        ask(youtube, PAGE, patience=0.2)
    youtube.mend()
    youtube.settle()

    assert ask(youtube, PAGE).status == 200


def test_one_client_may_be_refused_alone(youtube: YouTubeSimulator) -> None:
    refusal = Playability("UNPLAYABLE", "Playback on other websites has been disabled")
    youtube.add(
        Scenario(ID, heights=(), duration=2, playability_by_client={"WEB_EMBEDDED_PLAYER": refusal})
    )

    assert 140 in formats(youtube, ID, "TVHTML5")
    with pytest.raises(KeyError):
        formats(youtube, ID, "WEB_EMBEDDED_PLAYER")


def test_closing_ends_what_hangs(tmp_path: Path) -> None:
    with youtube_stand_in(tmp_path) as youtube:
        youtube.fail(Endpoint.PAGE, hang=True)
        failures: list[BaseException] = []

        def wait() -> None:
            try:
                ask(youtube, PAGE)
            except OSError as exc:
                failures.append(exc)

        client = threading.Thread(target=wait)
        client.start()
        youtube.wait_until(lambda: bool(youtube.asked(Endpoint.PAGE)), "a request")

    client.join(5)
    assert not client.is_alive()
