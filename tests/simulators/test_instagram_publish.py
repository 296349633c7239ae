"""Posts of the stand-in of Meta: made once, lost, repeated and found again."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import requests

from tests.simulators.instagram import Account, Endpoint, PublishMode, RepeatMode
from tests.simulators.instagram_asking import House, codes, error, found

LISTED = "id,caption,media_type,media_product_type,permalink,shortcode,timestamp"


def listed(house: House) -> list[dict[str, str]]:
    return list(found(house.ask(f"{house.account.id}/media", fields=LISTED))["data"])


def test_a_finished_container_becomes_one_post(house: House) -> None:
    container = house.finished(caption="A boat from one board", share_to_feed="false")

    media_id = found(house.publish(container))["id"]

    [media] = house.meta.media(house.account)
    assert (media.id, media.caption, media.container_id) == (
        media_id,
        "A boat from one board",
        container,
    )
    assert media.share_to_feed is False
    assert house.status(container) == {
        "id": container,
        "status_code": "PUBLISHED",
        "status": "Published: Media has been successfully published.",
    }


def test_a_post_reads_as_documented(house: House) -> None:
    media_id = found(house.publish(house.finished(caption="Boats")))["id"]

    post = found(house.ask(media_id, fields=LISTED))

    assert (post["media_type"], post["media_product_type"]) == ("VIDEO", "REELS")
    assert post["permalink"] == f"https://www.instagram.com/reel/{post['shortcode']}/"
    assert post["timestamp"] == "2026-11-22T12:00:00+0000"
    assert datetime.strptime(post["timestamp"], "%Y-%m-%dT%H:%M:%S%z") == datetime(
        2026, 11, 22, 12, tzinfo=UTC
    )
    assert listed(house) == [post]


def test_a_container_never_names_its_post(house: House) -> None:
    container = house.finished()
    media_id = found(house.publish(container))["id"]

    fields = "id,status,status_code,video_status,copyright_check_status"

    assert media_id not in house.ask(container, fields=fields).text


def test_posts_are_listed_newest_first_and_by_page(house: House) -> None:
    for number in range(3):
        house.meta.add_media(house.account, f"old {number}")
        house.meta.clock.go(minutes=1)
    house.meta.page_size = 2

    first = found(house.ask(f"{house.account.id}/media", fields="caption"))
    second = found(house.http.get(first["paging"]["next"]))

    captions = [post["caption"] for post in first["data"] + second["data"]]
    assert captions == ["old 2", "old 1", "old 0"]


def test_a_post_may_be_older_than_the_account_knew(house: House) -> None:
    house.meta.add_media(house.account, "today")
    house.meta.add_media(house.account, "before", timestamp=house.meta.clock.time() - 60)

    assert [post["caption"] for post in listed(house)] == ["today", "before"]


def test_posts_without_a_caption_have_no_caption(house: House) -> None:
    house.meta.add_media(house.account)

    assert "caption" not in listed(house)[0]


@pytest.mark.parametrize("state", ["empty", "processing", "failed"])
def test_what_is_not_finished_is_not_published(house: House, state: str) -> None:
    made = house.create(caption="fail2207026" if state == "failed" else "")
    if state != "empty":
        house.upload(made["uri"], b"no film" if state == "failed" else b"")

    answer = house.publish(made["id"])

    told = error(answer)
    assert (answer.status_code, codes(answer)) == (400, (9007, 2207027))
    assert told["message"] == "Media ID is not available"
    assert told["is_transient"] is False
    assert house.meta.media() == ()


def test_publishing_may_be_refused_once_although_finished(house: House) -> None:
    house.meta.publish_mode = PublishMode.NOT_READY
    container = house.finished()

    assert codes(house.publish(container)) == (9007, 2207027)
    assert house.meta.media() == ()
    assert found(house.publish(container))["id"]
    assert len(house.meta.media()) == 1


def test_a_container_that_is_over_or_unknown_is_missing(house: House) -> None:
    container = house.finished()
    house.meta.clock.go(hours=24)

    assert codes(house.publish(container)) == (24, 2207008)
    assert codes(house.publish("17800000000000000")) == (24, 2207008)


@pytest.mark.parametrize("params", [{}, {"creation_id": ""}, {"creation_id": "None"}])
def test_publishing_wants_the_number_of_a_container(house: House, params: dict[str, str]) -> None:
    assert codes(house.post(f"{house.account.id}/media_publish", **params)) == (100, None)


def test_the_quota_is_enforced_when_publishing(house: House) -> None:
    house.meta.use_quota(house.account, 50)
    house.meta.clock.go(hours=1)
    container = house.finished()

    assert codes(house.publish(container)) == (9, 2207042)
    house.meta.clock.go(hours=23)
    assert found(house.publish(container))["id"]


def test_a_missing_task_shows_when_publishing_alone(house: House) -> None:
    house.page.tasks = ("ANALYZE",)

    assert codes(house.publish(house.finished())) == (-1, 2207085)


def test_a_container_belongs_to_one_account(house: House) -> None:
    other = Account("ada.kites")
    house.meta.add_page(house.user, name="Kites", instagram=other)
    house.meta.add_token(house.app, house.user)

    answer = house.post(f"{other.id}/media_publish", creation_id=house.finished())

    assert codes(answer) == (24, 2207006)


# Lost answers


def test_a_lost_answer_is_still_a_post(house: House) -> None:
    house.meta.publish_mode = PublishMode.DROP
    container = house.finished(caption="Boats")

    with pytest.raises(requests.ConnectionError):
        house.publish(container)

    assert house.status(container)["status_code"] == "PUBLISHED"
    assert [post["caption"] for post in listed(house)] == ["Boats"]


@pytest.mark.parametrize(
    ("mode", "status", "expected"),
    [(PublishMode.ERROR_500, 500, (1, None)), (PublishMode.SPAM, 400, (4, 2207051))],
)
def test_an_error_may_stand_beside_a_post(
    house: House, mode: PublishMode, status: int, expected: tuple[int, int | None]
) -> None:
    house.meta.publish_mode = mode

    answer = house.publish(house.finished())

    assert (answer.status_code, codes(answer)) == (status, expected)
    assert len(house.meta.media()) == 1


def test_status_and_list_may_lag_behind(house: House) -> None:
    house.meta.switches.status_lag = house.meta.switches.list_lag = 2
    container = house.finished()
    house.publish(container)

    assert [house.status(container)["status_code"] for _ in range(3)] == [
        "FINISHED",
        "FINISHED",
        "PUBLISHED",
    ]
    assert [len(listed(house)) for _ in range(3)] == [0, 0, 1]


# Repeats


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (RepeatMode.NOT_READY, (9007, 2207027)),
        (RepeatMode.MISSING, (24, 2207008)),
        (RepeatMode.FATAL, (-1, 2207085)),
    ],
)
def test_a_repeat_may_be_refused(house: House, mode: RepeatMode, expected: tuple[int, int]) -> None:
    house.meta.repeat_mode = mode
    container = house.finished()
    house.publish(container)

    assert codes(house.publish(container)) == expected
    assert len(house.meta.media()) == 1


def test_a_repeat_may_give_the_same_post(house: House) -> None:
    container = house.finished()

    first, second = house.publish(container), house.publish(container)

    assert found(first) == found(second)
    assert len(house.meta.media()) == 1


def test_a_repeat_may_make_a_second_post(house: House) -> None:
    house.meta.repeat_mode = RepeatMode.SECOND_MEDIA
    container = house.finished()

    first, second = house.publish(container), house.publish(container)

    assert found(first)["id"] != found(second)["id"]
    assert len(house.meta.media(house.account)) == 2


def test_a_repeat_after_a_lost_answer_is_answered(house: House) -> None:
    house.meta.publish_mode = PublishMode.DROP
    container = house.finished()
    with pytest.raises(requests.ConnectionError):
        house.publish(container)

    assert found(house.publish(container))["id"] == house.meta.media()[0].id


# The mode of the app


@pytest.mark.parametrize(("mode", "seen"), [("dev", False), ("live", True)])
def test_who_sees_a_post_is_the_mode_of_the_app(house: House, mode: str, seen: bool) -> None:
    house.app.mode = mode  # type: ignore[assignment]
    house.publish(house.finished())

    assert house.meta.media()[0].seen_by_all is seen


# Insights


def test_insights_are_there_when_they_are_there(house: House) -> None:
    media = house.meta.add_media(house.account, "Boats")
    path = f"{media.id}/insights"
    assert found(house.ask(path, metric="views,reach")) == {"data": []}

    media.insights.update(views=12, reach=9)
    [views, reach] = found(house.ask(path, metric="views,reach,likes"))["data"]

    assert (views["name"], views["period"], views["values"]) == (
        "views",
        "lifetime",
        [{"value": 12}],
    )
    assert reach["id"] == f"{media.id}/insights/reach/lifetime"


@pytest.mark.parametrize("metric", ["plays", "impressions", "facebook_views", ""])
def test_one_bad_metric_fails_the_call(house: House, metric: str) -> None:
    media = house.meta.add_media(house.account)

    answer = house.ask(f"{media.id}/insights", metric=f"views,{metric}" if metric else "")

    assert (answer.status_code, codes(answer)) == (400, (100, None))


def test_insights_need_their_scope(house: House) -> None:
    media = house.meta.add_media(house.account)
    house.ask("me/permissions/instagram_manage_insights", "DELETE")

    assert codes(house.ask(f"{media.id}/insights", metric="views"))[0] == 10


def test_every_error_can_be_traced(house: House) -> None:
    first, second = (error(house.ask("me", token="EAAnonsense")) for _ in range(2))

    assert re.fullmatch(r"A\w{22}", first["fbtrace_id"])
    assert first["fbtrace_id"] != second["fbtrace_id"]
    assert house.meta.asked(Endpoint.ME)[0].status == 400
