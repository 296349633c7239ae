"""What a site says of videos, and whose channels the operator may republish, in and out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gravix_core.model import Channel, LinkProbe, Video, whose
from gravix_core.store import documents
from gravix_core.store.tables import ChannelRow, LinkProbeRow, VideoRow


class Links:
    """Probes and channels, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, probe: LinkProbe) -> None:
        """In place of an older probe of the same video."""
        document = documents.probe_document(probe)
        self._session.merge(
            LinkProbeRow(youtube_id=probe.youtube_id, document=document, probed_at=probe.probed_at)
        )
        self._session.flush()

    def probe(self, youtube_id: str) -> LinkProbe | None:
        """The last one, however old."""
        row = self._session.get(LinkProbeRow, youtube_id)
        return None if row is None else documents.link_probe(row.document, row.probed_at)

    def drop_before(self, moment: datetime) -> None:
        """Forget probes that are older: what they lead to has expired."""
        self._session.execute(delete(LinkProbeRow).where(LinkProbeRow.probed_at < moment))

    def confirm(self, channel_id: str, name: str, *, now: datetime) -> None:
        """The operator has said: I made what is on this channel, or may republish it.

        The first time counts.
        """
        row = self._session.get(ChannelRow, channel_id)
        if row is None:
            self._session.add(ChannelRow(channel_id=channel_id, name=name, confirmed_at=now))
        else:
            row.name = name
        self._session.flush()

    def confirmed_at(self, channel_id: str) -> datetime | None:
        """When the operator said so; None when not yet."""
        row = self._session.get(ChannelRow, channel_id)
        return None if row is None else row.confirmed_at

    def channels(self) -> tuple[Channel, ...]:
        """All that are confirmed and all whose videos are here, by name."""
        made_by = (VideoRow.channel_id, VideoRow.youtube_url, VideoRow.channel_name, VideoRow.title)
        imported = select(*made_by).where(VideoRow.youtube_url.is_not(None))
        found: dict[str, Channel] = {}
        for channel_id, url, name, title in self._session.execute(imported):
            key = whose(channel_id, url)
            found[key] = Channel(key, name or title, None)
        for row in self._session.scalars(select(ChannelRow)):
            found[row.channel_id] = Channel(row.channel_id, row.name, row.confirmed_at)
        return tuple(sorted(found.values(), key=lambda channel: channel.name))

    def of_videos(self, videos: Iterable[Video]) -> dict[int, Channel]:
        """By video; one that is a file is absent.  One statement, however many there are."""
        given = {video.id: video for video in videos if video.whose}
        keys = {video.whose for video in given.values()}
        said = select(ChannelRow.channel_id, ChannelRow.confirmed_at)
        found = self._session.execute(said.where(ChannelRow.channel_id.in_(keys)))
        confirmed = dict(found.all())
        return {
            key: Channel(video.whose, video.channel or video.title, confirmed.get(video.whose))
            for key, video in given.items()
        }

    def take_back(self, channel_id: str) -> None:
        """As if it had never been confirmed; what was imported stays."""
        self._session.execute(delete(ChannelRow).where(ChannelRow.channel_id == channel_id))
