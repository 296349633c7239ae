"""Scripts, voices and footage in; talks of which everything is known out."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, pairwise
from pathlib import Path

from benchmarks.quality.scenes import FPS, Shot, Turn, film
from benchmarks.quality.script import INTERVIEW, LECTURE, POOL
from benchmarks.quality.speech import Sentence, Speech, Voices, save, speak, under
from benchmarks.quality.tool import ffmpeg
from gravix_core.model import Seconds, Span, Word

SHORTEST_GAP, LONGEST_GAP = 0.18, 0.9
"""Seconds between two sentences."""
CHEAP = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "40", "-pix_fmt", "yuv420p")
LOSSY = ("-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2")


@dataclass(frozen=True, slots=True)
class Talk:
    """A film that the benchmark has made, and the truth about it."""

    name: str
    file: Path
    duration: Seconds
    sentences: tuple[Sentence, ...]
    pauses: tuple[Span, ...]
    shots: tuple[Shot, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for sentence in self.sentences for word in sentence.words)

    def part(self, start: Seconds, seconds: Seconds, file: Path) -> Talk:
        """The truth about a piece of it, of which the film is another."""
        inside = [
            s for s in self.sentences if start <= s.span.start and s.span.end <= start + seconds
        ]
        sentences = tuple(sentence.moved(-start) for sentence in inside)
        return Talk(file.stem, file, seconds, sentences, ())

    def speaker(self, at: Seconds) -> int | None:
        """Who speaks at a moment; None in a pause."""
        return next((s.speaker for s in self.sentences if s.span.start <= at < s.span.end), None)


class Workshop:
    """Makes talks; what is made is kept in its folder and found again.

    Raises:
        SpeechError: espeak-ng is not installed.
    """

    def __init__(self, folder: Path, media: Path) -> None:
        self._folder, self._media = folder, media
        self.voices = Voices()
        folder.mkdir(parents=True, exist_ok=True)

    def interview(self, name: str, lines: int, *, still: float, only_two: bool = False) -> Talk:
        """Two people: shots of both, and of each alone, off the centre."""
        speech = self._spoken(INTERVIEW[:lines], seed=7)
        shots = tuple(interview_shots(speech, only_two=only_two))
        return self._filmed(name, speech, shots, still=still, bed="", level=0)

    def lecture(self, name: str, sentences: int) -> Talk:
        """One person in many views, slides, and pictures without anybody; music under it."""
        lines = [(0, text) for text in LECTURE[:sentences]]
        speech = self._spoken(lines, seed=11)
        return self._filmed(
            name, speech, tuple(lecture_shots(speech)), still=0, bed="music", level=-22
        )

    def heard(
        self, name: str, minutes: float, *, seed: int, bed: str = "", level: float = 0
    ) -> Talk:
        """A long talk of two voices whose picture is of no account."""
        speech = self._spoken(drawn(minutes, seed), seed=seed)
        picture = f"color=0x304050:s=320x180:r=10:d={speech.duration:.3f}"
        talk = Talk(
            name,
            self._folder / f"{name}.mp4",
            speech.duration,
            speech.sentences,
            speech.pauses,
        )
        words = ("-f", "lavfi", "-i", picture)
        return self._made(talk, speech, _Bed(bed, level, seed), words, (*CHEAP, "-shortest"))

    def _spoken(self, lines: Sequence[tuple[int, str]], *, seed: int) -> Speech:
        draw = random.Random(seed)
        gaps = [round(draw.uniform(SHORTEST_GAP, LONGEST_GAP), 2) for _ in range(len(lines) + 1)]
        return speak(lines, gaps, voices=self.voices)

    def _filmed(
        self,
        name: str,
        speech: Speech,
        shots: tuple[Shot, ...],
        *,
        still: float,
        bed: str,
        level: float,
    ) -> Talk:
        picture = film(shots, media=self._media, folder=self._folder / "films", still=still)
        talk = Talk(
            name,
            self._folder / f"{name}.mp4",
            shots[-1].span.end,
            speech.sentences,
            speech.pauses,
            shots,
        )
        words = ("-i", str(picture))
        return self._made(talk, speech, _Bed(bed, level, 1), words, ("-c:v", "copy"))

    @staticmethod
    def _made(
        talk: Talk, speech: Speech, bed: _Bed, picture: Sequence[str], codec: Sequence[str]
    ) -> Talk:
        """Put sound and picture together, unless the very same was made before."""
        truth = {**asdict(talk), "file": talk.file.name, "of": [*picture, asdict(bed)]}
        told, beside = json.dumps(truth, default=float), talk.file.with_suffix(".truth.json")
        if talk.file.is_file() and beside.is_file() and beside.read_text() == told:
            return talk
        wav = talk.file.with_suffix(".wav")
        sound = under(speech, bed.kind, level=bed.level, seed=bed.seed)
        save(sound, speech.rate, wav)
        ffmpeg(*picture, "-i", wav, *codec, *LOSSY, talk.file)
        wav.unlink()
        beside.write_text(told)
        return talk


@dataclass(frozen=True, slots=True)
class _Bed:
    """What lies under the voices, as `under` takes it."""

    kind: str
    level: float
    seed: int


def drawn(minutes: float, seed: int) -> list[tuple[int, str]]:
    """Sentences of the pool in an order of chance; the voice changes every few of them."""
    draw = random.Random(seed)
    lines: list[tuple[int, str]] = []
    speaker = 0
    while len(lines) < 15 * minutes:
        for text in draw.sample(POOL, len(POOL)):
            speaker = 1 - speaker if draw.random() < 0.2 else speaker
            lines.append((speaker, text))
    return lines[: round(15 * minutes)]


def interview_shots(speech: Speech, *, only_two: bool) -> Iterator[Shot]:
    """Both, then the one who speaks most, then both …; cuts lie at moments of chance."""
    looks = {0: cycle(("anna-left", "anna-right")), 1: cycle(("bert-left", "bert-close"))}
    cuts = _cuts(speech.duration, 60 if only_two else 9, 75 if only_two else 22, seed=3)
    for number, span in enumerate(cuts):
        turns = turns_of(speech.sentences, span)
        if only_two or number % 2 == 0:
            yield Shot(span, "two", ("anna-half", "bert-half"), turns)
        else:
            said = [sum(t.seconds for t in turns if t.speaker == who) for who in (0, 1)]
            yield Shot(span, "one", (next(looks[int(said[1] > 3 * said[0])]),))


def lecture_shots(speech: Speech) -> Iterator[Shot]:
    """One view after the other."""
    views = (
        ("one", "dan"), ("slide", "text"), ("one", "anna-left"), ("one", "clara"),
        ("slide", "chart"), ("one", "anna-moving"), ("none", "city"), ("one", "anna-right"),
        ("screen", "code", "dan"), ("one", "bert-far"), ("none", "globe"), ("one", "clara"),
        ("slide", "code"), ("one", "bert-close"), ("none", "backs"), ("one", "anna-moving"),
    )  # fmt: skip
    for span, (kind, *show) in zip(_cuts(speech.duration, 8, 16, seed=5), cycle(views)):
        yield Shot(span, kind, tuple(show))


def _cuts(duration: Seconds, shortest: int, longest: int, *, seed: int) -> Iterator[Span]:
    """Spans of whole frames that fill the duration."""
    draw = random.Random(seed)
    frames, start = int(duration * FPS), 0
    while start < frames:
        end = start + draw.randint(shortest * FPS, longest * FPS)
        if end > frames - shortest * FPS:
            end = frames
        yield Span(start / FPS, end / FPS)
        start = end


def turns_of(sentences: Sequence[Sentence], span: Span) -> tuple[Turn, ...]:
    """Who has the word in a stretch: from where a sentence begins until the other's begins."""
    begins = [
        (s.span.start, s.speaker)
        for s, before in zip(sentences, [None, *sentences], strict=False)
        if before is None or before.speaker != s.speaker
    ]
    points = [(0.0, begins[0][1]), *begins[1:], (float("inf"), 0)]
    turns = []
    for (start, speaker), (end, _) in pairwise(points):
        seconds = min(end, span.end) - max(start, span.start)
        if seconds > 0:
            turns.append(Turn(speaker, seconds))
    return tuple(turns)


