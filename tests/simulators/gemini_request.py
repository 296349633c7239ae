"""The body of a request in, what the model is asked out; or why Google refuses it.

Sources: shared/reference/gemini.md, section 3; ai.google.dev/api/generate-content.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.gemini_errors import bad_request
from tests.simulators.gemini_fields import (
    BLOB,
    CONFIG,
    CONTENT,
    COUNT,
    PART,
    REQUEST,
    RESOLUTION,
    THINKING,
    Refused,
    check_schema,
    listed,
    message,
)
from tests.simulators.gemini_models import MOST_INPUT, MOST_OUTPUT, Model
from tests.simulators.gemini_schema import plain
from tests.simulators.gemini_words import Json

RESOLUTIONS = {
    "MEDIA_RESOLUTION_UNSPECIFIED": 1120,
    "MEDIA_RESOLUTION_LOW": 280,
    "MEDIA_RESOLUTION_MEDIUM": 560,
    "MEDIA_RESOLUTION_HIGH": 1120,
}
"""Tokens for a picture.  Source: shared/reference/gemini.md, section 3."""
CHARACTERS = 4
"""For a token, about."""
_SIGNS = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG",
    "image/webp": b"RIFF",
}
_DEPRECATED = ("temperature", "topP", "topK")


@dataclass(slots=True)
class Asked:
    """A request that Google would carry out."""

    texts: list[str] = field(default_factory=list)
    system: str = ""
    pictures: list[tuple[bytes, int]] = field(default_factory=list)
    """With their tokens."""
    config: Json = field(default_factory=dict)
    thinking: Json = field(default_factory=dict)
    schema: Json | None = None

    @property
    def text_tokens(self) -> int:
        return sum(map(tokens, (*self.texts, self.system)))

    @property
    def picture_tokens(self) -> int:
        return sum(count for _, count in self.pictures)

    @property
    def tokens(self) -> int:
        return self.text_tokens + self.picture_tokens

    @property
    def deprecated(self) -> tuple[str, ...]:
        return tuple(name for name in _DEPRECATED if name in self.config)

    @property
    def wants_json(self) -> bool:
        return self.config.get("responseMimeType") == "application/json"


def tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS)


def read(body: Any, model: Model, version: str) -> Asked:
    """What generateContent is asked.

    Raises:
        Refused: With Google's answer.
    """
    given = message(body, REQUEST, "")
    asked = Asked()
    asked.config = message(given.get("generationConfig", {}), CONFIG, "generation_config")
    thinking = asked.config.get("thinkingConfig", {})
    asked.thinking = message(thinking, THINKING, "generation_config.thinking_config")
    _check_config(asked.config, model)
    _check_thinking(asked.thinking, model)
    asked.schema = _schema(asked.config)
    usual = _resolution(asked.config.get("mediaResolution"), "generation_config.media_resolution")
    if "systemInstruction" in given:
        parts = _parts(given["systemInstruction"], "system_instruction", version)
        asked.system = "\n\n".join(part["text"] for part in parts if "text" in part)
    _read_contents(asked, given, version, usual)
    if asked.tokens > MOST_INPUT:
        told = f"The input token count ({asked.tokens}) exceeds the maximum number of tokens"
        raise Refused(bad_request(f"{told} allowed ({MOST_INPUT})."))
    return asked


def read_count(body: Any, model: Model, version: str) -> Asked:
    """What countTokens is asked.

    Raises:
        Refused: With Google's answer.
    """
    given = message(body, COUNT, "")
    if "generateContentRequest" in given:
        inner = dict(given["generateContentRequest"])
        inner.pop("model", None)
        return read(inner, model, version)
    asked = Asked()
    _read_contents(asked, given, version, RESOLUTIONS["MEDIA_RESOLUTION_UNSPECIFIED"])
    return asked


def _read_contents(asked: Asked, given: Json, version: str, usual: int) -> None:
    contents = listed(given.get("contents", []), "contents")
    if not contents:
        told = "* GenerateContentRequest.contents: contents is not specified\n"
        raise Refused(bad_request(told))
    for place, content in enumerate(contents):
        where = f"contents[{place}]"
        for number, part in enumerate(_parts(content, where, version)):
            if "text" in part:
                asked.texts.append(part["text"])
            elif "inlineData" in part:
                at = f"{where}.parts[{number}].inline_data"
                own = message(part.get("mediaResolution", {}), RESOLUTION, at)
                level = own.get("level")
                cost = usual if level is None else _resolution(level, at)
                asked.pictures.append((_picture(part["inlineData"], at), cost))
            else:
                raise Refused(bad_request("The stand-in reads text and pictures alone."))


def _parts(content: Any, where: str, version: str) -> list[Json]:
    read = message(content, CONTENT, where)
    if read.get("role", "user") not in {"user", "model"}:
        raise Refused(bad_request("Please use a valid role: user, model."))
    known = {**PART, "mediaResolution": "object"} if version == "v1beta" else PART
    parts = [
        message(part, known, f"{where}.parts[{number}]")
        for number, part in enumerate(listed(read.get("parts", []), f"{where}.parts"))
    ]
    if not parts or not all(parts):
        told = f"* GenerateContentRequest.{where}.parts: contents.parts must not be empty.\n"
        raise Refused(bad_request(told))
    return parts


def _picture(blob: Any, where: str) -> bytes:
    given = message(blob, BLOB, where)
    kind = given.get("mimeType", "")
    if kind not in _SIGNS:
        raise Refused(bad_request(f"Unsupported MIME type: {kind}"))
    data = given.get("data", "")
    try:
        padded = data.rstrip("=").translate(str.maketrans("-_", "+/"))
        picture = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except (binascii.Error, ValueError):
        told = f"Invalid value at '{where}.data' (TYPE_BYTES), Base64 decoding failed"
        raise Refused(bad_request(told, field=f"{where}.data")) from None
    if not picture.startswith(_SIGNS[kind]):
        raise Refused(bad_request("Unable to process input image. Please retry or report."))
    return picture


def _resolution(level: Any, where: str) -> int:
    if level is None:
        level = "MEDIA_RESOLUTION_UNSPECIFIED"
    if level not in RESOLUTIONS:
        told = f"Invalid value at '{where}' (TYPE_ENUM), {level!r}"
        raise Refused(bad_request(told, field=where))
    return RESOLUTIONS[level]


def _check_config(config: Json, model: Model) -> None:
    if config.get("candidateCount", 1) != 1:
        raise Refused(bad_request("Multiple candidates is not enabled for this model"))
    if "presencePenalty" in config or "frequencyPenalty" in config:
        raise Refused(bad_request(f"Penalty is not enabled for models/{model.name}"))
    most = config.get("maxOutputTokens", MOST_OUTPUT)
    if not 1 <= most <= MOST_OUTPUT:
        told = f"Unable to submit request because it has a maxOutputTokens value of {most} but the"
        supported = f"supported range is from 1 (inclusive) to {MOST_OUTPUT + 1} (exclusive)."
        raise Refused(bad_request(f"{told} {supported} Update the value and try again."))


def _check_thinking(thinking: Json, model: Model) -> None:
    level, has_budget = thinking.get("thinkingLevel"), "thinkingBudget" in thinking
    if has_budget and level:
        told = "You can only set only one of thinking budget and thinking level."
        raise Refused(bad_request(told))
    if has_budget and model.levels:
        raise Refused(bad_request("Thinking budget is not supported for this model."))
    if level and not model.levels:
        raise Refused(bad_request("Thinking level is not supported for this model."))
    if level and level.upper() not in model.levels:
        told = f"Thinking level {level.upper()} is not supported for this model."
        raise Refused(bad_request(told))


def _schema(config: Json) -> Json | None:
    own, standard = config.get("responseSchema"), config.get("responseJsonSchema")
    if own is None and standard is None:
        return None
    if own is not None and standard is not None:
        told = "Only one of response_schema and response_json_schema may be set."
        raise Refused(bad_request(told))
    if not re.fullmatch(r"application/json|text/x\.enum", config.get("responseMimeType", "")):
        told = "Function calling or response schema with a response mime type other than"
        raise Refused(bad_request(f"{told} 'application/json' or 'text/x.enum' is unsupported"))
    if own is not None:
        check_schema(own, "generation_config.response_schema")
    try:
        return plain(own if own is not None else standard)
    except (ValueError, AttributeError, TypeError, OverflowError) as exc:
        raise Refused(bad_request(f"Invalid JSON schema: {exc}")) from None
