"""How the stand-in of Meta fails when it is told to, and how it runs in the foreground."""

from __future__ import annotations

import json
import os
import re
import threading
from pathlib import Path

import pytest
import requests

from tests.simulators.instagram import Endpoint, InstagramSimulator, instagram_stand_in
from tests.simulators.instagram_asking import House, codes, error, found
from tests.simulators.instagram_client import click_through, session
from tests.simulators.instagram_clips import Clip, make_clip
from tests.simulators.instagram_sandbox import furnish, main

CLIP = make_clip(Clip(media=60_000))


def test_a_fault_is_of_one_endpoint_and_of_so_many_requests(house: House) -> None:
    house.meta.fail(Endpoint.ACCOUNTS, status=503, skip=1, times=2)

    statuses = [house.ask("me/accounts").status_code for _ in range(4)]

    assert statuses == [200, 503, 503, 200]
    assert house.ask("me").status_code == 200


def test_faults_end_when_they_are_mended(house: House) -> None:
    house.meta.fail(Endpoint.ME, status=500)
    house.meta.fail(Endpoint.ACCOUNTS, status=500)

    house.meta.mend(Endpoint.ME)
    assert [house.ask(path).status_code for path in ("me", "me/accounts")] == [200, 500]
    house.meta.mend()
    assert house.ask("me/accounts").status_code == 200


def test_an_error_of_graph_comes_in_its_envelope(house: House) -> None:
    house.meta.fail(
        Endpoint.ME, code=368, subcode=99, is_transient=True, user_msg="Wait", status=403
    )

    answer = house.ask("me")

    told = error(answer)
    assert answer.status_code == 403
    assert (told["code"], told["error_subcode"], told["is_transient"]) == (368, 99, True)
    assert told["error_user_msg"] == "Wait"
    assert answer.headers["facebook-api-version"] == "v25.0"


def test_an_error_of_rupload_has_a_body_of_its_own(house: House) -> None:
    house.meta.fail(
        Endpoint.UPLOAD, kind="ProcessingFailedError", message="Request failed", times=1
    )
    made = house.create()

    answer = house.upload(made["uri"], CLIP)

    assert answer.status_code == 400
    assert answer.json() == {
        "debug_info": {
            "retriable": False,
            "type": "ProcessingFailedError",
            "message": "Request failed",
        }
    }
    assert house.meta.containers[0].received == 0
    assert house.meta.asked(Endpoint.UPLOAD)[0].length == len(CLIP)
    assert found(house.upload(made["uri"], CLIP))["success"] is True


def test_an_upload_may_fail_and_yet_go_on(house: House) -> None:
    house.meta.fail(Endpoint.UPLOAD, kind="ProcessingFailedError", after=True)
    made = house.create()

    assert house.upload(made["uri"], CLIP).status_code == 400
    house.status(made["id"])
    assert house.status(made["id"])["status_code"] == "FINISHED"


def test_an_upload_may_be_cut_at_a_byte(house: House) -> None:
    house.meta.fail(Endpoint.UPLOAD, cut_at=50_002, times=1)
    made = house.create()

    with pytest.raises(requests.ConnectionError):
        house.upload(made["uri"], CLIP)
    house.meta.settle()

    assert house.meta.containers[0].received == 50_002
    assert found(house.upload(made["uri"], CLIP[50_002:], offset=50_002))["success"] is True


@pytest.mark.parametrize(
    ("options", "status", "body"),
    [
        ({"body": b""}, 200, b""),
        ({"status": 502, "body": "gone"}, 502, b"gone"),
        ({"body": {"success": False}}, 200, b'{"success": false}'),
        ({"status": 500}, 500, b""),
    ],
)
def test_an_answer_may_be_anything(
    house: House, options: dict[str, object], status: int, body: bytes
) -> None:
    house.meta.fail(Endpoint.ME, **options)  # type: ignore[arg-type]

    answer = house.ask("me")

    assert (answer.status_code, answer.content) == (status, body)


