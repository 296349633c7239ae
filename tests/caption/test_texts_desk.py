"""The desks of texts, voice and Gemini over a real store, with stand-ins of both captioners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gravix_core.desks.gemini import GeminiDesk
from gravix_core.desks.review import Review
from gravix_core.desks.texts import TextsDesk
from gravix_core.desks.voice import VoiceDesk
from gravix_core.errors import CaptionError, NotAccepted, NotFound, StatusConflict
from gravix_core.model import BASIC, OPERATOR, PostText, Reel, ReviewStatus
from gravix_core.pipeline.describe import Request
from gravix_core.store import Store
from gravix_core.texts import Field, ModelInfo, RuleKind, Usage, Voice
from tests.pages.houses import rendered_reel
from tests.pipeline.writing import (
    Room,
    add_video,
    bad_key,
    day_over,
    open_store,
    passing,
    roomed,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def room(store: Store) -> Room:
    return roomed(store)


@pytest.fixture
def video_id(room: Room) -> int:
    """Twelve reels with texts of basic's."""
    video_id = add_video(room.store, 12)
    room.describe(video_id)
    room.jobs.run_due()
    return video_id


@pytest.fixture
def reel(room: Room, video_id: int) -> Reel:
    return room.reels(video_id)[0]


@pytest.fixture
def desk(room: Room) -> TextsDesk:
    return TextsDesk(room.store, room.jobs, room.writers)


@pytest.fixture
def gemini(room: Room) -> GeminiDesk:
    return GeminiDesk(
        room.store,
        room.jobs,
        room.provider,
        ask_models=lambda: (ModelInfo("gemini-test", "Test"),),
        estimate=lambda brief, reels, model: Usage(model, 1, 100 * len(reels), 10, 0.01),
    )


@pytest.fixture
def review(room: Room, tmp_path: Path) -> Review:
    return Review(room.store, folder=tmp_path / "folder")


def fresh(room: Room, reel: Reel) -> Reel:
    with room.store.read() as tx:
        return tx.reels.get(reel.id)


def text_of(room: Room, reel: Reel) -> PostText:
    text = fresh(room, reel).text
    assert text is not None
    return text


def approve(room: Room, review: Review, reel: Reel) -> None:
    with room.store.begin() as tx:
        tx.reels.set_rendered(reel.id, rendered_reel(tx.videos.root, reel))
    review.decide(reel.id, ReviewStatus.APPROVED, seen=fresh(room, reel).version)


def save(review: Review, room: Room, reel: Reel, caption: str, tags: str = "#own") -> None:
    edited = fresh(room, reel).text_version
    assert review.save_words(
        reel.id, edited=edited, title="Mine", caption=caption, hashtags=[tags]
    ).kept


# alternatives


def test_without_gemini_the_alternatives_are_basics(
    desk: TextsDesk, room: Room, reel: Reel
) -> None:
    found = desk.alternatives(reel.id)
    assert {text.written_by for text in found} == {BASIC}
    assert room.model.requests == []
    assert text_of(room, reel) not in found


def test_with_gemini_there_are_three_that_differ_and_they_are_counted(
    desk: TextsDesk, gemini: GeminiDesk, reel: Reel
) -> None:
    gemini.agree()
    found = desk.alternatives(reel.id, instruction="Ask a question")
    assert len({text.title for text in found}) == len(found) == 3
    assert all(text.title.startswith("Ask a question") for text in found)
    assert gemini.of_video(reel.video_id) == Usage("gemini-test", 1, 500, 50, 0.0005)


def test_alternatives_write_nothing(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, reel: Reel
) -> None:
    gemini.agree()
    desk.alternatives(reel.id)
    assert fresh(room, reel) == reel


@pytest.mark.parametrize("field", list(Field))
def test_field_that_was_not_asked_for_stays(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, reel: Reel, field: Field
) -> None:
    gemini.agree()
    now = text_of(room, reel)
    for text in desk.alternatives(reel.id, field=field):
        for other in set(Field) - {field}:
            assert getattr(text, other.value) == getattr(now, other.value)


