"""A claimed job in, the step that it names run, the jobs that follow out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from gravix_core import pipeline
from gravix_core.errors import GravixError, PublishError
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Context, Handler
from gravix_core.model import Job, JobStatus, JobType, LogLevel, NewJob, Seconds, VideoStatus
from gravix_core.publications import Publication, Step
from gravix_core.stages.source.base import LinkSource, Source
from gravix_core.stages.source.recognition import Recognition
from gravix_core.store.store import Store, Transaction

BATCH = 10
"""Reels that are described together."""
GIVES_WAY = {JobType.AI_METADATA: JobType.REEL_CONVERSION}
"""Texts wait while the best reel of a video is rendered."""


def limits(*, renders: int) -> Mapping[JobType, int]:
    """Most jobs of each kind at once, in all processes that share the database."""
    return {
        JobType.YT_DOWNLOAD: 2,
        JobType.SPEECH_RECOGNITION: 1,
        JobType.REEL_CONVERSION: renders,
        JobType.AI_METADATA: 3,  # one of them asks Gemini; the others write basic's meanwhile
        JobType.AI_UPGRADE: 1,
        JobType.IG_PUBLISH: 1,  # per account: its lane
    }


ENDED_BADLY = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})
LINK_AGAIN: Seconds = 300
"""Until the address of a post is asked for again."""
LINK_WITHIN = timedelta(days=1)


def token_refresh(*, delay: Seconds = 0.0) -> NewJob:
    """The one job that makes connections last longer."""
    return NewJob(JobType.TOKEN_REFRESH, "token_refresh", None, priority=50, delay=delay)


def upgrade_job(video_id: int, *, delay: Seconds = 0.0) -> NewJob:
    """The one job that asks for all texts of a video that are still basic's."""
    key, args = f"video/{video_id}/upgrade", {"video_id": video_id}
    return NewJob(JobType.AI_UPGRADE, key, video_id, args, priority=40, delay=delay)


def publication_key(publication_id: int) -> str:
    return f"publication/{publication_id}"


def publish_job(row: Publication, *, delay: Seconds = 0.0) -> NewJob:
    """The one job of a publication; one account's go one after the other.

    Of small cost for the processor, so it goes before what takes minutes.
    """
    return NewJob(
        JobType.IG_PUBLISH,
        publication_key(row.id),
        row.what.video_id,
        {"publication_id": row.id, "reel_id": row.what.reel_id},
        priority=5,
        lane=row.what.ig_user_id,
        delay=delay,
    )


