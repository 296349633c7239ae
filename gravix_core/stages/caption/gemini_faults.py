"""What Gemini answered, or its transport, in; the fault's name, class and sentence out.  Pure.

Source of codes and messages: google-genai 3.6.1 and errors in its issues, read 2026-11-22.
The first rule that fits decides: a bad key is a 400, and a day's quota comes with a short delay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from gravix_core.errors import CaptionError
from gravix_core.model import Seconds
from gravix_core.stages.caption.gemini_models import BETTER, DEFAULT, retired

MINUTE: Seconds = 60.0
ROUNDED_OFF: Seconds = 1.0
"""Delays come in whole seconds: who asks after 39 s of 39.5 is refused once more."""
LONGEST_WAIT: Seconds = 3600.0
"""Of a quota that is not the day's, whatever the server says."""
AFTER_MIDNIGHT: Seconds = 60.0
"""Later than midnight, since clocks differ."""
PACIFIC = ZoneInfo("America/Los_Angeles")
"""By whose midnight Google counts days; ai.google.dev on rate limits, read 2026-11-22."""
MOST_SHOWN = 200
"""Characters of a message that nobody knows."""


class Kind(StrEnum):
    KEY = "key"
    """Nothing works until the operator changes something about the key or its project."""
    MODEL = "model"
    """Nothing works with this model."""
    DAY = "day"
    """Nothing works before midnight in California."""
    WAIT = "wait"
    """Nothing works for a while."""
    TRANSIENT = "transient"
    """It may work soon."""
    REFUSED = "refused"
    """It never works with this content."""


@dataclass(frozen=True, slots=True)
class Fault:
    code: str
    kind: Kind
    sentence: str
    """What happened."""
    hint: str
    """What to do."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came back instead of an answer."""

    status: int | None = None
    """Of HTTP; None without an answer."""
    name: str = ""
    """Google's, such as ``INVALID_ARGUMENT``; of an answer without text why, such as ``SAFETY``;
    without an answer the class of the exception."""
    message: str = ""
    reasons: tuple[str, ...] = ()
    """Of ``ErrorInfo``, such as ``API_KEY_INVALID``."""
    quotas: tuple[str, ...] = ()
    """Ids of the quotas that are used up."""
    limits: tuple[str, ...] = ()
    """What those quotas allow."""
    delay: Seconds | None = None
    """After which the server wants to be asked again."""
    model: str = ""
    """That was asked."""


_BY_ITSELF = "Nothing needs to be done: the texts were made without Gemini, and it is asked again."
_KEY = (
    "Make a key at aistudio.google.com/apikey, write it as GEMINI_API_KEY into .env and start "
    "Gravix again."
)
_MODEL = f"Choose another model on Texts, such as {DEFAULT}, or {BETTER} for better texts."
_MINE = "The reel keeps the text that was made without Gemini; you may change it by hand."

