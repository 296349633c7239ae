"""JSON of either spelling in, the same in camel case out, or Google's refusal.  Pure.

Protocol buffers take ``maxItems`` and ``max_items`` alike, and no name that they do not know.
Source: ai.google.dev/api/generate-content and /api/caching#Schema.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from tests.simulators.gemini_errors import bad_request, unknown_field
from tests.simulators.gemini_words import Answer, Json

Fields = Mapping[str, str]
"""Names in camel case, and what they hold: one of `_TYPES`; empty: anything."""

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "int": int,
    "number": (int, float),
    "bool": bool,
    "list": list,
    "texts": list,
    "object": dict,
    "": object,
}


def _fields(text: str) -> Fields:
    """``name`` or ``name:type``, with blanks between them."""
    return {name: kind for name, _, kind in (one.partition(":") for one in text.split())}


REQUEST = _fields(
    "contents tools toolConfig safetySettings systemInstruction generationConfig"
    " cachedContent:text serviceTier:text store:bool"
)
COUNT = _fields("contents generateContentRequest:object")
CONTENT = _fields("parts role:text")
PART = _fields(
    "text:text inlineData:object fileData:object functionCall:object functionResponse:object"
    " executableCode:object codeExecutionResult:object thought:bool thoughtSignature:text"
    " videoMetadata:object"
)
RESOLUTION = _fields("level:text numTokens:int")
BLOB = _fields("mimeType:text data:text displayName:text")
CONFIG = _fields(
    "stopSequences:texts responseMimeType:text responseSchema:object responseJsonSchema"
    " responseModalities:texts candidateCount:int maxOutputTokens:int temperature:number"
    " topP:number topK:number seed:int presencePenalty:number frequencyPenalty:number"
    " responseLogprobs:bool logprobs:int enableEnhancedCivicAnswers:bool speechConfig:object"
    " thinkingConfig:object imageConfig:object mediaResolution:text"
)
THINKING = _fields("includeThoughts:bool thinkingBudget:int thinkingLevel:text")
SCHEMA = _fields(
    "type format:text title:text description:text nullable:bool enum:texts maxItems:int"
    " minItems:int properties:object required:texts minProperties:int maxProperties:int"
    " minLength:int maxLength:int pattern:text example anyOf:list propertyOrdering:texts default"
    " items:object minimum:number maximum:number"
)
KINDS = frozenset({"STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"})


class Refused(Exception):
    """The request is not carried out; `answer` is what Google says."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


def camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def message(value: Any, fields: Fields, where: str) -> Json:
    """The fields of a message, in camel case, without those that are null.

    Raises:
        Refused: It is no object, has a field that is not among `fields`, or one of another type.
    """
    if not isinstance(value, dict):
        at = f" at '{where}'" if where else ""
        raise Refused(bad_request(f"Invalid value{at}: expected an object.", field=where))
    for name in value:
        if camel(name) not in fields:
            raise Refused(unknown_field(name, where))
    return {
        camel(name): _typed(given, fields[camel(name)], f"{where}.{name}".lstrip("."))
        for name, given in value.items()
        if given is not None
    }


def listed(value: Any, where: str) -> list[Any]:
    """A repeated field; one alone counts as a list of one, as Google's parser has it.

    Raises:
        Refused: It is neither.
    """
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise Refused(bad_request(f"Invalid value at '{where}': expected a list.", field=where))
    return value


def check_schema(value: Any, where: str) -> None:
    """Of ``responseSchema``, which is a message and no JSON Schema.

    Raises:
        Refused: A keyword or a type that Google's Schema does not have.
    """
    schema = message(value, SCHEMA, where)
    kind = schema.get("type", "OBJECT")
    if not isinstance(kind, str) or kind.upper() not in KINDS:
        told = f"Invalid value at '{where}.type' (TYPE_ENUM), {kind!r}"
        raise Refused(bad_request(told, field=f"{where}.type"))
    for wrong, told in (
        (schema.get("enum") and kind.upper() != "STRING", "enum: only allowed for STRING type"),
        (kind.upper() == "ARRAY" and "items" not in schema, "items: missing field"),
    ):
        if wrong:
            raise Refused(bad_request(f"* GenerateContentRequest.{where}.{told}\n"))
    for name in schema.get("required", ()):
        if name not in schema.get("properties", {}):
            told = f"* GenerateContentRequest.{where}.required: property is not defined: {name}\n"
            raise Refused(bad_request(told))
    _check_inner(schema, where)


def _check_inner(schema: Json, where: str) -> None:
    for place, inner in enumerate(schema.get("properties", {}).values()):
        check_schema(inner, f"{where}.properties[{place}].value")
    for place, inner in enumerate(schema.get("anyOf", ())):
        check_schema(inner, f"{where}.any_of[{place}]")
    if "items" in schema:
        check_schema(schema["items"], f"{where}.items")


def _typed(value: Any, kind: str, where: str) -> Any:
    """Numbers may come as text, as Google's parser takes them."""
    if kind in {"int", "number"} and isinstance(value, str):
        value = _number(value)
    if kind == "int" and isinstance(value, float) and value.is_integer():
        value = int(value)
    is_right = isinstance(value, _TYPES[kind])
    if kind in {"int", "number"}:
        is_right = is_right and not isinstance(value, bool) and math.isfinite(value)
    if kind == "texts":
        is_right = is_right and all(isinstance(one, str) for one in value)
    if not is_right:
        told = f"Invalid value at '{where}' (TYPE_{kind.upper()}), {value!r}"
        raise Refused(bad_request(told, field=where))
    return value


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
