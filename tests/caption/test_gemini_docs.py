"""What docs/gemini.md promises by name."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gravix_core.settings import Settings
from gravix_core.stages.caption import prompt
from gravix_core.stages.caption.batches import MOST_REQUESTS
from gravix_core.stages.caption.gemini_faults import FAULTS, Fault
from gravix_core.stages.caption.gemini_models import AS_OF, DEFAULT, PRICES, RETIRED, Price

DOCS = (Path(__file__).parents[2] / "docs" / "gemini.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_failure_of_gemini_stands_in_the_docs(fault: Fault) -> None:
    assert f"| {fault.sentence} <sub>`{fault.code}`</sub> | {fault.kind} | {fault.hint} |" in DOCS


def test_docs_list_no_failure_that_there_is_not() -> None:
    assert re.findall(r"<sub>`(\w+)`</sub>", DOCS) == list(FAULTS)


@pytest.mark.parametrize("price", PRICES, ids=lambda price: f"{price.model} {price.since}")
def test_every_price_stands_in_the_docs(price: Price) -> None:
    since = "now" if price.since == date.min else price.since.isoformat()
    assert f"| {price.model} | {since} | ${price.into:.2f} | ${price.out:.2f} |" in DOCS


@pytest.mark.parametrize(("beginning", "since"), RETIRED)
def test_every_retired_model_stands_in_the_docs(beginning: str, since: str) -> None:
    assert f"| {beginning} | {since or 'not named'} |" in DOCS


def test_docs_name_defaults_and_amounts_as_they_are() -> None:
    assert Settings.model_fields["gemini_model"].default == DEFAULT
    assert f"`GEMINI_MODEL` is {DEFAULT} unless" in DOCS
    assert f"as read on {AS_OF}" in DOCS
    assert MOST_REQUESTS == 8
    for most in (prompt.MOST_DESCRIPTION, prompt.MOST_TRANSCRIPT, prompt.MOST_WORDS):
        assert f"{most} tokens" in DOCS
    assert f"{prompt.MOST_EXAMPLES} tokens, the newest" in DOCS
    assert f"{prompt.MOST_INSTRUCTION} characters" in DOCS


def test_docs_set_no_variable_that_there_is_not() -> None:
    named = set(re.findall(r"\b(?:GRAVIX|GEMINI|GOOGLE_GEMINI)_[A-Z_]+", DOCS))
    assert named - {name.upper() for name in Settings.model_fields} == set()
