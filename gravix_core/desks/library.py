"""A question about the videos in; lists, details, previews and removals out."""

from __future__ import annotations

import time
from pathlib import Path

from gravix_core.desks.intake import download_key
from gravix_core.errors import NotFound, StatusConflict
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.media import removal
from gravix_core.media.files import proxy_file
from gravix_core.media.inbox import Inbox
from gravix_core.model import Job, JobStatus, JobType, NewJob, Seconds, VideoStatus
from gravix_core.publications import UNDER_WAY
from gravix_core.stages.render.proxy import browsers_play
from gravix_core.store.store import Store, Transaction
from gravix_core.views import (
    ChunkItem,
    Listed,
    Overview,
    Preview,
    PreviewState,
    VideoDetail,
    VideoItem,
)

STOPS_WITHIN: Seconds = 10
LOOK_EVERY: Seconds = 0.05


class Library:
    """The desk of Home, Library and the page of a video."""

    def __init__(self, store: Store, jobs: Runner, *, inbox: Inbox) -> None:
        self._store = store
        self._jobs = jobs
        self._inbox = inbox

    def overview(self) -> Overview:
        with self._store.read() as tx:
            return tx.reports.overview()

    def videos(
        self,
        *,
        search: str = "",
        status: VideoStatus | None = None,
        limit: int,
        offset: int = 0,
    ) -> Listed[VideoItem]:
        """Newest first; `search` is part of a title or of a file's name."""
        with self._store.read() as tx:
            return tx.reports.videos(search=search, status=status, limit=limit, offset=offset)

    def titles(self) -> dict[int, str]:
        """Of all videos that have rendered reels, newest first."""
        with self._store.read() as tx:
            return tx.reports.titles()

    def video(self, video_id: int) -> VideoDetail:
        """Raises NotFound."""
        with self._store.read() as tx:
            video = tx.videos.get(video_id)
            item = tx.reports.item(video)
            chunks, reels = tx.reels.chunks_of(video_id), tx.reels.of_video(video_id)
            cues, info = tx.videos.cues(video_id), tx.videos.info(video_id)
            jobs = {job.key: job for job in queue.of_video(tx, video_id)}
        rows = tuple(
            ChunkItem(chunk, reel, jobs.get(f"reel/{reel.id}/convert"))
            for chunk, reel in zip(chunks, reels, strict=True)
        )
        return VideoDetail(item, rows, cues, info, jobs.get(proxy_key(video_id)))

    def preview(self, video_id: int) -> Preview:
        """Raises NotFound."""
        with self._store.read() as tx:
            video, info = tx.videos.get(video_id), tx.videos.info(video_id)
            job = queue.find(tx, proxy_key(video_id))
        if video.file is None or info is None or not video.file.is_file():
            return Preview(PreviewState.NO_SOURCE)
        if browsers_play(info) or proxy_file(self._store.videos_dir, video_id).is_file():
            return Preview(PreviewState.READY)
        return _proxy_preview(job)

    def ask_for_proxy(self, video_id: int) -> None:
        """Have a small copy made that browsers play, before all else.  Raises NotFound."""
        with self._store.read() as tx:
            tx.videos.get(video_id)
        job_type, args = JobType.PREVIEW_PROXY, {"video_id": video_id}
        self._jobs.enqueue(NewJob(job_type, proxy_key(video_id), video_id, args, priority=5))

    def frees(self, video_id: int) -> int:
        """Bytes that are free after `delete`."""
        upload = self._upload_of(video_id)
        waiting = removal.bytes_in(self._inbox.folder / upload) if upload else 0
        return removal.bytes_in(self._folder(video_id)) + waiting

    def delete(self, video_id: int) -> int:
        """Stop its work, then remove its rows and files; what is in the folder stays.

        Returns:
            Bytes that are free again: what work wrote until it was stopped is among them.

        Raises:
            NotFound: There is no such video.
            StatusConflict: A reel of it is being published, and nothing was stopped; or its work
                cannot be stopped. Nothing was removed.
            FileUnwritable: Its files cannot be removed; nothing was.
        """
        self._jobs.take_back_dead()
        with self._store.read() as tx:
            tx.videos.get(video_id)
            _refuse_in_flight(tx, video_id)
        self._stop(video_id)
        folder, upload = self._folder(video_id), self._upload_of(video_id)
        freed = self.frees(video_id)
        try:
            with self._store.begin() as tx:
                _refuse_in_flight(tx, video_id)  # it may have begun since
                tx.videos.delete(video_id)
                removal.put_aside(folder)  # last: nobody can claim a job of it meanwhile
        except BaseException:
            removal.bring_back(folder)
            raise
        removal.remove(folder)
        if upload is not None:
            self._inbox.drop(upload)
        return freed

    def tidy(self) -> None:
        """End the removals that a crash has interrupted."""
        removal.finish(self._store.videos_dir, exists=self._exists)

    def _stop(self, video_id: int) -> None:
        """Cancel, and wait until nothing runs; what does not end is left to `Videos.delete`."""
        self._jobs.cancel(video_id)
        patience = time.monotonic() + STOPS_WITHIN
        while time.monotonic() < patience:
            with self._store.read() as tx:
                jobs = queue.of_video(tx, video_id)
            if all(job.status is not JobStatus.PROCESSING for job in jobs):
                return
            time.sleep(LOOK_EVERY)

    def _upload_of(self, video_id: int) -> str | None:
        """The batch in the inbox that it was to be made of, or is still."""
        with self._store.read() as tx:
            job = queue.find(tx, download_key(video_id))
        return None if job is None else self._inbox.batch_of(Path(str(job.args.get("given", ""))))

    def _exists(self, video_id: int) -> bool:
        try:
            with self._store.read() as tx:
                tx.videos.get(video_id)
        except NotFound:
            return False
        return True

    def _folder(self, video_id: int) -> Path:
        return self._store.videos_dir / str(video_id)


def _refuse_in_flight(tx: Transaction, video_id: int) -> None:
    """Raises StatusConflict while a reel is being published, or a process died in it."""
    for row in tx.publications.listed(UNDER_WAY):
        if row.what.video_id == video_id:
            raise StatusConflict(
                "a reel of it is being published",
                hint="Wait until it is there, or cancel it on Publish; then delete the video.",
            )
    for job in queue.of_video(tx, video_id):
        if job.job_type is not JobType.IG_PUBLISH:
            continue
        number = tx.reels.get(int(job.args["reel_id"])).index + 1
        if job.status is JobStatus.PROCESSING:
            raise StatusConflict(
                f"reel {number} is being published",
                hint="Wait until it is there, then delete the video.",
            )
        if _was_broken_off(job):
            raise StatusConflict(
                f"publishing of reel {number} was broken off, and the post may be there",
                hint="Let the job end on Activity, then delete the video.",
            )


def _was_broken_off(job: Job) -> bool:
    """Its process died in it.  A try that failed has said so, and has posted nothing."""
    return job.status is JobStatus.PENDING and job.attempts > 0 and not job.error_message


def proxy_key(video_id: int) -> str:
    return f"video/{video_id}/proxy"


def _proxy_preview(job: Job | None) -> Preview:
    if job is None or job.status in {JobStatus.CANCELLED, JobStatus.COMPLETED}:
        return Preview(PreviewState.NEEDS_PROXY)
    if job.status is JobStatus.FAILED:
        return Preview(PreviewState.FAILED)
    return Preview(PreviewState.AT_WORK, job.progress)