_K, _M, _D, _W, _T, _R = Kind.KEY, Kind.MODEL, Kind.DAY, Kind.WAIT, Kind.TRANSIENT, Kind.REFUSED
_TABLE: tuple[tuple[str, Kind, str, str], ...] = (
    # the key and its project
    ("bad_key", _K, "Google does not accept the API key.", _KEY),
    ("key_leaked", _K, "Google has blocked the API key, since it was seen in public.", _KEY),
    ("key_restricted", _K, "The API key may not be used for Gemini from here.",
     "At console.cloud.google.com, Credentials, allow the key the Generative Language API from "
     "this computer, or make another at aistudio.google.com/apikey."),
    ("region", _K, "Google does not offer the Gemini API in your region.",
     "ai.google.dev/gemini-api/docs/available-regions lists where it does; everything else works "
     "without it."),
    ("service_off", _K, "The Gemini API is not enabled for the key's project.",
     "Enable the Generative Language API at console.cloud.google.com, wait some minutes, then "
     "press Try again on Texts."),
    ("billing", _K, "Google wants the billing of the key's project to be put in order.",
     "Look at Billing at aistudio.google.com, then press Try again on Texts."),
    ("forbidden", _K, "Google does not allow this key to ask Gemini.", _KEY),
    ("address", _K, "The address that is set for Gemini is none.",
     "Take GOOGLE_GEMINI_BASE_URL out of .env, or correct it, and start Gravix again."),
    ("library", _K, "Google's library for Gemini cannot be loaded.",
     "Install the pinned requirements again, and start Gravix again."),
    # the model
    ("model_retired", _M, "Google retired this model.", _MODEL),
    ("model_unknown", _M, "Google has no model of this name that writes texts.", _MODEL),
    ("model_unfit", _M, "This model cannot do what Gravix asks of it.", _MODEL),
    ("no_quota", _M, "The key's plan does not include this model.",
     f"{_MODEL} Or set up billing at aistudio.google.com."),
    # quotas
    ("per_day", _D, "Today's quota of Gemini is used up.",
     "Nothing needs to be done: the texts were made without Gemini, and it is asked again after "
     "midnight in California."),
    ("per_minute", _W, "Gemini takes no more requests for a minute or so.", _BY_ITSELF),
    ("rate_limited", _W, "Gemini takes no more requests for a while.", _BY_ITSELF),
    # Google's servers, and the way there
    ("overloaded", _T, "Gemini is overloaded.", _BY_ITSELF),
    ("server", _T, "Gemini had a problem of its own.", _BY_ITSELF),
    ("late", _T, "Gemini did not answer in time.", _BY_ITSELF),
    ("broken_off", _T, "The connection to Gemini broke off.", _BY_ITSELF),
    ("unreachable", _T, "Gemini could not be reached.",
     "Check the internet connection; it is asked again by itself."),
    ("tls", _T, "The connection to Gemini is not secure: its certificate could not be checked.",
     "Check the computer's date and time, and a proxy or virus scanner that reads along."),
    ("not_understood", _T, "What came back was no answer of Gemini.",
     "Check that no login page of the network stands in between, and GOOGLE_GEMINI_BASE_URL where "
     "it is set; it is asked again by itself."),
    ("useless", _T, "Gemini's answer could not be used.", "Try it once more."),
    # what was asked
    ("blocked", _R, "Gemini does not write about this content.", _MINE),
    ("safety", _R, "Gemini held its answer back, for safety.", _MINE),
    ("recitation", _R, "Gemini held its answer back, since it repeated somebody's text.", _MINE),
    ("too_long", _R, "Gemini's answer was cut off before its text began.", _MINE),
    ("silent", _R, "Gemini answered without a text.", _MINE),
    ("too_large", _R, "The request was too large for Gemini.",
     f"Set GRAVIX_GEMINI_FRAMES=0 to send no pictures. {_MINE}"),
    ("bad_request", _R, "Gemini refused the request.", f"{_MODEL} {_MINE}"),
    ("unheard_of", _T, "Asking Gemini failed for a reason that is not known.", _BY_ITSELF),
)  # fmt: skip
FAULTS: Mapping[str, Fault] = {row[0]: Fault(*row) for row in _TABLE}
"""By name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Fits when all that it names fits."""

    code: str
    status: tuple[int, ...] = ()
    """Of HTTP; empty for any, 0 for none."""
    says: str = ""
    """A pattern for name, reasons and message, in any case."""
    quota: str = ""
    """A pattern for the id of a quota."""


