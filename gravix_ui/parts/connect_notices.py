"""The state of the connection in; what the operator has to know of it now out."""

from __future__ import annotations

import streamlit as st

from gravix_core import ApiVersion, ConnectionStatus
from gravix_ui.parts.live import live
from gravix_ui.session import errors_noted, studio
from gravix_ui.words import counted, plain

MINUTE = 60


def connect_notices(status: ConnectionStatus) -> None:
    """Draws nothing while all is well."""
    if status.account is not None and not status.connected:
        again = "" if "connect" in status.message else " Connect again below."
        st.warning(f"{plain(status.message)}{again}", icon=":material/warning:")
    elif status.ends_soon:
        st.warning(
            "The connection ends soon, and Meta has not made it last longer: connect again.",
            icon=":material/schedule:",
        )
    version = studio().connection.version()
    if version is not None and version.is_expired:
        _expired(version)
    rests = studio().connection.rests() is not None
    if rests:
        live(_rest, active=True, key="connect-rest")


def _expired(version: ApiVersion) -> None:
    st.warning(
        f"Version {version.asked} of Meta's API has expired; Meta answers with {version.served}."
        " Nothing is lost by it today. Write the line below into .env, in place of the one with the"
        " old version, then start Gravix again.",
        icon=":material/update:",
    )
    st.code(f"GRAPH_API_VERSION={version.default}", language=None)


def _rest() -> bool:
    """Whether calls still rest."""
    with errors_noted():
        left = studio().connection.rests()
        if left is not None:
            minutes, seconds = divmod(round(left), MINUTE)
            told = counted(minutes, "minute") if minutes else counted(seconds, "second")
            st.info(
                f"Meta's limit of calls is reached. Gravix asks nothing for {told} more, and goes"
                " on by itself.",
                icon=":material/hourglass_top:",
            )
        return left is not None
    return False
