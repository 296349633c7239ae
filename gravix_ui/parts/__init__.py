"""Names of files beside this one in, a component that Streamlit can draw out.

A part is a script and a style sheet of our own that run in the dashboard's page, without
any library.  They are read once, when the part is imported.  A script sees its data as JSON
and puts it on the page as text only, never as HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).resolve().parent


def part(name: str, *, js: Sequence[str], css: Sequence[str] = ()) -> ComponentRenderer:
    """Make a component out of files.

    Args:
        name: Unique among the parts.
        js: Scripts that are put together, in order, into one module; the last one has the
            ``export default``.  One module, since a browser finds no file beside a script
            that comes as text.
        css: Style sheets, put together likewise.  They reach nothing outside the part.
    """
    return st.components.v2.component(f"gravix_{name}", js=_joined(js), css=_joined(css) or None)


def _joined(names: Sequence[str]) -> str:
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
