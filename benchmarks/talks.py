"""A seed in; a talk out, spoken by espeak-ng, of which every sentence, word and pause is known.

espeak-ng's own library says where its words begin: ``apt-get install espeak-ng``.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Cue, Seconds, Span, Transcript, Word

RATE = 22050
"""Samples per second that espeak-ng makes."""
VOICES = ("en-us", "en-gb+f3")
PAUSES: tuple[Seconds, Seconds] = (0.18, 0.8)
"""Between two sentences."""
SILENT = 1e-3
"""Of full scale: what is softer in a clean voice is a pause."""
CUE_LETTERS = 80

Samples = NDArray[np.float32]

_OPENINGS = (
    "Nobody told me that", "I used to believe that", "Most people think that", "The truth is that",
    "We found out that", "Last summer I learned that", "My teacher always said that",
    "It turns out that", "Every morning I notice that", "To be honest,", "Look,",
    "Here is the thing:", "Between you and me,", "In the year two thousand and ten,", "Well,",
)  # fmt: skip
_MIDDLES = (
    "the best ideas come when you stop looking for them", "a small garden needs more care than"
    " a large one", "you can learn a language in the time that you spend in queues",
    "old cameras, even the broken ones, still teach you to wait", "the market changed",
    "we lost the whole recording because nobody had charged the battery",
    "good coffee is a question of water, not of beans", "the bridge was built in nine weeks",
    "people remember how you made them feel, and they forget the slides",
    "Dr. Miller was right about the second experiment", "it rains less than 3.5 days a month",
    "the engine, which everybody had given up on, started at once", "silence is part of music",
    "practice beats talent", "every map is a little wrong, and that is why it helps",
    "our first customer paid in apples", "no plan survives its first contact with children",
)  # fmt: skip
_ENDS = (".", ".", ".", ".", "!", "?", ", and that is all there is to say about it.",
         ", at least where I come from.", ", which surprised even me.")  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Talk:
    """Speech and the truth about it."""

    sound: Samples
    words: tuple[Word, ...]
    sentences: tuple[Span, ...]
    silences: tuple[Span, ...]
    """All pauses of the clean voice, those inside sentences too."""

    @property
    def duration(self) -> Seconds:
        return len(self.sound) / RATE


def make_talk(seed: int, seconds: Seconds) -> Talk:
    """Two voices take turns of a few sentences."""
    dice = random.Random(seed)
    parts: list[Samples] = [np.zeros(RATE // 2, dtype=np.float32)]
    words: list[Word] = []
    sentences: list[Span] = []
    at, turn, voice = 0.5, 0, 0
    while at < seconds:
        if turn == 0:
            turn, voice = dice.randint(1, 5), 1 - voice
        turn -= 1
        text = f"{dice.choice(_OPENINGS)} {dice.choice(_MIDDLES)}{dice.choice(_ENDS)}"
        sound, spoken = _spoken(text, VOICES[voice], dice.randint(145, 185))
        words += [Word(w.text, Span(w.span.start + at, w.span.end + at)) for w in spoken]
        sentences.append(Span(at, at + len(sound) / RATE))
        pause = np.zeros(round(dice.uniform(*PAUSES) * RATE), dtype=np.float32)
        parts += [sound, pause]
        at += (len(sound) + len(pause)) / RATE
    whole = np.concatenate(parts)
    return Talk(whole, tuple(words), tuple(sentences), _silences(whole))


def exact(talk: Talk) -> Transcript:
    """As a recogniser with measured words writes it."""
    cues = tuple(Cue(w.text, w.span) for w in talk.words)
    return Transcript(talk.words, cues, exact_words=True)


def starts_only(talk: Talk) -> Transcript:
    """As YouTube's json3: a word lasts until the next one, for a second at most."""
    starts = [w.span.start for w in talk.words[1:]] + [talk.duration]
    words = tuple(
        Word(w.text, Span(w.span.start, min(stop, w.span.start + 1.0)))
        for w, stop in zip(talk.words, starts, strict=True)
    )
    return Transcript(words, tuple(Cue(w.text, w.span) for w in words), exact_words=True)


