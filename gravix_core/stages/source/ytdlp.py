"""A request in a file in, lines of JSON out: the program that talks to YouTube by yt-dlp.

Run as a program of its own, ``python -P ytdlp.py <file>``, so that neither its crash nor its
memory is ours; the only file that imports yt_dlp.  It imports nothing of the project, and writes
nothing but its lines: what yt-dlp says may name folders and addresses.

Requests have ``do``, ``url``, ``ffmpeg``, ``cache``, ``cookie_file``, ``browser``, ``answer`` and
``beside`` (seconds: for a server to answer, and for captions or picture in all), and for
    probe   ``picture``, the file that its picture goes to, or null
    fetch   ``info``, as probed; ``folder``; ``captions``, addresses of json3 files, best first
Lines are any number of
    {"progress": {"done": bytes, "total": bytes or null}}    of all formats together
    {"note": text}                                           what else it is doing; it gets on
    {"missed": fault}                                        no captions or no picture; it goes on
and at the end exactly one of {"result": {...}} and {"fault": fault}.  A fault has the fields of
`faults.Told`, and of a video that is still to come ``starts_in``, seconds or null.
"""

from __future__ import annotations

import copy
import json
import os
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yt_dlp
from yt_dlp.networking import Request
from yt_dlp.networking.impersonate import ImpersonateTarget

Info = dict[str, Any]

FORMAT = "bv+ba/b"
SORT = ("lang", "res:1080", "vcodec:h264", "acodec:aac", "ext:mp4:m4a")
"""`res` is the shorter side, so that an upright picture of 1080x1920 counts as 1080."""
RETRIES = 5
TOLD_EVERY = 0.25
MOST_TRACKS = 3
MOST_PICTURES = 5
MOST_BYTES = 50 << 20  # of captions and pictures
NEW_LINKS_AFTER = 403
NOT_JOINED = "Postprocessing: "
GONE = frozenset({404, 410})
NONSENSE = (ValueError, TypeError, LookupError)
"""What a page raises that is read as captions."""
PICTURE_HOSTS = (".ytimg.com", ".ggpht.com", ".googleusercontent.com")
CAPTION_HOST = "www.youtube.com"
JPEG = b"\xff\xd8\xff"
TO_COME = re.compile(r"premiere|will begin", re.IGNORECASE)


