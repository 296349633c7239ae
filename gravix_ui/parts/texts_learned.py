"""What the operator made of texts in; rules that can be switched off, and the pairs, out."""

from __future__ import annotations

from hashlib import sha256
from html import escape

import streamlit as st

from gravix_core import Pair, Rule, RuleKind, Words
from gravix_ui.session import errors_noted, studio
from gravix_ui.words import counted, plain

SHOWN = 10
"""Pairs, the newest."""


def learned_section() -> None:
    st.subheader("What Gravix has learned", anchor=False)
    st.write(
        "Gravix compares what was written with what you approve. It keeps that here, on this"
        " computer; with Gemini on, the last accepted texts go along as examples."
    )
    rules, pairs = studio().voice.rules(), studio().voice.pairs(SHOWN)
    if rules:
        with st.container(border=True, gap="small", key="rules"):
            for rule in rules:
                _rule(rule)
    else:
        st.caption(
            "No rule yet. When you take out the same hashtag or sentence three times, and never"
            " leave it in, it becomes a rule, and stands here to be switched off."
        )
    if pairs:
        with st.expander(f"The last accepted texts ({len(pairs)})", key="pairs"):
            st.html("".join(map(_pair_html, pairs)))
    else:
        st.caption("No accepted text yet. Approve reels on Review: what you changed is remembered.")


def _rule(rule: Rule) -> None:
    key = f"rule-{sha256(rule.key.encode()).hexdigest()[:12]}"
    st.session_state[key] = rule.is_on
    st.toggle(_told(rule), rule.is_on, key=key, on_change=_switch, args=(rule, key))


def _told(rule: Rule) -> str:
    """As Markdown."""
    times = counted(rule.times, "time")
    shown = " ".join(rule.text.split())
    if rule.kind is RuleKind.HASHTAG:
        return f"You always remove **{plain(shown)}** ({times})"
    return f"You always take out “{plain(shown)}” ({times})"


def _switch(rule: Rule, key: str) -> None:
    with errors_noted():
        studio().voice.switch(rule.key, on=st.session_state[key])


def _pair_html(pair: Pair) -> str:
    if pair.written == pair.accepted:
        return f'<div class="gravix-pair">{_words("Taken as it was written", pair.accepted)}</div>'
    return (
        f'<div class="gravix-pair">{_words("Written", pair.written)}'
        f"{_words('Accepted', pair.accepted)}</div>"
    )


def _words(head: str, words: Words) -> str:
    return (
        f'<div class="gravix-words"><p class="tags">{head}</p>'
        f'<p class="title">{escape(words.title) or "–"}</p><p>{escape(words.caption) or "–"}</p>'
        f'<p class="tags">{escape(" ".join(words.hashtags)) or "–"}</p></div>'
    )
