"""A question about the videos in; lists, details, previews and removals out."""

from __future__ import annotations

import time
from pathlib import Path

from gravix_core.errors import NotFound
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.media import removal
from gravix_core.media.files import proxy_file
from gravix_core.model import Job, JobStatus, JobType, NewJob, Seconds, VideoStatus
from gravix_core.stages.render.proxy import browsers_play
from gravix_core.store.store import Store
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

    def __init__(self, store: Store, jobs: Runner) -> None:
        self._store = store
        self._jobs = jobs

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
        """Have a small copy made that browsers play, before all else."""
        job_type, args = JobType.PREVIEW_PROXY, {"video_id": video_id}
        self._jobs.enqueue(NewJob(job_type, proxy_key(video_id), video_id, args, priority=5))

    def frees(self, video_id: int) -> int:
        """Bytes that are free after `delete`."""
        return removal.bytes_in(self._folder(video_id))

    def delete(self, video_id: int) -> None:
        """Stop its work, then remove its rows and files; what is in the folder stays.

        Raises:
            NotFound: There is no such video.
            StatusConflict: Its work cannot be stopped; nothing was removed.
            FileUnwritable: Its files cannot be removed; nothing was.
        """
        with self._store.read() as tx:
            tx.videos.get(video_id)
        self._stop(video_id)
        folder = self._folder(video_id)
        removal.put_aside(folder)
        try:
            with self._store.begin() as tx:
                tx.videos.delete(video_id)
        except BaseException:
            removal.bring_back(folder)
            raise
        removal.remove(folder)

    def tidy(self) -> None:
        """End the removals that a crash has interrupted."""
        removal.finish(self._store.videos_dir, exists=self._exists)

    def _stop(self, video_id: int) -> None:
        """Cancel, and wait until nothing runs; what does not end is left to `Videos.delete`."""
        self._jobs.take_back_dead()
        self._jobs.cancel(video_id)
        patience = time.monotonic() + STOPS_WITHIN
        while time.monotonic() < patience:
            with self._store.read() as tx:
                jobs = queue.of_video(tx, video_id)
            if all(job.status is not JobStatus.PROCESSING for job in jobs):
                return
            time.sleep(LOOK_EVERY)

    def _exists(self, video_id: int) -> bool:
        try:
            with self._store.read() as tx:
                tx.videos.get(video_id)
        except NotFound:
            return False
        return True

    def _folder(self, video_id: int) -> Path:
        return self._store.videos_dir / str(video_id)


def proxy_key(video_id: int) -> str:
    return f"video/{video_id}/proxy"


def _proxy_preview(job: Job | None) -> Preview:
    if job is None or job.status in {JobStatus.CANCELLED, JobStatus.COMPLETED}:
        return Preview(PreviewState.NEEDS_PROXY)
    if job.status is JobStatus.FAILED:
        return Preview(PreviewState.FAILED)
    return Preview(PreviewState.AT_WORK, job.progress)
