"""The models that a key can use in, asked for at a click; the one that is chosen out."""

from __future__ import annotations

import streamlit as st

from gravix_core import GeminiStatus, ModelInfo
from gravix_ui.parts.usage_words import model_told, price_told
from gravix_ui.session import errors_noted, errors_shown, note, studio
from gravix_ui.words import plain

MODELS, CHOICE = "gemini-models", "gemini-model"
"""The first holds what Google named, for as long as the tab is open."""


def model_choice(status: GeminiStatus) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="gemini-model-line"
    ):
        st.markdown(f"Model: **{plain(status.model)}**", width="content")
        if st.button(
            "Choose another model",
            type="tertiary",
            icon=":material/tune:",
            key="gemini-models-ask",
            help="Asks Google which models the key can use; nothing of yours is sent",
        ):
            _ask()
    models: tuple[ModelInfo, ...] | None = st.session_state.get(MODELS)
    if models is not None:
        _drop_down(status, models)


def _ask() -> None:
    with errors_shown(), st.spinner("Asking Google …"):
        st.session_state.pop(MODELS, None)
        st.session_state[MODELS] = studio().gemini.models()


def _drop_down(status: GeminiStatus, models: tuple[ModelInfo, ...]) -> None:
    by_name = {model.name: model for model in sorted(models, key=_by_price)}
    is_there = status.model in by_name
    st.session_state[CHOICE] = status.model if is_there else None
    st.selectbox(
        "Model, with the dollars for a million tokens in / out",
        list(by_name),
        index=list(by_name).index(status.model) if is_there else None,
        format_func=lambda name: model_told(by_name[name]),
        placeholder="Choose a model",
        key=CHOICE,
        on_change=_choose,
    )
    if is_there:
        st.caption(
            plain(
                f"{status.model}: {price_told(by_name[status.model])} for a million tokens, by"
                " Google's page of prices. Flash-Lite models cost least, and write well."
            )
        )
    else:
        st.warning(
            f"The key cannot use {plain(status.model)} (any more): choose another one above.",
            icon=":material/warning:",
        )


def _by_price(model: ModelInfo) -> tuple[bool, tuple[float, float], str]:
    """The cheapest first; those of which no price is known at the end."""
    return model.price is None, model.price or (0.0, 0.0), model.name


def _choose() -> None:
    name = st.session_state[CHOICE]
    if name is not None:
        with errors_noted():
            studio().gemini.choose(name)
            note(f"From now on, {plain(name)} is asked.")
