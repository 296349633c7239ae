"""A video, its chunks and its transcript in, one player out: all three play together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gravix_core import ChunkState, Seconds
from gravix_ui.parts import part

if TYPE_CHECKING:
    from streamlit.components.v2.bidi_component import ComponentResult


@dataclass(frozen=True, slots=True)
class StripChunk:
    """One part of the coverage strip.  Times are seconds of the source."""

    start: Seconds
    end: Seconds
    state: ChunkState
    label: str
    """What it is called, such as ``Chunk 3``; times and state are added."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the transcript.  Times are seconds of the source."""

    start: Seconds
    end: Seconds
    text: str


@dataclass(frozen=True, slots=True)
class Play:
    """An order to play one stretch and to stop at its end."""

    start: Seconds
    end: Seconds
    nonce: int
    """Another one for each order: the same one is carried out once, however often it comes."""


_player = part(
    "player",
    js=("dom.js", "strip.js", "lines.js", "player.js"),
    css=("base.css", "player.css"),
)


def player(
    *,
    src: str | None,
    poster: str | None,
    duration: Seconds,
    chunks: Sequence[StripChunk],
    lines: Sequence[Line],
    play: Play | None,
    empty: str,
    key: str,
) -> ComponentResult:
    """Draw the player.  It plays on while chunks change their state.

    Args:
        src: Address of the video on this server, or None while there is none to be played.
            Two addresses that differ after the ``?`` alone are the same video: the new one
            is taken when the old one fails.
        poster: Address of a picture.
        duration: Of the whole video.
        chunks: Ordered by time; none hides the strip.
        lines: Ordered by time; none hides the transcript.
        play: The last order; None, or one that was carried out, does nothing.
        empty: Sentence to show while `src` is None.
        key: Unique in the app.
    """
    data = {
        "src": src,
        "poster": poster,
        "duration": duration,
        # lists, not mappings: with thousands of lines a fifth of the time and of the bytes
        "chunks": [(chunk.start, chunk.end, chunk.state, chunk.label) for chunk in chunks],
        "lines": [(line.start, line.end, line.text) for line in lines],
        "play": asdict(play) if play else None,
        "empty": empty,
        "key": key,
    }
    return _player(key=key, data=[data])  # in a dict of lists Streamlit looks for tables
