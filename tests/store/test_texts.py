"""The history of texts, what was accepted, what was used and what was settled."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gravix_core.errors import NotFound
from gravix_core.model import (
    BASIC,
    OPERATOR,
    PostText,
    PublishStatus,
    Reel,
    RenderedReel,
    ReviewStatus,
    Span,
    Video,
)
from gravix_core.publications import NewPublication
from gravix_core.store import Store, Transaction
from gravix_core.store.tables import ProviderUsageRow, ReelRow, ReelTextRow
from gravix_core.texts import Usage
from tests.support import NOON, approve

GEMINI = "gemini"


@pytest.fixture
def reel(store: Store, video: Video) -> Reel:
    with store.begin() as tx:
        return tx.reels.plan(video.id, [Span(0, 35)], [Span(0, 35)])[0]


def save(tx: Transaction, reel: Reel, caption: str) -> None:
    edited = tx.reels.get(reel.id).text_version
    assert tx.reels.save_words(
        reel.id, edited=edited, title="Mine", caption=caption, hashtags=["#own"]
    )


def captions(store: Store, reel: Reel) -> list[str]:
    with store.read() as tx:
        return [version.text.caption for version in tx.texts.of_reel(reel.id)]


def let_time_pass(store: Store) -> None:
    """Later, in the eyes of who saves next."""
    with store.begin() as tx:
        for row in tx.session.query(ReelTextRow):
            row.created_at -= timedelta(minutes=10)


def test_text_is_written_over_basics_and_both_are_kept(
    store: Store, reel: Reel, text: PostText
) -> None:
    better = replace(text, caption="Better.", written_by=GEMINI)
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text, read=0)
        written = tx.reels.set_text(reel.id, better, read=1)
        history = tx.texts.of_reel(reel.id)
    assert written.text == better
    assert [version.text for version in history] == [better, text]


def test_text_is_written_over_no_other_provider(store: Store, reel: Reel, text: PostText) -> None:
    with store.begin() as tx:
        first = tx.reels.set_text(reel.id, replace(text, written_by=GEMINI))
        assert tx.reels.set_text(reel.id, text) == first
        assert tx.reels.set_text(reel.id, replace(text, caption="x", written_by="other")) == first


def test_text_for_another_version_is_not_written(store: Store, reel: Reel, text: PostText) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        again = tx.reels.set_text(reel.id, replace(text, caption="Late."), read=0)
    assert again.text == text


@pytest.mark.parametrize(
    "status", [PublishStatus.UPLOADED, PublishStatus.PUBLISHED, PublishStatus.UNSURE]
)
def test_text_that_is_posted_is_not_written_over(
    store: Store, reel: Reel, text: PostText, status: PublishStatus
) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        tx.session.get_one(ReelRow, reel.id).publish_status = status
        again = tx.reels.set_text(reel.id, replace(text, written_by=GEMINI))
        assert tx.texts.upgradable() == ()
    assert again.text == text


def test_text_of_a_reel_that_is_being_published_is_not_written_over(
    store: Store, reel: Reel, text: PostText
) -> None:
    new = NewPublication(
        ig_user_id="1",
        username="ada",
        reel_id=reel.id,
        video_id=reel.video_id,
        reel_version="none.1",
        title="",
        caption="",
        source="sha256:ab",
        span=reel.span,
        file_sha256="cd",
        file_size=1,
    )
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        tx.publications.claim(new, now=NOON)
        again = tx.reels.set_text(reel.id, replace(text, written_by=GEMINI))
        assert tx.texts.upgradable() == ()
    assert again.text == text


def test_text_that_the_operator_chose_is_not_written_over(
    store: Store, reel: Reel, text: PostText
) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        assert tx.reels.choose_text(reel.id, replace(text, caption="Chosen."), edited=1)
        again = tx.reels.set_text(reel.id, replace(text, written_by=GEMINI))
        assert tx.texts.upgradable() == ()
    assert again.text is not None
    assert (again.text.caption, again.text.written_by) == ("Chosen.", BASIC)
    assert again.text_is_chosen


def test_choice_of_who_saw_another_text_changes_nothing(
    store: Store, reel: Reel, text: PostText
) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        assert not tx.reels.choose_text(reel.id, replace(text, caption="Chosen."), edited=0)
        assert tx.reels.get(reel.id).text == text


def test_another_score_is_no_other_text(store: Store, reel: Reel, text: PostText) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        rated = tx.reels.set_text(reel.id, replace(text, quality_score=3))
        again = tx.reels.get(reel.id)
    assert again.text == replace(text, quality_score=3)
    assert rated.text_version == again.text_version == 1
    assert len(captions(store, reel)) == 1


def test_rejected_reel_gets_a_better_text_and_stays_rejected(
    store: Store, reel: Reel, text: PostText, rendered: RenderedReel
) -> None:
    with store.begin() as tx:
        tx.reels.set_rendered(reel.id, rendered)
        seen = tx.reels.set_text(reel.id, text).version
        tx.reels.decide(reel.id, ReviewStatus.REJECTED, seen=seen)
        better = tx.reels.set_text(reel.id, replace(text, written_by=GEMINI))
    assert better.review_status is ReviewStatus.REJECTED
    assert better.text is not None
    assert better.text.written_by == GEMINI


def test_upgradable_are_those_that_nobody_has_touched(
    store: Store, video: Video, text: PostText, rendered: RenderedReel
) -> None:
    spans = [Span(10 * i, 10 * i + 10) for i in range(6)]
    with store.begin() as tx:
        plain, edited, approved, better, bare, asked = tx.reels.plan(video.id, spans, spans)
        for reel in (plain, edited, approved, better, asked):
            tx.reels.set_text(reel.id, text)
        save(tx, edited, "My own.")
        tx.reels.set_rendered(approved.id, rendered)
        approve(tx, approved.id)
        tx.reels.set_text(better.id, replace(text, written_by=GEMINI))
        tx.texts.decline(asked.id, read=1)
        every, fresh = tx.texts.upgradable(), tx.texts.upgradable(video.id, declined=False)
        assert tx.texts.upgradable(video.id + 1) == ()
        tx.texts.forget_declined([asked.id])
        forgotten = tx.texts.upgradable(declined=False)
    assert [reel_id for _, reel_id in every] == [plain.id, asked.id]
    assert fresh == ((video.id, plain.id),)
    assert forgotten == every
    assert bare.text is None


def test_saves_of_one_sitting_are_one_text_of_the_history(
    store: Store, reel: Reel, text: PostText
) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        for caption in ("M", "My", "My words"):
            save(tx, reel, caption)
    assert captions(store, reel) == ["My words", text.caption]
    let_time_pass(store)
    with store.begin() as tx:
        save(tx, reel, "Other words")
    assert captions(store, reel) == ["Other words", "My words", text.caption]


@pytest.mark.parametrize("later", ["", "My", "Your words", "Not my words"])
def test_words_that_are_not_gone_on_with_stay_in_the_history(
    store: Store, reel: Reel, text: PostText, later: str
) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        for caption in ("My words", later):
            save(tx, reel, caption)
    assert captions(store, reel) == [later, "My words", text.caption]


@pytest.mark.parametrize("later", [("Mi", "#own"), ("Mine", "#other")])
def test_title_or_hashtag_that_is_taken_out_stays_in_the_history(
    store: Store, reel: Reel, later: tuple[str, str]
) -> None:
    title, tag = later
    with store.begin() as tx:
        save(tx, reel, "Words")
        edited = tx.reels.get(reel.id).text_version
        tx.reels.save_words(
            reel.id, edited=edited, title=title, caption="Words and more", hashtags=[tag]
        )
    assert captions(store, reel) == ["Words and more", "Words"]


def test_words_of_another_tab_that_are_written_over_stay_in_the_history(
    store: Store, reel: Reel
) -> None:
    with store.begin() as tx:
        save(tx, reel, "Words")
        edited = tx.reels.get(reel.id).text_version
        tx.reels.save_words(
            reel.id,
            edited=edited,
            title="Mine",
            caption="Words of mine",
            hashtags=["#own"],
            over=True,
        )
    assert captions(store, reel) == ["Words of mine", "Words"]


def test_steps_back_lead_further_each_time(store: Store, reel: Reel, text: PostText) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        tx.reels.set_text(reel.id, replace(text, caption="Better.", written_by=GEMINI))
        save(tx, reel, "Mine")
        went = []
        while (before := tx.texts.before(reel.id)) is not None:
            edited = tx.reels.get(reel.id).text_version
            assert tx.reels.choose_text(reel.id, before.text, edited=edited, restores=before.id)
            went.append(before.text.caption)
    assert went == ["Better.", text.caption]
    assert captions(store, reel) == ["Mine", "Better.", text.caption]


def test_step_back_after_going_back_and_writing_leads_to_what_was_before_it(
    store: Store, reel: Reel, text: PostText
) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        save(tx, reel, "Mine")
        (first,) = [v for v in tx.texts.of_reel(reel.id) if v.text.written_by == BASIC]
        assert tx.reels.choose_text(reel.id, first.text, edited=2, restores=first.id)
        save(tx, reel, "Mine anew")
        before = tx.texts.before(reel.id)
    assert before == first
    assert captions(store, reel) == ["Mine anew", "Mine", text.caption]


def test_text_of_another_reel_is_not_found(store: Store, reel: Reel, text: PostText) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        (version,) = tx.texts.of_reel(reel.id)
        with pytest.raises(NotFound):
            tx.texts.get(reel.id + 1, version.id)


def test_what_was_written_is_what_the_operator_began_with(
    store: Store, reel: Reel, text: PostText
) -> None:
    with store.begin() as tx:
        assert tx.texts.written(reel.id) is None
        tx.reels.set_text(reel.id, text)
        better = replace(text, caption="Better.", written_by=GEMINI)
        tx.reels.set_text(reel.id, better)
        save(tx, reel, "Mine")
        assert tx.texts.written(reel.id) == better


def test_history_goes_with_its_video_and_what_was_learned_stays(
    store: Store, reel: Reel, text: PostText
) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, text)
        tx.learned.accept(reel.id, written=text, accepted=replace(text, caption="Mine."))
        tx.usage.add(reel.video_id, Usage("m", input_tokens=5, cost=0.5))
        tx.videos.delete(reel.video_id)
    with store.read() as tx:
        assert tx.texts.of_reel(reel.id) == ()
        (pair,) = tx.learned.pairs(9)
        assert (pair.written.caption, pair.accepted.caption) == (text.caption, "Mine.")
        assert tx.usage.of_video(reel.video_id) is not None


def test_reel_has_one_pair_and_it_can_be_taken_back(store: Store, text: PostText) -> None:
    with store.begin() as tx:
        tx.learned.accept(7, written=text, accepted=text)
        tx.learned.accept(7, written=text, accepted=replace(text, title="Mine"))
        assert [pair.accepted.title for pair in tx.learned.pairs(9)] == ["Mine"]
        tx.learned.take_back(7)
        assert tx.learned.pairs(9) == ()


def test_examples_leave_out_what_basic_wrote_and_nobody_changed(
    store: Store, text: PostText
) -> None:
    with store.begin() as tx:
        tx.learned.accept(1, written=text, accepted=text)
        tx.learned.accept(2, written=text, accepted=replace(text, title="Mine"))
        better = replace(text, title="Theirs", written_by=GEMINI)
        tx.learned.accept(3, written=better, accepted=better)
        titles = {pair.accepted.title for pair in tx.learned.examples(9)}
        assert titles == {"Mine", "Theirs"}
        assert len(tx.learned.examples(1)) == 1


def test_usage_is_added_up_by_video_and_month(store: Store) -> None:
    with store.begin() as tx:
        tx.usage.add(1, Usage("a", input_tokens=10, output_tokens=1, cost=0.25))
        tx.usage.add(1, Usage("b", input_tokens=20, output_tokens=2))
        tx.usage.add(2, Usage("a", input_tokens=40, output_tokens=4, cost=0.5))
        tx.session.get_one(ProviderUsageRow, 3).month = "2026-10"
        video, months = tx.usage.of_video(1), tx.usage.by_month()
        assert tx.usage.of_video(3) is None
    assert video == Usage("a, b", 2, 30, 3, None)
    assert [month for month, _ in months][-1] == "2026-10"
    assert months[-1][1] == Usage("a", 1, 40, 4, 0.5)


@pytest.mark.parametrize("model", ["m", "another"])
def test_cost_of_which_a_part_is_not_known_is_not_known(
    store: Store, video: Video, model: str
) -> None:
    with store.begin() as tx:
        tx.usage.add(video.id, Usage("m", input_tokens=5, cost=0.5))
        tx.usage.add(video.id, Usage(model, input_tokens=7))
        usage, ((_, month),) = tx.usage.of_video(video.id), tx.usage.by_month()
    assert usage is not None
    assert (usage.input_tokens, usage.cost, month.cost) == (12, None, None)


def test_preference_is_kept_replaced_and_dropped(store: Store) -> None:
    with store.begin() as tx:
        assert tx.preferences.get("voice") is None
        tx.preferences.put("voice", {"tone": "calm"})
        tx.preferences.put("voice", {"tone": "loud", "half": "\ud83d"})
    with store.begin() as tx:
        assert tx.preferences.get("voice") == {"tone": "loud", "half": "\ud83d"}
        tx.preferences.drop("voice")
        assert tx.preferences.get("voice") is None


def test_log_says_the_same_once(store: Store, video: Video) -> None:
    with store.begin() as tx:
        for _ in range(3):
            tx.logs.add_once(video.id, "The key is not valid.")
        assert [line.message for line in tx.logs.of_video(video.id)] == ["The key is not valid."]


def test_texts_of_older_versions_are_the_first_of_their_history(
    store: Store, reel: Reel, text: PostText, file: Path, url: str
) -> None:
    with store.begin() as tx:
        tx.reels.set_text(reel.id, replace(text, written_by=OPERATOR))
    store.close()
    with closing(sqlite3.connect(file)) as old:
        for table in ("reel_texts", "accepted_texts", "provider_usage", "preferences"):
            old.execute(f"DROP TABLE {table}")
        for column in ("text_is_chosen", "text_declined"):
            old.execute(f"ALTER TABLE reels DROP COLUMN {column}")
        old.execute("UPDATE alembic_version SET version_num = '0007'")
        old.commit()
    again = Store.open(url, file.parent / "videos")
    with again.read() as tx:
        (version,) = tx.texts.of_reel(reel.id)
        assert version.text == replace(text, written_by=OPERATOR)
        assert tx.reels.get(reel.id).text == version.text
    again.close()
