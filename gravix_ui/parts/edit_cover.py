"""A reel and the pictures of its sheet in; the nine, and the one that is chosen, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import EditItem, JobStatus, Seconds
from gravix_ui.session import errors_noted, note, studio

ACROSS = 3
"""Pictures beside each other on the sheet, and below each other."""
HIGH, SHOWN = 16 / 9, 4 / 3
"""Height over width of a picture on the sheet, and of what the profile's grid shows of it."""


def cover_picker(item: EditItem, *, busy: bool) -> None:
    """Draw it: each picture in the crop that the grid of a profile makes of a cover."""
    address = studio().files.sheet_address(item.reel)
    if address is None or not item.covers:
        return
    st.markdown("**Cover** :small[:gray[as the grid of your profile shows it]]")
    st.html(style(address))
    busy = busy or not as_asked(item)
    chosen = chosen_of(item.covers, item.reel.look.cover_at)
    ours = item.reel.rendered.cover_cell if item.reel.rendered else None
    shown = ours if chosen is None else chosen
    with st.container(key="edit-covers"):
        for number, at in enumerate(item.covers):
            st.button(
                name_of(number),
                key=f"cover-{number}",
                type="primary" if number == shown else "secondary",
                icon=icon_of(number, chosen=chosen, ours=ours),
                disabled=busy,
                width="stretch",
                on_click=choose,
                args=(item.reel.id, number, at),
            )
    st.caption(told(chosen, busy=busy))


def as_asked(item: EditItem) -> bool:
    """The sheet shows the reel as it is wanted now."""
    return item.job is None or item.job.status is JobStatus.COMPLETED


def name_of(number: int) -> str:
    """Not the moment: a sheet may have been drawn for another cover, at other moments."""
    return f"Picture {number + 1}"


def icon_of(number: int, *, chosen: int | None, ours: int | None) -> str | None:
    """A check on the operator's choice, a spark on Gravix's own."""
    if number == chosen:
        return ":material/check:"
    return ":material/auto_awesome:" if number == ours else None


def told(chosen: int | None, *, busy: bool) -> str:
    if busy:
        return "You can choose a cover again once the reel has been made as it is now."
    if chosen is None:
        return (
            ":material/auto_awesome: Gravix chose the cover. Another one is there at once; an"
            " approval stays."
        )
    return "You chose the cover. Another one is there at once; an approval stays."


def chosen_of(covers: tuple[Seconds, ...], at: Seconds | None) -> int | None:
    """The picture that is nearest to the chosen moment; None where nobody has chosen."""
    if at is None:
        return None
    return min(range(len(covers)), key=lambda number: abs(covers[number] - at))


def choose(reel_id: int, number: int, at: Seconds) -> None:
    with errors_noted():
        studio().editing.choose_cover(reel_id, at)
        note(f"{name_of(number)} is the cover now.")


def style(address: str) -> str:
    """The sheet behind the buttons, each showing its own part."""
    places = "\n".join(
        f".st-key-cover-{number} button {{ background-position: {place(number)}; }}"
        for number in range(ACROSS * ACROSS)
    )
    sheet = f".st-key-edit-covers button {{ background-image: url('{address}'); }}"
    return f"<style>\n{sheet}\n{places}\n</style>"


def place(number: int) -> str:
    """CSS's position of a picture's middle, when the sheet is three times as wide as a button."""
    row, column = divmod(number, ACROSS)
    beyond = ACROSS * HIGH - SHOWN
    down = (row * HIGH + (HIGH - SHOWN) / 2) / beyond
    return f"{100 * column / (ACROSS - 1):.3f}% {100 * down:.3f}%"
