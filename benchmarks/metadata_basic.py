"""The texts that the basic provider writes for talks whose topics are known, and how good they are.

    python -m benchmarks.metadata_basic                    print, and write benchmarks/results/
    python -m benchmarks.metadata_basic --before REVISION  the same beside an earlier revision

`tests/data/talks` holds a video of eight reels in each of seven languages, written for Gravix,
with what a person would take as each reel's hashtags.  Every video is described twice: as it is
written, and without marks and capitals, as recognition may give it.
"""

from __future__ import annotations

import argparse
import inspect
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from statistics import mean
from typing import Any

import snowballstemmer

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
STEMMED = {
    "en": "english",
    "es": "spanish",
    "pt": "portuguese",
    "de": "german",
    "fr": "french",
    "hi": "hindi",
}
FORMS = (True, False)
"""With punctuation and capitals, and without."""
WRITTEN = "--written"
"""Print the texts as JSON: how another revision is asked."""


@dataclass(frozen=True, slots=True)
class Row:
    language: str
    punctuated: bool | None
    reels: int
    problems: int
    """Texts that Instagram or Gravix would refuse."""
    titles: int
    """That differ, case and marks aside."""
    longest: int
    """Characters of the longest title."""
    hashtags: float
    """Of a reel, on average."""
    fitting: float
    """Share of the hashtags that are known topics of their reel."""
    found: float
    """Share of the reels' known topics that are among their hashtags, of five at most."""
    credited: int
    """Captions that name the source."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--before", metavar="REVISION", help="measure this one as well")
    parser.add_argument(WRITTEN, action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.written:
        print(json.dumps(written()))
        return 0
    begun = time.perf_counter()
    texts = written()
    took = time.perf_counter() - begun
    measured = {"now": rows(texts)}
    if args.before:
        measured = {f"before ({args.before})": rows(of_revision(args.before)), **measured}
    page = told(measured, seconds=took)
    print(page)
    RESULTS.joinpath("metadata_basic.md").write_text(page, "utf-8")
    document = {name: [asdict(row) for row in measured[name]] for name in measured}
    RESULTS.joinpath("metadata_basic.json").write_text(json.dumps(document, indent=1) + "\n")
    return 0


def written() -> dict[str, list[dict[str, Any]]]:
    """The texts of every talk in both forms, whichever signature the provider has."""
    from gravix_core.stages.caption import base, basic  # noqa: PLC0415  of which revision?
    from tests.talks import LANGUAGES, talk_of  # noqa: PLC0415

    captioner = basic.BasicCaptioner()
    is_older = "title" in inspect.signature(captioner.describe).parameters
    texts = {}
    for language in LANGUAGES:
        for punctuated in FORMS:
            talk = talk_of(language, punctuated=punctuated)
            brief: Any = talk.title if is_older else base.Brief(talk.title, credit=talk.credit)
            found = captioner.describe(brief, talk.reels)
            texts[f"{language} {punctuated}"] = [
                {**asdict(text), "problems": base.problems(text)} for text in found.values()
            ]
    return texts


def of_revision(revision: str) -> dict[str, list[dict[str, Any]]]:
    """What the provider of an earlier revision writes for the same talks."""
    argv = ["git", "archive", revision, "gravix_core"]
    archive = subprocess.run(argv, cwd=ROOT, capture_output=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        for name in ("tests", "benchmarks"):
            Path(folder, name).symlink_to(ROOT / name)
        argv = [sys.executable, "-m", "benchmarks.metadata_basic", WRITTEN]
        done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=True)
    texts: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return texts


def rows(texts: dict[str, list[dict[str, Any]]]) -> list[Row]:
    return [_row(name, found) for name, found in texts.items()]


def _row(name: str, texts: list[dict[str, Any]]) -> Row:
    from tests.talks import talk_of  # noqa: PLC0415

    language, punctuated = name.split()
    talk = talk_of(language)
    tags = sum(len(text["hashtags"]) for text in texts)
    known = sum(min(5, len(topics)) for topics in talk.topics)
    hits = sum(
        len({_topic(tag, topics, language) for tag in text["hashtags"]} - {None})
        for text, topics in zip(texts, talk.topics, strict=True)
    )
    return Row(
        language=language,
        punctuated=punctuated == "True",
        reels=len(texts),
        problems=sum(bool(text["problems"]) for text in texts),
        titles=len({"".join(filter(str.isalnum, text["title"].casefold())) for text in texts}),
        longest=max(len(text["title"]) for text in texts),
        hashtags=tags / len(texts),
        fitting=hits / tags,
        found=hits / known,
        credited=sum(talk.credit in text["caption"] for text in texts),
    )


def _topic(tag: str, topics: tuple[str, ...], language: str) -> str | None:
    """The known topic that a hashtag names in whatever form; of two words, either will do."""
    tag = tag.lstrip("#").casefold()
    for topic in topics:
        names = [topic.casefold().replace(" ", ""), *topic.casefold().split()]
        if language == "ja" and any(name in tag or tag in name for name in names):
            return topic
        if any(_stem(name, language) in (_stem(tag, language), tag[: len(name)]) for name in names):
            return topic
    return None


def _stem(word: str, language: str) -> str:
    name = STEMMED.get(language)
    return str(snowballstemmer.stemmer(name).stemWord(word)) if name else word


HEAD = (
    *("Language", "Marks", "Refused", "Distinct titles", "Longest title", "Hashtags"),
    *("Fitting", "Found", "Credited"),
)


def told(measured: dict[str, list[Row]], *, seconds: float) -> str:
    lines = [
        "# What the basic provider writes",
        "",
        "`python -m benchmarks.metadata_basic --before REVISION`: eight reels in each of seven",
        "languages, written for Gravix (`tests/data/talks`), as they are and without marks and",
        f"capitals. Writing for all 112 reels took {seconds:.1f} s, loading included.",
        "",
        "*Fitting*: hashtags that a person would have taken. *Found*: known topics among the",
        "hashtags, of five at most.",
        "",
    ]
    for name, found in measured.items():
        lines += [f"## {name.capitalize()}", "", _cells(HEAD), _cells(("---",) * len(HEAD))]
        lines += [_cells(_shown(row)) for row in found]
        lines += [_cells(_shown(_all(found))), ""]
    return "\n".join(lines)


def _all(rows: list[Row]) -> Row:
    """The sums of the counts, the means of the shares."""
    return Row(
        language="all",
        punctuated=None,
        reels=sum(row.reels for row in rows),
        problems=sum(row.problems for row in rows),
        titles=sum(row.titles for row in rows),
        longest=max(row.longest for row in rows),
        hashtags=mean(row.hashtags for row in rows),
        fitting=mean(row.fitting for row in rows),
        found=mean(row.found for row in rows),
        credited=sum(row.credited for row in rows),
    )


def _shown(row: Row) -> tuple[str, ...]:
    return (
        row.language,
        {True: "yes", False: "no", None: ""}[row.punctuated],
        str(row.problems),
        f"{row.titles} of {row.reels}",
        str(row.longest),
        f"{row.hashtags:.1f}",
        f"{row.fitting:.0%}",
        f"{row.found:.0%}",
        f"{row.credited} of {row.reels}",
    )


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
