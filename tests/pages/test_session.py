"""What callbacks rely on."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException

from gravix_ui.session import uncut


def test_deed_that_is_cut_short_is_done_and_then_the_newer_click_is_heard() -> None:
    newer = RerunData(query_string="newer")
    seen: list[str] = []

    def deed() -> None:
        seen.append("begun")
        if len(seen) == 1:
            raise RerunException(newer)
        seen.append("done")

    with pytest.raises(RerunException) as raised:
        uncut(deed)
    assert seen == ["begun", "begun", "done"]
    assert raised.value.rerun_data is newer


def test_deed_that_nobody_disturbs_is_done_once() -> None:
    seen: list[str] = []
    uncut(lambda: seen.append("done"))
    assert seen == ["done"]


def test_error_of_a_deed_is_not_tried_again() -> None:
    seen: list[str] = []

    def deed() -> None:
        seen.append("begun")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        uncut(deed)
    assert seen == ["begun"]
