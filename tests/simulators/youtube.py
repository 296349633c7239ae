"""Scenarios in, a stand-in of YouTube out, for the unmodified yt-dlp in any process.

    with youtube_stand_in(tmp_path) as youtube:
        youtube.add(Scenario("dQw4w9WgXcQ"))
        youtube.fail(Endpoint.MEDIA, status=503, times=1)
        subprocess.run(command, env={**os.environ, **youtube.environment()})
        assert youtube.refused == ()

A client trusts it by SSL_CERT_FILE; yt-dlp reads that only with its option
``compat_opts={"no-certifi"}``.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from ssl import SSLSocket
from typing import Any, Unpack

from tests.simulators.certificates import make_certificates
from tests.simulators.connect_proxy import ConnectProxy
from tests.simulators.youtube_answers import Answers
from tests.simulators.youtube_films import Films
from tests.simulators.youtube_handler import Answer, Handler
from tests.simulators.youtube_scenario import (
    Endpoint,
    Request,
    Scenario,
    Trouble,
    TroubleOptions,
)

HOSTS = ("youtube.com", "googlevideo.com", "ytimg.com", "youtu.be")
WITHIN = 30.0


def is_ours(host: str) -> bool:
    """Whether this is a name of YouTube's."""
    return any(host == name or host.endswith(f".{name}") for name in HOSTS)


class YouTubeSimulator:
    """Lives until it is closed; every method may be called from any thread."""

    def __init__(self, folder: Path, films: Films) -> None:
        self.stopped = threading.Event()
        self._answers = Answers(films)
        self._journal: list[Request] = []
        self._troubles: list[Trouble] = []
        self._used: Counter[Trouble] = Counter()
        self._changed = threading.Condition()
        names = [name for host in HOSTS for name in (host, f"*.{host}")]
        self._certificates = make_certificates(folder, names)
        self._proxy = ConnectProxy(
            self._certificates.leaf, ours=is_ours, gate=self._gate, serve=self._serve
        )

    # What tests use

    @property
    def proxy_url(self) -> str:
        return self._proxy.url

    @property
    def authority(self) -> Path:
        """The certificate that a client must trust, a file in PEM form."""
        return self._certificates.authority

    def environment(self, *, trusted: bool = True) -> dict[str, str]:
        """What a process needs to reach the stand-in and nothing else, loopback aside.

        Without `trusted`, it is a proxy whose certificates are not known.
        """
        proxies = {
            name: self.proxy_url
            for lower in ("https_proxy", "http_proxy", "all_proxy")
            for name in (lower, lower.upper())
        }
        direct = "localhost,127.0.0.1,::1"
        trust = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE") if trusted else ()
        return {
            **proxies,
            "no_proxy": direct,
            "NO_PROXY": direct,
            **dict.fromkeys(trust, str(self.authority)),
        }

    def add(self, scenario: Scenario) -> Scenario:
        """Put a video on the site, in place of one with the same id."""
        self._answers.add(scenario)
        return scenario

    def fail(self, endpoint: Endpoint, **options: Unpack[TroubleOptions]) -> Trouble:
        """Spoil requests from now on, until `mend`; earlier troubles come first."""
        trouble = Trouble(endpoint, **options)
        with self._changed:
            self._troubles.append(trouble)
        return trouble

    def mend(self, endpoint: Endpoint | None = None) -> None:
        """End the troubles of one endpoint, or all; what hangs goes on."""
        with self._changed:
            self._troubles = [t for t in self._troubles if endpoint not in {None, t.endpoint}]
            self._changed.notify_all()

    def expire_links(self, video_id: str | None = None) -> None:
        """Answer 403 to every media link given so far, of one video or of all."""
        self._answers.expire_links(video_id)

    @property
    def journal(self) -> tuple[Request, ...]:
        """Every request, in order of arrival; those that run go on changing."""
        with self._changed:
            return tuple(self._journal)

    def asked(self, endpoint: Endpoint, video_id: str | None = None) -> tuple[Request, ...]:
        """The requests of one kind, of one video or of all."""
        return tuple(
            request
            for request in self.journal
            if request.endpoint is endpoint and video_id in {None, request.video_id}
        )

    def settle(self, *, within: float = WITHIN) -> None:
        """Wait until every request so far is done, so that the journal says all of it."""
        self.wait_until(lambda: all(r.done for r in self._journal), "all answers", within=within)

    def forget(self) -> None:
        """Empty the journal and the list of refused hosts."""
        with self._changed:
            self._journal.clear()
        self._proxy.refused.clear()

    @property
    def refused(self) -> tuple[str, ...]:
        """What was asked of other hosts, as ``host:port``."""
        return tuple(self._proxy.refused)

    def wait_until(
        self, condition: Callable[[], object], what: str, *, within: float = WITHIN
    ) -> None:
        """Wait for a condition on the journal, looked at whenever that changes."""
        with self._changed:
            assert self._changed.wait_for(condition, within), f"not within {within:g} s: {what}"

    def close(self) -> None:
        """End every connection.

        Raises:
            Exception: What went wrong inside, save clients that hung up.
        """
        self.stopped.set()
        self.mend()
        self._proxy.close()
        for exc in self._proxy.broken:
            raise exc

    # What the proxy and the handler use

    def arrived(self, request: Request) -> None:
        with self._changed:
            self._journal.append(request)
            self._changed.notify_all()

    def changed(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def trouble_of(self, request: Request) -> Trouble | None:
        with self._changed:
            for trouble in self._troubles:
                used = self._used[trouble]
                if trouble.fits(request) and (trouble.times is None or used < trouble.times):
                    self._used[trouble] += 1
                    return trouble
        return None

    def is_over(self, trouble: Trouble) -> bool:
        with self._changed:
            return all(trouble is not other for other in self._troubles)

    def answer(self, request: Request, body: dict[str, Any], *, ranges: bool) -> Answer:
        return self._answers.answer(request, ranges=ranges)

    def _gate(self, host: str, port: int) -> int | None:
        request = Request(host, "CONNECT", f"{host}:{port}", {}, Endpoint.CONNECT)
        self.arrived(request)
        trouble = self.trouble_of(request)
        if trouble and trouble.hang:
            with self._changed:
                self._changed.wait_for(lambda: trouble not in self._troubles)
        request.status, request.done = (trouble and trouble.status) or 200, True
        self.changed()
        return trouble.status if trouble else None

    def _serve(self, connection: SSLSocket, host: str) -> None:
        Handler(connection, host, self)


@contextmanager
def youtube_stand_in(folder: Path, films: Films | None = None) -> Iterator[YouTubeSimulator]:
    """A stand-in whose files lie in `folder`; `films` may be shared by many."""
    folder.mkdir(parents=True, exist_ok=True)
    simulator = YouTubeSimulator(folder, films or Films(folder / "films"))
    try:
        yield simulator
    finally:
        simulator.close()