RULES: tuple[Rule, ...] = (
    Rule("region", (400, 403), r"location is not supported|not available in your (country|region)"),
    Rule("key_leaked", (400, 401, 403), r"leaked"),
    Rule("bad_key", (400, 401, 403), r"API_KEY_(INVALID|EXPIRED)|API key (not valid|expired|not "
         r"found)|valid API key|unregistered callers"),
    Rule("key_restricted", (400, 401, 403), r"API_KEY_\w+_BLOCKED|\bare blocked"),
    Rule("billing", (400, 402, 403, 429), r"BILLING_DISABLED|(enable|requires?) billing|prepay"
         r"|spending cap|credits? (is|are|have been) (depleted|used up)"),
    Rule("billing", (402,)),
    Rule("service_off", (403,), r"SERVICE_DISABLED|has not been used in project|is disabled"),
    Rule("bad_key", (401,)),
    Rule("not_understood", (404,), r"<html|<!doctype"),
    Rule("model_retired", (404, 410), r"retired|deprecated|shut ?down|no longer available"),
    Rule("model_unknown", (404,), r"\bmodels?/|\bmodel\b"),
    Rule("not_understood", (404, 405, 407)),
    Rule("forbidden", (403,)),
    Rule("too_large", (413,)),
    Rule("too_large", (400,), r"payload size|exceeds the (maximum|limit)|token count"),
    Rule("late", (400,), r"\bdeadline\b"),
    Rule("model_unfit", (400,), r"thinking|not enabled for|not supported|does ?n[o']t support|"
         r"unsupported|Unknown name|only works in"),
    Rule("no_quota", (429,), quota=r"=0$"),
    Rule("per_day", (429,), quota=r"PerDay"),
    Rule("per_minute", (429,), quota=r"PerMinute"),
    Rule("no_quota", (429,), r"limit: 0\b"),
    Rule("per_day", (429,), r"per day|PerDay|daily"),
    Rule("rate_limited", (429,)),
    Rule("late", (408, 499, 504)),
    Rule("overloaded", (503,)),
    Rule("server", tuple(range(500, 600))),
    Rule("bad_request", tuple(range(400, 500))),
    Rule("not_understood", tuple(range(201, 400))),
    Rule("blocked", (200,), r"^(blocked|PROHIBITED_CONTENT|BLOCKLIST|SPII|IMAGE_\w+)\b"),
    Rule("safety", (200,), r"^SAFETY"),
    Rule("recitation", (200,), r"^RECITATION"),
    Rule("too_long", (200,), r"^MAX_TOKENS"),
    Rule("useless", (200,), r"^useless"),
    Rule("not_understood", (200,), r"^empty"),
    Rule("silent", (200,)),
    Rule("library", (0,), r"^(ImportError|ModuleNotFoundError)"),
    Rule("tls", (0,), r"CERTIFICATE_VERIFY|certificate verify|SSLCertVerification"),
    Rule("unreachable", (0,), r"^(ConnectError|ConnectTimeout|ProxyError|PoolTimeout|gaierror)"),
    Rule("late", (0,), r"^\w*Timeout"),
    Rule("address", (0,), r"^(UnsupportedProtocol|InvalidURL|LocalProtocolError|TooManyRedirects)"),
    Rule("broken_off", (0,), r"^(\w*ProtocolError|ReadError|WriteError|CloseError|NetworkError|"
         r"Connection\w*Error|BrokenPipe)"),
    Rule("not_understood", (0,), r"^(JSONDecodeError|ValidationError|UnicodeDecodeError|"
         r"DecodingError|UnknownApiResponseError|TypeError|AttributeError|KeyError|ValueError)"),
)  # fmt: skip
"""First match wins."""


def fault_of(told: Told) -> Fault:
    """Name the fault; one that nobody knows has the server's own words, `cleaned`, in it."""
    rule = next((rule for rule in RULES if _fits(rule, told)), None)
    fault = FAULTS[rule.code if rule else "unheard_of"]
    if fault.kind is Kind.MODEL and (gone := retired(told.model)):
        return replace(FAULTS["model_retired"], sentence=gone)
    if fault.code in {"bad_request", "unheard_of"} and (said := cleaned(told.message)):
        return replace(fault, sentence=f"{fault.sentence[:-1]}: {said}")
    return fault


