"""Containers of the stand-in of Meta and their states, seen by a plain client."""

from __future__ import annotations

import hashlib

import pytest

from tests.simulators.instagram import Endpoint, Role
from tests.simulators.instagram_asking import House, V, codes, error, found
from tests.simulators.instagram_clips import Clip, make_clip

CLIP = make_clip(Clip(media=60_000))
PHASES = "id,status,status_code,video_status"


# Creating


def test_a_resumable_container_names_where_its_bytes_go(house: House) -> None:
    made = house.create()

    assert set(made) == {"id", "uri"}
    assert made["uri"] == f"{house.meta.rupload_url}/ig-api-upload/v25.0/{made['id']}"
    assert made["uri"].split("/")[2] != house.meta.graph_url.split("/")[2]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"media_type": "CLIP", "upload_type": "resumable"}, (100, 2207023)),
        ({"media_type": "REELS"}, (100, None)),
        (
            {"media_type": "REELS", "upload_type": "resumable", "video_url": "https://x"},
            (100, None),
        ),
        ({"caption": "x" * 2201}, (36004, 2207010)),
        ({"caption": "🚣" * 2200}, None),
        ({"caption": "@ada " * 21}, (100, 2207040)),
        ({"caption": "#boat " * 31}, (100, None)),
        ({"thumb_offset": "-1"}, (1, 2207057)),
        ({"thumb_offset": "soon"}, (100, None)),
        ({"collaborators": "a,b,c,d"}, (100, 2207018)),
        ({"collaborators": '["@a"]'}, (100, 2207018)),
        ({"collaborators": '["a","b"]', "share_to_feed": "false"}, None),
        ({"trial_params": '{"graduation_strategy":"MANUAL"}'}, None),
        ({"trial_params": '{"graduation_strategy":"LATER"}'}, (100, None)),
    ],
)
def test_parameters_are_held_to_the_rules(
    house: House, params: dict[str, str], expected: tuple[int, int | None] | None
) -> None:
    usual = {} if "media_type" in params else {"media_type": "REELS", "upload_type": "resumable"}

    answer = house.post(f"{house.account.id}/media", **usual, **params)

    if expected:
        assert (answer.status_code, codes(answer)) == (400, expected)
        assert house.meta.containers == ()
    else:
        assert found(answer)["id"]


def test_a_form_may_come_in_parts(house: House) -> None:
    given = {"media_type": "REELS", "upload_type": "resumable", "caption": "Boats 🚣"}

    answer = house.http.post(
        f"{house.meta.graph_url}/{V}/{house.account.id}/media",
        files={name: (None, value) for name, value in given.items()},
        headers={"Authorization": f"Bearer {house.token.value}"},
        timeout=10,
    )

    assert found(answer)["uri"]
    assert house.meta.containers[0].caption == "Boats 🚣"


def test_a_container_is_shown_to_those_who_may_read_it(house: House) -> None:
    made, said = house.create(), house.user.grants[house.app.id].permissions
    said["pages_read_engagement"] = "declined"

    assert codes(house.ask(made["id"], fields="status_code")) == (10, None)


def test_an_account_takes_four_hundred_containers_a_day(house: House) -> None:
    house.account.creations.extend([house.meta.clock.time()] * 400)
    path = f"{house.account.id}/media"

    assert house.post(path, media_type="REELS", upload_type="resumable").status_code == 400
    house.meta.clock.go(hours=24)
    assert house.create()


def test_an_account_that_is_restricted_takes_nothing(house: House) -> None:
    house.account.restricted = True

    assert codes(house.post(f"{house.account.id}/media", media_type="REELS")) == (25, 2207050)


def test_roles_given_by_a_business_need_a_permission_more(house: House) -> None:
    house.page.role_by_business = True

    refused = house.post(f"{house.account.id}/media", media_type="REELS")
    house.meta.add_token(house.app, house.user, scopes=("ads_read",))

    assert codes(refused)[0] == 10
    assert house.create()


# The states


