"""The text of a post in, HTML that shows it as it will read out.  Pure."""

from __future__ import annotations

from html import escape

from gravix_core import Field, PostText

CLASSES = {Field.TITLE: "title", Field.CAPTION: "caption", Field.HASHTAGS: "tags"}


def words_html(text: PostText, what: Field | None = None) -> str:
    """All of it, or one part alone."""
    parts = {
        Field.TITLE: text.title,
        Field.CAPTION: text.caption,
        Field.HASHTAGS: " ".join(text.hashtags),
    }
    inside = "".join(
        f'<p class="{CLASSES[part]}">{escape(words) or "–"}</p>'
        for part, words in parts.items()
        if what in {None, part}
    )
    return f'<div class="gravix-words">{inside}</div>'


def is_same(one: PostText, other: PostText | None) -> bool:
    """Whether a reader could tell them apart."""
    return other is not None and (one.title, one.caption, one.hashtags) == (
        other.title,
        other.caption,
        other.hashtags,
    )
