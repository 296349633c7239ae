"""Turns long videos into Instagram reels: the public face, through which dashboards come in.

The names are loaded when they are first asked for, so that ``import gravix_core.model`` costs no
more than that.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gravix_core.desks.activity import JobItem as JobItem
    from gravix_core.desks.activity import VideoWork as VideoWork
    from gravix_core.desks.connect_checks import Check as Check
    from gravix_core.desks.connect_checks import CheckState as CheckState
    from gravix_core.desks.connection import ApiVersion as ApiVersion
    from gravix_core.desks.connection import Came as Came
    from gravix_core.desks.connection import ConnectionStatus as ConnectionStatus
    from gravix_core.desks.connection import ConnectOutcome as ConnectOutcome
    from gravix_core.desks.downloader import UpdateState as UpdateState
    from gravix_core.desks.downloader import UpdateView as UpdateView
    from gravix_core.desks.editing import MAX_HOOK as MAX_HOOK
    from gravix_core.desks.gemini import GeminiStatus as GeminiStatus
    from gravix_core.desks.intake import Added as Added
    from gravix_core.desks.links import LinkItem as LinkItem
    from gravix_core.desks.links import LinkState as LinkState
    from gravix_core.desks.publishing import PublishItem as PublishItem
    from gravix_core.desks.publishing import ReadyItem as ReadyItem
    from gravix_core.desks.publishing import Stop as Stop
    from gravix_core.desks.review import PostSize as PostSize
    from gravix_core.desks.review import PostWords as PostWords
    from gravix_core.desks.spoken import merged_lines as merged_lines
    from gravix_core.doctor import Finding as Finding
    from gravix_core.doctor import State as State
    from gravix_core.doctor import Topic as Topic
    from gravix_core.doctor import examine as examine
    from gravix_core.errors import CaptionError as CaptionError
    from gravix_core.errors import GravixError as GravixError
    from gravix_core.errors import Outdated as Outdated
    from gravix_core.errors import PostedBefore as PostedBefore
    from gravix_core.jobs.glance import Trouble as Trouble
    from gravix_core.layouts import LAYOUTS as LAYOUTS
    from gravix_core.model import MAX_REEL as MAX_REEL
    from gravix_core.model import MIN_REEL as MIN_REEL
    from gravix_core.model import Channel as Channel
    from gravix_core.model import Chunk as Chunk
    from gravix_core.model import Cue as Cue
    from gravix_core.model import InstagramAccount as InstagramAccount
    from gravix_core.model import Job as Job
    from gravix_core.model import JobStatus as JobStatus
    from gravix_core.model import JobType as JobType
    from gravix_core.model import LinkProbe as LinkProbe
    from gravix_core.model import LogLevel as LogLevel
    from gravix_core.model import LogLine as LogLine
    from gravix_core.model import Look as Look
    from gravix_core.model import PostText as PostText
    from gravix_core.model import PublishStatus as PublishStatus
    from gravix_core.model import Reel as Reel
    from gravix_core.model import ReviewStatus as ReviewStatus
    from gravix_core.model import RuleLevel as RuleLevel
    from gravix_core.model import RuleResult as RuleResult
    from gravix_core.model import ScorePart as ScorePart
    from gravix_core.model import Seconds as Seconds
    from gravix_core.model import Size as Size
    from gravix_core.model import Span as Span
    from gravix_core.model import Transcript as Transcript
    from gravix_core.model import Video as Video
    from gravix_core.model import VideoStatus as VideoStatus
    from gravix_core.model import full_caption as full_caption
    from gravix_core.publications import PostOptions as PostOptions
    from gravix_core.publications import Publication as Publication
    from gravix_core.publications import RecentMedia as RecentMedia
    from gravix_core.publications import Step as Step
    from gravix_core.publications import Transport as Transport
    from gravix_core.settings import Settings as Settings
    from gravix_core.stages.publish.instagram import Quota as Quota
    from gravix_core.stages.source.cookies import CookieState as CookieState
    from gravix_core.stages.source.cookies import Origin as Origin
    from gravix_core.stages.source.downloader import Part as Part
    from gravix_core.studio import Outcome as Outcome
    from gravix_core.studio import Studio as Studio
    from gravix_core.studio import shared_studio as shared_studio
    from gravix_core.styles import DEFAULT_STYLE as DEFAULT_STYLE
    from gravix_core.styles import STYLES as STYLES
    from gravix_core.texts import Field as Field
    from gravix_core.texts import Hold as Hold
    from gravix_core.texts import ModelInfo as ModelInfo
    from gravix_core.texts import Pair as Pair
    from gravix_core.texts import Rule as Rule
    from gravix_core.texts import RuleKind as RuleKind
    from gravix_core.texts import TextVersion as TextVersion
    from gravix_core.texts import Usage as Usage
    from gravix_core.texts import Voice as Voice
    from gravix_core.texts import Words as Words
    from gravix_core.views import ChunkItem as ChunkItem
    from gravix_core.views import ChunkState as ChunkState
    from gravix_core.views import DiskUse as DiskUse
    from gravix_core.views import Edit as Edit
    from gravix_core.views import EditItem as EditItem
    from gravix_core.views import Listed as Listed
    from gravix_core.views import Overview as Overview
    from gravix_core.views import Preview as Preview
    from gravix_core.views import PreviewState as PreviewState
    from gravix_core.views import Progress as Progress
    from gravix_core.views import ReelCounts as ReelCounts
    from gravix_core.views import ReelFilter as ReelFilter
    from gravix_core.views import ReelItem as ReelItem
    from gravix_core.views import ReelOrder as ReelOrder
    from gravix_core.views import Rendering as Rendering
    from gravix_core.views import Saved as Saved
    from gravix_core.views import VideoDetail as VideoDetail
    from gravix_core.views import VideoItem as VideoItem

_HOMES = {
    "Added": "desks.intake",
    "ApiVersion": "desks.connection",
    "Came": "desks.connection",
    "CaptionError": "errors",
    "Channel": "model",
    "Check": "desks.connect_checks",
    "CheckState": "desks.connect_checks",
    "Chunk": "model",
    "ChunkItem": "views",
    "ChunkState": "views",
    "ConnectionStatus": "desks.connection",
    "ConnectOutcome": "desks.connection",
    "CookieState": "stages.source.cookies",
    "Cue": "model",
    "DEFAULT_STYLE": "styles",
    "DiskUse": "views",
    "Edit": "views",
    "EditItem": "views",
    "examine": "doctor",
    "Field": "texts",
    "Finding": "doctor",
    "full_caption": "model",
    "GeminiStatus": "desks.gemini",
    "GravixError": "errors",
    "Hold": "texts",
    "InstagramAccount": "model",
    "Job": "model",
    "JobItem": "desks.activity",
    "JobStatus": "model",
    "JobType": "model",
    "LAYOUTS": "layouts",
    "LinkItem": "desks.links",
    "LinkProbe": "model",
    "LinkState": "desks.links",
    "Listed": "views",
    "LogLevel": "model",
    "LogLine": "model",
    "Look": "model",
    "MAX_HOOK": "desks.editing",
    "MAX_REEL": "model",
    "merged_lines": "desks.spoken",
    "MIN_REEL": "model",
    "ModelInfo": "texts",
    "Origin": "stages.source.cookies",
    "Outcome": "studio",
    "Overview": "views",
    "Pair": "texts",
    "Part": "stages.source.downloader",
    "Outdated": "errors",
    "PostedBefore": "errors",
    "PostOptions": "publications",
    "PostSize": "desks.review",
    "PostText": "model",
    "PostWords": "desks.review",
    "Preview": "views",
    "PreviewState": "views",
    "Progress": "views",
    "Publication": "publications",
    "PublishItem": "desks.publishing",
    "PublishStatus": "model",
    "Quota": "stages.publish.instagram",
    "ReadyItem": "desks.publishing",
    "Stop": "desks.publishing",
    "RecentMedia": "publications",
    "Reel": "model",
    "ReelCounts": "views",
    "ReelFilter": "views",
    "ReelItem": "views",
    "ReelOrder": "views",
    "Rendering": "views",
    "ReviewStatus": "model",
    "Rule": "texts",
    "RuleKind": "texts",
    "RuleLevel": "model",
    "RuleResult": "model",
    "Saved": "views",
    "ScorePart": "model",
    "Seconds": "model",
    "Settings": "settings",
    "shared_studio": "studio",
    "Size": "model",
    "Span": "model",
    "State": "doctor",
    "Step": "publications",
    "Studio": "studio",
    "STYLES": "styles",
    "TextVersion": "texts",
    "Topic": "doctor",
    "Transcript": "model",
    "Transport": "publications",
    "Trouble": "jobs.glance",
    "UpdateState": "desks.downloader",
    "UpdateView": "desks.downloader",
    "Usage": "texts",
    "Video": "model",
    "VideoDetail": "views",
    "VideoItem": "views",
    "VideoStatus": "model",
    "VideoWork": "desks.activity",
    "Voice": "texts",
    "Words": "texts",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605  a list, as the language wants it


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
