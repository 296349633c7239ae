"""What the downloader told of a failure in, the fault's name, class and sentence out.  Pure.

Source of the messages: yt-dlp 2026.10.26 (extractor/youtube, networking, cookies, downloader)
and YouTube's playability reasons, read 2026-11-26.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from gravix_core.errors import YouTubeError
from gravix_core.model import Seconds

MINUTE: Seconds = 60.0
HOUR: Seconds = 3600.0
DAY: Seconds = 24 * HOUR
TOO_MANY: Seconds = 15 * MINUTE
"""After an HTTP 429 that names no time."""
MOST_SHOWN = 200
"""Characters of a message that nobody knows."""
MOST_COUNTRIES = 10


class Kind(StrEnum):
    PERMANENT = "permanent"
    """Nothing will change; trying again is not offered."""
    WAIT = "wait"
    """It works later, by itself, after `Fault.wait`."""
    ACTION = "action"
    """The operator has to do something first."""
    RETRY = "retry"
    """It may work at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    kind: Kind
    sentence: str
    """What happened."""
    hint: str
    """What to do; it always ends with the offer to upload the file."""
    wait: Seconds | None = None
    """When to try again, for `Kind.WAIT` alone."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the downloader's process says of an exception."""

    message: str
    classes: tuple[str, ...] = ()
    """Names of the exception's class and of its causes'."""
    statuses: tuple[int, ...] = ()
    """Of HTTP, found on any of them."""
    countries: tuple[str, ...] = ()
    """Where the video may be watched: two letters each."""
    warnings: tuple[str, ...] = ()
    """What was warned of before, oldest first."""
    phase: str = "probe"
    """One of ``probe``, ``media``, ``picture`` and ``captions``."""
    retry_after: Seconds | None = None
    """What the server asked for, if it did."""


_INSTEAD = "You can also download the video yourself and upload the file instead."
_STUDIO = "If it is yours, download it in YouTube Studio."
_COOKIES = "In Settings, give Gravix the cookies of a browser that is signed in to YouTube"
_UPDATE = "Update the downloader in Settings, start Gravix again, then try once more."
_TIMES = "Nothing needs to be done but to wait."

