"""What a site says of a video in, what the operator reads about it out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gravix_core import LinkItem, LinkProbe, LinkState
from gravix_ui.words import counted, sentence, size

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fil": "Filipino", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "iw": "Hebrew", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""Of captions that are frequent; the code itself stands for the others.  Source: BCP 47."""
NO_CAPTIONS = "no captions: cuts go by pauses"
LEFT_FREE = 64_000_000
"""Bytes of the disk that a download does not take."""


def on_one_line(text: str) -> str:
    """What a site says, without line breaks and other white space that would move things."""
    return " ".join(text.split())


def language(code: str) -> str:
    """``Portuguese (BR)``."""
    main, _, more = code.partition("-")
    name = LANGUAGES.get(main.lower())
    if name is None:
        return code
    return f"{name} ({more})" if more else name


def captions(probe: LinkProbe) -> str:
    """The best ones, which are those that are fetched."""
    if not probe.captions:
        return NO_CAPTIONS
    best = probe.captions[0]
    return f"captions: {language(best.language)}{', automatic' if best.automatic else ''}"


def height(probe: LinkProbe) -> str:
    """``up to 1080p``, of an upright picture as well."""
    lines = min(probe.height, probe.width) or probe.height
    return f"up to {lines}p" if lines else "height not known"


def facts(probe: LinkProbe, *, free: int) -> tuple[str, ...]:
    """Height on offer, captions, and what it takes of the free bytes."""
    takes = f"about {size(probe.byte_size)}" if probe.byte_size else "size not known"
    return (height(probe), captions(probe), f"{takes} ({size(free)} free)")


def no_room(probes: Sequence[LinkProbe], *, free: int) -> str:
    """Why the disk is too small, and what to do; empty when there is room.

    Of one download at a time, picture and sound lie beside what they are joined to.
    """
    sizes = [probe.byte_size or 0 for probe in probes]
    needed = sum(sizes) + max(sizes, default=0) + LEFT_FREE
    if not any(sizes) or needed <= free:
        return ""
    return (
        f"There is not enough room: up to {size(needed)} are needed, and {size(free)} are free. "
        "Delete videos in the Library first, or free some space on this disk otherwise."
    )


def said(text: str) -> str:
    """A message or a hint as it stands alone: with a capital and a full stop."""
    told = sentence(on_one_line(text))
    return f"{told[:1].upper()}{told[1:]}"


def summary(items: Sequence[LinkItem]) -> str:
    """``2 ready, 1 being looked at``."""
    states = [_group(item) for item in items]
    told = {
        "there": "there already",
        "ready": "ready",
        "rights": "to confirm",
        "asking": "being looked at",
        "unasked": "not looked at yet",
        "bad": "not possible",
    }
    parts = [f"{states.count(group)} {word}" for group, word in told.items() if group in states]
    return f"{counted(len(items), 'link')}: {', '.join(parts)}" if parts else ""


def _group(item: LinkItem) -> str:
    if item.video is not None:
        return "there"
    if item.state is LinkState.READY:
        return "ready" if item.rights else "rights"
    if item.state in {LinkState.ASKING, LinkState.UNASKED}:
        return item.state.value
    return "bad"
