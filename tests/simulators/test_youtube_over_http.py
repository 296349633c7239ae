"""What the stand-in answers to a plain client, and what its journal says of it."""

from __future__ import annotations

import http.client
import json
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulators.asking import ask, formats, last, media
from tests.simulators.youtube import YouTubeSimulator, youtube_stand_in
from tests.simulators.youtube_captions import json3, spoken
from tests.simulators.youtube_films import Films, Stream
from tests.simulators.youtube_handler import range_of
from tests.simulators.youtube_scenario import (
    Captions,
    Endpoint,
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
    link = media(youtube, ID)
    whole = ask(youtube, link).body

    part = ask(youtube, link, headers={"Range": given})

    first = start % len(whole)
    end = f"{(stop or len(whole)) - 1}/{len(whole)}"
    assert (part.status, part.body) == (206, whole[start:stop])
    assert part.headers["Content-Range"] == f"bytes {first}-{end}"
    assert (last(youtube).range, last(youtube).sent) == (given, len(part.body))


def test_a_range_past_the_end_is_refused(youtube: YouTubeSimulator) -> None:
    youtube.add(SMALL)
    link = media(youtube, ID)

    answer = ask(youtube, link, headers={"Range": "bytes=99999999-"})

    assert answer.status == 416
    assert answer.headers["Content-Range"].startswith("bytes */")


def test_a_gigabyte_is_said_to_be_there_and_its_end_is_empty(youtube: YouTubeSimulator) -> None:
    youtube.add(Scenario(ID, heights=(360,), duration=6, size=GIGABYTE))

    told = formats(youtube, ID)[134]
    end = ask(youtube, told["url"], headers={"Range": "bytes=-3000000"})

    assert int(told["contentLength"]) == GIGABYTE
    assert end.body == bytes(3_000_000)


@settings(deadline=None)  # the disk may be busy
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


def test_other_hosts_are_refused_and_remembered(youtube: YouTubeSimulator) -> None:
    for host in ("example.com", "www.youtube.com.evil.com", "evilyoutube.com", "127.0.0.1"):
        with pytest.raises(OSError, match="403"):
            ask(youtube, f"https://{host}/")

    assert youtube.refused[0] == "example.com:443"
    assert len(youtube.refused) == 4
    assert youtube.journal == ()


@pytest.mark.parametrize("target", ["http://www.youtube.com/watch", "www.youtube.com:443"])
def test_plain_http_is_refused_and_remembered(youtube: YouTubeSimulator, target: str) -> None:
    host, _, port = youtube.proxy_url.removeprefix("http://").partition(":")
    client = http.client.HTTPConnection(host, int(port), timeout=10)

    client.request("GET", target)

    assert client.getresponse().status == 403
    client.close()
    assert youtube.refused == (target,)


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
    links = [media(youtube, ID) for _ in range(8)]
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


def test_the_certificates_are_made_anew_for_every_stand_in(tmp_path: Path) -> None:
    with youtube_stand_in(tmp_path / "one") as one, youtube_stand_in(tmp_path / "two") as two:
        assert one.authority.read_bytes() != two.authority.read_bytes()


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
