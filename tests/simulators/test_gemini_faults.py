"""What the SDK sees when the API refuses, fails or has nothing to say; one test per mode."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from google.genai import errors, types

from tests.simulators.gemini import ODD, Endpoint, GeminiSimulator, Mode
from tests.simulators.gemini_asking import MODEL, Batch, House, cleaned, client_of, house_of


@pytest.fixture(scope="module")
def shared() -> Iterator[House]:
    with GeminiSimulator() as gemini, house_of(gemini) as made:
        yield made


@pytest.fixture
def house(shared: House) -> House:
    return cleaned(shared)


def details(exc: errors.APIError, kind: str) -> dict[str, Any]:
    """The detail of this kind in Google's envelope."""
    told: list[dict[str, Any]] = exc.details["error"].get("details", [])
    return next((one for one in told if one["@type"].endswith("." + kind)), {})


@pytest.mark.parametrize(
    ("mode", "code", "status", "reason"),
    [
        (Mode.KEY_INVALID, 400, "INVALID_ARGUMENT", "API_KEY_INVALID"),
        (Mode.KEY_EXPIRED, 400, "INVALID_ARGUMENT", "API_KEY_INVALID"),
        (Mode.KEY_LEAKED, 403, "PERMISSION_DENIED", None),
        (Mode.KEY_BLOCKED, 403, "PERMISSION_DENIED", "API_KEY_SERVICE_BLOCKED"),
        (Mode.UNAUTHENTICATED, 401, "UNAUTHENTICATED", "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
        (Mode.SERVICE_DISABLED, 403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
        (Mode.LOCATION, 400, "FAILED_PRECONDITION", None),
        (Mode.MODEL_GONE, 404, "NOT_FOUND", None),
        (Mode.QUOTA_BARE, 429, "RESOURCE_EXHAUSTED", None),
    ],
)
def test_a_refusal_is_a_client_error_with_its_reason(
    house: House, mode: Mode, code: int, status: str, reason: str | None
) -> None:
    house.gemini.fail(mode)

    with pytest.raises(errors.ClientError) as caught:
        house.ask()

    assert (caught.value.code, caught.value.status) == (code, status)
    assert details(caught.value, "ErrorInfo").get("reason") == reason
    assert house.gemini.key not in str(caught.value)
    assert house.gemini.counts().refused == 1


@pytest.mark.parametrize(
    ("mode", "quota"),
    [
        (Mode.PER_MINUTE, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"),
        (Mode.PER_DAY, "GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
        (Mode.TOKENS_PER_MINUTE, "GenerateContentInputTokensPerModelPerMinute-FreeTier"),
    ],
)
def test_a_quota_tells_which_it_is_and_how_long_to_wait(
    house: House, mode: Mode, quota: str
) -> None:
    house.gemini.fail(mode, retry_delay=7.25)

    with pytest.raises(errors.ClientError) as caught:
        house.ask()

    assert caught.value.code == 429
    (violation,) = details(caught.value, "QuotaFailure")["violations"]
    assert violation["quotaId"] == quota
    assert violation["quotaDimensions"]["model"] == MODEL
    assert details(caught.value, "RetryInfo")["retryDelay"] == "7s"
    assert "Please retry in 7.25s." in str(caught.value.message)


def test_a_quota_of_the_day_has_a_short_delay_beside_it(house: House) -> None:
    house.gemini.fail(Mode.PER_DAY)

    with pytest.raises(errors.ClientError) as caught:
        house.ask()

    assert details(caught.value, "RetryInfo")["retryDelay"] == "17s"


@pytest.mark.parametrize(
    ("mode", "code", "status"),
    [
        (Mode.INTERNAL, 500, "INTERNAL"),
        (Mode.OVERLOADED, 503, "UNAVAILABLE"),
        (Mode.DEADLINE, 504, "DEADLINE_EXCEEDED"),
        (Mode.BAD_GATEWAY, 502, "Bad Gateway"),
    ],
)
def test_a_failure_of_theirs_is_a_server_error(
    house: House, mode: Mode, code: int, status: str
) -> None:
    house.gemini.fail(mode)

    with pytest.raises(errors.ServerError) as caught:
        house.ask()

    assert (caught.value.code, caught.value.status) == (code, status)
    assert ("error" in caught.value.details) == (mode is not Mode.BAD_GATEWAY)


def test_too_large_is_a_page(house: House) -> None:
    house.gemini.fail(Mode.TOO_LARGE)

    with pytest.raises(errors.ClientError) as caught:
        house.ask()

    assert caught.value.code == 413
    assert caught.value.details["message"].startswith("<!DOCTYPE html>")


def test_a_page_with_200_is_no_json(house: House) -> None:
    house.gemini.fail(Mode.HTML)

    with pytest.raises(json.JSONDecodeError):
        house.ask()


def test_an_empty_body_is_an_empty_answer(house: House) -> None:
    house.gemini.fail(Mode.EMPTY_BODY)

    answer = house.ask()

    assert (answer.text, answer.parsed, answer.candidates) == (None, None, None)
    assert answer.usage_metadata is None


@pytest.mark.parametrize("mode", [Mode.CLOSE, Mode.HALF_BODY])
def test_a_lost_connection_is_no_error_of_the_api(house: House, mode: Mode) -> None:
    house.gemini.fail(mode)

    with pytest.raises(httpx2.RemoteProtocolError):
        house.ask()

    assert house.gemini.counts().admitted == int(mode is Mode.HALF_BODY)


def test_a_client_that_waits_no_longer_has_a_timeout(house: House) -> None:
    house.gemini.fail(Mode.HANG, times=1)

    with client_of(house.gemini, timeout=50) as client, pytest.raises(httpx2.ReadTimeout):
        client.models.generate_content(model=MODEL, contents="hello")

    house.gemini.wait_until(lambda: house.gemini.hanging == 1, "the request")
    house.gemini.release()
    house.gemini.wait_until(lambda: house.gemini.hanging == 0, "its end")
    assert house.ask().parsed


def test_what_hangs_is_answered_once_it_is_released(house: House) -> None:
    house.gemini.fail(Mode.HANG, times=1)

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(house.ask)
        house.gemini.wait_until(lambda: house.gemini.hanging == 1, "the request")
        assert not late.done()
        house.gemini.release()
        assert late.result(30).parsed


def test_what_hangs_ends_with_the_stand_in() -> None:
    with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        with GeminiSimulator() as gemini:
            client = stack.enter_context(client_of(gemini))
            gemini.fail(Mode.HANG)
            late = pool.submit(client.models.generate_content, model=MODEL, contents="hello")
            gemini.wait_until(lambda: gemini.hanging == 1, "the request")
        with pytest.raises(httpx2.RemoteProtocolError):
            late.result(30)


def test_a_blocked_prompt_has_a_reason_and_no_candidates(house: House) -> None:
    house.gemini.fail(Mode.BLOCKED)

    answer = house.ask()

    assert (answer.candidates, answer.text, answer.parsed) == (None, None, None)
    assert answer.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT
    assert answer.usage_metadata.prompt_token_count


def test_no_candidates_are_no_candidates(house: House) -> None:
    house.gemini.fail(Mode.NO_CANDIDATES)

    answer = house.ask()

    assert (answer.candidates, answer.prompt_feedback, answer.parsed) == (None, None, None)


@pytest.mark.parametrize(
    ("mode", "finish"),
    [
        (Mode.SAFETY, types.FinishReason.SAFETY),
        (Mode.RECITATION, types.FinishReason.RECITATION),
        (Mode.MAX_TOKENS_EMPTY, types.FinishReason.MAX_TOKENS),
    ],
)
def test_an_answer_without_content_has_its_reason(
    house: House, mode: Mode, finish: types.FinishReason
) -> None:
    house.gemini.fail(mode)

    answer = house.ask(max_output_tokens=900)

    assert (answer.text, answer.parsed) == (None, None)
    assert answer.candidates[0].finish_reason == finish
    spent = answer.usage_metadata.thoughts_token_count
    assert spent == (900 if mode is Mode.MAX_TOKENS_EMPTY else None)


# When they happen


def test_an_overload_of_two_requests_is_over_with_the_third(house: House) -> None:
    house.gemini.fail(Mode.OVERLOADED, times=2)

    for _ in range(2):
        with pytest.raises(errors.ServerError):
            house.ask()

    assert isinstance(house.ask().parsed, Batch)
    assert [request.status for request in house.gemini.requests] == [503, 503, 200]
    assert house.gemini.counts().admitted == 3


def test_faults_come_in_the_order_in_which_they_were_asked_for(house: House) -> None:
    house.gemini.fail(Mode.FENCED, times=1)
    house.gemini.fail(Mode.PER_MINUTE, times=1)
    house.gemini.fail(Mode.SAFETY, skip=1)

    assert house.ask().text.startswith("```json")
    with pytest.raises(errors.ClientError):
        house.ask()
    assert house.ask().parsed
    assert house.ask().text is None
    house.gemini.mend()
    assert house.ask().parsed


def test_a_fault_may_be_of_one_model_or_key_alone(house: House) -> None:
    house.gemini.fail(Mode.MODEL_GONE, model="gemini-3.8-flash")
    other = house.gemini.add_key("another")
    house.gemini.fail(Mode.KEY_INVALID, key=other)

    assert house.ask().parsed
    with pytest.raises(errors.ClientError, match="404"):
        house.ask(model="gemini-3.8-flash")
    with (
        client_of(house.gemini, key=other) as client,
        pytest.raises(errors.ClientError, match="API key not valid"),
    ):
        client.models.generate_content(model=MODEL, contents="hello")


def test_a_fault_may_be_of_another_endpoint_or_of_all(house: House) -> None:
    house.gemini.fail(Mode.LOCATION, on=Endpoint.MODELS, times=1)

    assert house.ask().parsed
    with pytest.raises(errors.ClientError, match="location"):
        list(house.client.models.list())

    house.gemini.fail(Mode.OVERLOADED, on=None)
    house.gemini.fail(Mode.KEY_INVALID, on=None)
    with pytest.raises(errors.ServerError):
        house.ask()


def test_the_journal_knows_what_a_request_met(house: House) -> None:
    house.gemini.fail(Mode.FENCED, Mode.EMOJI, times=1)

    house.ask()
    house.ask()

    assert [r.modes for r in house.gemini.generated] == [(Mode.FENCED, Mode.EMOJI), ()]


@pytest.mark.parametrize("seed", range(3))
def test_it_misbehaves_alike_with_the_same_seed(seed: int) -> None:
    quiet = [mode for mode in ODD if mode is not Mode.UNKNOWN_FINISH]

    def answers() -> list[str]:
        with GeminiSimulator() as gemini, house_of(gemini) as house:
            gemini.misbehave(seed=seed, share=0.7, modes=quiet)
            for _ in range(12):
                house.ask()
            return [f"{request.modes} {request.written}" for request in gemini.requests]

    first = answers()

    assert first == answers()
    assert len(set(first)) > 4
    assert any(text.startswith("()") for text in first)
