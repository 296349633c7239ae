"""Measured lines in, JSON and a Markdown table out.  Pure but for `write`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One measure with what is expected of it."""

    part: str
    """Which of the parts gave it."""
    what: str
    found: str
    expected: str = ""
    """Empty: it stands there to be compared."""
    kept: bool | None = None
    """None where nothing is expected."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """The numbers behind it."""


def at_least(part: str, what: str, value: float, limit: float, **data: Any) -> Line:
    return _held(part, what, value, f"at least {limit:g}", kept=value >= limit - 1e-9, **data)


def at_most(part: str, what: str, value: float, limit: float, **data: Any) -> Line:
    return _held(part, what, value, f"at most {limit:g}", kept=value <= limit + 1e-9, **data)


def shown(part: str, what: str, value: float | str, **data: Any) -> Line:
    """A number that stands beside others; nothing is expected of it."""
    text = value if isinstance(value, str) else short(value)
    return Line(part, what, text, data=data)


def all_of(part: str, what: str, good: int, of: int, **data: Any) -> Line:
    return Line(part, what, f"{good} of {of}", "all", good == of, data)


def _held(part: str, what: str, value: float, expected: str, *, kept: bool, **data: Any) -> Line:
    return Line(part, what, short(value), expected, kept, {"value": value, **data})


def short(value: float) -> str:
    """Two digits after the point, more where the number is small, none where it is whole."""
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"


def table(document: Mapping[str, Any]) -> str:
    machine = document["machine"]
    lines = [
        "# How good the reels are",
        "",
        f"`{document['command']}`, {machine['cores']} cores, load {machine['load']:.1f} before it"
        f" began, {document['minutes']:.0f} minutes.",
        "",
        *(f"{note}\n" for note in document["notes"]),
        "| part | measure | found | expected |",
        "| --- | --- | --- | --- |",
        *map(_row, document["lines"]),
    ]
    return "\n".join(lines) + "\n"


def _row(line: Mapping[str, Any]) -> str:
    missed = " **missed**" if line["kept"] is False else ""
    return f"| {line['part']} | {line['what']} | {line['found']} | {line['expected']}{missed} |"


def write(folder: Path, document: Mapping[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    text = json.dumps(document, indent=1, default=_plain)
    (folder / "quality.json").write_text(text + "\n")
    (folder / "quality.md").write_text(table(document))


def as_data(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [asdict(line) for line in lines]


def _plain(value: Any) -> Any:
    """Numbers of numpy, paths and the like."""
    return value.item() if hasattr(value, "item") else str(value)
