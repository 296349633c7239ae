"""The way of bytes to the stand-in of Meta: resumed, refused, fetched."""

from __future__ import annotations

import hashlib
import http.client
import json
from urllib.parse import urlsplit

import pytest
import requests

from tests.simulators.instagram import Endpoint, Reason
from tests.simulators.instagram_asking import House, found
from tests.simulators.instagram_clips import Clip, make_clip

CLIP = make_clip(Clip(media=60_000))
PHASES = "id,status,status_code,video_status"


def info(answer: object) -> dict[str, object]:
    body = answer.json()  # type: ignore[attr-defined]
    assert list(body) == ["debug_info"]
    assert set(body["debug_info"]) == {"retriable", "type", "message"}
    return dict(body["debug_info"])


def received(house: House, container: str) -> int:
    status = house.status(container, PHASES)["video_status"]
    return int(status["uploading_phase"]["bytes_transferred"])


# Resuming


def cut(house: House, uri: str, at: int) -> None:
    """Send the first bytes and hang up."""
    parts = urlsplit(uri)
    client = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    client.putrequest("POST", parts.path)
    given = {
        "Authorization": f"OAuth {house.token.value}",
        "offset": "0",
        "file_size": str(len(CLIP)),
        "Content-Length": str(len(CLIP)),
    }
    for name, value in given.items():
        client.putheader(name, value)
    client.endheaders(CLIP[:at])
    house.meta.wait_until(lambda: house.meta.containers[-1].received == at, "the bytes")
    client.close()
    house.meta.settle()


def test_an_upload_that_was_cut_goes_on_from_where_it_was(house: House) -> None:
    made = house.create()
    cut(house, made["uri"], 50_002)
    assert received(house, made["id"]) == 50_002
    assert house.meta.asked(Endpoint.UPLOAD)[0].status == 0

    answer = house.upload(made["uri"], CLIP[50_002:], offset=50_002)

    assert found(answer)["success"] is True
    assert house.meta.asked(Endpoint.UPLOAD)[1].length == len(CLIP) - 50_002
    assert house.meta.containers[0].sha256 == hashlib.sha256(CLIP).hexdigest()


def test_video_status_may_lag_behind_the_bytes(house: House) -> None:
    house.meta.switches.offset_lag = 1
    made = house.create()
    cut(house, made["uri"], 50_002)

    assert [received(house, made["id"]) for _ in range(2)] == [0, 50_002]


@pytest.mark.parametrize("offset", [0, 49_999, 50_003])
def test_a_wrong_offset_is_refused_with_the_right_one(house: House, offset: int) -> None:
    made = house.create()
    cut(house, made["uri"], 50_002)

    answer = house.upload(made["uri"], CLIP[offset:], offset=offset)

    told = info(answer)
    assert (answer.status_code, told["type"], told["retriable"]) == (
        412,
        "OffsetInvalidError",
        True,
    )
    assert "50002" in str(told["message"])
    assert received(house, made["id"]) == 50_002


def test_fewer_bytes_than_announced_are_a_partial_request(house: House) -> None:
    made = house.create()

    answer = house.upload(made["uri"], CLIP[:-1], size=len(CLIP))

    assert (answer.status_code, info(answer)["type"]) == (400, "PartialRequestError")
    assert house.status(made["id"])["status_code"] == "IN_PROGRESS"
    assert found(house.upload(made["uri"], CLIP[-1:], offset=len(CLIP) - 1))["success"] is True


def test_the_size_of_a_file_does_not_change_between_uploads(house: House) -> None:
    made = house.create()
    cut(house, made["uri"], 10)

    answer = house.upload(made["uri"], CLIP[10:-1], offset=10, size=len(CLIP) - 1)

    assert (answer.status_code, info(answer)["type"]) == (400, "PartialRequestError")
    assert received(house, made["id"]) == 10


def test_more_bytes_than_announced_are_not_kept(house: House) -> None:
    made = house.create()

    answer = house.upload(made["uri"], CLIP, size=len(CLIP) - 1)

    assert info(answer)["type"] == "PartialRequestError"
    assert received(house, made["id"]) == 0


def test_the_address_of_an_upload_may_tell_its_offset(house: House) -> None:
    made = house.create()
    cut(house, made["uri"], 10)
    headers = {"Authorization": f"OAuth {house.token.value}"}

    assert found(house.http.get(made["uri"], headers=headers)) == {"offset": 10}
    house.meta.switches.upload_status = False
    assert house.http.get(made["uri"], headers=headers).status_code == 405


