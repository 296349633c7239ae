"""The account that reels go to in; what keeps it from publishing, and its quota, out."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from gravix_core import InstagramAccount, Stop
from gravix_ui.parts.publish_words import posts_told
from gravix_ui.parts.ways import way
from gravix_ui.session import errors_noted, errors_shown, note, studio
from gravix_ui.words import at, plain, sentence, zone

QUOTA = "publish-quota-told"


def not_connected() -> None:
    """Draw it where there is no account."""
    with st.container(border=True, key="publish-connect"):
        st.subheader("Connect Instagram first", anchor=False)
        st.write(
            "Gravix publishes to a professional account of yours. Connect says what it takes and"
            " leads through it, once. Until then approved reels can be put into the folder, to be"
            " posted by hand."
        )
        if st.button("Connect", type="primary", icon=":material/link:", key="publish-to-connect"):
            st.switch_page(way("connect"))


def publish_notices() -> None:
    """Draws nothing while all is well."""
    status = studio().connection.status()
    if status.account is not None and not status.connected:
        st.warning(plain(sentence(status.message)), icon=":material/warning:")
        st.page_link(way("connect"), label="Open Connect", icon=":material/link:")
    for stop in studio().publishing.stops():
        _stopped(stop)


def _stopped(stop: Stop) -> None:
    whose = f" to @{stop.username}" if stop.username else ""
    with st.container(key=f"publish-stopped-{stop.ig_user_id}", gap="small"):
        st.warning(
            f"**Publishing{plain(whose)} is stopped.** {plain(sentence(stop.reason))}  \n"
            "Nothing is sent to Instagram until you resume it. Look first, in Instagram's app, at"
            " what it says about the account: who goes on too soon is kept out for longer.",
            icon=":material/pan_tool:",
        )
        with st.popover(
            f"Resume publishing{plain(whose)}",
            icon=":material/play_arrow:",
            key=f"publish-resume-{stop.ig_user_id}",
        ):
            st.write("Is the account as it should be? Gravix goes on with what waits.")
            st.button(
                "Yes, publish again",
                type="primary",
                key=f"publish-resume-yes-{stop.ig_user_id}",
                on_click=_resume,
                args=(stop.ig_user_id,),
            )


def _resume(ig_user_id: str) -> None:
    with errors_noted():
        studio().publishing.resume(ig_user_id)
        note("Publishing goes on.", icon=":material/play_arrow:")


def quota_line(account: InstagramAccount) -> None:
    """How many posts Instagram takes; it is asked at a click only."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="quota"):
        st.markdown(f"Reels go to **@{plain(account.username)}**", width="content")
        if st.button(
            "How many posts are left?",
            type="tertiary",
            icon=":material/speed:",
            key="publish-quota",
            help="Asks Instagram how many posts of the last 24 hours it counts",
        ):
            _ask_quota(account)
        known = st.session_state.get(QUOTA)
        if known is not None and known[0] == account.ig_user_id:
            st.caption(known[1], width="content")


def _ask_quota(account: InstagramAccount) -> None:
    st.session_state.pop(QUOTA, None)
    with errors_shown(), st.spinner("Asking Instagram …"):
        found = studio().publishing.quota()
        asked = at(datetime.now(UTC), zone(st.context.timezone))
        told = f"{posts_told(found.used, found.total)}, asked {asked}"
        st.session_state[QUOTA] = (account.ig_user_id, told)