def error_of(told: Told, *, now: datetime | None = None) -> CaptionError:
    """The error that says what happened; `now` decides how long it is to midnight."""
    fault = fault_of(told)
    return CaptionError(
        fault.sentence,
        hint=fault.hint,
        code=fault.code,
        kind=fault.kind.value,
        retry_after=_retry_after(fault.kind, told.delay, now or datetime.now(UTC)),
        details=_details(told),
    )


def told_of(status: int | None, body: Any, *, model: str) -> Told:
    """What an answer that is an error says, whatever shape its body has."""
    error = body.get("error", body) if isinstance(body, dict) else {}
    error = error if isinstance(error, dict) else {"message": str(error)}
    details = [one for one in _list(error.get("details")) if isinstance(one, dict)]
    violations = [v for d in details for v in _list(d.get("violations")) if isinstance(v, dict)]
    reasons = (str(one["reason"]) for one in details if "reason" in one)
    delays = (seconds_of(one.get("retryDelay")) for one in details)
    return Told(
        status=status,
        name=str(error.get("status") or ""),
        message=str(error.get("message") or ""),
        reasons=tuple(reasons),
        quotas=tuple(str(v.get("quotaId") or "") for v in violations),
        limits=tuple(str(v.get("quotaValue", "")) for v in violations),
        delay=next((delay for delay in delays if delay is not None), None),
        model=model,
    )


def seconds_of(duration: Any) -> Seconds | None:
    """Of ``"2s"`` or ``"1.5s"``; None for anything else."""
    found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{0,9})?)\s*s?\s*", str(duration))
    return float(found[1]) if found else None


def until_midnight(now: datetime) -> Seconds:
    """To the next midnight in California, on days that the clock is changed, too."""
    day = now.astimezone(PACIFIC).date() + timedelta(days=1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=PACIFIC)
    return (midnight.astimezone(UTC) - now.astimezone(UTC)).total_seconds()


_NOT_SHOWN: tuple[tuple[str, str], ...] = (
    (r"(?s)<[^<>]*>", " "),
    (r"(?i)\b[a-z][a-z0-9+.-]*://\S*", "(address)"),
    (r"AIza[\w-]+|AQ\.[\w-]+", "…"),
    (r"(?i)\b(api[ _-]?key|key|authorization|bearer)\s*[:=]\s*\S+", r"\1 …"),
    (r"[\w+/=%-]{25,}", "…"),
)
"""What nobody should see, and what stands for it."""


def cleaned(text: str) -> str:
    """A message as it may be shown: at most 200 characters, no tags, addresses or keys."""
    text = text[: 20 * MOST_SHOWN]
    for pattern, instead in _NOT_SHOWN:
        text = re.sub(pattern, instead, text)
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1].rstrip()}…"


def _fits(rule: Rule, told: Told) -> bool:
    if rule.status and (told.status or 0) not in rule.status:
        return False
    said = " | ".join((told.name, *told.reasons, told.message[: 20 * MOST_SHOWN]))
    if rule.says and not re.search(rule.says, said, re.IGNORECASE):
        return False
    quotas = [f"{quota}={limit}" for quota, limit in zip(told.quotas, told.limits, strict=False)]
    return not rule.quota or any(re.search(rule.quota, quota) for quota in quotas)


def _retry_after(kind: Kind, delay: Seconds | None, now: datetime) -> Seconds | None:
    if kind is Kind.DAY:
        return until_midnight(now) + AFTER_MIDNIGHT
    if kind is Kind.WAIT:
        return min(max(MINUTE if delay is None else delay + ROUNDED_OFF, 1.0), LONGEST_WAIT)
    if kind is Kind.TRANSIENT and delay is not None:
        return min(delay, LONGEST_WAIT)
    return None


def _details(told: Told) -> str:
    named = f"HTTP {told.status}, {cleaned(told.name)}" if told.status else cleaned(told.name)
    more = ", ".join(re.sub(r"[^A-Za-z_-]", "", one) for one in (*told.reasons, *told.quotas))
    return f"{named}{f' ({more})' if more else ''}: {cleaned(told.message)}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
