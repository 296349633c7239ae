"""A container in, its state, its texts and its next state out."""

from __future__ import annotations

import re
from enum import StrEnum

from tests.simulators.instagram_boxes import Refused, inspect
from tests.simulators.instagram_things import Container
from tests.simulators.instagram_world import World

BAD_THUMB = 2207057
BAD_FETCH = 2207077
_MAGIC = re.compile(r"\b(?:fail(?P<code>2207\d{3})|slow(?P<seconds>\d+)|(?P<stuck>stuck))\b")
"""What a caption, or the name of a served file, may ask for: ``fail2207026`` ends in ERROR with
that subcode, ``slow90`` takes 90 s, ``stuck`` never ends."""


class Status(StrEnum):
    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    PUBLISHED = "PUBLISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"


_TEXTS = {
    Status.IN_PROGRESS: "In Progress: Media is still being processed.",
    Status.FINISHED: "Finished: Media has been uploaded and it is ready to be published.",
    Status.PUBLISHED: "Published: Media has been successfully published.",
    Status.EXPIRED: "Expired: The media was not published within 24 hours.",
}


def status_of(world: World, container: Container) -> Status:
    if container.media_ids:
        return Status.FINISHED if container.lag_left else Status.PUBLISHED
    if container.expired(world.clock.time()):
        return Status.EXPIRED
    if container.completed_at is None or _still_at_work(world, container):
        return Status.IN_PROGRESS
    return Status.ERROR if container.error else Status.FINISHED


def _still_at_work(world: World, container: Container) -> bool:
    """So many reads and so many seconds long, or what its caption or file name says."""
    assert container.completed_at is not None
    seconds, told = world.switches.processing_seconds, _magic(container)
    if told and told["stuck"]:
        return True
    if told and told["seconds"]:
        seconds = float(told["seconds"])
    return container.polls_left > 0 or world.clock.time() < container.completed_at + seconds


def _magic(container: Container) -> re.Match[str] | None:
    named = container.params.get("video_url", "").rpartition("/")[2]
    return _MAGIC.search(container.caption) or _MAGIC.search(named.replace("_", " "))


def status_text(world: World, container: Container) -> str:
    status = status_of(world, container)
    if status is Status.ERROR:
        return f"Error: Media upload has failed with error code {container.error}"
    return _TEXTS[status]


def poll(world: World, container: Container) -> None:
    """Note that its state was read."""
    container.offset_lag_left = max(0, container.offset_lag_left - 1)
    if container.lag_left:
        container.lag_left -= 1
    elif container.completed_at is not None and container.polls_left:
        container.polls_left -= 1


def video_status(world: World, container: Container) -> dict[str, object]:
    status, uploaded = status_of(world, container), container.completed_at is not None
    received = container.received_before if container.offset_lag_left else container.received
    uploading = "complete" if uploaded else "in_progress" if received else "not_started"
    if not uploaded:
        processing = "not_started"
    else:
        known = {Status.IN_PROGRESS: "in_progress", Status.ERROR: "error"}
        processing = known.get(status, "complete")
    return {
        "uploading_phase": {
            "status": uploading,
            world.switches.bytes_key: container.received if uploaded else received,
        },
        "processing_phase": {"status": processing},
    }


def complete(world: World, container: Container) -> None:
    """All bytes are there: judge the file, which is told when processing is over."""
    container.completed_at = world.clock.time()
    told = _magic(container)
    try:
        container.file.flush()
        seconds = inspect(
            container.file,
            limit=world.switches.size_limit,
            edit_lists=world.switches.edit_lists,
        )
        moment = "0" if container.params.get("cover_url") else container.params.get("thumb_offset")
        if int(moment or "0") > seconds * 1000:
            raise Refused("thumb_offset lies behind the end", BAD_THUMB)
        if told and told["code"]:
            raise Refused("asked for by its caption or file name", int(told["code"]))
        if world.switches.processing_error:
            raise Refused("asked for by a switch", world.switches.processing_error)
    except Refused as exc:
        container.error, container.why = exc.subcode, str(exc)


def pulled(world: World, container: Container, content: bytes | None) -> None:
    """Take a file that Meta fetched itself, by video_url or file_url; None: it could not."""
    if content is None:
        container.completed_at = world.clock.time()
        container.error, container.why = BAD_FETCH, "the address could not be read"
        return
    container.file.seek(0)
    container.file.write(content)
    container.received = container.file_size = len(content)
    complete(world, container)
