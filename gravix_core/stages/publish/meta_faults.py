"""An error that Meta answered in, the fault's name, class and sentence out.  Pure.

Source of codes and meanings: Meta's error references for the Graph API, Facebook Login and
Instagram publishing, and public reports, as read up to 2026-11-22.  The subcode decides, then the
code, then ``is_transient``; the HTTP status never does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from gravix_core.errors import InstagramError
from gravix_core.model import Seconds

MINUTE: Seconds = 60.0
HOUR: Seconds = 3600.0
THROTTLED: Seconds = HOUR
"""After a limit whose headers name no time: Meta counts by the hour."""
MOST_SHOWN = 200
"""Characters of a message that nobody knows."""


class Kind(StrEnum):
    TRANSIENT = "transient"
    """It may work soon."""
    WAIT = "wait"
    """It works later, by itself, after `Fault.wait`."""
    PERMANENT = "permanent"
    """It never works as it is."""
    RECONNECT = "reconnect"
    """Instagram has to be connected again."""
    ACTION = "action"
    """The operator has to do something first, at Meta or on Instagram."""
    RENEW = "renew"
    """The upload has to be begun anew."""


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    kind: Kind
    sentence: str
    """What happened."""
    hint: str
    """What to do."""
    wait: Seconds | None = None
    """When to try again, for `Kind.WAIT` alone."""


@dataclass(frozen=True, slots=True)
class Told:
    """What Meta answered."""

    code: int | None = None
    subcode: int | None = None
    is_transient: bool | None = None
    message: str = ""
    shown: str = ""
    """What Meta means to be shown, in the language of the request."""
    trace: str = ""
    """By which Meta finds the call."""
    regain: Seconds | None = None
    """When Meta's headers say that calls are taken again."""


_AGAIN = "Open Connect and connect Instagram again."
_LATER = "Nothing needs to be done but to wait; Gravix goes on by itself."
_APP = "Check the app id and the app secret in .env against the app at developers.facebook.com."
_RENDER = "Render the reel again, then publish it again."
_EDIT = "Change it on the Edit page, then publish again."

