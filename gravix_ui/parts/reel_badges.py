"""A reel in; its state, who wrote its text and Instagram's rules, with their reasons, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from gravix_core import Reel, ReelItem, ReviewStatus, RuleLevel, RuleResult, Seconds
from gravix_ui.words import REVIEW_STATES, counted, length, plain

Row = tuple[str, ...]

COLOURS = {
    ReviewStatus.TO_REVIEW: "gray",
    ReviewStatus.APPROVED: "green",
    ReviewStatus.REJECTED: "red",
}
LEVELS = {
    RuleLevel.PASS: ":green[:material/check:]",
    RuleLevel.WARN: ":orange[:material/warning:]",
    RuleLevel.FAIL: ":red[:material/close:]",
}
RULES = {
    "container": "File format",
    "moov_first": "Index before the picture",
    "edit_lists": "Edit lists",
    "duration": "Length",
    "size": "File size",
    "size_sure": "File size, on the safe side",
    "video_codec": "Picture codec",
    "chroma": "Colour sampling",
    "scan": "Scan",
    "closed_gop": "Groups of pictures",
    "frame_rate": "Frames per second",
    "constant_rate": "Frame rate",
    "columns": "Width in pixels",
    "aspect": "Shape that is allowed",
    "portrait": "Shape that fills the screen",
    "video_bit_rate": "Bit rate of the picture",
    "sound": "Sound",
    "audio_codec": "Sound codec",
    "sample_rate": "Samples per second",
    "channels": "Sound channels",
    "audio_bit_rate": "Bit rate of the sound",
}
RULES_HEAD = ("", "Rule", "Found", "Expected")
WRITERS = {
    "operator": ("you", "blue-badge", "person"),
    "basic": ("Gravix", "gray-badge", "edit_note"),
    "gemini": ("Gemini", "violet-badge", "auto_awesome"),
}
"""Who it is in words, the colour and the sign of the badge; by `PostText.written_by`."""
WRITER_UNKNOWN = ("gray-badge", "edit_note")


def state_badge(status: ReviewStatus) -> str:
    """As Markdown."""
    return f":{COLOURS[status]}-badge[{REVIEW_STATES[status]}]"


def acceptance(reel: Reel) -> None:
    if reel.rendered is None:
        return
    report = reel.rendered.report
    label = "Instagram will take it" if report.accepted else "Instagram will not take it"
    icon = ":material/verified:" if report.accepted else ":material/error:"
    with st.popover(label, type="tertiary", icon=icon, key=f"rules-{reel.id}"):
        st.markdown(verdict_of([rule.level for rule in report.rules]))
        table(RULES_HEAD, map(rule_row, report.rules), key=f"rules-{reel.id}")


def rule_row(rule: RuleResult) -> Row:
    return LEVELS[rule.level], cell(rule_word(rule.rule)), cell(rule.found), cell(rule.expected)


def verdict_of(levels: Sequence[RuleLevel]) -> str:
    warnings, failures = levels.count(RuleLevel.WARN), levels.count(RuleLevel.FAIL)
    if failures:
        return f"The file breaks {counted(failures, 'rule')} of Instagram's. Render it again."
    if warnings:
        return f"The file keeps all hard rules; {counted(warnings, 'rule')} may cost quality."
    return f"The file keeps all {counted(len(levels), 'rule')} that Instagram names."


def rule_word(rule: str) -> str:
    return RULES.get(rule, rule.replace("_", " ").capitalize())


def cell(text: str) -> str:
    """As Markdown, in one line."""
    return plain(" ".join(text.split()))


def table(head: Row, rows: Iterable[Row], *, key: str) -> None:
    """Draw a table; the cells are Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    with st.container(key=f"reel-table-{key}"):
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def writer(name: str) -> str:
    """``Gemini``, as it is."""
    return WRITERS[name][0] if name in WRITERS else name


def written_by(reel: Reel) -> str:
    """A badge ``Written by you``, as Markdown; empty while nobody has."""
    if reel.text is None:
        return ""
    name = reel.text.written_by
    colour, sign = WRITERS[name][1:] if name in WRITERS else WRITER_UNKNOWN
    return f":{colour}[:material/{sign}: Written by {plain(writer(name))}]"


def place(reel: Reel) -> str:
    """Where it is in its video, as Markdown: ``Reel 3 · 00:35, starts at 01:10``."""
    shown: Seconds = reel.rendered.duration if reel.rendered else reel.span.duration
    said = f"Reel {reel.index + 1} · {length(shown)}, starts at {length(reel.span.start)}"
    return f":gray[:small[{plain(said)}]]"


def video_title(item: ReelItem) -> str:
    """As Markdown."""
    return plain(item.video.title or item.video.source_name)
