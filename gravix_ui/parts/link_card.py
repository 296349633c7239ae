"""One line of links in; what the site says of it, and what can be done with it, out.

What comes from the site is put on the page as text: escaped in HTML, literal in Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gravix_core import LinkItem, LinkProbe, LinkState, Video
from gravix_ui.parts import link_deeds as deeds
from gravix_ui.parts.link_words import facts, no_room, on_one_line, said
from gravix_ui.parts.reel_choices import Chosen
from gravix_ui.parts.video_card import picture
from gravix_ui.parts.ways import to_video, way
from gravix_ui.words import length, moment, plain, zone

STYLE = Path(__file__).with_suffix(".css")
SETTINGS = "Settings"
NOT_CONFIRMED = "Confirm first that you made it or may republish it."
AGAIN = "This downloads it once more and makes new reels. The older video and its reels stay."


def link_style() -> None:
    """Draw the style of the cards: once in a page, outside of what is drawn again."""
    st.html(STYLE)


def link_card(item: LinkItem, choice: Chosen, *, free: int, alone: bool) -> None:
    """Draw it.

    Args:
        item: The line.
        choice: How its reels are made, if it is imported.
        free: Bytes on the disk.
        alone: Nothing else on the page is to be done first.
    """
    name = item.youtube_id or f"line-{item.line}"
    with st.container(border=True, gap="small", key=f"link-{name}"):
        if item.youtube_id is None:
            trouble(item)
        elif item.video is not None and not deeds.is_wanted_again(item.youtube_id):
            known(item, item.youtube_id, item.video)
        elif item.state is LinkState.READY and item.probe is not None:
            ready(item, item.probe, choice, free=free, alone=alone)
        elif item.state is LinkState.ASKING:
            asking(item, item.youtube_id)
        elif item.state is LinkState.UNASKED:
            unasked(item)
        else:
            trouble(item)


def ready(item: LinkItem, probe: LinkProbe, choice: Chosen, *, free: int, alone: bool) -> None:
    with st.container(key=f"link-body-{probe.youtube_id}"):
        thumbnail(item, probe)
        with st.container(gap="small"):
            told = "".join(f"<li>{escape(fact)}</li>" for fact in facts(probe, free=free))
            notes = [*probe.notes, no_room([probe], free=free)]
            st.html(
                f'<div class="gravix-link">{head(probe.title, probe.channel)}'
                f'<ul class="facts">{told}</ul>{remarks(notes)}</div>'
            )
            rights(item, probe)
            if item.video is not None:
                st.caption(AGAIN)
            ready_deeds(item, probe.youtube_id, choice, alone=alone)


def ready_deeds(item: LinkItem, youtube_id: str, choice: Chosen, *, alone: bool) -> None:
    with row(youtube_id):
        st.button(
            "Import" if item.video is None else "Import again",
            on_click=deeds.take,
            args=([youtube_id], choice),
            type="primary" if alone else "secondary",
            icon=":material/download:",
            disabled=not item.rights,
            help=None if item.rights else NOT_CONFIRMED,
            key=f"link-take-{youtube_id}",
        )
        leave_button(item)
        remove_button(item)


def rights(item: LinkItem, probe: LinkProbe) -> None:
    """Asked once for a channel."""
    channel = on_one_line(probe.channel) or "this channel"
    if item.rights:
        told = f"You made this or may republish it: <b>{escape(channel)}</b>"
        st.html(f'<p class="gravix-rights">{told}</p>')
        return
    label = f"I made this or may republish it (all of **{plain(channel)}**)"
    key = f"link-rights-{probe.youtube_id}"
    st.checkbox(label, on_change=deeds.confirm, args=(probe.youtube_id,), key=key)


def known(item: LinkItem, youtube_id: str, video: Video) -> None:
    """It was imported before, which nobody has to be asked about."""
    when = moment(video.created_at, zone(st.context.timezone))
    name = video.title or video.source_name
    with st.container(key=f"link-body-{youtube_id}"):
        st.html(picture(video))
        with st.container(gap="small"):
            there = f'<p class="there">In the library already, added {escape(when)}.</p>'
            st.html(f'<div class="gravix-link">{head(name, video.channel)}{there}</div>')
            with row(youtube_id):
                if st.button("Open it", type="primary", key=f"link-open-{youtube_id}"):
                    st.switch_page(way("video"), query_params=to_video(video.id))
                st.button(
                    "Import again",
                    on_click=deeds.want_again,
                    args=(youtube_id,),
                    help=AGAIN,
                    key=f"link-again-{youtube_id}-button",
                )
                remove_button(item)


def asking(item: LinkItem, youtube_id: str) -> None:
    with st.container(key=f"link-body-{youtube_id}"):
        st.html('<div class="gravix-thumbnail"></div>')
        with st.container(gap="small"):
            waits = '<p class="asking"><i></i>Asking YouTube what this is…</p>'
            st.html(f'<div class="gravix-link">{given(item)}{waits}</div>')
            with row(youtube_id):
                icon, key = ":material/stop_circle:", f"link-stop-{youtube_id}"
                stops = ([youtube_id],)
                st.button("Cancel", icon=icon, on_click=deeds.stop, args=stops, key=key)
                remove_button(item)


def unasked(item: LinkItem) -> None:
    waits = "<p>Not looked at yet.</p>"
    st.html(f'<div class="gravix-link">{given(item)}{waits}</div>')
    with row(item.youtube_id or ""):
        remove_button(item)


def trouble(item: LinkItem) -> None:
    """Why it cannot be imported, and the way round it."""
    name = item.youtube_id or f"line-{item.line}"
    hint = said(item.trouble.hint) if item.trouble else ""
    st.html(f'<div class="gravix-link">{given(item)}{went_wrong(item)}</div>')
    with row(name):
        if item.may_be_asked_again and item.youtube_id is not None:
            st.button(
                "Look again",
                icon=":material/refresh:",
                on_click=deeds.look_at,
                args=(item.youtube_id,),
                key=f"link-retry-{name}",
            )
        st.button(
            "Upload the file instead",
            icon=":material/upload_file:",
            on_click=deeds.to_files,
            key=f"link-file-{name}",
        )
        if SETTINGS in hint:
            icon = ":material/settings:"
            st.page_link(way("settings"), label=SETTINGS, icon=icon)
        leave_button(item)
        remove_button(item)


def went_wrong(item: LinkItem) -> str:
    """What happened, what to do, and when it makes sense to look again, as HTML."""
    if item.trouble is None:
        return ""
    what, hint = escape(said(str(item.trouble))), escape(said(item.trouble.hint))
    todo = f"<p><b>What to do:</b> {hint}</p>"
    if item.again_at is None:
        return f'<p class="trouble">{what}</p>{todo}'
    when = escape(moment(item.again_at, zone(st.context.timezone)))
    return f'<p class="wait">{what}</p>{todo}<p class="later">Look again from {when} on.</p>'


def thumbnail(item: LinkItem, probe: LinkProbe) -> None:
    """The site's picture with the length in its corner; a plain field when there is none."""
    with st.container(key=f"link-picture-{probe.youtube_id}"):
        lasts = escape(length(probe.duration))
        st.html(f'<div class="gravix-thumbnail"><span>{lasts}</span></div>')
        with suppress(OSError, ValueError):  # gone meanwhile, or no picture at all
            if item.picture is not None:
                st.image(item.picture.read_bytes(), width="stretch", alt="")


def head(title: str, channel: str) -> str:
    """As HTML."""
    by = f'<p class="by">{escape(on_one_line(channel))}</p>' if channel.strip() else ""
    return f'<p class="title">{escape(on_one_line(title))}</p>{by}'


def given(item: LinkItem) -> str:
    """The line as it was pasted, as HTML."""
    return f'<p class="given">{escape(on_one_line(item.given))}</p>'


def remarks(notes: Sequence[str]) -> str:
    told = "".join(f"<li>{escape(said(note))}</li>" for note in notes if note)
    return f'<ul class="notes">{told}</ul>' if told else ""


def row(name: str) -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", key=f"link-row-{name}")


def leave_button(item: LinkItem) -> None:
    """Back to the video that is there."""
    if item.video is not None and item.youtube_id is not None:
        key, ids = f"link-leave-{item.youtube_id}", [item.youtube_id]
        st.button("Leave it as it is", on_click=deeds.stop, args=(ids,), key=key)


def remove_button(item: LinkItem) -> None:
    name = item.youtube_id or f"line-{item.line}"
    key = f"link-remove-{name}"
    st.button("Remove", type="tertiary", on_click=deeds.remove, args=(item,), key=key)
