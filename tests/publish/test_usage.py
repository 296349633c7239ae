"""Meta's limits as its headers tell them: no call is made while one is reached."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gravix_core.stages.publish.usage import LONGEST, NO_TIME_NAMED, Gauge, Usage, usage_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def business(**entry: object) -> dict[str, str]:
    told = {"17841400000000001": [{"type": "instagram", **entry}]}
    return {"X-Business-Use-Case-Usage": json.dumps(told)}


def test_reached_limit_rests_for_as_many_minutes_as_meta_says() -> None:
    usage = usage_of(business(call_count=100, estimated_time_to_regain_access=19))
    assert usage == Usage(100.0, 19 * 60)


def test_limit_that_is_not_reached_lets_calls_through() -> None:
    told = business(
        call_count=42, total_cputime=7, total_time=12, estimated_time_to_regain_access=0
    )
    assert usage_of(told) == Usage(42.0, None)


def test_fullest_share_of_the_app_counts_and_rests_where_no_time_is_named() -> None:
    told = {"x-app-usage": '{"call_count":28,"total_time":100,"total_cputime":25}'}
    assert usage_of(told) == Usage(100.0, NO_TIME_NAMED)


@pytest.mark.parametrize("text", ["", "null", "[]", "{", "7", '{"a":7}', '{"a":[7]}'])
def test_header_that_is_not_as_documented_is_passed_over(text: str) -> None:
    assert usage_of({"X-Business-Use-Case-Usage": text, "X-App-Usage": text}) == Usage()


def test_calls_rest_until_the_time_is_over_and_no_longer() -> None:
    gauge = Gauge()
    gauge.note(Usage(100.0, 60.0), now=NOON)
    gauge.note(Usage(10.0, None), now=NOON)
    assert gauge.rests(now=NOON + timedelta(seconds=59)) == pytest.approx(1.0)
    assert gauge.rests(now=NOON + timedelta(seconds=60)) is None


def test_clock_that_is_put_back_makes_no_rest_of_years() -> None:
    gauge = Gauge()
    gauge.note(Usage(100.0, 60.0), now=NOON)
    assert (gauge.rests(now=NOON - timedelta(days=900)) or 0) <= LONGEST


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@given(json_values)
def test_no_header_makes_it_fall(told: object) -> None:
    text = json.dumps(told)
    usage = usage_of({"X-App-Usage": text, "X-Business-Use-Case-Usage": text})
    assert 0 <= (usage.regain or 0) <= LONGEST
