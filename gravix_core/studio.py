"""The front desk: settings in, one object that does all deeds out.

The only file that knows which adapters exist, and the only reader of the settings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread

from gravix_core import pipeline
from gravix_core.desks.activity import Activity
from gravix_core.desks.connect_checks import AppSettings
from gravix_core.desks.connection import Connection
from gravix_core.desks.disk import Disk
from gravix_core.desks.downloader import Downloader
from gravix_core.desks.editing import Editing
from gravix_core.desks.files import Files
from gravix_core.desks.gemini import GeminiDesk
from gravix_core.desks.intake import Added, Intake
from gravix_core.desks.library import Library
from gravix_core.desks.links import Links
from gravix_core.desks.making import Making
from gravix_core.desks.publishing import Publishing
from gravix_core.desks.review import Review
from gravix_core.desks.texts import TextsDesk
from gravix_core.desks.voice import VoiceDesk
from gravix_core.errors import GravixError, SettingsError, SourceRefused
from gravix_core.handlers import GIVES_WAY, Handlers, limits, settle, token_refresh
from gravix_core.jobs import queue
from gravix_core.jobs.runner import Runner
from gravix_core.jobs.seat import Seat
from gravix_core.media.files import sweep
from gravix_core.media.inbox import MB, Inbox
from gravix_core.media.process import ffmpeg_program, is_alive
from gravix_core.model import (
    Job,
    JobStatus,
    JobType,
    Reel,
    Size,
    Unwatched,
    Video,
)
from gravix_core.publications import Publication
from gravix_core.settings import Settings
from gravix_core.signing import PUBLIC, Signer, public_address
from gravix_core.stages.caption.base import Captioner
from gravix_core.stages.caption.basic import BasicCaptioner
from gravix_core.stages.caption.batches import GeminiCaptioner
from gravix_core.stages.caption.gemini import Gemini
from gravix_core.stages.caption.gemini_models import estimate
from gravix_core.stages.publish.base import Posted, Publisher
from gravix_core.stages.publish.folder import FolderPublisher
from gravix_core.stages.publish.graph import App, Graph, Hosts
from gravix_core.stages.render.accept import check_file
from gravix_core.stages.render.encoders import Encoder, choose_encoder
from gravix_core.stages.render.filtergraph import Canvas
from gravix_core.stages.source.base import LinkSource, Source
from gravix_core.stages.source.direct import DirectSource
from gravix_core.stages.source.links import looks_like_link, parse_link
from gravix_core.stages.source.recognition import Recognition
from gravix_core.stages.source.upload import UploadSource
from gravix_core.stages.source.youtube import YouTube
from gravix_core.store.secrets import Vault, open_vault
from gravix_core.store.sqlite_file import empty_wal
from gravix_core.store.store import Store

SAMPLE = Path(__file__).resolve().parent.parent / "sample" / "gravix-sample.mp4"

__all__ = [
    "Outcome",
    "Studio",
    "check_file",
    "close_shared_studio",
    "shared_studio",
    "stop_shared_jobs",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one video."""

    video: Video
    reels: tuple[Reel, ...]
    jobs: tuple[Job, ...]
    delivered: Mapping[int, Posted] = field(default_factory=dict)
    """By reel id, where a folder was asked for."""
    notes: tuple[str, ...] = ()
    """What the operator should know although it stopped nothing."""
    trouble: GravixError | None = None
    """Why the finished reels could not be put into the folder, or the rest not be made."""

    @property
    def failures(self) -> tuple[Job, ...]:
        return tuple(
            job
            for job in self.jobs
            if job.status is JobStatus.FAILED and job.job_type not in queue.ASIDE
        )

    @property
    def asked(self) -> int:
        """How many reels somebody wants; the others of the video are only listed."""
        return sum(job.job_type is JobType.REEL_CONVERSION for job in self.jobs)

    @property
    def made(self) -> tuple[Reel, ...]:
        """The reels that are as they were asked for; an older picture of a reel is none."""
        done = {
            job.args.get("reel_id")
            for job in self.jobs
            if job.job_type is JobType.REEL_CONVERSION and job.status is JobStatus.COMPLETED
        }
        return tuple(reel for reel in self.reels if reel.rendered is not None and reel.id in done)


