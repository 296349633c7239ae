"""Whoever has a reel's public address may fetch it for a day; nobody else learns anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gravix_core.desks.files import Files
from gravix_core.errors import StoreUnusable
from gravix_core.publications import Publication, Step, Transport
from gravix_core.settings import Settings
from gravix_core.signing import PUBLIC, PUBLIC_LASTS, Signer, public_address
from gravix_core.studio import Studio
from gravix_core.views import MediaFile
from gravix_core.web import guards, routes, stopping
from gravix_core.web.guard import ANSWER_HEADERS
from gravix_core.web.public import HEADERS, public_routes
from tests.publish import conftest
from tests.publish.conftest import House
from tests.publish.pressroom import pressroom
from tests.simulators.instagram import Endpoint
from tests.web.servers import ask, dashboard
from tests.web.shelf import Shelf

meta, house = conftest.meta, conftest.house

BASE = "https://reels.example"
SHA = "ab12cd34ef56ab78" * 4
FILM = bytes(range(256)) * 1000
PATH = "/public/reels/7.mp4"
WEEK = 7 * PUBLIC_LASTS


class Clock:
    now = 1_800_000_000.25

    def __call__(self) -> float:
        return self.now


class Counting(Shelf):
    """Knows how often it was asked for a reel."""

    asked = 0

    @property
    def files(self) -> Counting:
        return self

    def reel(self, reel_id: int, version: str) -> MediaFile:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return super().reel(reel_id, version)


@dataclass
class Rack:
    """What the route needs of a studio."""

    files: Files


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(tmp_path: Path, clock: Clock) -> Counting:
    stopping.clear()  # another test may have ended a server
    (tmp_path / f"reel-7-{SHA[:16]}.mp4").write_bytes(FILM)
    return Counting(tmp_path, Signer(clock=clock))


def outside(shelf: Shelf, host: str = "reels.example", *, public_url: str = BASE) -> TestClient:
    """Somebody at the other end of the tunnel."""
    app = Starlette(
        routes=public_routes(lambda: shelf), middleware=guards(public_url=lambda: public_url)
    )
    return TestClient(app, f"http://{host}", raise_server_exceptions=False)


@pytest.fixture
def caller(shelf: Counting) -> TestClient:
    return outside(shelf)


def address(shelf: Shelf, reel_id: int = 7, version: str = SHA) -> str:
    return public_address(BASE, shelf.signer, reel_id, version).removeprefix(BASE)


def is_nothing(answer: httpx2.Response) -> bool:
    """The very same answer, whatever was wrong."""
    headers = dict(answer.headers)
    expected = {name.lower(): value for name, value in {**ANSWER_HEADERS, **HEADERS}.items()}
    expected |= {"content-length": "9", "content-type": "text/plain; charset=utf-8"}
    body = b"" if answer.request.method == "HEAD" else b"Not found"
    return (answer.status_code, answer.content, headers) == (404, body, expected)


# Who has the address


def test_address_opens_the_film_from_outside(caller: TestClient, shelf: Shelf) -> None:
    answer = caller.get(address(shelf))
    assert (answer.status_code, answer.content) == (200, FILM)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-length"] == str(len(FILM))
    assert answer.headers["accept-ranges"] == "bytes"


def test_answer_is_kept_and_guessed_by_nobody(caller: TestClient, shelf: Shelf) -> None:
    headers = caller.get(address(shelf)).headers
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert not {"set-cookie", "content-disposition"} & set(headers)


def test_head_tells_the_size_alone(caller: TestClient, shelf: Shelf) -> None:
    answer = caller.head(address(shelf))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(FILM))


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-", 0, 256_000),
        ("bytes=1000-1999", 1000, 2000),
        ("bytes=255999-999999", 255_999, 256_000),
        ("bytes=-500", 255_500, 256_000),
    ],
)
def test_any_stretch_may_be_fetched(
    caller: TestClient, shelf: Shelf, wanted: str, start: int, end: int
) -> None:
    answer = caller.get(address(shelf), headers={"range": wanted})
    assert (answer.status_code, answer.content) == (206, FILM[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/256000"
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("wanted", ["bytes=256000-", "bytes=999999999999999999-"])
def test_stretch_behind_the_end_is_refused(caller: TestClient, shelf: Shelf, wanted: str) -> None:
    answer = caller.get(address(shelf), headers={"range": wanted})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == "bytes */256000"


@pytest.mark.parametrize(
    "wanted",
    ["bytes=0-9,20-29", "bytes=0-9,0-9", "bytes=9-5", "bytes=-", "bytes=٣-", "lines=1-2", "", "x"],
)
def test_range_that_is_none_or_several_is_passed_over(
    caller: TestClient, shelf: Shelf, wanted: str
) -> None:
    answer = caller.get(address(shelf), headers={b"range": wanted.encode()})
    assert (answer.status_code, answer.content) == (200, FILM)


def test_second_range_header_is_passed_over(caller: TestClient, shelf: Shelf) -> None:
    twice = [("range", "bytes=0-9"), ("range", "bytes=20-29")]
    assert caller.get(address(shelf), headers=twice).content == FILM


def test_address_ends_with_its_day(caller: TestClient, shelf: Shelf, clock: Clock) -> None:
    path = address(shelf)
    clock.now += PUBLIC_LASTS - 1
    assert caller.get(path).status_code == 200
    clock.now += 1
    assert is_nothing(caller.get(path))


def test_path_of_the_public_address_stands_before_ours(shelf: Shelf) -> None:
    whole = public_address(f"{BASE}/gravix", shelf.signer, 7, SHA)
    parts = urlsplit(whole)
    assert (parts.netloc, parts.path) == ("reels.example", f"/gravix{PATH}")
    assert set(parse_qs(parts.query)) == {"v", "exp", "sig"}
    assert SHA not in whole


# Who has none


def test_another_film_of_the_reel_is_nothing(caller: TestClient, shelf: Shelf) -> None:
    path = address(shelf)
    (shelf.folder / f"reel-7-{SHA[:16]}.mp4").rename(shelf.folder / "reel-7-ffff.mp4")
    assert is_nothing(caller.get(path))


def test_reel_that_there_is_not_is_nothing(caller: TestClient, shelf: Shelf) -> None:
    assert is_nothing(caller.get(address(shelf, 8, "1" * 64)))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "QUERY"])
def test_no_deed_but_reading_is_known(shelf: Counting, method: str) -> None:
    assert outside(shelf).request(method, address(shelf)).status_code == 400
    assert is_nothing(outside(shelf, "localhost").request(method, address(shelf)))


@pytest.mark.parametrize(
    "path",
    ["/public/", "/public/reels", "/public/reels/", "/public/reels/7", "/public/reels/007.mp4",
     "/public/reels/-7.mp4", "/public/reels/٧.mp4", f"/public/reels/{'7' * 5000}.mp4",
     "/public/reels/../7.mp4", "/public/reels/7.mp4/", "/public//reels/7.mp4",
     "/public/reels/8.mp4", "/public/reels/7.jpg", "/public/%0a", "/public/reels/%0a7.mp4"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_signature_opens_nothing_beside_its_path(shelf: Counting, path: str, method: str) -> None:
    given_to_another = urlsplit(address(shelf)).query
    answer = outside(shelf, "localhost").request(method, f"{path}?{given_to_another}")
    assert is_nothing(answer)
    assert shelf.asked == 0


def test_no_other_signed_address_opens_it(caller: TestClient, shelf: Counting) -> None:
    for signed in (f"{PATH}?v={SHA[:16]}", PATH, f"/files/reels/7/{SHA[:16]}.mp4"):
        query = urlsplit(shelf.signer.address(signed)).query
        assert is_nothing(caller.get(f"{PATH}?v={SHA[:16]}&{query.removeprefix(f'v={SHA[:16]}&')}"))
    other = shelf.signer.only_for("another purpose").address(f"{PATH}?v={SHA[:16]}")
    assert is_nothing(caller.get(other))
    assert shelf.asked == 0


def test_it_opens_no_other_signed_address(shelf: Shelf) -> None:
    given_out = parse_qs(urlsplit(address(shelf)).query)
    (until,), (signature,) = given_out["exp"], given_out["sig"]
    for path in (PATH, f"{PATH}?v={SHA[:16]}", f"/files/reels/7/{SHA[:16]}.mp4"):
        assert not shelf.signer.accepts(path, until, signature)


@pytest.mark.parametrize("path", ["/public/films/7.mp4", "/public/reels/7.jpg", "/public/7.mp4"])
def test_purpose_is_for_reels_alone(shelf: Counting, path: str) -> None:
    signed = shelf.signer.only_for(PUBLIC).address(f"{path}?v={SHA[:16]}")
    assert is_nothing(outside(shelf, "localhost").get(signed))
    assert shelf.asked == 0


def test_another_process_has_signed_nothing(caller: TestClient, shelf: Counting) -> None:
    assert is_nothing(caller.get(address(replace(shelf, signer=Signer()))))
    assert shelf.asked == 0


@pytest.mark.parametrize("changed", ["v", "exp", "sig"])
def test_no_part_may_be_changed_or_left_out(
    caller: TestClient, shelf: Counting, changed: str
) -> None:
    parts = {name: one for name, (one,) in parse_qs(urlsplit(address(shelf)).query).items()}
    last = "0" if parts[changed][-1] != "0" else "1"
    assert is_nothing(caller.get(PATH, params={**parts, changed: parts[changed][:-1] + last}))
    assert is_nothing(caller.get(PATH, params={**parts, changed: ""}))
    del parts[changed]
    assert is_nothing(caller.get(PATH, params=parts))
    assert shelf.asked == 0


WORDS = st.text(max_size=60) | st.sampled_from(
    [SHA[:16], SHA, "1800000000", "9999999999", "0", "-1", "1e9", "None", "../../7", "7.mp4"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reel=st.integers(0, 10**19).map(str) | WORDS,
    pairs=st.lists(st.tuples(st.sampled_from(["v", "exp", "sig", "x"]) | WORDS, WORDS), max_size=6),
    method=st.sampled_from(["GET", "HEAD"]),
    wanted=st.none() | st.from_regex(r"bytes=[0-9,-]{0,30}", fullmatch=True),
)
def test_no_guess_opens_a_file(
    shelf: Counting,
    reel: str,
    pairs: list[tuple[str, str]],
    method: str,
    wanted: str | None,
) -> None:
    url = f"/public/reels/{quote(reel, safe='')}.mp4?{urlencode(pairs)}"
    headers = {} if wanted is None else {"range": wanted}
    assert is_nothing(outside(shelf, "localhost").request(method, url, headers=headers))
    assert shelf.asked == 0


def test_trouble_of_the_database_says_later_alone(caller: TestClient, shelf: Counting) -> None:
    shelf.trouble = StoreUnusable("gravix.db of Ada cannot be read")
    answer = caller.get(address(shelf))
    assert (answer.status_code, answer.text) == (503, "Not now")


# By which name


@pytest.mark.parametrize(
    "host",
    ["evil.example", "x.reels.example", "reels.example.evil.example", "evil@reels.example"],
)
def test_other_names_are_refused_before_it(shelf: Counting, host: str) -> None:
    answer = outside(shelf).get(address(shelf), headers={"host": host})
    assert answer.status_code == 400
    assert shelf.asked == 0


@pytest.mark.parametrize("public_url", ["", "http://reels.example", "https://other.example"])
def test_without_this_public_url_nothing_is_answered(shelf: Counting, public_url: str) -> None:
    assert outside(shelf, public_url=public_url).get(address(shelf)).status_code == 400
    assert shelf.asked == 0


def test_name_and_port_of_the_proxy_may_be_written_as_it_likes(shelf: Counting) -> None:
    for host in ("REELS.example", "reels.example:443", "reels.example:8443"):
        assert outside(shelf, host).get(address(shelf)).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/publish", "/public", "/public/", "/public/reels", "/public/reels/",
     "/api/social/status", "/api/reels/7/publish", "/_stcore/health", "/_stcore/stream",
     "/files/reels/7/ab12.mp4", "/public/reels/7.mp4/", "/public/reels/7.mp4\n",
     "/public/reels/x7.mp4", "/x/public/reels/7.mp4", "/public/reels/7-mp4",
     "/api/social/facebook/callback"],
)  # fmt: skip
def test_nothing_else_of_the_dashboard_has_this_name(shelf: Counting, path: str) -> None:
    quoted = path.replace("\n", "%0a")
    assert outside(shelf).get(quoted).status_code == 400


def test_page_of_another_site_may_not_load_it(caller: TestClient, shelf: Counting) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert caller.get(address(shelf), headers=headers).status_code == 403
    assert shelf.asked == 0


# By Instagram


def test_instagram_fetches_the_reel_that_it_could_not_be_sent(house: House) -> None:
    stopping.clear()
    room, signer = pressroom(house), Signer(clock=lambda: house.meta.clock.now().timestamp())
    files = Files(house.store, Signer(), copy_chunk=lambda _: Path(), public_signer=lambda: signer)
    app = Starlette(
        routes=public_routes(lambda: Rack(files)), middleware=guards(public_url=lambda: BASE)
    )
    client = TestClient(app, "http://reels.example", raise_server_exceptions=False)

    def fetched(where: str) -> bytes | None:
        answer = client.get(where.removeprefix(BASE))
        return answer.content if answer.status_code == 200 else None

    def named(row: Publication) -> str:
        return public_address(BASE, signer, row.what.reel_id, row.what.file_sha256)

    house.meta.fetch = fetched
    house.meta.fail(Endpoint.UPLOAD, status=500, body={"error": "unknown error"})
    room.press = replace(room.press, address=named)
    row = room.publish()
    assert (row.step, row.transport) == (Step.PUBLISHED, Transport.URL)
    assert house.meta.containers[-1].sha256 == row.what.file_sha256
    assert len(room.posts) == 1


# Of the whole dashboard


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    yield made
    made.close()


def test_dashboard_serves_it(studio: Studio) -> None:
    guarded = guards(public_url=lambda: BASE)
    app = Starlette(routes=routes(lambda: studio), middleware=guarded)
    client = TestClient(app, BASE.replace("https", "http"), raise_server_exceptions=False)
    assert is_nothing(client.get(public_address("", studio.files.public_signer(), 7, SHA)))


def test_address_is_good_beyond_a_restart(tmp_path: Path) -> None:
    path, signed = f"{PATH}?v={SHA[:16]}", []
    for _ in range(2):
        studio = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
        signed.append(studio.files.public_signer())
        studio.close()
    before, after = signed
    query = parse_qs(urlsplit(before.address(path)).query)
    assert after.accepts(path, query["exp"][0], query["sig"][0])
    assert not studio.files.signer.accepts(path, query["exp"][0], query["sig"][0])


@pytest.mark.slow
def test_real_dashboard_answers_by_that_name_there_alone(tmp_path: Path) -> None:
    with dashboard(tmp_path / "data", GRAVIX_PUBLIC_URL=BASE) as server:
        found = ask(server.port, PATH, host="reels.example")
        assert (found.status, found.body) == (404, "Not found")
        assert "set-cookie" not in found.headers
        for path in ("/", "/api/social/status", "/_stcore/health", "/public/x"):
            assert ask(server.port, path, host="reels.example").status == 400
