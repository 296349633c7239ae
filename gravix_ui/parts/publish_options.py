"""A reel in; what is said of it beside its caption, as the operator chooses it, out."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from gravix_core import PostOptions, Reel, Seconds
from gravix_ui.parts.publish_words import names_trouble, usernames
from gravix_ui.session import studio

OURS, FIRST, OTHER = "ours", "first", "other"
STEP: Seconds = 0.1
"""Of the slider that picks a frame."""
FEED = "Also in the feed"


@dataclass(frozen=True, slots=True)
class Cover:
    """What is known of a reel's cover."""

    ours: Seconds | None
    """The moment of the cover that Review shows; None where it is not known."""
    length: Seconds
    """Of the reel."""


def cover_of(reel: Reel) -> Cover:
    length = reel.rendered.duration if reel.rendered else reel.span.duration
    if reel.look.cover_at is not None:
        return Cover(reel.look.cover_at, length)
    moments = studio().editing.item(reel.id).covers
    cell = reel.rendered.cover_cell if reel.rendered else None
    return Cover(moments[cell] if cell is not None and cell < len(moments) else None, length)


def options_form(reel_id: int, cover: Cover) -> None:
    """Draw it; `options_of` says what stands in it."""
    with st.container(key=f"options-{reel_id}", gap="small"):
        st.toggle(FEED, value=True, key=_key("feed", reel_id), help="Else on the Reels tab alone")
        st.segmented_control(
            "Cover",
            _covers(cover),
            format_func=lambda which: _name(which, cover),
            default=_covers(cover)[0],
            required=True,
            key=_key("cover", reel_id),
        )
        if _cover_here(reel_id, cover) == OTHER:
            st.slider(
                "Moment of the cover, in seconds",
                min_value=0.0,
                max_value=_last(cover),
                value=_begin(cover),
                step=STEP,
                format="%.1f s",
                key=_key("moment", reel_id),
            )
        st.text_input(
            "Collaborators",
            key=_key("names", reel_id),
            placeholder="Up to three usernames",
            help="They are asked by Instagram, and the reel shows on their profile once they agree",
        )
        st.checkbox("Label it as made with AI", key=_key("ai", reel_id))
        if trouble := options_trouble(reel_id):
            st.caption(f":red[{trouble}]")


def options_of(reel_id: int, cover: Cover) -> PostOptions:
    """As the form stands; also before it is drawn, and in callbacks."""
    here = st.session_state.get
    moments = {OURS: cover.ours, FIRST: None, OTHER: here(_key("moment", reel_id), _begin(cover))}
    return PostOptions(
        share_to_feed=bool(here(_key("feed", reel_id), True)),
        thumb_offset=moments[_cover_here(reel_id, cover)],
        collaborators=usernames(here(_key("names", reel_id), "")),
        ai_generated=bool(here(_key("ai", reel_id), False)),
    )


def options_trouble(reel_id: int) -> str:
    """Why it cannot be sent like this; empty when it can."""
    return names_trouble(usernames(st.session_state.get(_key("names", reel_id), "")))


def shows_our_cover(reel_id: int, cover: Cover) -> bool:
    return _cover_here(reel_id, cover) == OURS


def _cover_here(reel_id: int, cover: Cover) -> str:
    first = _covers(cover)[0]
    chosen = st.session_state.get(_key("cover", reel_id)) or first
    return str(chosen) if chosen in _covers(cover) else first


def _covers(cover: Cover) -> tuple[str, ...]:
    """The first is the default."""
    return (OURS, FIRST, OTHER) if cover.ours is not None else (FIRST, OTHER)


def _name(which: str, cover: Cover) -> str:
    ours = f"As in Review, {cover.ours:.1f} s" if cover.ours is not None else ""
    return {OURS: ours, FIRST: "First frame", OTHER: "Another moment"}[which]


def _begin(cover: Cover) -> Seconds:
    """Where the slider stands at first."""
    return min(round(cover.ours or 0.0, 1), _last(cover))


def _last(cover: Cover) -> Seconds:
    """The last moment that the slider offers: there is a frame at it."""
    return max(int(cover.length / STEP) * STEP - STEP, STEP)


def _key(what: str, reel_id: int) -> str:
    return f"post-{what}-{reel_id}"
