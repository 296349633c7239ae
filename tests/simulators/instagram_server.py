"""ASGI messages of three ports in, the stand-in's answers out."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from email import message_from_bytes
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

from tests.simulators.instagram_dialog import dialog
from tests.simulators.instagram_errors import fault_answer
from tests.simulators.instagram_graph import endpoint_of, graph, meta_headers
from tests.simulators.instagram_ports import Receive, Scope, Send
from tests.simulators.instagram_states import pulled
from tests.simulators.instagram_upload import Upload, upload_status
from tests.simulators.instagram_words import Answer, Endpoint, Fault, Request, Role
from tests.simulators.instagram_world import World

NO_FAULT = Fault(Endpoint.OTHER)


class HungUp(Exception):
    """The connection is gone, by the client or by us."""


class Program:
    """The ASGI program; the port tells the host.  `lock` is held while the world changes."""

    def __init__(self, world: World, roles: Mapping[int, Role]) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.broken: list[Exception] = []
        self._world, self._roles = world, roles
        self._later: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = _request(scope, self._roles[scope["server"][1]])
        try:
            answer = await self._serve(request, receive)
            if answer.later:
                self._start(answer.later)
            if answer.drop:
                raise HungUp
            request.status = answer.status
            date = formatdate(self._world.clock.time(), usegmt=True)
            await _send(replace(answer, headers={"Date": date, **answer.headers}), send)
        except HungUp:
            request.status = 0
            await _hang_up(scope, receive)
        except Exception as exc:
            self.broken.append(exc)
            raise
        finally:
            with self.changed:
                request.done = True
                self.changed.notify_all()

    def _start(self, work: Callable[[], None]) -> None:
        task = asyncio.create_task(asyncio.to_thread(work))
        self._later.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._later.discard(task)
        exc = None if task.cancelled() else task.exception()
        if isinstance(exc, Exception):
            self.broken.append(exc)

    async def _serve(self, request: Request, receive: Receive) -> Answer:
        if request.role is Role.RUPLOAD and request.method == "POST":
            return await self._upload(request, receive)
        body = b"".join([part async for part in _parts(receive)])
        request.length, request.form = len(body), _form(request, body)
        fault = self._arrive(request)
        await _wait(fault)
        if not fault.carried_out:
            return self._wrong(request, fault)
        with self.changed:
            answer = self._right(request)
            self.changed.notify_all()
        await _stand(fault)
        return self._spoil(request, fault, answer)

    def _arrive(self, request: Request) -> Fault:
        with self.changed:
            request.endpoint = self._endpoint(request)
            request.at = self._world.clock.time()
            self._world.journal.append(request)
            self.changed.notify_all()
            return self._world.fault_for(request) or NO_FAULT

    def _endpoint(self, request: Request) -> Endpoint:
        posts = request.method == "POST"
        if request.role is Role.GRAPH:
            return endpoint_of(self._world, request)
        if request.role is Role.RUPLOAD:
            return Endpoint.UPLOAD if posts else Endpoint.UPLOAD_STATUS
        if request.parts != ("dialog", "oauth"):
            return Endpoint.OTHER
        return Endpoint.CONSENT if posts else Endpoint.DIALOG

    def _right(self, request: Request) -> Answer:
        if request.role is Role.DIALOG:
            return dialog(self._world, request)
        if request.role is Role.RUPLOAD:
            return upload_status(self._world, request)
        answer = graph(self._world, request)
        address = request.params.get("video_url")
        if request.endpoint is Endpoint.CREATE and answer.status == 200 and address:
            return replace(answer, later=self._pull(json.loads(answer.body)["id"], address))
        return answer

    def _pull(self, container_id: str, address: str) -> Callable[[], None]:
        """Fetch in the background, as Meta does with video_url."""

        def work() -> None:
            content = self._world.fetch(address)
            with self.changed:
                pulled(self._world, self._world.containers[container_id], content)
                self.changed.notify_all()

        return work

    def _wrong(self, request: Request, fault: Fault) -> Answer:
        if fault.drop:
            return Answer(drop=True)
        with self.lock:
            answer = fault_answer(fault, self._world.new_text(22, "A"))
            if request.role is Role.GRAPH:
                known = meta_headers(self._world, request)
                answer = replace(answer, headers={**known, **answer.headers})
        return answer

    def _spoil(self, request: Request, fault: Fault, answer: Answer) -> Answer:
        """The right answer, or what a fault makes of it after the deed."""
        if fault.drop or fault.replaces:
            return replace(self._wrong(request, fault), later=answer.later)
        if fault.truncate:
            answer = replace(answer, body=answer.body[: len(answer.body) // 2])
        return replace(answer, headers={**answer.headers, **fault.headers})

    async def _upload(self, request: Request, receive: Receive) -> Answer:
        fault = self._arrive(request)
        await _wait(fault)
        with self.lock:
            upload = Upload(self._world, request, keeps=fault.carried_out)
        left = fault.cut_at
        async for part in _parts(receive):
            with self.changed:
                upload.feed(part if left is None else part[:left])
                self.changed.notify_all()
            left = None if left is None else left - len(part)
            if left is not None and left <= 0:
                await _stand(fault)
                raise HungUp
        if not fault.carried_out:
            return self._wrong(request, fault)
        answer = await asyncio.to_thread(self._end, upload)
        await _stand(fault)
        return self._spoil(request, fault, answer)

    def _end(self, upload: Upload) -> Answer:
        content = self._world.fetch(upload.address) if upload.address else None
        with self.lock:
            return upload.end(content)


async def _wait(fault: Fault) -> None:
    await asyncio.sleep(fault.delay)
    if fault.hold and fault.stands_first:
        await fault.hold.stand()


async def _stand(fault: Fault) -> None:
    """Of holds behind the deed."""
    if fault.hold and not fault.stands_first:
        await fault.hold.stand()


async def _parts(receive: Receive) -> Any:
    """The body as it comes.

    Raises:
        HungUp: The client left before it was whole.
    """
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def _hang_up(scope: Scope, receive: Receive) -> None:
    scope["transport"].abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(answer: Answer, send: Send) -> None:
    headers = {
        "Content-Type": answer.kind,
        "Content-Length": str(len(answer.body)),
        "Cache-Control": "private, no-cache, no-store, must-revalidate",
        **answer.headers,
    }
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": answer.body})


def _request(scope: Scope, role: Role) -> Request:
    headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
    query = _pairs(scope["query_string"])
    return Request(role, scope["method"], scope["path"], headers, query)


def _parted(kind: str, body: bytes) -> dict[str, str]:
    """The fields of a form that comes in parts; files are fields that are no text."""
    whole = message_from_bytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
    fields = {}
    for part in whole.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            name = part.get_param("name", "", "content-disposition")
            fields[str(name)] = content.decode("utf-8", "replace")
    return fields


def _pairs(text: bytes) -> dict[str, str]:
    return dict(parse_qsl(text.decode("utf-8", "replace"), keep_blank_values=True))


def _form(request: Request, body: bytes) -> dict[str, str]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return _parted(kind, body)
    if "json" not in kind:
        return _pairs(body)
    try:
        given = json.loads(body)
    except ValueError:
        given = {}
    pairs = given.items() if isinstance(given, dict) else ()
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in pairs}
