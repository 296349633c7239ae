"""Texts on Review: who wrote them, other ones, the way back, and Gemini for those of basic's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import CaptionError
from gravix_core.model import JobStatus, JobType, Reel
from gravix_core.studio import Studio
from gravix_core.texts import Field
from tests.pages.houses import TEXT, add_video, open_store, page_of
from tests.pages.reviewing import (
    APPROVED,
    choose_state,
    decide,
    keys,
    press,
    review,
    row,
    settled,
    type_into,
    words,
)
from tests.pages.shown import html, links
from tests.pages.test_texts import said, send
from tests.pages.writers import BAD_KEY, Gemini, gemini_house, hold, written

pytestmark = pytest.mark.slow


@pytest.fixture
def gemini() -> Gemini:
    return Gemini()


@pytest.fixture
def studio(house: Path, monkeypatch: pytest.MonkeyPatch, gemini: Gemini) -> Iterator[Studio]:
    """With a key, and nothing said yet."""
    with gemini_house(house, monkeypatch, gemini) as studio:
        yield studio


@pytest.fixture
def reels(studio: Studio) -> tuple[Reel, ...]:
    """1, 2 and 3, all with texts of basic's."""
    with studio.store.begin() as tx:
        return add_video(tx, reels=3)[1]


@pytest.fixture
def agreed(studio: Studio, reels: tuple[Reel, ...]) -> Studio:
    studio.gemini.agree()
    return studio


def ask(page: AppTest, *, what: object = "all", how: str = "") -> AppTest:
    """Open the dialog of reel 1, and let others be written."""
    page = press(page, "anew-1")
    page.segmented_control(key="anew-what").set_value(what)
    if how:
        page.text_input(key="anew-how").set_value(how)
    return send(page, "Write")


def save_elsewhere(studio: Studio, caption: str) -> None:
    edited = row(studio.store, 1).text_version
    studio.review.save_words(1, edited=edited, title="Bars", caption=caption, hashtags=[])


def jobs(studio: Studio) -> list[JobStatus]:
    found = studio.activity.jobs(1)
    return [one.job.status for one in found if one.job.job_type is JobType.AI_UPGRADE]


@pytest.mark.parametrize("query", [{}, {"reel": 1}])
def test_who_wrote_a_text_is_told(agreed: Studio, query: dict[str, object]) -> None:
    assert "Written by Gravix" in said(review(**query))
    with agreed.store.begin() as tx:
        tx.reels.set_text(1, written("One"))
    assert ":violet-badge[:material/auto_awesome: Written by Gemini]" in said(review(**query))


@pytest.mark.parametrize("query", [{}, {"reel": 1}])
def test_another_text_is_taken_and_undone(
    agreed: Studio, gemini: Gemini, query: dict[str, object]
) -> None:
    page = ask(review(**query), how="shorter, ask a question")
    assert gemini.wishes[0].instruction == "shorter, ask a question"
    assert [key for key in keys(page) if key.startswith("take-")] == ["take-0", "take-1", "take-2"]
    assert words(agreed.store, 1)[0] == TEXT.title
    page = press(page, "take-1")
    assert words(agreed.store, 1)[0] == "Two"
    assert page.text_input(key="title-1").value == "Two"
    assert not [key for key in keys(page) if key.startswith("take-")]
    assert "Written by Gemini" in said(page)
    page = press(page, "text-undo-1")
    assert words(agreed.store, 1)[0] == TEXT.title
    assert page.text_input(key="title-1").value == TEXT.title


def test_one_field_alone_is_written_anew(agreed: Studio, gemini: Gemini) -> None:
    page = ask(review(), what=Field.TITLE)
    assert gemini.wishes[0].field is Field.TITLE
    assert "One is said here." not in html(page)
    press(page, "take-0")
    assert words(agreed.store, 1)[:2] == ("One", TEXT.caption)


