"""Names of models in, their prices and states out."""

from __future__ import annotations

from datetime import date

import pytest

from gravix_core.stages.caption.gemini_models import (
    AS_OF,
    DEFAULT,
    PRICES,
    cost,
    estimate,
    price_of,
    retired,
)
from gravix_core.texts import Usage
from tests.caption.asking import brief_of, talks

NOVEMBER, JANUARY = date(2026, 11, 22), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("model", "day", "price"),
    [
        ("gemini-3.5-flash-lite", NOVEMBER, (0.30, 2.50)),
        ("models/gemini-3.5-flash-lite", NOVEMBER, (0.30, 2.50)),
        ("gemini-3.8-flash", date(2026, 12, 31), (0.75, 3.75)),
        ("gemini-3.8-flash", JANUARY, (1.50, 7.50)),
        ("gemini-4-hydrogen", NOVEMBER, (1.50, 7.50)),
        ("gemini-4-carbon", date(2026, 11, 30), (2.0, 10.0)),
        ("gemini-4-argon", date(2026, 12, 1), (4.0, 20.0)),
        ("gemini-flash-latest", NOVEMBER, None),
        ("gemini-3.5-flash-lite-preview", NOVEMBER, None),
    ],
)
def test_price_is_that_of_the_day(model: str, day: date, price: tuple[float, float] | None) -> None:
    assert price_of(model, on=day) == price


def test_prices_stand_by_time_and_are_no_later_than_what_was_read() -> None:
    assert all(price.into < price.out for price in PRICES)
    for model in {price.model for price in PRICES}:
        days = [price.since for price in PRICES if price.model == model]
        assert days == sorted(days)
        assert days[0] <= AS_OF


@pytest.mark.parametrize(
    "model",
    [
        "gemini-1.5-pro", "gemini-1.5-flash", "gemini-1.5-pro-002", "gemini-1.0-pro", "gemini-pro",
        "gemini-pro-vision", "gemini-2.0-flash", "gemini-2.0-flash-lite", "gemini-3-pro-preview",
        "models/gemini-1.5-pro",
    ],
)  # fmt: skip
def test_retired_model_is_told_as_retired(model: str) -> None:
    told = retired(model)
    assert told is not None
    assert told.startswith(f"Google retired the model {model.removeprefix('models/')}")


@pytest.mark.parametrize("model", [DEFAULT, "gemini-2.5-flash", "gemini-3-pro", "gemini-20", ""])
def test_model_that_is_there_or_unknown_is_not_told_as_retired(model: str) -> None:
    assert retired(model) is None


def test_cost_is_that_of_both_directions() -> None:
    usage = Usage(DEFAULT, input_tokens=1_000_000, output_tokens=100_000)
    assert cost(usage, on=NOVEMBER) == pytest.approx(0.55)
    assert cost(Usage("other", input_tokens=5), on=NOVEMBER) is None


def test_estimate_counts_a_request_for_ten_reels_and_the_pictures() -> None:
    reels = talks(23)
    plain = estimate(brief_of(reels), reels, DEFAULT, on=NOVEMBER)
    seen = estimate(brief_of(reels), talks(23, frames=2), DEFAULT, on=NOVEMBER)
    assert plain.requests == 3
    assert 23 * 2 * 280 <= seen.input_tokens - plain.input_tokens < 23 * 2 * 290
    assert plain.cost is not None
    assert estimate(brief_of(reels), reels, DEFAULT, frames=2, on=NOVEMBER).input_tokens == (
        plain.input_tokens + 23 * 2 * 280
    )
    assert estimate(brief_of(()), (), DEFAULT) == Usage(DEFAULT, 0, 0, 0, 0.0)
