"""Quotas of the stand-in of Gemini, by its clock, and what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from google.genai import errors
from hypothesis import given
from hypothesis import strategies as st

from tests.simulators.gemini import (
    FREE_LITE,
    FREE_TWENTY,
    NOT_FREE,
    Clock,
    Counts,
    GeminiSimulator,
    Mode,
    Plan,
)
from tests.simulators.gemini_asking import MODEL, PATIENCE, client_of, error, text
from tests.simulators.gemini_quota import Spent, refusal
from tests.simulators.instagram_client import session

OTHER = "gemini-3.8-flash"


@pytest.fixture
def gemini() -> Iterator[GeminiSimulator]:
    """At noon UTC, which is four in the morning in Los Angeles."""
    with GeminiSimulator() as simulator:
        yield simulator


def ask(
    gemini: GeminiSimulator, *, model: str = MODEL, key: str = "", prompt: str = "hello"
) -> requests.Response:
    with session() as http:
        return http.post(
            f"{gemini.address}/v1/models/{model}:generateContent",
            json=text(prompt),
            headers={"x-goog-api-key": key or gemini.key},
            timeout=PATIENCE,
        )


def quotas(answer: requests.Response) -> list[str]:
    """The ids of the quotas that are used up."""
    found = [d for d in error(answer)["details"] if d["@type"].endswith("QuotaFailure")]
    return [violation["quotaId"] for violation in found[0]["violations"]]


def delay(answer: requests.Response) -> str:
    told: str = error(answer)["details"][-1]["retryDelay"]
    return told


def test_a_minute_is_over_when_its_first_request_is_a_minute_old(gemini: GeminiSimulator) -> None:
    gemini.set_plan(Plan(rpm=2, is_free=True))
    ask(gemini)
    gemini.clock.go(seconds=20.5)
    ask(gemini)

    refused = ask(gemini)

    assert quotas(refused) == ["GenerateRequestsPerMinutePerProjectPerModel-FreeTier"]
    assert delay(refused) == "39s"
    assert "Please retry in 39.5s." in error(refused)["message"]
    gemini.clock.go(seconds=39)
    assert ask(gemini).status_code == 429
    gemini.clock.go(seconds=0.5)
    assert ask(gemini).status_code == 200
    assert ask(gemini).status_code == 429


def test_tokens_of_a_minute_count_the_prompt(gemini: GeminiSimulator) -> None:
    gemini.set_plan(Plan(tpm=100))
    ask(gemini, prompt="x" * 240)

    refused = ask(gemini, prompt="x" * 164)

    assert quotas(refused) == ["GenerateContentInputTokensPerModelPerMinute"]
    assert ask(gemini, prompt="x" * 160).status_code == 200
    gemini.clock.go(minutes=1)
    assert ask(gemini, prompt="x" * 164).status_code == 200


def test_the_twenty_first_request_of_a_day_is_refused(gemini: GeminiSimulator) -> None:
    gemini.set_plan(FREE_TWENTY)
    for _ in range(20):
        assert ask(gemini).status_code == 200
        gemini.clock.go(seconds=13)

    refused = ask(gemini)

    assert quotas(refused) == ["GenerateRequestsPerDayPerProjectPerModel-FreeTier"]
    assert delay(refused) == "17s"
    assert gemini.counts().admitted == 20
    gemini.clock.go(hours=19)
    assert ask(gemini).status_code == 429
    gemini.clock.go(hours=1)
    assert ask(gemini).status_code == 200


@pytest.mark.parametrize(
    ("start", "midnight"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 2, 7, tzinfo=UTC)),
        (datetime(2026, 11, 1, 7, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
        (datetime(2026, 3, 8, 8, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
    ],
    ids=["winter", "summer", "a day of 25 hours", "a day of 23 hours"],
)
def test_a_day_ends_at_midnight_in_los_angeles(start: datetime, midnight: datetime) -> None:
    with GeminiSimulator(plan=Plan(rpd=1), clock=Clock(start)) as gemini:
        ask(gemini)
        gemini.clock.go(seconds=(midnight - start).total_seconds() - 1)
        assert ask(gemini).status_code == 429

        gemini.clock.go(seconds=1)

        assert ask(gemini).status_code == 200


def test_a_model_that_is_not_free_breaks_every_limit(gemini: GeminiSimulator) -> None:
    gemini.set_plan(NOT_FREE, model=OTHER)

    refused = ask(gemini, model=OTHER)

    assert len(quotas(refused)) == 3
    assert "limit: 0, model: gemini-3.8-flash" in error(refused)["message"]
    assert ask(gemini).status_code == 200


def test_each_model_has_its_own_quota_and_an_alias_its_models(gemini: GeminiSimulator) -> None:
    gemini.set_plan(Plan(rpd=1))

    ask(gemini)

    assert ask(gemini, model=OTHER).status_code == 200
    assert ask(gemini, model="gemini-flash-lite-latest").status_code == 429


def test_keys_of_a_project_share_its_quota(gemini: GeminiSimulator) -> None:
    gemini.set_plan(Plan(rpd=1))
    beside, apart = gemini.add_key("beside", beside=gemini.key), gemini.add_key("apart")

    ask(gemini)

    assert ask(gemini, key=beside).status_code == 429
    assert ask(gemini, key=apart).status_code == 200


def test_an_answer_that_failed_at_theirs_was_spent(gemini: GeminiSimulator) -> None:
    gemini.set_plan(Plan(rpd=2))
    gemini.fail(Mode.OVERLOADED, times=1)
    gemini.fail(Mode.HALF_BODY, times=1)
    ask(gemini)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(gemini)

    assert ask(gemini).status_code == 429


@pytest.mark.parametrize("mode", [Mode.KEY_INVALID, Mode.PER_MINUTE, Mode.BAD_GATEWAY])
def test_what_never_reached_the_model_was_not_spent(gemini: GeminiSimulator, mode: Mode) -> None:
    gemini.set_plan(Plan(rpd=1))
    gemini.fail(mode, times=3)

    for _ in range(3):
        ask(gemini)

    assert ask(gemini).status_code == 200
    assert gemini.counts() == Counts(1, 3, *_tokens(gemini))


def _tokens(gemini: GeminiSimulator) -> tuple[int, int]:
    last = gemini.generated[-1]
    return last.tokens_in, last.tokens_out


def test_counts_are_kept_for_each_key_and_model(gemini: GeminiSimulator) -> None:
    other = gemini.add_key("other")
    ask(gemini)
    ask(gemini, model=OTHER)
    ask(gemini, key=other)
    ask(gemini, model="gemini-1.5-pro")

    assert gemini.counts().admitted == 3
    assert gemini.counts(key=gemini.key).admitted == 2
    assert gemini.counts(model=MODEL).admitted == 2
    assert gemini.counts(key=other, model=MODEL).admitted == 1
    assert gemini.counts(model="gemini-1.5-pro") == Counts(refused=1)
    gemini.forget()
    assert gemini.counts() == Counts()


def test_the_sdk_sees_the_quota(gemini: GeminiSimulator) -> None:
    gemini.set_plan(Plan(rpm=1, is_free=True))
    with client_of(gemini) as client:
        client.models.generate_content(model=MODEL, contents="hello")

        with pytest.raises(errors.ClientError, match="RESOURCE_EXHAUSTED") as caught:
            client.models.generate_content(model=MODEL, contents="hello")

    assert caught.value.details["error"]["details"][-1]["retryDelay"] == "60s"


def test_the_free_plan_of_flash_lite_has_room_for_a_video(gemini: GeminiSimulator) -> None:
    gemini.set_plan(FREE_LITE)

    assert [ask(gemini).status_code for _ in range(15)] == [200] * 15
    assert ask(gemini).status_code == 429


@given(
    plan=st.builds(Plan, st.integers(1, 4), st.integers(50, 200), st.none()),
    steps=st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), max_size=20),
)
def test_who_waits_as_long_as_told_is_admitted(plan: Plan, steps: list[tuple[int, int]]) -> None:
    spent: list[Spent] = []
    now = 1_795_000_000.0
    for pause, tokens in steps:
        now += pause
        refused = refusal(plan, spent, now, tokens)
        now += refused.delay if refused else 0
        assert refusal(plan, spent, now, tokens) is None
        spent.append(Spent(now, tokens))
        minute = [one for one in spent if now - one.at < 60]
        assert len(minute) <= (plan.rpm or 0)
        assert sum(one.tokens for one in minute) <= (plan.tpm or 0)
