"""The ways in which the site refuses a video, by name, as scenarios without an id.

The words are the site's, as collected by yt-dlp's extractor and its users.  ``said`` is how
the message of the unmodified yt-dlp starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.youtube_scenario import Live, Playability, Scenario


@dataclass(frozen=True, slots=True)
class Refusal:
    """Fields of a scenario, and what yt-dlp makes of it."""

    said: str
    """Start of its message; empty: it finds nothing wrong."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    live_status: str = "not_live"

    def of(self, video_id: str) -> Scenario:
        return Scenario(video_id, **self.fields)


def _played(status: str, reason: str, subreason: str = "", **extra: Any) -> dict[str, Any]:
    return {"playability": Playability(status, reason, subreason, extra)}


def _offline(reason: str, at: str) -> dict[str, Any]:
    slate = {"liveStreamOfflineSlateRenderer": {"scheduledStartTime": at}}
    ability = {"liveStreamabilityRenderer": {"offlineSlate": slate}}
    return _played("LIVE_STREAM_OFFLINE", reason, liveStreamability=ability) | {
        "live": Live.UPCOMING,
        "duration": 0,
    }


GONE = "Video unavailable"
BOT = "Sign in to confirm you’re not a bot"
MEMBERS = "Join this channel to get access to members-only content"
TERMINATED = (
    "This video is no longer available because the YouTube account associated with this video"
    " has been terminated."
)
COPYRIGHT = (
    "This video contains content from SME, who has blocked it in your country on copyright grounds"
)
GEO = "The uploader has not made this video available in your country"
PLEASE = "This is a private video. Please sign in to verify that you may see it."
YOUNG = "This video may be inappropriate for some users."

REFUSALS: Mapping[str, Refusal] = {
    "bot_check": Refusal(
        BOT,
        _played("LOGIN_REQUIRED", BOT, "This helps protect our community. Learn more"),
    ),
    "captcha": Refusal(
        f"{GONE}. YouTube is requiring a captcha challenge before playback",
        _played("ERROR", GONE, errorScreen={"playerCaptchaViewModel": {"siteKey": "k"}}),
    ),
    "rate_limited": Refusal(
        "This content isn't available, try again later. The current session has been rate-limited",
        _played("UNPLAYABLE", "This content isn't available, try again later."),
    ),
    "age": Refusal(
        f"Sign in to confirm your age. {YOUNG}",
        _played("LOGIN_REQUIRED", "Sign in to confirm your age", YOUNG) | {"family_safe": False},
    ),
    "private": Refusal(
        "Private video. This is a private video. Please sign in",
        _played("LOGIN_REQUIRED", "Private video", PLEASE, messages=[PLEASE]),
    ),
    "removed": Refusal(
        f"{GONE}. This video has been removed by the uploader",
        _played("ERROR", GONE, "This video has been removed by the uploader"),
    ),
    "terminated": Refusal(f"{GONE}. {TERMINATED}", _played("ERROR", GONE, TERMINATED)),
    "unavailable": Refusal(GONE, _played("ERROR", GONE)),
    "copyright": Refusal(f"{GONE}. {COPYRIGHT}", _played("UNPLAYABLE", GONE, COPYRIGHT)),
    "geo": Refusal(GEO, _played("UNPLAYABLE", GONE, GEO) | {"countries": ("US", "NG")}),
    "members": Refusal(
        MEMBERS,
        _played(
            "UNPLAYABLE",
            f"{MEMBERS} like this video, and other exclusive perks.",
            errorScreen={"playerLegacyDesktopYpcOfferRenderer": {"itemTitle": "Member"}},
        ),
    ),
    "paid": Refusal(
        "This video requires payment to watch.",
        _played("UNPLAYABLE", "This video requires payment to watch."),
    ),
    "premiere": Refusal(
        "Premieres in 3 hours",
        _offline("Premieres in 3 hours", "1798135200"),
    ),
    "upcoming": Refusal(
        "This live event will begin in 2 hours.",
        _offline("This live event will begin in 2 hours.", "1798135200"),
    ),
    "live": Refusal("", {"live": Live.NOW}, "is_live"),
    "just_ended": Refusal("", {"live": Live.JUST_ENDED}, "post_live"),
    "was_live": Refusal("", {"live": Live.WAS}, "was_live"),
    "drm": Refusal("This video is DRM protected", {"drm": True}),
    "no_format": Refusal("Requested format is not available", {"adaptive": False, "muxed": False}),
    "swapped": Refusal(
        "All player responses are invalid. Your IP is likely being blocked by Youtube",
        {"answers_as": "aQvGIIdgFDM"},
    ),
}
"""A row each; ``no_format`` has stills alone on offer, as when no link could be had."""
