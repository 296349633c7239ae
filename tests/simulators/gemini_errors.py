"""A mode or a quota in, the body by which Google tells of it out.

Sources: shared/reference/gemini.md, sections 5 and 8; the bodies that users posted in issues of
googleapis/python-genai and google-gemini/gemini-cli, read 2026-11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulators.gemini_words import HTML, Answer, Json, Mode, json_answer

SERVICE = "generativelanguage.googleapis.com"
PROJECT = "projects/411082643095"
_TYPES = "type.googleapis.com/google.rpc."
_LIMITS = "https://ai.google.dev/gemini-api/docs/rate-limits"
_DISABLED = (
    "Generative Language API has not been used in project 411082643095 before or it is disabled."
    " Enable it by visiting https://console.developers.google.com/apis/api/"
    f"{SERVICE}/overview?project=411082643095 then retry. If you enabled this API recently,"
    " wait a few minutes for the action to propagate to our systems and retry."
)


def error(code: int, status: str, message: str, details: Sequence[Json] = ()) -> Answer:
    """Google's envelope of an error."""
    told: Json = {"code": code, "message": message, "status": status}
    if details:
        told["details"] = list(details)
    return json_answer({"error": told}, code)


def bad_request(message: str, *, field: str = "") -> Answer:
    """400 for something in the body; `field` is where."""
    violation = {"field": field, "description": message}
    details = [_detail("BadRequest", fieldViolations=[violation])] if field else []
    return error(400, "INVALID_ARGUMENT", message, details)


def unknown_field(name: str, where: str) -> Answer:
    """`where` as Google writes it, such as ``generation_config.response_schema``."""
    at = f" at '{where}'" if where else ""
    message = f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
    return bad_request(message, field=where or name)


def key_invalid(message: str = "API key not valid. Please pass a valid API key.") -> Answer:
    return error(400, "INVALID_ARGUMENT", message, _reason("API_KEY_INVALID", message))


def no_key() -> Answer:
    return error(
        403,
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    )


def unauthenticated() -> Answer:
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return error(401, "UNAUTHENTICATED", message, _reason("ACCESS_TOKEN_TYPE_UNSUPPORTED"))


def model_not_found(model: str, version: str, method: str = "generateContent") -> Answer:
    return error(
        404,
        "NOT_FOUND",
        f"models/{model} is not found for API version {version}, or is not supported for {method}."
        " Call ListModels to see the list of available models and their supported methods.",
    )


def too_short(deadline: float) -> Answer:
    message = f"Manually set deadline {deadline:g}s is too short. Minimum allowed deadline is 10s."
    return error(400, "INVALID_ARGUMENT", message)


@dataclass(frozen=True, slots=True)
class Violation:
    """A limit that is used up."""

    quota: str
    """``GenerateRequestsPerMinutePerProjectPerModel`` or the like."""
    limit: int
    is_free: bool = True

    @property
    def metric(self) -> str:
        tier = "free_tier" if self.is_free else "paid_tier"
        unit = "input_token_count" if "Tokens" in self.quota else "requests"
        return f"{SERVICE}/generate_content_{tier}_{unit}"


def exhausted(violations: Sequence[Violation], model: str, delay: float) -> Answer:
    """429; the seconds of the details are cut to whole ones, as Google does."""
    lines = [
        f"\n* Quota exceeded for metric: {v.metric}, limit: {v.limit}, model: {model}"
        for v in violations
    ]
    message = (
        "You exceeded your current quota, please check your plan and billing details. For more "
        f"information on this error, head to: {_LIMITS}. To monitor your current usage, head to: "
        f"https://ai.dev/rate-limit. {''.join(lines)}\nPlease retry in {delay:.9g}s."
    )
    told = [
        {
            "quotaMetric": v.metric,
            "quotaId": v.quota + ("-FreeTier" if v.is_free else ""),
            "quotaDimensions": {"location": "global", "model": model},
            "quotaValue": str(v.limit),
        }
        for v in violations
    ]
    link = {"description": "Learn more about Gemini API quotas", "url": _LIMITS}
    details = [
        _detail("Help", links=[link]),
        _detail("QuotaFailure", violations=told),
        _detail("RetryInfo", retryDelay=f"{int(delay)}s"),
    ]
    return error(429, "RESOURCE_EXHAUSTED", message, details)