def unpunctuated(transcript: Transcript) -> Transcript:
    words = tuple(replace(w, text=w.text.strip(".,:;!?").lower()) for w in transcript.words)
    return replace(transcript, words=words)


def subtitled(talk: Talk) -> Transcript:
    """As an .srt: cues that know nothing of sentences, words spread over them by length."""
    groups: list[list[Word]] = [[]]
    for word in talk.words:
        if sum(len(one.text) + 1 for one in groups[-1]) + len(word.text) > CUE_LETTERS:
            groups.append([])
        groups[-1].append(word)
    cues = tuple(
        Cue(" ".join(w.text for w in g), Span(g[0].span.start, g[-1].span.end)) for g in groups
    )
    words = tuple(word for cue in cues for word in _spread(cue))
    return Transcript(words, cues, exact_words=False)


def mixed(voice: Samples, kind: str, decibels: float, seed: int = 1) -> Samples:
    """`voice` over "music" or "noise" that is softer by so many decibels; "clean" is alone."""
    if kind == "clean":
        return voice
    under = _music(len(voice), seed) if kind == "music" else _noise(len(voice), seed)
    spoken = voice[np.abs(voice) > SILENT]
    ratio = np.sqrt(np.mean(spoken**2) / np.mean(under**2)) * 10 ** (-decibels / 20)
    both = voice + under * ratio
    return np.asarray(both / max(1.0, float(np.abs(both).max()) * 1.05), dtype=np.float32)


