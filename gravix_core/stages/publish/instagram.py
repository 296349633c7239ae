"""One account's reels: what is to be published in; its container, its state and its post out.

Each method makes one call, or one call for each page of a list, and remembers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from gravix_core.errors import InstagramError
from gravix_core.publications import PostOptions, RecentMedia
from gravix_core.stages.publish.graph import Graph
from gravix_core.stages.publish.meta_faults import FAULTS, error_as
from gravix_core.stages.publish.reading import Tokens, read

ASSUMED_QUOTA = 50
"""Posts in 24 hours, where Meta does not say it (its documents: 25, 50 and 100)."""
RECENT = 50
"""Posts that are looked through."""
_MEDIA = "id,caption,media_type,media_product_type,permalink,timestamp"
_STATUS = "status_code,status"


class ContainerState(StrEnum):
    """``status_code`` of a container (Meta, "IG Container")."""

    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    PUBLISHED = "PUBLISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Container:
    id: str
    upload_uri: str
    """Where its bytes go; empty where Instagram fetches them itself."""


@dataclass(frozen=True, slots=True)
class ContainerStatus:
    state: ContainerState
    told: str
    """Meta's words, for the log and the subcode in them."""
    uploaded: bool | None
    """Whether all bytes are there; None where Meta does not say."""
    received: int | None
    """Bytes that are there; None where Meta does not say."""


@dataclass(frozen=True, slots=True)
class Quota:
    used: int
    total: int

    @property
    def is_full(self) -> bool:
        return self.used >= self.total


class Instagram:
    """One connected account."""

    def __init__(self, graph: Graph, tokens: Tokens, ig_user_id: str) -> None:
        self.graph = graph
        self.tokens = tokens
        self._id = ig_user_id

    def quota(self) -> Quota:
        """Raises InstagramError, as all that follow."""
        path = f"{self._id}/content_publishing_limit"
        answer = read(self.graph, self.tokens, path, fields="config,quota_usage")
        entry = _first(answer.get("data"))
        config = entry.get("config")
        total = config.get("quota_total") if isinstance(config, dict) else None
        return Quota(_count(entry.get("quota_usage")) or 0, _count(total) or ASSUMED_QUOTA)

    def create(self, caption: str, options: PostOptions, *, video_url: str = "") -> Container:
        """A container; nothing is to be seen on Instagram by it.

        Args:
            video_url: Where Instagram is to fetch the bytes; empty: they are sent to it.
        """
        source = {"video_url": video_url} if video_url else {"upload_type": "resumable"}
        answer = self.graph.post(
            f"{self._id}/media", self.tokens.user, **source, **_fields(caption, options)
        )
        found = Container(str(answer.get("id") or ""), str(answer.get("uri") or ""))
        if not found.id or not (found.upload_uri or video_url):
            raise error_as(FAULTS["not_understood"], details="a container without id or address")
        return found

    def status(self, container_id: str) -> ContainerStatus:
        """How far a container is."""
        try:
            answer = read(self.graph, self.tokens, container_id, fields=f"{_STATUS},video_status")
        except InstagramError as error:
            if error.code not in {"input", "field"}:
                raise
            answer = read(self.graph, self.tokens, container_id, fields=_STATUS)
        return _status(answer)

    def publish(self, container_id: str) -> str:
        """Publish it; the id of the post.  Where this raises, it may be published all the same."""
        path = f"{self._id}/media_publish"
        answer = self.graph.post(path, self.tokens.user, creation_id=container_id)
        media_id = str(answer.get("id") or "")
        if not media_id:
            raise error_as(FAULTS["not_understood"], details="media_publish without an id")
        return media_id

    def recent(self) -> tuple[RecentMedia, ...]:
        """The newest posts of the account, newest first."""
        answer = read(self.graph, self.tokens, f"{self._id}/media", fields=_MEDIA, limit=RECENT)
        listed = answer.get("data")
        if not isinstance(listed, list):
            raise error_as(FAULTS["not_understood"], details="media without a list")
        return tuple(_media(one) for one in listed if isinstance(one, dict) and one.get("id"))

    def permalink(self, media_id: str) -> str:
        """Where the post is; empty when Instagram does not say."""
        answer = read(self.graph, self.tokens, media_id, fields="permalink,shortcode")
        if answer.get("permalink"):
            return str(answer["permalink"])
        code = str(answer.get("shortcode") or "")
        return f"https://www.instagram.com/reel/{code}/" if code else ""


def _fields(caption: str, options: PostOptions) -> dict[str, Any]:
    given: dict[str, Any] = {"media_type": "REELS", "caption": caption}
    given["share_to_feed"] = options.share_to_feed
    if options.thumb_offset is not None:
        given["thumb_offset"] = round(options.thumb_offset * 1000)
    if options.collaborators:
        given["collaborators"] = list(options.collaborators)
    if options.ai_generated:
        given["is_ai_generated"] = True
    return given


def _status(answer: Mapping[str, Any]) -> ContainerStatus:
    try:
        state = ContainerState(str(answer.get("status_code")))
    except ValueError:
        raise error_as(FAULTS["not_understood"], details="a container without a state") from None
    phase = _part(_part(answer, "video_status"), "uploading_phase")
    uploaded = None if not phase else phase.get("status") == "complete"
    received = _count(phase.get("bytes_transferred", phase.get("bytes_transfered")))
    return ContainerStatus(state, str(answer.get("status") or ""), uploaded, received)


def _media(one: Mapping[str, Any]) -> RecentMedia:
    return RecentMedia(
        id=str(one["id"]),
        caption=str(one.get("caption") or ""),
        permalink=str(one.get("permalink") or ""),
        posted_at=_moment(one.get("timestamp")),
        is_reel=one.get("media_product_type") == "REELS",
    )


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _first(listed: Any) -> Mapping[str, Any]:
    return listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