class Handlers:
    """Binds each kind of job to its step and to what the step needs."""

    def __init__(
        self,
        store: Store,
        *,
        source_of: Callable[[str], Source],
        site: LinkSource,
        recognition: Recognition,
        writers: pipeline.Writers,
        shop: Callable[[], pipeline.Workshop],
        renew_tokens: Callable[[], Seconds | None],
        press: Callable[[], pipeline.Press],
        fixed_cuts: bool = False,
    ) -> None:
        self._store = store
        self._source_of = source_of
        self._site = site
        self._recognition = recognition
        self._writers = writers
        self._shop = shop
        self._renew_tokens = renew_tokens
        self._press = press
        self._fixed_cuts = fixed_cuts

    def by_type(self) -> Mapping[JobType, Handler]:
        return {
            JobType.YT_DOWNLOAD: self._download,
            JobType.SPEECH_RECOGNITION: self._recognise,
            JobType.VIDEO_CUTTING: self._cut,
            JobType.REEL_CONVERSION: self._convert,
            JobType.AI_METADATA: self._describe,
            JobType.AI_UPGRADE: self._upgrade,
            JobType.PREVIEW_PROXY: self._proxy,
            JobType.TOKEN_REFRESH: self._refresh_tokens,
            JobType.IG_PUBLISH: self._publish,
        }

    def _download(self, ctx: Context) -> None:
        video_id = int(ctx.job.args["video_id"])
        if youtube_id := ctx.job.args.get("youtube_id"):
            pipeline.download_link(
                video_id,
                str(youtube_id),
                store=self._store,
                site=self._site,
                watch=ctx,
                tell=ctx.tell,
            )
        else:
            given = str(ctx.job.args["given"])
            source = self._source_of(given)
            pipeline.download(video_id, given, store=self._store, source=source, watch=ctx)
        self._take_picture(ctx, video_id)
        with self._store.read() as tx:
            is_known = tx.videos.transcript(video_id) is not None
        if is_known or not self._recognition.is_there:
            self._then_cut(ctx, video_id)
        else:
            key, args = f"video/{video_id}/speech", {"video_id": video_id}
            ctx.then(NewJob(JobType.SPEECH_RECOGNITION, key, video_id, args, priority=15))

    def _recognise(self, ctx: Context) -> None:
        """Without it, cuts go by the pauses of the sound: it never costs the video."""
        video_id = int(ctx.job.args["video_id"])
        try:
            pipeline.recognise(
                video_id,
                store=self._store,
                recognition=self._recognition,
                ffmpeg=self._ffmpeg,
                watch=ctx,
            )
        except GravixError as error:
            with self._store.begin() as tx:
                said = f"No transcript: {error}. {error.hint}"
                tx.logs.add(video_id, said, LogLevel.WARNING, job_id=ctx.job.id)
        self._then_cut(ctx, video_id)

    def _then_cut(self, ctx: Context, video_id: int) -> None:
        key = f"video/{video_id}/cut"
        ctx.then(NewJob(JobType.VIDEO_CUTTING, key, video_id, {"video_id": video_id}, priority=20))

    def _take_picture(self, ctx: Context, video_id: int) -> None:
        """No reel waits for it, so where it fails the operator is told, and all else goes on."""
        try:
            pipeline.take_picture(video_id, store=self._store, ffmpeg=self._ffmpeg, watch=ctx)
        except GravixError as error:
            said = f"There is no picture of the video: {error}."
            with self._store.begin() as tx:
                tx.logs.add(video_id, said, LogLevel.WARNING, job_id=ctx.job.id)

    def _cut(self, ctx: Context) -> None:
        video_id = int(ctx.job.args["video_id"])
        shop = self._shop()
        best_first = pipeline.cut(
            video_id,
            store=self._store,
            ffmpeg=shop.ffmpeg,
            fixed=self._fixed_cuts,
            font=shop.font,
            watch=ctx,
        )
        reels = sorted(best_first, key=lambda reel: reel.index)
        for first in range(0, len(reels), BATCH):
            ids = [reel.id for reel in reels[first : first + BATCH]]
            args = {"video_id": video_id, "reel_ids": ids}
            key = f"video/{video_id}/describe/{first}"
            ctx.then(NewJob(JobType.AI_METADATA, key, video_id, args, priority=30))
        with self._store.read() as tx:
            wanted = tx.videos.get(video_id).best
        for place, reel in enumerate(best_first):
            if wanted is not None and place >= wanted and reel.rendered is None:
                continue
            key, args = f"reel/{reel.id}/convert", {"reel_id": reel.id}
            priority = queue.URGENT if place == 0 else 100 + min(place, 1000)
            ctx.then(NewJob(JobType.REEL_CONVERSION, key, video_id, args, priority))

    def _convert(self, ctx: Context) -> None:
        reel_id = int(ctx.job.args["reel_id"])
        pipeline.convert(reel_id, store=self._store, shop=self._shop(), watch=ctx)

    def _describe(self, ctx: Context) -> None:
        video_id, reel_ids = int(ctx.job.args["video_id"]), list(ctx.job.args["reel_ids"])
        again_in = pipeline.describe(video_id, reel_ids, writers=self._writers, watch=ctx)
        if again_in is not None:
            ctx.then(upgrade_job(video_id, delay=again_in))

    def _upgrade(self, ctx: Context) -> None:
        """It asks for itself again as long as the provider says when."""
        video_id = int(ctx.job.args["video_id"])
        again_in = pipeline.upgrade(video_id, writers=self._writers, watch=ctx)
        if again_in is not None:
            ctx.then(upgrade_job(video_id, delay=again_in))

    def _proxy(self, ctx: Context) -> None:
        video_id = int(ctx.job.args["video_id"])
        pipeline.proxy(video_id, store=self._store, ffmpeg=self._ffmpeg, watch=ctx)

    def _publish(self, ctx: Context) -> None:
        publication_id = int(ctx.job.args["publication_id"])
        row = pipeline.publish(
            publication_id, press=self._press(), watch=ctx, waited=ctx.job.waited, tell=ctx.tell
        )
        if row.step is Step.PUBLISHED:
            age = self._press().clock() - (row.published_at or row.updated_at)
            if not row.permalink and age < LINK_WITHIN:
                ctx.then(publish_job(row, delay=LINK_AGAIN))
            return
        error = PublishError(row.trouble or "It was not published.", hint=row.hint)
        error.final = True  # only a person may try it again, on Publish
        raise error

    def _refresh_tokens(self, ctx: Context) -> None:
        """It asks for itself again, so that there is one each day while something is connected."""
        again_in = self._renew_tokens()
        if again_in is not None:
            ctx.then(token_refresh(delay=again_in))

    @property
    def _ffmpeg(self) -> Path:
        return self._shop().ffmpeg


