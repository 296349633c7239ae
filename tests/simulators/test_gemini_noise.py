"""Whatever is asked of the stand-in of Gemini, it answers as Google might, and nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulators.gemini import ODD, GeminiSimulator, Mode
from tests.simulators.gemini_asking import MODEL, PATIENCE, Batch, House, error, house_of, text


@pytest.fixture(scope="module")
def shared() -> Iterator[House]:
    """One for all examples; what breaks inside is raised at its end."""
    with GeminiSimulator() as gemini, house_of(gemini) as made:
        yield made


NAMES = st.sampled_from(
    str.split(
        "contents parts text role generationConfig response_schema type items properties enum"
        " responseJsonSchema thinking_config thinkingLevel thinkingBudget maxOutputTokens $ref"
        " systemInstruction inlineData mimeType data required anyOf minItems maxLength minimum"
        " mediaResolution reel_id score title propertyOrdering $defs const nullable"
    )
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
KNOWN = st.sampled_from(["OBJECT", "ARRAY", "string", "integer", "application/json", "LOW", "user"])
BODIES: st.SearchStrategy[Any] = st.recursive(
    LEAVES | KNOWN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(body=BODIES, config=BODIES, schema=BODIES, is_standard=st.booleans())
def test_whatever_is_asked_is_answered_in_their_envelope(
    shared: House, body: Any, config: Any, schema: Any, is_standard: bool
) -> None:
    name = "responseJsonSchema" if is_standard else "responseSchema"
    given_schema = {"responseMimeType": "application/json", name: schema}
    for asked in (
        body,
        {"contents": body, "generationConfig": config},
        text(generationConfig=given_schema),
    ):
        answer = shared.post(asked)

        assert answer.status_code in {200, 400}
        if answer.status_code == 400:
            assert error(answer)["status"] == "INVALID_ARGUMENT"
        else:
            assert answer.json()["candidates"]


@settings(deadline=None)
@given(
    path=st.text(st.characters(codec="ascii", exclude_categories=["Cc", "Zs"]), max_size=20),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
)
def test_whatever_is_addressed_is_answered(shared: House, path: str, method: str) -> None:
    for start in ("/", "/v1/models/", f"/v1/models/{MODEL}:"):
        address = shared.gemini.address + start + path
        answer = shared.http.request(method, address, timeout=PATIENCE, allow_redirects=False)

        assert answer.status_code in {200, 400, 403, 404}


@settings(deadline=None)
@given(modes=st.lists(st.sampled_from(ODD), min_size=1, max_size=5))
def test_modes_go_together_however_they_are_mixed(shared: House, modes: list[Mode]) -> None:
    config = {
        "responseMimeType": "application/json",
        "responseJsonSchema": Batch.model_json_schema(),
    }
    shared.gemini.fail(*modes, times=1)

    answer = shared.post(text(generationConfig=config))

    assert answer.status_code == 200
    assert answer.json()["usageMetadata"]["promptTokenCount"]