def test_what_was_typed_before_stands_in_the_history(agreed: Studio) -> None:
    page = review()
    page.text_input(key="title-1").set_value("Typed by me")
    page = press(ask(page), "take-0")
    assert words(agreed.store, 1)[0] == "One"
    titles = [version.text.title for version in agreed.texts.history(1)]
    assert titles == ["One", "Typed by me", TEXT.title]
    page = press(page, "history-1")
    mine = next(one for one in agreed.texts.history(1) if one.text.title == "Typed by me")
    page = press(page, f"restore-{mine.id}")
    assert words(agreed.store, 1)[0] == "Typed by me"
    assert page.text_input(key="title-1").value == "Typed by me"


def test_text_that_changed_meanwhile_is_told_and_not_written_over(agreed: Studio) -> None:
    page = ask(review())
    save_elsewhere(agreed, "Of another tab.")
    page = settled(page.button(key="take-0").click().run())
    assert words(agreed.store, 1)[1] == "Of another tab."
    assert "changed elsewhere meanwhile" in page.error[0].value
    page = settled(page.run())
    assert "changed since these were written" in page.warning[0].value
    assert page.button(key="take-0").disabled
    press(send(page, "Write"), "take-0")
    assert words(agreed.store, 1)[0] == "One"


def test_text_of_a_job_that_came_meanwhile_is_not_written_over(agreed: Studio) -> None:
    page = ask(review())
    with agreed.store.begin() as tx:
        tx.reels.set_text(1, written("Better"))
    page = settled(page.button(key="take-0").click().run())
    assert words(agreed.store, 1)[0] == "Better"
    page = settled(page.run())
    assert "changed since these were written" in page.warning[0].value


def test_field_is_taken_onto_what_was_typed_into_the_others_meanwhile(agreed: Studio) -> None:
    page = ask(review(), what=Field.TITLE)
    page.text_area(key="caption-1").set_value("Typed by me.")
    press(page, "take-0")
    assert words(agreed.store, 1)[:2] == ("One", "Typed by me.")


@pytest.mark.parametrize("dialog", ["anew", "history"])
def test_dialog_works_where_its_reel_is_listed_no_more(
    agreed: Studio, gemini: Gemini, dialog: str
) -> None:
    with agreed.store.begin() as tx:
        tx.reels.set_text(1, written("Better"))
    page = ask(review()) if dialog == "anew" else press(review(), "history-1")
    page = choose_state(page, "approved")
    take = next(key for key in keys(page) if key.startswith(("take-0", "restore-")))
    press(page, take)
    assert words(agreed.store, 1)[0] == ("One" if dialog == "anew" else TEXT.title)


def test_what_was_asked_of_a_reel_is_forgotten_at_another_one(agreed: Studio) -> None:
    page = ask(review(reel=1))
    page.query_params["reel"] = "2"
    page = settled(page.run())
    assert not page.get("dialog")
    page.query_params["reel"] = "1"
    assert not settled(page.run()).get("dialog")


def test_text_that_is_typed_while_gemini_writes_is_not_lost(agreed: Studio, gemini: Gemini) -> None:
    gemini.meanwhile = lambda: save_elsewhere(agreed, "Typed elsewhere.")
    page = settled(ask(review()).button(key="take-0").click().run())
    assert words(agreed.store, 1)[1] == "Typed elsewhere."
    assert "changed elsewhere meanwhile" in page.error[0].value


def test_failure_is_a_sentence_and_the_text_stays(agreed: Studio, gemini: Gemini) -> None:
    gemini.error = BAD_KEY
    page = ask(review())
    assert "Google does not accept the API key" in page.error[0].value.replace("\\", "")
    assert words(agreed.store, 1)[0] == TEXT.title
    page = settled(page.run())
    assert "Gemini is not asked now" in said(page)


def test_without_gemini_gravix_writes_others(studio: Studio, reels: tuple[Reel, ...]) -> None:
    page = press(review(), "anew-1")
    assert not [field for field in page.text_input if field.key == "anew-how"]
    assert "Gemini is off" in said(page)


def test_keys_of_the_page_do_not_reach_below_a_dialog(agreed: Studio) -> None:
    page = review(reel=1)
    assert page.button(key="approve-1").proto.shortcut
    page = press(page, "anew-1")
    for key in ("approve-1", "reject-1", "next", "undo-last"):
        assert not page.button(key=key).proto.shortcut


