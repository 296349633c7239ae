"""What the texts of a video cost at the prices of the reference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gravix_core.model import Cue, Span, Word
from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.stages.caption.batches import GeminiCaptioner
from gravix_core.stages.caption.gemini import Gemini
from gravix_core.stages.caption.gemini_models import DEFAULT, estimate
from gravix_core.texts import Pair, Usage, Words
from tests.caption.asking import JPEG, TALKS, voice_of_everything
from tests.simulators.gemini import GeminiSimulator

CENTS = 0.03
"""US dollars for 20 reels of one video, at most."""
DAY = date(2026, 11, 22)
HINDI = "छोटी आदतें हर सुबह लोगों को बदल देती हैं और साहस सिखाती हैं"
JAPANESE = "小さな習慣が毎朝人を変え勇気を教えてくれるという話です"
LONG = Words("A title of a text from before", "A caption of a text. " * 20, ("#one", "#two"))


def video(text: str, *, hours: float, seconds: float) -> tuple[Brief, tuple[Spoken, ...]]:
    """Twenty reels that lie all over a long talk, and all that a brief may hold."""
    every, words = hours * 3600 / 20, text.split() if " " in text else list(text)
    cues = tuple(Cue(text, Span(at, at + 5)) for at in range(0, round(hours * 3600), 5))
    reels = tuple(
        Spoken(
            reel_id=100 + i,
            index=i,
            count=20,
            span=Span(i * every, i * every + seconds),
            words=tuple(
                Word(words[j % len(words)], Span(i * every + j / 3, i * every + j / 3 + 0.3))
                for j in range(round(seconds * 3))
            ),
            frames=(JPEG, JPEG),
        )
        for i in range(20)
    )
    brief = Brief(
        "A long talk", "About everything. " * 300, "Ada", cues, "en", voice_of_everything(),
        examples=(Pair(LONG, LONG),) * 10,
    )  # fmt: skip
    return brief, reels


@pytest.mark.parametrize(
    ("text", "hours", "seconds"),
    [
        (" ".join(TALKS), 3, 35), (TALKS[0], 0.2, 35), (HINDI, 3, 35), (JAPANESE, 3, 90),
        (TALKS[1], 5, 900),
    ],
    ids=["long", "short", "hindi", "japanese", "quarters of an hour"],
)  # fmt: skip
def test_twenty_reels_cost_less_than_three_cents(text: str, hours: float, seconds: float) -> None:
    brief, reels = video(text, hours=hours, seconds=seconds)
    told = estimate(brief, reels, DEFAULT, on=DAY)
    assert told.requests == 2
    assert told.cost is not None
    assert told.cost < CENTS


def test_estimate_is_close_to_what_the_stand_in_counts() -> None:
    brief, reels = video(" ".join(TALKS), hours=1, seconds=35)
    brief, heard = replace(brief, voice=replace(brief.voice, forbidden=())), list[Usage]()
    with GeminiSimulator() as simulator:
        asker = Gemini(simulator.key, DEFAULT, base_url=simulator.address)
        GeminiCaptioner(asker).describe(brief, reels[:10], on_usage=heard.append)
    told = estimate(brief, reels[:10], DEFAULT, on=DAY)
    assert told.input_tokens == pytest.approx(heard[0].input_tokens, rel=0.35)
    assert sum(usage.cost or 0 for usage in heard) < CENTS / 2