def write_json3(talk: Talk, *, punctuated: bool = True) -> Path:
    """Put a transcript in YouTube's form, with the time of every word, beside the film."""
    file = talk.file.with_suffix(".json3")
    events = [_event(line, punctuated=punctuated) for line in _lines(talk, punctuated=punctuated)]
    file.write_text(json.dumps({"wireMagic": "pb3", "events": events}))
    return file


def _lines(talk: Talk, *, punctuated: bool) -> list[tuple[Word, ...]]:
    """By sentence; a track that was only heard has lines of so many words, across sentences."""
    if punctuated:
        return [sentence.words for sentence in talk.sentences]
    words = talk.words
    return [words[at : at + 7] for at in range(0, len(words), 7)]


def _event(words: Sequence[Word], *, punctuated: bool) -> dict[str, object]:
    start = round(words[0].span.start * 1000)
    segments = [
        {
            "utf8": ("" if n == 0 else " ") + (word.text if punctuated else _bare(word.text)),
            "tOffsetMs": round(word.span.start * 1000) - start,
        }
        for n, word in enumerate(words)
    ]
    duration = round(words[-1].span.end * 1000) - start
    return {"tStartMs": start, "dDurationMs": duration, "segs": segments}


def _bare(word: str) -> str:
    return word.strip(".,?!").lower() or word
