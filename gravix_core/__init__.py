"""Turns long videos into Instagram reels: the public face, through which dashboards come in.

The names are loaded when they are first asked for, so that ``import gravix_core.model`` costs no
more than that.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gravix_core.errors import GravixError as GravixError
    from gravix_core.model import Reel as Reel
    from gravix_core.model import Seconds as Seconds
    from gravix_core.model import Video as Video
    from gravix_core.model import VideoStatus as VideoStatus
    from gravix_core.settings import Settings as Settings
    from gravix_core.studio import Outcome as Outcome
    from gravix_core.studio import Studio as Studio
    from gravix_core.studio import shared_studio as shared_studio
    from gravix_core.views import Overview as Overview

_HOMES = {
    "GravixError": "errors",
    "Outcome": "studio",
    "Overview": "views",
    "Reel": "model",
    "Seconds": "model",
    "Settings": "settings",
    "Studio": "studio",
    "Video": "model",
    "VideoStatus": "model",
    "shared_studio": "studio",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605  a list, as the language wants it


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