@pytest.mark.parametrize("word", ["Bearer", "oauth", ""])
def test_an_upload_wants_the_word_oauth_before_its_token(house: House, word: str) -> None:
    made = house.create()
    headers = {"Authorization": f"{word} {house.token.value}".strip()}

    told = info(house.upload(made["uri"], CLIP, headers=headers))

    assert (told["type"], told["retriable"]) == ("ProcessingFailedError", False)
    assert json.dumps("unauthorized user request")[1:-1] in str(told["message"])


def test_a_dead_token_uploads_nothing(house: House) -> None:
    made = house.create()
    house.meta.invalidate(house.token, Reason.EXPIRED)

    assert "unauthorized user request" in str(info(house.upload(made["uri"], CLIP))["message"])


def test_an_upload_needs_its_headers_and_a_known_address(house: House) -> None:
    made = house.create()

    assert house.upload(made["uri"], CLIP, headers={"offset": "none"}).status_code == 400
    assert house.upload(f"{made['uri']}0", CLIP).status_code == 404
    chunked = {"Authorization": f"OAuth {house.token.value}", "offset": "0", "file_size": "4"}
    assert house.http.post(made["uri"], data=iter([b"abcd"]), headers=chunked).status_code == 411


def test_bytes_go_to_resumable_containers_alone(house: House) -> None:
    house.meta.fetch = lambda address: None
    params = {"media_type": "REELS", "video_url": "http://x/film.mp4"}
    made = found(house.post(f"{house.account.id}/media", **params))

    uri = f"{house.meta.rupload_url}/ig-api-upload/v25.0/{made['id']}"

    assert house.upload(uri, CLIP).status_code == 404


def test_bytes_go_to_the_address_that_was_given_alone(house: House) -> None:
    made = house.create()
    guessed = made["uri"].replace("/v25.0/", "/v24.0/")

    assert house.upload(guessed, CLIP).status_code == 404
    assert house.meta.containers[0].received == 0


@pytest.mark.parametrize("again", [{}, {"file_url": "http://x/other.mp4"}])
def test_what_is_whole_is_not_processed_again(house: House, again: dict[str, str]) -> None:
    house.meta.fetch = lambda address: None
    house.meta.switches.processing_seconds = 60
    made = house.create()
    house.upload(made["uri"], CLIP)
    house.meta.clock.go(seconds=60)
    house.status(made["id"])

    answer = house.upload(made["uri"], b"", offset=len(CLIP), headers=again)

    assert found(answer)["success"] is True
    assert house.status(made["id"])["status_code"] == "FINISHED"


# What Meta fetches itself


def test_a_served_file_is_fetched(house: House) -> None:
    asked: list[str] = []

    def serve(address: str) -> bytes | None:
        asked.append(address)
        return CLIP if "good" in address else None

    house.meta.fetch = serve
    good = found(
        house.post(f"{house.account.id}/media", media_type="REELS", video_url="http://x/good")
    )
    bad = found(
        house.post(f"{house.account.id}/media", media_type="REELS", video_url="http://x/bad")
    )
    pulled = house.create()
    house.upload(pulled["uri"], b"", headers={"file_url": "http://x/good.mp4"})
    house.meta.wait_until(
        lambda: all(c.completed_at is not None for c in house.meta.containers), "the files"
    )
    for made in (good, bad, pulled):
        house.status(made["id"])

    assert set(good) == {"id"}
    assert house.status(good["id"])["status_code"] == "FINISHED"
    assert house.status(pulled["id"])["status_code"] == "FINISHED"
    assert house.status(bad["id"])["status"].endswith("2207077")
    assert sorted(asked) == ["http://x/bad", "http://x/good", "http://x/good.mp4"]


def test_a_file_is_fetched_although_the_answer_is_lost(house: House) -> None:
    house.meta.fetch = lambda address: CLIP
    house.meta.fail(Endpoint.CREATE, drop="after")
    params = {"media_type": "REELS", "video_url": "http://x/good"}

    with pytest.raises(requests.ConnectionError):
        house.post(f"{house.account.id}/media", **params)

    house.meta.wait_until(lambda: house.meta.containers[0].received == len(CLIP), "the file")