class Program:
    """One run: what it was asked, and what yt-dlp has warned of so far."""

    def __init__(self, request: Mapping[str, Any], out: Callable[[str], None]) -> None:
        self._asked = request
        self._out = out
        self._lock = threading.Lock()
        self._phase = "probe"
        self._warnings: deque[str] = deque(maxlen=50)

    # What yt-dlp calls: a logger

    def debug(self, message: str) -> None:
        """Not kept."""

    info = error = debug

    def warning(self, message: str) -> None:
        self._warnings.append(message)

    # The deeds

    def run(self) -> None:
        deeds: dict[str, Callable[[], Info]] = {"probe": self._probe, "fetch": self._fetch}
        try:
            result = deeds[self._asked["do"]]()
        except BaseException as exc:  # whatever it is, it is told
            self._say(fault=self._told(exc) | self._start_of(exc))
        else:
            self._say(result=result)

    def _probe(self) -> Info:
        info = self._extract()
        if self._asked["picture"]:
            save = partial(self._save_picture, info, Path(self._asked["picture"]))
            self._best_effort("picture", save)
        return {"info": info, "warnings": list(self._warnings)}

    def _fetch(self) -> Info:
        folder, info = Path(self._asked["folder"]), self._asked["info"]
        save = partial(self._save_captions, folder)
        track = None
        if self._asked["captions"]:
            track = self._best_effort("captions", save)
        try:
            file = self._download(info, folder)
        except yt_dlp.utils.DownloadError as exc:
            if NEW_LINKS_AFTER not in statuses(causes(exc)):
                raise
            self._phase = "probe"
            self._say(note="asking for new links")
            file = self._download(self._extract(first=info["format_id"]), folder)
        return {"file": file, "track": track}

    def _extract(self, *, first: str = "", **more: Any) -> Info:
        wanted = f"{first}/{FORMAT}" if first else FORMAT
        with yt_dlp.YoutubeDL(self._options(format=wanted, **more)) as ydl:
            found = ydl.extract_info(self._asked["url"], download=False)
            info: Info = ydl.sanitize_info(found)
            return info

    def _download(self, info: Info, folder: Path) -> str:
        """Fetch and join; what was fetched before is gone on with.  Gives the file."""
        self._phase = "media"
        formats = [one for one in info["formats"] if one["format_id"] in pinned(info)]
        meter = Meter(formats, there=bytes_there(folder, formats), say=self._say)
        options = self._options(
            format=info["format_id"],
            paths={"home": str(folder)},
            progress_hooks=[meter.hear],
            postprocessor_hooks=[partial(self._joining, folder, meter)],
        )
        try:
            with yt_dlp.YoutubeDL(options) as ydl:
                done = ydl.process_ie_result(copy.deepcopy(info), download=True)
        except yt_dlp.utils.DownloadError as exc:
            if NOT_JOINED in str(exc):  # so something is wrong in what came
                drop(folder.glob("source.*"))
            raise
        file = done["requested_downloads"][0].get("filepath")
        if not file or not Path(file).is_file():
            raise yt_dlp.utils.DownloadError("the downloaded file is empty")
        return str(file)

    def _joining(self, folder: Path, meter: Meter, status: Mapping[str, Any]) -> None:
        """Tell how the file grows in which ffmpeg joins picture and sound."""
        if status["status"] == "started":
            threading.Thread(target=self._watch_growth, args=(folder, meter), daemon=True).start()
        else:
            meter.joined.set()

    def _watch_growth(self, folder: Path, meter: Meter) -> None:
        size, before = 0, -1
        while not meter.joined.wait(TOLD_EVERY):
            with suppress(OSError):
                size = max(file.stat().st_size for file in folder.glob("source.temp.*"))
            if size > before:
                before = size
                self._say(note=f"joining picture and sound, {meter.part(size):.0f} %")

    # Captions and the picture: as well as it goes

    def _best_effort(self, phase: str, work: Callable[[], Any]) -> Any:
        """What it gives; None, and a line that says why, when it fails or takes too long."""
        done: dict[str, Any] = {}

        def run() -> None:
            try:
                done["result"] = work()
            except BaseException as exc:  # it must not cost the video
                done["why"] = exc

        self._phase = phase
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(self._asked["beside"])
        if "result" not in done:
            self._say(missed=self._told(done.get("why", TimeoutError("timed out"))))
        return done.get("result")

    def _save_captions(self, folder: Path) -> int:
        """The number of the track that came."""
        tracks = list(enumerate(self._asked["captions"][:MOST_TRACKS]))
        for number, url in tracks:
            try:
                document = self._get(url, hosts=(CAPTION_HOST,))
                json.loads(document)["events"]
                keep(document, folder / "captions.json3")
            except (*NONSENSE, yt_dlp.utils.YoutubeDLError) as exc:
                is_worth_it = isinstance(exc, NONSENSE) or is_gone(exc)
                if number + 1 == len(tracks) or not is_worth_it:
                    raise
            else:
                return number
        raise ValueError("there are no captions")

    def _save_picture(self, info: Info, target: Path) -> bool:
        """The best JPEG that is there; each comes as WebP as well."""
        urls = [one["url"] for one in reversed(info.get("thumbnails") or ())]
        urls = [url for url in urls if urlsplit(url).path.endswith(".jpg")][:MOST_PICTURES]
        for url in urls:
            with suppress(yt_dlp.networking.exceptions.HTTPError):  # not every size is there
                picture = self._get(url, hosts=PICTURE_HOSTS)
                if picture.startswith(JPEG):
                    keep(picture, target)
                    return True
        raise ValueError("there is no picture")

    def _get(self, url: str, *, hosts: tuple[str, ...]) -> bytes:
        if urlsplit(url).scheme != "https" or not (urlsplit(url).hostname or "").endswith(hosts):
            raise ValueError("this is no address of YouTube's")
        with yt_dlp.YoutubeDL(self._options()) as ydl:
            browser = ImpersonateTarget()  # any
            can = getattr(ydl, "_impersonate_target_available", lambda _: False)(browser)
            as_browser = {"impersonate": browser} if can else {}
            with ydl.urlopen(Request(url, extensions=as_browser)) as response:
                body: bytes = response.read(MOST_BYTES)
                return body

    # How yt-dlp is set up, and what it says

    def _options(self, **more: Any) -> Info:
        """Without `retries` it would not try anything again; see the table in its own help."""
        asked = self._asked
        trust = {"no-certifi"} if own_authorities() else set()
        return {
            "quiet": True,
            "noprogress": True,
            "color": "never",
            "logger": self,
            "outtmpl": {"default": "source.%(ext)s"},  # no title in any path
            "format_sort": list(SORT),
            "merge_output_format": "mp4",
            "noplaylist": True,
            "allowed_extractors": ["youtube$"],
            "socket_timeout": asked["answer"],
            "concurrent_fragment_downloads": 4,
            "retries": RETRIES,
            "fragment_retries": RETRIES,
            "extractor_retries": 3,
            "file_access_retries": 3,
            "retry_sleep_functions": dict.fromkeys(
                ("http", "fragment"), lambda n: min(2.0**n / 2, 20.0)
            ),
            "overwrites": False,
            "continuedl": True,
            "nopart": False,
            "updatetime": False,
            "ffmpeg_location": asked["ffmpeg"],
            "cachedir": asked["cache"],
            "cookiefile": asked["cookie_file"],
            "cookiesfrombrowser": (asked["browser"],) if asked["browser"] else None,
            "js_runtimes": {"deno": {}},
            "warn_when_outdated": False,
            "compat_opts": trust,
            **more,
        }

    def _start_of(self, exc: BaseException) -> Info:
        """YouTube says roughly when a video starts, and exactly only when asked to go on."""
        if self._phase != "probe" or not TO_COME.search(str(exc)):
            return {}
        with suppress(Exception):
            info = self._extract(ignore_no_formats_error=True)
            if info.get("live_status") == "is_upcoming":
                starts = info.get("release_timestamp")
                return {"starts_in": starts and starts - time.time()}
        return {}

    def _told(self, exc: BaseException) -> Info:
        chain = list(causes(exc))
        return {
            "message": str(exc) or type(exc).__name__,
            "classes": [type(one).__name__ for one in chain],
            "statuses": statuses(chain),
            "countries": [c for one in chain for c in getattr(one, "countries", None) or ()],
            "warnings": list(self._warnings),
            "phase": self._phase,
            "retry_after": next(filter(None, map(retry_after, chain)), None),
        }

    def _say(self, **line: Any) -> None:
        with self._lock:
            self._out(json.dumps(line))