class Studio:
    """One per process.  Any number of threads may use it."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        sources: tuple[Source, ...] | None = None,
        site: LinkSource | None = None,
        captioner: Captioner | None = None,
        provider: Captioner | None = None,
    ) -> None:
        """
        Args:
            captioner: In place of basic.
            provider: In place of Gemini; asked, like that, with a key and the operator's consent.
        """
        self.settings = settings
        self.store = store
        self._encoder: Encoder | None = None
        self._encoder_lock = Lock()
        self._meta: Graph | None = None
        self._is_dashboard = False
        self.seat = Seat(settings.gravix_data_dir, settings.database_url.get_secret_value())
        self.downloader = Downloader(settings.gravix_data_dir)
        inbox = Inbox(
            settings.gravix_data_dir / "uploads", limit_bytes=settings.gravix_max_upload_mb * MB
        )
        self._sources = sources or _sources(settings, inbox)
        site = site or self._youtube()
        self.connection = Connection(
            store,
            graph=self._graph,
            vault=self._vault,
            redirect_uri=settings.facebook_redirect_uri,
            config_id=settings.gravix_login_config_id,
            app=AppSettings(
                settings.facebook_app_id,
                has_secret=bool(settings.facebook_app_secret.get_secret_value()),
                version=settings.graph_api_version,
                config_id=settings.gravix_login_config_id,
            ),
            on_connected=self._keep_connected,
        )
        writers = pipeline.Writers(
            store,
            basic=captioner or BasicCaptioner(),
            provider=self._provider(provider),
            ffmpeg=self._ffmpeg,
        )
        handlers = Handlers(
            store,
            source_of=self._source,
            site=site,
            recognition=Recognition(settings.gravix_stt_model),
            writers=writers,
            shop=self._shop,
            renew_tokens=self.connection.renew_all,
            press=self._press,
            fixed_cuts=settings.gravix_cut == "fixed",
        )
        self.jobs = Runner(
            store,
            handlers.by_type(),
            settle=settle,
            alive=is_alive,
            limits=limits(renders=settings.gravix_renders),
            gives_way=GIVES_WAY,
        )
        self.publishing = Publishing(
            store, self.jobs, instagram=self.connection.instagram, clock=self.jobs.now
        )
        self.intake = Intake(
            store,
            self.jobs,
            source_of=self._source,
            inbox=inbox,
            chunk_duration=settings.chunk_duration,
        )
        self.links = Links(
            store,
            self.jobs,
            site=site,
            folder=settings.gravix_data_dir,
            chunk_duration=settings.chunk_duration,
        )
        self._making = Making(store, self.jobs, self.seat, workers=settings.gravix_workers)
        self.library = Library(store, self.jobs, inbox=inbox)
        self.review = Review(store, folder=settings.gravix_folder_dir)
        self.texts = TextsDesk(store, self.jobs, writers)
        self.voice = VoiceDesk(store)
        self.gemini = GeminiDesk(
            store,
            self.jobs,
            writers.provider,
            ask_models=lambda: self._gemini(settings.gemini_model).models(),
            estimate=partial(estimate, frames=settings.gravix_gemini_frames),
        )
        self.editing = Editing(store, self.jobs, ffmpeg=self._ffmpeg)
        self.activity = Activity(store, self.jobs, at_once=limits(renders=settings.gravix_renders))
        self.files = Files(
            store, Signer(), copy_chunk=self._copy_chunk, public_signer=self._public_signer
        )
        self.disk = Disk(store.videos_dir, inbox.folder, database=store.file)

    @classmethod
    def open(cls, settings: Settings, *, site: LinkSource | None = None) -> Studio:
        """Open the database, migrating it where needed.

        Args:
            site: In place of YouTube.

        Raises:
            StoreTooNew, StoreUnusable, DiskFull: As `Store.open`.
        """
        url = settings.database_url.get_secret_value()
        return cls(settings, Store.open(url, settings.videos_dir), site=site)

    def start(self) -> None:
        """Work for the data directory, as its one dashboard, until `close`.

        Raises:
            StatusConflict: Another dashboard does.
            StoreUnusable, DiskFull, FileUnwritable: It cannot begin; nothing was changed.
        """
        self.seat.take()
        self._is_dashboard = True
        try:
            self.jobs.take_back_dead(alone=True)
            self._tidy()
            if self.connection.accounts():
                self._keep_connected()
            self.jobs.start(self.settings.gravix_workers)
            Thread(target=self._try_encoder, daemon=True, name="encoder-trial").start()
        except BaseException:
            self.seat.release()
            raise

    def close(self) -> None:
        """Give back what runs, and let go of the database; closing twice is harmless."""
        self.links.close()
        self.downloader.close()
        self.jobs.stop()
        self.store.close()
        self.seat.release()

    def add_sample(self) -> Added:
        """Take in the film that comes with Gravix.

        Raises:
            SourceRefused: It does not lie where it should.
        """
        return self.intake.add(str(SAMPLE))

    def process(
        self,
        given: str,
        *,
        layout: str | None = None,
        subtitles: str | None = None,
        best: int | None = None,
        out: Path | None = None,
        on_change: Callable[[tuple[Job, ...]], None],
        on_note: Callable[[str], None] | None = None,
        closing: Event | None = None,
        confirm: Callable[[str], bool] = lambda _: False,
    ) -> Outcome:
        """The main job: a source in, finished reels out.

        A dashboard that works for the data directory does the work, and this follows it;
        without one, or when it ends, this process does.

        Args:
            given: Path of a video, or the link of one on YouTube.
            layout: As `Intake.take`.
            subtitles: As `Intake.take`.
            best: As `Intake.take`.
            out: Folder that gets mp4, cover and caption text of every finished reel.
            on_change: Told the video's jobs a few times a second.
            on_note: Told in a sentence who does the work, if not this process.
            closing: Set to end early; what is done stays, the rest goes back to the queue.
            confirm: Asked whether the operator made, or may republish, what a link leads to, unless
                that is known of its channel; told what and whose it is.

        Raises:
            StatusConflict: `confirm` said no.
            SourceRefused, SourceError, MediaUnreadable: Nothing was begun.
            PublishError: `out` is not a folder that can be written to.
            ToolMissing: There is no ffmpeg.
        """
        publisher = FolderPublisher(out) if out is not None else None
        self._ffmpeg()
        take = self._looked_at(given, confirm)
        if publisher is not None:
            publisher.check()
        taken = take(layout=layout, subtitles=subtitles, best=best)
        video = taken.video
        trouble = self._making.make(
            video.id,
            on_change=on_change,
            on_note=on_note or (lambda _: None),
            closing=closing or Event(),
        )
        with self.store.read() as tx:
            video, reels = tx.videos.get(video.id), tx.reels.of_video(video.id)
            jobs = queue.of_video(tx, video.id)
        outcome = Outcome(video, reels, jobs, notes=taken.notes, trouble=trouble)
        return outcome if publisher is None else _deliver(outcome, publisher)

    def _tidy(self) -> None:
        """Remove what crashes have left; what cannot be removed now harms nobody."""
        with suppress(OSError):
            sweep(self.store.videos_dir, alive=_is_another)
        with suppress(OSError):
            self.library.tidy()
        with suppress(OSError):
            self.intake.sweep()
        self.links.tidy()

    def _keep_connected(self) -> None:
        self.jobs.enqueue(token_refresh())
        self.publishing.wake()

    def _press(self) -> pipeline.Press:
        """Instagram can fetch a reel from a dashboard alone, which answers at its address."""
        is_reached = bool(self.settings.gravix_public_url) and self._is_dashboard
        return pipeline.Press(
            self.store,
            instagram=self.connection.instagram,
            clock=self.jobs.now,
            address=self._public_address if is_reached else None,
        )

    def _public_address(self, row: Publication) -> str:
        base, what = self.settings.gravix_public_url, row.what
        return public_address(base, self._public_signer(), what.reel_id, what.file_sha256)

    def _public_signer(self) -> Signer:
        return Signer(self._vault().key_for(PUBLIC))

    def _looked_at(self, given: str, confirm: Callable[[str], bool]) -> Callable[..., Added]:
        """What takes it in, once the operator's choices are known."""
        if not looks_like_link(given):
            return partial(self.intake.take, self.intake.look(given))
        if self.takes_address(given):
            return partial(self.intake.take_address, given, rights=confirm(given.partition("?")[0]))
        probe = self.links.probe(parse_link(given))
        if not self.links.rights_of(probe) and confirm(
            f"{probe.title}, by {probe.channel or 'an unknown channel'}"
        ):
            self.links.confirm(probe.youtube_id)
        return partial(self.links.take, probe.youtube_id)

    def takes_address(self, given: str) -> bool:
        """Whether it is the address of a file on another host, and those are allowed."""
        return any(
            isinstance(source, DirectSource) and source.takes(given) for source in self._sources
        )

    def _provider(self, stand_in: Captioner | None) -> pipeline.Provider:
        settings = self.settings
        account = pipeline.Account(
            settings.gemini_api_key.get_secret_value(),
            settings.gemini_model,
            settings.google_gemini_base_url,
            settings.gravix_gemini_frames,
        )
        return pipeline.Provider(
            self.store,
            account,
            make=lambda model: stand_in or GeminiCaptioner(self._gemini(model)),
        )

    def _gemini(self, model: str) -> Gemini:
        settings = self.settings
        key = settings.gemini_api_key.get_secret_value()
        return Gemini(key, model, base_url=settings.google_gemini_base_url)

    def _graph(self) -> Graph:
        """The same one each time: it knows what Meta said last of limits and of its version."""
        settings = self.settings
        if not settings.has_facebook:
            raise SettingsError(
                "the app at Meta is not known: FACEBOOK_APP_ID or FACEBOOK_APP_SECRET is empty",
                hint="Make an app at developers.facebook.com as docs/instagram.md shows, and write"
                " both into .env.",
            )
        app = App(settings.facebook_app_id, settings.facebook_app_secret.get_secret_value())
        hosts = Hosts(
            settings.gravix_graph_url, settings.gravix_dialog_url, settings.gravix_rupload_url
        )
        self._meta = self._meta or Graph(app, hosts, version=settings.graph_api_version)
        return self._meta

    def _vault(self) -> Vault:
        given = self.settings.gravix_secret_key.get_secret_value()
        return open_vault(self.settings.gravix_data_dir, given=given)

    def _youtube(self) -> YouTube:
        settings = self.settings
        return YouTube(
            ffmpeg=self._ffmpeg,
            cache=settings.gravix_data_dir / "cache" / "yt-dlp",
            max_duration=settings.gravix_max_duration,
            max_bytes=settings.gravix_max_download_bytes,
            # Below the videos, where what a crash leaves is swept away.
            cookies=lambda: self.downloader.lent(settings.videos_dir),
        )

    def _source(self, given: str) -> Source:
        if looks_like_link(given) and not self.takes_address(given):
            parse_link(given)
            raise SourceRefused("this is the link of a video, not a file", hint="Paste it on Add.")
        for source in self._sources:
            if source.takes(given):
                return source
        raise SourceRefused("there is no source for this kind of address")

    def _copy_chunk(self, chunk_id: int) -> Path:
        return pipeline.copy_chunk(
            chunk_id, store=self.store, ffmpeg=self._ffmpeg(), watch=Unwatched()
        )

    def _try_encoder(self) -> None:
        """Before the first render needs it.  What is wrong is said by `doctor` and by renders."""
        with suppress(GravixError):
            self._shop()

    def _shop(self) -> pipeline.Workshop:
        """What renders need; the encoder is tried once."""
        settings, ffmpeg = self.settings, self._ffmpeg()
        with self._encoder_lock:
            if self._encoder is None:
                self._encoder = choose_encoder(settings.gravix_encoder, ffmpeg=ffmpeg)
        size = Size(settings.reel_width, settings.reel_height)
        return pipeline.Workshop(
            ffmpeg,
            Canvas(size, settings.gravix_reel_fps),
            self._encoder,
            Path(settings.gravix_subtitle_font) if settings.gravix_subtitle_font else None,
        )

    def _ffmpeg(self) -> Path:
        return ffmpeg_program(self.settings.ffmpeg_path)


