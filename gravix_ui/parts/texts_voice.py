"""How the operator wants to sound in, by a form; that, kept, or what is wrong with it, out."""

from __future__ import annotations

import re

import streamlit as st

from gravix_core import Voice
from gravix_ui.session import errors_shown, note, studio
from gravix_ui.words import plain

AS_VIDEO = ""
LANGUAGES = {
    AS_VIDEO: "As the video",
    "ar": "Arabic",
    "zh": "Chinese",
    "nl": "Dutch",
    "en": "English",
    "en-GB": "English (British)",
    "fr": "French",
    "de": "German",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "pt-BR": "Portuguese (Brazilian)",
    "ru": "Russian",
    "es": "Spanish",
    "es-MX": "Spanish (Latin American)",
    "tr": "Turkish",
    "uk": "Ukrainian",
}
"""BCP 47."""
LONGEST = 200
"""Characters of a field."""
KEYS = ("language", "tone", "audience", "forbidden", "hashtags", "call")


def voice_section() -> None:
    st.subheader("Your voice", anchor=False)
    st.write(
        "All of it may stay empty. Forbidden words, fixed hashtags and the call to action hold for"
        " every text, whoever writes it; tone and audience are told to Gemini."
    )
    _fill(studio().voice.get())
    with st.form("voice", enter_to_submit=False):
        voice = _fields()
        saved = st.form_submit_button("Save", type="primary")
    if saved:
        _save(voice)


def _fields() -> Voice:
    """Defaults beside what is kept in the session: see `reel_editor.fields`."""
    now = {name: st.session_state[_key(name)] for name in KEYS}
    languages = _languages()
    left, right = st.columns(2, gap="medium")
    with left:
        language = st.selectbox(
            "Language",
            languages,
            languages.index(now["language"]),
            format_func=_language_name,
            key=_key("language"),
        )
        tone = st.text_input(
            "Tone",
            now["tone"],
            placeholder="friendly, short, a little dry",
            max_chars=LONGEST,
            key=_key("tone"),
        )
        audience = st.text_input(
            "Audience",
            now["audience"],
            placeholder="people who build boats at home",
            max_chars=LONGEST,
            key=_key("audience"),
        )
    with right:
        hashtags = st.text_input(
            "Fixed hashtags, on every post",
            now["hashtags"],
            placeholder="#boats #myname",
            key=_key("hashtags"),
        )
        call = st.text_input(
            "Call to action, at the end of every caption",
            now["call"],
            placeholder="Follow for a new boat every week.",
            max_chars=LONGEST,
            key=_key("call"),
        )
        forbidden = st.text_input(
            "Forbidden words, with commas between",
            now["forbidden"],
            placeholder="amazing, game changer",
            key=_key("forbidden"),
        )
    return Voice(
        language=language or AS_VIDEO,
        tone=tone,
        audience=audience,
        forbidden=tuple(word.strip() for word in re.split(r"[,;\n]", forbidden) if word.strip()),
        hashtags=tuple(re.findall(r"[^\s,;#]+", hashtags)),
        call_to_action=call,
    )


def _save(voice: Voice) -> None:
    if wrong := studio().voice.problems(voice):
        st.error("\n\n".join(map(plain, wrong)), icon=":material/error:")
        return
    with errors_shown():
        studio().voice.save(voice)
        for name in KEYS:
            st.session_state.pop(_key(name), None)
        note("Saved. It holds for texts that are written from now on.")
        st.rerun()


def _fill(voice: Voice) -> None:
    """The fields show what is kept, until something is typed."""
    shown = (
        voice.language,
        voice.tone,
        voice.audience,
        ", ".join(voice.forbidden),
        " ".join(voice.hashtags),
        voice.call_to_action,
    )
    for name, value in zip(KEYS, shown, strict=True):
        st.session_state.setdefault(_key(name), value)


def _languages() -> list[str]:
    """With one that was kept by another way, such as the command line."""
    return list(dict.fromkeys([*LANGUAGES, st.session_state[_key("language")] or AS_VIDEO]))


def _language_name(code: str) -> str:
    return LANGUAGES.get(code, code)


def _key(name: str) -> str:
    return f"voice-{name}"
