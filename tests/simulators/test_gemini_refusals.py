"""What the stand-in of Gemini refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from google.genai import errors, types

from tests.simulators.gemini import GeminiSimulator
from tests.simulators.gemini_asking import (
    JPEG,
    MODEL,
    House,
    cleaned,
    client_of,
    error,
    house_of,
    text,
)
from tests.simulators.gemini_world import MOST_BODY

NEWER, OLDER = "gemini-3.8-flash", "gemini-2.5-flash"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def shared() -> Iterator[House]:
    with GeminiSimulator() as gemini, house_of(gemini) as made:
        yield made


@pytest.fixture
def house(shared: House) -> House:
    return cleaned(shared)


# Keys


def test_an_unknown_key_is_a_bad_request(house: House) -> None:
    with (
        client_of(house.gemini, key="AIza-wrong") as client,
        pytest.raises(errors.ClientError, match="API key not valid") as caught,
    ):
        client.models.generate_content(model=MODEL, contents="hello")

    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert caught.value.details["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def test_an_unknown_key_lists_no_models(house: House) -> None:
    with (
        client_of(house.gemini, key="AIza-wrong") as client,
        pytest.raises(errors.ClientError, match="API key not valid"),
    ):
        list(client.models.list())


def test_a_key_may_be_revoked(house: House) -> None:
    key = house.gemini.add_key("AIza-for-now")
    headers = {"x-goog-api-key": key}
    assert house.post(text(), headers=headers).status_code == 200

    house.gemini.revoke(key)

    assert house.post(text(), headers=headers).status_code == 400


def test_without_a_key_nobody_is_served(house: House) -> None:
    answer = house.post(text(), headers={})

    assert error(answer)["status"] == "PERMISSION_DENIED"
    assert "unregistered callers" in error(answer)["message"]


def test_a_key_in_the_address_is_taken_and_noted(house: House) -> None:
    answer = house.post(text(), headers={}, query=f"?key={house.gemini.key}")

    assert answer.status_code == 200
    assert house.gemini.generated[0].key == house.gemini.key
    assert house.gemini.generated[0].key_in_url


def test_a_token_of_oauth_is_no_key(house: House) -> None:
    assert house.post(text(), headers={"Authorization": "Bearer x"}).status_code == 401


# Addresses and headers


@pytest.mark.parametrize("model", ["gemini-1.5-pro", "gemini-2.0-flash", "gemini-pro", "x"])
def test_a_model_that_is_retired_is_not_found(house: House, model: str) -> None:
    with pytest.raises(errors.ClientError) as caught:
        house.ask(model=model)

    assert caught.value.code == 404
    assert f"models/{model} is not found for API version v1" in str(caught.value.message)


def test_a_model_may_be_retired(house: House) -> None:
    with GeminiSimulator() as gemini, house_of(gemini) as other:
        gemini.retire(MODEL)

        assert other.post(text()).status_code == 404
        assert other.get(f"/v1/models/{MODEL}").status_code == 404


def test_a_model_that_writes_nothing_is_not_found_for_writing(house: House) -> None:
    answer = house.post(text(), model="gemini-embedding-001")

    assert answer.status_code == 404
    assert house.get("/v1/models/gemini-embedding-001").status_code == 200


@pytest.mark.parametrize("path", ["/", "/v2/models", "/v1/model", "/v1beta/models/", "/v1/files"])
def test_an_address_that_is_none_is_a_page(house: House, path: str) -> None:
    answer = house.get(path)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("method", ["streamGenerateContent", "embedContent"])
def test_a_method_that_the_stand_in_has_not_is_not_found(house: House, method: str) -> None:
    answer = house.post(text(), method=method)

    assert method in error(answer)["message"]


@pytest.mark.parametrize(("deadline", "status"), [("9", 400), ("5", 400), ("x", 400), ("10", 200)])
def test_a_deadline_has_a_minimum(house: House, deadline: str, status: int) -> None:
    headers = {"x-goog-api-key": house.gemini.key, "X-Server-Timeout": deadline}

    answer = house.post(text(), headers=headers)

    assert answer.status_code == status
    if deadline == "5":
        told = "Manually set deadline 5s is too short. Minimum allowed deadline is 10s."
        assert error(answer)["message"] == told


def test_the_sdk_is_told_that_its_deadline_is_too_short(house: House) -> None:
    with (
        client_of(house.gemini, timeout=9_000) as client,
        pytest.raises(errors.ClientError, match="Minimum allowed deadline is 10s"),
    ):
        client.models.generate_content(model=MODEL, contents="hello")


def test_a_request_of_more_than_20_mb_is_a_page(house: House) -> None:
    fits = house.post(b" " * (MOST_BODY - 200) + json.dumps(text("x")).encode())

    answer = house.post(b" " * MOST_BODY + json.dumps(text("x")).encode())

    assert fits.status_code == 200
    assert answer.status_code == 413
    assert answer.text.startswith("<!DOCTYPE html>")


# Parameters


@pytest.mark.parametrize(
    ("model", "config", "told"),
    [
        (MODEL, {"candidate_count": 2}, "Multiple candidates"),
        (MODEL, {"presence_penalty": 0.5}, "Penalty is not enabled"),
        (MODEL, {"frequency_penalty": 0.5}, "Penalty is not enabled"),
        (MODEL, {"thinking_config": {"thinking_budget": 100}}, "Thinking budget"),
        (NEWER, {"thinking_config": {"thinking_level": "MINIMAL"}}, "level MINIMAL is not"),
        ("gemini-4-carbon", {"thinking_config": {"thinking_level": "MINIMAL"}}, "MINIMAL"),
        (OLDER, {"thinking_config": {"thinking_level": "LOW"}}, "Thinking level is not"),
        (MODEL, {"max_output_tokens": 70_000}, "maxOutputTokens value of 70000"),
        (MODEL, {"response_mime_type": None}, "response mime type"),
        (MODEL, {"response_json_schema": {"type": "object"}}, "Only one of"),
    ],
)
def test_a_parameter_that_the_model_has_not_is_refused(
    house: House, model: str, config: Json, told: str
) -> None:
    with pytest.raises(errors.ClientError, match=told) as caught:
        house.ask(model=model, **config)

    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert not house.gemini.generated[0].admitted


@pytest.mark.parametrize(
    ("model", "config"),
    [
        (MODEL, {"thinking_config": {"thinking_level": "MINIMAL"}}),
        (OLDER, {"thinking_config": {"thinking_budget": 0}}),
        (NEWER, {"temperature": 1, "top_p": 0.9, "top_k": 40}),
        (MODEL, {"seed": 7, "stop_sequences": ["x"]}),
    ],
)
def test_a_parameter_that_the_model_has_is_taken(house: House, model: str, config: Json) -> None:
    assert house.ask(model=model, **config).parsed


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "contents is not specified"),
        ({"contents": []}, "contents is not specified"),
        ({"contents": [{"parts": []}]}, "must not be empty"),
        ({"contents": [{"role": "system", "parts": [{"text": "x"}]}]}, "valid role"),
        (text(reel_ids=[1]), 'Unknown name "reel_ids": Cannot find field'),
        (text(generationConfig={"max_tokens": 1}), "at 'generation_config'"),
        (
            text(generationConfig={"thinkingConfig": {"level": "LOW"}}),
            "at 'generation_config.thinking_config'",
        ),
        (text(generationConfig={"mediaResolution": "LOW"}), "TYPE_ENUM"),
        (text(generationConfig=[]), "expected an object"),
        (text("x" * 4 * 1_048_577), "exceeds the maximum number of tokens"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(house: House, body: object, told: str) -> None:
    answer = house.post(body)

    assert answer.status_code == 400
    assert told in error(answer)["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null"])
def test_a_body_that_is_no_json_is_refused(house: House, body: bytes) -> None:
    assert "Invalid JSON payload" in error(house.post(body))["message"]


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "OBJECT", "additionalProperties": False}, '"additionalProperties"'),
        ({"$ref": "#/$defs/X"}, '"$ref"'),
        ({"type": ["STRING", "NULL"]}, "TYPE_ENUM"),
        ({"type": "ARRAY"}, "items: missing field"),
        ({"type": "INTEGER", "enum": ["1"]}, "only allowed for STRING"),
        ({"type": "OBJECT", "properties": {}, "required": ["x"]}, "not defined: x"),
        (
            {"type": "OBJECT", "properties": {"x": {"type": "STRING", "const": "y"}}},
            "at 'generation_config.response_schema.properties[0].value'",
        ),
    ],
)
def test_googles_schema_is_no_json_schema(house: House, schema: Json, told: str) -> None:
    config = {"responseMimeType": "application/json", "responseSchema": schema}

    assert told in error(house.post(text(generationConfig=config)))["message"]


@pytest.mark.parametrize(
    ("schema", "status"),
    [
        ({"type": "object", "properties": {"x": {"const": 1}}, "additionalProperties": False}, 200),
        ({"$ref": "#/$defs/X", "$defs": {"X": {"type": ["string", "null"]}}}, 200),
        ({"$ref": "#/$defs/Y"}, 400),
    ],
)
def test_a_json_schema_is_one(house: House, schema: Json, status: int) -> None:
    config = {"responseMimeType": "application/json", "responseJsonSchema": schema}

    assert house.post(text(generationConfig=config)).status_code == status


@pytest.mark.parametrize(
    ("blob", "told"),
    [
        ({"mimeType": "image/jpeg", "data": "?"}, "Base64 decoding failed"),
        ({"mimeType": "image/jpeg", "data": "aGVsbG8="}, "Unable to process input image"),
        ({"mimeType": "image/bmp", "data": "Qk0="}, "Unsupported MIME type"),
        ({"mime": "image/jpeg", "data": ""}, "Cannot find field"),
    ],
)
def test_a_picture_that_is_none_is_refused(house: House, blob: Json, told: str) -> None:
    answer = house.post({"contents": [{"parts": [{"inlineData": blob}]}]})

    assert told in error(answer)["message"]


@pytest.mark.parametrize(("version", "status"), [("v1", 400), ("v1beta", 200)])
def test_a_resolution_of_one_part_needs_the_newer_version(
    house: House, version: str, status: int
) -> None:
    level = types.PartMediaResolutionLevel.MEDIA_RESOLUTION_LOW
    part = types.Part.from_bytes(data=JPEG, mime_type="image/jpeg", media_resolution=level)
    with client_of(house.gemini, version=version) as client:
        if status == 200:
            client.models.generate_content(model=MODEL, contents=part)
            assert house.gemini.counts().tokens_in == 280
        else:
            with pytest.raises(errors.ClientError, match="Cannot find field"):
                client.models.generate_content(model=MODEL, contents=part)