def _sources(settings: Settings, inbox: Inbox) -> tuple[Source, ...]:
    files = UploadSource(inbox.folder)
    if not settings.gravix_allow_direct_urls:
        return (files,)
    return files, DirectSource(limit_bytes=settings.gravix_max_download_bytes)


def _deliver(outcome: Outcome, publisher: Publisher) -> Outcome:
    """Hand out what is finished; where that fails, what is there stays and the reason is told."""
    done: dict[int, Posted] = {}
    try:
        for reel in outcome.made:
            if reel.text is not None:
                done[reel.id] = pipeline.deliver(
                    reel, outcome.video, publisher=publisher, watch=Unwatched()
                )
    except GravixError as error:
        return replace(outcome, delivered=done, trouble=outcome.trouble or error)
    return replace(outcome, delivered=done)


def _is_another(pid: int) -> bool:
    """Whether a process lives and is not this one, which may have the id of a dead one."""
    return pid != os.getpid() and is_alive(pid)


_shared: Studio | None = None
_shared_lock = Lock()


def shared_studio() -> Studio:
    """The one Studio of this process, made at the first call.

    Raises:
        SettingsError, StoreError, DiskFull: It cannot be opened; the next call tries again.
    """
    global _shared  # noqa: PLW0603  one per process is the point
    with _shared_lock:
        if _shared is None:
            _shared = Studio.open(Settings.load())
        return _shared


def close_shared_studio() -> None:
    """Close it, if it was opened; the next call of `shared_studio` opens another."""
    global _shared  # noqa: PLW0603
    with _shared_lock:
        if _shared is not None:
            _shared.close()
            _shared = None


def stop_shared_jobs() -> None:
    """Give back what the shared studio runs, if it was opened; it may still be asked."""
    studio = _shared
    if studio is not None:
        studio.jobs.stop()
        if studio.store.file is not None:  # the process may end before `close`
            empty_wal(studio.store.file)
