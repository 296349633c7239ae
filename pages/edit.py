"""The number of a reel in; the reel, its source, and fields for how it is made from it, out."""

from pathlib import Path

import streamlit as st

from gravix_core import EditItem, Preview, PreviewState, Rendering
from gravix_ui.parts.autosave import autosave
from gravix_ui.parts.edit_cover import cover_picker
from gravix_ui.parts.edit_deeds import deeds
from gravix_ui.parts.edit_draft import Draft, draft_of
from gravix_ui.parts.edit_fields import crop, lines, picture, times, words
from gravix_ui.parts.edit_reel import reel_now
from gravix_ui.parts.edit_source import source_screen
from gravix_ui.parts.live import live
from gravix_ui.parts.reel_badges import place
from gravix_ui.parts.reel_player import keep_addresses_good, reel_style
from gravix_ui.parts.video_card import title
from gravix_ui.parts.ways import to_reel, to_video, way
from gravix_ui.session import errors_shown, show_notes, studio

PAGE_WIDTH = 1160
LONGEST_ID = 9
STYLE = Path(__file__).resolve().parents[1] / "gravix_ui" / "parts" / "edit.css"


def asked_for() -> int | None:
    given = st.query_params.get("id", "")
    known = given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID
    return int(given) if known else None


def heading(item: EditItem) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="edit-ways"):
        if item.reel.rendered is not None:
            icon, query = ":material/arrow_back:", to_reel(item.reel.id)
            st.page_link(way("review"), label="Review", icon=icon, query_params=query)
        query = to_video(item.video.id)
        st.page_link(way("video"), label=title(item.video), query_params=query)
    with st.container(gap=None):
        st.title("Edit picture", anchor=False)
        st.markdown(place(item.reel))


def left(item: EditItem, now: Rendering) -> None:
    """What there is: drawn again by itself while the reel is made."""
    just_read = [now]

    def draw() -> bool:
        show_notes()
        with errors_shown():
            rendering = just_read.pop() if just_read else studio().editing.rendering(item.reel.id)
            reel_now(rendering)
            return rendering.active or at_work(item.video.id)
        return False

    live(draw, active=now.active or at_work(item.video.id), key="edit-live")
    cover_picker(item, busy=now.active)


def at_work(video_id: int) -> bool:
    """The copy for browsers is being made."""
    return studio().library.preview(video_id).state is PreviewState.AT_WORK


def right(draft: Draft, item: EditItem, preview: Preview) -> None:
    """What it could be."""
    source_screen(draft, item, preview)
    crop(draft, item)
    times(draft, item)
    with st.container(key="edit-choices"):
        with st.container(gap="small"):
            picture(draft, item)
        with st.container(gap="small"):
            words(draft, item)
    lines(draft, item)
    deeds(draft, item)


def show(reel_id: int) -> None:
    editing = studio().editing
    now = editing.rendering(reel_id)
    draft = draft_of(now.reel)
    draft.follow(now.reel)
    item = editing.item(reel_id, draft.edit)
    heading(item)
    with st.container(key="edit-body"):
        with st.container(key="edit-left"):
            left(item, now)
        with st.container(key="edit-right"):
            right(draft, item, studio().library.preview(item.video.id))
    autosave(container_key="edit-right", key="edit-autosave", known=draft.known())


def nowhere() -> None:
    with st.container(border=True, key="no-reel"):
        st.subheader("This reel is not here", anchor=False)
        st.write("The address names no reel, or the reel was deleted with its video.")
        st.page_link(way("review"), label="Choose a reel in Review", icon=":material/task_alt:")


reel_style()
st.html(STYLE)
keep_addresses_good()
with (
    st.container(horizontal_alignment="center"),
    st.container(width=PAGE_WIDTH, gap="small", key="edit"),
    errors_shown(),
):
    asked = asked_for()
    if asked is None or studio().review.item(asked) is None:
        nowhere()
    else:
        show(asked)
