"""The choice of cookies in; where they come from, and how to change that, out.

No value of a cookie is drawn.
"""

from __future__ import annotations

import streamlit as st

from gravix_core import CookieState, Origin
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import counted, moment, plain, zone

CHOICE, BROWSER, ROUND = "cookies-choice", "cookies-browser", "cookies-round"
"""The last counts the files that were given: a new uploader lets go of the file before."""

CHOICES = {
    Origin.BROWSER: "A browser on this computer",
    Origin.FILE: "A file, cookies.txt",
}
DANGER = (
    "**YouTube can ban an account whose cookies are used for downloads.** Use one that you can do"
    " without, and only when a video asks for it."
)


def cookies_section() -> None:
    st.subheader("Cookies", anchor=False)
    st.write(
        "Some videos are shown only to those who are signed in. With an account's cookies, the"
        " downloader asks YouTube as that account. They stay in the data directory, for your eyes"
        " alone, and go to YouTube and Google and to nobody else."
    )
    st.warning(DANGER, icon=":material/warning:")
    state = studio().downloader.cookies.state()
    with st.container(border=True, key="cookies"):
        st.markdown(_told(state))
        if state.origin is not Origin.OFF:
            st.button(
                "Delete the cookies",
                icon=":material/delete:",
                on_click=_delete,
                key="cookies-delete",
            )
    given = None if state.origin is Origin.OFF else list(CHOICES).index(state.origin)
    chosen = st.radio(
        "Take cookies from",
        list(CHOICES),
        index=given,
        format_func=CHOICES.__getitem__,
        key=CHOICE,
    )
    if chosen is Origin.BROWSER:
        _browser_choice()
    elif chosen is Origin.FILE:
        _file_choice()


def _told(state: CookieState) -> str:
    if state.origin is Origin.OFF:
        return "**Off**. The downloader is signed in to nothing."
    if state.origin is Origin.BROWSER:
        return f"**On**: those of {state.browser.capitalize()}, as they are at each download."
    if not state.count:
        return "**On**, but the file has been damaged. Give it again, or delete the cookies."
    local = zone(st.context.timezone)
    since = f", given {moment(state.since, local)}" if state.since else ""
    until = f" The account's run out {moment(state.expires, local)}." if state.expires else ""
    account = "" if state.signed_in else " No account seems to be signed in with them."
    told = plain(f": {counted(state.count, 'cookie')} of a file{since}.{until}{account}")
    return f"**On**{told}"


def _browser_choice() -> None:
    st.selectbox("Browser", studio().downloader.browsers, format_func=str.capitalize, key=BROWSER)
    st.caption("It has to be on the computer that Gravix runs on, and is best closed meanwhile.")
    st.button("Use this browser", on_click=_use_browser, key="cookies-use-browser")


def _file_choice() -> None:
    given = st.file_uploader("cookies.txt, in Netscape format", type="txt", key=_uploader())
    st.caption("Of the file, only the cookies of YouTube and Google are kept.")
    st.button("Use this file", on_click=_use_file, disabled=given is None, key="cookies-use-file")


def _use_browser() -> None:
    with errors_noted():
        name = st.session_state[BROWSER]
        studio().downloader.cookies.use_browser(name)
        note(f"From now on, the downloader takes the cookies of {name.capitalize()}.")


def _use_file() -> None:
    given = st.session_state.get(_uploader())
    if given is None:
        return
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    with errors_noted():
        taken = studio().downloader.cookies.use_file(given.getvalue())
        dropped = (
            f"; {counted(taken.others, 'cookie')} of other sites left out" if taken.others else ""
        )
        note(f"{counted(taken.kept, 'cookie')} kept{dropped}.")


def _uploader() -> str:
    return f"cookies-file-{st.session_state.get(ROUND, 0)}"


def _delete() -> None:
    with errors_noted():
        studio().downloader.cookies.forget()
        st.session_state[CHOICE] = None
        note("The cookies are deleted.")
