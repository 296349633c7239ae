"""What the SDK gets from the stand-in of Gemini when all is well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from google.genai import types
from pydantic import BaseModel, Field

from tests.simulators.gemini import Endpoint, GeminiSimulator
from tests.simulators.gemini_asking import (
    JPEG,
    MODEL,
    PROMPT,
    Batch,
    House,
    cleaned,
    client_of,
    house_of,
    text,
)


@pytest.fixture(scope="module")
def shared() -> Iterator[House]:
    with GeminiSimulator() as gemini, house_of(gemini) as made:
        yield made


@pytest.fixture
def house(shared: House) -> House:
    return cleaned(shared)


class Post(BaseModel):
    """Other names than those of `Batch`."""

    reelId: Literal["21", "22"]  # noqa: N815
    headline: str = Field(max_length=12)
    body_text: str
    tags: list[str] = Field(min_length=4, max_length=4)
    rating: float = Field(ge=1, le=5)
    mood: Literal["calm", "loud"]


class Posts(BaseModel):
    language: str
    posts: list[Post]


class Way(BaseModel):
    title: str
    hashtags: list[str]


class OwnWay(Way):
    reel_id: int


class Ways(BaseModel):
    alternatives: list[Way] = Field(min_length=3, max_length=3)


class OwnWays(BaseModel):
    alternatives: list[OwnWay] = Field(max_length=3)


def test_an_answer_keeps_to_the_schema(house: House) -> None:
    answer = house.ask()

    assert isinstance(answer.parsed, Batch)
    assert [item.reel_id for item in answer.parsed.items] == [11, 12, 13]
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    assert answer.model_version == MODEL
    assert answer.response_id


def test_a_json_schema_is_honoured_too(house: House) -> None:
    answer = house.ask(response_schema=None, response_json_schema=Batch.model_json_schema())

    assert [item.reel_id for item in Batch.model_validate(answer.parsed).items] == [11, 12, 13]


def test_no_two_titles_are_alike(house: House) -> None:
    prompt = "\n".join(f"reel_id: {number} the same words again" for number in range(1, 11))

    titles = [item.title for item in house.ask(prompt).parsed.items]

    assert len(set(titles)) == 10


@pytest.mark.parametrize("is_standard", [False, True])
def test_names_ids_and_limits_are_those_of_the_schema(house: House, is_standard: bool) -> None:
    schema: dict[str, Any] = {"response_schema": Posts}
    if is_standard:
        schema = {"response_schema": None, "response_json_schema": Posts.model_json_schema()}
    wanted = [types.Part.from_text(text="No numbers here.")]

    posts = Posts.model_validate_json(house.ask(wanted, **schema).text)

    assert [post.reelId for post in posts.posts] == ["21", "22"]
    assert all(tag.startswith("#") for post in posts.posts for tag in post.tags)
    assert house.gemini.generated[-1].asked == (21, 22)


@pytest.mark.parametrize("schema", [Ways, OwnWays])
def test_alternatives_differ(house: House, schema: type[BaseModel]) -> None:
    ways = house.ask("Three ways to say it. reel_id: 11 Courage", response_schema=schema).parsed

    assert len({way.title for way in ways.alternatives}) == 3
    assert len({tuple(way.hashtags) for way in ways.alternatives}) == 3


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ('[{"reel_id": 7, "words": "x"}, {"reel_id": 9}]', (7, 9)),
        ("<reel index=2 id='7'>x</reel><reel id='9'/>", (7, 9)),
        ("Reel 1 of 2 (id 7): x\nReel 2 of 2 (id 9): y", (7, 9)),
        ("### Reel 7\nx\n### Reel 9\ny", (7, 9)),
        ("reel_id 5 is known. Answer for reel_ids: 7, 9 alone.", (7, 9)),
        ("nothing", ()),
    ],
)
def test_reels_are_found_in_the_prompt(house: House, prompt: str, asked: tuple[int, ...]) -> None:
    house.ask(prompt)

    assert house.gemini.generated[-1].asked == asked


@pytest.mark.parametrize(
    ("system", "prompt", "sign"),
    [
        ("Language: pt-BR", PROMPT, "Este momento fala"),
        ("Write in German.", PROMPT, "Hier geht es"),
        ("", '{"language": "fr"}', "Ce moment"),
        ("", "これは日本語の文章です。とてもおもしろいですね。", "話です"),
        ("", "यह हिन्दी में एक लम्बा वाक्य है", "यह पल"),
        ("", "que los perros y las casas con una ventana", "Este momento trata"),
        ("", "1 2 3", "This moment"),
    ],
)
def test_the_language_is_the_one_asked_for_or_that_of_the_prompt(
    house: House, system: str, prompt: str, sign: str
) -> None:
    answer = house.ask(f"reel_id: 3 {prompt}", system_instruction=system or None)

    assert sign in house.items(answer)[0]["caption"]


def test_an_answer_speaks_of_what_is_said_in_its_reel(house: House) -> None:
    captions = [item["caption"] for item in house.items(house.ask())]

    assert "habits" in captions[0]
    assert "orchestra" in captions[1]


@pytest.mark.parametrize(
    ("level", "each"), [("LOW", 280), ("MEDIUM", 560), ("HIGH", 1120), (None, 1120)]
)
def test_pictures_count_by_their_resolution(house: House, level: str | None, each: int) -> None:
    picture = types.Part.from_bytes(data=JPEG, mime_type="image/jpeg")
    resolution = f"MEDIA_RESOLUTION_{level}" if level else None

    usage = house.ask(["x" * 40, picture, picture], media_resolution=resolution).usage_metadata

    assert usage.prompt_token_count == 10 + 2 * each
    assert house.gemini.generated[-1].pictures == (JPEG, JPEG)


def test_usage_is_that_of_the_real_prompt_and_answer(house: House) -> None:
    answer = house.ask("y" * 401, system_instruction="z" * 39)

    usage = answer.usage_metadata
    assert usage.prompt_token_count == 101 + 10
    assert usage.candidates_token_count == -(-len(answer.text) // 4)
    thoughts = usage.thoughts_token_count or 0
    total = usage.prompt_token_count + usage.candidates_token_count + thoughts
    assert usage.total_token_count == total
    counts = house.gemini.counts()
    assert (counts.tokens_in, counts.tokens_out) == (111, usage.candidates_token_count + thoughts)


def test_thoughts_count_and_eat_the_room_of_the_answer(house: House) -> None:
    thinking = types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW)

    cut = house.ask(thinking_config=thinking, max_output_tokens=150)
    none = house.ask(thinking_config=thinking, max_output_tokens=100)

    assert cut.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS
    assert len(cut.text) == 4 * 30
    assert (none.text, none.candidates[0].finish_reason) == (None, types.FinishReason.MAX_TOKENS)
    assert none.usage_metadata.thoughts_token_count == 100


def test_text_is_answered_by_text(house: House) -> None:
    answer = house.ask("Tell me", response_mime_type=None, response_schema=None)

    assert answer.text.startswith("This moment")


def test_json_without_a_schema_is_json(house: House) -> None:
    assert json.loads(house.ask(response_schema=None).text)["answer"]


def test_tokens_are_counted_without_being_spent(house: House) -> None:
    counted = house.client.models.count_tokens(model=MODEL, contents="x" * 41)

    assert counted.total_tokens == 11
    assert house.gemini.counts().admitted == 0


def test_models_come_in_pages(house: House) -> None:
    pager = house.client.models.list(config={"page_size": 4})

    names = [model.name for model in pager]

    assert len(names) == len(set(names)) > 8
    assert len(house.gemini.asked(Endpoint.MODELS)) == -(-len(names) // 4)
    assert f"models/{MODEL}" in names
    assert not any("1.5" in str(name) for name in names)


def test_a_model_tells_what_it_can_do(house: House) -> None:
    model = house.client.models.get(model=MODEL)

    assert model.display_name == "Gemini 3.5 Flash-Lite"
    assert "generateContent" in (model.supported_actions or ())
    listed = {one.name: one for one in house.client.models.list()}
    assert "generateContent" not in (listed["models/gemini-embedding-001"].supported_actions or ())


def test_an_alias_answers_as_its_model(house: House) -> None:
    assert house.ask(model="gemini-flash-lite-latest").model_version == MODEL


def test_the_journal_hides_nothing(house: House) -> None:
    house.ask(system_instruction="Be kind.", temperature=1)

    request = house.gemini.generated[0]
    assert (request.version, request.model, request.status) == ("v1", MODEL, 200)
    assert request.headers["x-goog-api-key"] == request.key == house.gemini.key
    assert request.deadline == 60
    assert (request.system, request.prompt) == ("Be kind.", PROMPT)
    assert request.deprecated == ("temperature",)
    assert request.admitted
    assert not request.key_in_url
    assert json.loads(request.written) == json.loads(
        json.loads(request.answer)["candidates"][0]["content"]["parts"][0]["text"]
    )


def test_the_other_version_is_served_too(house: House) -> None:
    with client_of(house.gemini, version="v1beta") as client:
        client.models.generate_content(model=MODEL, contents="hello")

    assert house.gemini.generated[0].version == "v1beta"


def test_both_spellings_say_the_same(house: House) -> None:
    config = {"responseMimeType": "application/json", "responseSchema": _schema("maxLength")}
    other = {"response_mime_type": "application/json", "response_schema": _schema("max_length")}
    picture = {"mimeType": "image/jpeg", "data": "_9j__vs="}
    other_picture = {"mime_type": "image/jpeg", "data": "/9j//vs="}

    one = house.post(
        {
            "contents": {"parts": [{"text": PROMPT}, {"inlineData": picture}]},
            "systemInstruction": {"parts": {"text": "x"}},
            "generationConfig": config,
        }
    )
    two = house.post(
        {
            "contents": [{"parts": [{"text": PROMPT}, {"inline_data": other_picture}]}],
            "system_instruction": {"parts": [{"text": "x"}]},
            "generation_config": other,
        }
    )

    assert one.status_code == two.status_code == 200
    first, second = house.gemini.generated
    assert first.schema == second.schema
    assert first.pictures == second.pictures == (b"\xff\xd8\xff\xfe\xfb",)
    assert first.tokens_in == second.tokens_in
    assert json.loads(first.written)["caption"] == "This moment is"


def _schema(limit: str) -> dict[str, Any]:
    caption = {"type": "STRING", limit: 14}
    return {"type": "OBJECT", "properties": {"caption": caption}, "required": ["caption"]}


def test_a_plain_request_needs_no_deadline(house: House) -> None:
    assert house.post(text()).status_code == 200