_P, _W, _A, _R = Kind.PERMANENT, Kind.WAIT, Kind.ACTION, Kind.RETRY
_TABLE: tuple[tuple[str, Kind, str, str], ...] = (
    # the visitor
    ("bot_check", _A, "YouTube wants to be sure that this connection is no robot.",
     f"Wait an hour and try again, or turn a VPN off. {_COOKIES}, if it stays so."),
    ("captcha", _A, "YouTube wants a captcha to be solved before it plays this video.",
     f"Play the video once in your browser and solve the captcha. {_COOKIES}, then try again."),
    ("rate_limited", _W, "YouTube takes no more requests from this connection for a while.",
     f"{_TIMES} Importing fewer videos in a row helps."),
    ("blocked", _A, "YouTube refused to answer this connection.",
     f"Turn a VPN or proxy off, or wait an hour. {_UPDATE} {_COOKIES}, if it stays so."),
    ("sign_in", _A, "YouTube shows this video only to people who are signed in.",
     f"{_COOKIES}, then try again."),
    # the video
    ("age", _A, "YouTube shows this video only to adults who are signed in.",
     f"{_COOKIES} with an account of an adult, then try again."),
    ("private", _P, "This video is private.",
     f"Ask its owner to make it public or unlisted. {_STUDIO}"),
    ("removed", _P, "This video was removed from YouTube, or its channel was closed.",
     f"Check the link. {_STUDIO}"),
    ("unavailable", _P, "There is no such video on YouTube, or it is not shown to anybody.",
     f"Check that the link plays in your browser. {_STUDIO}"),
    ("copyright", _P, "The owner of its music or pictures has blocked this video.",
     f"Take another video. {_STUDIO}"),
    ("geo", _P, "This video is not shown in your country.",
     f"Take another video. {_STUDIO}"),
    ("members", _A, "This video is only for members of its channel.",
     f"{_COOKIES} with an account that is a member, then try again."),
    ("paid", _P, "This video has to be paid for.", f"Take another video. {_STUDIO}"),
    ("drm", _P, "This video is copy-protected (DRM), so it cannot be downloaded.",
     f"Take another video. {_STUDIO}"),
    ("upcoming", _W, "This video has not started yet.",
     "It can be imported when the premiere or the stream is over."),
    ("live", _A, "This stream is live right now, so its download would never end.",
     "Paste the link again when the stream is over."),
    ("post_live", _W, "This stream has just ended, and YouTube is still preparing the recording.",
     _TIMES),
    ("bad_url", _P, "This is not the link of a YouTube video.",
     "Open the video on YouTube, copy the address of that page and paste it."),
    # what came back
    ("no_format", _A, "YouTube offers no picture and sound of this video that can be downloaded.",
     f"{_UPDATE} {_COOKIES}, if it stays so."),
    ("runtime", _A, "The JavaScript runtime that YouTube's videos need was not found.",
     "Run `python -m gravix_core doctor`, and install the pinned requirements again."),
    ("extractor", _A, "YouTube's answer was not understood; it has probably changed its pages.",
     _UPDATE),
    ("forbidden", _A, "YouTube refused to send the video, with fresh links too.",
     f"{_UPDATE} {_COOKIES}, if it stays so."),
    ("gone", _P, "YouTube no longer has the file of this video.",
     f"Check that the link plays in your browser. {_STUDIO}"),
    ("not_media", _R, "What YouTube sent was no whole video.", "Try it again."),
    ("stalled", _R, "YouTube stopped sending data.",
     "Try it again: it goes on where it stopped."),
    # the way there, and this computer
    ("network", _R, "YouTube could not be reached, or the connection broke off.",
     "Check the internet connection, then try again: it goes on where it stopped."),
    ("proxy", _A, "The proxy that the environment names did not let the request through.",
     "Check HTTPS_PROXY and NO_PROXY, start Gravix again, then try once more."),
    ("tls", _A, "The connection to YouTube is not secure: its certificate could not be checked.",
     "Check the computer's date and time, and a proxy or virus scanner that reads along."),
    ("disk_full", _A, "The disk is full.",
     "Free some space on the disk that holds the data directory, then try again."),
    ("unwritable", _A, "A file cannot be written in the data directory.",
     "Check that you may write there, then try again."),
    ("ffmpeg", _A, "The picture and the sound could not be joined, since ffmpeg was not found.",
     "Run `python -m gravix_core doctor`, and install the pinned requirements again."),
    ("cookies", _A, "The cookies could not be read.",
     "In Settings, choose a browser that is installed and closed, upload a new cookies.txt in "
     "Netscape format, or turn cookies off."),
    ("unknown", _A, "The downloader failed for a reason that is not known.",
     f"Try it once more. {_UPDATE}"),
)  # fmt: skip
_WAITS = {"rate_limited": HOUR, "upcoming": HOUR, "post_live": HOUR}
"""The first as YouTube's own message says; the others are when looking again makes sense."""

FAULTS: Mapping[str, Fault] = {
    code: Fault(code, kind, sentence, f"{hint} {_INSTEAD}", _WAITS.get(code))
    for code, kind, sentence, hint in _TABLE
}
"""Every fault by its code."""


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: str
    code: str
    phase: str = ""
    """Empty for any."""
    wait: Seconds | None = None
    """Other than the fault's own."""


