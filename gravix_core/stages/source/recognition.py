"""A source without a transcript in, what is said in it, recognised on this computer, out."""

from __future__ import annotations

import json
import sys
import wave
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gravix_core.errors import SourceError, ToolFailed
from gravix_core.media.files import room_watched
from gravix_core.media.probe import FORMATS
from gravix_core.media.process import converse, read_ffmpeg
from gravix_core.model import Cue, MediaInfo, Seconds, Span, Transcript, Watch, Word

PROGRAM = Path(__file__).with_name("whisper.py")
RATE = 16_000
"""Samples a second that the model takes."""
STALLED: Seconds = 900
"""Loading a model by name may mean downloading it."""
LONGEST: Seconds = 24 * 3600
LISTENED = 5.0
"""Percent of the whole at which the sound has been taken out of the source."""
TICK: Seconds = 0.001


class Recognition:
    """Speech recognition by faster-whisper, where that is installed.

    Args:
        model: Name of a model, which is downloaded when it is first used, or its folder; empty
            for none.
    """

    def __init__(self, model: str) -> None:
        self._model = model

    @property
    def is_there(self) -> bool:
        return bool(self._model) and find_spec("faster_whisper") is not None

    def transcribe(
        self, source: Path, info: MediaInfo, *, folder: Path, ffmpeg: Path, watch: Watch
    ) -> Transcript | None:
        """Listen to all of it; some minutes for an hour.

        Args:
            folder: Where the sound lies meanwhile, uncompressed: 115 MB for an hour.

        Returns:
            None when nothing is said.

        Raises:
            SourceError: The model cannot be loaded, or fails.
            ToolFailed, ToolMissing, DiskFull, Cancelled: As `read_ffmpeg`.
        """
        if info.sound is None:
            return None
        sound = folder / "speech.wav.tmp"
        try:
            _take_sound(source, info, sound, ffmpeg=ffmpeg, watch=watch)
            return self._recognised(sound, watch)
        finally:
            sound.unlink(missing_ok=True)

    def _recognised(self, sound: Path, watch: Watch) -> Transcript | None:
        heard = _Heard(watch)
        local = Path(self._model).is_dir()
        request = {"wav": str(sound), "model": self._model, "local": local}
        try:
            converse(
                [sys.executable, "-P", str(PROGRAM)],
                json.dumps(request),
                on_line=heard.take,
                watch=watch,
                stalled=STALLED,
                deadline=LONGEST,
            )
        except ToolFailed as exc:
            raise SourceError(
                "speech could not be recognised",
                hint="Check GRAVIX_STT_MODEL; without it, cuts go by the pauses of the sound.",
            ) from exc
        return heard.transcript()


class _Heard:
    """Collects the lines of the program."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._language = ""
        self._cues: list[Cue] = []
        self._words: list[Word] = []

    def take(self, line: str) -> None:
        told: dict[str, Any] = json.loads(line)
        if "progress" in told:
            self._watch.progress(LISTENED + (100 - LISTENED) * float(told["progress"]) / 100)
        self._language = str(told.get("language", self._language))
        words = [Word(text, _span(start, end)) for text, start, end in told.get("said", ())]
        if words:
            self._words += words
            text = " ".join(word.text for word in words)
            self._cues.append(Cue(text, Span(words[0].span.start, words[-1].span.end)))

    def transcript(self) -> Transcript | None:
        if not self._words:
            return None
        return Transcript(
            words=tuple(sorted(self._words, key=lambda word: word.span.start)),
            cues=tuple(sorted(self._cues, key=lambda cue: cue.span.start)),
            exact_words=True,
            language=self._language,
            origin="recognition",
        )


def _span(start: Seconds, end: Seconds) -> Span:
    return Span(start, max(end, start + TICK))


def _take_sound(source: Path, info: MediaInfo, target: Path, *, ffmpeg: Path, watch: Watch) -> None:
    """From 0 of our own time on, in one channel."""
    stream = info.sound.stream if info.sound else 0
    graph = (
        f"[0:{stream}]aresample=async=1:first_pts=0,aformat=channel_layouts=mono,"
        f"aresample={RATE},aformat=sample_fmts=s16[a]"
    )
    argv = [
        *(str(ffmpeg), "-loglevel", "error"),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", f"file:{source}"),
        *("-filter_complex", graph, "-map", "[a]", "-f", "s16le", "pipe:1"),
    ]
    total = max(1.0, info.duration * RATE * 2)
    done = 0
    with room_watched(), wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for block in read_ffmpeg(argv, block=1 << 20, watch=watch):
            file.writeframesraw(block)
            done += len(block)
            watch.progress(LISTENED * min(1.0, done / total))
