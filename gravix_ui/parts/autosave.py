"""The key of a container in, its text fields saved out, soon after the typing rests."""

from __future__ import annotations

from collections.abc import Mapping

from gravix_ui.parts import part

_autosave = part("autosave", js=("dom.js", "autosave.js"))


def autosave(
    *, container_key: str, key: str, known: Mapping[str, str], after_ms: int = 600
) -> None:
    """Hand what is typed into text areas and text inputs to Python without leaving the field.

    Their `on_change` is called as if the operator had left the field, and never when the
    text is what it was.  Focus and caret stay.  A callback that writes another text into
    the field, such as a trimmed one, takes the caret to the end: leave the text as it is.
    Escape leaves the field.

    A click on a link waits, three seconds at most, until all that was typed is `known`: to go to
    another page ends callbacks that have not had their turn.  Who closes the tab or loads it anew
    before that is asked by the browser.

    Args:
        container_key: Key of the `st.container` that holds the fields.
        key: Unique in the app.
        known: What Python has of the fields that are drawn, by their keys, after their callbacks.
        after_ms: Milliseconds without a key press before the text is handed over.
    """
    data = {"container_key": container_key, "known": dict(known), "after_ms": after_ms}
    _autosave(key=key, data=data)
