"""The model's composed values in, JSON documents out, and back again without any loss.  Pure.

A fraction travels as text ("30000/1001"), since a JSON number would round it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from gravix_core.features import Features
from gravix_core.model import (
    AcceptReport,
    CaptionTrack,
    Cue,
    LinkProbe,
    Look,
    MediaInfo,
    Picture,
    RuleLevel,
    RuleResult,
    ScorePart,
    Size,
    Sound,
    Span,
    Transcript,
    Transfer,
    Word,
)

Document = dict[str, Any]


def media_document(info: MediaInfo) -> Document:
    document = asdict(info)
    document["picture"] |= {
        "rate": str(info.picture.rate),
        "transfer": info.picture.transfer.value,
    }
    return document


def media_info(document: Mapping[str, Any]) -> MediaInfo:
    sound = document["sound"]
    return MediaInfo(
        **{
            **document,
            "picture": _picture(document["picture"]),
            "sound": None if sound is None else Sound(**sound),
        }
    )


def _picture(document: Mapping[str, Any]) -> Picture:
    return Picture(
        **{
            **document,
            "size": Size(**document["size"]),
            "stored": Size(**document["stored"]),
            "rate": Fraction(document["rate"]),
            "transfer": Transfer(document["transfer"]),
        }
    )


def transcript_document(transcript: Transcript) -> str:
    """JSON text; each word and cue is ``[text, start, end]``, since there are very many."""
    return json.dumps(
        {
            "words": [_timed(word) for word in transcript.words],
            "cues": [_timed(cue) for cue in transcript.cues],
            "exact_words": transcript.exact_words,
            "language": transcript.language,
            "origin": transcript.origin,
        },
        separators=(",", ":"),
    )


@lru_cache(maxsize=2)
def transcript(document: str) -> Transcript:
    """The last two are kept: every job of a long film asks for its ten thousands of words."""
    found = json.loads(document)
    return Transcript(
        words=tuple(Word(text, Span(start, end)) for text, start, end in found["words"]),
        cues=_cues(found),
        exact_words=found["exact_words"],
        language=found.get("language", ""),
        origin=found.get("origin", ""),
    )


def probe_document(probe: LinkProbe) -> str:
    """JSON text; its moment is kept beside it."""
    told = {**asdict(probe), "info": dict(probe.info)}
    del told["probed_at"]
    return json.dumps(told, separators=(",", ":"))


def link_probe(document: str, probed_at: datetime) -> LinkProbe:
    told = json.loads(document)
    captions = tuple(CaptionTrack(**track) for track in told.pop("captions"))
    notes = tuple(told.pop("notes"))
    return LinkProbe(**told, captions=captions, notes=notes, probed_at=probed_at)


def cues(document: str) -> tuple[Cue, ...]:
    """The lines alone: a talk of hours has some ten thousand words, and a page reads it often."""
    return _cues(json.loads(document))


def _cues(found: Document) -> tuple[Cue, ...]:
    return tuple(Cue(text, Span(start, end)) for text, start, end in found["cues"])


def _timed(line: Word | Cue) -> tuple[str, float, float]:
    return (line.text, line.span.start, line.span.end)


def look_document(look: Look) -> Document | None:
    """None for a look in which nothing is settled."""
    if look == Look():
        return None
    lines = None if look.lines is None else [_timed(cue) for cue in look.lines]
    return {**asdict(look), "lines": lines}


def look(document: Mapping[str, Any]) -> Look:
    lines = document.get("lines")
    told = None if lines is None else _cues({"cues": lines})
    return Look(**{**document, "lines": told})


def edit_document(span: Span, look: Look) -> Document:
    return {"span": [span.start, span.end], "look": look_document(look)}


def edit(document: Mapping[str, Any]) -> tuple[Span, Look]:
    return Span(*document["span"]), look(document["look"] or {})


def features_document(features: Features) -> Document:
    return asdict(features)


def features(document: Mapping[str, Any]) -> Features:
    return Features(**document)


def report_document(report: AcceptReport) -> list[Document]:
    return [{**asdict(rule), "level": rule.level.value} for rule in report.rules]


def accept_report(document: Iterable[Mapping[str, Any]]) -> AcceptReport:
    return AcceptReport(
        tuple(RuleResult(**{**rule, "level": RuleLevel(rule["level"])}) for rule in document)
    )


def parts_document(parts: Iterable[ScorePart]) -> list[Document]:
    return [asdict(part) for part in parts]


def score_parts(document: Iterable[Mapping[str, Any]]) -> tuple[ScorePart, ...]:
    return tuple(ScorePart(**part) for part in document)