def test_voice_holds_for_alternatives(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, reel: Reel
) -> None:
    gemini.agree()
    voice = Voice(forbidden=("way",), hashtags=("#always",), call_to_action="Come along.")
    VoiceDesk(room.store).save(voice)
    for text in desk.alternatives(reel.id):
        assert "way" not in text.title.casefold().split()
        assert "#always" in text.hashtags
        assert text.caption.endswith("Come along.")


@pytest.mark.parametrize("error", [bad_key(), day_over(), passing()], ids=lambda one: one.kind)
def test_failure_is_told_and_holds_only_what_cannot_work(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, reel: Reel, error: CaptionError
) -> None:
    gemini.agree()
    room.model.trouble = error
    with pytest.raises(CaptionError):
        desk.alternatives(reel.id)
    assert gemini.status().is_on is (error.kind == "transient")


def test_consent_that_is_taken_back_while_pictures_are_cut_is_heeded(
    desk: TextsDesk,
    gemini: GeminiDesk,
    room: Room,
    reel: Reel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cut(request: Request, **_: object) -> Request:
        gemini.take_back()
        return request

    gemini.agree()
    monkeypatch.setattr("gravix_core.desks.texts.with_pictures", cut)
    assert {text.written_by for text in desk.alternatives(reel.id)} == {BASIC}
    assert room.model.requests == []


def test_reel_without_a_text_has_no_alternatives(desk: TextsDesk, room: Room) -> None:
    bare = room.reels(add_video(room.store, 1))[0]
    with pytest.raises(StatusConflict):
        desk.alternatives(bare.id)
    with pytest.raises(NotFound):
        desk.alternatives(999)


# what the operator takes, and the way back


def test_taken_text_keeps_its_writer_and_no_job_writes_over_it(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, reel: Reel
) -> None:
    first = desk.alternatives(reel.id)[0]
    saved = desk.take(reel.id, first, edited=reel.text_version, instruction="Another one")
    assert saved.kept
    assert (saved.reel.text, saved.reel.text_is_chosen) == (first, True)
    gemini.agree()
    desk.upgrade()
    room.jobs.run_due()
    assert text_of(room, reel) == first
    assert desk.history(reel.id)[0].instruction == "Another one"


def test_text_that_changed_meanwhile_is_not_taken_over(
    desk: TextsDesk, review: Review, room: Room, reel: Reel
) -> None:
    first = desk.alternatives(reel.id)[0]
    save(review, room, reel, "Mine.")
    late = desk.take(reel.id, first, edited=reel.text_version)
    assert not late.kept
    assert late.reel.text is not None
    assert late.reel.text.caption == "Mine."


@pytest.mark.parametrize("field", list(Field))
def test_field_that_is_taken_leaves_what_was_written_into_the_others_since(
    desk: TextsDesk, review: Review, room: Room, reel: Reel, field: Field
) -> None:
    room.provider.agree()
    new = desk.alternatives(reel.id, instruction="Other")[0]
    save(review, room, reel, "Mine.")
    now = fresh(room, reel)
    saved = desk.take(reel.id, new, edited=now.text_version, field=field)
    assert saved.kept
    for one in Field:
        of = new if one is field else now.text
        assert getattr(saved.reel.text, one.value) == getattr(of, one.value)


def test_undo_leads_back_to_what_was_written(
    desk: TextsDesk, review: Review, room: Room, reel: Reel
) -> None:
    written = text_of(room, reel)
    save(review, room, reel, "Mine.")
    assert desk.can_undo(reel.id)
    assert desk.undo(reel.id, edited=fresh(room, reel).text_version).kept
    assert text_of(room, reel) == written
    assert not desk.can_undo(reel.id)
    with pytest.raises(StatusConflict):
        desk.undo(reel.id, edited=fresh(room, reel).text_version)


def test_nothing_that_the_operator_wrote_is_lost_by_going_back(
    desk: TextsDesk, review: Review, room: Room, reel: Reel
) -> None:
    save(review, room, reel, "Mine.")
    desk.undo(reel.id, edited=fresh(room, reel).text_version)
    mine = next(one for one in desk.history(reel.id) if one.text.written_by == OPERATOR)
    back = desk.restore(reel.id, mine.id, edited=fresh(room, reel).text_version)
    assert back.kept
    assert text_of(room, reel).caption == "Mine."


def test_way_back_of_who_saw_another_text_is_not_gone(
    desk: TextsDesk, review: Review, room: Room, reel: Reel
) -> None:
    save(review, room, reel, "Mine.")
    assert not desk.undo(reel.id, edited=reel.text_version).kept
    assert text_of(room, reel).caption == "Mine."


def test_text_of_another_reel_cannot_be_restored(
    desk: TextsDesk, room: Room, video_id: int, reel: Reel
) -> None:
    foreign = desk.history(room.reels(video_id)[1].id)[0]
    with pytest.raises(NotFound):
        desk.restore(reel.id, foreign.id, edited=reel.text_version)


# asking for better texts


def test_one_click_has_exactly_those_written_that_nobody_touched(
    desk: TextsDesk, gemini: GeminiDesk, review: Review, room: Room, video_id: int
) -> None:
    edited, approved, taken, *others = room.reels(video_id)
    save(review, room, edited, "Mine.")
    approve(room, review, approved)
    desk.take(taken.id, replace(text_of(room, taken), title="Chosen"), edited=taken.text_version)
    assert desk.upgradable() == desk.upgradable(video_id) == 9
    gemini.agree()
    assert gemini.estimate(video_id) == Usage("gemini-test", 1, 900, 10, 0.01)
    assert desk.upgrade(video_id) == 9
    room.jobs.run_due()
    assert room.writers_of(video_id) == [OPERATOR, BASIC, BASIC, *["gemini"] * 9]
    assert sorted(sum(room.model.requests, ())) == [reel.id for reel in others]
    assert desk.upgradable() == 0


def test_better_texts_need_a_key_and_the_consent(desk: TextsDesk, store: Store) -> None:
    with pytest.raises(StatusConflict, match="agreed"):
        desk.upgrade()
    keyless = roomed(store, key="")
    with pytest.raises(StatusConflict, match="no key"):
        TextsDesk(store, keyless.jobs, keyless.writers).upgrade()


def test_click_after_a_bad_key_asks_once_more(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, video_id: int
) -> None:
    gemini.agree()
    room.provider.failed(bad_key())
    assert gemini.status().held is not None
    assert desk.upgrade() == 12
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 12


def test_click_on_a_day_that_is_used_up_waits_for_the_next(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, video_id: int
) -> None:
    gemini.agree()
    room.provider.failed(day_over())
    assert desk.upgrade() == 12
    room.jobs.run_due()
    assert room.model.requests == []
    room.model.new_day()
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 12


def test_click_asks_again_for_what_was_refused(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, video_id: int
) -> None:
    gemini.agree()
    room.model.silent_about = {room.reels(video_id)[3].id}
    desk.upgrade()
    room.jobs.run_due()
    room.model.silent_about = set()
    assert (gemini.retry(), desk.upgrade()) == (0, 1)
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 12


def test_lifting_asks_for_what_is_left(gemini: GeminiDesk, room: Room, video_id: int) -> None:
    gemini.agree()
    room.provider.failed(day_over())
    assert gemini.retry() == 12
    room.jobs.run_due()
    assert room.writers_of(video_id) == ["gemini"] * 12


def test_consent_that_is_taken_back_ends_all_requests(
    desk: TextsDesk, gemini: GeminiDesk, room: Room, video_id: int
) -> None:
    gemini.agree()
    desk.upgrade()
    gemini.take_back()
    room.jobs.run_due()
    assert room.model.requests == []


def test_models_are_asked_for_only_with_consent(gemini: GeminiDesk) -> None:
    with pytest.raises(StatusConflict, match="not agreed"):
        gemini.models()
    gemini.agree()
    assert [model.name for model in gemini.models()] == ["gemini-test"]
    gemini.take_back()
    with pytest.raises(StatusConflict, match="not agreed"):
        gemini.models()


def test_state_says_what_is_missing(gemini: GeminiDesk, room: Room) -> None:
    before = gemini.status()
    assert (before.has_key, before.consented, before.is_on) == (True, False, False)
    assert "not agreed" in gemini.why_not()
    gemini.agree()
    assert gemini.status().is_on
    assert gemini.why_not() == ""
    room.provider.failed(bad_key())
    held = gemini.status().held
    assert held is not None
    assert (held.kind, held.until, gemini.status().is_on) == ("key", None, False)
    assert gemini.why_not() == "The key is not valid. Correct it."


def test_chosen_model_wins_and_can_be_given_up(gemini: GeminiDesk) -> None:
    gemini.choose("models/gemini-other")
    assert gemini.status().model == "gemini-other"
    gemini.choose("")
    assert gemini.status().model == "gemini-test"


# the voice


def test_voice_is_kept_tidy(room: Room) -> None:
    desk = VoiceDesk(room.store)
    assert desk.get() == Voice()
    desk.save(
        Voice(
            language=" pt-BR ",
            tone="calm\nand  dry",
            forbidden=("Viral", " viral ", ""),
            hashtags=("bridges", "#Bridges #arch"),
            call_to_action=" Follow me. ",
        )
    )
    assert desk.get() == Voice(
        language="pt-BR",
        tone="calm and dry",
        forbidden=("Viral",),
        hashtags=("#bridges", "#arch"),
        call_to_action="Follow me.",
    )


def test_habit_becomes_a_rule_that_is_heeded_until_it_is_switched_off(
    room: Room, review: Review, gemini: GeminiDesk, desk: TextsDesk, video_id: int
) -> None:
    voice = VoiceDesk(room.store)
    for reel in room.reels(video_id)[:3]:
        save(review, room, reel, "Mine.")  # without #bridges
        approve(room, review, reel)
    hashtag = next(rule for rule in voice.rules() if rule.kind is RuleKind.HASHTAG)
    assert (hashtag.text, hashtag.times, hashtag.is_on) == ("#bridges", 3, True)
    gemini.agree()
    desk.upgrade()
    room.jobs.run_due()
    assert hashtag in room.model.briefs[0].rules
    assert "#bridges" not in text_of(room, room.reels(video_id)[5]).hashtags
    assert len(room.model.briefs[0].examples) == 3
    voice.switch(hashtag.key, on=False)
    assert not next(rule for rule in voice.rules() if rule.key == hashtag.key).is_on
    voice.switch(hashtag.key, on=True)
    assert hashtag in voice.rules()


def test_approval_is_what_is_learned_of_and_taking_it_back_unlearns(
    room: Room, review: Review, reel: Reel
) -> None:
    voice = VoiceDesk(room.store)
    written = text_of(room, reel)
    save(review, room, reel, "Mine.")
    assert voice.pairs(9) == ()
    approve(room, review, reel)
    (pair,) = voice.pairs(9)
    assert (pair.written.caption, pair.accepted.caption) == (written.caption, "Mine.")
    save(review, room, reel, "Mine, and better.")
    assert [pair.accepted.caption for pair in voice.pairs(9)] == ["Mine, and better."]
    seen = fresh(room, reel).version
    review.take_back(reel.id, given=ReviewStatus.APPROVED, before=ReviewStatus.TO_REVIEW, seen=seen)
    assert voice.pairs(9) == ()


@pytest.mark.parametrize(
    ("voice", "told"),
    [
        (Voice(hashtags=tuple(f"#t{n}" for n in range(11))), "11 fixed hashtags are too many"),
        (Voice(forbidden=tuple(f"w{n}" for n in range(101))), "101 forbidden words are too many"),
        (Voice(hashtags=("#!!",)), "“!!” is no hashtag"),
        (Voice(hashtags=("Viral",), forbidden=("viral",)), "a fixed hashtag and a forbidden word"),
        (Voice(call_to_action="Go viral!", forbidden=("Viral",)), "has a forbidden word: “viral”"),
        (Voice(tone="a" * 201), "The tone has 201 of 200 characters."),
    ],
)
def test_voice_that_cannot_be_heeded_is_refused_and_the_one_before_stays(
    room: Room, voice: Voice, told: str
) -> None:
    desk = VoiceDesk(room.store)
    desk.save(Voice(tone="dry"))
    with pytest.raises(NotAccepted, match=told):
        desk.save(voice)
    assert desk.get() == Voice(tone="dry")
    assert any(told in wrong for wrong in desk.problems(voice))
