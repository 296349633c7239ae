"""Links as the desk has them: read, asked about, confirmed, taken in; a stand-in is the site."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gravix_core.desks.links import FRESH, KEPT, Links, LinkState
from gravix_core.errors import Cancelled, NotFound, SourceRefused, StatusConflict, YouTubeError
from gravix_core.jobs import queue
from gravix_core.media.files import thumbnail_file
from gravix_core.media.probe import probe as probe_file
from gravix_core.model import (
    JobStatus,
    JobType,
    LinkProbe,
    LogLevel,
    SourceFile,
    Transcript,
    Watch,
)
from gravix_core.settings import Settings
from gravix_core.stages.source.base import Tell
from gravix_core.stages.source.direct import DirectSource
from gravix_core.stages.source.upload import UploadSource
from gravix_core.store import Store
from gravix_core.studio import Studio
from tests.conftest import Film

ONE, TWO = "dQw4w9WgXcQ", "aaaaaaaaaaa"
PATIENCE = 20.0


def answer(youtube_id: str) -> LinkProbe:
    return LinkProbe(
        youtube_id=youtube_id,
        title=f"Film {youtube_id}",
        channel="Anna builds",
        channel_id="UCanna",
        description="About bridges",
        duration=7,
        thumbnail_url="https://i.ytimg.com/vi/x/hq720.jpg",
        height=1080,
        width=1920,
        byte_size=1000,
        captions=(),
        language="en",
        notes=(),
        info={},
        probed_at=datetime.now(UTC),
    )


@dataclass
class Site:
    """Answers at once, unless it is told to fail or to wait."""

    film: Path | None = None
    asked: list[str] = field(default_factory=list)
    fails: Exception | None = None
    waits: threading.Event | None = None
    transcript: Transcript | None = None

    def probe(self, youtube_id: str, *, watch: Watch, picture: Path | None = None) -> LinkProbe:
        self.asked.append(youtube_id)
        while self.waits is not None and not self.waits.wait(0.01):
            if watch.should_stop():
                raise Cancelled("stopped")
        if self.fails is not None:
            raise self.fails
        if picture is not None:
            picture.write_bytes(b"a picture")
        return answer(youtube_id)

    def fetch(self, probe: LinkProbe, *, folder: Path, watch: Watch, tell: Tell) -> SourceFile:
        assert self.film is not None
        tell("1 of 2 MB, 3 MB/s")
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "source.mp4"
        file.write_bytes(self.film.read_bytes())
        notes = ("The captions were refused.",)
        return SourceFile(file, probe.title, "ab" * 32, probe_file(file), self.transcript, notes)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def studio(tmp_path: Path, site: Site) -> Iterator[Studio]:
    settings = Settings.load(data_dir=tmp_path, env_file=None)
    opened = Studio.open(settings, site=site)
    yield opened
    opened.close()


@pytest.fixture
def links(studio: Studio) -> Links:
    return studio.links


def until(condition: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.01)


def looked_at(links: Links, *ids: str) -> None:
    links.ask(ids)
    until(lambda: not links.is_asking())


def test_every_line_gets_a_verdict_and_nobody_is_asked(links: Links, site: Site) -> None:
    items = links.read(f"https://youtu.be/{ONE}\n\nhttps://evil.example/x\nyoutu.be/{TWO}")
    assert [item.state for item in items] == [
        LinkState.UNASKED,
        LinkState.REFUSED,
        LinkState.UNASKED,
    ]
    assert isinstance(items[1].trouble, SourceRefused)
    assert site.asked == []


def test_what_was_asked_is_known_and_not_asked_again(links: Links, site: Site) -> None:
    looked_at(links, ONE)
    item = links.item(ONE)
    assert (item.state, item.rights, item.video) == (LinkState.READY, False, None)
    assert item.probe is not None
    assert item.probe.title == f"Film {ONE}"
    assert item.picture is not None
    assert item.picture.read_bytes() == b"a picture"
    looked_at(links, ONE)
    assert links.probe(ONE).youtube_id == ONE
    assert site.asked == [ONE]


def test_an_answer_that_has_expired_is_asked_for_again(
    studio: Studio, links: Links, site: Site
) -> None:
    with studio.store.begin() as tx:
        tx.links.keep(replace(answer(ONE), probed_at=datetime.now(UTC) - FRESH))
    assert links.item(ONE).state is LinkState.UNASKED
    looked_at(links, ONE)
    assert (links.item(ONE).state, site.asked) == (LinkState.READY, [ONE])


def test_a_trouble_is_told_and_may_be_asked_again(links: Links, site: Site) -> None:
    site.fails = YouTubeError("This video is private.", code="private", kind="permanent")
    looked_at(links, ONE)
    item = links.item(ONE)
    assert (item.state, item.trouble) == (LinkState.TROUBLE, site.fails)
    site.fails = None
    looked_at(links, ONE)
    assert links.item(ONE).state is LinkState.READY


def test_an_unforeseen_error_shows_no_inside(links: Links, site: Site) -> None:
    site.fails = RuntimeError("/secret/path")
    looked_at(links, ONE)
    trouble = links.item(ONE).trouble
    assert trouble is not None
    assert "/secret/path" not in f"{trouble}{trouble.hint}"


def test_a_question_can_be_cancelled(links: Links, site: Site) -> None:
    site.waits = threading.Event()
    links.ask([ONE])
    until(lambda: site.asked == [ONE])
    assert links.item(ONE).state is LinkState.ASKING
    links.cancel([ONE])
    until(lambda: links.item(ONE).state is LinkState.UNASKED)


def test_closing_ends_what_is_asked(links: Links, site: Site) -> None:
    site.waits = threading.Event()
    links.ask([ONE, TWO])
    until(lambda: len(site.asked) == 2)
    links.close()
    assert not links.is_asking()


def test_nothing_is_taken_before_it_was_looked_at(links: Links) -> None:
    with pytest.raises(NotFound):
        links.take(ONE)


def test_nothing_is_taken_from_a_channel_that_is_not_confirmed(
    studio: Studio, links: Links
) -> None:
    looked_at(links, ONE, TWO)
    with pytest.raises(StatusConflict, match="Anna builds"):
        links.take(ONE)
    with studio.store.read() as tx:
        assert tx.videos.recent() == ()
    links.confirm(ONE)
    assert links.item(TWO).rights
    links.take(TWO)


def test_what_is_taken_has_its_facts_its_picture_and_its_job(studio: Studio, links: Links) -> None:
    looked_at(links, ONE)
    links.confirm(ONE)
    added = links.take(ONE, layout="fit", best=3, chunk_duration=5)
    video = added.video
    assert not added.known
    assert (video.title, video.channel, video.description) == (
        f"Film {ONE}",
        "Anna builds",
        "About bridges",
    )
    assert (video.youtube_id, video.layout, video.best, video.chunk_duration) == (ONE, "fit", 3, 5)
    picture = thumbnail_file(studio.store.videos_dir, video.id)
    assert picture.read_bytes() == b"a picture"
    with studio.store.read() as tx:
        (job,) = queue.of_video(tx, video.id)
    assert (job.job_type, job.args["youtube_id"]) == (JobType.YT_DOWNLOAD, ONE)


def test_a_bad_choice_takes_nothing(studio: Studio, links: Links) -> None:
    looked_at(links, ONE)
    links.confirm(ONE)
    with pytest.raises(SourceRefused):
        links.take(ONE, layout="upside down")
    with studio.store.read() as tx:
        assert tx.videos.recent() == ()


def test_the_same_video_twice_is_the_one_that_is_there_unless_it_is_wanted_again(
    studio: Studio, links: Links
) -> None:
    looked_at(links, ONE)
    links.confirm(ONE)
    first = links.take(ONE).video
    assert links.item(ONE).video == first
    second = links.take(ONE)
    assert (second.known, second.video.id) == (True, first.id)
    third = links.take(ONE, again=True)
    assert (third.known, third.video.id) == (False, first.id + 1)
    assert links.item(ONE).video == third.video


def test_what_was_looked_at_long_ago_is_forgotten(
    studio: Studio, links: Links, tmp_path: Path
) -> None:
    looked_at(links, ONE)
    with studio.store.begin() as tx:
        old = datetime.now(UTC) - KEPT - timedelta(seconds=1)
        tx.links.keep(replace(answer(TWO), probed_at=old))
    links.tidy()
    with studio.store.read() as tx:
        assert tx.links.probe(ONE) is not None
        assert tx.links.probe(TWO) is None


@pytest.mark.slow
def test_a_link_becomes_reels(studio: Studio, links: Links, site: Site, film: Film) -> None:
    site.film = film(seconds=7)
    looked_at(links, ONE)
    links.confirm(ONE)
    video = links.take(ONE, layout="centre").video
    studio.jobs.run_due(video_id=video.id)
    with studio.store.read() as tx:
        jobs, reels = queue.of_video(tx, video.id), tx.reels.of_video(video.id)
        found = tx.videos.get(video.id)
        logs = tx.logs.of_video(video.id, 50)
    assert {job.status for job in jobs} == {JobStatus.COMPLETED}
    (made,) = [reel.rendered for reel in reels]
    assert made is not None
    assert made.cover_cell in range(9)
    assert found.source_sha256 == "ab" * 32
    assert any("captions" in line.message and line.level is LogLevel.WARNING for line in logs)


@pytest.mark.slow
def test_a_link_on_the_command_line_needs_the_operators_word(
    studio: Studio, site: Site, film: Film
) -> None:
    site.film = film(seconds=7)
    link = f"https://youtu.be/{ONE}?t=3"
    with pytest.raises(StatusConflict):
        studio.process(link, on_change=lambda _: None)
    done = studio.process(link, layout="centre", on_change=lambda _: None, confirm=lambda _: True)
    assert len(done.made) == 1
    again = studio.process(link, layout="centre", on_change=lambda _: None)
    assert again.video.id == done.video.id


@pytest.fixture
def served(film: Film) -> Iterator[str]:
    """The address of a film on a server of this machine."""
    folder = film(seconds=7).parent

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/talk.mp4?token=secret"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_an_address_of_another_host_becomes_reels_where_that_is_allowed(
    tmp_path: Path, site: Site, served: str
) -> None:
    settings = Settings.load(data_dir=tmp_path, env_file=None)
    direct = DirectSource(limit_bytes=10**8, exempt=lambda _address, _port: True)
    studio = Studio(
        settings,
        Store.open(settings.database_url.get_secret_value(), settings.videos_dir),
        sources=(UploadSource(), direct),
        site=site,
    )
    with pytest.raises(StatusConflict, match="nobody has said"):
        studio.process(served, on_change=lambda _: None)
    asked: list[str] = []

    def confirm(about: str) -> bool:
        asked.append(about)
        return True

    done = studio.process(served, layout="centre", on_change=lambda _: None, confirm=confirm)
    assert (done.video.title, done.video.source_name, len(done.made)) == ("talk", "127.0.0.1", 1)
    assert len(done.video.source_sha256) == 64
    assert "secret" not in asked[0]
    studio.close()


def test_an_address_of_another_host_is_refused_by_default(studio: Studio) -> None:
    with pytest.raises(SourceRefused, match="nothing was requested"):
        studio.process("https://files.example/talk.mp4", on_change=lambda _: None)


@pytest.mark.slow
def test_an_address_on_this_machine_is_refused_also_where_others_are_allowed(
    tmp_path: Path, site: Site, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAVIX_ALLOW_DIRECT_URLS", "true")
    studio = Studio.open(Settings.load(data_dir=tmp_path, env_file=None), site=site)
    done = studio.process(served, on_change=lambda _: None, confirm=lambda _: True)
    studio.close()
    assert done.made == ()
    assert [job.status for job in done.failures] == [JobStatus.FAILED]
