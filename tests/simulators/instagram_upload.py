"""Bytes on their way to a container in, rupload's answers out."""

from __future__ import annotations

import hashlib

from tests.simulators.instagram_errors import UNAUTHORIZED, GraphError, UploadError
from tests.simulators.instagram_states import complete, pulled
from tests.simulators.instagram_things import Container, Token
from tests.simulators.instagram_words import Answer, Request, json_answer
from tests.simulators.instagram_world import World

DONE = {"success": True, "message": "Upload successful."}
FAILED = "ProcessingFailedError"


def find_container(world: World, request: Request) -> Container:
    """The container that an upload's address names, if this token may fill it.

    Raises:
        UploadError: There is none, it is over, or the token is no good.
    """
    token = _token(world, request)
    named = request.parts[-1] if request.parts[:1] == ("ig-api-upload",) else ""
    container = world.containers.get(named)
    if container is None or container.uri != world.rupload_url + request.path:
        raise UploadError(FAILED, "Unknown upload", status=404)
    if container.app is not token.app or world.page_of(token, container.account) is None:
        raise UploadError(FAILED, f"Request processing failed: {UNAUTHORIZED}")
    if container.expired(world.clock.time()) or container.media_ids:
        raise UploadError(FAILED, "The upload is over")
    return container


def _token(world: World, request: Request) -> Token:
    """From the header Authorization with the word OAuth, and from nowhere else."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    token = world.find_token(value) if scheme == "OAuth" else None
    try:
        if token is None:
            raise UploadError(FAILED, f"Request processing failed: {UNAUTHORIZED}")
        world.check_alive(token)
    except GraphError:
        raise UploadError(FAILED, f"Request processing failed: {UNAUTHORIZED}") from None
    return token


def upload_status(world: World, request: Request) -> Answer:
    """How many bytes there are; undocumented, so it may be switched off."""
    if request.method != "GET" or not world.switches.upload_status:
        return UploadError(FAILED, "Unsupported request", status=405).answer()
    try:
        return json_answer({"offset": find_container(world, request).received})
    except UploadError as exc:
        return exc.answer()


class Upload:
    """One POST: checked by its headers, then fed, then ended.  Bytes that came are kept."""

    def __init__(self, world: World, request: Request, *, keeps: bool) -> None:
        self._world, self._request = world, request
        self._seen = hashlib.sha256()
        self._container: Container | None = None
        self._error: UploadError | None = None
        try:
            container = find_container(world, request)
            if "file_url" not in request.headers:
                self._check(container)
        except UploadError as exc:
            self._error = exc
        else:
            self._container = container if keeps else None
            container.received_before = container.received
            container.offset_lag_left = world.switches.offset_lag

    def _check(self, container: Container) -> None:
        headers = self._request.headers
        offset, size = headers.get("offset", ""), headers.get("file_size", "")
        length = headers.get("content-length", "")
        if not offset.isdecimal() or not size.isdecimal():
            raise UploadError(FAILED, "The headers offset and file_size must be numbers")
        if not length and not self._world.switches.chunked_uploads:
            raise UploadError("PartialRequestError", "Content-Length is missing", status=411)
        if container.file_size not in {None, int(size)}:
            raise UploadError("PartialRequestError", f"file_size was {container.file_size}")
        if int(offset) != container.received:
            raise UploadError(
                "OffsetInvalidError",
                f"Request starting offset is invalid: {container.received} bytes were received",
                retriable=True,
                status=412,
            )
        if length and int(offset) + int(length) > int(size):
            raise UploadError("PartialRequestError", "More bytes than file_size")
        container.file_size = int(size)

    def feed(self, part: bytes) -> None:
        self._seen.update(part)
        self._request.length += len(part)
        self._request.sha256 = self._seen.hexdigest()
        container = self._container
        if container and container.completed_at is None and not self.address:
            container.file.seek(container.received)
            container.file.write(part)
            container.received += len(part)

    @property
    def address(self) -> str:
        """From where Meta has to fetch the file; empty: it comes as the body."""
        return self._request.headers.get("file_url", "") if self._container else ""

    def end(self, content: bytes | None = None) -> Answer:
        """The body is over; `content` is what the address held."""
        self._request.sha256 = self._seen.hexdigest()
        container = self._container
        if self._error:
            return self._error.answer()
        if container is None or container.completed_at is not None:
            return json_answer(DONE)
        if self.address:
            pulled(self._world, container, content)
            return json_answer(DONE)
        if container.file_size is None or container.received < container.file_size:
            return UploadError(
                "PartialRequestError",
                f"{container.received} of {container.file_size} bytes were received",
                retriable=True,
            ).answer()
        complete(self._world, container)
        return json_answer(DONE)