def test_a_whole_upload_goes_from_waiting_to_finished(house: House) -> None:
    made = house.create()
    before = house.status(made["id"], PHASES)
    answer = house.upload(made["uri"], CLIP)
    during, after = house.status(made["id"], PHASES), house.status(made["id"], PHASES)

    assert found(answer) == {"success": True, "message": "Upload successful."}
    assert [one["status_code"] for one in (before, during, after)] == [
        "IN_PROGRESS",
        "IN_PROGRESS",
        "FINISHED",
    ]
    assert before["video_status"] == {
        "uploading_phase": {"status": "not_started", "bytes_transferred": 0},
        "processing_phase": {"status": "not_started"},
    }
    assert during["video_status"]["uploading_phase"] == {
        "status": "complete",
        "bytes_transferred": len(CLIP),
    }
    assert after["status"] == ("Finished: Media has been uploaded and it is ready to be published.")


def test_the_journal_knows_the_exact_bytes_of_an_upload(house: House) -> None:
    made = house.create()
    house.upload(made["uri"], CLIP)

    [upload] = house.meta.asked(Endpoint.UPLOAD)
    digest = hashlib.sha256(CLIP).hexdigest()
    assert (upload.role, upload.length, upload.sha256) == (Role.RUPLOAD, len(CLIP), digest)
    assert upload.headers["offset"] == "0"
    assert upload.headers["file_size"] == str(len(CLIP))
    assert house.meta.containers[0].sha256 == digest


def test_processing_may_take_time_or_reads(house: House) -> None:
    house.meta.switches.processing_polls = 2
    house.meta.switches.processing_seconds = 1200
    made = house.create()
    house.upload(made["uri"], CLIP)

    reads = [house.status(made["id"])["status_code"] for _ in range(4)]
    house.meta.clock.go(minutes=20)

    assert reads == ["IN_PROGRESS"] * 4
    assert house.status(made["id"])["status_code"] == "FINISHED"


def test_a_caption_may_ask_for_trouble(house: House) -> None:
    failing, stuck = house.create(caption="boats fail2207076"), house.create(caption="stuck")
    for made in (failing, stuck):
        house.upload(made["uri"], CLIP)
        house.status(made["id"])

    assert house.status(failing["id"]) == {
        "id": failing["id"],
        "status_code": "ERROR",
        "status": "Error: Media upload has failed with error code 2207076",
    }
    assert house.status(stuck["id"])["status_code"] == "IN_PROGRESS"


def test_a_file_that_breaks_the_rules_fails_when_it_is_processed(house: House) -> None:
    made = house.create()
    uploaded = house.upload(made["uri"], make_clip(Clip(moov_first=False)))
    house.status(made["id"])

    assert found(uploaded)["success"] is True
    assert house.status(made["id"])["status"].endswith("2207026")
    assert house.meta.containers[0].why == "moov lies behind mdat"


def test_whatever_is_uploaded_may_fail_in_processing(house: House) -> None:
    house.meta.switches.processing_error = 2207026
    made = house.create(caption="Boats")
    house.upload(made["uri"], CLIP)
    house.status(made["id"])

    assert house.status(made["id"])["status"].endswith("2207026")


def test_a_cover_behind_the_end_fails(house: House) -> None:
    made = house.create(thumb_offset=5001)
    house.upload(made["uri"], CLIP)
    house.status(made["id"])

    assert house.status(made["id"])["status"].endswith("2207057")


def test_a_cover_of_its_own_wins_over_a_moment_of_the_film(house: House) -> None:
    made = house.create(thumb_offset=5001, cover_url="https://x.test/cover.jpg")
    house.upload(made["uri"], CLIP)
    house.status(made["id"])

    assert house.status(made["id"])["status_code"] == "FINISHED"


def test_a_container_lives_a_day(house: House) -> None:
    empty, full = house.create(), house.finished()
    house.meta.clock.go(hours=23, minutes=59)
    assert house.status(full)["status_code"] == "FINISHED"
    house.meta.clock.go(minutes=1)

    assert house.status(full)["status_code"] == "EXPIRED"
    assert house.status(empty["id"])["status_code"] == "EXPIRED"
    assert house.upload(empty["uri"], CLIP).status_code == 400


def test_an_unpublished_container_has_no_permalink(house: House) -> None:
    made = house.create()

    told = error(house.ask(made["id"], fields="id,permalink"))

    assert told["code"] == 100
    assert "Tried accessing nonexisting field (permalink)" in told["message"]


def test_video_status_may_be_refused(house: House) -> None:
    made = house.create()
    house.meta.switches.video_status_error = (100, 2207065)

    assert codes(house.ask(made["id"], fields=PHASES)) == (100, 2207065)
    assert house.status(made["id"])["status_code"] == "IN_PROGRESS"
