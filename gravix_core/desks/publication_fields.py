"""A publication in, what programs are told of it out: by HTTP and by the command line.  Pure."""

from __future__ import annotations

from datetime import datetime

from gravix_core.model import PublishStatus
from gravix_core.publications import SHOWN_AS, Publication


def publication_fields(publication: Publication) -> dict[str, object]:
    """Names and values, ready for JSON.  What is not known yet is None."""
    what = publication.what
    return {
        "id": publication.id,
        "reel_id": what.reel_id,
        "version": what.reel_version,
        "username": what.username,
        "step": publication.step.value,
        "publish_status": SHOWN_AS.get(publication.step, PublishStatus.PENDING).value,
        "caption": what.caption,
        "share_to_feed": what.options.share_to_feed,
        "thumb_offset": what.options.thumb_offset,
        "collaborators": list(what.options.collaborators),
        "ai_generated": what.options.ai_generated,
        "bytes_sent": publication.bytes_sent,
        "file_size": what.file_size,
        "ig_media_id": publication.media_id or None,
        "permalink": publication.permalink or None,
        "publish_error": publication.trouble or None,
        "hint": publication.hint or None,
        "claimed_at": _moment(publication.claimed_at),
        "published_at": _moment(publication.published_at),
        "updated_at": _moment(publication.updated_at),
    }


def posted_fields(publication: Publication) -> dict[str, object]:
    """Of an earlier post of the same stretch, or one that may be there."""
    return {
        "id": publication.id,
        "reel_id": publication.what.reel_id,
        "title": publication.what.title,
        "username": publication.what.username,
        "step": publication.step.value,
        "ig_media_id": publication.media_id or None,
        "permalink": publication.permalink or None,
        "posted_at": _moment(publication.published_at or publication.sent_at),
    }


def _moment(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()