_RULES: tuple[_Rule, ...] = (
    _Rule(r"confirm you.{0,3}re not a bot", "bot_check"),
    _Rule(r"HTTP ?Error 429|Too Many Requests", "rate_limited", wait=TOO_MANY),
    _Rule(r"captcha", "captcha"),
    _Rule(r"rate-limited by YouTube|content isn.t available, try again later", "rate_limited"),
    _Rule(r"GeoRestrictedError|(in|from) your (country|location)", "geo"),
    _Rule(r"confirm your age|age-restricted|inappropriate for some users", "age"),
    _Rule(r"private video|video is private", "private"),
    _Rule(r"requires (payment|purchase)|Premium members|rent (or buy )?this", "paid"),
    _Rule(r"members-only|channel.s members|Join this channel", "members"),
    _Rule(r"Premieres\b|(premiere|event|stream) will begin", "upcoming"),
    _Rule(r"live event has ended|processing this video", "post_live"),
    _Rule(r"blocked it on copyright|copyright claim", "copyright"),
    _Rule(r"been removed|been terminated|no longer available|isn.t available any ?more|"
          r"has closed their YouTube account", "removed"),
    _Rule(r"DRM protected", "drm"),
    _Rule(r"likely being blocked by YouTube", "blocked"),
    _Rule(r"Requested format is not available|No video formats found|Only images are available",
          "no_format"),
    _Rule(r"No space left on device|Errno 28\b|Disk quota exceeded|not enough space", "disk_full"),
    _Rule(r"could not find .* cookies? database|Netscape format|unsupported (browser|keyring)|"
          r"Could not copy .* cookie|cookies\.(sqlite|txt|binarycookies)|cookies? .*decrypt|"
          r"decrypt .*(cookie|DPAPI)|CookieLoadError",
          "cookies"),
    _Rule(r"unable to (open for writing|write data)|Permission denied|Read-only file system",
          "unwritable"),
    _Rule(r"ffmpeg is not installed|ffprobe|ffmpeg not found", "ffmpeg"),
    _Rule(r"Invalid data found|Postprocessing|PostProcessingError", "not_media"),
    _Rule(r"No suitable extractor|Unsupported URL|Invalid URL|looks truncated|is not a valid URL",
          "bad_url"),
    _Rule(r"ProxyError|Unable to connect to proxy|Tunnel connection failed", "proxy"),
    _Rule(r"UNEXPECTED_EOF|EOF occurred|bad record mac", "network"),
    _Rule(r"CertificateVerifyError|SSLError|CERTIFICATE_VERIFY_FAILED", "tls"),
    _Rule(r"\d bytes read|Did not get any data blocks|downloaded file is empty|timed? ?out|"
          r"connection (was )?(reset|aborted|refused)|closed connection|failed to resolve|"
          r"Could not resolve|name resolution|Name or service not known|getaddrinfo failed|"
          r"nodename nor servname|(Network|Host) is unreachable|No route to host|"
          r"HTTP ?Error 5\d\d", "network"),
    _Rule(r"HTTP ?Error 403", "forbidden", phase="media"),
    _Rule(r"HTTP ?Error 403", "blocked"),
    _Rule(r"HTTP ?Error (404|410)", "gone"),
    _Rule(r"Failed to extract any player response|HTTP ?Error 4\d\d", "extractor"),
    _Rule(r"TransportError|IncompleteRead|ContentTooShortError", "network"),
    _Rule(r"No supported JavaScript runtime", "runtime"),
    _Rule(r"needs to be reloaded|not available on this app|please report this issue", "extractor"),
    _Rule(r"sign(ing)? in\b|log ?in details", "sign_in"),
    _Rule(r"video (is |)(un|not )available", "unavailable"),
)  # fmt: skip
"""First match wins, in any case of letters: specific before general."""

_BEHIND: Mapping[str, frozenset[str]] = {
    "extractor": frozenset({"rate_limited", "blocked", "network", "proxy", "tls", "runtime"}),
    "no_format": frozenset({"runtime"}),
}
"""Faults whose cause is only warned of, and which causes count."""

_UNITS = {"second": 1.0, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}
_STARTS_IN = re.compile(rf"\bin (an?|\d+) ({'|'.join(_UNITS)})", re.IGNORECASE)


def fault_of(told: Told) -> Fault:
    """Name the fault; ``unknown`` has the downloader's own words, `cleaned`, in its sentence."""
    rule = _rule(_evidence(told), told.phase) or _Rule("", "unknown")
    behind = _behind(rule.code, told)
    fault = FAULTS[(behind or rule).code]
    if fault.code == "rate_limited":
        asked = told.retry_after and min(max(told.retry_after, MINUTE), DAY)
        return replace(fault, wait=asked or (behind or rule).wait or fault.wait)
    if fault.code == "upcoming":
        return upcoming(_starts_in(told.message))
    if fault.code == "geo":
        return replace(fault, sentence=f"{fault.sentence[:-1]}{_shown_in(told.countries)}.")
    if fault.code == "unknown" and (said := cleaned(told.message)):
        return replace(fault, sentence=f"The downloader failed: {said}")
    return fault


