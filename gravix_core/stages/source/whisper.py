"""A WAV file in, the words that are said in it out, line by line.

A program of its own (started by recognition.py), since what it loads takes some hundred megabytes
and may fail in ways that end a process.  Only the standard library and faster-whisper with what
that brings along; the only file that imports it.

    python -P whisper.py REQUEST

REQUEST is a JSON file: ``{"wav": path, "model": name or folder, "local": bool}``.  Each line that
it writes is one JSON object: ``{"language": "en"}`` once, ``{"said": [[word, start, end], …]}``
for each sentence or so, in seconds, ``{"progress": percent}``; the last one is ``{"done": true}``.
"""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RATE = 16_000
PIECE = 600
"""Seconds that are in memory at once."""
SEAM = 20
"""So many of the last ones are searched for the quietest moment, at which the piece ends."""
QUIET = RATE // 5


def main(argv: list[str]) -> int:
    request = json.loads(Path(argv[0]).read_text(encoding="utf-8"))
    from faster_whisper import WhisperModel  # noqa: PLC0415  takes seconds

    model = WhisperModel(
        request["model"],
        device="cpu",
        compute_type="int8",
        local_files_only=bool(request["local"]),
    )
    language = None
    with wave.open(request["wav"]) as sound:
        total = max(1, sound.getnframes())
        for at, piece in pieces(sound):
            segments, info = model.transcribe(
                piece,
                language=language,
                beam_size=1,
                word_timestamps=True,
                vad_filter=True,
                condition_on_previous_text=False,
            )
            if language is None:
                language = info.language
                say({"language": language})
            for segment in segments:
                words = [_word(word, at) for word in segment.words or ()]
                say({"said": [word for word in words if word[0]]})
                say({"progress": min(100.0, 100 * (at + segment.end) * RATE / total)})
            say({"progress": min(100.0, 100 * (at * RATE + len(piece)) / total)})
    say({"done": True})
    return 0


def pieces(sound: wave.Wave_read) -> Iterator[tuple[float, Any]]:
    """Start in seconds and samples, -1 .. 1, of stretches that end where it is quiet."""
    import numpy as np  # noqa: PLC0415  as above

    done = 0
    rest: Any = np.zeros(0, np.float32)
    while read := sound.readframes(PIECE * RATE - len(rest)):
        fresh = np.frombuffer(read, "<i2").astype(np.float32) / 32768
        held = np.concatenate((rest, fresh))
        if len(held) < PIECE * RATE:
            rest = held
            continue
        tail = held[-SEAM * RATE :].reshape(-1, QUIET)
        quietest = int(np.square(tail).mean(axis=1).argmin())
        end = len(held) - SEAM * RATE + quietest * QUIET + QUIET // 2
        yield done / RATE, held[:end]
        done, rest = done + end, held[end:]
    if len(rest):
        yield done / RATE, rest


def say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def _word(word: Any, at: float) -> tuple[str, float, float]:
    return word.word.strip(), round(at + float(word.start), 3), round(at + float(word.end), 3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
