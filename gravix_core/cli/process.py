"""``process``: a source in; reels, a progress display and JSON out.

A dashboard that works for the data directory does the work; then this only follows it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.box import ROUNDED
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gravix_core.cli.display import Display
from gravix_core.model import BASIC, Reel, Video, full_caption
from gravix_core.settings import Settings
from gravix_core.studio import Outcome, Studio

DONE, WRONG = 0, 1
NARROWEST = 110
"""Columns of the table where nobody tells how wide the paper is."""


def run(options: argparse.Namespace) -> int:
    """Raises GravixError when nothing could be begun."""
    studio = Studio.open(Settings.load(data_dir=options.data_dir))
    try:
        with Display(sys.stderr) as display:
            outcome = studio.process(
                options.source,
                layout=options.layout,
                subtitles=options.subtitles,
                best=options.best,
                out=options.out,
                on_change=display.show,
                on_note=display.note,
                confirm=lambda about: options.i_may_republish or _asked(about),
            )
        why_not = studio.gemini.why_not()
    finally:
        studio.close()
    _report(outcome, why_not, as_json=options.json)
    complaint = _complaint(outcome)
    if complaint is not None:
        print("\n".join(complaint), file=sys.stderr)
    return DONE if complaint is None else WRONG


def _asked(about: str) -> bool:
    """On a terminal, whoever sits there decides; elsewhere nobody has said so."""
    if not sys.stdin.isatty():
        return False
    print(about, file=sys.stderr)
    print("I made this or may republish it [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _complaint(outcome: Outcome) -> tuple[str, str] | None:
    """What went wrong and what to do, however much went wrong; None when nothing did."""
    if outcome.trouble is not None:
        return f"{_sentence(str(outcome.trouble))}", outcome.trouble.hint
    if outcome.failures:
        first = outcome.failures[0]
        said = outcome.video.error_message or first.error_message
        return _sentence(str(said)), str(first.error_hint)
    if not outcome.reels or len(outcome.made) < outcome.asked:
        return "Stopped before all reels were made.", "Run the same command again to go on."
    return None


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _report(outcome: Outcome, why_not: str, *, as_json: bool) -> None:
    writers = Counter(reel.text.written_by for reel in outcome.made if reel.text)
    if as_json:
        print(json.dumps(document(outcome), ensure_ascii=False, indent=2))
    else:
        _draw(outcome)
        _tell_writers(writers)
    if why_not and BASIC in writers:
        print(why_not, file=sys.stderr)
    for note in outcome.notes:
        print(note, file=sys.stderr)


def _draw(outcome: Outcome) -> None:
    console = Console(file=sys.stdout, highlight=False)
    console.width = max(console.width, NARROWEST)
    table = Table(box=ROUNDED, show_lines=True)
    for name, share in (("#", None), ("time", None), ("score", None), ("title", 2), ("caption", 4)):
        table.add_column(name, ratio=share)
    table.add_column("file", ratio=2, overflow="fold")
    for reel in outcome.made:
        table.add_row(*_row(outcome, reel))
    if outcome.made:
        console.print(table)


def _row(outcome: Outcome, reel: Reel) -> tuple[Text | str, ...]:
    shown = _shown(outcome, reel)
    caption = full_caption(shown["caption"], tuple(shown["hashtags"]))
    return (
        str(reel.index + 1),
        f"{_clock(reel.span.start)}\n{_clock(reel.span.end)}",
        f"{shown['quality_score']}",
        Text(shown["title"], style="bold"),
        Text(caption),
        Text(_near(shown["file"])),
    )


def _near(file: str) -> str:
    """As short as it may be and still be found from here."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _tell_writers(writers: Counter[str]) -> None:
    if writers:
        shares = (f"{count} by {name}" for name, count in sorted(writers.items()))
        print(f"Texts: {', '.join(shares)}.")


def document(outcome: Outcome) -> dict[str, Any]:
    """The JSON of the command: the video, and the reels that worked."""
    return {
        "video": _video(outcome.video),
        "reels": [_shown(outcome, reel) for reel in outcome.made],
    }


def _video(video: Video) -> dict[str, Any]:
    return {
        "id": video.id,
        "title": video.title,
        "source": video.source_name,
        "duration": video.duration,
        "layout": video.layout,
        "status": video.status,
        "error_message": video.error_message,
        "file": str(video.file) if video.file else None,
    }


def _shown(outcome: Outcome, reel: Reel) -> dict[str, Any]:
    assert reel.rendered is not None  # noqa: S101  asked before
    place = outcome.delivered.get(reel.id, reel.rendered)
    return {
        "id": reel.id,
        "index": reel.index,
        "start": reel.chunk.start,
        "end": reel.chunk.end,
        "reel_start": reel.span.start,
        "reel_end": reel.span.end,
        "duration": reel.rendered.duration,
        "file": str(place.file),
        "cover": str(place.cover),
        **_text(reel),
        "accepted": reel.rendered.report.accepted,
        "accept_report": [
            {"rule": r.rule, "level": r.level, "found": r.found, "expected": r.expected}
            for r in reel.rendered.report.rules
        ],
    }


def _text(reel: Reel) -> dict[str, Any]:
    text = reel.text
    return {
        "title": text.title if text else "",
        "caption": text.caption if text else "",
        "hashtags": list(text.hashtags) if text else [],
        "topics": list(text.topics) if text else [],
        "quality_score": text.quality_score if text else None,
        "score_parts": [
            {"name": p.name, "value": p.value, "weight": p.weight, "reason": p.reason}
            for p in (text.score_parts if text else ())
        ],
        "written_by": text.written_by if text else None,
    }
