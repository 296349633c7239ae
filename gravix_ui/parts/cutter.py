"""A source and a stretch of it in; its player, and the edges that are set on it, out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gravix_core import Seconds
from gravix_ui.parts import part

if TYPE_CHECKING:
    from streamlit.components.v2.bidi_component import ComponentResult

_cutter = part("cutter", js=("dom.js", "cutter.js"), css=("base.css", "cutter.css"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is shown.  Times are seconds of the source."""

    start: Seconds
    end: Seconds
    earliest: Seconds
    """Where the line under the picture begins."""
    latest: Seconds


@dataclass(frozen=True, slots=True)
class Crop:
    """What is kept of the picture, in fractions of its width and height."""

    x: float
    y: float
    width: float
    height: float


def cutter(
    *,
    src: str | None,
    poster: str | None,
    aspect: float,
    stretch: Stretch,
    crop: Crop | None,
    empty: str,
    unsaved: bool,
    on_mark: Callable[[], None],
    key: str,
) -> ComponentResult:
    """Draw the player.

    Args:
        src: Address of the video on this server, or None while there is none to be played.
        poster: Address of a picture.
        aspect: Width over height of the picture.
        stretch: What the reel plays, and how much around it can be reached.
        crop: Drawn on the picture; None draws nothing.
        empty: Sentence to show while `src` is None.
        unsaved: The browser asks before the page is left for good.
        on_mark: Called when an edge was set; `st.session_state[key].mark` is a mapping of
            `edge`, ``start`` or ``end``, and `at`, seconds of the source.
        key: Unique in the app.
    """
    data = {
        "src": src,
        "poster": poster,
        "aspect": aspect,
        "stretch": asdict(stretch),
        "crop": asdict(crop) if crop else None,
        "empty": empty,
        "unsaved": unsaved,
    }
    return _cutter(key=key, data=data, on_mark_change=on_mark)
