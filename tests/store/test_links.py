"""What a site said of videos, and the operator's word about channels."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gravix_core.model import CaptionTrack, Channel, LinkProbe, Span, Transcript, Word
from gravix_core.store import Store
from gravix_core.store.engine import parse
from gravix_core.store.migrate import MIGRATIONS, bring_up_to_date
from tests.pages.houses import add_video

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PROBE = LinkProbe(
    youtube_id="dQw4w9WgXcQ",
    title="Bridges",
    channel="Anna builds",
    channel_id="UCanna",
    description="All about bridges",
    duration=612.5,
    thumbnail_url="https://i.ytimg.com/vi/dQw4w9WgXcQ/hq720.jpg",
    height=1080,
    width=1920,
    byte_size=80_000_000,
    captions=(CaptionTrack("en", True, "https://www.youtube.com/api/timedtext?lang=en"),),
    language="en",
    notes=("Only 360 lines.",),
    info={"id": "dQw4w9WgXcQ", "formats": [{"format_id": "134"}]},
    probed_at=NOW,
)


def test_a_probe_comes_back_as_it_was_kept(store: Store) -> None:
    with store.begin() as tx:
        tx.links.keep(PROBE)
    with store.read() as tx:
        assert tx.links.probe("dQw4w9WgXcQ") == PROBE
        assert tx.links.probe("aaaaaaaaaaa") is None


def test_old_probes_are_forgotten(store: Store) -> None:
    with store.begin() as tx:
        tx.links.keep(PROBE)
        tx.links.drop_before(NOW)
        assert tx.links.probe("dQw4w9WgXcQ") is not None
        tx.links.drop_before(NOW + timedelta(seconds=1))
        assert tx.links.probe("dQw4w9WgXcQ") is None


def test_a_channel_is_confirmed_once_and_can_be_taken_back(store: Store) -> None:
    with store.begin() as tx:
        assert tx.links.confirmed_at("UCanna") is None
        tx.links.confirm("UCanna", "Anna", now=NOW)
        tx.links.confirm("UCanna", "Anna builds", now=NOW + timedelta(days=1))
        assert tx.links.confirmed_at("UCanna") == NOW
        tx.links.take_back("UCanna")
        assert tx.links.confirmed_at("UCanna") is None


def test_channels_whose_videos_are_here_are_listed_with_what_was_said(store: Store) -> None:
    nameless = replace(PROBE, youtube_id="aaaaaaaaaaa", channel_id="", channel="", title="Wind")
    with store.begin() as tx:
        for probe in (PROBE, nameless, nameless):  # the last takes over the id of the one before
            tx.videos.add_link(probe, layout="auto", chunk_duration=35)
        add_video(tx, "A file")
        tx.links.confirm("UCanna", "Anna builds", now=NOW)
        tx.links.confirm("UCbo", "Bo", now=NOW)
        channels = tx.links.channels()
    assert channels == (
        Channel("UCanna", "Anna builds", NOW),
        Channel("UCbo", "Bo", NOW),
        Channel("video:aaaaaaaaaaa", "Wind", None),
    )


def test_a_word_taken_back_is_missing_with_every_video_of_the_channel(store: Store) -> None:
    with store.begin() as tx:
        videos = [tx.videos.add_link(PROBE, layout="auto", chunk_duration=35) for _ in range(2)]
        tx.links.confirm("UCanna", "Anna builds", now=NOW)
        said = tx.links.of_videos(map(tx.videos.get, [video.id for video in videos]))
        tx.links.take_back("UCanna")
        unsaid = tx.links.of_videos(videos)
    assert said == {video.id: Channel("UCanna", "Anna builds", NOW) for video in videos}
    assert unsaid == {video.id: Channel("UCanna", "Anna builds", None) for video in videos}


def test_importing_again_takes_the_link_over_and_leaves_the_older_video_whole(store: Store) -> None:
    with store.begin() as tx:
        first = tx.videos.add_link(PROBE, layout="auto", chunk_duration=35)
        second = tx.videos.add_link(PROBE, layout="auto", chunk_duration=35)
    with store.read() as tx:
        assert tx.videos.of_youtube("dQw4w9WgXcQ") == second
        older = tx.videos.get(first.id)
    assert (older.youtube_id, older.youtube_url) == (None, PROBE.url)
    assert (second.title, second.channel, second.duration) == ("Bridges", "Anna builds", 612.5)


def test_transcripts_of_older_versions_are_carried_over(
    url: str, file: Path, tmp_path: Path
) -> None:
    ignored = {f.name for f in MIGRATIONS.joinpath("versions").glob("r000[4-9]*")}
    older = tmp_path / "older"
    _copy(MIGRATIONS, older, without=ignored)
    file.parent.mkdir()
    bring_up_to_date(parse(url), older)
    document = '{"words":[["Hi",0.1,0.3]],"cues":[["Hi",0.1,0.3]],"exact_words":true}'
    with closing(sqlite3.connect(file)) as old:
        old.execute(
            "INSERT INTO videos (id, title, description, source_name, source_sha256, layout,"
            " chunk_duration, status, created_at, updated_at, transcript, transcript_data)"
            " VALUES (1, 'Bridges', '', '', '', 'fit', 35, 'pending', ?, ?, 'Hi', ?)",
            ("2026-11-20 10:00:00.000000", "2026-11-20 10:00:00.000000", document),
        )
        old.commit()
    opened = Store.open(url, file.parent / "videos")
    with opened.read() as tx:
        found = tx.videos.transcript(1)
    opened.close()
    assert found == Transcript(
        words=(Word("Hi", Span(0.1, 0.3)),), cues=found.cues if found else (), exact_words=True
    )


def _copy(source: Path, target: Path, *, without: set[str]) -> None:
    for file in source.rglob("*.py"):
        if file.name not in without:
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