def upcoming(starts_in: Seconds | None) -> Fault:
    """The fault of a premiere or stream that starts in so long, None when nobody knows."""
    if starts_in is None:
        return FAULTS["upcoming"]
    sentence = f"This video has not started yet; it starts in {_span(starts_in)}."
    return replace(FAULTS["upcoming"], sentence=sentence, wait=max(starts_in, MINUTE))


def error_as(fault: Fault, *, details: str = "") -> YouTubeError:
    """The error that says `fault`."""
    return YouTubeError(
        fault.sentence,
        hint=fault.hint,
        code=fault.code,
        kind=fault.kind.value,
        retry_after=fault.wait,
        details=details,
    )


def error_of(told: Told) -> YouTubeError:
    return error_as(fault_of(told), details=cleaned(told.message))


_NOT_SHOWN: tuple[tuple[str, str], ...] = (
    (r"\x1b\[[0-9;?]*[ -/]*[@-~]", ""),
    (r"(?is)[;,.:]?\s*please report this issue.*", ""),
    (r"(?is)\s*\(caused by .*", ""),
    (r"(?i)^\s*(ERROR|WARNING):\s*", ""),
    (r"^\[[\w:+-]+\]\s*([\w-]{11}:\s*)?", ""),
    (r"(?i)\b((set-)?cookies?|authorization|x-goog-[\w-]+)\s*[:=].*", r"\1 …"),
    (r"(?i)\b[a-z][a-z0-9+.-]*://[^\s'\"<>]*", "(address)"),
    (r"(?i)(?<![\w/\\])([a-z]:[\\/]|\\\\|~[\\/]|/(?=\S))[^'\"\n:;]*", "(file)"),
    (r"[^\s'\"]+([/\\])[^\s'\"]+[/\\][^\s'\"]*", "(file)"),
    (r"[\w%.+-]+\s*=\s*[^\s;,)&]+", "…"),
    (r"[\w+/=%.~-]{32,}", "…"),
    (r"[^\S ]+|\s{2,}", " "),
)  # fmt: skip
"""What nobody should see, and what stands for it: codes of colour, boilerplate, the downloader's
prefixes, cookies and tokens, addresses, places of files, long secrets."""


def cleaned(message: str) -> str:
    """The downloader's message as it may be shown: at most 200 characters, and no secrets."""
    for pattern, instead in _NOT_SHOWN:
        message = re.sub(pattern, instead, message)
    message = "".join(char for char in message if char.isprintable()).strip()
    return message if len(message) <= MOST_SHOWN else f"{message[: MOST_SHOWN - 1].rstrip()}…"


def _evidence(told: Told) -> str:
    statuses = (f"HTTP Error {status}" for status in told.statuses)
    return " | ".join((told.message, *told.classes, *statuses))


def _rule(evidence: str, phase: str) -> _Rule | None:
    for rule in _RULES:
        if rule.phase in {"", phase} and re.search(rule.pattern, evidence, re.IGNORECASE):
            return rule
    return None


def _behind(code: str, told: Told) -> _Rule | None:
    """The rule of the newest warning that explains a failure which only says that it is one."""
    return next((rule for rule in _warned(told) if rule.code in _BEHIND.get(code, ())), None)


def _warned(told: Told) -> Iterator[_Rule]:
    for warning in reversed(told.warnings):
        if rule := _rule(warning, told.phase):
            yield rule


def _starts_in(message: str) -> Seconds | None:
    found = _STARTS_IN.search(message)
    if found is None:
        return None
    return (int(found[1]) if found[1].isdecimal() else 1) * _UNITS[found[2].lower()]


def _span(seconds: Seconds) -> str:
    """``3 hours``, rounded to what a person would say."""
    unit = next((u for u in ("day", "hour", "minute") if seconds >= 0.95 * _UNITS[u]), "minute")
    count = max(1, round(seconds / _UNITS[unit]))
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _shown_in(countries: tuple[str, ...]) -> str:
    known = [country for country in countries if re.fullmatch(r"[A-Z]{2}", country)]
    if not known:
        return ""
    more = len(known) - MOST_COUNTRIES
    return f"; it is in {', '.join(known[:MOST_COUNTRIES])}{f' and {more} more' * (more > 0)}"
