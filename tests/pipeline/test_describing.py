"""Texts by basic at once and by a provider aside, through the jobs, on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from gravix_core.desks.texts import TextsDesk
from gravix_core.errors import Cancelled, CaptionError
from gravix_core.handlers import limits
from gravix_core.model import OPERATOR, JobType, LogLevel, ReviewStatus, VideoStatus
from gravix_core.pipeline import describe
from gravix_core.pipeline.describe import Request
from gravix_core.pipeline.provider import Account, Provider
from gravix_core.stages.caption.base import never
from gravix_core.stages.caption.batches import GeminiCaptioner
from gravix_core.stages.caption.prompt import Answered, Prompt
from gravix_core.store import Store
from gravix_core.store.tables import ReelRow
from gravix_core.texts import Usage
from tests.caption.asking import Scripted, batch, item
from tests.pages.houses import TEXT
from tests.pipeline.writing import (
    MIDNIGHT,
    Room,
    add_video,
    bad_key,
    day_over,
    open_store,
    passing,
    roomed,
)
from tests.support import Quiet

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def room(store: Store) -> Room:
    room = roomed(store)
    room.provider.agree()
    return room


def done(room: Room, video_id: int) -> None:
    room.describe(video_id)
    room.jobs.run_due()


def test_hundred_reels_on_a_plan_of_twenty_requests_a_day_are_done_at_once(room: Room) -> None:
    room.model.a_day = 20
    video_id = add_video(room.store, 100)
    done(room, video_id)
    assert room.writers_of(video_id) == ["gemini"] * 100
    assert len(room.model.requests) <= 20
    assert room.job(video_id) is None


def test_small_plan_holds_nothing_up_and_is_gone_on_with_each_day(room: Room) -> None:
    room.model.a_day = 4
    video_id = add_video(room.store, 100)
    done(room, video_id)
    with room.store.read() as tx:
        assert tx.videos.get(video_id).status is VideoStatus.COMPLETED
    assert room.writers_of(video_id).count("gemini") == 40
    assert len(room.model.requests) == 5  # the last one was refused
    assert sum("quota of the day" in line for line in room.log(video_id)) == 1
    for written in (80, 100):
        room.model.new_day()
        room.jobs.run_due()
        assert room.writers_of(video_id).count("gemini") == written
    assert len(room.model.requests) == 12


def test_quota_of_the_day_is_not_asked_about_before_the_day_is_over(room: Room) -> None:
    room.model.trouble = day_over()
    video_id = add_video(room.store, 30)
    done(room, video_id)
    room.clock.pass_by(MIDNIGHT - 60)
    room.jobs.run_due()
    assert len(room.model.requests) == 1
    room.model.trouble = None
    room.clock.pass_by(61)
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 30


def test_bad_key_is_one_request_and_one_sentence(room: Room) -> None:
    room.model.trouble = bad_key()
    video_id = add_video(room.store, 100)
    done(room, video_id)
    assert len(room.model.requests) == 1
    assert room.writers_of(video_id) == ["basic"] * 100
    assert sum("key is not valid" in line for line in room.log(video_id)) == 1
    assert room.job(video_id) is None
    with room.store.read() as tx:
        assert tx.videos.get(video_id).status is VideoStatus.COMPLETED
        assert tx.videos.get(video_id).error_message is None


def test_other_videos_say_why_they_were_not_asked_for_without_asking(room: Room) -> None:
    room.model.trouble = bad_key()
    first, second = add_video(room.store, 10), add_video(room.store, 10)
    done(room, first)
    done(room, second)
    assert len(room.model.requests) == 1
    assert sum("key is not valid" in line for line in room.log(second)) == 1


@pytest.mark.parametrize("change", ["key", "model"])
def test_another_key_or_model_lifts_what_was_said_of_the_one_before(
    room: Room, change: str
) -> None:
    room.provider.failed(bad_key())
    assert not room.provider.is_on()
    if change == "model":
        room.provider.choose("gemini-other")
        assert room.provider.is_on()
    else:
        other = Account("another key", "gemini-test")
        assert Provider(room.store, other, make=lambda _: room.model).is_on()


def test_what_is_kept_of_a_failure_does_not_hold_the_key(room: Room) -> None:
    room.provider.failed(bad_key())
    with room.store.read() as tx:
        told = tx.preferences.get("gemini_hold")
    assert told is not None
    assert "a key" not in str(told)


def test_without_a_key_basic_writes_and_nothing_is_said(store: Store) -> None:
    room = roomed(store, key="")
    room.provider.agree()
    video_id = add_video(store, 3)
    done(room, video_id)
    assert room.writers_of(video_id) == ["basic"] * 3
    assert room.model.requests == []
    assert not any("Gemini" in line for line in room.log(video_id))


def test_without_consent_nothing_is_sent_and_that_is_said_once(store: Store) -> None:
    room = roomed(store)
    video_id = add_video(store, 30)
    done(room, video_id)
    assert room.model.requests == []
    assert sum("not agreed" in line for line in room.log(video_id)) == 1


def test_text_that_the_operator_edits_during_the_request_stays(room: Room) -> None:
    video_id = add_video(room.store, 2)
    mine, _ = room.reels(video_id)

    def edit() -> None:
        with room.store.begin() as tx:
            words = {"title": "Mine", "caption": "My own words", "hashtags": ["#own"]}
            assert tx.reels.save_words(mine.id, edited=1, **words)  # type: ignore[arg-type]

    room.model.meanwhile = edit
    done(room, video_id)
    assert room.writers_of(video_id) == [OPERATOR, "gemini"]
    assert room.texts(video_id)[0].caption == "My own words"


def test_text_that_is_approved_during_the_request_stays(room: Room) -> None:
    video_id = add_video(room.store, 2)
    approved, _ = room.reels(video_id)
    room.model.meanwhile = lambda: approve_row(room, approved.id)
    done(room, video_id)
    assert room.writers_of(video_id) == ["basic", "gemini"]
    assert room.reels(video_id)[0].review_status is ReviewStatus.APPROVED


def approve_row(room: Room, reel_id: int) -> None:
    """It is not rendered here, so that no desk would take it."""
    with room.store.begin() as tx:
        tx.session.get_one(ReelRow, reel_id).review_status = ReviewStatus.APPROVED


def test_text_that_was_taken_from_the_history_during_the_request_stays(room: Room) -> None:
    video_id = add_video(room.store, 1)
    (reel,) = room.reels(video_id)

    def choose() -> None:
        with room.store.begin() as tx:
            text = tx.reels.get(reel.id).text
            assert text is not None
            assert tx.reels.choose_text(reel.id, text, edited=1)

    room.model.meanwhile = choose
    done(room, video_id)
    assert room.writers_of(video_id) == ["basic"]


class Killed(BaseException):
    """As a process that is gone: nobody catches it."""


def test_death_between_answer_and_writing_costs_that_request_alone(room: Room) -> None:
    video_id = add_video(room.store, 20)
    room.describe(video_id)

    def die() -> None:
        if len(room.model.requests) == 2:
            raise Killed

    room.model.meanwhile = die
    with pytest.raises(Killed):
        room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 10 + ["basic"] * 10
    room.clock.pass_by(60)
    again = roomed(room.store, model=room.model)
    again.jobs.run_due()
    again.clock.pass_by(60)  # whoever finds a dead one is patient first
    again.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 20
    assert len(room.model.requests) == 3


def test_what_came_before_a_failure_is_kept(room: Room) -> None:
    video_id = add_video(room.store, 2)
    first, _ = room.reels(video_id)
    error = day_over()
    error.texts = {first.id: replace(TEXT, written_by="gemini")}
    room.model.trouble = error
    done(room, video_id)
    assert room.writers_of(video_id) == ["gemini", "basic"]


def test_minute_that_is_full_is_waited_for_as_long_as_was_said(room: Room) -> None:
    room.model.trouble = CaptionError("too many", kind="wait", retry_after=17.0)
    video_id = add_video(room.store, 30)
    done(room, video_id)
    room.model.trouble = None
    room.clock.pass_by(16)
    room.jobs.run_due()
    assert len(room.model.requests) == 1
    room.clock.pass_by(2)
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 30


@pytest.mark.parametrize("kind", ["transient", "wait"])
def test_trouble_that_does_not_pass_is_left_to_the_operator_after_three_days(
    room: Room, kind: str
) -> None:
    room.model.trouble = CaptionError("it is overloaded", hint="Wait.", kind=kind)
    video_id = add_video(room.store, 3)
    done(room, video_id)
    assert len(room.model.requests) == 1
    begun = room.clock.now
    for _ in range(200):
        room.clock.pass_by(1801)
        room.jobs.run_due()
        if room.provider.again_in() is None:
            break
    assert 2.9 < (room.clock.now - begun) / timedelta(days=1) < 3.1
    asked = len(room.model.requests)
    assert asked < 150
    room.clock.pass_by(86_400)
    room.jobs.run_due()
    assert len(room.model.requests) == asked
    assert sum("3 days in vain" in line for line in room.log(video_id)) == 1
    with room.store.read() as tx:
        assert tx.videos.get(video_id).status is VideoStatus.COMPLETED
        assert {line.level for line in tx.logs.of_video(video_id)} <= {
            LogLevel.INFO,
            LogLevel.WARNING,
        }
    room.model.trouble = None
    assert TextsDesk(room.store, room.jobs, room.writers).upgrade() == 3
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 3


def waits(room: Room, *errors: CaptionError) -> list[int]:
    """Seconds that each keeps it from being asked, when nothing works between them."""
    found = []
    for error in errors:
        room.provider.failed(error)
        found.append(round(room.provider.again_in() or 0))
        room.clock.pass_by(found[-1] + 1)
    return found


def test_wait_grows_while_nothing_works(room: Room) -> None:
    minute = CaptionError("too many", kind="wait", retry_after=0.0)
    assert waits(room, minute, minute, passing(), minute) == [10, 50, 250, 1250]
    assert waits(room, minute, passing()) == [1800, 1800]
    long = CaptionError("too many", kind="wait", retry_after=4000.0)
    assert waits(room, long) == [4000]


@pytest.mark.parametrize("event", ["worked", "model", "part"])
def test_wait_does_not_grow_after_something_worked(room: Room, event: str) -> None:
    assert waits(room, passing(), passing()) == [60, 300]
    error = passing()
    if event == "worked":
        room.provider.worked()
    elif event == "model":
        room.provider.choose("gemini-other")
    else:
        error.texts = {1: TEXT}
    assert waits(room, error) == [60]


def test_trouble_that_passes_is_forgotten(room: Room) -> None:
    room.model.trouble = passing()
    video_id = add_video(room.store, 20)
    done(room, video_id)
    room.model.trouble = None
    room.clock.pass_by(61)
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 20
    assert room.provider.is_on()


def test_reel_without_a_usable_answer_keeps_its_text_and_is_not_asked_for_again(
    room: Room,
) -> None:
    video_id = add_video(room.store, 3)
    room.model.silent_about = {room.reels(video_id)[1].id}
    done(room, video_id)
    done(room, video_id)
    assert room.writers_of(video_id) == ["gemini", "basic", "gemini"]
    assert len(room.model.requests) == 1


def test_titles_of_a_video_differ_whatever_comes(room: Room) -> None:
    room.model.title = "The same for all"
    video_id = add_video(room.store, 25)
    done(room, video_id)
    titles = [text.title for text in room.texts(video_id)]
    assert len(set(titles)) == 25
    assert max(map(len, titles)) <= 100


def test_every_request_is_counted_for_its_video(room: Room) -> None:
    video_id = add_video(room.store, 25)
    done(room, video_id)
    with room.store.read() as tx:
        usage = tx.usage.of_video(video_id)
        (month,) = tx.usage.by_month()
    assert usage is not None
    assert (usage.requests, usage.input_tokens, usage.output_tokens) == (3, 3000, 300)
    assert usage.cost == pytest.approx(0.003)
    assert month[1] == usage


def test_titles_of_other_batches_are_told_as_taken(room: Room) -> None:
    video_id = add_video(room.store, 12)
    done(room, video_id)
    assert len(room.model.briefs[1].taken) == 10


def test_texts_that_are_there_are_neither_written_nor_asked_for_again(room: Room) -> None:
    video_id = add_video(room.store, 5)
    done(room, video_id)
    before = room.reels(video_id)
    done(room, video_id)
    assert room.reels(video_id) == before
    assert len(room.model.requests) == 1


def test_every_reel_has_its_text_while_the_first_request_is_under_way(room: Room) -> None:
    video_id = add_video(room.store, 35)
    seen = []
    room.model.meanwhile = lambda: seen.append(len(room.texts(video_id)))
    done(room, video_id)
    assert seen[0] == 35


def test_video_that_gemini_is_slow_about_keeps_no_other_from_its_texts() -> None:
    assert limits(renders=1)[JobType.AI_METADATA] > 1


def test_while_another_job_asks_the_texts_are_left_to_a_later_one(room: Room) -> None:
    video_id = add_video(room.store, 3)
    with room.provider.turn(Quiet(), patient=True) as asked:
        assert asked is room.model
        done(room, video_id)
        assert room.writers_of(video_id) == ["basic"] * 3
    room.clock.pass_by(6)
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 3


def test_wait_for_the_turn_hears_the_wish_to_stop(room: Room) -> None:
    class Stopping(Quiet):
        def should_stop(self) -> bool:
            return True

    with (
        room.provider.turn(Quiet(), patient=True),
        pytest.raises(Cancelled),
        room.provider.turn(Stopping(), patient=True),
    ):
        pass


def test_consent_that_is_taken_back_while_pictures_are_cut_is_heeded(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(request: Request, **_: object) -> Request:
        room.provider.take_back()
        return request

    monkeypatch.setattr(import_module("gravix_core.pipeline.describe"), "with_pictures", cut)
    video_id = add_video(room.store, 3)
    done(room, video_id)
    assert room.model.requests == []
    assert room.writers_of(video_id) == ["basic"] * 3
    assert sum("not agreed" in line for line in room.log(video_id)) == 1


class Useless:
    """Its answers are empty, so that it would be asked again; one does what it likes meanwhile."""

    def __init__(self) -> None:
        self.requests = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def ask(self, prompt: Prompt, should_stop: Callable[[], bool] = never) -> Answered:
        self.requests += 1
        self.meanwhile()
        return Answered("", Usage("gemini-test"))


def test_consent_that_is_taken_back_between_two_requests_is_heeded_quietly(store: Store) -> None:
    asker = Useless()
    room = roomed(store, provider=GeminiCaptioner(asker))
    room.provider.agree()
    asker.meanwhile = room.provider.take_back
    video_id = add_video(store, 4)
    done(room, video_id)
    assert asker.requests == 1
    with store.read() as tx:
        assert tx.videos.get(video_id).status is VideoStatus.COMPLETED
    assert room.job(video_id) is None


def test_wish_to_stop_is_no_consent_taken_back(store: Store) -> None:
    asker, watch = Useless(), Quiet()
    room = roomed(store, provider=GeminiCaptioner(asker))
    room.provider.agree()
    asker.meanwhile = lambda: setattr(watch, "should_stop", lambda: True)
    video_id = add_video(store, 4)
    with pytest.raises(Cancelled):
        describe(video_id, [r.id for r in room.reels(video_id)], writers=room.writers, watch=watch)
    assert asker.requests == 1


@pytest.mark.parametrize("why", ["stop", "consent"])
def test_texts_that_came_before_the_end_of_asking_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    watch = Quiet()

    def two_and_the_end(asked: tuple[int, ...]) -> str:
        if why == "stop":
            monkeypatch.setattr(watch, "should_stop", lambda: True)
        else:
            stopped.provider.take_back()
        return batch(map(item, asked[:2]))

    model = Scripted(two_and_the_end)
    stopped = roomed(store, provider=GeminiCaptioner(model))
    stopped.provider.agree()
    video_id = add_video(store, 4)
    reel_ids = [reel.id for reel in stopped.reels(video_id)]
    with suppress(Cancelled):
        describe(video_id, reel_ids, writers=stopped.writers, watch=watch)
    assert len(model.asked) == 1
    assert stopped.writers_of(video_id) == ["gemini", "gemini", "basic", "basic"]


def test_error_that_nobody_expected_is_for_the_log_alone(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    room.model.meanwhile = fail
    video_id = add_video(room.store, 3)
    done(room, video_id)
    assert room.writers_of(video_id) == ["basic"] * 3
    with room.store.read() as tx:
        assert tx.videos.get(video_id).status is VideoStatus.COMPLETED
    assert not any("ZeroDivisionError" in line for line in room.log(video_id))
    assert "ZeroDivisionError" in caplog.text
