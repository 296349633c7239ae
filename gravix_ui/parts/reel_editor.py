"""A draft in; fields for its words, their length, and both texts where tabs disagree, out."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from gravix_core import PostSize, PostWords, Reel
from gravix_ui.parts.reel_badges import written_by
from gravix_ui.parts.reel_draft import Draft, field, words_of
from gravix_ui.session import studio, uncut
from gravix_ui.words import counted

CAPTION_HEIGHT = 132
"""Pixels: five lines."""


def reel_editor(draft: Draft) -> None:
    """Draw the fields; what is typed is saved by itself.

    The fields keep their place on the page whatever else is drawn: one that moves is made anew,
    and would lose the keys that are pressed meanwhile.
    """
    with st.container(key=f"reel-text-{draft.reel.id}"):
        fields(draft)
        if draft.theirs is None:
            under(draft)
        else:
            other(draft, draft.theirs)
        if draft.trouble:
            st.error(draft.trouble, icon=":material/error:")


def fields(draft: Draft) -> None:
    """Each is given its words as its default, too: else a browser that is about to draw it says,
    for a moment, that it is empty, and a click in that moment would save that.
    """
    reel_id, save, now = draft.reel.id, partial(uncut, draft.keep), draft.typed()
    with st.container(gap="small", key=f"fields-{reel_id}"):
        st.text_input("Title", now.title, key=field("title", reel_id), on_change=save)
        st.text_area(
            "Caption",
            now.caption,
            key=field("caption", reel_id),
            height=CAPTION_HEIGHT,
            on_change=save,
        )
        st.text_input("Hashtags", now.hashtags, key=field("hashtags", reel_id), on_change=save)


def under(draft: Draft) -> None:
    """What there is to know about the text, quietly."""
    size = studio().review.measure(draft.reel)
    saved = " · :green[:material/check: Saved]" if draft.saved else ""
    lines = [counters(size), *remarks(size), quiet(written_by(draft.reel)) + saved]
    st.markdown("  \n".join(f":small[{line}]" for line in lines if line))


def counters(size: PostSize) -> str:
    """As Markdown."""
    characters = counter(size.characters, size.max_characters, "characters")
    hashtags = counter(size.hashtags, size.max_hashtags, "hashtags")
    return f"{characters} {quiet('·')} {hashtags}"


def counter(count: int, most: int, what: str) -> str:
    said = f"{count:,} of {most:,} {what}"
    return f":red[**{said}**]" if count > most else quiet(said)


def remarks(size: PostSize) -> list[str]:
    """What to do about the length, as Markdown."""
    said = []
    characters = size.characters - size.max_characters
    hashtags = size.hashtags - size.max_hashtags
    if characters > 0:
        over = counted(characters, "character")
        said.append(f":red[Too long for Instagram: take out {over}. Hashtags count too.]")
    if hashtags > 0:
        over = counted(hashtags, "hashtag")
        said.append(f":red[Too many for Instagram: take out {over}.]")
    elif size.hashtags > size.advised_hashtags:
        said.append(quiet(f"Instagram advises {size.advised_hashtags} hashtags at most."))
    return said


def quiet(text: str) -> str:
    return f":gray[{text}]" if text else ""


def other(draft: Draft, theirs: Reel) -> None:
    """The text that was saved elsewhere, for the one in the fields to be held against."""
    reel_id = draft.reel.id
    with st.container(gap="small", key=f"other-{reel_id}"):
        st.markdown(":orange[:material/compare:] **Changed elsewhere while you were typing**")
        st.html(html_of(words_of(theirs)))
        with st.container(horizontal=True, gap="small"):
            mine, other_one = partial(uncut, draft.keep_mine), partial(uncut, draft.take_theirs)
            st.button("Keep mine", on_click=mine, key=f"keep-mine-{reel_id}")
            st.button("Take the other one", on_click=other_one, key=f"take-other-{reel_id}")


def html_of(words: PostWords) -> str:
    texts = (words.title, words.caption, words.hashtags)
    inside = "".join(f"<p>{escape(text) or '–'}</p>" for text in texts)
    return f'<div class="gravix-other">{inside}</div>'
