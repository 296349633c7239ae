"""A program publishes a reel over HTTP: once, only the one it saw, only what a person approved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gravix_core.desks.publishing import Publishing
from gravix_core.model import JobType, PublishStatus, ReviewStatus, Span
from gravix_core.publications import PostOptions, Step
from gravix_core.settings import Settings
from gravix_core.studio import Studio
from gravix_core.web import guards, routes, stopping
from gravix_core.web.errors import Missing, in_fields
from gravix_core.web.reels import reel_routes
from tests.publish import conftest
from tests.publish.conftest import House
from tests.publish.pressroom import CAPTION, Pressroom, pressroom

pytestmark = pytest.mark.slow

meta, house = conftest.meta, conftest.house

PAGE = "http://localhost:8501"
PROBLEM = {"type", "title", "status", "detail", "message", "hint"}


@dataclass
class Front:
    """What the routes need of a studio."""

    publishing: Publishing


@pytest.fixture
def room(house: House) -> Pressroom:
    stopping.clear()  # another test may have ended a server
    return pressroom(house)


@pytest.fixture
def program(room: Pressroom) -> TestClient:
    served = [*reel_routes(lambda: Front(room.desk)), Missing("/api", in_fields)]
    app = Starlette(routes=served, middleware=guards())
    return TestClient(app, PAGE, raise_server_exceptions=False)


def ask(program: TestClient, room: Pressroom, **fields: Any) -> httpx2.Response:
    return program.post(f"/api/reels/{room.reel.id}/publish", json=fields)


def refused(answer: httpx2.Response, status: int, *more: str) -> dict[str, Any]:
    """The body of an answer that has to be a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["status"], set(body)) == (status, status, {*PROBLEM, *more})
    assert body["hint"].endswith(".")
    return body


def is_untouched(room: Pressroom) -> bool:
    """Nothing was asked for, of the queue or of Instagram."""
    with room.house.store.read() as tx:
        return not tx.publications.of_reels([room.reel.id]) and room.meta.journal == ()


# What is asked for


def test_approved_reel_is_taken_and_then_published_once(
    program: TestClient, room: Pressroom
) -> None:
    answer = ask(program, room)
    assert (answer.status_code, answer.headers["cache-control"]) == (202, "no-store")
    body = answer.json()
    assert (body["id"], body["reel_id"], body["version"]) == (1, room.reel.id, room.reel.version)
    assert (body["step"], body["publish_status"]) == ("claimed", "pending")
    assert (body["username"], body["caption"]) == ("ada.boats", CAPTION)
    assert (body["ig_media_id"], body["permalink"], body["publish_error"]) == (None, None, None)
    assert body["claimed_at"].endswith("+00:00")
    assert room.meta.journal == ()
    assert room.run().step is Step.PUBLISHED
    assert [post.caption for post in room.posts] == [CAPTION]


def test_body_may_be_left_out(program: TestClient, room: Pressroom) -> None:
    answer = program.post(f"/api/reels/{room.reel.id}/publish")
    assert answer.status_code == 202
    assert room.row.what.options == PostOptions()


def test_job_is_asked_for_once(program: TestClient, room: Pressroom) -> None:
    ask(program, room)
    ask(program, room)
    job = room.desk.get(room.row.id).job
    assert job is not None
    assert (job.job_type, job.attempts) == (JobType.IG_PUBLISH, 0)
    assert len(room.desk.under_way()) == 1


def test_options_are_those_that_are_sent(program: TestClient, room: Pressroom) -> None:
    wanted = {
        "share_to_feed": False,
        "thumb_offset": 1.5,
        "collaborators": ["ben.bread", "Cleo_9"],
        "ai_generated": True,
    }
    body = ask(program, room, **wanted, version=room.reel.version).json()
    assert {name: body[name] for name in wanted} == wanted
    assert room.row.what.options == PostOptions(
        share_to_feed=False,
        thumb_offset=1.5,
        collaborators=("ben.bread", "Cleo_9"),
        ai_generated=True,
    )


# What is not


@pytest.mark.parametrize("state", [ReviewStatus.TO_REVIEW, ReviewStatus.REJECTED])
def test_reel_that_is_not_approved_is_a_conflict(
    program: TestClient, room: Pressroom, state: ReviewStatus
) -> None:
    with room.house.store.begin() as tx:
        tx.reels.decide(room.reel.id, state, seen=room.reel.version)
    body = refused(ask(program, room), 409)
    assert (body["message"], body["hint"]) == ("reel 1 is not approved", "Approve it first.")
    assert is_untouched(room)


def test_second_wish_is_a_conflict(program: TestClient, room: Pressroom) -> None:
    ask(program, room)
    for again in (False, True):
        said = refused(ask(program, room, again=again), 409)["message"]
        assert said == "reel 1 is being published to @ada.boats"
    room.run()
    for again in (False, True):
        said = refused(ask(program, room, again=again), 409)["message"]
        assert said == "reel 1 is published to @ada.boats already"
    assert len(room.posts) == 1


def test_another_version_than_the_one_seen_is_a_conflict(
    program: TestClient, room: Pressroom
) -> None:
    assert "has changed" in refused(ask(program, room, version="ab12.7"), 409)["message"]
    assert is_untouched(room)


