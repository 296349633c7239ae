"""A reel in; its score as bars, one for each part, with weights and reasons, out."""

from __future__ import annotations

from html import escape

import streamlit as st

from gravix_core import Reel, ScorePart

POOR = 40
"""Below this a part is worth a look."""


def score(reel: Reel) -> None:
    """Draw a button that opens the whole of it; nothing where there are no reasons."""
    if reel.text is None or not reel.text.score_parts:
        return
    label = f"Score {reel.text.quality_score}"
    with st.popover(label, type="tertiary", icon=":material/star:", key=f"score-{reel.id}"):
        st.markdown(f"**{reel.text.quality_score} of 100**, made up of:")
        st.html(reasons_of(reel.text.score_parts))


def score_bars(reel: Reel) -> None:
    """Draw the parts in small, without their reasons."""
    if reel.text is not None and reel.text.score_parts:
        st.html(bars_of(reel.text.score_parts))


def bars_of(parts: tuple[ScorePart, ...]) -> str:
    rows = "".join(f"<div>{_head(part)}</div>" for part in parts)
    return f'<div class="gravix-score">{rows}</div>'


def reasons_of(parts: tuple[ScorePart, ...]) -> str:
    rows = "".join(
        f"<div>{_head(part)}<p>{escape(' '.join(part.reason.split()))}"
        f" <i>Counts {part.weight} %.</i></p></div>"
        for part in parts
    )
    return f'<div class="gravix-score gravix-score-told">{rows}</div>'


def _head(part: ScorePart) -> str:
    """Name, bar and number; the bar alone is nothing to be read out."""
    value = min(100, max(0, part.value))
    kind = ' class="poor"' if value < POOR else ""
    name = escape(part.name[:1].upper() + part.name[1:])
    bar = f'<span aria-hidden="true"><em{kind} style="width:{value}%"></em></span>'
    return f"<b>{name}</b>{bar}<strong>{part.value}</strong>"
