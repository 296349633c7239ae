"""JSON of either spelling in, the same in camel case out, or Google's refusal.  Pure.

Protocol buffers take ``maxItems`` and ``max_items`` alike, and no name that they do not know.
Source: ai.google.dev/api/generate-content and /api/caching#Schema.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from tests.simulators.gemini_errors import bad_request, unknown_field
from tests.simulators.gemini_words import Answer, Json


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


REQUEST = _names(
    "contents tools toolConfig safetySettings systemInstruction generationConfig"
    " cachedContent serviceTier store"
)
COUNT = frozenset({"contents", "generateContentRequest"})
CONTENT = frozenset({"parts", "role"})
PART = _names(
    "text inlineData fileData functionCall functionResponse executableCode"
    " codeExecutionResult thought thoughtSignature videoMetadata"
)
BLOB = frozenset({"mimeType", "data", "displayName"})
CONFIG = _names(
    "stopSequences responseMimeType responseSchema responseJsonSchema responseModalities"
    " candidateCount maxOutputTokens temperature topP topK seed presencePenalty"
    " frequencyPenalty responseLogprobs logprobs enableEnhancedCivicAnswers speechConfig"
    " thinkingConfig imageConfig mediaResolution"
)
THINKING = frozenset({"includeThoughts", "thinkingBudget", "thinkingLevel"})
SCHEMA = _names(
    "type format title description nullable enum maxItems minItems properties required"
    " minProperties maxProperties minLength maxLength pattern example anyOf propertyOrdering"
    " default items minimum maximum"
)
TYPES = frozenset({"STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"})


class Refused(Exception):
    """The request is not carried out; `answer` is what Google says."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


def camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)


def message(value: Any, fields: Collection[str], where: str) -> Json:
    """The fields of a message, in camel case, without those that are null.

    Raises:
        Refused: It is no object, or has a field that is not among `fields`.
    """
    if not isinstance(value, dict):
        at = f" at '{where}'" if where else ""
        raise Refused(bad_request(f"Invalid value{at}: expected an object.", field=where))
    for name in value:
        if camel(name) not in fields:
            raise Refused(unknown_field(name, where))
    return {camel(name): given for name, given in value.items() if given is not None}


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
    if not isinstance(kind, str) or kind.upper() not in TYPES:
        told = f"Invalid value at '{where}.type' (TYPE_ENUM), {kind!r}"
        raise Refused(bad_request(told, field=f"{where}.type"))
    if schema.get("enum") and kind.upper() != "STRING":
        told = f"* GenerateContentRequest.{where}.enum: only allowed for STRING type\n"
        raise Refused(bad_request(told))
    for place, inner in enumerate(schema.get("properties", {}).values()):
        check_schema(inner, f"{where}.properties[{place}].value")
    for place, inner in enumerate(schema.get("anyOf", ())):
        check_schema(inner, f"{where}.any_of[{place}]")
    if kind.upper() == "ARRAY" and "items" not in schema:
        told = f"* GenerateContentRequest.{where}.items: missing field.\n"
        raise Refused(bad_request(told))
    if "items" in schema:
        check_schema(schema["items"], f"{where}.items")
    for name in schema.get("required", ()):
        if name not in schema.get("properties", {}):
            told = f"* GenerateContentRequest.{where}.required: property is not defined: {name}\n"
            raise Refused(bad_request(told))
