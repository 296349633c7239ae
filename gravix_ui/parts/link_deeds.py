"""What the operator does with links in, the list and the studio changed.  For callbacks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from gravix_core import LinkItem, LinkState
from gravix_ui.parts.reel_choices import Chosen
from gravix_ui.session import errors_noted, note, studio
from gravix_ui.words import counted

TEXT = "links"
"""Key of the links as they were pasted; also their name in the page's address, so that they
outlive a reload."""
AFRESH = "links-afresh"
"""Key of a mark: more has changed than the cards show."""
FROM = "add-from"
LINKS, FILES = "YouTube links", "Files"


def text() -> str:
    return str(st.session_state.get(TEXT) or "")


def is_to_be_drawn_afresh() -> bool:
    """True once after a deed that has changed more of the page than the cards."""
    return bool(st.session_state.pop(AFRESH, False))


def read() -> tuple[LinkItem, ...]:
    return studio().links.read(text())


def is_unasked(item: LinkItem) -> bool:
    """Nobody knows yet what it is; a video that is there already nobody has to be asked about."""
    return item.state is LinkState.UNASKED and item.video is None


def look() -> None:
    """Ask for all that is not known."""
    with errors_noted():
        studio().links.ask(_ids([one for one in read() if is_unasked(one)]))


def look_at(youtube_id: str) -> None:
    with errors_noted():
        studio().links.ask([youtube_id])


def stop(youtube_ids: Sequence[str]) -> None:
    for youtube_id in youtube_ids:
        give_up_again(youtube_id)
    with errors_noted():
        studio().links.cancel(youtube_ids)


def remove(item: LinkItem) -> None:
    """Strike its line, however the text has changed since it was drawn."""
    with errors_noted():
        if item.youtube_id is not None:
            stop([item.youtube_id])
        gone = [one for one in read() if _is_same(one, item)]
        _strike({one.line for one in gone})


def clear() -> None:
    with errors_noted():
        stop(_ids(read()))
        _write("")


def confirm(youtube_id: str) -> None:
    with errors_noted():
        studio().links.confirm(youtube_id)


def want_again(youtube_id: str) -> None:
    """The operator wants another video of a link; the site is asked unless it was."""
    st.session_state[_again(youtube_id)] = True
    look_at(youtube_id)


def give_up_again(youtube_id: str) -> None:
    st.session_state.pop(_again(youtube_id), None)


def is_wanted_again(youtube_id: str) -> bool:
    return bool(st.session_state.get(_again(youtube_id)))


def take(youtube_ids: Sequence[str], choice: Chosen) -> None:
    """Import them.  What went in leaves the list; what did not says why."""
    went: set[str] = set()
    for youtube_id in youtube_ids:
        with errors_noted():
            if _take(youtube_id, choice):
                went.add(youtube_id)
    with errors_noted():
        _strike({one.line for one in read() if one.youtube_id in went})
    if went:
        note(f"{counted(len(went), 'video is', 'videos are')} being imported.")


def to_files() -> None:
    st.session_state.update({FROM: FILES, AFRESH: True})
    note("Choose or drop the file at the top of this page.", icon=":material/upload_file:")


def _take(youtube_id: str, choice: Chosen) -> bool:
    """False when it is there already."""
    again = is_wanted_again(youtube_id)
    added = studio().links.take(
        youtube_id,
        layout=choice.layout,
        subtitles=choice.subtitles,
        best=choice.best,
        chunk_duration=choice.seconds,
        again=again,
    )
    give_up_again(youtube_id)
    return not added.known


def _strike(lines: Collection[int]) -> None:
    kept = (line for number, line in enumerate(text().splitlines()) if number not in lines)
    _write("\n".join(kept))


def _write(text: str) -> None:
    st.session_state.update({TEXT: text, AFRESH: True})


def _is_same(one: LinkItem, other: LinkItem) -> bool:
    """Of refused lines the text tells; one that stands twice goes at once."""
    if one.youtube_id is None and other.youtube_id is None:
        return one.given == other.given
    return one.youtube_id == other.youtube_id


def _ids(items: Sequence[LinkItem]) -> list[str]:
    return [item.youtube_id for item in items if item.youtube_id is not None]


def _again(youtube_id: str) -> str:
    return f"link-again-{youtube_id}"
