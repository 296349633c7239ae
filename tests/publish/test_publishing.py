"""Publishing a reel against the stand-in of Meta over HTTP: contract cases 13 to 38."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from gravix_core.errors import InstagramError, NotAccepted, PostedBefore, StatusConflict
from gravix_core.model import AcceptReport, ReviewStatus, RuleLevel, RuleResult
from gravix_core.publications import PostOptions, Publication, Step
from gravix_core.stages.publish.instagram import Instagram
from tests.publish.conftest import House
from tests.publish.pressroom import CAPTION, Pressroom, pressroom
from tests.simulators.instagram import Endpoint, PublishMode, Reason, RepeatMode
from tests.simulators.instagram_errors import UNAUTHORIZED

pytestmark = pytest.mark.slow


@pytest.fixture
def room(house: House) -> Pressroom:
    return pressroom(house)


REPEATS = pytest.mark.parametrize("repeat", list(RepeatMode))


# container and upload


def test_case_13_file_goes_to_the_returned_address_as_it_is(room: Pressroom) -> None:
    row = room.publish()
    assert row.step is Step.PUBLISHED
    (upload,) = room.meta.asked(Endpoint.UPLOAD)
    assert upload.headers["offset"] == "0"
    assert upload.headers["file_size"] == str(room.file.stat().st_size)
    assert upload.sha256 == hashlib.sha256(room.file.read_bytes()).hexdigest()
    (post,) = room.posts
    assert (row.media_id, row.what.caption) == (post.id, post.caption)


def test_case_14_upload_that_was_cut_goes_on_at_its_byte(house: House) -> None:
    room = pressroom(house, media=90_000)
    room.meta.fail(Endpoint.UPLOAD, cut_at=50_002, times=1)
    assert room.publish().step is Step.PUBLISHED
    first, second = room.meta.asked(Endpoint.UPLOAD)
    assert second.headers["offset"] == "50002"
    assert second.length == room.file.stat().st_size - 50_002
    assert first.length == 50_002
    assert len(room.meta.containers) == 1


def test_case_15_wrong_offset_is_read_anew(house: House) -> None:
    room = pressroom(house, media=90_000)
    room.meta.fail(Endpoint.UPLOAD, cut_at=50_002, times=1)
    room.meta.switches.offset_lag = 1
    assert room.publish().step is Step.PUBLISHED
    assert len(room.meta.containers) == 1
    assert len(room.posts) == 1


def test_case_16_missing_bytes_are_sent_and_nothing_is_called_published(room: Pressroom) -> None:
    room.meta.fail(Endpoint.UPLOAD, kind="PartialRequestError", message="length mismatch", times=1)
    assert room.publish().step is Step.PUBLISHED
    assert room.asked(Endpoint.UPLOAD) == 2
    assert len(room.posts) == 1


def test_case_17_refused_upload_whose_container_gets_on_is_published(room: Pressroom) -> None:
    said = "Request processing failed"
    room.meta.fail(Endpoint.UPLOAD, kind="ProcessingFailedError", message=said, after=True, times=1)
    assert room.publish().step is Step.PUBLISHED
    assert len(room.meta.containers) == 1


def test_case_18_upload_that_always_fails_takes_three_containers_and_says_so(
    room: Pressroom,
) -> None:
    room.meta.fail(
        Endpoint.UPLOAD, kind="ProcessingFailedError", message="Request processing failed"
    )
    row = room.publish()
    assert row.step is Step.FAILED
    assert len(room.meta.containers) == 3
    assert "3 times" in row.trouble
    assert room.waits
    assert room.asked(Endpoint.PUBLISH) == 0


def test_case_19_upload_without_permission_asks_for_a_new_login(room: Pressroom) -> None:
    said = f"Request processing failed: {UNAUTHORIZED}"
    room.meta.fail(Endpoint.UPLOAD, kind="ProcessingFailedError", message=said)
    room.ask()
    row = room.run(until=lambda row: bool(row.trouble))
    assert room.errors[-1].retry_after == room.press.pace.reconnect
    assert room.asked(Endpoint.UPLOAD) == 1
    assert "Connect" in row.hint
    assert room.house.desk.status().needs_login


def test_case_20_upload_host_that_fails_for_all_names_the_other_way(room: Pressroom) -> None:
    room.meta.fail(Endpoint.UPLOAD, status=500, body={"error": "unknown error"})
    row = room.publish()
    assert row.step is Step.FAILED
    assert "GRAVIX_PUBLIC_URL" in row.hint


def test_case_21_file_that_changes_meanwhile_is_not_sent(room: Pressroom) -> None:
    room.meta.fail(Endpoint.UPLOAD, drop="before", times=1)
    room.ask()
    room.run(until=lambda row: row.stalls > 0)
    room.file.write_bytes(room.file.read_bytes()[::-1])
    row = room.run()
    assert (row.step, row.fault) == (Step.FAILED, "changed")
    assert room.posts == ()


@pytest.mark.parametrize("rule", ["duration", "moov_first", "size", "sound codec"])
def test_case_22_file_that_instagram_refuses_makes_no_call(house: House, rule: str) -> None:
    broken = RuleResult(rule, RuleLevel.FAIL, found="this", expected="that")
    room = pressroom(house, report=AcceptReport((broken,)))
    with pytest.raises(NotAccepted, match=rule):
        room.ask()
    assert room.meta.journal == ()


@pytest.mark.parametrize("caption", ["a" * 2201, "#x " * 31, "@ada " * 21, ""])
def test_case_23_caption_that_instagram_refuses_makes_no_call(house: House, caption: str) -> None:
    room = pressroom(house, caption=caption)
    with pytest.raises(NotAccepted):
        room.ask()
    assert room.meta.journal == ()


@pytest.mark.parametrize("told", [(100, None), (100, 2207065)])
def test_case_24_state_is_read_without_the_field_that_is_refused(
    room: Pressroom, told: tuple[int, int | None]
) -> None:
    room.meta.switches.video_status_error = told
    assert room.publish().step is Step.PUBLISHED


def test_case_25_file_that_cannot_be_processed_fails_with_what_to_do(room: Pressroom) -> None:
    room.meta.switches.processing_error = 2207026
    row = room.publish()
    assert (row.step, row.fault) == (Step.FAILED, "format")
    assert "Render" in row.hint


def test_case_26_video_that_is_prepared_for_20_minutes_is_waited_for(room: Pressroom) -> None:
    room.meta.switches.processing_polls, room.meta.switches.processing_seconds = 0, 1200
    assert room.publish().step is Step.PUBLISHED
    assert len(room.meta.containers) == len(room.posts) == 1
    assert sum(room.waits) >= 1150


def test_case_27_restart_goes_on_with_the_same_container(room: Pressroom) -> None:
    room.meta.switches.processing_polls, room.meta.switches.processing_seconds = 0, 60
    room.ask()
    with pytest.raises(InstagramError):
        room.once()
    room.meta.clock.go(seconds=60)
    assert room.once().step is Step.PUBLISHED
    assert len(room.meta.containers) == 1


def test_case_28_container_of_yesterday_is_made_anew_when_nothing_was_sent(
    room: Pressroom,
) -> None:
    room.meta.switches.processing_polls, room.meta.switches.processing_seconds = 0, 60
    room.ask()
    with pytest.raises(InstagramError):
        room.once()
    room.meta.clock.go(hours=25)
    assert room.run().step is Step.PUBLISHED
    assert (len(room.meta.containers), len(room.posts)) == (2, 1)


def test_case_28_container_that_was_sent_is_never_made_anew(room: Pressroom) -> None:
    room.meta.fail(Endpoint.PUBLISH, drop="before", times=1)
    room.ask()
    room.run(until=lambda row: row.step is Step.SENT)
    room.meta.clock.go(hours=25)
    assert room.run().step is Step.UNSURE
    assert len(room.meta.containers) == 1


# publish and recovery


def test_case_29_post_without_an_address_is_published_all_the_same(room: Pressroom) -> None:
    room.meta.fail(Endpoint.MEDIA, status=500)
    row = room.publish()
    assert (row.step, row.permalink) == (Step.PUBLISHED, "")
    assert row.media_id
    room.meta.mend(Endpoint.MEDIA)
    assert room.once().permalink.startswith("https://www.instagram.com/reel/")


@pytest.mark.parametrize("times", [1, 2])
def test_case_30_call_that_came_too_early_is_made_again(room: Pressroom, times: int) -> None:
    room.meta.publish_mode = PublishMode.NOT_READY
    room.meta.switches.not_ready_tries = times
    assert room.publish().step is Step.PUBLISHED
    assert room.asked(Endpoint.PUBLISH) == times + 1
    assert len(room.posts) == 1


@REPEATS
def test_case_31_lost_answer_is_found_by_looking(room: Pressroom, repeat: RepeatMode) -> None:
    room.meta.publish_mode, room.meta.repeat_mode = PublishMode.DROP, repeat
    row = room.publish()
    assert row.step is Step.PUBLISHED
    assert [one.id for one in room.posts] == [row.media_id]
    assert room.asked(Endpoint.PUBLISH) == 1


@REPEATS
def test_case_32_error_behind_the_deed_is_found_by_looking(
    room: Pressroom, repeat: RepeatMode
) -> None:
    room.meta.publish_mode, room.meta.repeat_mode = PublishMode.ERROR_500, repeat
    room.meta.switches.status_lag = room.meta.switches.list_lag = 2
    row = room.publish()
    assert row.step is Step.PUBLISHED
    assert [one.id for one in room.posts] == [row.media_id]


def test_case_33_spam_block_recovers_and_stops_the_account(room: Pressroom) -> None:
    room.meta.publish_mode = PublishMode.SPAM
    assert room.publish().step is Step.PUBLISHED
    assert len(room.posts) == 1
    assert "spam" in (room.desk.stopped() or "")
    other = room.another("Another one", media=3000)
    with pytest.raises(StatusConflict, match="stopped"):
        room.desk.publish(other.id, again=True)
    room.desk.resume(room.account.id)
    assert room.desk.publish(other.id, again=True).step is Step.CLAIMED


def test_case_34_two_that_may_be_it_ask_a_person(room: Pressroom) -> None:
    room.ask()
    room.meta.switches.processing_polls, room.meta.switches.processing_seconds = 0, 60
    room.run(until=lambda row: row.step is Step.UPLOADED)
    room.meta.fail(Endpoint.LIST, body={"data": []}, times=1)  # it is posted by hand after the look
    room.meta.publish_mode = PublishMode.DROP
    room.meta.add_media(room.account, CAPTION)
    row = room.run()
    assert row.step is Step.UNSURE
    assert room.asked(Endpoint.PUBLISH) == 1


@pytest.mark.parametrize("done", [False, True])
def test_case_35_restart_behind_the_call_asks_before_anything_is_sent(
    room: Pressroom, monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    class Killed(BaseException):
        pass

    real = Instagram.publish

    def killed(instagram: Instagram, container_id: str) -> str:
        if done:
            real(instagram, container_id)
        raise Killed

    room.ask()
    with monkeypatch.context() as patch:
        patch.setattr(Instagram, "publish", killed)
        with pytest.raises(Killed):
            room.run()
    assert room.row.step is Step.SENT
    room.meta.forget()
    row = room.run()
    assert room.asked(Endpoint.PUBLISH) == 0
    assert row.step is (Step.PUBLISHED if done else Step.UNSURE)


def test_case_36_second_click_is_told_that_it_is_under_way(room: Pressroom) -> None:
    room.ask()
    with pytest.raises(StatusConflict, match="is being published"):
        room.ask()
    room.run()
    with pytest.raises(StatusConflict, match="is published"):
        room.ask()
    assert len(room.posts) == 1


def test_case_37_full_quota_waits_without_a_container(room: Pressroom) -> None:
    room.meta.use_quota(room.account, room.account.quota_total)
    room.ask()
    room.run(until=lambda row: row.fault == "quota")
    assert room.meta.containers == ()
    room.meta.clock.go(hours=24, seconds=1)
    assert room.run().step is Step.PUBLISHED


def test_case_37_quota_that_fills_meanwhile_keeps_the_container(room: Pressroom) -> None:
    room.meta.switches.processing_polls, room.meta.switches.processing_seconds = 0, 60
    room.ask()
    room.run(until=lambda row: row.step is Step.UPLOADED)
    room.meta.fail(Endpoint.PUBLISH, code=9, subcode=2207042, times=1)
    assert room.run().step is Step.PUBLISHED
    assert (len(room.meta.containers), len(room.posts)) == (1, 1)


def test_case_38_expired_connection_waits_for_the_login_and_goes_on(room: Pressroom) -> None:
    room.ask()
    room.meta.invalidate(room.house.ada, Reason.EXPIRED)
    room.run(until=lambda row: bool(row.trouble))
    assert room.house.desk.status().needs_login
    room.meta.invalidate(room.house.ada, None)
    room.house.connect()
    assert room.run().step is Step.PUBLISHED
    assert len(room.posts) == 1


# what the ledger is for


def test_reel_that_is_not_approved_is_not_published(room: Pressroom) -> None:
    with room.house.store.begin() as tx:
        tx.reels.decide(room.reel.id, ReviewStatus.REJECTED, seen=room.reel.version)
    with pytest.raises(StatusConflict, match="not approved"):
        room.ask()
    assert room.meta.journal == ()


def test_approval_that_is_taken_back_in_time_stops_it(room: Pressroom) -> None:
    room.meta.switches.processing_polls, room.meta.switches.processing_seconds = 0, 60
    room.ask()
    room.run(until=lambda row: row.step is Step.UPLOADED)
    with room.house.store.begin() as tx:
        tx.reels.decide(room.reel.id, ReviewStatus.REJECTED, seen=room.reel.version)
    assert room.run().step is Step.FAILED
    assert room.posts == ()


def test_same_stretch_of_another_import_asks_first(room: Pressroom) -> None:
    room.publish()
    again = room.another("Other words", media=3000)
    with pytest.raises(PostedBefore, match="you posted this on") as caught:
        room.desk.publish(again.id)
    assert [one.media_id for one in caught.value.before] == [room.row.media_id]
    assert room.desk.publish(again.id, again=True).step is Step.CLAIMED


def test_ledger_outlives_the_reel(room: Pressroom) -> None:
    room.publish()
    with room.house.store.begin() as tx:
        tx.videos.delete(room.reel.video_id)
    with room.house.store.read() as tx:
        (row,) = tx.publications.listed([Step.PUBLISHED])
    assert row.what.reel_id == room.reel.id
    with pytest.raises(PostedBefore):
        room.desk.publish(room.another("Other words", media=3000).id)


def test_restored_database_publishes_nothing_that_is_on_the_account(room: Pressroom) -> None:
    room.meta.add_media(room.account, f"{CAPTION} ")
    row = room.publish()
    assert row.step is Step.UNSURE
    assert (room.asked(Endpoint.CREATE), room.asked(Endpoint.PUBLISH)) == (0, 0)


def test_post_that_was_made_by_hand_meanwhile_is_not_made_again(room: Pressroom) -> None:
    room.meta.switches.processing_polls, room.meta.switches.processing_seconds = 0, 60
    room.ask()
    room.run(until=lambda row: row.step is Step.UPLOADED)
    room.meta.add_media(room.account, CAPTION)
    assert room.run().step is Step.UNSURE
    assert room.asked(Endpoint.PUBLISH) == 0


def test_person_picks_the_post(room: Pressroom) -> None:
    media = room.meta.add_media(room.account, CAPTION)
    row = room.publish()
    assert [one.id for one in room.desk.candidates(row.id)] == [media.id]
    row = room.desk.is_there(row.id, media.id)
    assert (row.step, row.media_id) == (Step.PUBLISHED, media.id)
    with room.house.store.read() as tx:
        reel = tx.reels.get(room.reel.id)
    assert reel.publish_status == "published"


def test_person_says_it_is_not_there_and_it_is_published_once(room: Pressroom) -> None:
    room.meta.fail(Endpoint.PUBLISH, drop="before", times=1)
    row = room.publish()
    assert row.step is Step.UNSURE
    room.desk.is_not_there(row.id, seen=[one.id for one in room.desk.candidates(row.id)])
    assert room.run().step is Step.PUBLISHED
    assert (len(room.meta.containers), len(room.posts)) == (1, 1)


def test_post_that_a_person_has_seen_and_said_to_be_another_is_not_asked_about_again(
    room: Pressroom,
) -> None:
    older = room.meta.add_media(room.account, CAPTION)
    row = room.publish()
    assert row.step is Step.UNSURE
    room.desk.is_not_there(row.id, seen=[older.id])
    row = room.run()
    assert (row.step, len(room.posts)) == (Step.PUBLISHED, 1)
    assert row.media_id != older.id


def unsure_and_sent_again(room: Pressroom) -> Publication:
    """A call that was lost, and a person who has said that it is not there."""
    room.meta.fail(Endpoint.PUBLISH, drop="before", times=1)
    row = room.publish()
    assert row.step is Step.UNSURE
    return room.desk.is_not_there(row.id, seen=())


def test_not_ready_says_nothing_when_the_call_may_be_a_repetition(room: Pressroom) -> None:
    unsure_and_sent_again(room)
    room.meta.fail(Endpoint.PUBLISH, code=9007, subcode=2207027, times=1)
    assert room.run().step is Step.UNSURE
    assert room.asked(Endpoint.PUBLISH) == 2


def test_container_that_was_sent_is_never_replaced_unasked(room: Pressroom) -> None:
    row = unsure_and_sent_again(room)
    over = {"id": row.container_id, "status_code": "EXPIRED", "status": "Expired"}
    room.meta.fail(Endpoint.CONTAINER, status=200, body=over, times=1)
    row = room.run()
    assert (row.step, len(room.meta.containers)) == (Step.UNSURE, 1)
    room.meta.clock.go(hours=24)
    room.desk.is_not_there(row.id, seen=())
    assert room.run().step is Step.PUBLISHED
    assert (len(room.meta.containers), len(room.posts)) == (2, 1)


def test_one_post_that_two_reels_may_be_is_given_to_neither(room: Pressroom) -> None:
    other = room.another(media=3000)
    hidden = room.meta.fail(Endpoint.LIST, status=200, body={"data": []})
    room.meta.fail(Endpoint.PUBLISH, drop="after", times=1)
    room.ask()
    room.run(until=lambda row: row.step is Step.SENT)
    room.meta.fail(Endpoint.PUBLISH, drop="before", times=1)
    second = room.desk.publish(other.id, again=True)
    with suppress(InstagramError):
        room.once(second)
    with suppress(InstagramError):
        room.meta.clock.go(seconds=60)
        room.once(second)
    assert hidden
    room.meta.mend(Endpoint.LIST)
    with room.house.store.read() as tx:
        assert tx.publications.get(second.id).step is Step.SENT
    assert room.once(second).step is Step.UNSURE
    assert room.run().step is Step.UNSURE


def test_person_who_errs_is_not_followed_where_instagram_knows_better(room: Pressroom) -> None:
    room.meta.switches.list_lag = 10_000
    room.meta.publish_mode = PublishMode.DROP
    row = room.publish()
    assert row.step is Step.UNSURE
    assert "says that it is published" in row.trouble


def test_sleep_between_the_claim_and_the_call_sends_nothing(room: Pressroom) -> None:
    real, slept = room.press.clock, list[bool]()

    def clock() -> datetime:
        if room.row.step is Step.SENT and not slept:
            slept.append(True)
            room.meta.clock.go(hours=1)
        return real()

    object.__setattr__(room.press, "clock", clock)
    row = room.publish()
    assert row.step is Step.PUBLISHED
    assert slept
    assert (room.asked(Endpoint.PUBLISH), row.sends, row.refusals) == (1, 2, 1)


def test_options_are_sent_as_they_were_chosen(room: Pressroom) -> None:
    options = PostOptions(
        share_to_feed=False, thumb_offset=1.5, collaborators=("ben",), ai_generated=True
    )
    assert room.publish(options).step is Step.PUBLISHED
    (create,) = room.meta.asked(Endpoint.CREATE)
    sent = dict(create.params)
    assert (sent["share_to_feed"], sent["thumb_offset"]) == ("false", "1500")
    assert "ben" in sent["collaborators"]
    assert sent["is_ai_generated"] == "true"


def test_upload_address_of_another_host_gets_no_token(room: Pressroom) -> None:
    uri = "https://rupload.facebook.example/ig-api-upload/v25.0/1"
    room.meta.fail(Endpoint.CREATE, status=200, body={"id": "17999999999999999", "uri": uri})
    row = room.publish()
    assert (row.step, row.fault) == (Step.FAILED, "foreign_host")


def test_published_moment_is_that_of_the_clock(room: Pressroom) -> None:
    row = room.publish()
    assert row.published_at is not None
    assert abs(row.published_at - room.meta.clock.now()) < timedelta(minutes=10)
