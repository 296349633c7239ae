"""A program: a JSON line of what to fetch on stdin; its percents, then its result on stdout.

``{"id": …, "folder": path, "cache": path}``; a probe that lies in the folder as ``probe.json`` is
gone on with.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from gravix_core.media.process import ffmpeg_program
from gravix_core.model import LinkProbe
from gravix_core.stages.source.youtube import YouTube
from gravix_core.store.documents import link_probe, probe_document


class Printing:
    """A watch that prints what it is told."""

    def progress(self, percent: float) -> None:
        print(json.dumps({"percent": percent}), flush=True)

    def should_stop(self) -> bool:
        return False


def peak() -> int:
    """The most memory so far, in bytes: of this process alone."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    wish = json.loads(sys.stdin.readline())
    youtube = YouTube(
        ffmpeg=ffmpeg_program,
        cache=Path(wish["cache"]),
        max_duration=4 * 3600,
        max_bytes=10_000_000_000,
    )
    before = peak()
    probe = _probe(youtube, wish["id"], Path(wish["folder"]))
    found = youtube.fetch(probe, folder=Path(wish["folder"]), watch=Printing())
    print(json.dumps({"file": str(found.file), "sha256": found.sha256, "grew": peak() - before}))


def _probe(youtube: YouTube, youtube_id: str, folder: Path) -> LinkProbe:
    """As the store keeps it: from one process to the next."""
    kept = folder / "probe.json"
    if kept.exists():
        return link_probe(kept.read_text(), datetime.now(UTC))
    probe = youtube.probe(youtube_id, watch=Printing())
    folder.mkdir(parents=True)
    kept.write_text(probe_document(probe))
    return probe


if __name__ == "__main__":
    main()