def settle(tx: Transaction, job: Job) -> None:
    """The video's state and log follow its jobs, in the same transaction."""
    if job.job_type is JobType.IG_PUBLISH and job.status in ENDED_BADLY:
        said = job.error_message if job.status is JobStatus.FAILED else "It was stopped."
        tx.publications.job_ended(int(job.args["publication_id"]), said or "", now=job.updated_at)
    if job.video_id is None:
        return
    if job.status is JobStatus.FAILED:
        level = LogLevel.WARNING if job.job_type in queue.ASIDE else LogLevel.ERROR
        told = f"{(job.error_message or '').rstrip('.')}. {job.error_hint}"
        say = tx.logs.add_once if job.job_type is JobType.AI_UPGRADE else tx.logs.add
        say(job.video_id, told, level, job_id=job.id)
    if job.job_type is JobType.IG_PUBLISH:
        return
    before = tx.videos.get(job.video_id).status
    status, message = state_of(queue.counts(tx, job.video_id))
    tx.videos.set_status(job.video_id, status, message)
    if status is VideoStatus.COMPLETED and before is not status:
        tx.logs.add(job.video_id, "All reels are ready.", job_id=job.id)


def state_of(jobs: queue.Counts) -> tuple[VideoStatus, str | None]:
    """What the jobs of a video say about it, with a sentence when not all is well.  Pure."""
    if jobs.of(JobStatus.PROCESSING):
        return VideoStatus.PROCESSING, None
    if jobs.of(JobStatus.PENDING):
        return VideoStatus.PENDING, None
    failure = _failure(jobs) if jobs.of(JobStatus.FAILED) else None
    if jobs.of(JobStatus.CANCELLED):
        also = f"; {failure}" if failure else ""
        return VideoStatus.PENDING, f"Stopped{also}. Start it again to go on."
    return (VideoStatus.FAILED, failure) if failure else (VideoStatus.COMPLETED, None)


def _failure(jobs: queue.Counts) -> str:
    reels = sum(jobs.of(status, JobType.REEL_CONVERSION) for status in JobStatus)
    broken = jobs.of(JobStatus.FAILED, JobType.REEL_CONVERSION)
    head = f"{broken} of {reels} reels failed: " if broken else ""
    return f"{head}{jobs.first_failure}"
