"""A path of Meta's Graph API and a token in, what it answers out.

A token travels in a header, together with a signature that proves the app's secret, and to the
host of the settings alone: no redirect is followed, no address that Meta gives is called.  No error
names an address.  Only this file imports requests for Meta.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from gravix_core.errors import GravixError, InstagramError
from gravix_core.model import Seconds
from gravix_core.stages.publish.meta_faults import FAULTS, Fault, Told, error_as, error_of
from gravix_core.stages.publish.usage import Gauge, usage_of

META_GRAPH = "https://graph.facebook.com"
META_DIALOG = "https://www.facebook.com"
META_RUPLOAD = "https://rupload.facebook.com"
WAITS: tuple[Seconds, Seconds] = (10.0, 60.0)
"""For the connection, and between two pieces of an answer."""
MOST_BYTES = 5_000_000
"""Of an answer; a page of 100 Pages has about 100 kB."""
MOST_PAGES = 200
"""Of one list, so that a cursor that leads round in a circle ends."""
PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class App:
    """The operator's own app at Meta."""

    id: str
    secret: str = field(repr=False)

    @property
    def token(self) -> str:
        """Stands for the app itself."""
        return f"{self.id}|{self.secret}"

    def proof(self, token: str) -> str:
        """``appsecret_proof``: hex HMAC-SHA256 of the token under the app's secret (Meta, "Secure
        Graph API calls")."""
        return hmac.new(self.secret.encode(), token.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where Meta is, without a slash at the end."""

    graph: str = META_GRAPH
    dialog: str = META_DIALOG
    rupload: str = META_RUPLOAD


class Graph:
    """One app's calls.  Every method may be called from any thread."""

    def __init__(
        self,
        app: App,
        hosts: Hosts,
        *,
        version: str,
        gauge: Gauge | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.version = version
        self.gauge = gauge or Gauge()
        self.served: str | None = None
        """The version that answered last; another one than asked for when that has expired."""
        self._clock = clock

    def get(self, path: str, token: str, **params: Any) -> dict[str, Any]:
        """
        Raises:
            InstagramError: Meta refused, could not be reached, or is not to be asked now.
        """
        return self._call("GET", path, token, params)

    def post(self, path: str, token: str, **params: Any) -> dict[str, Any]:
        """Raises as `get`; then it may have been done nevertheless."""
        return self._call("POST", path, token, params)

    def delete(self, path: str, token: str, **params: Any) -> dict[str, Any]:
        """Raises as `get`."""
        return self._call("DELETE", path, token, params)

    def ask(self, path: str, *, method: str = "GET", **params: Any) -> dict[str, Any]:
        """Without a token, as before there is one.  Raises as `get`."""
        return self._call(method, path, None, params)

    def listed(self, path: str, token: str, **params: Any) -> Iterator[dict[str, Any]]:
        """All entries of a list, page after page.  Raises as `get`."""
        after: str | None = None
        for _ in range(MOST_PAGES):
            cursor = {} if after is None else {"after": after}
            page = self.get(path, token, limit=PER_PAGE, **params, **cursor)
            entries = page.get("data")
            yield from (one for one in entries or () if isinstance(one, dict))
            following = _next_cursor(page)
            if following is None or following == after:
                return
            after = following

    def send(self, address: str, token: str, **sent: Any) -> Answer:
        """POST to the host of uploads, in its own way; what it answers is not understood here.

        Args:
            address: As Meta gave it.
            sent: As requests takes it: headers and data.

        Raises:
            InstagramError: It names another host, could not be reached, or calls rest.
            Cancelled: As what is sent raises it.
        """
        if not address.startswith(f"{self.hosts.rupload}/"):
            raise _failed(FAULTS["foreign_host"], "the address of an upload names another host")
        self._check_rest()
        answer = _answer("POST", address, auth=_Bearer(token, "OAuth"), **sent)
        self.gauge.note(usage_of(answer.headers), now=self._clock())
        return answer

    def _call(
        self, method: str, path: str, token: str | None, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        self._check_rest()
        sent = {name: _as_text(value) for name, value in params.items() if value is not None}
        if token is not None:
            sent["appsecret_proof"] = self.app.proof(token)
        where = "data" if method == "POST" else "params"
        address = f"{self.hosts.graph}/{self.version}/{path.lstrip('/')}"
        answer = _answer(method, address, auth=_Bearer(token), **{where: sent})
        return self._understood(answer)

    def _check_rest(self) -> None:
        rest = self.gauge.rests(now=self._clock())
        if rest is not None:
            raise error_of(Told(code=4, regain=rest, message="not asked: a limit is reached"))

    def _understood(self, answer: Answer) -> dict[str, Any]:
        self.served = answer.headers.get("facebook-api-version") or self.served
        usage = usage_of(answer.headers)
        self.gauge.note(usage, now=self._clock())
        body = _parsed(answer.body)
        if isinstance(body, dict) and isinstance(body.get("error"), dict):
            trace = str(answer.headers.get("x-fb-trace-id") or "")
            raise error_of(_told(body["error"], regain=usage.regain, trace=trace))
        if body is True:  # as DELETE of a permission is documented
            return {"success": True}
        if not isinstance(body, dict) or not answer.is_good:
            raise _failed(FAULTS["not_understood"], f"HTTP {answer.status}, no JSON of Meta's")
        return body


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        return self.status == requests.codes.ok


@dataclass(frozen=True, slots=True)
class _Bearer(requests.auth.AuthBase):
    """Also without a token: so that nothing is taken from a ``.netrc`` instead."""

    token: str | None = field(repr=False)
    scheme: str = "Bearer"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token is not None:
            request.headers["Authorization"] = f"{self.scheme} {self.token}"
        return request


def _answer(method: str, address: str, **sent: Any) -> Answer:
    try:
        with (
            requests.Session() as session,
            session.request(
                method, address, timeout=WAITS, allow_redirects=False, stream=True, **sent
            ) as response,
        ):
            body = bytearray()
            for piece in response.iter_content(1 << 16):
                body += piece
                if len(body) > MOST_BYTES:
                    raise _failed(FAULTS["not_understood"], "the answer is too long")
            return Answer(response.status_code, response.headers, bytes(body))
    except requests.RequestException as exc:
        # Its text holds the address, and that what must not be seen.
        fault = "not_sent" if _never_left(exc) else "unreachable"
        raise _failed(FAULTS[fault], type(exc).__name__) from None
    except GravixError:
        raise
    except Exception as exc:
        raise _failed(FAULTS["unreachable"], f"unforeseen: {type(exc).__name__}") from None


def _never_left(exc: requests.RequestException) -> bool:
    """Whether no byte of the request has left: there was no connection."""
    if isinstance(exc, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(exc.args[0], "reason", None) if exc.args else None
    return isinstance(reason, NewConnectionError)


def _failed(fault: Fault, details: str) -> InstagramError:
    return error_as(fault, details=details)


def _told(error: Mapping[str, Any], *, regain: Seconds | None, trace: str) -> Told:
    transient = error.get("is_transient")
    return Told(
        code=_whole(error.get("code")),
        subcode=_whole(error.get("error_subcode")),
        is_transient=transient if isinstance(transient, bool) else None,
        message=str(error.get("message") or ""),
        shown=str(error.get("error_user_msg") or ""),
        trace=str(error.get("fbtrace_id") or trace),
        regain=regain,
    )


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _next_cursor(page: Mapping[str, Any]) -> str | None:
    """Of the page after this one.  ``next`` holds a token, so only its cursor is read."""
    paging = page.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    if isinstance(cursors, dict) and cursors.get("after"):
        return str(cursors["after"])
    found = parse_qs(urlsplit(str(paging["next"])).query).get("after")
    return found[0] if found else None
