"""What the docs promise by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from gravix_core.stages.source.faults import FAULTS, Fault

YOUTUBE = (Path(__file__).parents[2] / "docs" / "youtube.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_failure_of_youtube_stands_in_the_docs(fault: Fault) -> None:
    row = f"| {fault.sentence} <sub>`{fault.code}`</sub> | {fault.kind} | {fault.hint} |"
    assert row in YOUTUBE
