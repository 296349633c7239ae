"""``process``: a source in; reels, a progress display and JSON out."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from gravix_core.cli.display import Display
from gravix_core.model import Reel, Video, full_caption
from gravix_core.settings import Settings
from gravix_core.studio import Outcome, Studio

DONE, WRONG = 0, 1


def run(options: argparse.Namespace) -> int:
    """Raises GravixError when nothing could be begun."""
    studio = Studio.open(Settings.load(data_dir=options.data_dir))
    try:
        with Display(sys.stderr) as display:
            outcome = studio.process(
                options.source, layout=options.layout, out=options.out, on_change=display.show
            )
    finally:
        studio.close()
    _report(outcome, as_json=options.json)
    return WRONG if outcome.failures or not _whole(outcome) else DONE


def _whole(outcome: Outcome) -> bool:
    reels = outcome.reels
    return bool(reels) and all(reel.rendered and reel.text for reel in reels)


def _report(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(document(outcome), ensure_ascii=False, indent=2))
    else:
        _draw(outcome)
    for job in outcome.failures:
        what = f"reel {job.args['reel_id']}: " if "reel_id" in job.args else ""
        print(f"{what}{str(job.error_message).rstrip('.')}.\n{job.error_hint}", file=sys.stderr)
    if not outcome.failures and not _whole(outcome):
        print(
            "Stopped before all reels were made.\nRun the same command again to go on.",
            file=sys.stderr,
        )


def _draw(outcome: Outcome) -> None:
    """A block per reel: a caption has lines of its own, which a table would tear apart."""
    console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
    for reel in outcome.reels:
        if reel.rendered is not None and reel.text is not None:
            console.print(_block(outcome, reel))


def _block(outcome: Outcome, reel: Reel) -> Text:
    shown = _shown(outcome, reel)
    verdict = "Instagram will take it" if shown["accepted"] else "Instagram would refuse it"
    block = Text()
    block.append(f"{reel.index + 1}. {shown['title']}\n", style="bold")
    block.append(
        f"   {_clock(reel.span.start)} to {_clock(reel.span.end)}, score "
        f"{shown['quality_score']} ({shown['written_by']}), {verdict}\n"
        f"   {shown['file']}\n",
        style="dim",
    )
    for line in full_caption(shown["caption"], tuple(shown["hashtags"])).splitlines():
        block.append(f"   {line}\n")
    return block


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def document(outcome: Outcome) -> dict[str, Any]:
    """The JSON of the command: the video, and the reels that worked."""
    return {
        "video": _video(outcome.video),
        "reels": [_shown(outcome, reel) for reel in outcome.reels if reel.rendered is not None],
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
