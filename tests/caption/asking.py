"""Reels, briefs and a model that says what it is told to: what the tests of captions ask with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from gravix_core.errors import CaptionError
from gravix_core.features import Features
from gravix_core.model import Cue, PostText, Span, Word
from gravix_core.stages.caption.base import Brief, Spoken, never
from gravix_core.stages.caption.prompt import Answered, Prompt
from gravix_core.texts import Usage, Voice

MODEL = "gemini-3.5-flash-lite"
JPEG = b"\xff\xd8\xff\xfe\xfb" * 8
"""Begins as one."""
TALKS = (
    "Small habits change people who practise courage every single morning.",
    "The orchestra sounded wonderful yesterday evening, and nobody clapped.",
    "Sailing around islands needs patience, weather and good friends.",
    "Why do bridges fall down? It is the wind, and never the steel.",
    "Bread needs time. Flour, water, salt and a warm kitchen do the rest.",
    "A violin maker listens to the wood before he cuts it.",
    "Winter tyres save lives when the road turns into ice.",
    "Nobody plants a forest for himself, said my grandmother.",
    "Coffee grows on mountains where the nights are cold.",
    "The printing press made opinions cheap and books common.",
)
TEXT = PostText("Why bridges fall", "The wind wins.", ("#bridges",), ("bridges",), 50, (), "gemini")


def spoken(reel_id: int, index: int, text: str, *, count: int = 10, frames: int = 0) -> Spoken:
    start = index * 35.0
    words = tuple(
        Word(word, Span(start + 0.4 * i, start + 0.4 * i + 0.3))
        for i, word in enumerate(text.split())
    )
    span = Span(start, start + 35)
    return Spoken(reel_id, index, count, span, words, frames=(JPEG,) * frames)


def talks(count: int = 10, *, first: int = 11, frames: int = 0) -> tuple[Spoken, ...]:
    """Reels with ids from `first`, each about something else."""
    return tuple(
        spoken(first + i, i, TALKS[i % len(TALKS)], count=count, frames=frames)
        for i in range(count)
    )


def brief_of(reels: Sequence[Spoken], **more: Any) -> Brief:
    cues = tuple(Cue(" ".join(w.text for w in reel.words), reel.span) for reel in reels)
    return Brief("Ten talks", credit="Ada Boatwright", cues=cues, language="en", **more)


def item(reel_id: int, **more: Any) -> dict[str, Any]:
    """What a model writes of a reel."""
    return {
        "reel_id": reel_id,
        "title": f"What number {reel_id} is about",
        "caption": f"This one is number {reel_id}. It says what it says.",
        "hashtags": [f"#number{reel_id}", "#talks"],
        "topics": ["talks"],
        "interest": 60,
        "reason": "It opens with a question.",
    } | more


def batch(items: Iterable[dict[str, Any]]) -> str:
    return json.dumps({"reels": list(items)})


Saying = Callable[[tuple[int, ...]], str | CaptionError | Answered | None]


class Scripted:
    """A model whose answers are told beforehand, one for each request."""

    def __init__(self, *answers: Saying | str | CaptionError | Answered | None) -> None:
        self._answers = list(answers)
        self.prompts: list[Prompt] = []

    @property
    def asked(self) -> list[tuple[int, ...]]:
        """The reels of each request."""
        return [ids_of(prompt) for prompt in self.prompts]

    def ask(self, prompt: Prompt, should_stop: Callable[[], bool] = never) -> Answered:
        self.prompts.append(prompt)
        said: Any = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if callable(said):
            said = said(ids_of(prompt))
        if isinstance(said, CaptionError):
            raise said
        if isinstance(said, Answered):
            return said
        return Answered(said, Usage(MODEL, input_tokens=100, output_tokens=10))


def ids_of(prompt: Prompt) -> tuple[int, ...]:
    last = prompt.parts[-1]
    assert isinstance(last, str)
    return tuple(int(one) for one in last.rpartition("reel_id:")[2].strip(" .").split(","))


def well(asked: tuple[int, ...]) -> str:
    """As a model should answer."""
    return batch(item(one) for one in asked)


def refused(why: str) -> Answered:
    return Answered(None, Usage(MODEL, input_tokens=100), why)


def measured(reel: Spoken) -> Spoken:
    features = Features(
        opening_words=9, words_per_second=2.5, silence=0.1, opens=True, closes=False, face=0.8
    )
    return replace(reel, features=features)


def voice_of_everything() -> Voice:
    return Voice(
        language="pt-BR",
        tone="calm, a little dry",
        audience="people who build things",
        forbidden=("cheap", "buy now"),
        hashtags=("#ada", "#AdaBoats"),
        call_to_action="Follow @ada.boats for more: ada.example/reels",
    )
