"""The one door of the core."""

from __future__ import annotations

import subprocess
import sys

import pytest

import gravix_core


def test_every_name_of_the_face_can_be_had() -> None:
    for name in gravix_core.__all__:
        assert getattr(gravix_core, name) is not None


def test_a_name_that_is_not_there_is_refused_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Reels'"):
        gravix_core.Reels  # noqa: B018


def test_the_words_can_be_imported_without_the_vendors() -> None:
    code = "import sys, gravix_core.model; print('av' in sys.modules, 'sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_core_imports_no_streamlit() -> None:
    code = (
        "import sys, gravix_core.web, gravix_core.cli.app, gravix_core.studio;"
        "print('streamlit' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