class Meter:
    """How much of all formats is there, from what yt-dlp says of each."""

    def __init__(
        self, formats: list[Info], *, there: Mapping[str, int], say: Callable[..., None]
    ) -> None:
        self._sizes = {one["format_id"]: size_of(one) for one in formats}
        self._done = dict(there)
        self._say = say
        self._last = 0.0
        self.joined = threading.Event()

    def hear(self, status: Mapping[str, Any]) -> None:
        """A progress hook.

        Raises:
            DownloadError: What came is not what was promised, such as a page instead of a film.
        """
        name = status["info_dict"]["format_id"]
        ended = status["status"] == "finished"
        total = status.get("total_bytes") or status.get("total_bytes_estimate")
        done = status.get("downloaded_bytes") or (total if ended else 0) or 0
        if ended:
            self._check(status, done)
        self._sizes[name] = total or self._sizes.get(name)
        self._done[name] = done
        now = time.monotonic()
        if ended or now - self._last >= TOLD_EVERY:
            self._last = now
            self._say(progress={"done": sum(self._done.values()), "total": self._total()})

    def part(self, size: int) -> float:
        """Percent of the joined file."""
        return min(100.0, 100 * size / max(1, self._total() or sum(self._done.values())))

    def _total(self) -> int | None:
        sizes = self._sizes.values()
        return None if None in sizes else sum(filter(None, sizes))

    def _check(self, status: Mapping[str, Any], done: int) -> None:
        promised = status["info_dict"].get("filesize")
        if promised and abs(done - promised) > max(1024, promised // 100):
            drop([Path(status["filename"])])
            raise yt_dlp.utils.DownloadError("Invalid data found: it is no media of that size")


def pinned(info: Info) -> list[str]:
    """The formats that were chosen: one, or a picture and a sound."""
    return str(info["format_id"]).split("+")


def size_of(one: Info) -> int | None:
    size = one.get("filesize") or one.get("filesize_approx")
    return int(size) if size else None


def bytes_there(folder: Path, formats: list[Info]) -> dict[str, int]:
    """What earlier runs have fetched; without what is of another version of the video."""
    book = folder / "formats.json"
    wanted = {one["format_id"]: one.get("filesize") for one in formats}
    before: dict[str, int | None] = {}
    with suppress(OSError, ValueError):
        before = json.loads(book.read_text("utf-8"))
    is_same = before in ({}, wanted)
    there = {}
    for name, size in wanted.items():
        files = list(folder.glob("source.*" if len(wanted) == 1 else f"source.f{name}.*"))
        there[name] = sum(_kept(file, size if is_same else 0) for file in files)
    if not is_same:
        (folder / "source.mp4").unlink(missing_ok=True)
    keep(json.dumps(wanted).encode(), book)
    return there


def _kept(file: Path, size: int | None) -> int:
    """Bytes of a file that may stay; a part is at most as long as the whole, which is known.

    Args:
        size: None when nobody knows; 0 of what is no longer wanted.
    """
    has = file.stat().st_size
    fits = has <= size if size and file.suffix == ".part" else has == size
    if size is None or fits:
        return has
    file.unlink()
    return 0


def drop(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def keep(data: bytes, target: Path) -> None:
    """Whole or not at all."""
    draft = target.with_name(f"{target.name}.new")
    draft.write_bytes(data)
    draft.replace(target)


def causes(exc: BaseException | None) -> Iterator[BaseException]:
    """The exception and what is behind it, as yt-dlp and as Python keep it."""
    seen: set[int] = set()
    while exc is not None and id(exc) not in seen:
        seen.add(id(exc))
        yield exc
        inside = (getattr(exc, "exc_info", None) or (None, None))[1]
        behind = (inside, getattr(exc, "cause", None), exc.__cause__, exc.__context__)
        errors = (one for one in behind if isinstance(one, BaseException))
        exc = next((one for one in errors if id(one) not in seen), None)


def statuses(chain: Iterable[BaseException]) -> list[int]:
    """Those of HTTP."""
    return [s for one in chain if isinstance(s := getattr(one, "status", None), int)]


def is_gone(exc: BaseException) -> bool:
    return not GONE.isdisjoint(statuses(causes(exc)))


def retry_after(exc: BaseException) -> float | None:
    """Seconds that the server asked to wait; dates are not worth the trouble."""
    headers = getattr(getattr(exc, "response", None), "headers", None) or {}
    given = str(headers.get("Retry-After") or "")
    return float(given) if given.isdecimal() else None


def own_authorities() -> bool:
    """Whether the environment says whom to trust; yt-dlp would ask certifi alone."""
    return any(os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))


def main(argv: list[str]) -> None:
    request = json.loads(Path(argv[-1]).read_text("utf-8"))
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whoever prints all the same spoils no line

    def out(line: str) -> None:
        lines.write(f"{line}\n")
        lines.flush()

    Program(request, out).run()
    os._exit(0)  # a request that hangs is not waited for


if __name__ == "__main__":
    main(sys.argv)