_T, _W, _P = Kind.TRANSIENT, Kind.WAIT, Kind.PERMANENT
_C, _A, _N = Kind.RECONNECT, Kind.ACTION, Kind.RENEW
_TABLE: tuple[tuple[str, Kind, str, str], ...] = (
    # the connection
    ("login_needed", _C, "Meta no longer accepts this connection.", _AGAIN),
    ("app_removed", _C, "Gravix was removed from the apps of this Facebook account.", _AGAIN),
    ("checkpoint", _A, "Facebook wants the owner of the account to confirm that it is theirs.",
     f"Log in at facebook.com and follow what it asks. {_AGAIN}"),
    ("password_changed", _C, "The password of the Facebook account was changed, which ends every "
     "connection.", _AGAIN),
    ("token_expired", _C, "The connection has expired.", _AGAIN),
    ("unconfirmed", _A, "The Facebook account is not confirmed.",
     f"Log in at facebook.com and confirm it. {_AGAIN}"),
    ("no_page_role", _A, "The Facebook account has no role on the Page any more.",
     "Ask an admin of the Page for full control of it, then connect Instagram again."),
    ("page_permission", _A, "Meta lets Gravix act for you, but not for the Page.",
     "Connect Instagram again and leave the Page ticked in Facebook's dialog."),
    ("permission", _C, "A permission is missing.",
     "Open Connect, connect Instagram again and leave every permission switched on."),
    ("capability", _A, "The app at Meta is not set up for this.",
     "Add the product Instagram to the app at developers.facebook.com; see docs/instagram.md."),
    ("proof", _A, "Meta wants each call to be signed with the app's secret, and refused this one.",
     _APP),
    ("app_unknown", _A, "Meta knows no app of this id.", _APP),
    ("redirect", _A, "The address that Facebook was told to lead back to is not the same any more.",
     "Set FACEBOOK_REDIRECT_URI exactly as it stands in the app's Valid OAuth Redirect URIs, then "
     "connect again."),
    ("code_used", _C, "This answer of Facebook was used before.", _AGAIN),
    # limits
    ("app_limit", _W, "Meta takes no more calls of this app for a while.", _LATER),
    ("user_limit", _W, "Meta takes no more calls of this account for a while.", _LATER),
    ("account_limit", _W, "Meta takes no more calls for this Instagram account for a while.",
     _LATER),
    ("quota", _W, "Instagram takes no more posts of this account within 24 hours.", _LATER),
    ("spam", _A, "Instagram took the posts for spam and has blocked more of them.",
     "Post nothing for some hours, and look in the Instagram app whether the last one is there."),
    ("blocked", _A, "Meta has blocked this for a while, for breaking its rules.",
     "Look in the Instagram app for a notice; wait a day before you publish again."),
    ("restricted", _A, "The Instagram account is inactive, restricted or has to be confirmed.",
     "Open the Instagram app and follow what it asks, then publish again."),
    # the servers
    ("unknown", _T, "Meta had a problem of its own.", "Try it again in a few minutes."),
    ("down", _T, "Meta's service is down.", "Try it again in a few minutes."),
    ("not_understood", _T, "What Meta answered was not understood.",
     "Try it again in a few minutes."),
    ("unreachable", _T, "Meta could not be reached, or the connection broke off.",
     "Check the internet connection, then try again."),
    ("not_sent", _T, "Meta could not be reached.",
     "Check the internet connection, then try again."),
    ("foreign_host", _P, "Meta named a host for the upload that is not the one of the settings.",
     "Check GRAVIX_RUPLOAD_URL; nothing was sent there."),
    ("not_seen", _T, "Meta says that this does not exist, or that this connection may not see it.",
     f"Try it again in a few minutes; if it stays so: {_AGAIN}"),
    # the post
    ("outcome", _W, "Instagram's answer was lost; Gravix looks whether the reel is there.", _LATER),
    ("stopped", _W, "Publishing to this account is stopped.",
     "Look at the reason on Publish, then let it go on there."),
    ("gone", _P, "The reel was deleted before it was published.", "Nothing was posted."),
    ("not_approved", _P, "The reel is not the one that was approved any more.",
     "Look at it on Review, approve it, then publish it again."),
    ("upload", _T, "Instagram did not take the upload.",
     "Try it again in a few minutes; if it stays so, set GRAVIX_PUBLIC_URL as docs/instagram.md "
     "shows."),
    ("changed", _P, "The reel's file is not the one that was approved.", _RENDER),
    ("not_ready", _T, "Instagram has not prepared the video yet.", _LATER),
    ("container_gone", _N, "Instagram no longer has the upload.", "Publish the reel again."),
    ("container_missing", _T, "Instagram cannot find the upload at the moment.", _LATER),
    ("container_failed", _N, "Instagram could not begin the upload.", "Publish the reel again."),
    ("media_expired", _N, "The upload is older than Instagram keeps one.",
     "Publish the reel again."),
    ("download_slow", _T, "Instagram took too long to fetch the video.",
     "Try it again in a few minutes."),
    ("fetch_failed", _T, "Instagram could not fetch the video from its address.",
     "Check that the address is open to everybody, or upload from this computer instead."),
    ("ingest", _N, "Instagram could not process the video.", _RENDER),
    ("format", _P, "Instagram refuses the format of the video.", _RENDER),
    ("cover", _P, "Instagram refuses the cover.", _EDIT),
    ("cover_time", _P, "The time of the cover lies outside the reel.", _EDIT),
    ("caption_long", _P, "The caption is too long for Instagram.", "Shorten it on Review."),
    ("mentions", _P, "The caption names too many accounts.",
     "Leave at most 20 mentions in it, then publish again."),
    ("collaborator", _P, "One of the collaborators cannot be tagged.",
     "Take the account out, then publish again."),
    ("trial", _P, "This Instagram account cannot post trial reels.",
     "Publish it as an ordinary reel."),
    ("media_kind", _P, "Instagram did not take this for a reel.", "Please report the log."),
    ("products", _P, "Instagram refuses the carousel or the product tags.",
     "Take them out, then publish again."),
    ("duplicate", _P, "Meta says that the same was posted before.",
     "Look in the Instagram app whether the reel is there."),
    ("asset_rights", _A, "Meta refused the post; most often a role on the Page or in the business "
     "portfolio is missing.",
     "Give your account full control of the Page and of the Instagram account in "
     "business.facebook.com, then publish again."),
    ("field", _P, "Meta does not know a field that was asked for.", "Please report the log."),
    ("input", _P, "Meta refused what it was sent.", "Please report the log."),
)  # fmt: skip
FAULTS: Mapping[str, Fault] = {
    code: Fault(code, kind, sentence, hint, THROTTLED if kind is Kind.WAIT else None)
    for code, kind, sentence, hint in _TABLE
}
"""By name."""

