"""From the command line a reel goes to Instagram once, and who asked learns what came of it."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from gravix_core.cli.publish import WAITS
from gravix_core.jobs import queue
from gravix_core.media.files import hash_file
from gravix_core.model import (
    AcceptReport,
    JobStatus,
    JobType,
    NewJob,
    PostText,
    Reel,
    RenderedReel,
    ReviewStatus,
    Span,
)
from gravix_core.publications import Step
from gravix_core.settings import Settings
from gravix_core.studio import Studio
from tests.cli.command import House, Said, end
from tests.simulators.instagram import Account, Endpoint, InstagramSimulator, instagram_stand_in
from tests.simulators.instagram_clips import Clip, make_clip
from tests.simulators.instagram_clock import Clock
from tests.simulators.instagram_things import Media
from tests.web.workshop import MAKE_RUN, at_work, studio_on

pytestmark = pytest.mark.slow

APP_ID, SECRET = "1234567890123456", "planted-secret-of-the-app"
CAPTION = "Arches and luck"
ENDS_WITHIN = 60


@dataclass
class Desk:
    """A data directory with a connected account and an approved reel, before the stand-in."""

    house: House
    meta: InstagramSimulator
    account: Account
    env: dict[str, str]
    reel: Reel

    def publish(self, *words: str) -> Said:
        return self.house.run("publish", str(self.reel.id), *words, env=self.env)

    @property
    def posts(self) -> tuple[Media, ...]:
        """What was posted by publishing."""
        return tuple(one for one in self.meta.media(self.account) if one.container_id)

    @property
    def step(self) -> Step | None:
        with studio_on(self.house.data) as studio, studio.store.read() as tx:
            found = tx.publications.of_reels([self.reel.id])
        return found[self.reel.id].step if found else None


@pytest.fixture
def desk(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    clock = Clock(datetime.now(UTC), follows=True)
    with instagram_stand_in(seed=1, clock=clock) as meta:
        meta.add_app(id=APP_ID, secret=SECRET, require_proof=True)
        meta.switches.processing_polls, meta.switches.processing_seconds = 0, 0
        account = Account("ada.boats")
        meta.add_page(meta.add_user("Ada"), instagram=account)
        env = {
            "FACEBOOK_APP_ID": APP_ID,
            "FACEBOOK_APP_SECRET": SECRET,
            "GRAVIX_GRAPH_URL": meta.graph_url,
            "GRAVIX_DIALOG_URL": meta.dialog_url,
            "GRAVIX_RUPLOAD_URL": meta.rupload_url,
        }
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        studio = Studio.open(Settings.load(data_dir=house.data, env_file=None))
        try:
            connect(studio, meta)
            reel = approved(studio)
        finally:
            studio.close()
        meta.forget()
        yield Desk(house, meta, account, env, reel)


def connect(studio: Studio, meta: InstagramSimulator) -> None:
    way = studio.connection.begin()
    back = meta.consent(way.url)
    assert studio.connection.paste(back, way.cookie).came == "connected"


def approved(studio: Studio, caption: str = CAPTION) -> Reel:
    """One more approved reel of the same stretch of the same film."""
    with studio.store.begin() as tx:
        video = tx.videos.add(
            title="Bridges",
            source_name="bridges.mp4",
            source_sha256="ab" * 32,
            layout="auto",
            chunk_duration=35,
        )
        (reel,) = tx.reels.plan(video.id, [Span(0, 35)], [Span(0, 35)])
        file = studio.store.videos_dir / str(video.id) / "reels" / f"{reel.id}.mp4"
        file.parent.mkdir(parents=True)
        file.write_bytes(make_clip(Clip(media=200_000)))
        facts = RenderedReel(
            file=file,
            cover=file.with_suffix(".jpg"),
            duration=5.0,
            byte_size=file.stat().st_size,
            sha256=hash_file(file),
            plan="plan",
            report=AcceptReport(()),
        )
        tx.reels.set_rendered(reel.id, facts)
        tx.reels.set_text(reel.id, PostText("A bridge", caption, (), (), 70, (), "operator"))
        seen = tx.reels.get(reel.id).version
        return tx.reels.decide(reel.id, ReviewStatus.APPROVED, seen=seen)


# It is published


def test_reel_is_published_and_its_address_printed(desk: Desk) -> None:
    said = desk.publish()
    (post,) = desk.posts
    assert (said.code, said.out) == (0, f"Published to @ada.boats: {post.permalink}\n")
    assert post.caption == CAPTION


def test_json_is_all_that_stands_on_stdout(desk: Desk) -> None:
    said = desk.publish("--json")
    (post,) = desk.posts
    assert said.code == 0
    assert (said.json["step"], said.json["publish_status"]) == ("published", "published")
    assert (said.json["ig_media_id"], said.json["permalink"]) == (post.id, post.permalink)
    assert (said.json["goes_on_at"], said.json["reel_id"]) == (None, desk.reel.id)


def test_second_command_posts_nothing_more(desk: Desk) -> None:
    desk.publish()
    said = desk.publish("--again")
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines()[0] == "reel 1 is published to @ada.boats already."
    assert len(desk.posts) == 1


def test_same_stretch_is_asked_about_and_goes_again_by_a_word(desk: Desk) -> None:
    desk.publish()
    (first,) = desk.posts
    with studio_on(desk.house.data) as studio:
        desk.reel = approved(studio, "Other words")
    said = desk.publish("--json")
    assert (said.code, said.out) == (1, "")
    posted, message, hint = said.err.splitlines()
    assert posted.startswith("Posted to @ada.boats on ")
    assert posted.endswith(f": {first.permalink}")
    assert message.startswith("you posted this on ")
    assert hint == "Give --again to publish it all the same."
    assert desk.publish("--again").code == 0
    assert len(desk.posts) == 2


def test_other_work_of_the_video_is_left_alone(desk: Desk) -> None:
    with studio_on(desk.house.data) as studio:
        (waits,) = studio.jobs.enqueue(
            NewJob(JobType.PREVIEW_PROXY, "proxy", desk.reel.video_id, {"video_id": 1}, priority=1)
        )
        assert desk.publish().code == 0
        with studio.store.read() as tx:
            job = queue.get(tx, waits.id)
    assert (job.status, job.attempts) == (JobStatus.PENDING, 0)


# It is not


def test_lookalike_makes_a_person_look(desk: Desk) -> None:
    desk.meta.add_media(desk.account, CAPTION)
    said = desk.publish("--json")
    assert (said.code, said.json["step"], said.json["publish_status"]) == (1, "unsure", "unsure")
    message, hint = said.err.splitlines()[-2:]
    assert message.startswith("Check on Instagram. Instagram has a reel with nearly the same words")
    assert hint == "Look in the Instagram app, then say on the Publish page whether it is there."
    assert desk.posts == ()
    again = desk.publish()
    assert (again.code, desk.posts) == (1, ())
    assert "look there first" in again.err


def test_file_that_instagram_cannot_use_ends_with_what_to_do(desk: Desk) -> None:
    desk.meta.switches.processing_error = 2207026
    said = desk.publish()
    message, hint = said.err.splitlines()[-2:]
    assert (said.code, said.out, desk.step) == (1, "", Step.FAILED)
    assert (message[-1], hint[-1]) == (".", ".")
    assert "Traceback" not in said.err
    desk.meta.switches.processing_error = 0
    assert desk.publish().code == 0
    assert len(desk.posts) == 1


def test_full_quota_is_told_with_its_time_and_left_for_later(desk: Desk) -> None:
    desk.meta.use_quota(desk.account, desk.account.quota_total)
    said = desk.publish("--json")
    assert (said.code, said.json["step"]) == (1, "claimed")
    assert datetime.fromisoformat(said.json["goes_on_at"]) > datetime.now(UTC)
    message, hint = said.err.splitlines()[-2:]
    assert message.startswith("Instagram takes no more posts of this account within 24 hours.")
    assert "It goes on at 20" in message
    assert hint == WAITS
    again = desk.publish()
    assert again.code == 1
    assert "It is on its way already; going on with it." in again.err
    assert desk.meta.containers == ()


@pytest.mark.parametrize("words", [("99",), ("x",), ("-1",), ("1", "--agian"), (), ("9" * 30,)])
def test_bad_input_is_code_2_and_no_request(desk: Desk, words: tuple[str, ...]) -> None:
    said = desk.house.run("publish", *words, env=desk.env)
    assert (said.code, said.out, desk.meta.journal) == (2, "", ())
    assert "Traceback" not in said.err


def test_reel_that_is_not_approved_is_not_published(desk: Desk) -> None:
    with studio_on(desk.house.data) as studio, studio.store.begin() as tx:
        tx.reels.decide(desk.reel.id, ReviewStatus.TO_REVIEW, seen=desk.reel.version)
    said = desk.publish()
    assert (said.code, said.err) == (1, "reel 1 is not approved.\nApprove it first.\n")
    assert desk.meta.journal == ()


# It is interrupted


def test_interrupted_upload_goes_on_by_the_same_command(desk: Desk) -> None:
    with desk.meta.hold(Endpoint.UPLOAD, cut_at=50_000) as held:
        process = desk.house.start("publish", str(desk.reel.id), env=desk.env)
        held.wait()
        said = end(process, signal.SIGINT)
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines()[-1].endswith("it is posted once.")
    said = desk.publish()
    assert said.code == 0
    assert "It is on its way already; going on with it." in said.err
    assert (len(desk.posts), len(desk.meta.containers)) == (1, 1)


def test_command_killed_while_it_published_finds_its_post(desk: Desk) -> None:
    with desk.meta.hold(Endpoint.PUBLISH) as held:
        process = desk.house.start("publish", str(desk.reel.id), env=desk.env)
        held.wait()
        end(process, signal.SIGKILL)
        assert desk.step is Step.SENT
    desk.meta.settle()
    said = desk.publish("--json")
    assert (said.code, said.json["ig_media_id"]) == (0, desk.posts[0].id)
    assert (len(desk.posts), len(desk.meta.asked(Endpoint.PUBLISH))) == (1, 1)


# A dashboard does the work


def test_dashboard_publishes_and_the_command_follows(desk: Desk) -> None:
    with at_work(desk.house.data, how=MAKE_RUN, **desk.env) as server:
        said = desk.publish("--json")
        assert (said.code, said.json["step"]) == (0, "published")
        first = said.err.splitlines()[0]
        assert first == f"Handed to the dashboard at {server.url}; following it."
        assert len(desk.posts) == 1


def test_when_the_dashboard_is_killed_the_command_goes_on(desk: Desk) -> None:
    with (
        desk.meta.hold(Endpoint.UPLOAD, cut_at=50_000) as held,
        at_work(desk.house.data, **desk.env) as server,
    ):
        process = desk.house.start("publish", str(desk.reel.id), env=desk.env)
        held.wait()
        server.end(signal.SIGKILL)
        held.release()
        _, err = process.communicate(timeout=ENDS_WITHIN)
    assert process.returncode == 0, err
    assert "The dashboard has ended; this command goes on by itself." in err
    assert len(desk.posts) == 1


def test_unsure_names_the_page_of_the_dashboard(desk: Desk) -> None:
    desk.meta.add_media(desk.account, CAPTION)
    with at_work(desk.house.data, how=MAKE_RUN, **desk.env) as server:
        said = desk.publish()
        assert said.code == 1
        assert f"say on {server.url}/publish whether" in said.err.splitlines()[-1]


def test_no_secret_stands_in_what_is_said(desk: Desk) -> None:
    said = desk.publish("--debug", "--json")
    assert said.code == 0
    planted = (*desk.meta.secrets, SECRET)
    assert not [word for word in planted if word in said.out + said.err]
    assert json.loads(said.out)["step"] == "published"