def test_an_answer_may_be_a_page_or_half(house: House) -> None:
    house.meta.fail(Endpoint.ME, html=True)
    house.meta.fail(Endpoint.ACCOUNTS, truncate=True)

    page, half = house.ask("me"), house.ask("me/accounts")

    assert (page.status_code, page.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert half.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(half.text)


@pytest.mark.parametrize(("when", "containers"), [("before", 0), ("after", 1)])
def test_a_connection_may_end_before_or_after_the_deed(
    house: House, when: str, containers: int
) -> None:
    house.meta.fail(Endpoint.CREATE, drop=when)

    with pytest.raises(requests.ConnectionError):
        house.create()

    assert len(house.meta.containers) == containers
    assert house.meta.asked(Endpoint.CREATE)[0].status == 0


def test_an_answer_may_be_an_error_after_the_deed(house: House) -> None:
    house.meta.fail(Endpoint.REVOKE, status=500, after=True)

    assert house.ask("me/permissions", "DELETE").status_code == 500
    assert codes(house.ask("me")) == (190, 458)


def test_an_answer_may_be_late(house: House) -> None:
    house.meta.fail(Endpoint.ME, delay=0.05, times=1)

    assert house.ask("me").elapsed.total_seconds() >= 0.05


def test_a_client_need_not_wait_for_a_late_answer(house: House) -> None:
    house.meta.fail(Endpoint.ME, delay=3600)

    with pytest.raises(requests.Timeout):
        house.http.get(f"{house.meta.graph_url}/v25.0/me", timeout=0.05)


def test_page_tokens_may_fail_where_user_tokens_work(house: House) -> None:
    container = house.create()["id"]
    token = found(house.ask(house.page.id, fields="access_token"))["access_token"]
    house.meta.fail(Endpoint.CONTAINER, code=100, subcode=33, token_kind="page")

    assert codes(house.ask(container, token=token)) == (100, 33)
    assert found(house.ask(container))


def test_a_fault_may_carry_headers(house: House) -> None:
    house.meta.fail(Endpoint.ME, headers={"X-App-Usage": '{"call_count":100}'})

    answer = house.ask("me")

    assert (answer.status_code, answer.headers["X-App-Usage"]) == (200, '{"call_count":100}')


def test_the_dialog_may_fail_too(house: House) -> None:
    house.meta.fail(Endpoint.DIALOG, html=True, status=500)

    assert house.http.get(house.dialog()).status_code == 500


def test_one_seed_gives_one_world() -> None:
    def ids(seed: int) -> tuple[str, str]:
        with instagram_stand_in(seed) as meta:
            app = meta.add_app()
            return app.id, app.secret

    assert ids(1) == ids(1) != ids(2)


def test_what_breaks_inside_is_told_at_the_end() -> None:
    def broken() -> None:
        with instagram_stand_in() as meta, session() as http:
            meta.switches.processing_polls = None  # type: ignore[assignment]
            meta.clock.time = None  # type: ignore[assignment, method-assign]
            http.get(f"{meta.graph_url}/me", timeout=10)

    with pytest.raises(TypeError):
        broken()


def test_many_may_ask_at_once(house: House) -> None:
    def ask() -> None:
        for _ in range(10):
            house.create()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({container.id for container in house.meta.containers}) == 40


# In the foreground


def test_the_sandbox_tells_how_to_reach_it_and_can_be_connected_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stop, ready = threading.Event(), tmp_path / "ready.json"
    thread = threading.Thread(
        target=main, args=(["--ready-file", str(ready)],), kwargs={"stop": stop}
    )
    thread.start()
    try:
        while not ready.exists():
            assert thread.is_alive()
            os.sched_yield()
        told = json.loads(ready.read_text())
        address = (
            f"{told['GRAVIX_DIALOG_URL']}/v25.0/dialog/oauth?client_id={told['FACEBOOK_APP_ID']}"
            "&redirect_uri=http://localhost:8501/back&state=s&scope=instagram_basic"
        )
        back = click_through(address)
        with session() as http:
            page = http.get(address, timeout=10).text
    finally:
        stop.set()
        thread.join()

    assert back.startswith("http://localhost:8501/back?code=")
    assert re.findall(r"\((@[\w.]+|no Instagram account)", page) == [
        "@ada.boats",
        "@ada.kites",
        "no Instagram account",
        "@ben.bread",
        "no Instagram account",
    ]
    assert f"FACEBOOK_APP_SECRET={told['FACEBOOK_APP_SECRET']}" in capsys.readouterr().out


def test_two_runs_of_the_sandbox_share_the_app_and_no_token() -> None:
    def made() -> tuple[str, str]:
        with instagram_stand_in(seed=1) as meta:
            app, user = furnish(meta), meta.add_user()
            meta.reseed()
            return app.id, meta.add_token(app, user).value

    first, second = made(), made()

    assert first[0] == second[0]
    assert first[1] != second[1]


def test_ports_may_be_chosen(meta: InstagramSimulator) -> None:
    assert len({meta.dialog_url, meta.graph_url, meta.rupload_url}) == 3
    port = int(meta.graph_url.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"), instagram_stand_in(ports=(0, port, 0)):
        pass
