"""What became of the wish to publish one reel: the words for it.  Pure.

A `Publication` is a row of the ledger: one version of a reel on one account, for ever.  It outlives
the reel and the video, so that what was posted once is known whatever is deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gravix_core.model import PublishStatus, Seconds, Span


class Step(StrEnum):
    """How far it has come.  Each is written down before the next call to Meta."""

    CLAIMED = "claimed"
    """Nothing was sent."""
    CREATED = "created"
    """There is a container; the bytes are on their way."""
    UPLOADED = "uploaded"
    """Instagram has all bytes and prepares the video."""
    READY = "ready"
    """It may be published."""
    SENT = "sent"
    """Instagram was told to publish it; nobody knows yet whether it did."""
    PUBLISHED = "published"
    UNSURE = "unsure"
    """It may be on Instagram or not; a person has to look."""
    FAILED = "failed"
    """It is certain that nothing was posted; tried again only when a person asks."""


UNDER_WAY = (Step.CLAIMED, Step.CREATED, Step.UPLOADED, Step.READY, Step.SENT)
SHOWN_AS = {
    Step.UPLOADED: PublishStatus.UPLOADED,
    Step.READY: PublishStatus.UPLOADED,
    Step.SENT: PublishStatus.UPLOADED,
    Step.PUBLISHED: PublishStatus.PUBLISHED,
    Step.UNSURE: PublishStatus.UNSURE,
    Step.FAILED: PublishStatus.FAILED,
}
"""In `reels.publish_status`; the others are pending."""
LOOK = "Look in the Instagram app, then say on Publish whether it is there."
LISTED_LATE = "listed_late"
"""`Publication.fault` where Instagram says that it is published and does not list it."""


class Transport(StrEnum):
    RESUMABLE = "resumable"
    """The bytes are sent from this computer."""
    URL = "url"
    """Instagram fetches them from GRAVIX_PUBLIC_URL."""


@dataclass(frozen=True, slots=True)
class PostOptions:
    """What may be said of a reel beside its caption."""

    share_to_feed: bool = True
    """False: on the Reels tab alone."""
    thumb_offset: Seconds | None = None
    """The frame that is the cover, from the reel's start; None: the first."""
    collaborators: tuple[str, ...] = ()
    """Usernames without ``@``; Instagram takes three."""
    ai_generated: bool = False
    """Labelled as made by AI."""


@dataclass(frozen=True, slots=True)
class NewPublication:
    """What is claimed."""

    ig_user_id: str
    username: str
    reel_id: int
    video_id: int
    reel_version: str
    """`Reel.version`: picture and text."""
    title: str
    caption: str
    """As it is sent: with the hashtags."""
    source: str
    """``youtube:<id>`` or ``sha256:<hash of the source>``."""
    span: Span
    """Of the source."""
    file_sha256: str
    file_size: int
    """Bytes."""
    options: PostOptions = field(default_factory=PostOptions)


@dataclass(frozen=True, slots=True)
class Publication:
    id: int
    turn: int
    """Counts the changes: who wants to write has to know the last one."""
    step: Step
    what: NewPublication
    transport: Transport
    containers: int
    """So many were asked for since a person last asked."""
    container_id: str
    """Empty when there is none."""
    upload_uri: str
    bytes_sent: int
    """As Instagram has confirmed them."""
    sends: int
    """So often Instagram was told to publish it, ever."""
    refusals: int
    """So often it is certain that it did not do so."""
    stalls: int
    """Uploads to this container that brought nothing."""
    media_id: str
    permalink: str
    dismissed: tuple[str, ...]
    """Ids of posts of which a person has said that they are not this one."""
    trouble: str
    hint: str
    fault: str
    """A name in `stages/publish/meta_faults.py`, where that is what went wrong."""
    claimed_at: datetime
    container_at: datetime | None
    uploaded_at: datetime | None
    ready_at: datetime | None
    sent_at: datetime | None
    published_at: datetime | None
    updated_at: datetime

    @property
    def is_under_way(self) -> bool:
        return self.step in UNDER_WAY

    @property
    def is_settled(self) -> bool:
        """Whether it is certain that no call so far has posted it."""
        return self.sends == self.refusals


@dataclass(frozen=True, slots=True)
class RecentMedia:
    """A post of the account, as Instagram lists it."""

    id: str
    caption: str
    permalink: str
    posted_at: datetime | None
    is_reel: bool
