"""Sentences and voices in, sound with the time of every word and of every pause out.

espeak-ng speaks each sentence apart, so a sentence's times are exact; those of the words are the
ones that it tells.  Pauses are looked for in the clean voice, before anything is laid under it.
"""

from __future__ import annotations

import ctypes
import re
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gravix_core.model import Seconds, Span, Word
from sample.speech import (
    LIBRARY,
    LIST_END,
    RATE,
    SYNCHRONOUS,
    UTF8,
    WORD,
    Callback,
    Event,
    SpeechError,
)

if TYPE_CHECKING:
    from ctypes import _Pointer

Samples = NDArray[np.float32]

VOICES = ("en-us+f3", "en-us+m7")
WORDS_PER_MINUTE = 165
QUIET = 160 / 32768
"""Loudest sample that counts as silence around a sentence."""
STEP: Seconds = 0.01
SILENT = 10 ** (-50 / 20)
"""A step of the clean voice below this is a pause."""
SHORTEST_PAUSE: Seconds = 0.1


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a talk, and who says it."""

    text: str
    span: Span
    speaker: int
    words: tuple[Word, ...]
    """Each ends where the next one begins, or where the voice falls silent before that."""

    def moved(self, by: Seconds) -> Sentence:
        words = tuple(Word(word.text, _moved(word.span, by)) for word in self.words)
        return replace(self, span=_moved(self.span, by), words=words)


@dataclass(frozen=True, slots=True)
class Speech:
    """Mono sound, -1..1, and what is said in it."""

    samples: Samples
    rate: int
    sentences: tuple[Sentence, ...]
    pauses: tuple[Span, ...]
    """Where the voice is silent, whatever lies under it."""

    @property
    def duration(self) -> Seconds:
        return len(self.samples) / self.rate

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for sentence in self.sentences for word in sentence.words)


def _moved(span: Span, by: Seconds) -> Span:
    return Span(max(0.0, span.start + by), span.end + by)


class Voices:
    """espeak-ng, ready to speak.  Its state belongs to the process: a second one mutes the first.

    Raises:
        SpeechError: espeak-ng is not installed.
    """

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL(LIBRARY)
        except OSError as exc:
            raise SpeechError(f"{LIBRARY} cannot be loaded: install espeak-ng") from exc
        self.rate: int = self._library.espeak_Initialize(SYNCHRONOUS, 0, None, 0)
        if self.rate <= 0:
            raise SpeechError("espeak-ng does not start: its data is missing")
        self._sound = bytearray()
        self._starts: dict[int, Seconds] = {}
        self._callback = Callback(self._take)  # espeak-ng holds no reference
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, sentence: str, voice: str) -> tuple[Samples, tuple[Word, ...]]:
        """Say one sentence of ASCII text, without the silence around it.

        Raises:
            SpeechError: There is no such voice, or nothing came.
        """
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise SpeechError(f"espeak-ng has no voice {voice}")
        self._library.espeak_SetParameter(RATE, WORDS_PER_MINUTE, 0)
        self._sound, self._starts = bytearray(), {}
        text = sentence.encode("ascii")
        size = ctypes.c_size_t(len(text) + 1)
        self._library.espeak_Synth(text, size, 0, 1, 0, UTF8, None, None)
        samples: Samples = np.frombuffer(bytes(self._sound), np.int16).astype(np.float32)
        samples /= np.float32(32768)
        loud = np.flatnonzero(np.abs(samples) > QUIET)
        if not len(loud):
            raise SpeechError(f"espeak-ng did not say {sentence!r}")
        first, end = int(loud[0]), int(loud[-1]) + 1
        starts = {at: max(0.0, time - first / self.rate) for at, time in self._starts.items()}
        return samples[first:end], timed(sentence, starts, end=(end - first) / self.rate)

    def _take(self, pcm: _Pointer[ctypes.c_short], count: int, events: _Pointer[Event]) -> int:
        if pcm and count:
            self._sound += ctypes.string_at(pcm, count * 2)
        at = 0
        while events[at].type != LIST_END:
            event = events[at]
            if event.type == WORD:
                self._starts[event.text_position - 1] = event.audio_position / 1000
            at += 1
        return 0


def timed(sentence: str, starts: Mapping[int, Seconds], *, end: Seconds) -> tuple[Word, ...]:
    """Give every word its time; one that was run into the word before takes its share of it."""
    tokens = list(re.finditer(r"\S+", sentence))
    known = {0: 0.0} | {n: starts[t.start()] for n, t in enumerate(tokens) if t.start() in starts}
    numbers, times = [*known, len(tokens)], [*known.values(), end]
    at = np.interp(np.arange(len(tokens) + 1), numbers, times)
    return tuple(
        Word(token.group(), Span(float(start), float(max(stop, start + 0.01))))
        for token, (start, stop) in zip(tokens, pairwise(at), strict=True)
    )


def speak(lines: Sequence[tuple[int, str]], pauses: Sequence[Seconds], *, voices: Voices) -> Speech:
    """Say lines one after the other, each by its speaker, with a pause before each and at the end.

    Raises:
        SpeechError: As `Voices`.
    """
    rate, sentences = voices.rate, []
    pieces: list[Samples] = [_silence(pauses[0], rate)]
    offset = len(pieces[0])
    for (speaker, text), pause in zip(lines, pauses[1:], strict=True):
        samples, words = voices.say(text, VOICES[speaker])
        start = offset / rate
        moved = tuple(Word(w.text, Span(start + w.span.start, start + w.span.end)) for w in words)
        span = Span(start, start + len(samples) / rate)
        sentences.append(Sentence(text, span, speaker, moved))
        pieces += [samples, _silence(pause, rate)]
        offset += len(samples) + len(pieces[-1])
    sound = np.concatenate(pieces)
    silences = find_pauses(sound, rate)
    return Speech(sound, rate, tuple(_trimmed(one, silences) for one in sentences), silences)


def find_pauses(samples: Samples, rate: int) -> tuple[Span, ...]:
    """Where a clean voice is silent."""
    step = round(STEP * rate)
    rows = samples[: len(samples) // step * step].reshape(-1, step)
    quiet = np.sqrt((rows * rows).mean(axis=1)) < SILENT
    edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False])).astype(np.int8)))
    found = (
        Span(float(a * step / rate), float(b * step / rate))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    )
    return tuple(span for span in found if span.duration >= SHORTEST_PAUSE)


def _trimmed(sentence: Sentence, silences: Sequence[Span]) -> Sentence:
    """Let no word last into a pause."""
    return replace(sentence, words=tuple(_cut_short(word, silences) for word in sentence.words))


def _cut_short(word: Word, silences: Sequence[Span]) -> Word:
    inside = (s.start for s in silences if word.span.start + 0.05 < s.start < word.span.end)
    end = min(inside, default=word.span.end)
    return replace(word, span=Span(word.span.start, end))


def under(speech: Speech, bed: str, *, level: float, seed: int) -> Samples:
    """Lay music or noise under a voice.

    Args:
        speech: The voice.
        bed: ``music``, ``noise`` or nothing.
        level: How loud, in dB of the voice's own mean while it speaks.
        seed: Of the noise.
    """
    if not bed:
        return speech.samples
    sound = _chords(speech) if bed == "music" else _pink(speech, seed)
    voiced = speech.samples[np.abs(speech.samples) > QUIET]
    mean = float(np.sqrt((voiced * voiced).mean()))
    gain = mean * 10 ** (level / 20) / float(np.sqrt((sound * sound).mean()))
    return np.clip(speech.samples + gain * sound, -1, 1).astype(np.float32)


def _chords(speech: Speech) -> Samples:
    """Three notes with overtones, another chord every 2 s, each struck and fading."""
    time = np.arange(len(speech.samples)) / speech.rate
    sound = np.zeros(len(time))
    for number, root in enumerate((220.0, 174.61, 261.63, 196.0)):
        on = (time // 2).astype(int) % 4 == number
        decay = np.exp(-0.8 * (time % 2))
        for ratio in (1.0, 1.25, 1.5, 2.0, 3.0):
            sound += on * decay * np.sin(2 * np.pi * root * ratio * time) / ratio
    return sound.astype(np.float32)


def _pink(speech: Speech, seed: int) -> Samples:
    white = np.random.default_rng(seed).standard_normal(len(speech.samples))
    spectrum = np.fft.rfft(white)
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    return np.fft.irfft(spectrum, len(white)).astype(np.float32)


def _silence(duration: Seconds, rate: int) -> Samples:
    return np.zeros(round(duration * rate), np.float32)


def save(samples: Samples, rate: int, file: Path) -> None:
    """Write the sound as a WAV file of 16 bits."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
