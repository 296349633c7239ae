"""A wish to connect in, the way to Facebook's dialog out; and the reference of what was pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gravix_ui.parts import part

if TYPE_CHECKING:
    from streamlit.components.v2.bidi_component import ComponentResult

_connect = part("connect", js=("dom.js", "connect.js"), css=("base.css", "connect.css"))


def connect_way(*, label: str, again: bool, key: str) -> ComponentResult:
    """Draw the link to Facebook's dialog, and the field for an address that is pasted back.

    Args:
        label: Of the link.
        again: Let Facebook ask for what was declined before.
        key: Unique in the app.

    Returns:
        `came` is the reference of an outcome in the one run after an address was pasted.
    """
    return _connect(key=key, data={"label": label, "again": again}, on_came_change=_nothing)


def _nothing() -> None:
    """Makes Streamlit pass on an event that needs no deed of its own."""
