"""Turn sentences into sound and the time of each word, with espeak-ng."""

from __future__ import annotations

import ctypes
import re
import sys
import wave
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctypes import _Pointer

Seconds = float

LIBRARY = "libespeak-ng.so.1"
VOICE = "en-us+f3"
WORDS_PER_MINUTE = 160
SILENT = 160
"""Loudest sample, of 32767, that counts as silence around a sentence."""

# speak_lib.h of espeak-ng 1.51
SYNCHRONOUS = 2
RATE = 1
UTF8 = 1
LIST_END = 0
WORD = 1


class SpeechError(Exception):
    """espeak-ng is absent, or did not say what it was asked for."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word with its punctuation; times are seconds from the start of the sound."""

    text: str
    start: Seconds
    end: Seconds
    """Start of the next word of the sentence, or the end of the sentence."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Mono sound of 16 bits, and what is said in it."""

    samples: array[int]
    rate: int
    words: tuple[SpokenWord, ...]

    @property
    def duration(self) -> Seconds:
        return len(self.samples) / self.rate


class Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event)
)


class Voice:
    """espeak-ng, ready to speak.  Its state belongs to the process: use one at a time.

    Raises:
        SpeechError: espeak-ng or the voice is not installed.
    """

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL(LIBRARY)
        except OSError as exc:
            raise SpeechError(f"{LIBRARY} cannot be loaded: install espeak-ng") from exc
        self.rate: int = self._library.espeak_Initialize(SYNCHRONOUS, 0, None, 0)
        if self.rate <= 0 or self._library.espeak_SetVoiceByName(VOICE.encode()):
            raise SpeechError(f"espeak-ng has no voice {VOICE}")
        self._library.espeak_SetParameter(RATE, WORDS_PER_MINUTE, 0)
        self._samples = array("h")
        self._starts: dict[int, Seconds] = {}
        self._callback = Callback(self._take)  # espeak-ng holds no reference
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, sentence: str) -> Speech:
        """Say one sentence of ASCII text, without the silence around it.

        Raises:
            SpeechError: Nothing came, or two words were run into one.
        """
        self._samples, self._starts = array("h"), {}
        text = sentence.encode("ascii")
        size = ctypes.c_size_t(len(text) + 1)
        failed = self._library.espeak_Synth(text, size, 0, 1, 0, UTF8, None, None)
        loud = [at for at, sample in enumerate(self._samples) if abs(sample) > SILENT]
        if failed or not loud:
            raise SpeechError(f"espeak-ng did not say {sentence!r}")
        first, end = loud[0], loud[-1] + 1
        starts = {at: max(0.0, time - first / self.rate) for at, time in self._starts.items()}
        words = _timed(sentence, starts, end=(end - first) / self.rate)
        return Speech(self._samples[first:end], self.rate, words)

    def _take(self, pcm: _Pointer[ctypes.c_short], count: int, events: _Pointer[Event]) -> int:
        if pcm and count:
            self._samples.frombytes(ctypes.string_at(pcm, count * self._samples.itemsize))
        at = 0
        while events[at].type != LIST_END:
            if events[at].type == WORD:
                self._starts[events[at].text_position - 1] = events[at].audio_position / 1000
            at += 1
        return 0


def speak(sentences: Sequence[str], pauses: Sequence[Seconds], *, lead: Seconds) -> Speech:
    """Say sentences one after the other.

    Args:
        sentences: In the order of speaking.
        pauses: Silence after each sentence.
        lead: Silence before the first.

    Raises:
        SpeechError: As `Voice`.
    """
    voice = Voice()
    samples = _silence(lead, voice.rate)
    words: list[SpokenWord] = []
    for sentence, pause in zip(sentences, pauses, strict=True):
        said, offset = voice.say(sentence), len(samples) / voice.rate
        words += (SpokenWord(w.text, offset + w.start, offset + w.end) for w in said.words)
        samples += said.samples + _silence(pause, voice.rate)
    return Speech(samples, voice.rate, tuple(words))


def save(speech: Speech, file: Path) -> None:
    """Write the sound as a WAV file."""
    samples = array("h", speech.samples)
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(samples.itemsize)
        out.setframerate(speech.rate)
        out.writeframes(samples.tobytes())


def _timed(sentence: str, starts: Mapping[int, Seconds], *, end: Seconds) -> tuple[SpokenWord, ...]:
    tokens = list(re.finditer(r"\S+", sentence))
    joined = [token.group() for token in tokens if token.start() not in starts]
    if joined:
        raise SpeechError(f"espeak-ng gives no time for {joined} in {sentence!r}")
    times = [*(starts[token.start()] for token in tokens), end]
    spans = pairwise(times)
    return tuple(
        SpokenWord(token.group(), *span) for token, span in zip(tokens, spans, strict=True)
    )


def _silence(duration: Seconds, rate: int) -> array[int]:
    return array("h", [0]) * round(duration * rate)
