"""A stand-in of Gemini in, a real client of it out, and what the tests ask."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from google import genai
from google.genai import types
from pydantic import BaseModel, Field

from tests.simulators.gemini import Endpoint, GeminiSimulator
from tests.simulators.instagram_client import session

MODEL = "gemini-3.5-flash-lite"
PATIENCE = 10.0
JPEG = b"\xff\xd8\xff\xfe\xfb" * 8
"""Begins as one, and is spelled with both letters in which the two alphabets differ."""
PROMPT = """\
Write the posts of these reels.
reel_id: 11
Small habits change people who practise courage every morning.
reel_id: 12
The orchestra sounded wonderful yesterday evening, and nobody clapped.
reel_id: 13
Sailing around islands needs patience, weather and friends.
"""


class Item(BaseModel):
    reel_id: int
    title: str = Field(max_length=100)
    caption: str
    hashtags: list[str] = Field(max_length=5)
    topics: list[str]
    interest: int = Field(ge=0, le=100)
    reason: str | None = None


class Batch(BaseModel):
    items: list[Item] = Field(max_length=10)


@dataclass(frozen=True, slots=True)
class House:
    """The stand-in and those who ask it."""

    gemini: GeminiSimulator
    client: genai.Client
    http: requests.Session

    def ask(self, prompt: Any = PROMPT, *, model: str = MODEL, **config: Any) -> Any:
        """By the SDK, with structured output unless `config` says otherwise."""
        given = {"response_mime_type": "application/json", "response_schema": Batch, **config}
        off = types.AutomaticFunctionCallingConfig(disable=True)
        return self.client.models.generate_content(
            model=model,
            contents=prompt,
            config=types.GenerateContentConfig(automatic_function_calling=off, **given),
        )

    def items(self, answer: Any) -> list[dict[str, Any]]:
        """What a model wrote, unchecked."""
        found: list[dict[str, Any]] = json.loads(answer.text)["items"]
        return found

    def post(
        self,
        body: object,
        *,
        version: str = "v1",
        model: str = MODEL,
        method: str = Endpoint.GENERATE,
        headers: Mapping[str, str] | None = None,
        query: str = "",
    ) -> requests.Response:
        """By HTTP alone, with the key unless `headers` are given."""
        return self.http.post(
            f"{self.gemini.address}/{version}/models/{model}:{method}{query}",
            data=body if isinstance(body, bytes) else json.dumps(body),
            headers={"x-goog-api-key": self.gemini.key} if headers is None else headers,
            timeout=PATIENCE,
        )

    def get(self, path: str) -> requests.Response:
        headers = {"x-goog-api-key": self.gemini.key}
        return self.http.get(self.gemini.address + path, headers=headers, timeout=PATIENCE)


def text(prompt: str = PROMPT, **more: Any) -> dict[str, Any]:
    """The body of a request with one text."""
    return {"contents": [{"parts": [{"text": prompt}]}], **more}


def error(answer: requests.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    assert found["code"] == answer.status_code
    return found


@contextmanager
def client_of(
    gemini: GeminiSimulator, *, key: str = "", timeout: int = 60_000, version: str | None = None
) -> Iterator[genai.Client]:
    """The SDK's; `timeout` in milliseconds."""
    options = types.HttpOptions(base_url=gemini.address, timeout=timeout, api_version=version)
    made = genai.Client(api_key=key or gemini.key, http_options=options, vertexai=False)
    try:
        yield made
    finally:
        made.close()


def cleaned(house: House) -> House:
    """As new, for the next test: a client costs a tenth of a second."""
    house.gemini.mend()
    house.gemini.forget()
    return house


@contextmanager
def house_of(gemini: GeminiSimulator) -> Iterator[House]:
    with client_of(gemini) as client, session() as http:
        yield House(gemini, client, http)
