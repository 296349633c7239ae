"""Videos go in and come out unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest
from sqlalchemy import inspect

from gravix_core.errors import NotFound
from gravix_core.model import MediaInfo, Transcript, Video, VideoStatus
from gravix_core.store import Store, Transaction
from gravix_core.store.tables import VideoRow


def test_new_video_is_pending_and_keeps_what_was_given(store: Store) -> None:
    with store.begin() as tx:
        added = tx.videos.add(
            title="Bridges",
            source_name="bridges.mp4",
            source_sha256="ab",
            layout="follow",
            chunk_duration=12.5,
        )
    with store.read() as tx:
        video = tx.videos.get(added.id)
    assert video == added
    assert (video.status, video.title, video.layout) == (VideoStatus.PENDING, "Bridges", "follow")
    assert (video.source_name, video.source_sha256) == ("bridges.mp4", "ab")
    assert (video.chunk_duration, video.youtube_url) == (12.5, None)
    assert (video.file, video.duration, video.error_message) == (None, None, None)


def test_times_of_day_come_back_aware_and_in_utc(store: Store, video: Video) -> None:
    with store.read() as tx:
        found = tx.videos.get(video.id)
    assert found.created_at.tzinfo is UTC
    assert found.created_at == video.created_at


@pytest.mark.parametrize(
    "deed",
    [
        lambda tx: tx.videos.get(7),
        lambda tx: tx.videos.info(7),
        lambda tx: tx.videos.transcript(7),
        lambda tx: tx.videos.set_transcript(7, None),
        lambda tx: tx.videos.set_layout(7, "fit"),
        lambda tx: tx.videos.set_status(7, VideoStatus.FAILED),
    ],
)
def test_unknown_video_is_not_found(store: Store, deed: Callable[[Transaction], object]) -> None:
    with pytest.raises(NotFound, match="video 7"), store.begin() as tx:
        deed(tx)


def test_same_source_and_length_finds_the_newest_video(store: Store, video: Video) -> None:
    with store.begin() as tx:
        again = tx.videos.add(
            title="Again",
            source_name="b.mp4",
            source_sha256=video.source_sha256,
            layout="fit",
            chunk_duration=35,
        )
        assert tx.videos.find(source_sha256=video.source_sha256, chunk_duration=35) == again
        assert tx.videos.find(source_sha256=video.source_sha256, chunk_duration=36) is None
        assert tx.videos.find(source_sha256="00", chunk_duration=35) is None


def test_recent_videos_are_newest_first_and_paged(store: Store) -> None:
    with store.begin() as tx:
        for number in range(5):
            tx.videos.add(
                title=f"{number}", source_name="", source_sha256="", layout="", chunk_duration=35
            )
    with store.read() as tx:
        assert [video.title for video in tx.videos.recent(2)] == ["4", "3"]
        assert [video.title for video in tx.videos.recent(2, offset=3)] == ["1", "0"]


def test_source_probe_and_transcript_come_back_exactly(
    store: Store, video: Video, info: MediaInfo, transcript: Transcript
) -> None:
    source = store.videos_dir / "1" / "source.mp4"
    with store.begin() as tx:
        tx.videos.store_source(video.id, file=source, info=info, transcript=transcript)
    with store.read() as tx:
        found = tx.videos.get(video.id)
        assert (found.file, found.duration) == (source, info.duration)
        assert tx.videos.info(video.id) == info
        assert tx.videos.transcript(video.id) == transcript


def test_video_before_its_download_has_neither_probe_nor_transcript(
    store: Store, video: Video
) -> None:
    with store.read() as tx:
        assert tx.videos.info(video.id) is None
        assert tx.videos.transcript(video.id) is None


def test_transcript_can_be_replaced_and_taken_away(
    store: Store, video: Video, transcript: Transcript
) -> None:
    with store.begin() as tx:
        tx.videos.set_transcript(video.id, transcript)
    with store.begin() as tx:
        assert tx.videos.transcript(video.id) == transcript
        tx.videos.set_transcript(video.id, None)
    with store.read() as tx:
        assert tx.videos.transcript(video.id) is None


def test_transcript_is_json_that_every_database_holds(
    store: Store, video: Video, transcript: Transcript
) -> None:
    with store.begin() as tx:
        tx.videos.set_transcript(video.id, transcript)
    with store.read() as tx:
        row = tx.session.get_one(VideoRow, video.id)
        assert row.transcript is not None
        assert row.transcript.isascii()
        assert json.loads(row.transcript)["words"][1] == ["«stehen»", 0.3, 1.7]


def test_listing_videos_does_not_load_their_transcripts(
    store: Store, video: Video, transcript: Transcript
) -> None:
    with store.begin() as tx:
        tx.videos.set_transcript(video.id, transcript)
    with store.read() as tx:
        row = tx.session.get_one(VideoRow, video.id)
        tx.videos.recent()
        assert {"transcript", "transcript_data"} <= inspect(row).unloaded


def test_status_carries_its_message_only_as_long_as_it_is_given(store: Store, video: Video) -> None:
    with store.begin() as tx:
        failed = tx.videos.set_status(video.id, VideoStatus.FAILED, "disk full")
        again = tx.videos.set_status(video.id, VideoStatus.PROCESSING)
    assert (failed.status, failed.error_message) == (VideoStatus.FAILED, "disk full")
    assert (again.status, again.error_message) == (VideoStatus.PROCESSING, None)


def test_change_moves_the_time_of_the_last_change(store: Store, video: Video) -> None:
    with store.begin() as tx:
        changed = tx.videos.set_layout(video.id, "fit")
    assert changed.layout == "fit"
    assert changed.created_at == video.created_at
    assert changed.updated_at > video.updated_at


def test_name_of_a_file_that_is_no_utf8_does_not_stop_anything(store: Store) -> None:
    with store.begin() as tx:
        video = tx.videos.add(
            title="caf\udce9",
            source_name="caf\udce9.mp4",
            source_sha256="ab",
            layout="auto",
            chunk_duration=35,
        )
    with store.read() as tx:
        assert tx.videos.get(video.id).source_name == "caf\ufffd.mp4"


def test_moved_data_directory_still_finds_its_files(
    store: Store, video: Video, info: MediaInfo, file: Path, tmp_path: Path
) -> None:
    with store.begin() as tx:
        inside = store.videos_dir / "1" / "source.mp4"
        tx.videos.store_source(video.id, file=inside, info=info, transcript=None)
    store.close()
    moved = file.parent.rename(tmp_path / "elsewhere")
    again = Store.open(f"sqlite:///{(moved / file.name).as_posix()}", moved / "videos")
    with again.read() as tx:
        assert tx.videos.get(video.id).file == moved / "videos" / "1" / "source.mp4"
    again.close()


def test_file_outside_the_videos_directory_stays_where_it_is(
    store: Store, video: Video, info: MediaInfo, tmp_path: Path
) -> None:
    outside = tmp_path / "film.mp4"
    with store.begin() as tx:
        found = tx.videos.store_source(video.id, file=outside, info=info, transcript=None)
    assert found.file == outside
