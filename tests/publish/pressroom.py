"""A connected account before the stand-in of Meta and an approved reel, by a virtual clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gravix_core.desks.publishing import Publishing
from gravix_core.errors import Cancelled, GravixError, InstagramError, Outdated
from gravix_core.handlers import settle
from gravix_core.jobs.runner import Runner
from gravix_core.media.files import hash_file
from gravix_core.model import (
    AcceptReport,
    PostText,
    Reel,
    RenderedReel,
    ReviewStatus,
    Seconds,
    Span,
)
from gravix_core.pipeline import Press, publish
from gravix_core.publications import PostOptions, Publication, Step
from tests.publish.conftest import House
from tests.simulators.instagram import Account, Endpoint, InstagramSimulator, Media
from tests.simulators.instagram_clips import Clip, make_clip

CAPTION = "Arches and luck"
MOST_ROUNDS = 300


class Watcher:
    """A watch that a test may stop."""

    def __init__(self) -> None:
        self.stopped = False

    def progress(self, percent: float) -> None:
        pass

    def should_stop(self) -> bool:
        return self.stopped


@dataclass
class Pressroom:
    house: House
    account: Account
    reel: Reel
    desk: Publishing
    press: Press
    jobs: Runner
    claimed: Any = None
    waits: list[Seconds] = field(default_factory=list)
    errors: list[InstagramError] = field(default_factory=list)

    @property
    def meta(self) -> InstagramSimulator:
        return self.house.meta

    @property
    def file(self) -> Path:
        assert self.reel.rendered
        return self.reel.rendered.file

    @property
    def posts(self) -> tuple[Media, ...]:
        """What was posted by publishing."""
        return tuple(one for one in self.meta.media(self.account) if one.container_id)

    @property
    def row(self) -> Publication:
        with self.house.store.read() as tx:
            found = tx.publications.of_reels([self.reel.id])
        return found[self.reel.id]

    def ask(self, options: PostOptions | None = None) -> Publication:
        return self.desk.publish(self.reel.id, options=options)

    def once(self, row: Publication | None = None) -> Publication:
        """One run of the job; what it raises is raised."""
        row = row or self.row
        return publish(row.id, press=self.press, watch=Watcher(), waited=sum(self.waits))

    def run_row(self, row: Publication) -> Publication:
        """As `run`, of a reel that is gone."""
        with self.house.store.read() as tx:
            return self.once(tx.publications.get(row.id))

    def run(
        self,
        *,
        until: Callable[[Publication], bool] = lambda _: False,
        rounds: int = MOST_ROUNDS,
    ) -> Publication:
        """Run the job as often as it asks to, with the waits passing on the virtual clock."""
        for _ in range(rounds):
            try:
                row = self.once()
            except InstagramError as error:
                if error.retry_after is None:
                    raise
                self.errors.append(error)
                if until(self.row):
                    return self.row
                self.waits.append(error.retry_after)
                self.meta.clock.go(seconds=error.retry_after)
            else:
                return row
        raise AssertionError(f"no end: {self.row}")

    def publish(self, options: PostOptions | None = None) -> Publication:
        self.ask(options)
        return self.run()

    def asked(self, endpoint: Endpoint) -> int:
        return len(self.meta.asked(endpoint))

    def another(self, caption: str = CAPTION, **clip: Any) -> Reel:
        """One more approved reel of the same film."""
        return _reel(self.house, caption, clip)


def pressroom(house: House, caption: str = CAPTION, **clip: Any) -> Pressroom:
    account = house.page("ada.boats")
    assert account
    house.connect()
    reel = _reel(house, caption, clip)
    now = house.meta.clock.now
    jobs = Runner(house.store, {}, settle=settle, alive=lambda _: True, clock=now)
    desk = Publishing(house.store, jobs, instagram=house.desk.instagram, clock=now)
    press = Press(house.store, instagram=house.desk.instagram, clock=now)
    house.meta.forget()
    return Pressroom(house, account, reel, desk, press, jobs)


def _reel(house: House, caption: str, clip: dict[str, Any]) -> Reel:
    store, report = house.store, clip.pop("report", AcceptReport(()))
    with store.begin() as tx:
        video = tx.videos.add(
            title="Bridges",
            source_name="bridges.mp4",
            source_sha256="ab" * 32,
            layout="auto",
            chunk_duration=35,
        )
        (reel,) = tx.reels.plan(video.id, [Span(0, 35)], [Span(0, 35)])
        file = store.videos_dir / str(video.id) / f"reel-{reel.id}.mp4"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(make_clip(Clip(**clip)))
        tx.reels.set_rendered(
            reel.id,
            RenderedReel(
                file=file,
                cover=file.with_suffix(".jpg"),
                duration=5.0,
                byte_size=file.stat().st_size,
                sha256=hash_file(file),
                plan="plan",
                report=report,
            ),
        )
        text = PostText("A bridge", caption, (), (), 70, (), "operator")
        tx.reels.set_text(reel.id, text)
        seen = tx.reels.get(reel.id)
        return tx.reels.decide(reel.id, ReviewStatus.APPROVED, seen=seen.version)


ENDED = (Step.PUBLISHED, Step.UNSURE, Step.FAILED)
MAY_HAPPEN = (InstagramError, Outdated, Cancelled, GravixError)