def test_dialog_is_closed_when_the_page_is_opened_again(agreed: Studio) -> None:
    page = press(review(), "anew-1")
    page.switch_page("../pages/library.py").run()
    page.switch_page("../pages/review.py").run()
    assert not page.get("dialog")


def test_texts_of_basics_are_offered_to_gemini(agreed: Studio) -> None:
    page = review()
    assert "**3 reels have Gravix's own texts.**" in said(page)
    assert "tokens, " in said(page)
    page = press(page, "review-upgrade-go")
    assert jobs(agreed) == [JobStatus.PENDING]
    assert "Gemini is asked as soon as it is its turn" in said(page)
    assert "review-upgrade-go" not in keys(page)
    agreed.jobs.run_due()
    page = settled(page.run())
    assert page.text_input(key="title-2").value == "Gemini's 2"
    assert "Gravix's own text" not in said(page)


def test_what_is_approved_or_edited_is_not_counted(agreed: Studio) -> None:
    decide(agreed.store, APPROVED, row(agreed.store, 1))
    page = type_into(review(), "title-2", "Mine")
    page = settled(page.run())
    assert "**1 reel has Gravix's own text.**" in said(page)


def test_without_a_consent_the_offer_leads_to_texts(
    studio: Studio, reels: tuple[Reel, ...]
) -> None:
    page = review()
    assert "**3 reels have Gravix's own texts.**" in said(page)
    page = settled(page.button(key="review-upgrade-texts").click().run())
    assert "gemini-agree" in keys(page)
    assert jobs(studio) == []


def test_without_a_key_nothing_is_offered(house: Path) -> None:
    store = open_store(house)
    with store.begin() as tx:
        add_video(tx, reels=1)
    assert "Gravix's own text" not in said(review())
    store.close()


def test_bad_key_is_told_with_the_offer(agreed: Studio, gemini: Gemini) -> None:
    hold(agreed, gemini, BAD_KEY)
    page = review()
    assert said(page).count("Google does not accept the API key.") == 1
    assert "review-upgrade-go" not in keys(page)
    assert "review-upgrade-texts" in keys(page)


def test_quota_of_the_day_says_when_and_is_asked_at_once_when_it_is_lifted(
    agreed: Studio, gemini: Gemini
) -> None:
    gemini.error = CaptionError("Today's quota is used up.", kind="day", retry_after=7200)
    page = press(review(), "review-upgrade-go")
    agreed.jobs.run_due()
    page = settled(page.run())
    assert "Gemini is asked again at " in said(page) or "Gemini is asked again on " in said(page)
    assert "review-upgrade-go" not in keys(page)
    gemini.error = None
    agreed.gemini.retry()
    agreed.jobs.run_due()
    assert settled(page.run()).text_input(key="title-1").value == "Gemini's 1"


def test_page_of_the_video_offers_it_and_tells_what_it_has_cost(agreed: Studio) -> None:
    page = page_of("video")
    page.query_params["id"] = "1"
    page = press(settled(page.run()), "video-upgrade-go")
    agreed.jobs.run_due()
    page = settled(page.run())
    assert "1 request, about 11k tokens, less than $0.01" in said(page)


@pytest.mark.parametrize(
    ("agree", "told"), [(True, "by Gemini (gemini-3.5-flash-lite)"), (False, "by Gravix itself")]
)
def test_add_says_who_will_write(studio: Studio, agree: bool, told: str) -> None:
    if agree:
        studio.gemini.agree()
    page = settled(page_of("add").run())
    assert f"Texts: {told}" in said(page)
    assert links(page)["Texts"] == "texts"


def test_settings_lead_to_texts(studio: Studio) -> None:
    assert links(settled(page_of("settings").run()))["How texts are written"] == "texts"


def test_browser_never_takes_a_field_for_empty_that_it_is_about_to_draw(agreed: Studio) -> None:
    """It says what the default is until it has drawn the words, and a click may come before."""
    page = review()
    for words_now in (TEXT.title, "Newer"):
        assert page.text_input(key="title-1").proto.default == words_now
        assert page.text_area(key="caption-1").proto.default == TEXT.caption
        assert page.text_input(key="hashtags-1").proto.default == " ".join(TEXT.hashtags)
        page = settled(type_into(page, "title-1", "Newer").run())
