"""The downloader's desk in; its parts, and a button that brings newer ones, out."""

from __future__ import annotations

import streamlit as st

from gravix_core import Part, UpdateState, UpdateView
from gravix_ui.parts.live import live
from gravix_ui.session import errors_noted, studio, told
from gravix_ui.words import plain, without_folders

ASKED = "downloader-update-asked"
"""True while the question is open, so that it outlives a whole rerun."""
OUTPUT_HEIGHT = 240

FINE = ":green[:material/check_circle:]"
OFF = ":orange[:material/warning:]"
USES = {
    "yt-dlp": "finds and fetches videos",
    "yt-dlp-ejs": "solves what YouTube asks of visitors",
    "deno": "runs the solution: a JavaScript runtime",
    "curl-cffi": "asks as a browser does",
}
OLD = (
    "YouTube changes often, and a downloader of this age often fails. Update it, below, then"
    " start Gravix again."
)

RESTART = (
    "**Start Gravix again**, so that all of it uses the new versions: stop it in its terminal,"
    " then `make run`."
)


def downloader_section() -> None:
    st.subheader("YouTube downloader", anchor=False)
    st.write(
        "Other people's packages bring in videos by their links. Gravix never updates them by"
        " itself; films of your own need none of them."
    )
    parts = studio().downloader.parts()
    with st.container(border=True, key="downloader"):
        for part in parts:
            st.markdown(_row(part))
    if any(part.is_old for part in parts):
        st.warning(OLD, icon=":material/warning:")
    is_running = studio().downloader.progress().state is UpdateState.RUNNING
    live(_progress, active=is_running, key="downloader-progress")
    if not is_running:
        _next_step()
    if st.session_state.get(ASKED):
        st.dialog("Update the downloader?", on_dismiss=_forget)(_question)()


def _row(part: Part) -> str:
    mark = OFF if part.lack or part.is_old else FINE
    lack = f"  \n{plain(part.lack[:1].upper() + part.lack[1:])}." if part.lack else ""
    version = plain(" " + ", ".join(filter(None, (part.version, part.since))))
    use = f" · :small[{USES[part.name]}]" if part.name in USES else ""
    return f"{mark} **{plain(part.name)}**{version}{use}{lack}"


def _progress() -> bool:
    """Draw the update that was asked for last, and say whether it runs."""
    view = studio().downloader.progress()
    is_running = view.state is UpdateState.RUNNING
    _state(view)
    if view.lines:
        with st.expander("What pip says", expanded=view.state is not UpdateState.DONE):
            text = "\n".join(without_folders(line) for line in view.lines)
            st.code(text, language=None, wrap_lines=True, height=OUTPUT_HEIGHT)
    if is_running:
        st.button("Stop", on_click=_stop, key="downloader-stop")
    return is_running


def _next_step() -> None:
    if studio().downloader.needs_restart():
        st.info(RESTART, icon=":material/restart_alt:")
    st.button(
        "Update the downloader",
        icon=":material/system_update_alt:",
        on_click=_ask,
        key="downloader-update",
    )


def _state(view: UpdateView) -> None:
    if view.state is UpdateState.RUNNING:
        st.info("The newest versions are being fetched and tried.", icon=":material/sync:")
    elif view.state is UpdateState.STOPPED:
        st.info("Stopped. The versions from before are in place.", icon=":material/undo:")
    elif view.state is UpdateState.DONE and view.changes:
        st.success(_changes(view), icon=":material/check_circle:")
    elif view.state is UpdateState.DONE:
        st.success("There is nothing newer.", icon=":material/check_circle:")
    elif view.error is not None:
        st.error(told(view.error), icon=":material/error:")


def _changes(view: UpdateView) -> str:
    rows = (f"{name} {now} (was {before or 'missing'})" for name, before, now in view.changes)
    return f"Updated, and tried: {plain(', '.join(rows))}."


def _question() -> None:
    st.write(
        "pip fetches the newest yt-dlp, its solver, Deno and curl-cffi from the package index, up"
        " to 100 MB, and changes no other package."
    )
    st.write(
        "What comes is tried before it is kept: if anything fails, the versions from before stay."
        " Afterwards Gravix has to be started again."
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Not now", key="downloader-keep"):
            _forget()
            st.rerun()
        if st.button("Update", type="primary", key="downloader-confirm"):
            _forget()
            with errors_noted():
                studio().downloader.update()
            st.rerun()


def _ask() -> None:
    st.session_state[ASKED] = True


def _forget() -> None:
    st.session_state.pop(ASKED, None)


def _stop() -> None:
    studio().downloader.stop()
