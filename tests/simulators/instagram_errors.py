"""What went wrong in, Meta's two kinds of error bodies out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.simulators.instagram_pages import bad_gateway
from tests.simulators.instagram_words import HTML, Answer, Fault, Reason, json_answer

MALFORMED = 2500
"""Code of a path that names nothing; general knowledge, the contract has the words alone."""


class GraphError(Exception):
    """An answer of graph.facebook.com that is an error."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = "OAuthException",
        is_transient: bool | None = None,
        user_title: str = "",
        user_msg: str = "",
        challenge: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.challenge = challenge
        optional: dict[str, Any] = {
            "error_subcode": subcode,
            "is_transient": is_transient,
            "error_user_title": user_title or None,
            "error_user_msg": user_msg or None,
        }
        self.error: dict[str, Any] = {"message": message, "type": kind, "code": code}
        self.error |= {name: value for name, value in optional.items() if value is not None}

    def answer(self, trace: str) -> Answer:
        headers = {}
        if self.challenge:
            text = self.error["message"].replace('"', "'")
            headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "{self.challenge}" "{text}"'
        body = {"error": {**self.error, "fbtrace_id": trace}}
        return json_answer(body, self.status, headers=headers)


class UploadError(Exception):
    """An answer of rupload.facebook.com that is an error."""

    def __init__(
        self, kind: str, message: str, *, retriable: bool = False, status: int = 400
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.retriable, self.status = kind, message, retriable, status

    def answer(self) -> Answer:
        info = {"retriable": self.retriable, "type": self.kind, "message": self.message}
        return json_answer({"debug_info": info}, self.status)


UNAUTHORIZED = '{"success":false,"error":{"message":"unauthorized user request"}}'
"""What the message of a ProcessingFailedError holds, escaped, when the token is to blame."""

_DEAD = {
    Reason.APP_REMOVED: "The user has not authorized the application.",
    Reason.CHECKPOINT: (
        "You cannot access the app till you log in to www.facebook.com and follow the "
        "instructions given."
    ),
    Reason.PASSWORD: (
        "The session has been invalidated because the user changed their password or Facebook "
        "has changed the session for security reasons."
    ),
    Reason.EXPIRED: "Session has expired.",
    Reason.UNCONFIRMED: "Sessions for the user are not allowed because the user is unconfirmed.",
    Reason.SESSION: "The session is invalid because the user logged out.",
    Reason.NO_PAGE_ROLE: "The user has no role on the Page of this Page access token.",
    Reason.PAGE_PERMISSION: (
        "The permission pages_read_engagement must be granted before impersonating a user's page."
    ),
}


def dead_token(reason: Reason, status: int) -> GraphError:
    return GraphError(
        190,
        f"Error validating access token: {_DEAD[reason]}",
        subcode=int(reason) or None,
        status=status,
        challenge="invalid_token",
    )


def missing(object_id: str) -> GraphError:
    return GraphError(
        100,
        f"Unsupported get request. Object with ID '{object_id}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation.",
        subcode=33,
        kind="GraphMethodException",
    )


def bad_parameter(message: str) -> GraphError:
    return GraphError(100, f"(#100) {message}")


def no_permission(scope: str) -> GraphError:
    """Code 10; that its status is 403 is general knowledge."""
    return GraphError(
        10, f"(#10) Application does not have permission for this action: {scope}", status=403
    )


_PUBLISHING: dict[int, tuple[int, bool, str, str]] = {
    2207001: (-1, True, "Instagram server error. Try again.", "Server error"),
    2207006: (24, False, "The media could not be found.", "Media not found"),
    2207008: (24, True, "The media builder does not exist or has been expired.", "Media expired"),
    2207010: (36004, False, "The submitted caption is too long.", "Caption too long"),
    2207018: (100, False, "A collaborator cannot be tagged.", "Cannot tag"),
    2207020: (-2, False, "The media you are trying to access has expired.", "Media expired"),
    2207023: (100, False, "The media type is unknown.", "Unknown media type"),
    2207027: (9007, False, "Media ID is not available", "The media is not ready for publishing"),
    2207040: (100, False, "Too many @ tags in the caption.", "Too many tags"),
    2207042: (9, False, "Application request limit reached", "You reached the daily limit"),
    2207050: (25, False, "The Instagram account is restricted.", "Account restricted"),
    2207051: (4, False, "Application request limit reached", "Action is blocked"),
    2207057: (1, False, "The thumb offset must be within the video.", "Bad thumb offset"),
    2207081: (100, False, "This account does not support trial reels.", "No trial reels"),
    2207085: (-1, False, "Fatal", "Fatal"),
}
"""Subcode: code, is_transient, message, title for the user."""


def publishing(subcode: int) -> GraphError:
    """A row of the error table of Instagram's publishing."""
    code, transient, message, title = _PUBLISHING[subcode]
    return GraphError(
        code,
        message,
        subcode=subcode,
        is_transient=transient,
        user_title=title,
        user_msg=f"{title}. ({message})",
    )


def fault_answer(fault: Fault, trace: str) -> Answer:
    """What a fault says instead of the right answer."""
    if fault.html:
        answer = Answer(bad_gateway(), fault.status or 502, HTML)
    elif fault.kind:
        error = UploadError(
            fault.kind, fault.message, retriable=fault.retriable, status=fault.status or 400
        )
        answer = error.answer()
    elif fault.code is not None:
        answer = GraphError(
            fault.code,
            fault.message,
            subcode=fault.subcode,
            status=fault.status or 400,
            is_transient=fault.is_transient,
            user_msg=fault.user_msg,
        ).answer(trace)
    elif isinstance(fault.body, bytes | str):
        body = fault.body.encode() if isinstance(fault.body, str) else fault.body
        answer = Answer(body, fault.status or 200)
    elif fault.body is not None:
        answer = json_answer(fault.body, fault.status or 200)
    else:
        answer = Answer(status=fault.status or 200)
    return replace(answer, headers={**answer.headers, **fault.headers})
