"""Asking what a video is: what is told, what is refused, and that nothing else is fetched."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from gravix_core.errors import Cancelled, SourceRefused, TooLarge, YouTubeError
from gravix_core.model import Unwatched
from gravix_core.stages.source.cookies import Handed
from gravix_core.stages.source.youtube import Patience, environment
from tests.simulators.youtube_scenario import Captions, Endpoint, Scenario
from tests.source.houses import ID, SHORT, SMALL, House, Wish

pytestmark = pytest.mark.slow

JPEG = b"\xff\xd8\xff"
COOKIES = "# Netscape HTTP Cookie File\n" + "".join(
    f".{site}\tTRUE\t/\tTRUE\t0\tVISITOR\tplanted\n" for site in ("youtube.com", "googlevideo.com")
)


def test_a_probe_tells_what_the_page_shows(house: House) -> None:
    film = Scenario(ID, duration=6, captions=(Captions("en"), Captions("de", automatic=False)))
    picture = house.root / "pictures" / "1.jpg"
    house.site.add(film)
    told = house.youtube().probe(ID, watch=Unwatched(), picture=picture)
    assert (told.youtube_id, told.title, told.channel) == (ID, film.title, film.channel)
    assert (told.channel_id, told.description) == (film.channel_id, film.description)
    assert (told.duration, told.width, told.height) == (6, 1920, 1080)
    assert told.byte_size == sum(house.films.size(film, itag) for itag in (137, 140))
    assert [(t.language, t.automatic) for t in told.captions] == [("en", True), ("de", False)]
    assert (told.language, told.notes) == ("en", ())
    assert told.thumbnail_url.startswith("https://i.ytimg.com/")
    assert picture.read_bytes().startswith(JPEG)


def test_nothing_of_the_video_is_asked_for_before_it_is_fetched(house: House) -> None:
    house.probe()
    assert house.site.asked(Endpoint.PLAYER)
    assert not house.site.asked(Endpoint.MEDIA) + house.site.asked(Endpoint.CAPTIONS)
    assert not house.folder.exists()


def test_a_probe_is_small_enough_to_be_stored(house: House) -> None:
    tracks = tuple(Captions(language, automatic=False) for language in ("en", "de", "fr"))
    assert len(json.dumps(dict(house.probe(replace(SMALL, captions=tracks)).info))) < 20_000


def test_a_picture_that_is_not_there_is_replaced_by_a_smaller_one(house: House) -> None:
    house.site.add(SMALL)
    house.site.fail(Endpoint.PICTURE, status=404, times=1)
    house.youtube().probe(ID, watch=Unwatched(), picture=house.root / "1.jpg")
    assert (house.root / "1.jpg").read_bytes().startswith(JPEG)


@pytest.mark.parametrize("trouble", [{"hang": True}, {"html": True}, {"status": 429}], ids=str)
def test_a_picture_that_cannot_be_had_costs_nothing_but_itself(
    house: House, trouble: dict[str, Any]
) -> None:
    house.site.add(SMALL)
    house.site.fail(Endpoint.PICTURE, **trouble)
    picture = house.root / "1.jpg"
    youtube = house.youtube(patience=replace(SHORT, beside=2))
    assert youtube.probe(ID, watch=Unwatched(), picture=picture).title == SMALL.title
    assert not picture.exists()


def test_what_is_too_long_or_too_large_is_refused(house: House) -> None:
    with pytest.raises(SourceRefused, match="lasts 0:06, and 0:05 is the most"):
        house.probe(max_duration=5)
    with pytest.raises(TooLarge, match="is the most"):
        house.probe(max_bytes=1000)


def test_only_360_lines_are_told_with_the_reason(house: House) -> None:
    only = "Only 360 lines are on offer: "
    (uploaded,) = house.probe().notes
    (held_back,) = house.probe(Scenario("heldback000", duration=6, adaptive=False)).notes
    assert uploaded == f"{only}that is how the video was uploaded."
    assert held_back.startswith(f"{only}YouTube holds the better ones back")


def test_the_javascript_runtime_is_found_with_an_empty_path(house: House) -> None:
    behind_challenges = replace(SMALL, challenged=True)
    environ = {**house.site.environment(), "PATH": "", "HOME": str(house.root)}
    probe = house.probe(behind_challenges, environ=environ)
    assert house.fetch(probe, environ=environ).info.duration > 5


def test_cookies_reach_youtube_and_stay_out_of_what_is_stored(house: House, tmp_path: Path) -> None:
    file = tmp_path / "copy.txt"

    @contextmanager
    def cookies() -> Iterator[Handed]:
        file.write_text(COOKIES)
        yield Handed(file)
        file.unlink()

    probe = house.probe(cookies=cookies)
    assert "VISITOR=planted" in house.site.asked(Endpoint.PLAYER)[0].cookie
    assert "planted" not in json.dumps(asdict(replace(probe, probed_at=None)))  # type: ignore[arg-type]


@pytest.mark.parametrize("from_", ["file", "browser"])
def test_cookies_that_cannot_be_read_are_named(house: House, from_: str) -> None:
    bad = house.root / "bad.txt"

    @contextmanager
    def cookies() -> Iterator[Handed]:
        bad.write_text("no cookies")
        yield Handed(bad) if from_ == "file" else Handed(browser="firefox")

    house.root.mkdir()
    environ = {**house.site.environment(), "HOME": str(house.root)}
    with pytest.raises(YouTubeError) as caught:
        house.probe(cookies=cookies, environ=environ)
    assert caught.value.code == "cookies"
    assert str(house.root) not in f"{caught.value}{caught.value.hint}{caught.value.details}"


def test_a_proxy_that_is_gone_is_named_at_once(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(YouTubeError) as caught:
        house.probe(environ={"HTTPS_PROXY": address})
    assert caught.value.code == "proxy"
    assert not house.site.journal


def test_a_network_that_says_nothing_is_given_up(house: House) -> None:
    house.site.fail(Endpoint.CONNECT, hang=True)
    began = time.monotonic()
    with pytest.raises(YouTubeError) as caught:
        house.probe(patience=replace(SHORT, probe=2))
    assert (caught.value.code, caught.value.retryable) == ("network", True)
    assert time.monotonic() - began < 6
    assert Patience().probe < 100, "`process` ends within 120 s without a network"


def test_an_authority_that_is_not_known_is_not_trusted(house: House) -> None:
    with pytest.raises(YouTubeError) as caught:
        house.probe(environ=house.site.environment(trusted=False))
    assert caught.value.code == "tls"


def test_what_is_no_id_never_reaches_the_network(house: House) -> None:
    for given in ("dQw4w9WgXc", "../../etc/x", ""):
        with pytest.raises(SourceRefused):
            house.youtube().probe(given, watch=Unwatched())
    assert not house.site.journal


def test_a_probe_that_is_no_longer_wanted_ends_at_once(house: House) -> None:
    house.site.add(SMALL)
    house.site.fail(Endpoint.PLAYER, hang=True)
    watch = Wish(lambda: bool(house.site.asked(Endpoint.PLAYER)))
    with pytest.raises(Cancelled):
        house.youtube().probe(ID, watch=watch)
    assert watch.late < 2


def test_our_secrets_stay_here_and_the_network_settings_go_along(tmp_path: Path) -> None:
    ours = {
        "GEMINI_API_KEY": "s",
        "FACEBOOK_APP_SECRET": "s",
        "DATABASE_URL": "s",
        "REDIS_URL": "s",
    }
    theirs = {"HTTPS_PROXY": "http://proxy", "no_proxy": "x", "REQUESTS_CA_BUNDLE": "ca.pem"}
    given = environment({**ours, **theirs, "gravix_x": "s", "GOOGLE_KEY": "s"}, cache=tmp_path)
    assert "s" not in given.values()
    assert given.items() >= theirs.items()
    assert given["SSL_CERT_FILE"] == "ca.pem"
    assert given["YTDLP_NO_PLUGINS"] == "1"
