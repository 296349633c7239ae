"""The state of Gemini in; what it is, what would be sent, and the yes and no to it, out.

No key is drawn.
"""

from __future__ import annotations

import streamlit as st

from gravix_core import GeminiStatus, Hold
from gravix_ui.parts.texts_model import model_choice
from gravix_ui.parts.upgrade import NOT_NOW, upgrade_notice
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import at, capital, counted, plain, sentence, zone

TERMS = "https://ai.google.dev/gemini-api/terms"
KEYS = "https://aistudio.google.com/apikey"


def gemini_section() -> None:
    st.subheader("Gemini", anchor=False)
    status = studio().gemini.status()
    with st.container(border=True, gap="small", key="texts-gemini"):
        if not status.has_key:
            _no_key()
        elif not status.consented:
            _asks(status)
        elif status.held is not None:
            _held(status, status.held)
        else:
            _on(status)
    if status.consented:
        upgrade_notice(None, key="texts-upgrade")


def _no_key() -> None:
    st.markdown(
        ":gray[:material/radio_button_unchecked:] **Off: there is no key.** Gravix writes all texts"
        " itself, without any network, and everything works."
    )
    st.markdown(
        "For texts that sound more like you, make a key at"
        f" [aistudio.google.com]({KEYS}); it costs nothing to begin with. Write it into .env, in"
        " the folder of Gravix, as `GEMINI_API_KEY=` and the key, and start Gravix again. Before"
        " anything is sent, this page asks you."
    )


def _asks(status: GeminiStatus) -> None:
    if st.session_state.get(NOT_NOW):
        st.markdown(
            ":gray[:material/radio_button_unchecked:] **Off: you have not agreed.** Nothing is sent"
            " to Google. Gravix writes all texts itself."
        )
        st.button("Read what would be sent", key="gemini-read", on_click=_read)
        return
    st.markdown("**There is a key. May Gravix send this to Google?**")
    st.markdown(_sent(status))
    st.markdown(
        "Never sent: the video, its sound, your accounts and your files. With a key of Google's"
        f" **free tier, Google may use what is sent to train its models** ([its terms]({TERMS}));"
        " with a paid one it says that it does not."
    )
    with st.container(horizontal=True, gap="small", key="gemini-answer"):
        st.button(
            "Use Gemini",
            type="primary",
            icon=":material/auto_awesome:",
            key="gemini-agree",
            on_click=_agree,
        )
        st.button("Not now", key="gemini-not-now-button", on_click=_not_now)


def _sent(status: GeminiStatus) -> str:
    pictures = (
        "no picture, as GRAVIX_GEMINI_FRAMES is 0"
        if not status.frames
        else f"up to {counted(status.frames, 'small picture')} of each reel (none with"
        " `GRAVIX_GEMINI_FRAMES=0`)"
    )
    return "\n".join(
        f"- {line}"
        for line in (
            "title, description and channel of the video, and its transcript",
            "the words of each reel, and numbers that were measured of it, such as its length",
            pictures,
            "the voice below, some texts that you accepted, as examples, and what Gravix has"
            " learned that you take out",
            "the titles of the video's other reels; when you have a text written anew, that text as"
            " it is now and your instruction",
        )
    )


def _on(status: GeminiStatus) -> None:
    st.markdown(
        ":green[:material/check_circle:] **On.** Each new reel has a text of Gravix's at once; then"
        " Gemini writes a better one. What you edit or approve stays."
    )
    if status.retired:
        st.warning(
            f"{plain(status.retired)} Choose another one below, or write its name as"
            " `GEMINI_MODEL` into .env.",
            icon=":material/warning:",
        )
    model_choice(status)
    _what_is_sent(status)


def _held(status: GeminiStatus, held: Hold) -> None:
    st.warning(
        f"**{plain(sentence(capital(held.message)))}** {plain(held.hint)}{_until(held)}",
        icon=":material/warning:",
    )
    st.markdown("Meanwhile Gravix writes all texts itself.")
    st.button("Try again", icon=":material/refresh:", key="gemini-retry", on_click=_retry)
    model_choice(status)
    _what_is_sent(status)


def _until(held: Hold) -> str:
    if held.until is None:
        return ""
    return plain(f" It is asked again {at(held.until, zone(st.context.timezone))}, by itself.")


def _what_is_sent(status: GeminiStatus) -> None:
    with st.popover("What is sent", type="tertiary", icon=":material/upload:", key="gemini-sent"):
        st.markdown(f"You agreed that Gravix sends to Google:\n\n{_sent(status)}")
        st.button("Take it back", key="gemini-take-back", on_click=_take_back)


def _agree() -> None:
    with errors_noted():
        studio().gemini.agree()
        st.session_state.pop(NOT_NOW, None)
        note("Gemini writes the texts from now on.", icon=":material/auto_awesome:")


def _not_now() -> None:
    st.session_state[NOT_NOW] = True


def _read() -> None:
    st.session_state.pop(NOT_NOW, None)


def _take_back() -> None:
    with errors_noted():
        studio().gemini.take_back()
        st.session_state[NOT_NOW] = True
        note("Nothing more is sent to Google.")


def _retry() -> None:
    with errors_noted():
        count = studio().gemini.retry()
        asked = f" for {counted(count, 'text')}" if count else ""
        note(f"Gemini is asked again{asked}.", icon=":material/refresh:")
