"""A link to a video file on any host in, the file out.  The only file that imports requests.

Every connection's peer is looked at after it stands and before a byte is sent, so neither a name
that points inwards, nor one that changes its mind, nor a redirect reaches the private network.
A proxy of the environment is not used: behind one, the peer would be the proxy, and whom that
calls cannot be proven.  Who can reach the internet through a proxy alone cannot use direct links.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from gravix_core.errors import Cancelled, MediaUnreadable, SourceError, SourceRefused
from gravix_core.media.files import free_bytes, hash_file, room_watched
from gravix_core.media.probe import probe
from gravix_core.model import Seconds, SourceFile, Watch
from gravix_core.stages.source.links import is_youtube
from gravix_core.stages.source.partial import UPLOAD, Bring, Broken, Head, Part
from gravix_core.stages.source.peers import is_public
from gravix_core.stages.source.upload import title_of

MOST_HOPS = 5
STALLED: Seconds = 30.0
PAUSES: tuple[Seconds, ...] = (1.0, 2.0, 4.0, 8.0)
"""Before each further try."""
WORTH_ANOTHER_TRY = 1 << 20
"""Bytes after which the count of tries begins anew."""

_TICK: Seconds = 0.2
_BLOCK = 256 << 10
_HEADERS = {"User-Agent": "Gravix", "Accept-Encoding": "identity", "Connection": "close"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Exempt = Callable[[str, int], bool]
"""Whether a peer, address and port, may be called although it is not public."""


def _nobody(_address: str, _port: int) -> bool:
    return False


class DirectSource:
    """Video files on hosts other than YouTube; wired only where direct links are allowed."""

    name = "direct link"

    def __init__(self, *, limit_bytes: int, exempt: Exempt = _nobody) -> None:
        self._limit_bytes, self._exempt = limit_bytes, exempt

    def takes(self, given: str) -> bool:
        is_web = given.strip().lower().startswith(("http://", "https://"))
        return is_web and not is_youtube(given)

    def look(self, given: str, *, watch: Watch) -> SourceFile:  # noqa: ARG002  the protocol's
        """Only the whole file says what it is: see `Intake.take_address`."""
        raise SourceRefused("what this address leads to is looked at when it has been fetched")

    def fetch(self, given: str, *, folder: Path, watch: Watch) -> SourceFile:
        """As `Source.fetch`."""
        file = fetch_direct(
            given, folder=folder, limit_bytes=self._limit_bytes, watch=watch, exempt=self._exempt
        )
        try:
            info = probe(file)
        except MediaUnreadable:
            file.unlink()
            raise
        return SourceFile(file, title(given), hash_file(file, watch=watch), info, None)


def title(url: str) -> str:
    """The file's name in the address, as a person would write it."""
    return title_of(Path(PurePosixPath(unquote(urlsplit(url.strip()).path)).name))


def fetch_direct(
    url: str,
    *,
    folder: Path,
    limit_bytes: int,
    watch: Watch,
    exempt: Exempt = _nobody,
    room: Callable[[Path], int] = free_bytes,
    stalled: Seconds = STALLED,
    pauses: Sequence[Seconds] = PAUSES,
) -> Path:
    """Bring the file into `folder` as ``source`` with its own ending, whole or not at all.

    Until it is whole it is ``source.part``, which stays when this raises, unless the server's
    file is refused; the next call goes on from there if the file on the server is the same.

    Args:
        room: Free bytes where a folder is.
        stalled: How long a server may send nothing worth mentioning.

    Raises:
        Cancelled: `watch` asked to stop, at most a second ago.
        DiskFull: No room.
        TooLarge: More than `limit_bytes`.
        SourceRefused: The address is not public, or what lies there is no video.
        SourceError: The server refused, or could not be reached in ``len(pauses) + 1`` tries.
    """
    url, part = url.strip(), Part(folder / "source.part")
    with room_watched():
        folder.mkdir(parents=True, exist_ok=True)
    bring = Bring(
        partial(_Line, url, exempt=exempt),
        part,
        address=url,
        limit_bytes=limit_bytes,
        watch=watch,
        room=room,
        stalled=stalled,
    )
    tries = 0
    while True:
        before = part.size()
        try:
            return bring.once()
        except Broken as exc:
            tries = 0 if part.size() - before >= WORTH_ANOTHER_TRY else tries + 1
            if tries > len(pauses):
                raise SourceError(f"{exc}; {tries} tries failed", hint=UPLOAD) from exc
        _wait(pauses[max(tries, 1) - 1] if pauses else 0, watch)


