"""The page Texts over a real database: key, consent, holds, the voice, what was learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gravix_core.errors import CaptionError
from gravix_core.studio import Studio
from gravix_core.texts import Usage
from tests.pages.houses import TEXT, add_video, page_of
from tests.pages.shown import html
from tests.pages.writers import BAD_KEY, KEY, Gemini, gemini_house, hold
from tests.simulators.gemini import GeminiSimulator

pytestmark = pytest.mark.slow

HOSTILE = "<script>alert(1)</script> [x](http://tracker.example)"


@pytest.fixture
def gemini() -> Gemini:
    return Gemini()


@pytest.fixture
def studio(house: Path, monkeypatch: pytest.MonkeyPatch, gemini: Gemini) -> Iterator[Studio]:
    """With a key, and nothing said yet."""
    with gemini_house(house, monkeypatch, gemini) as studio:
        yield studio


@pytest.fixture
def agreed(studio: Studio) -> Studio:
    studio.gemini.agree()
    return studio


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[GeminiSimulator]:
    """A stand-in of Google, which a house asks that is opened now."""
    with GeminiSimulator() as google:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", google.address)
        yield google


def texts() -> AppTest:
    return settled(page_of("texts").run())


def settled(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    return settled(page.button(key=key).click().run())


def send(page: AppTest, label: str) -> AppTest:
    """Press the button of a form."""
    (button,) = (one for one in page.button if one.label == label)
    return settled(button.click().run())


def keys(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def said(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.warning, page.error, page.info, page.toast)
    told = [str(one.value) for kind in kinds for one in kind]
    told += [table.value.to_string() for table in page.table]
    return "\n".join([*told, html(page)]).replace("\\", "")


def accept(
    studio: Studio, count: int, *, extra: str = "#viral", caption: str = TEXT.caption
) -> None:
    """So many texts of which the operator took a hashtag out."""
    with studio.store.begin() as tx:
        _, reels = add_video(tx, f"Accepted {extra}", reels=count)
        for reel in reels:
            proposed = replace(TEXT, hashtags=(*TEXT.hashtags, extra), written_by="gemini")
            tx.learned.accept(reel.id, written=proposed, accepted=replace(TEXT, caption=caption))


def test_without_a_key_it_says_that_everything_works(house: Path) -> None:
    page = texts()
    assert "there is no key" in said(page)
    assert "everything works" in said(page)
    assert "gemini-agree" not in keys(page)
    assert "gemini-models-ask" not in keys(page)


@pytest.mark.parametrize(
    ("frames", "told"),
    [("2", "up to 2 small pictures"), ("1", "1 small picture "), ("0", "no picture")],
)
def test_before_the_first_request_it_says_what_is_sent(
    house: Path, monkeypatch: pytest.MonkeyPatch, frames: str, told: str
) -> None:
    monkeypatch.setenv("GRAVIX_GEMINI_FRAMES", frames)
    with gemini_house(house, monkeypatch, Gemini()) as studio:
        page = said(texts())
        for part in ("title, description", "transcript", "words of each reel", "train", told):
            assert part in page
        assert not studio.gemini.status().consented


def test_yes_turns_it_on_and_it_can_be_taken_back(studio: Studio) -> None:
    page = press(texts(), "gemini-agree")
    assert "**On.**" in said(page)
    assert studio.gemini.status().is_on
    page = press(page, "gemini-take-back")
    assert not studio.gemini.status().consented
    assert "Nothing is sent to Google" in said(page)


def test_not_now_sends_nothing_and_can_be_read_again(studio: Studio) -> None:
    page = press(texts(), "gemini-not-now-button")
    assert not studio.gemini.status().consented
    assert "gemini-agree" not in keys(page)
    assert "gemini-agree" in keys(press(page, "gemini-read"))


def test_what_holds_it_is_one_sentence_with_a_way_out(agreed: Studio, gemini: Gemini) -> None:
    hold(agreed, gemini, BAD_KEY)
    page = texts()
    assert said(page).count("Google does not accept the API key.") == 2  # and beside the offer
    assert "Make another one." in said(page)
    page = press(page, "gemini-retry")
    assert agreed.gemini.status().is_on
    assert "**On.**" in said(page)


def test_hold_that_ends_by_itself_says_when(agreed: Studio, gemini: Gemini) -> None:
    day = CaptionError("Today's quota is used up.", code="per_day", kind="day", retry_after=60)
    hold(agreed, gemini, day)
    assert "It is asked again at " in said(texts())


def test_models_come_at_a_click_with_their_prices(
    house: Path, monkeypatch: pytest.MonkeyPatch, google: GeminiSimulator
) -> None:
    with gemini_house(house, monkeypatch, Gemini(), key=google.key) as studio:
        studio.gemini.agree()
        page = texts()
        assert google.requests == ()
        page = press(page, "gemini-models-ask")
        choice = page.selectbox(key="gemini-model")
        assert "3.5 Flash-Lite · $0.30 / $2.50" in choice.options
        assert choice.value == "gemini-3.5-flash-lite"
        settled(choice.set_value("gemini-3.8-flash").run())
        assert studio.gemini.status().model == "gemini-3.8-flash"
        assert google.key not in said(page)


def test_settings_list_the_models_that_the_key_can_use(
    house: Path, monkeypatch: pytest.MonkeyPatch, google: GeminiSimulator
) -> None:
    with gemini_house(house, monkeypatch, Gemini(), key=google.key) as studio:
        assert "gemini-models-ask" not in keys(settled(page_of("settings").run()))
        studio.gemini.agree()
        page = press(settled(page_of("settings").run()), "gemini-models-ask")
        choice = page.selectbox(key="gemini-model")
        assert "3.5 Flash-Lite · $0.30 / $2.50" in choice.options
        settled(choice.set_value("gemini-3.8-flash").run())
        assert studio.gemini.status().model == "gemini-3.8-flash"


@pytest.mark.usefixtures("google")
def test_models_that_cannot_be_had_are_a_sentence(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gemini_house(house, monkeypatch, Gemini()) as studio:
        studio.gemini.agree()
        page = press(texts(), "gemini-models-ask")
        assert "does not accept the API key" in page.error[0].value.replace("\\", "")
        assert KEY not in said(page)


def test_model_that_the_key_lost_is_told_with_the_way_out(
    house: Path, monkeypatch: pytest.MonkeyPatch, google: GeminiSimulator
) -> None:
    monkeypatch.setenv("GEMINI_MODEL", "gemini-1.5-pro")
    with gemini_house(house, monkeypatch, Gemini(), key=google.key) as studio:
        studio.gemini.agree()
        page = press(texts(), "gemini-models-ask")
        assert page.selectbox(key="gemini-model").value is None
        assert "cannot use gemini-1.5-pro" in said(page)


def test_voice_is_kept_as_it_was_typed_and_shown_again(studio: Studio) -> None:
    page = texts()
    page.selectbox(key="voice-language").set_value("pt-BR")
    page.text_input(key="voice-tone").set_value("dry")
    page.text_input(key="voice-hashtags").set_value("boats #ada")
    page.text_input(key="voice-forbidden").set_value("amazing,  game changer ,")
    page = send(page, "Save")
    voice = studio.voice.get()
    assert (voice.language, voice.tone) == ("pt-BR", "dry")
    assert voice.hashtags == ("#boats", "#ada")
    assert voice.forbidden == ("amazing", "game changer")
    assert "Saved." in said(page)
    page = texts()
    assert page.text_input(key="voice-hashtags").value == "#boats #ada"
    assert page.selectbox(key="voice-language").value == "pt-BR"


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("hashtags", " ".join(f"#t{n}" for n in range(11)), "11 fixed hashtags are too many"),
        ("hashtags", "#fine !!", "“!!” is no hashtag"),
        ("hashtags", "#Viral", "“Viral” is a fixed hashtag and a forbidden word"),
        ("call", "Go viral now.", "The call to action has a forbidden word: “viral”"),
        ("forbidden", ", ".join(f"w{n}" for n in range(101)), "101 forbidden words"),
    ],
)
def test_voice_that_cannot_be_kept_is_told_and_stays_in_the_fields(
    studio: Studio, field: str, typed: str, told: str
) -> None:
    page = texts()
    page.text_input(key="voice-forbidden").set_value("viral")
    page.text_input(key=f"voice-{field}").set_value(typed)
    page = send(page, "Save")
    assert told in said(page)
    assert page.text_input(key=f"voice-{field}").value == typed
    assert studio.voice.get().forbidden == ()


def test_nothing_learned_says_how_it_learns(studio: Studio) -> None:
    page = said(texts())
    assert "No rule yet" in page
    assert "No accepted text yet" in page
    assert "on this computer" in page


def test_rule_is_shown_and_can_be_switched_off(studio: Studio) -> None:
    accept(studio, 4)
    page = texts()
    (rule,) = page.toggle
    assert rule.label.replace("\\", "") == "You always remove **#viral** (4 times)"
    assert rule.value
    page = settled(rule.set_value(False).run())
    (kept,) = studio.voice.rules()
    assert not kept.is_on
    assert not page.toggle[0].value


def test_accepted_texts_are_shown_as_text(studio: Studio) -> None:
    accept(studio, 1, caption=HOSTILE)
    page = html(texts())
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_what_was_spent_is_told_by_month(agreed: Studio) -> None:
    with agreed.store.begin() as tx:
        video, _ = add_video(tx)
        tx.usage.add(video.id, Usage("gemini-3.5-flash-lite", 2, 12_345, 2_000, 0.0087))
    page = said(texts())
    for part in ("12,345", "2,000", "less than $0.01", "gemini-3.5-flash-lite"):
        assert part in page


@pytest.mark.parametrize("name", ["texts", "settings", "add", "review"])
def test_no_page_shows_the_key(agreed: Studio, gemini: Gemini, name: str) -> None:
    hold(agreed, gemini, BAD_KEY)
    assert KEY not in said(settled(page_of(name).run()))


def test_retired_model_is_told_before_it_is_asked(agreed: Studio, gemini: Gemini) -> None:
    agreed.gemini.choose("gemini-1.5-pro")
    said = [one.value for one in texts().warning]
    assert any("Google retired the model gemini" in one and "Choose another" in one for one in said)


def test_all_that_is_sent_is_told_before_it_is_agreed_to(studio: Studio) -> None:
    told = said(texts())
    for part in ("anew, that text as it is now", "your instruction", "other reels", "take out"):
        assert part in told
