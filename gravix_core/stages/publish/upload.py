"""A file and a container in, its bytes at Instagram out.

The bytes are read from the disk as they are sent, so the memory does not grow with the file.  The
host of uploads answers errors in a shape of its own (Meta, "Resumable uploads", 2026-03-15).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gravix_core.errors import Cancelled, InstagramError
from gravix_core.model import Watch
from gravix_core.stages.publish.graph import Answer, Graph
from gravix_core.stages.publish.meta_faults import FAULTS, cleaned, error_as

_UNAUTHORIZED = re.compile(r"unauthorized user request", re.IGNORECASE)


def send_bytes(
    graph: Graph, token: str, uri: str, *, file: Path, offset: int, size: int, watch: Watch
) -> None:
    """Send the rest of a file.

    Args:
        uri: As the container came with it.
        offset: Bytes that Instagram has already.
        size: Of the whole file.

    Raises:
        InstagramError: ``upload`` when it may be gone on with, ``login_needed`` when the connection
            does not allow it, else as `Graph.send`; the container knows how much has come.
        Cancelled: `watch` asked to stop.
        OSError: The file cannot be read.
    """
    with _Rest(file, offset, size, watch) as rest:
        headers = {"offset": str(offset), "file_size": str(size)}
        headers["Content-Type"] = "application/octet-stream"
        answer = graph.send(uri, token, headers=headers, data=rest)
    _check(answer)


def _check(answer: Answer) -> None:
    body = _parsed(answer.body)
    if answer.is_good and body.get("success") is True:
        return
    told = body.get("debug_info")
    info: Mapping[str, Any] = told if isinstance(told, dict) else {}
    message = str(info.get("message") or "")
    details = f"HTTP {answer.status}, {cleaned(str(info.get('type') or ''))}: {cleaned(message)}"
    if _UNAUTHORIZED.search(message):
        raise error_as(FAULTS["login_needed"], details=details)
    raise error_as(FAULTS["upload"], details=details)


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class _Rest:
    """What is left of a file, as requests sends it: it has a length, and can be read."""

    def __init__(self, file: Path, offset: int, size: int, watch: Watch) -> None:
        self._stream = file.open("rb")
        self._stream.seek(offset)
        self._offset, self._size, self._watch = offset, size, watch

    def __enter__(self) -> _Rest:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __len__(self) -> int:
        return self._size - self._offset

    def read(self, count: int = -1) -> bytes:
        if self._watch.should_stop():
            raise Cancelled("stopped while the reel was uploaded")
        at = self._stream.tell()
        left = self._size - at  # a file that grew meanwhile is not sent beyond what was said
        data = self._stream.read(left if count < 0 else min(count, left))
        self._watch.progress(100 * (at + len(data)) / max(self._size, 1))
        return data


def is_upload_trouble(error: InstagramError) -> bool:
    """Whether the container should be asked how much has come, rather than believed lost."""
    return error.code in {"upload", "unreachable", "not_sent", "not_understood", "down", "unknown"}
