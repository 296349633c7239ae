"""A simulator and a wish in, an answer out: by plain HTTP, or by yt-dlp in a process."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.simulators.youtube import YouTubeSimulator
from tests.simulators.youtube_scenario import Request

ROOT = Path(__file__).resolve().parents[2]
TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@contextmanager
def opened(
    youtube: YouTubeSimulator,
    address: str,
    *,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
    patience: float = 20,
) -> Iterator[http.client.HTTPResponse]:
    """The answer of an address, its body not yet read.

    Raises:
        TimeoutError: It was silent for `patience` seconds.
    """
    url = urlsplit(address)
    assert url.hostname
    trust = ssl.create_default_context(cafile=str(youtube.authority))
    proxy = urlsplit(youtube.proxy_url)
    client = http.client.HTTPSConnection(
        proxy.hostname or "", proxy.port, context=trust, timeout=patience
    )
    try:
        client.set_tunnel(url.hostname, 443)
        sent = json.dumps(body).encode() if body is not None else None
        target = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
        client.request(method or ("POST" if sent else "GET"), target, sent, dict(headers or {}))
        with client.getresponse() as response:
            yield response
    finally:
        client.close()


def ask(youtube: YouTubeSimulator, address: str, **more: Any) -> Answer:
    """As `opened`, with the body read.

    Raises:
        http.client.IncompleteRead: It was cut.
    """
    with opened(youtube, address, **more) as response:
        return Answer(response.status, response.headers, response.read())


def formats(youtube: YouTubeSimulator, video_id: str, client: str = "TVHTML5") -> dict[int, Any]:
    """What the player's address has on offer, by itag."""
    body = {"videoId": video_id, "context": {"client": {"clientName": client}}}
    told = ask(youtube, "https://www.youtube.com/youtubei/v1/player", body=body).json()
    streaming = told["streamingData"]
    return {entry["itag"]: entry for entry in streaming["formats"] + streaming["adaptiveFormats"]}


def ytdlp(
    youtube: YouTubeSimulator, folder: Path, *wishes: Mapping[str, Any], trusted: bool = True
) -> list[dict[str, Any]]:
    """What the unmodified library makes of each wish, in one process; see `ask_ytdlp`."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name not in TRUST}
    subprocess.run(
        [sys.executable, "-m", "tests.simulators.ask_ytdlp"],
        input=json.dumps(wishes).encode(),
        cwd=folder,
        env={**kept, **youtube.environment(trusted=trusted), "PYTHONPATH": str(ROOT)},
        check=True,
        timeout=120,
    )
    answers: list[dict[str, Any]] = json.loads((folder / "answer.json").read_bytes())
    return answers


def media(youtube: YouTubeSimulator, video_id: str, itag: int = 140) -> str:
    """A fresh link."""
    return str(formats(youtube, video_id)[itag]["url"])


def last(youtube: YouTubeSimulator) -> Request:
    """The last request, when its answer has ended."""
    youtube.settle()
    return youtube.journal[-1]
