"""The page that is shown in, a menu that does not lie over it out.

On a phone Streamlit shows the pages in a menu, and leaves it open when one has been chosen.
"""

from __future__ import annotations

from gravix_ui.parts import part

_menu = part("menu", js=("menu.js",))


def close_menu(page: str) -> None:
    """Draw once a run; closes the menu of a phone when the page is another than before."""
    _menu(data={"page": page}, key="menu")  # other data than mappings would load pandas