BY_SUBCODE: Mapping[tuple[int | None, int], str] = {
    (1, 2207057): "cover_time",
    (4, 2207051): "spam",
    (4, 1349210): "app_limit",
    (9, 2207042): "quota",
    (24, 2207006): "container_gone",
    (24, 2207008): "container_missing",
    (25, 2207050): "restricted",
    (36000, 2207004): "cover",
    (36001, 2207005): "cover",
    (36003, 2207009): "cover",
    (36004, 2207010): "caption_long",
    (100, 33): "not_seen",
    (100, 2207023): "media_kind",
    (100, 2207028): "products",
    (100, 2207035): "products",
    (100, 2207036): "products",
    (100, 2207037): "products",
    (100, 2207040): "mentions",
    (100, 2207018): "collaborator",
    (100, 2207081): "trial",
    (100, 2207065): "field",
    (100, 36008): "redirect",
    (100, 36009): "code_used",
    (190, 458): "app_removed",
    (190, 459): "checkpoint",
    (190, 460): "password_changed",
    (190, 463): "token_expired",
    (190, 464): "unconfirmed",
    (190, 467): "login_needed",
    (190, 492): "no_page_role",
    (352, 2207026): "format",
    (-1, 2207001): "unknown",
    (-1, 2207032): "container_failed",
    (-1, 2207053): "container_failed",
    (-2, 2207003): "download_slow",
    (-2, 2207020): "media_expired",
    (9004, 2207052): "fetch_failed",
    (9007, 2207027): "not_ready",
    (None, 2207026): "format",
    (None, 2207076): "ingest",
    (None, 2207077): "ingest",
    (None, 2207082): "ingest",
    (None, 2207085): "asset_rights",
}
"""By code and subcode.  Subcodes of Instagram (seven digits) mean the same under every code, and
stand alone in the status of a container."""

BY_CODE: Mapping[int, str] = {
    1: "unknown",
    2: "down",
    3: "capability",
    4: "app_limit",
    10: "permission",
    17: "user_limit",
    32: "account_limit",
    100: "input",
    101: "app_unknown",
    102: "login_needed",
    190: "login_needed",
    341: "app_limit",
    352: "format",
    368: "blocked",
    506: "duplicate",
    613: "user_limit",
    80002: "account_limit",
    **dict.fromkeys(range(200, 300), "permission"),
}

_INSTAGRAM = 2_200_000
_ANYWHERE = {sub: name for (_, sub), name in BY_SUBCODE.items() if sub > _INSTAGRAM}
_IMPERSONATING = re.compile(r"before impersonating a user'?s page", re.IGNORECASE)
"""190 in whose text stands that a Page permission is missing: the connection itself is good."""
_PROOF = re.compile(r"appsecret_proof", re.IGNORECASE)
_SECRET = re.compile(r"[\w|+/=%.-]{25,}")
_ADDRESS = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://\S*")


def fault_of(told: Told) -> Fault:
    """Name the fault; one that nobody knows has Meta's own words, `cleaned`, in its sentence."""
    name = _name(told)
    if name is None:
        return _unheard_of(told)
    fault = FAULTS[name]
    if fault.kind is Kind.WAIT and told.regain is not None:
        return replace(fault, wait=max(told.regain, MINUTE))
    return fault


def error_of(told: Told) -> InstagramError:
    return error_as(fault_of(told), details=_details(told))


def error_as(fault: Fault, *, details: str = "") -> InstagramError:
    """The error that says `fault`."""
    return InstagramError(
        fault.sentence,
        hint=fault.hint,
        code=fault.code,
        kind=fault.kind.value,
        retry_after=fault.wait,
        details=details,
    )


def subcode_in(status: str) -> int | None:
    """The subcode that the ``status`` of a container speaks of."""
    found = re.search(r"\b(2207\d{3})\b", status)
    return int(found[1]) if found else None


def cleaned(text: str) -> str:
    """Meta's message as it may be shown: at most 200 characters, no addresses, no tokens."""
    text = _SECRET.sub("…", _ADDRESS.sub("(address)", text))
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1].rstrip()}…"


def _name(told: Told) -> str | None:
    if told.code == 190 and _IMPERSONATING.search(told.message):
        return "page_permission"
    if told.code == 100 and told.subcode is None and _PROOF.search(told.message):
        return "proof"
    if told.subcode is not None:
        known = BY_SUBCODE.get((told.code, told.subcode)) or _ANYWHERE.get(told.subcode)
        return known or _of_unknown_subcode(told)
    return None if told.code is None else BY_CODE.get(told.code)


def _of_unknown_subcode(told: Told) -> str | None:
    """The code says who has to act; what is wrong with a request only the subcode would say."""
    if told.subcode is not None and told.subcode > _INSTAGRAM:
        return None
    known = None if told.code is None else BY_CODE.get(told.code)
    return None if known is None or FAULTS[known].kind is Kind.PERMANENT else known


def _unheard_of(told: Told) -> Fault:
    kind = Kind.TRANSIENT if told.is_transient else Kind.PERMANENT
    said = cleaned(told.shown or told.message)
    numbers = " / ".join(str(one) for one in (told.code, told.subcode) if one is not None)
    sentence = f"Meta refused it{f' ({numbers})' if numbers else ''}{f': {said}' if said else '.'}"
    hint = "Try it again in a few minutes." if told.is_transient else "Please report the log."
    return Fault("unheard_of", kind, sentence, hint)


def _details(told: Told) -> str:
    numbers = f"code {told.code}, subcode {told.subcode}, transient {told.is_transient}"
    return f"{numbers}, trace {cleaned(told.trace)}: {cleaned(told.message)}"
