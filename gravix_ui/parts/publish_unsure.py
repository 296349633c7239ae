"""What may be on Instagram or not in; what happened, and the two ways to settle it, out.

Only a person can say which it is, so both ways lead over the posts that Instagram lists.
"""

from __future__ import annotations

import streamlit as st

from gravix_core import Publication, RecentMedia
from gravix_ui.parts.publish_links import link_out, profile_of
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import at, capital, moment, plain, sentence, zone

THERE, NOT_THERE = "there", "not-there"
FIRST_WORDS = 90
"""Characters of a caption."""


def unsure_section() -> None:
    """Nothing when all is known."""
    unsure = studio().publishing.unsure()
    if not unsure:
        return
    st.subheader("Check on Instagram", anchor=False)
    for one in unsure:
        with st.container(border=True, gap="small", key=f"unsure-{one.publication.id}"):
            _card(one.publication)


def _card(row: Publication) -> None:
    st.markdown(f"**{plain(row.what.title)}** :small[:gray[{plain(f'@{row.what.username}')}]]")
    st.warning(_what_happened(row), icon=":material/help:")
    with st.container(horizontal=True, gap="small", key=f"unsure-ways-{row.id}"):
        chosen = st.session_state.get(_way(row.id))
        _way_button(row.id, THERE, "It is there", chosen=chosen)
        _way_button(row.id, NOT_THERE, "It is not there: publish again", chosen=chosen)
        link_out(
            profile_of(row.what.username),
            label=f"Open @{plain(row.what.username)}",
            key=f"unsure-profile-{row.id}",
        )
    if chosen:
        with st.container(gap="small", key=f"unsure-posts-{row.id}"):
            _settle(row.id, st.session_state[_seen(row.id)], chosen)


def _what_happened(row: Publication) -> str:
    """As Markdown."""
    why = plain(sentence(row.trouble or "it is not known what became of it"))
    if row.sends:
        when = at(row.sent_at or row.updated_at, zone(st.context.timezone))
        why = f"Gravix told Instagram {when} to publish this. {why} It is not sent again unasked."
    hint = sentence(row.hint or "look in the Instagram app, then say here what you found")
    return f"{why}  \n**What to do:** {plain(capital(hint))}"


def _way_button(publication_id: int, which: str, label: str, *, chosen: str | None) -> None:
    st.button(
        label,
        key=f"{which}-{publication_id}",
        type="primary" if chosen == which else "secondary",
        on_click=_look,
        args=(publication_id, which),
    )


def _settle(publication_id: int, posts: tuple[RecentMedia, ...], chosen: str) -> None:
    st.markdown(_asked(posts, chosen))
    for post in posts:
        _post(publication_id, post, pick=chosen == THERE)
    with st.container(horizontal=True, gap="small", key=f"settle-{publication_id}"):
        if chosen == NOT_THERE:
            st.button(
                "None of these is it: publish again" if posts else "Publish again",
                type="primary",
                key=f"publish-again-{publication_id}",
                help="If it is there after all, it will be there twice",
                on_click=_is_not_there,
                args=(publication_id, tuple(post.id for post in posts)),
            )
        st.button(
            "Look again",
            type="tertiary",
            icon=":material/refresh:",
            key=f"look-again-{publication_id}",
            on_click=_look,
            args=(publication_id, chosen),
        )
        st.button(
            "Leave it for now",
            type="tertiary",
            key=f"leave-{publication_id}",
            on_click=_leave,
            args=(publication_id,),
        )


def _asked(posts: tuple[RecentMedia, ...], chosen: str) -> str:
    """As Markdown."""
    if not posts:
        none = "Instagram lists no post that Gravix does not know."
        later = " A new one may take some minutes to be listed."
        return none + later if chosen == THERE else f"{none} Publish it again?"
    return f"**{'Which of these posts is it?' if chosen == THERE else 'Is it none of these?'}**"


def _post(publication_id: int, post: RecentMedia, *, pick: bool) -> None:
    local = zone(st.context.timezone)
    when = moment(post.posted_at, local) if post.posted_at else "at an unknown time"
    kind = "Reel" if post.is_reel else "Post"
    key = f"post-{publication_id}-{post.id}"
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", border=True, key=key
    ):
        words = plain(first_words(post.caption)) or ":gray[without a caption]"
        said = f":small[:gray[{kind}, {plain(when)}]]  \n{words}"
        st.markdown(said, width="stretch")
        with st.container(horizontal=True, gap="small", width="content", key=f"deeds-{key}"):
            link_out(post.permalink, label="Open", key=f"open-{publication_id}-{post.id}")
            if pick:
                st.button(
                    "This is it",
                    icon=":material/check:",
                    key=f"pick-{publication_id}-{post.id}",
                    on_click=_is_there,
                    args=(publication_id, post.id),
                )


def first_words(caption: str) -> str:
    """The beginning of a caption, in one line."""
    line = " ".join(caption.split())
    return line if len(line) <= FIRST_WORDS else f"{line[:FIRST_WORDS].rsplit(' ', 1)[0]} …"


def _look(publication_id: int, which: str) -> None:
    """Asks Instagram at each click, and at nothing else."""
    with errors_noted():
        st.session_state[_seen(publication_id)] = studio().publishing.candidates(publication_id)
        st.session_state[_way(publication_id)] = which


def _leave(publication_id: int) -> None:
    st.session_state.pop(_way(publication_id), None)
    st.session_state.pop(_seen(publication_id), None)


def _is_there(publication_id: int, media_id: str) -> None:
    with errors_noted():
        studio().publishing.is_there(publication_id, media_id)
        _leave(publication_id)
        note("It is noted as published.")


def _is_not_there(publication_id: int, seen: tuple[str, ...]) -> None:
    with errors_noted():
        studio().publishing.is_not_there(publication_id, seen=seen)
        _leave(publication_id)
        note("It is published again.", icon=":material/send:")


def _way(publication_id: int) -> str:
    return f"publish-way-{publication_id}"


def _seen(publication_id: int) -> str:
    return f"publish-seen-{publication_id}"
