"""A reel as one tab edits its picture: what the fields hold in, the edit that they stand for out.

A draft lives in the session, not in the fields: a page that is left and opened again, or a field
that is not drawn for a while, loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from zlib import crc32

import streamlit as st

from gravix_core import (
    LAYOUTS,
    STYLES,
    Cue,
    Edit,
    EditItem,
    GravixError,
    Look,
    Reel,
    Seconds,
    Span,
    merged_lines,
)
from gravix_ui.parts.edit_words import differences
from gravix_ui.session import told

DRAFTS = "edit-drafts"
CROPPED = ("auto", "follow", "centre")
"""Layouts in which a crop window can be put somewhere."""
MIDDLE = 0.5


@dataclass(slots=True)
class Draft:
    """What one tab knows of one reel.  One per session and reel, so it may be kept in callbacks."""

    reel_id: int
    saved: Edit
    """As the row had it when it was last looked at."""
    start: Seconds = 0.0
    end: Seconds = 0.0
    look: Look = field(default_factory=Look)
    covered: Span | None = None
    """What the edited lines stand for; None while no line has been edited."""
    shown: dict[str, Cue] = field(default_factory=dict)
    """The lines that were drawn last, by the key of their field."""
    shown_in: Span | None = None
    turn: int = 0
    """Fields of another turn are made anew, and hold what the draft says."""
    elsewhere: bool = False
    """The row was changed by somebody else while something here was not saved."""
    trouble: str = ""
    """Why the last deed was refused, as Markdown."""

    def key(self, name: str) -> str:
        """Of a field."""
        return f"edit-{name}-{self.reel_id}-{self.turn}"

    @property
    def span(self) -> Span | None:
        """None while the end does not lie after the start."""
        return Span(self.start, self.end) if 0 <= self.start < self.end else None

    @property
    def edit(self) -> Edit:
        """For asking what is said: with the last span that makes sense."""
        return Edit(self.span or self.shown_in or self.saved.span, self.look)

    def follow(self, reel: Reel) -> None:
        """Bring the draft up to date with the row and with the fields."""
        self.read()
        row = Edit(reel.span, replace(reel.look, cover_at=None))
        if row == self.saved:
            return
        if differences(self.saved, self.edit):
            self.saved, self.elsewhere = row, True
        else:
            self.take(row)

    def take(self, edit: Edit) -> None:
        """Give up what is here for what is saved."""
        self.saved, self.look = edit, replace(edit.look, cover_at=None)
        self.start, self.end = edit.span.start, edit.span.end
        self.covered = None if edit.look.lines is None else edit.span
        self.shown, self.shown_in, self.elsewhere, self.trouble = {}, None, False, ""
        self.turn += 1

    def settle(self, reel: Reel) -> None:
        """What is here has been saved."""
        self.take(Edit(reel.span, replace(reel.look, cover_at=None)))

    def read(self) -> None:
        """Take over what the fields hold; those that are not drawn keep what they held."""
        fields = st.session_state
        self.start = _held(fields.get(self.key("start")), self.start)
        self.end = _held(fields.get(self.key("end")), self.end)
        look = self.look
        if self.key("layout") in fields:
            look = replace(look, layout=fields[self.key("layout")] or None)
        if self.key("fixed") in fields:
            held = fields.get(self.key("position"))
            at = held / 100 if held is not None else look.position
            fixed = fields[self.key("fixed")]
            look = replace(look, position=(MIDDLE if at is None else at) if fixed else None)
        if self.key("subtitles") in fields:
            look = replace(look, subtitles=fields[self.key("subtitles")] or None)
        if self.key("hook") in fields:
            look = replace(look, hook=fields[self.key("hook")])
        self.look = look
        self._read_lines()

    def known(self) -> dict[str, str]:
        """What the text fields that are drawn hold, by their keys."""
        keys = (self.key("hook"), *self.shown)
        return {key: st.session_state[key] for key in keys if key in st.session_state}

    def _read_lines(self) -> None:
        now = {
            key: replace(cue, text=st.session_state.get(key, cue.text))
            for key, cue in self.shown.items()
        }
        if now != self.shown:
            self.set_lines(now)

    def show_lines(self, now: Sequence[Cue]) -> None:
        """These are drawn now.  A line that the transcript words anew is another field: what a
        browser says of the old one, which it may hold for a moment longer, is no edit of this.
        """
        known = {cue: key for key, cue in self.shown.items()}
        self.shown = {known.get(cue) or self.key(_field_of(cue)): cue for cue in now}
        self.shown_in = self.edit.span

    def set_lines(self, lines: dict[str, Cue]) -> None:
        """The lines that are on the page are these now; those beyond stay as they are."""
        here = self.shown_in or self.saved.span
        others = [cue for cue in self.look.lines or () if not _overlap(cue.span, here)]
        whole = sorted((*others, *lines.values()), key=lambda cue: cue.span.start)
        around = self.covered or here
        self.covered = Span(min(around.start, here.start), max(around.end, here.end))
        self.look = replace(self.look, lines=tuple(whole))
        self.shown = lines

    def drop_line(self, key: str) -> None:
        self.read()
        self.set_lines({other: cue for other, cue in self.shown.items() if other != key})

    def reset_lines(self) -> None:
        """Back to what the transcript says."""
        self.read()
        self.look, self.covered, self.shown = replace(self.look, lines=None), None, {}
        self.turn += 1

    def move(self, *, start: Seconds | None = None, end: Seconds | None = None) -> None:
        """Set an edge, in its field as well."""
        if start is not None:
            self.start = st.session_state[self.key("start")] = round(max(0.0, start), 2)
        if end is not None:
            self.end = st.session_state[self.key("end")] = round(max(0.0, end), 2)

    def lines(self, item: EditItem) -> tuple[Cue, ...]:
        """What the subtitles say now."""
        if self.look.lines is None or self.covered is None:
            return item.said
        return merged_lines(self.look.lines, item.said, covered=self.covered, span=self.edit.span)

    def final(self, item: EditItem) -> Edit:
        """As it would be saved."""
        own = self.look.lines is not None
        lines = tuple(cue for cue in self.lines(item) if cue.text.strip()) if own else None
        crops = (self.look.layout or item.video.layout) in CROPPED
        position = self.look.position if crops else None
        look = replace(self.look, lines=lines, position=position, hook=self.look.hook.strip())
        return Edit(self.edit.span, look)

    def changes(self, item: EditItem) -> tuple[str, ...]:
        """Names of what is not saved; empty when all is."""
        if self.span is None:
            return ("start", "end")
        return differences(self.saved, self.final(item))

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Keep the sentence of an error, to be shown with the fields."""
        self.trouble = ""
        try:
            yield
        except GravixError as exc:
            self.trouble = told(exc)


def draft_of(reel: Reel) -> Draft:
    """The draft of this tab."""
    drafts: dict[int, Draft] = st.session_state.setdefault(DRAFTS, {})
    if reel.id not in drafts:
        draft = drafts[reel.id] = Draft(reel.id, Edit(reel.span, Look()))
        draft.settle(reel)
    return drafts[reel.id]


def layout_of(draft: Draft, item: EditItem) -> str:
    return draft.look.layout or item.video.layout


def layout_choices() -> list[str]:
    """The first, an empty one, is that of the video."""
    return ["", *LAYOUTS]


def style_choices() -> list[str]:
    return ["", *STYLES]


def _held(value: float | None, before: Seconds) -> Seconds:
    """What a field holds; one that was emptied says nothing."""
    return before if value is None else float(value)


def _field_of(line: Cue) -> str:
    return f"line-{line.span.start:.2f}-{crc32(line.text.encode()):08x}"


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
