"""What the docs promise by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gravix_core.desks.advice import SCOPE_WORDS
from gravix_core.desks.connection import WARN_BEFORE
from gravix_core.settings import Settings
from gravix_core.stages.publish import meta_faults
from gravix_core.stages.publish.meta_versions import DEFAULT, VERSIONS, Version
from gravix_core.stages.publish.oauth import SCOPES
from gravix_core.stages.source.faults import FAULTS, Fault

DOCS = Path(__file__).parents[2] / "docs"
YOUTUBE = (DOCS / "youtube.md").read_text(encoding="utf-8")
INSTAGRAM = (DOCS / "instagram.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_failure_of_youtube_stands_in_the_docs(fault: Fault) -> None:
    row = f"| {fault.sentence} <sub>`{fault.code}`</sub> | {fault.kind} | {fault.hint} |"
    assert row in YOUTUBE


@pytest.mark.parametrize("fault", meta_faults.FAULTS.values(), ids=meta_faults.FAULTS)
def test_every_failure_of_instagram_stands_in_the_docs(fault: meta_faults.Fault) -> None:
    row = f"| {fault.sentence} <sub>`{fault.code}`</sub> | {fault.kind} | {fault.hint} |"
    assert row in INSTAGRAM


def test_docs_list_no_failure_of_instagram_that_there_is_not() -> None:
    assert set(re.findall(r"<sub>`(\w+)`</sub>", INSTAGRAM)) == set(meta_faults.FAULTS)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_every_version_of_metas_api_stands_in_the_docs(version: Version) -> None:
    row = f"| {version.name} | {version.released} | {version.ends or 'not named yet'} |"
    assert row in INSTAGRAM


def test_docs_name_permissions_defaults_and_days_as_they_are() -> None:
    assert set(SCOPES) == set(SCOPE_WORDS)
    assert [scope for scope in SCOPES if f"| `{scope}` |" not in INSTAGRAM] == []
    assert f"`GRAPH_API_VERSION` is {DEFAULT} unless" in INSTAGRAM
    assert f"From **{WARN_BEFORE.days} days** before the end" in INSTAGRAM


def test_docs_on_instagram_set_no_variable_that_there_is_not() -> None:
    named = set(re.findall(r"\b(?:FACEBOOK|GRAVIX|GRAPH)_[A-Z_]+", INSTAGRAM))
    assert named - {name.upper() for name in Settings.model_fields} == set()
