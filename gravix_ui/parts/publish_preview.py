"""A reel, its caption and options in; the post as Instagram will show it, phone-shaped, out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

import streamlit as st

from gravix_core import PostOptions, Reel, Seconds
from gravix_ui.parts.publish_words import where_told
from gravix_ui.session import studio

POST, PLAY = "The post", "Play"
FOLDED = 90
"""Characters from which on Instagram folds a caption; it shows two lines on most phones."""
FIRST_FRAME: Seconds = 0.001
"""Browsers show nothing of a video before they are told to look at a moment of it."""
HASHTAG = re.compile(r"(?<![\w#&])(#\w+)")


@dataclass(frozen=True, slots=True)
class Post:
    """What the preview shows."""

    reel: Reel
    username: str
    caption: str
    """As it is sent."""
    options: PostOptions
    our_cover: bool
    """The frame that is sent is the picture that Review shows."""


def phone(post: Post) -> None:
    """Draw it, as it stands in Instagram or to be played."""
    key = f"phone-view-{post.reel.id}"
    with st.container(key=f"phone-{post.reel.id}", gap="small"):
        shown = st.segmented_control(
            "Preview",
            (POST, PLAY),
            default=POST,
            required=True,
            key=key,
            label_visibility="collapsed",
        )
        st.html(playing(post) if shown == PLAY else standing(post))


def playing(post: Post) -> str:
    """As HTML."""
    files = studio().files
    src, poster = files.reel_address(post.reel) or "", files.cover_address(post.reel) or ""
    return (
        '<div class="gravix-phone"><video controls playsinline preload="none" '
        f'src="{escape(src)}" poster="{escape(poster)}" aria-label="The reel"></video></div>'
    )


def standing(post: Post) -> str:
    """As HTML."""
    return (
        f'<div class="gravix-phone">{cover(post)}'
        '<div class="gravix-phone-side" aria-hidden="true"><i></i><i></i><i></i></div>'
        f'<div class="gravix-phone-words">{_who(post)}{folded(post.caption)}{_labels(post)}</div>'
        "</div>"
    )


def cover(post: Post) -> str:
    """The frame that is the cover, as HTML."""
    files = studio().files
    if post.our_cover:
        address = files.cover_address(post.reel) or ""
        return f'<img src="{escape(address)}" alt="The cover">'
    at = post.options.thumb_offset or FIRST_FRAME
    src = f"{files.reel_address(post.reel) or ''}#t={at:.3f}"
    return (
        f'<video muted playsinline preload="metadata" src="{escape(src)}" '
        'aria-label="The frame that is the cover"></video>'
    )


def _who(post: Post) -> str:
    name = escape(post.username)
    more = ", ".join(post.options.collaborators)
    beside = f" <span>and {escape(more)}</span>" if more else ""
    return (
        f'<p class="gravix-phone-who"><b aria-hidden="true">{escape(post.username[:1].upper())}</b>'
        f"<strong>{name}</strong>{beside}</p>"
    )


def folded(caption: str) -> str:
    """The caption, as HTML; a long one opens at a click as it does in Instagram."""
    words = HASHTAG.sub(r"<em>\1</em>", escape(caption, quote=False))
    if len(caption) <= FOLDED and "\n" not in caption:
        return f'<p class="gravix-phone-caption">{words}</p>' if caption else ""
    return f'<details class="gravix-phone-caption"><summary><p>{words}</p></summary></details>'


def _labels(post: Post) -> str:
    labels = [where_told(post.options)]
    if post.options.ai_generated:
        labels.append("AI info")
    return f'<p class="gravix-phone-labels">{"".join(f"<span>{one}</span>" for one in labels)}</p>'
