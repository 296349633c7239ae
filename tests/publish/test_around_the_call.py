"""What operators, jobs and accounts do around a publication: nothing is posted that nobody said."""

from __future__ import annotations

from typing import Any

import pytest

from gravix_core.errors import InstagramError, NotAccepted, NotFound, Outdated, PostedBefore
from gravix_core.jobs import queue, retries
from gravix_core.model import Job, JobStatus, JobType, Reel, ReviewStatus
from gravix_core.publications import LOOK, Publication, Step
from gravix_core.store.accounts import NewAccount
from tests.publish.conftest import House
from tests.publish.pressroom import Pressroom, pressroom
from tests.simulators.instagram import Endpoint, PublishMode


@pytest.fixture
def room(house: House) -> Pressroom:
    return pressroom(house)


def bob(room: Pressroom) -> None:
    """A second account, to which reels go from now on."""
    now = room.press.clock()
    new: dict[str, Any] = dict.fromkeys(("name", "picture_url", "page_name"), "")
    with room.house.store.begin() as tx:
        made = tx.accounts.save(
            NewAccount(
                **new, ig_user_id="17841400000000099", username="bob", page_id="99",
                fb_user_id="99", scopes=(), expires_at=None, data_until=None,
                sealed_token="sealed", sealed_page_token=None,
            ),
            now=now,
        )  # fmt: skip
        tx.accounts.activate(made.id)


def written_anew(room: Pressroom) -> Reel:
    """Other words, approved."""
    with room.house.store.begin() as tx:
        reel = tx.reels.get(room.reel.id)
        tx.reels.save_words(
            reel.id, edited=reel.text_version, title="B", caption="Other words", hashtags=()
        )
        seen = tx.reels.get(reel.id).version
        return tx.reels.decide(reel.id, ReviewStatus.APPROVED, seen=seen)


def failed(room: Pressroom) -> Publication:
    room.meta.switches.processing_error = 2207026
    row = room.publish()
    assert row.step is Step.FAILED
    room.meta.switches.processing_error = 0
    return row


def job_of(room: Pressroom, row: Publication) -> Job:
    with room.house.store.read() as tx:
        job = queue.find(tx, f"publication/{row.id}")
    assert job is not None
    return job


def test_cancelling_everything_ends_each_post_of_a_video(room: Pressroom) -> None:
    first = room.ask()
    other = room.another("Something else entirely", media=3000)
    second = room.desk.publish(other.id, again=True)
    with room.house.store.begin() as tx:  # both of one video, as two reels of a film are
        tx.session.connection().exec_driver_sql(
            "UPDATE jobs SET video_id = ?", (first.what.video_id,)
        )
    room.jobs.cancel_all()
    room.desk.wake()
    with room.house.store.read() as tx:
        steps = [tx.publications.get(one.id).step for one in (first, second)]
    assert steps == [Step.FAILED, Step.FAILED]
    states = {job_of(room, one).status for one in (first, second)}
    assert states == {JobStatus.CANCELLED}


def test_same_stretch_asks_first_also_while_the_other_is_under_way(room: Pressroom) -> None:
    room.ask()
    other = room.another(media=3000)
    with pytest.raises(PostedBefore):
        room.desk.publish(other.id)


def test_trying_again_goes_to_no_other_account(room: Pressroom) -> None:
    row = failed(room)
    bob(room)
    with pytest.raises(Outdated, match="@bob"):
        room.desk.retry(row.id)


def test_trying_again_sends_no_other_words(room: Pressroom) -> None:
    row = failed(room)
    written_anew(room)
    with pytest.raises(Outdated):
        room.desk.retry(row.id)


def test_published_reel_is_ready_for_another_account(room: Pressroom) -> None:
    room.publish()
    bob(room)
    (item,) = room.desk.ready(limit=9).items
    assert item.row is None


def test_stop_of_an_account_that_is_not_active_is_told_and_ended(room: Pressroom) -> None:
    room.meta.publish_mode = PublishMode.SPAM
    room.publish()
    bob(room)
    (stop,) = room.desk.stops()
    assert (stop.username, "spam" in stop.reason) == (room.account.username, True)
    room.desk.resume(stop.ig_user_id)
    assert room.desk.stops() == ()


