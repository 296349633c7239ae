"""A known script in, its words with times and the site's caption documents out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SCRIPT = (
    "Welcome back to the little workshop by the river.",
    "Today we build a wooden boat from one single board.",
    "First you draw the line, and then you cut it slowly.",
    "If the wood splits, start again: nobody is in a hurry here.",
)
"""What is said in a film of the simulator, one sentence after another, from the start again."""

SENTENCE_MS = 3000
"""Every sentence starts this long after the one before."""
SPOKEN_MS = 2600
"""The rest of it is silence, in the film too."""
LEAD_MS = 160


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word and when it is said, in milliseconds."""

    text: str
    start: int
    end: int


Line = tuple[Spoken, ...]


def spoken(seconds: float, script: Sequence[str] = SCRIPT) -> tuple[Line, ...]:
    """The lines that fit into a film of that length, words evenly spread over each."""
    lines = []
    for number in range(int((seconds * 1000 - LEAD_MS) // SENTENCE_MS)):
        words = script[number % len(script)].split()
        first, step = LEAD_MS + number * SENTENCE_MS, SPOKEN_MS // len(words)
        lines.append(
            tuple(
                Spoken(word, first + place * step, first + (place + 1) * step)
                for place, word in enumerate(words)
            )
        )
    return tuple(lines)


def json3(lines: Sequence[Line], *, automatic: bool) -> dict[str, Any]:
    """A json3 document as the site makes it.

    Automatic ones have a first event without words, word times, newlines that are events of
    their own, and lines that last until the end of the next; manual ones have whole lines.
    """
    return _automatic(lines) if automatic else _manual(lines)


def _automatic(lines: Sequence[Line]) -> dict[str, Any]:
    last = lines[-1][-1].end if lines else 0
    events: list[dict[str, Any]] = [
        {"tStartMs": 0, "dDurationMs": last, "id": 1, "wpWinPosId": 1, "wsWinStyleId": 1}
    ]
    for number, line in enumerate(lines):
        start = line[0].start
        if number:
            events.append(
                {
                    "tStartMs": start - 10,
                    "dDurationMs": line[-1].end - start,
                    "wWinId": 1,
                    "aAppend": 1,
                    "segs": [{"utf8": "\n"}],
                }
            )
        until = lines[min(number + 1, len(lines) - 1)][-1].end
        segs: list[dict[str, Any]] = [{"utf8": line[0].text, "acAsrConf": 0}]
        segs += [
            {"utf8": f" {word.text}", "tOffsetMs": word.start - start, "acAsrConf": 0}
            for word in line[1:]
        ]
        events.append({"tStartMs": start, "dDurationMs": until - start, "wWinId": 1, "segs": segs})
    return {"wireMagic": "pb3", "pens": [{}], "wsWinStyles": [{}], "events": events}


def _manual(lines: Sequence[Line]) -> dict[str, Any]:
    events = [
        {
            "tStartMs": line[0].start,
            "dDurationMs": line[-1].end - line[0].start,
            "segs": [{"utf8": " ".join(word.text for word in line)}],
        }
        for line in lines
    ]
    return {"wireMagic": "pb3", "pens": [{}], "wsWinStyles": [{}], "events": events}


def vtt(lines: Sequence[Line]) -> str:
    """The same lines as WebVTT, without word times."""
    cues = (
        f"{_clock(line[0].start)} --> {_clock(line[-1].end)}\n"
        + " ".join(word.text for word in line)
        for line in lines
    )
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
