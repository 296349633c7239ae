"""A reel as one tab edits it: what is typed in, saved words out, or both texts where tabs disagree.

Streamlit may cut a callback short when something else happens, so nothing relies on one having
come to its end: what it did not save is saved when the fields are drawn next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import streamlit as st

from gravix_core import GravixError, PostWords, Reel, Saved
from gravix_ui.session import studio, told, uncut

DRAFTS = "reel-drafts"
FIELDS = ("title", "caption", "hashtags")
CHANGED = (
    "The text has been changed elsewhere meanwhile, so nothing was put in its place. The fields"
    " show it as it is now."
)


@dataclass(slots=True)
class Draft:
    """What one tab knows of one reel.  One per session and reel, so it may be kept in callbacks."""

    reel: Reel
    """As it was shown last, with the words that were saved here since: what a verdict is about."""
    kept: PostWords
    """What the fields held when they last agreed with the database."""
    theirs: Reel | None = None
    """Set while tabs disagree: what was saved elsewhere."""
    saved: bool = False
    """Something that was typed here has been saved."""
    trouble: str = ""
    """Why the last deed was refused, as Markdown."""
    has_earlier: bool = False
    """A text was put here in this tab, and the one before it can be had back."""

    @property
    def settled(self) -> bool:
        """Nothing typed waits to be saved."""
        return self.theirs is None and self.typed() == self.kept

    def typed(self) -> PostWords:
        """What the fields hold."""
        return PostWords(*self.known().values())

    def known(self) -> dict[str, str]:
        """What the fields hold, by their keys.

        Read at one go, at which Streamlit does not look whether to end a callback: going to
        another page would end it for good.
        """
        held = st.session_state.to_dict()
        return {key: held[key] for key in (field(name, self.reel.id) for name in FIELDS)}

    def keep(self) -> None:
        """Save what was typed since; for callbacks, and before any other deed."""
        typed = self.typed()
        if typed == self.kept:
            return
        if self.theirs is None:
            self._save(typed, edited=self.reel.text_version)
        else:
            studio().review.lay_aside(self.reel.id, typed)

    def keep_mine(self) -> None:
        """Write over what was saved elsewhere."""
        if self.theirs is not None:
            self._save(self.typed(), edited=self.theirs.text_version, over=True)

    def take_theirs(self) -> None:
        """Give up what was typed here."""
        if self.theirs is not None:
            self._fill(words_of(self.theirs))
            self._settle(self.theirs)

    def come(self, saved: Saved) -> None:
        """Show what the core put in the place of the words: nothing that was typed waits."""
        if saved.kept:
            self.trouble = ""
            self._fill(words_of(saved.reel))
            self._settle(saved.reel)
        else:
            self.follow(saved.reel)
            self.trouble = CHANGED

    def follow(self, reel: Reel) -> None:
        """Bring draft and fields up to date with the row, before the fields are drawn."""
        if self.recall(reel):
            return
        self.keep()
        newest = reel if reel.text_version >= self.reel.text_version else with_text(reel, self.reel)
        if self.theirs is not None:
            self.theirs = newest
            if words_of(newest) == self.typed():
                self._settle(newest)
        elif newest.text_version != self.reel.text_version:
            self._fill(words_of(newest))
        self.reel = newest

    def recall(self, reel: Reel) -> bool:
        """Bring the fields back if Streamlit has forgotten them, as those of a reel not drawn."""
        is_gone = field(FIELDS[0], self.reel.id) not in st.session_state
        if is_gone:
            self._come_in(reel)
        return is_gone

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Keep the sentence of an error, to be shown with the reel."""
        self.trouble = ""
        try:
            yield
        except GravixError as exc:
            self.trouble = told(exc)

    def _come_in(self, reel: Reel) -> None:
        """The fields are drawn for the first time, or once more after other reels."""
        row = words_of(reel)
        aside = studio().review.laid_aside(reel.id)
        differ = aside is not None and aside != row
        self._fill(aside if aside is not None else row)
        self.kept, self.theirs = row, reel if differ else None
        self.reel, self.saved = reel, False

    def _save(self, typed: PostWords, *, edited: int, over: bool = False) -> None:
        review = studio().review
        review.lay_aside(self.reel.id, typed)  # until it is known to be saved
        with self.refusals():
            saved = review.save_words(
                self.reel.id,
                edited=edited,
                title=typed.title,
                caption=typed.caption,
                hashtags=[typed.hashtags],
                over=over,
            )
            if saved.kept:
                self.kept, self.saved = typed, True
                self._settle(saved.reel)
            else:
                self.theirs, self.saved = saved.reel, False

    def _settle(self, reel: Reel) -> None:
        """The picture stays the one that was shown: a verdict must not be about another."""
        self.reel, self.theirs = with_text(self.reel, reel), None
        studio().review.clear_away(reel.id)
        self.kept = self.typed()

    def _fill(self, words: PostWords) -> None:
        for name in FIELDS:
            st.session_state[field(name, self.reel.id)] = getattr(words, name)
        self.kept = words


def put_text(draft: Draft, deed: Callable[[int], Saved]) -> bool:
    """For callbacks: let the core put another text in the place of the one that is shown.

    What was typed is saved first, and stands in the history.  Where that cannot be, nothing is
    done.

    Args:
        draft: Whose text.
        deed: Called once, with the `Reel.text_version` that is shown.

    Returns:
        Whether it was put there; else the draft has the reason.
    """
    came: list[Saved] = []

    def all_of_it() -> None:
        draft.recall(draft.reel)
        if not came:  # a second time would be about the text that was put there
            draft.keep()
            if draft.settled:
                with draft.refusals():
                    came.append(deed(draft.reel.text_version))
        for saved in came:
            draft.come(saved)

    uncut(all_of_it)
    if any(saved.kept for saved in came):
        with draft.refusals():
            draft.has_earlier = studio().texts.can_undo(draft.reel.id)
    return any(saved.kept for saved in came)


def forget_troubles() -> None:
    """On coming back to the page: what was refused before is no news."""
    for draft in st.session_state.get(DRAFTS, {}).values():
        draft.trouble = ""


def draft_of(reel: Reel) -> Draft:
    """The draft of this tab; follow it before its fields are drawn."""
    drafts: dict[int, Draft] = st.session_state.setdefault(DRAFTS, {})
    if reel.id not in drafts:
        drafts[reel.id] = Draft(reel, words_of(reel))
    return drafts[reel.id]


def field(name: str, reel_id: int) -> str:
    """Key of one of the `FIELDS`."""
    return f"{name}-{reel_id}"


def words_of(reel: Reel) -> PostWords:
    """As the fields show them."""
    if reel.text is None:
        return PostWords("", "", "")
    return PostWords(reel.text.title, reel.text.caption, " ".join(reel.text.hashtags))


def with_text(reel: Reel, other: Reel) -> Reel:
    """`reel` with the text of `other`."""
    return replace(reel, text=other.text, text_version=other.text_version)
