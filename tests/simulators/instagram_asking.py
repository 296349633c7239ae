"""A stand-in with one account in, plain HTTP requests to it and their answers out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from tests.simulators.instagram import Account, App, InstagramSimulator, Page, Token, User
from tests.simulators.instagram_client import session
from tests.simulators.instagram_clips import make_clip

APP_ID, SECRET = "1234567890123456", "planted-secret-of-the-app"
BACK = "http://localhost:8501/api/social/facebook/callback"
SCOPES = (
    "instagram_basic,instagram_content_publish,instagram_manage_insights,pages_show_list,"
    "pages_read_engagement,business_management"
)
V = "v25.0"


@dataclass(frozen=True)
class House:
    """One app, one person, one Page with an account, and a token for all of it."""

    meta: InstagramSimulator
    http: requests.Session
    app: App
    user: User
    page: Page
    account: Account
    token: Token

    def ask(
        self, path: str, method: str = "GET", *, token: str | None = None, **params: object
    ) -> requests.Response:
        """Ask graph, the token in a header; empty: without."""
        value = self.token.value if token is None else token
        return self.http.request(
            method,
            f"{self.meta.graph_url}/{V}/{path}",
            headers={"Authorization": f"Bearer {value}"} if value else {},
            params=params if method != "POST" else {},  # type: ignore[arg-type]
            data=params if method == "POST" else None,
            timeout=10,
        )

    def post(self, path: str, **params: object) -> requests.Response:
        return self.ask(path, "POST", token=None, **params)

    def create(self, **params: object) -> dict[str, str]:
        """A resumable container: its id and uri."""
        answer = self.post(
            f"{self.account.id}/media", media_type="REELS", upload_type="resumable", **params
        )
        return found(answer)

    def upload(
        self,
        uri: str,
        body: bytes,
        *,
        offset: int = 0,
        size: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        given = {
            "Authorization": f"OAuth {self.token.value}",
            "offset": str(offset),
            "file_size": str(len(body) + offset if size is None else size),
            **(headers or {}),
        }
        return self.http.post(uri, data=body, headers=given, timeout=10)

    def status(self, container: str, fields: str = "status_code,status") -> dict[str, Any]:
        return found(self.ask(container, fields=fields))

    def finished(self, body: bytes | None = None, **params: object) -> str:
        """A container that is ready to be published."""
        made = self.create(**params)
        found(self.upload(made["uri"], body or make_clip()))
        while self.status(made["id"])["status_code"] == "IN_PROGRESS":
            pass
        return made["id"]

    def publish(self, container: str) -> requests.Response:
        return self.post(f"{self.account.id}/media_publish", creation_id=container)

    def dialog(self, **params: str | None) -> str:
        """The dialog's address; None leaves a parameter out."""
        given = {"client_id": APP_ID, "redirect_uri": BACK, "state": "s1", "scope": SCOPES}
        kept = {name: value for name, value in {**given, **params}.items() if value is not None}
        return f"{self.meta.dialog_url}/{V}/dialog/oauth?{urlencode(kept)}"

    def exchange(self, code: str, **params: str) -> requests.Response:
        given = {"client_id": APP_ID, "client_secret": SECRET, "redirect_uri": BACK, "code": code}
        return self.ask("oauth/access_token", token="", **{**given, **params})

    def debug(self, token: str) -> dict[str, Any]:
        answer = self.ask("debug_token", token=f"{APP_ID}|{SECRET}", input_token=token)
        data = found(answer)["data"]
        assert isinstance(data, dict)
        return data


def found(answer: requests.Response) -> dict[str, Any]:
    """The JSON of an answer that is no error."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert isinstance(body, dict)
    return body


def error(answer: requests.Response) -> dict[str, Any]:
    """The error of an answer that is one, its envelope held to the documented shape."""
    body = answer.json()
    assert list(body) == ["error"], answer.text
    assert {"message", "type", "code", "fbtrace_id"} <= set(body["error"])
    assert isinstance(body["error"], dict)
    return body["error"]


def codes(answer: requests.Response) -> tuple[int, int | None]:
    """Code and subcode."""
    told = error(answer)
    return told["code"], told.get("error_subcode")


def query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def house_of(meta: InstagramSimulator) -> Iterator[House]:
    app = meta.add_app(id=APP_ID, secret=SECRET)
    user = meta.add_user()
    account = Account("ada.boats")
    page = meta.add_page(user, name="Boats", instagram=account)
    token = meta.add_token(app, user)
    with session() as http:
        yield House(meta, http, app, user, page, account, token)