def write_film(sound: Samples, file: Path) -> Path:
    """A small dark film with that sound, coded as AAC."""
    argv = [
        *(str(ffmpeg_program()), "-y", "-loglevel", "error"),
        *("-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0"),
        *("-f", "lavfi", "-i", "color=black:s=64x36:r=5", "-shortest"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-b:a", "96k", f"file:{file}"),
    ]
    subprocess.run(argv, input=sound.tobytes(), check=True)
    return file


def _spread(cue: Cue) -> list[Word]:
    texts = cue.text.split()
    per_letter = cue.span.duration / sum(len(text) + 1 for text in texts)
    words, at = [], cue.span.start
    for text in texts:
        stop = at + per_letter * (len(text) + 1)
        words.append(Word(text, Span(at, stop)))
        at = stop
    return words


def _music(length: int, seed: int) -> Samples:
    """Chords that swell, plucked notes, a drum and a bass: some of it in the voice's band."""
    dice = np.random.default_rng(seed)
    time = np.arange(length) / RATE
    out = np.zeros(length)
    roots = (220.0, 174.6, 261.6, 196.0)
    for bar in range(int(time[-1] / 2) + 1):
        begin, end = bar * 2 * RATE, min(length, (bar + 1) * 2 * RATE)
        here = time[begin:end]
        root = roots[bar % 4]
        swell = 0.6 + 0.4 * np.sin(np.pi * (here - here[0]) / 2) if len(here) else here
        for step in (0.25, 0.5, 1, 1.25, 1.5, 2):
            out[begin:end] += swell * np.sin(2 * np.pi * root * step * here) / (2 + step)
        for beat in range(4):
            start = begin + beat * RATE // 2
            ring = time[: max(0, min(length - start, RATE // 2))]
            note = root * dice.choice([2, 2.25, 2.5, 3, 4])
            out[start : start + len(ring)] += np.exp(-6 * ring) * np.sin(2 * np.pi * note * ring)
            out[start : start + len(ring)] += 1.5 * np.exp(-25 * ring) * np.sin(120 * np.pi * ring)
    return out.astype(np.float32)


def _noise(length: int, seed: int) -> Samples:
    """Pink, with a slow swell, as of traffic."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(length))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    swell = 1 + 0.3 * np.sin(2 * np.pi * np.arange(length) / RATE / 17)
    return (np.fft.irfft(spectrum, length) * swell).astype(np.float32)


def _silences(sound: Samples) -> tuple[Span, ...]:
    step = RATE // 100
    loud = np.abs(sound[: len(sound) // step * step]).reshape(-1, step).max(axis=1) > SILENT
    edges = np.flatnonzero(np.diff(np.concatenate(([True], loud, [True])).astype(np.int8)))
    long = [(a, b) for a, b in edges.reshape(-1, 2).tolist() if b - a >= 5]
    return tuple(Span(a * step / RATE, b * step / RATE) for a, b in long)


def _spoken(text: str, voice: str, rate: int) -> tuple[Samples, list[Word]]:
    """The sound without the silence around it, and its words."""
    raw, marks = _Espeak.only().say(text, voice, rate)
    loud = np.flatnonzero(np.abs(raw) > SILENT)
    begin, end = int(loud[0]), int(loud[-1]) + 1
    starts = _starts_of_words(text, marks)
    texts = text.split()
    words = []
    for n, (one, start) in enumerate(zip(texts, starts, strict=True)):
        stop = starts[n + 1] if n + 1 < len(starts) else end / RATE
        inside = loud[(loud >= start * RATE) & (loud < stop * RATE)]
        last = (int(inside[-1]) + 1) / RATE if len(inside) else stop
        words.append(Word(one, Span(max(0.0, start - begin / RATE), last - begin / RATE)))
    return raw[begin:end], words


def _starts_of_words(text: str, marks: Sequence[tuple[int, Seconds]]) -> list[Seconds]:
    """By the letter where each begins; the library may see two words in one of ours, or none."""
    starts: list[Seconds] = []
    position = 0
    for word in text.split():
        position = text.index(word, position)
        within = [at for letter, at in marks if position <= letter < position + len(word)]
        guess = starts[-1] + 0.05 if starts else 0.0
        starts.append(max(within[0] if within else guess, guess if starts else 0.0))
        position += len(word)
    return starts


class _Event(ctypes.Structure):
    """espeak_EVENT of espeak-ng/speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int), ("unique", ctypes.c_uint), ("letter", ctypes.c_int),
        ("length", ctypes.c_int), ("milliseconds", ctypes.c_int), ("sample", ctypes.c_int),
        ("data", ctypes.c_void_p), ("id", ctypes.c_longlong),
    )  # fmt: skip


_Heard = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)
_WORD, _SYNCHRONOUS, _UTF8, _SPEED = 1, 2, 1, 1


class _Espeak:
    """The library, which can be opened once."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("espeak-ng")
        if name is None:
            raise SystemExit("espeak-ng is not installed: apt-get install espeak-ng")
        self._library: Any = ctypes.CDLL(name)
        self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)
        self._blocks: list[Samples] = []
        self._marks: list[tuple[int, Seconds]] = []
        self._callback = _Heard(self._hear)
        self._library.espeak_SetSynthCallback(self._callback)

    @staticmethod
    @cache
    def only() -> _Espeak:
        return _Espeak()

    def say(self, text: str, voice: str, rate: int) -> tuple[Samples, list[tuple[int, Seconds]]]:
        """The sound, and which letter begins a word when."""
        self._blocks, self._marks = [], []
        self._library.espeak_SetVoiceByName(voice.encode())
        self._library.espeak_SetParameter(_SPEED, rate, 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, 0, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return np.concatenate(self._blocks), self._marks

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if count > 0:
            block = np.ctypeslib.as_array(samples, (count,)).astype(np.float32) / 32768
            self._blocks.append(block)
        at = 0
        while events[at].type:
            if events[at].type == _WORD:
                self._marks.append((events[at].letter - 1, events[at].milliseconds / 1000))
            at += 1
        return 0
