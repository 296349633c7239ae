"""What the stand-in answers to a plain client, and what its journal says of it."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulators.asking import ask, formats, opened
from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_captions import LEAD_MS, json3, spoken
from tests.simulators.youtube_films import Films, Stream
from tests.simulators.youtube_handler import range_of
from tests.simulators.youtube_scenario import (
    Captions,
    Endpoint,
    Playability,
    Request,
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


def last(youtube: YouTubeSimulator) -> Request:
    """The last request, when its answer has ended."""
    youtube.settle()
    return youtube.journal[-1]


def media(youtube: YouTubeSimulator, itag: int = 140, video_id: str = ID) -> str:
    """A fresh link."""
    return str(formats(youtube, video_id)[itag]["url"])


def test_a_format_is_as_long_as_the_player_says(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)

    for itag, told in formats(youtube, ID).items():
        if itag in (18, 134, 140):
            assert len(ask(youtube, told["url"]).body) == int(told["contentLength"])


def test_every_height_on_offer_is_there(youtube: YouTubeSimulator) -> None:
    heights = (144, 240, 360, 480, 720, 1080)
    youtube.add(Scenario(ID, heights=heights, duration=1, vp9=False))

    told = formats(youtube, ID)

    assert {entry["height"] for itag, entry in told.items() if itag != 140} == set(heights)
    for entry in told.values():
        assert ask(youtube, entry["url"], headers={"Range": "bytes=0-99"}).status == 206


@pytest.mark.parametrize(
    ("given", "start", "stop"),
    [("bytes=0-99", 0, 100), ("bytes=500-", 500, None), ("bytes=-70", -70, None)],
)
def test_a_range_is_a_part_of_the_whole(
    youtube: YouTubeSimulator, given: str, start: int, stop: int | None
) -> None:
    youtube.add(SMALL)
    link = media(youtube)
    whole = ask(youtube, link).body

    part = ask(youtube, link, headers={"Range": given})

    first = start % len(whole)
    end = f"{(stop or len(whole)) - 1}/{len(whole)}"
    assert (part.status, part.body) == (206, whole[start:stop])
    assert part.headers["Content-Range"] == f"bytes {first}-{end}"
    assert (last(youtube).range, last(youtube).sent) == (given, len(part.body))


def test_a_range_past_the_end_is_refused(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    link = media(youtube)

    answer = ask(youtube, link, headers={"Range": "bytes=99999999-"})

    assert answer.status == 416
    assert answer.headers["Content-Range"].startswith("bytes */")


def test_ranges_may_be_ignored(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, no_ranges=True)
    link = media(youtube)

    answer = ask(youtube, link, headers={"Range": "bytes=100-"})

    assert (answer.status, len(answer.body)) == (200, last(youtube).sent)
    assert "Accept-Ranges" not in answer.headers


def test_a_gigabyte_is_said_to_be_there_and_its_end_is_empty(youtube: YouTubeSimulator) -> None:
    youtube.add(Scenario(ID, heights=(360,), duration=6, size=GIGABYTE))

    told = formats(youtube, ID)[134]
    end = ask(youtube, told["url"], headers={"Range": "bytes=-3000000"})

    assert int(told["contentLength"]) == GIGABYTE
    assert end.body == bytes(3_000_000)


@given(
    real=st.integers(0, 100_000),
    size=st.integers(0, 300_000),
    cuts=st.lists(st.integers(0, 300_000), min_size=2, max_size=2),
)
def test_parts_of_a_padded_stream_are_parts_of_its_whole(
    tmp_path_factory: pytest.TempPathFactory, real: int, size: int, cuts: list[int]
) -> None:
    file = tmp_path_factory.mktemp("padded") / "file"
    file.write_bytes(b"x" * real)
    stream = Stream(file, max(real if size < real + 16 else size, real))
    start, stop = sorted(min(cut, stream.size) for cut in cuts)

    whole, part = b"".join(stream.read(0, stream.size)), b"".join(stream.read(start, stop))

    assert len(whole) == stream.size
    assert part == whole[start:stop]
    if stream.size > real:
        assert whole[real : real + 8] == b"\x00\x00\x00\x01free"
        assert int.from_bytes(whole[real + 8 : real + 16], "big") == stream.size - real


@given(size=st.integers(1, 10_000), first=st.integers(0, 9_999), length=st.integers(1, 20_000))
def test_a_range_stays_within_the_stream(size: int, first: int, length: int) -> None:
    given_range = f"bytes={first}-{first + length - 1}"
    if first >= size:
        with pytest.raises(ValueError, match="bytes"):
            range_of(given_range, size)
    else:
        assert range_of(given_range, size) == (first, min(size, first + length))


def test_links_that_expired_are_refused_until_the_player_is_asked_again(
    youtube: YouTubeSimulator,
) -> None:
    youtube.add(SMALL)
    youtube.add(Scenario(OTHER, heights=(360,), duration=6))
    old, untouched = media(youtube), media(youtube, video_id=OTHER)

    youtube.expire_links(ID)

    assert ask(youtube, old).status == 403
    assert ask(youtube, untouched).status == 200
    assert ask(youtube, media(youtube)).status == 200
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
        ask(youtube, media(youtube, itag, video_id)).status
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

    answer = ask(youtube, media(youtube))

    assert (answer.status, answer.body[:9]) == (200, body)


def test_a_cut_body_ends_where_it_was_cut(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, cut_after=5000)

    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(youtube, media(youtube))

    assert len(caught.value.partial) == last(youtube).sent == 5000
    assert last(youtube).whole is False


def test_what_hangs_goes_on_when_it_is_mended(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, hang_after=5000)
    link = media(youtube)

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
    link = media(youtube)

    with opened(youtube, link):
        drop = youtube.journal[-1]
        youtube.wait_until(lambda: drop.sent >= 2000, "some bytes")
        assert drop.done is False

    youtube.wait_until(lambda: drop.done, "the end of the request")
    assert drop.whole is False


def test_other_hosts_are_refused_and_remembered(youtube: YouTubeSimulator) -> None:
    for host in ("example.com", "www.youtube.com.evil.com", "evilyoutube.com", "127.0.0.1"):
        with pytest.raises(OSError, match="403"):
            ask(youtube, f"https://{host}/")

    assert youtube.refused[0] == "example.com:443"
    assert len(youtube.refused) == 4
    assert youtube.journal == ()


def test_plain_http_is_refused_and_remembered(youtube: YouTubeSimulator) -> None:
    host, _, port = youtube.proxy_url.removeprefix("http://").partition(":")
    client = http.client.HTTPConnection(host, int(port), timeout=10)

    client.request("GET", "http://www.youtube.com/watch")

    assert client.getresponse().status == 403
    client.close()
    assert youtube.refused == ("http://www.youtube.com/watch",)


def test_a_tunnel_may_fail(youtube: YouTubeSimulator) -> None:
    youtube.fail(Endpoint.CONNECT, status=502)

    with pytest.raises(OSError, match="502"):
        ask(youtube, PAGE)

    assert youtube.refused == ()


def test_captions_are_there_for_tracks_on_offer_alone(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)

    assert ask(youtube, CAPTIONS).json() == json3(spoken(6), automatic=True)
    assert ask(youtube, CAPTIONS.replace("en", "de")).status == 404
    assert ask(youtube, CAPTIONS.replace("&kind=asr", "")).status == 404


def test_pictures_are_jpegs(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)

    picture = ask(youtube, PICTURE)

    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.body[:3] == b"\xff\xd8\xff"
    assert ask(youtube, PICTURE.replace(ID, OTHER)).status == 404


def test_one_client_may_be_refused_alone(youtube: YouTubeSimulator) -> None:
    refusal = Playability("UNPLAYABLE", "Playback on other websites has been disabled")
    youtube.add(
        Scenario(ID, heights=(), duration=2, playability_by_client={"WEB_EMBEDDED_PLAYER": refusal})
    )

    assert 140 in formats(youtube, ID, "TVHTML5")
    with pytest.raises(KeyError):
        formats(youtube, ID, "WEB_EMBEDDED_PLAYER")


def test_the_journal_says_who_asked_for_what(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    headers = {"Cookie": "SID=1", "User-Agent": "test"}

    ask(youtube, PAGE, headers=headers)

    asked = last(youtube)
    assert (asked.host, asked.method, asked.path) == ("www.youtube.com", "GET", "/watch")
    assert (asked.endpoint, asked.video_id) == (Endpoint.PAGE, ID)
    assert (asked.cookie, asked.user_agent, asked.status) == ("SID=1", "test", 200)


def test_many_clients_are_served_at_once(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    links = [media(youtube) for _ in range(8)]
    lengths: list[int] = []
    threads = [
        threading.Thread(target=lambda link=link: lengths.append(len(ask(youtube, link).body)))
        for link in links
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(lengths) == 8
    assert len(set(lengths)) == 1


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


def test_the_certificates_are_made_anew_for_every_stand_in(tmp_path: Path) -> None:
    with youtube_stand_in(tmp_path / "one") as one, youtube_stand_in(tmp_path / "two") as two:
        assert one.authority.read_bytes() != two.authority.read_bytes()


@given(seconds=st.integers(0, 60))
def test_words_of_a_script_follow_each_other(seconds: int) -> None:
    words = [word for line in spoken(seconds) for word in line]

    assert all(a.end <= b.start for a, b in itertools.pairwise(words))
    assert all(word.end <= seconds * 1000 for word in words)
    assert not words or words[0].start == LEAD_MS


def test_automatic_captions_have_the_times_of_every_word() -> None:
    lines = spoken(9)

    events = json3(lines, automatic=True)["events"]

    told = [
        (seg["utf8"].strip(), event["tStartMs"] + seg.get("tOffsetMs", 0))
        for event in events
        if "segs" in event and "aAppend" not in event
        for seg in event["segs"]
    ]
    assert told == [(word.text, word.start) for line in lines for word in line]
    assert "segs" not in events[0]


def test_manual_captions_have_whole_lines(youtube: YouTubeSimulator) -> None:
    lines = spoken(6)
    youtube.add(Scenario(ID, captions=(Captions(automatic=False, lines=lines),)))

    told = json.loads(ask(youtube, CAPTIONS.replace("&kind=asr", "")).body)

    assert [event["segs"][0]["utf8"] for event in told["events"]] == [
        " ".join(word.text for word in line) for line in lines
    ]


def test_films_are_made_once(films: Films) -> None:
    first = films.stream(SMALL, 140).file
    made = first.stat().st_mtime_ns

    again = films.stream(Scenario(OTHER, title="Another", heights=(360,), duration=6), 140).file

    assert (again, again.stat().st_mtime_ns) == (first, made)