def test_same_stretch_names_what_was_posted_and_goes_again_by_a_yes(
    program: TestClient, room: Pressroom
) -> None:
    ask(program, room)
    first = room.run()
    room.reel = room.another("Other words")
    body = refused(ask(program, room), 409, "before")
    assert body["before"] == [
        {
            "id": first.id,
            "reel_id": first.what.reel_id,
            "title": "A bridge",
            "username": "ada.boats",
            "step": "published",
            "ig_media_id": first.media_id,
            "permalink": first.permalink,
            "posted_at": first.published_at and first.published_at.isoformat(),
        }
    ]
    assert first.permalink
    refused(ask(program, room, again=False), 409, "before")
    assert ask(program, room, again=True).status_code == 202
    room.run()
    assert len(room.posts) == 2


def test_stopped_account_is_a_conflict(program: TestClient, room: Pressroom) -> None:
    with room.house.store.begin() as tx:
        tx.publications.stop(room.account.id, "it looked like spam.", now=room.meta.clock.now())
    assert "it looked like spam" in refused(ask(program, room, again=True), 409)["message"]
    assert is_untouched(room)


def test_without_an_account_it_is_a_conflict(program: TestClient, room: Pressroom) -> None:
    (account,) = room.house.desk.accounts()
    room.house.desk.disconnect(account.id)
    room.meta.forget()
    body = refused(ask(program, room), 409)
    assert (body["message"], body["hint"]) == ("Instagram is not connected", "Open Connect first.")
    assert is_untouched(room)


@pytest.mark.parametrize("reel", ["99", "0", "-1", "x", "1.0", "9" * 18, "9" * 5000, "٧", "1%20"])
def test_reel_that_there_is_not_is_not_found(
    program: TestClient, room: Pressroom, reel: str
) -> None:
    refused(program.post(f"/api/reels/{reel}/publish", json={}), 404)
    assert is_untouched(room)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"agian": True}, "agian"),
        ({"caption": "mine"}, "caption"),
        ({"again": 1}, "again"),
        ({"again": None}, "again"),
        ({"again": "true"}, "again"),
        ({"share_to_feed": "false"}, "share_to_feed"),
        ({"share_to_feed": 0}, "share_to_feed"),
        ({"ai_generated": []}, "ai_generated"),
        ({"thumb_offset": -0.1}, "thumb_offset"),
        ({"thumb_offset": 901}, "thumb_offset"),
        ({"thumb_offset": 10**400}, "thumb_offset"),
        ({"thumb_offset": True}, "thumb_offset"),
        ({"thumb_offset": "1"}, "thumb_offset"),
        ({"thumb_offset": 5.0}, "cover"),
        ({"collaborators": "ben"}, "collaborators"),
        ({"collaborators": None}, "collaborators"),
        ({"collaborators": ["@ben"]}, "collaborators"),
        ({"collaborators": [""]}, "collaborators"),
        ({"collaborators": [7]}, "collaborators"),
        ({"collaborators": ["a,b"]}, "collaborators"),
        ({"collaborators": ["ben", "Ben"]}, "collaborators"),
        ({"collaborators": ["a", "b", "c", "d"]}, "collaborators"),
        ({"version": 7}, "version"),
        ({"version": "7" * 101}, "version"),
    ],
)
def test_field_that_cannot_be_is_named(
    program: TestClient, room: Pressroom, fields: dict[str, Any], named: str
) -> None:
    assert named in refused(ask(program, room, **fields), 422)["message"]
    assert is_untouched(room)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_number_that_is_none_is_no_time_of_a_cover(
    program: TestClient, room: Pressroom, number: str
) -> None:
    body = f'{{"thumb_offset": {number}}}'.encode()
    refused(program.post(f"/api/reels/{room.reel.id}/publish", content=body), 422)
    assert is_untouched(room)


@pytest.mark.parametrize(
    "body",
    [b"[]", b"null", b"{", b"\xff", b'{"a":' * 2000, b" " * 10_001, json.dumps("x").encode()],
)
def test_body_that_is_no_object_is_refused(
    program: TestClient, room: Pressroom, body: bytes
) -> None:
    refused(program.post(f"/api/reels/{room.reel.id}/publish", content=body), 400)
    assert is_untouched(room)


def test_text_that_instagram_would_refuse_never_leaves(house: House) -> None:
    stopping.clear()
    room = pressroom(house, caption="x" * 2201)
    app = Starlette(routes=reel_routes(lambda: Front(room.desk)))
    answer = ask(TestClient(app, PAGE, raise_server_exceptions=False), room)
    assert "2200" in refused(answer, 422)["message"].replace(",", "")
    assert is_untouched(room)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_a_post_publishes(program: TestClient, room: Pressroom, method: str) -> None:
    answer = program.request(method, f"/api/reels/{room.reel.id}/publish")
    assert answer.status_code == 404
    assert is_untouched(room)


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}],
)
def test_page_of_another_site_publishes_nothing(
    program: TestClient, room: Pressroom, headers: dict[str, str]
) -> None:
    answer = program.post(f"/api/reels/{room.reel.id}/publish", headers=headers)
    assert answer.status_code == 403
    assert is_untouched(room)


# Of the whole dashboard


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    made = Studio.open(Settings.load(data_dir=tmp_path / "data", env_file=None))
    yield made
    made.close()


def test_dashboard_serves_it(studio: Studio) -> None:
    stopping.clear()
    with studio.store.begin() as tx:
        video = tx.videos.add(
            title="B", source_name="b.mp4", source_sha256="ab", layout="auto", chunk_duration=9
        )
        (reel,) = tx.reels.plan(video.id, [Span(0, 9)], [Span(0, 9)])
    assert reel.publish_status is PublishStatus.PENDING
    app = Starlette(routes=routes(lambda: studio), middleware=guards())
    answer = TestClient(app, PAGE).post(f"/api/reels/{reel.id}/publish")
    assert refused(answer, 409)["message"] == "Instagram is not connected"
