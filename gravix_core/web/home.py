"""A request and the redirect URI in, the name under which a way to Facebook begins and ends out.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from starlette.requests import Request

from gravix_core.web.guard import LOCAL_HOSTS, https_host, own_address


@dataclass(frozen=True, slots=True)
class Home:
    """The cookie of a way belongs to it."""

    scheme: str
    host: str
    port: int | None

    @classmethod
    def of(cls, request: Request, redirect_uri: str) -> Self:
        """By the host of `redirect_uri` where that is a name of this computer, else localhost."""
        server, here = request.scope.get("server"), own_address(request.scope, request.headers)
        port = server[1] if server and server[1] else here.port if here else None
        # a proxy that ends https in front of Gravix makes uvicorn say https too
        secure = request.url.scheme == "https" and "x-forwarded-proto" not in request.headers
        return cls("https" if secure else "http", _local_host(redirect_uri), port)

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port else "")

    def has(self, request: Request) -> bool:
        """Whether the request was sent to it."""
        here = own_address(request.scope, request.headers)
        return here is not None and here.host == self.host


def is_outer(redirect_uri: str) -> bool:
    """Whether Facebook leads to an https proxy by a name that is none of this computer."""
    return https_host(redirect_uri) not in {None, *LOCAL_HOSTS}


def _local_host(redirect_uri: str) -> str:
    try:
        host = urlsplit(redirect_uri).hostname
    except ValueError:
        host = None
    return host if host in LOCAL_HOSTS else LOCAL_HOSTS[0]