class _Line:
    """A `Line` that a thread of its own reads: nobody else waits for a silent server."""

    def __init__(self, url: str, headers: Mapping[str, str], *, exempt: Exempt) -> None:
        self._items: Queue[Head | bytes | Exception | None] = Queue(maxsize=8)
        self._closed = Event()
        self._exempt = exempt
        self._twins: list[socket.socket] = []
        """Of the connections: to shut one down needs a handle that the reader does not use."""
        Thread(target=self._run, args=(url, headers), daemon=True, name="direct-link").start()

    def next(self, watch: Watch, *, until: float) -> Head | bytes | None:
        while not watch.should_stop():
            try:
                item = self._items.get(timeout=_TICK)
            except Empty:
                if time.monotonic() >= until:
                    raise Broken("the server stopped sending") from None
                continue
            if isinstance(item, Exception):
                raise item
            return item
        raise Cancelled("stopped while a file was downloaded")

    def close(self) -> None:
        self._closed.set()
        for twin in self._twins:
            _hang_up(twin)

    def _run(self, url: str, headers: Mapping[str, str]) -> None:
        with suppress(_Unheard), requests.Session() as session:
            session.trust_env = False  # no proxy, no .netrc
            session.headers.update(_HEADERS | dict(headers))
            for scheme in ("http://", "https://"):
                session.mount(scheme, _Guarded(self._admit))
            try:
                self._read(_follow(session, url))
            except Exception as exc:
                self._put(_ours(exc))

    def _read(self, response: requests.Response) -> None:
        with response:
            self._put(Head(response.status_code, response.headers, response.url or ""))
            while block := response.raw.read1(_BLOCK, decode_content=False):
                self._put(block)
            self._put(None)

    def _put(self, item: Head | bytes | Exception | None) -> None:
        while not self._closed.is_set():
            with suppress(Full):
                return self._items.put(item, timeout=_TICK)
        raise _Unheard

    def _admit(self, peer: socket.socket) -> socket.socket:
        """Let a new connection pass, or close it before anything was said."""
        address, port = peer.getpeername()[:2]
        if not (is_public(address) or self._exempt(address, port)):
            peer.close()
            raise SourceRefused(
                "this address leads into a private network and is not taken; nothing was requested",
                hint=f"Give the link of a file on the internet. {UPLOAD}",
            )
        self._twins.append(peer.dup())
        if self._closed.is_set():
            self.close()
        return peer


class _Unheard(Exception):
    """Nobody listens to the reader any more."""


def _hang_up(twin: socket.socket) -> None:
    with suppress(OSError):
        twin.shutdown(socket.SHUT_RDWR)
    twin.close()


class _Guarded(HTTPAdapter):
    """Connects directly, and only to whom `admit` lets pass."""

    def __init__(self, admit: Callable[[socket.socket], socket.socket]) -> None:
        self._admit = admit
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._admit)

    def proxy_manager_for(self, *_args: Any, **_kwargs: Any) -> Any:
        raise SourceRefused("direct links do not go through a proxy", hint=UPLOAD)


def _pools(admit: Callable[[socket.socket], socket.socket]) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return admit(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return admit(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _follow(session: requests.Session, url: str) -> requests.Response:
    for _ in range(MOST_HOPS + 1):
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise SourceRefused("this kind of address is not taken", hint=UPLOAD)
        response = session.get(
            url, stream=True, allow_redirects=False, timeout=(STALLED / 2, STALLED)
        )
        where = response.headers.get("Location")
        if response.status_code not in _REDIRECTS or not where:
            return response
        response.close()
        session.close()  # the next hop has a connection of its own, which cannot be a stale one
        url = urljoin(url, where)
    raise SourceRefused(f"this address leads on more than {MOST_HOPS} times", hint=UPLOAD)


def _ours(exc: Exception) -> Exception:
    """What a failure of the transport means here."""
    if isinstance(exc, SourceError | Broken):
        return exc
    if "CERTIFICATE_VERIFY_FAILED" in str(exc):
        return SourceError("the server's certificate could not be checked", hint=UPLOAD)
    if isinstance(exc, ValueError):  # every class of a bad address is one
        return SourceRefused("this is not a usable address", hint=UPLOAD)
    if isinstance(exc, OSError | urllib3.exceptions.HTTPError):
        return Broken("the server could not be reached, or the connection broke off")
    return SourceError(f"the download failed ({type(exc).__name__})", hint=UPLOAD)


def _wait(seconds: Seconds, watch: Watch) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if watch.should_stop():
            raise Cancelled("stopped while a file was downloaded")
        time.sleep(min(left, _TICK))
