"""Which of the captions that a site has say best what is heard."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.stages.source.captions import pick_captions

FORMATS = ("json3", "srv1", "ttml", "srt", "vtt")


def track(name: str, *, automatic: bool = False, translated: bool = False) -> list[dict[str, str]]:
    query = f"lang={name}{'&kind=asr' * automatic}{'&tlang=xx' * translated}"
    return [{"ext": form, "url": f"https://captions/?{query}&fmt={form}"} for form in FORMATS]


def info(
    language: str | None = "en", manual: tuple[str, ...] = (), automatic: tuple[str, ...] = ()
) -> dict[str, Any]:
    """As yt-dlp tells it: automatic ones twice, beside their translations."""
    spoken = {f"{name}-orig": track(name, automatic=True) for name in automatic}
    plain = {name: track(name, automatic=True) for name in automatic}
    translated = {name: track("en", automatic=True, translated=True) for name in ("fr", "hi", "sw")}
    return {
        "language": language,
        "subtitles": {name: track(name) for name in manual},
        "automatic_captions": {**(translated if automatic else {}), **plain, **spoken},
    }


def picked(told: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(one.language, one.automatic) for one in pick_captions(told)]


def test_manual_ones_in_the_own_language_come_before_automatic_ones() -> None:
    told = info("en", manual=("de", "en"), automatic=("en",))
    assert picked(told) == [("en", False), ("en", True), ("de", False)]


def test_a_variety_of_the_own_language_is_as_good_after_the_very_same() -> None:
    told = info("en-US", manual=("en-GB", "en-US", "pt-BR"), automatic=("en",))
    assert picked(told) == [("en-US", False), ("en-GB", False), ("en", True), ("pt-BR", False)]


def test_translations_by_machine_are_left_out() -> None:
    assert picked(info("en", automatic=("en",))) == [("en", True)]


def test_automatic_ones_say_which_language_it_is_when_nobody_does() -> None:
    told = info(None, manual=("en", "ja"), automatic=("ja",))
    assert picked(told) == [("ja", False), ("ja", True), ("en", False)]


def test_without_any_word_on_the_language_manual_ones_keep_their_order() -> None:
    assert picked(info(None, manual=("de", "en"))) == [("de", False), ("en", False)]


@pytest.mark.parametrize("missing", [{}, {"subtitles": None, "automatic_captions": None}])
def test_no_captions_are_no_trouble(missing: dict[str, Any]) -> None:
    assert pick_captions(missing) == ()


def test_only_json3_is_taken_so_a_chat_of_a_stream_is_not() -> None:
    told = info("en", manual=("en",))
    told["subtitles"]["live_chat"] = [{"ext": "json", "url": "https://chat"}]
    (found,) = pick_captions(told)
    assert found.url.endswith("fmt=json3")


LANGUAGES = st.lists(st.sampled_from(["en", "en-GB", "de", "pt-BR", "zh-Hans"]), unique=True)


@given(st.sampled_from(["en", "en-US", "de", None]), LANGUAGES, LANGUAGES)
def test_none_is_named_twice_and_every_manual_one_is_named(
    language: str | None, manual: list[str], automatic: list[str]
) -> None:
    found = picked(info(language, tuple(manual), tuple(automatic)))
    assert len(found) == len(set(found))
    assert {name for name, by_machine in found if not by_machine} == set(manual)