def test_unsure_reel_of_a_deleted_video_can_be_settled(room: Pressroom) -> None:
    room.meta.fail(Endpoint.PUBLISH, drop="before", times=1)
    row = room.publish()
    assert row.step is Step.UNSURE
    with room.house.store.begin() as tx:
        tx.videos.delete(row.what.video_id)
    room.desk.is_not_there(row.id, seen=())
    row = room.run_row(row)
    assert (row.step, row.fault) == (Step.FAILED, "gone")
    assert room.posts == ()


def test_call_that_always_comes_too_early_is_not_made_for_ever(room: Pressroom) -> None:
    room.meta.publish_mode = PublishMode.NOT_READY
    room.meta.switches.not_ready_tries = 10_000
    row = room.publish()
    assert row.step is Step.FAILED
    assert room.asked(Endpoint.PUBLISH) <= 9
    assert len(room.meta.containers) <= 3


def test_lost_outcome_without_a_word_for_a_day_is_asked_of_a_person(room: Pressroom) -> None:
    room.meta.fail(Endpoint.PUBLISH, drop="before", times=1)
    room.ask()
    room.run(until=lambda row: row.step is Step.SENT)
    for endpoint in (Endpoint.CONTAINER, Endpoint.LIST):
        room.meta.fail(endpoint, status=500, body={"error": {"message": "x", "code": 2}})
    room.meta.clock.go(hours=25)
    assert room.run().step is Step.UNSURE


def test_publication_waits_for_days_when_it_is_told_to(room: Pressroom) -> None:
    job = job_of(room, room.ask())
    object.__setattr__(job, "waited", 3 * 86_400.0)
    error = InstagramError("no more posts", kind="wait", retry_after=3600)
    assert retries.retry_of(error, job, chance=0.5, standing=True) is not None
    object.__setattr__(job, "job_type", JobType.YT_DOWNLOAD)
    assert retries.retry_of(error, job, chance=0.5, standing=True) is None


def test_what_was_cancelled_says_nothing_of_waiting(room: Pressroom) -> None:
    room.meta.use_quota(room.account, room.account.quota_total)
    room.ask()
    row = room.run(until=lambda row: row.fault == "quota")
    assert "wait" in row.hint
    room.desk.cancel(row.id)
    assert (room.row.step, room.row.hint) == (Step.FAILED, "")


def test_broken_off_call_says_where_to_look(room: Pressroom) -> None:
    room.meta.fail(Endpoint.PUBLISH, drop="before", times=1)
    room.ask()
    row = room.run(until=lambda row: row.step is Step.SENT)
    with room.house.store.begin() as tx:
        tx.publications.job_ended(row.id, "", now=room.press.clock())
    assert (room.row.step, room.row.hint) == (Step.UNSURE, LOOK)


def test_reel_whose_file_is_away_is_refused_and_published_when_it_is_back(room: Pressroom) -> None:
    content = room.file.read_bytes()
    room.file.unlink()
    with pytest.raises(NotAccepted, match="file"):
        room.ask()
    room.file.write_bytes(content)
    assert room.publish().step is Step.PUBLISHED


def test_yes_that_comes_while_the_job_ends_is_kept(room: Pressroom) -> None:
    row = failed_in_its_job(room)
    room.desk.retry(row.id)
    with room.house.store.begin() as tx:
        job = room.claimed
        queue.fail(tx, job, InstagramError("over"), now=room.press.clock(), retry_in=None)
    assert job_of(room, row).status is JobStatus.PENDING
    assert room.row.step is Step.CLAIMED


def failed_in_its_job(room: Pressroom) -> Publication:
    """The row has failed, and the job that found it is not at its end yet."""
    room.ask()
    with room.house.store.begin() as tx:
        room.claimed = queue.claim(tx, "elsewhere/1", now=room.press.clock())
    room.meta.switches.processing_error = 2207026
    row = room.run()
    assert row.step is Step.FAILED
    return row


def test_unknown_reel_is_not_found_whatever_is_connected(room: Pressroom) -> None:
    with room.house.store.begin() as tx:
        for account in tx.accounts.listed():
            tx.accounts.remove(account.id)
    with pytest.raises(NotFound):
        room.desk.publish(999)
