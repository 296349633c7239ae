"""What a model was asked in, the body of its answer out, with what modes make of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.simulators.gemini_models import MOST_OUTPUT, Model
from tests.simulators.gemini_oddities import made_odd
from tests.simulators.gemini_prompt import asked_for, ids_in
from tests.simulators.gemini_request import CHARACTERS, Asked, tokens
from tests.simulators.gemini_schema import Filler, Kind, ids_of, lists_of
from tests.simulators.gemini_texts import Author
from tests.simulators.gemini_words import Json, Mode, Request, Stage

THOUGHTS = {"NONE": 0, "MINIMAL": 0, "LOW": 120, "MEDIUM": 400, "HIGH": 1200}
"""Tokens of thoughts by level: made up, so that what counts them has something to count."""
UNKNOWN_FINISH = "PARTLY_CLOUDY"
_THOUGHT = '**Looking at the reels**\n\nI compare what is said in each: `{"not": "the answer"}`.'
_FENCE = "`" * 3


@dataclass(frozen=True, slots=True)
class Written:
    """What the model has to say."""

    parts: tuple[Json, ...]
    finish: str
    tokens: int
    thoughts: int

    @property
    def text(self) -> str:
        return "".join(part["text"] for part in self.parts if not part.get("thought"))


def asked_ids(asked: Asked) -> tuple[int, ...]:
    """The reels that the answer is about: those of the schema, else those of the prompt."""
    listed = ids_of(asked.schema) if asked.schema else ()
    return listed or asked_for("\n\n".join(asked.texts)) or asked_for(asked.system)


def answered(asked: Asked, model: Model, request: Request, rng: random.Random) -> Json:
    """The body of a 200."""
    mode = next((one for one in request.modes if one.stage is Stage.ANSWER), None)
    thoughts = _thoughts(asked, model)
    if mode is Mode.BLOCKED:
        feedback = {"blockReason": "PROHIBITED_CONTENT"}
        return {**_frame(asked, model, 0, 0, rng), "promptFeedback": feedback}
    if mode is Mode.NO_CANDIDATES:
        return _frame(asked, model, 0, 0, rng)
    if mode:
        finish = "MAX_TOKENS" if mode is Mode.MAX_TOKENS_EMPTY else mode.name
        spent = asked.config.get("maxOutputTokens", MOST_OUTPUT) if finish == "MAX_TOKENS" else 0
        written = Written((), finish, 0, spent)
    else:
        written = _within(_written(asked, request, rng, thoughts), asked)
    request.written = written.text
    content: Json = {"role": "model"}
    if written.parts:
        content["parts"] = _signed(written.parts, model)
    candidate = {"content": content, "finishReason": written.finish, "index": 0}
    if mode in {Mode.SAFETY, Mode.RECITATION}:
        del candidate["content"]
        candidate["safetyRatings"] = [
            {"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH", "blocked": True}
        ]
    frame = _frame(asked, model, written.tokens, written.thoughts, rng)
    return {"candidates": [candidate], **frame}


def _written(asked: Asked, request: Request, rng: random.Random, thoughts: int) -> Written:
    prompt = "\n\n".join(asked.texts)
    author = Author(asked.system, prompt, ids_in(prompt), number=request.number)
    if asked.schema:
        value = Filler(author, request.asked).fill(asked.schema)
    else:
        text = author.text(Kind.CAPTION, 0, 0)
        value = {"answer": text} if asked.wants_json else text
    for mode in request.modes:
        if mode.stage is Stage.ITEMS:
            value = made_odd(value, mode, request, rng)
    text = value if isinstance(value, str) else _dumped(value)
    finish = "STOP"
    for mode in request.modes:
        if mode.stage is Stage.TEXT:
            text = _around(text, value, mode)
            finish = {
                Mode.MAX_TOKENS: "MAX_TOKENS",
                Mode.UNKNOWN_FINISH: UNKNOWN_FINISH,
            }.get(mode, finish)
    parts: list[Json] = [{"text": text}]
    if Mode.PARTS in request.modes:
        middle = len(text) // 2
        parts = [{"text": text[:middle]}, {"text": text[middle:]}]
    if Mode.THOUGHT in request.modes or asked.thinking.get("includeThoughts"):
        parts = [{"text": _THOUGHT, "thought": True}, *parts]
        thoughts = thoughts or tokens(_THOUGHT)
    return Written(tuple(parts), finish, tokens(text), thoughts)


def _around(text: str, value: Any, mode: Mode) -> str:
    if mode is Mode.BARE_LIST:
        return _dumped(next(lists_of(value), value))
    return _AROUND[mode](text) if mode in _AROUND else text


def _cut(text: str, at: int) -> str:
    """Not at an end of something."""
    while at < len(text) and text[at - 1] in ',}] \n"':
        at += 1
    return text[:at]


_AROUND: dict[Mode, Callable[[str], str]] = {
    Mode.FENCED: lambda text: f"{_FENCE}json\n{text}\n{_FENCE}",
    Mode.CHATTY: lambda text: (
        f"Here is what you asked for {{as JSON}}:\n\n{_FENCE}json\n{text}\n{_FENCE}\n\n"
        "Let me know if [more] is needed!"
    ),
    Mode.NESTED_JSON: json.dumps,
    Mode.TRAILING_COMMA: lambda text: f"{text[:-1].rstrip()},{text[-1:]}",
    Mode.MAX_TOKENS: lambda text: _cut(text, len(text) * 6 // 10),
}


def _within(written: Written, asked: Asked) -> Written:
    """Cut off where ``maxOutputTokens`` says, of which thoughts are a part."""
    most = asked.config.get("maxOutputTokens", MOST_OUTPUT)
    left = most - written.thoughts
    if written.tokens <= left:
        return written
    if left <= 0:
        return Written((), "MAX_TOKENS", 0, most)
    text = written.text[: left * CHARACTERS]
    thoughts = tuple(part for part in written.parts if part.get("thought"))
    return Written((*thoughts, {"text": text}), "MAX_TOKENS", left, written.thoughts)


def _thoughts(asked: Asked, model: Model) -> int:
    budget = asked.thinking.get("thinkingBudget")
    if budget is not None:
        usual = THOUGHTS["MEDIUM"]
        return usual if budget < 0 else min(usual, budget)
    return THOUGHTS[str(asked.thinking.get("thinkingLevel", model.thoughts)).upper()]


def _signed(parts: tuple[Json, ...], model: Model) -> list[Json]:
    """With the signature that models since 3 put at their last part."""
    if model.generation < 3:
        return list(parts)
    return [*parts[:-1], {**parts[-1], "thoughtSignature": "c3RhbmQtaW4="}]


def _frame(asked: Asked, model: Model, written: int, thoughts: int, rng: random.Random) -> Json:
    details = [{"modality": "TEXT", "tokenCount": asked.text_tokens}]
    if asked.pictures:
        details.append({"modality": "IMAGE", "tokenCount": asked.picture_tokens})
    usage: Json = {
        "promptTokenCount": asked.tokens,
        "totalTokenCount": asked.tokens + written + thoughts,
        "promptTokensDetails": details,
    }
    usage |= {"candidatesTokenCount": written} if written else {}
    usage |= {"thoughtsTokenCount": thoughts} if thoughts else {}
    return {
        "usageMetadata": usage,
        "modelVersion": model.alias_of or model.name,
        "responseId": f"{rng.getrandbits(96):024x}",
    }


def _dumped(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text if _is_whole(text) else json.dumps(value, indent=2)


def _is_whole(text: str) -> bool:
    """Whether no character is half a one."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
