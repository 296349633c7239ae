"""What Gemini answers in, who has to do what out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.stages.caption.gemini_faults import (
    AFTER_MIDNIGHT,
    FAULTS,
    Fault,
    Kind,
    Told,
    cleaned,
    error_of,
    fault_of,
    seconds_of,
    told_of,
    until_midnight,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HTML = "<html><head><title>Error</title></head><body>Error</body></html>"


def quota(name: str, *, limit: str = "20", delay: str = "17s") -> dict[str, Any]:
    told = [{"quotaMetric": "m", "quotaId": name, "quotaValue": limit}]
    return {
        "error": {
            "code": 429,
            "message": "You exceeded your current quota.",
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
                {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": told},
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
            ],
        }
    }


def error(message: str, *, status: str = "INVALID_ARGUMENT", reason: str = "") -> dict[str, Any]:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    return {"error": {"message": message, "status": status, "details": details if reason else []}}


ANSWERED: tuple[tuple[int, Any, str], ...] = (
    (400, error("API key not valid. Please pass a valid API key.", reason="API_KEY_INVALID"),
     "bad_key"),
    (400, error("API key expired. Please renew the API key."), "bad_key"),
    (400, error("API key not found."), "bad_key"),
    (401, error("Request had invalid authentication credentials.", status="UNAUTHENTICATED"),
     "bad_key"),
    (403, error("Method doesn't allow unregistered callers."), "bad_key"),
    (403, error("Your API key was reported as leaked."), "key_leaked"),
    (403, error("Requests to this API are blocked.", reason="API_KEY_SERVICE_BLOCKED"),
     "key_restricted"),
    (403, error("The referer is not allowed.", reason="API_KEY_HTTP_REFERRER_BLOCKED"),
     "key_restricted"),
    (400, error("User location is not supported for the API use.", status="FAILED_PRECONDITION"),
     "region"),
    (403, error("It has not been used in project 4.", reason="SERVICE_DISABLED"), "service_off"),
    (403, error("Billing is off.", reason="BILLING_DISABLED"), "billing"),
    (400, error("Please enable billing on project 4.", status="FAILED_PRECONDITION"), "billing"),
    (402, HTML, "billing"),
    (429, error("Your prepayment credits are depleted."), "billing"),
    (403, error("The caller does not have permission.", status="PERMISSION_DENIED"), "forbidden"),
    (404, error("models/x is not found for API version v1.", status="NOT_FOUND"), "model_unknown"),
    (404, error("This model is no longer available."), "model_retired"),
    (410, error("The model was shut down."), "model_retired"),
    (404, {"message": HTML, "status": "Not Found"}, "not_understood"),
    (404, error("Not here."), "not_understood"),
    (302, HTML, "not_understood"),
    (413, {"message": HTML, "status": "Request Entity Too Large"}, "too_large"),
    (400, error("Request payload size exceeds the limit: 20971520 bytes."), "too_large"),
    (400, error("Thinking level is not supported for this model."), "model_unfit"),
    (400, error('Invalid JSON payload received. Unknown name "thinkingLevel".'), "model_unfit"),
    (400, error("Manually set deadline 5s is too short. Minimum allowed deadline is 10s."), "late"),
    (400, error("Request contains an invalid argument."), "bad_request"),
    (418, HTML, "bad_request"),
    (429, quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), "per_day"),
    (429, quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"), "per_minute"),
    (429, quota("GenerateContentInputTokensPerModelPerMinute-FreeTier"), "per_minute"),
    (429, quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", limit="0"), "no_quota"),
    (429, error("Quota exceeded for metric: x, limit: 0, model: y"), "no_quota"),
    (429, error("Too many requests per day."), "per_day"),
    (429, error("Resource has been exhausted (e.g. check quota)."), "rate_limited"),
    (429, HTML, "rate_limited"),
    (408, None, "late"),
    (504, error("Deadline expired before operation could complete."), "late"),
    (503, error("The model is overloaded."), "overloaded"),
    (500, error("An internal error has occurred."), "server"),
    (502, {"message": HTML, "status": "Bad Gateway"}, "server"),
    (599, None, "server"),
    (204, None, "not_understood"),
)  # fmt: skip
"""Status, body, fault: section 5 of the contract, and what was found beside it."""

WITHOUT: tuple[tuple[Told, str], ...] = (
    (Told(200, "blocked: SAFETY"), "blocked"),
    (Told(200, "PROHIBITED_CONTENT"), "blocked"),
    (Told(200, "SPII"), "blocked"),
    (Told(200, "SAFETY"), "safety"),
    (Told(200, "RECITATION"), "recitation"),
    (Told(200, "MAX_TOKENS"), "too_long"),
    (Told(200, "no candidates"), "silent"),
    (Told(200, "PARTLY_CLOUDY"), "silent"),
    (Told(200, "useless"), "useless"),
    (Told(200, "empty"), "not_understood"),
    (Told(None, "ReadTimeout", "timed out"), "late"),
    (Told(None, "ConnectTimeout"), "unreachable"),
    (Told(None, "ConnectError", "[Errno 111] Connection refused"), "unreachable"),
    (Told(None, "ConnectError", "[SSL: CERTIFICATE_VERIFY_FAILED] expired"), "tls"),
    (Told(None, "ProxyError", "407"), "unreachable"),
    (Told(None, "RemoteProtocolError", "peer closed connection"), "broken_off"),
    (Told(None, "ReadError"), "broken_off"),
    (Told(None, "ConnectionResetError"), "broken_off"),
    (Told(None, "JSONDecodeError", "Expecting value"), "not_understood"),
    (Told(None, "ValidationError", "1 validation error"), "not_understood"),
    (Told(None, "UnsupportedProtocol", "no scheme"), "address"),
    (Told(None, "ModuleNotFoundError", "No module named 'google'"), "library"),
    (Told(None, "Sonderbar", "odd"), "unheard_of"),
)
"""What came without an error of HTTP, or without an answer."""


@pytest.mark.parametrize(("status", "body", "code"), ANSWERED)
def test_every_answer_that_is_an_error_has_its_row(status: int, body: Any, code: str) -> None:
    assert fault_of(told_of(status, body, model="gemini-4-argon")).code == code


@pytest.mark.parametrize(("told", "code"), WITHOUT, ids=[f"{t.name}" for t, _ in WITHOUT])
def test_everything_else_that_may_go_wrong_has_its_row(told: Told, code: str) -> None:
    assert fault_of(told).code == code


def test_no_row_of_the_table_is_untested() -> None:
    assert {code for *_, code in (*ANSWERED, *WITHOUT)} == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_row_says_what_happened_and_what_to_do(fault: Fault) -> None:
    assert re.fullmatch(r"[A-Z].*\.", fault.sentence)
    assert re.fullmatch(r"[A-Za-z].*\.", fault.hint)


@pytest.mark.parametrize("model", ["gemini-1.5-pro", "gemini-2.0-flash"])
def test_retired_model_is_told_as_retired_with_the_way_out(model: str) -> None:
    told = told_of(404, error(f"models/{model} is not found for API version v1."), model=model)
    failure = error_of(told, now=NOON)
    assert str(failure).startswith(f"Google retired the model {model}")
    assert "gemini-3.5-flash-lite" in failure.hint
    assert (failure.code, failure.kind) == ("model_retired", Kind.MODEL)


def test_days_quota_is_told_by_its_id_and_not_by_the_short_delay() -> None:
    told = told_of(429, quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), model="x")
    failure = error_of(told, now=NOON)
    assert failure.kind == "day"
    assert failure.retry_after == 20 * 3600 + AFTER_MIDNIGHT  # 04:00 in California


def test_days_quota_counts_where_that_of_the_minute_is_used_up_as_well() -> None:
    body = quota("GenerateRequestsPerMinutePerProjectPerModel")
    body["error"]["details"][1]["violations"] += [{"quotaId": "RequestsPerDay", "quotaValue": "9"}]
    assert fault_of(told_of(429, body, model="x")).code == "per_day"


@pytest.mark.parametrize(
    ("delay", "wait"),
    [("42s", 43), ("1.5s", 2.5), ("0s", 1), ("", 60), ("soon", 60), ("999999s", 3600), ("-3s", 60)],
)
def test_minutes_quota_waits_a_second_longer_than_the_server_says(delay: str, wait: float) -> None:
    body = quota("GenerateRequestsPerMinutePerProjectPerModel", delay=delay)
    assert error_of(told_of(429, body, model="x"), now=NOON).retry_after == wait


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 7, 1, 6, 59, tzinfo=UTC), 1 / 60),  # summer: midnight is 07:00
        (datetime(2026, 7, 1, 7, tzinfo=UTC), 24),
        (datetime(2026, 11, 22, 7, tzinfo=UTC), 1),  # winter: midnight is 08:00
        (datetime(2026, 3, 8, 8, tzinfo=UTC), 23),  # the clock goes forward on this day
        (datetime(2026, 11, 1, 7, tzinfo=UTC), 25),  # and back on this one
    ],
)
def test_midnight_is_that_of_california(now: datetime, hours: float) -> None:
    assert until_midnight(now) == pytest.approx(hours * 3600)


@given(st.integers(0, 2 * 366 * 24 * 3600).map(lambda after: NOON + timedelta(seconds=after)))
def test_midnight_is_never_more_than_a_long_day_away(now: datetime) -> None:
    assert 0 < until_midnight(now) <= 25 * 3600


def test_only_quotas_say_how_long_to_wait() -> None:
    for told in (*(told_of(s, b, model="x") for s, b, _ in ANSWERED), *(t for t, _ in WITHOUT)):
        failure = error_of(told, now=NOON)
        assert (failure.retry_after is not None) == (failure.kind in {Kind.DAY, Kind.WAIT})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bad key AIzaSyA1234567890abcdefghijk!", "Bad key …!"),
        ("See https://x.example/?key=1 now", "See (address) now"),
        ("<p>Sorry<b>!</b>", "Sorry !"),
        ("api_key=short", "api_key …"),
        ("line\n\x00two", "line two"),
    ],
)
def test_messages_are_cleaned_of_keys_addresses_and_tags(text: str, shown: str) -> None:
    assert cleaned(text) == shown
    assert len(cleaned("word " * 500)) <= 200


@pytest.mark.parametrize("odd", [None, [], "x", 5, {"error": "no"}, {"error": {"details": 5}},
    {"error": {"details": [5, {"violations": [7]}, {"retryDelay": {}}]}}])  # fmt: skip
def test_no_body_is_too_odd(odd: Any) -> None:
    assert error_of(told_of(429, odd, model="x"), now=NOON).kind == "wait"


@given(st.text())
def test_no_duration_is_too_odd(text: str) -> None:
    found = seconds_of(text)
    assert found is None or found >= 0
