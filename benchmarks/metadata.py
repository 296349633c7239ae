"""What Gemini's texts for a video cost: requests, tokens and dollars; then how good basic's are.

    python -m benchmarks.metadata

Google's own library asks the stand-in of Gemini over loopback, which counts tokens as Google says
that it counts them: by the length of the request and the size of its pictures.  How long answers
and thoughts are is the stand-in's guess.  The prices are those of `gemini_models.PRICES`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import metadata_basic
from gravix_core.errors import CaptionError
from gravix_core.stages.caption.base import Brief, Spoken
from gravix_core.stages.caption.batches import GeminiCaptioner
from gravix_core.stages.caption.gemini import Gemini
from gravix_core.stages.caption.gemini_models import AS_OF, BETTER, DEFAULT, estimate
from gravix_core.texts import Usage
from tests.caption.asking import TALKS
from tests.caption.test_gemini_costs import HINDI, JAPANESE, video
from tests.simulators.gemini import GeminiSimulator, Mode

RESULTS = Path(__file__).resolve().parent / "results"
VIDEOS = {
    "12 minutes, English": (TALKS[0], 0.2, 35.0),
    "3 hours, English": (" ".join(TALKS), 3.0, 35.0),
    "3 hours, Hindi": (HINDI, 3.0, 35.0),
    "3 hours, Japanese": (JAPANESE, 3.0, 35.0),
}
TROUBLES = {
    "nothing": (),
    "each answer in a code fence, with words around it": (Mode.FENCED, Mode.CHATTY),
    "one reel of ten is missing": (Mode.MISSING,),
    "answers end in mid-item": (Mode.MAX_TOKENS,),
    "ids of other reels": (Mode.WRONG_IDS,),
    "nothing that can be used": (Mode.BAD_SCHEMA,),
}


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    written: int
    usages: tuple[Usage, ...]
    told_before: Usage

    def cells(self) -> tuple[str, ...]:
        into, out = (
            sum(usage.input_tokens for usage in self.usages),
            sum(usage.output_tokens for usage in self.usages),
        )
        cents = 100 * sum(usage.cost or 0 for usage in self.usages)
        return (
            self.name,
            f"{self.written} of 20",
            str(len(self.usages)),
            f"{into:,}",
            f"{out:,}",
            f"{cents:.2f}",
            f"{100 * (self.told_before.cost or 0):.2f}",
        )


HEAD = ("", "Written", "Requests", "Tokens in", "out", "US cents", "told before")


def asked(
    name: str,
    of: tuple[str, float, float],
    *,
    model: str = DEFAULT,
    modes: Iterable[Mode] = (),
    on: date = AS_OF,
) -> Row:
    """Twenty reels of one video, with two pictures each."""
    brief, reels = video(of[0], hours=of[1], seconds=of[2])
    heard: list[Usage] = []
    with GeminiSimulator() as simulator:
        if chosen := tuple(modes):
            simulator.fail(*chosen)
        captioner = GeminiCaptioner(Gemini(simulator.key, model, base_url=simulator.address))
        written = len(_described(captioner, brief, reels, heard))
    return Row(name, written, tuple(heard), estimate(brief, reels, model, on=on))


def _described(
    captioner: GeminiCaptioner, brief: Brief, reels: tuple[Spoken, ...], heard: list[Usage]
) -> Sized:
    try:
        return captioner.describe(brief, reels, on_usage=heard.append)
    except CaptionError as error:
        return error.texts


def tables() -> Iterator[str]:
    yield "# Texts by Gemini"
    yield ""
    yield "`make bench-metadata`: twenty reels of one video with two pictures each, asked for by"
    yield "Google's own library over loopback from the stand-in, which counts tokens by the rules"
    yield "that Google publishes; how long answers and thoughts are is a guess of the stand-in."
    yield f"Prices as of {AS_OF}, and as they are on the day of the run in *US cents*."
    yield ""
    yield from _table("By video", [asked(name, of) for name, of in VIDEOS.items()])
    first = next(iter(VIDEOS.values()))
    yield from _table("By model", [asked(model, first, model=model) for model in (DEFAULT, BETTER)])
    yield from _table(
        "By what is wrong with every answer",
        [asked(name, first, modes=modes) for name, modes in TROUBLES.items()],
    )


def _table(title: str, rows: list[Row]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    for cells in (HEAD, ("---",) * len(HEAD), *(row.cells() for row in rows)):
        yield f"| {' | '.join(cells)} |"
    yield ""


def main() -> int:
    page = "\n".join(tables())
    print(page)
    (RESULTS / "metadata.md").write_text(page, "utf-8")
    return metadata_basic.main()


if __name__ == "__main__":
    sys.exit(main())