PER_MINUTE = "GenerateRequestsPerMinutePerProjectPerModel"
PER_DAY = "GenerateRequestsPerDayPerProjectPerModel"
TOKENS_PER_MINUTE = "GenerateContentInputTokensPerModelPerMinute"
_QUOTAS = {
    Mode.PER_MINUTE: (PER_MINUTE, 15, 42.5),
    Mode.PER_DAY: (PER_DAY, 20, 17.5),
    Mode.TOKENS_PER_MINUTE: (TOKENS_PER_MINUTE, 250_000, 33.5),
}


def gate(mode: Mode, model: str, version: str, *, delay: float | None = None) -> Answer:
    """The answer to a mode of the stage GATE."""
    if mode in _QUOTAS:
        quota, limit, usual = _QUOTAS[mode]
        return exhausted([Violation(quota, limit)], model, usual if delay is None else delay)
    if mode is Mode.MODEL_GONE:
        return model_not_found(model, version)
    return _GATES[mode]


def html(status: int, title: str, text: str) -> Answer:
    """One of Google's own pages."""
    body = (
        f"<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>{title}</title>\n"
        f"<p><b>{status}.</b> <ins>That\N{RIGHT SINGLE QUOTATION MARK}s an error.</ins>\n<p>{text}"
        "<ins>That\N{RIGHT SINGLE QUOTATION MARK}s all we know.</ins>\n"
    )
    return Answer(status, body.encode(), HTML)


def page_not_found(target: str) -> Answer:
    text = f"The requested URL <code>{target}</code> was not found on this server. "
    return html(404, "Error 404 (Not Found)!!1", text)


TOO_LARGE = html(
    413,
    "Error 413 (Request Entity Too Large)!!1",
    "Your client issued a request that was too large. ",
)
FRONT = {
    Mode.TOO_LARGE: TOO_LARGE,
    Mode.BAD_GATEWAY: html(
        502, "Error 502 (Server Error)!!1", "The server encountered a temporary error. "
    ),
    Mode.HTML: Answer(
        200, b"<html><body><h1>Sign in to the guest network</h1></body></html>", HTML
    ),
    Mode.EMPTY_BODY: Answer(200),
    Mode.CLOSE: Answer(0, drop=True),
}
BACKEND = {
    Mode.INTERNAL: error(
        500,
        "INTERNAL",
        "An internal error has occurred. Please retry or report in "
        "https://developers.generativeai.google/guide/troubleshooting",
    ),
    Mode.OVERLOADED: error(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    Mode.DEADLINE: error(
        504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."
    ),
}


def _detail(kind: str, **fields: Any) -> Json:
    return {"@type": _TYPES + kind, **fields}


def _reason(reason: str, message: str = "", **metadata: str) -> list[Json]:
    info = _detail(
        "ErrorInfo",
        reason=reason,
        domain="googleapis.com",
        metadata={"service": SERVICE, **metadata},
    )
    told = _detail("LocalizedMessage", locale="en-US", message=message)
    return [info, told] if message else [info]


_BLOCKED = (
    f"Requests to this API {SERVICE} method "
    "google.ai.generativelanguage.v1.GenerativeService.GenerateContent are blocked."
)
_GATES = {
    Mode.KEY_INVALID: key_invalid(),
    Mode.KEY_EXPIRED: key_invalid("API key expired. Please renew the API key."),
    Mode.KEY_LEAKED: error(
        403,
        "PERMISSION_DENIED",
        "Your API key was reported as leaked. Please use another API key.",
    ),
    Mode.KEY_BLOCKED: error(
        403,
        "PERMISSION_DENIED",
        _BLOCKED,
        _reason("API_KEY_SERVICE_BLOCKED", _BLOCKED, consumer=PROJECT),
    ),
    Mode.UNAUTHENTICATED: unauthenticated(),
    Mode.SERVICE_DISABLED: error(
        403,
        "PERMISSION_DENIED",
        _DISABLED,
        _reason("SERVICE_DISABLED", _DISABLED, consumer=PROJECT),
    ),
    Mode.LOCATION: error(
        400, "FAILED_PRECONDITION", "User location is not supported for the API use."
    ),
    Mode.QUOTA_BARE: error(
        429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."
    ),
}
