"""``publish``: a reel in; its post on Instagram, or what a person has to do, out.

A dashboard that works for the data directory does the work; then this only follows it.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime

from gravix_core.desks.posting import Poster, Posting
from gravix_core.desks.publication_fields import publication_fields
from gravix_core.errors import NotFound, PostedBefore
from gravix_core.model import Job
from gravix_core.publications import Publication, Step
from gravix_core.settings import Settings
from gravix_core.studio import Studio

DONE, WRONG, BAD_INPUT = 0, 1, 2
STEP = 10
"""Percent between two lines of an upload."""
LOOK = "Look in the Instagram app, then say on {page} whether it is there."
WAITS = (
    "A dashboard on this data directory goes on by itself; without one, run the same command"
    " again then."
)


def run(options: argparse.Namespace) -> int:
    """Raises GravixError when it could not be asked for, or was stopped."""
    studio = Studio.open(Settings.load(data_dir=options.data_dir))
    lines = _Lines()
    try:
        poster = Poster(studio.publishing, studio.jobs, studio.seat)
        posting = poster.post(options.reel, again=options.again, on_change=lines.show, on_note=_say)
        dashboard = studio.seat.address() if studio.seat.is_taken() else None
    except NotFound as error:
        _say(f"{error}.\n{error.hint}")
        return BAD_INPUT
    except PostedBefore as error:
        _say("\n".join(_posted(one) for one in error.before))
        error.hint = "Give --again to publish it all the same."
        raise
    finally:
        studio.close()
    if options.json:
        print(json.dumps(document(posting), ensure_ascii=False, indent=2))
    return _report(posting, dashboard, as_json=options.json)


def document(posting: Posting) -> dict[str, object]:
    """The JSON of the command."""
    at = posting.goes_on_at
    waits = {"goes_on_at": None if at is None else at.isoformat(), "waits_for": posting.told}
    return {**publication_fields(posting.publication), **waits}


def _report(posting: Posting, dashboard: str | None, *, as_json: bool) -> int:
    row = posting.publication
    if row.step is Step.PUBLISHED:
        if not as_json:
            print(f"Published to @{row.what.username}: {row.permalink or row.media_id}")
        return DONE
    _say("\n".join(_complaint(posting, dashboard)))
    return WRONG


def _complaint(posting: Posting, dashboard: str | None) -> tuple[str, str]:
    """What happened, and what to do."""
    row = posting.publication
    if row.step is Step.UNSURE:
        page = f"{dashboard}/publish" if dashboard else "the Publish page"
        return f"Check on Instagram. {_sentence(row.trouble)}", LOOK.format(page=page)
    if row.step is Step.FAILED:
        return _sentence(row.trouble or "It was not published"), row.hint or "Nothing was posted."
    maybe = " It may be on Instagram already." if row.step is Step.SENT else ""
    if posting.goes_on_at is None:
        return f"Stopped before it was published.{maybe}", "Run the same command again to go on."
    return f"{_sentence(posting.told)}{maybe} It goes on at {_clock(posting.goes_on_at)}.", WAITS


def _posted(row: Publication) -> str:
    when = row.published_at or row.sent_at
    day = f" on {when.astimezone():%Y-%m-%d}" if when else ""
    perhaps = "" if row.media_id else " (perhaps)"
    return f"Posted to @{row.what.username}{day}{perhaps}: {row.permalink or row.what.title}"


def _clock(when: datetime) -> str:
    return f"{when.astimezone():%Y-%m-%d %H:%M}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class _Lines:
    """How it gets on: a line when that changes, and every ten percent."""

    def __init__(self) -> None:
        self._note, self._step = "", 0

    def show(self, job: Job) -> None:
        note, step = job.note, job.progress // STEP
        if note and note != self._note:
            _say(f"{note[:1].upper()}{note[1:]}")
        elif note and step > self._step:
            _say(f"{note[:1].upper()}{note[1:]}: {job.progress} %")
        if note:
            self._note, self._step = note, step
