"""What somebody pasted in, the id of a YouTube video or a refusal with its reason out.  Pure.

Nothing is ever requested, and only the eleven characters of the id leave this file: the
address that is requested later is made by `canonical`, never pasted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from gravix_core.errors import SourceRefused

_WATCH_HOSTS = frozenset(
    f"{part}{name}"
    for name, parts in {
        "youtube.com": ("", "www.", "m.", "music.", "gaming."),
        "youtube-nocookie.com": ("", "www."),
        "youtubekids.com": ("", "www."),
    }.items()
    for part in parts
)
_SHORT_HOSTS = frozenset({"youtu.be", "www.youtu.be"})
_PORTS = frozenset({None, 80, 443})

_ID = re.compile(r"[0-9A-Za-z_-]+")
_V = re.compile(r"(?:^|[&;])v=([^&;]*)")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BARE = re.compile(
    r"(?://)?(?:[a-z0-9-]+\.)*(?:youtube(?:-nocookie|kids)?\.com|youtu\.be)(?::\d+)?(?:[/?#]|$)",
    re.IGNORECASE,
)
_AROUND = "<>()[]{}\"'`*“”„‘’‚«»‹›|"
"""What messengers and mail programs put around a link; none may end an id."""
_AFTER = _AROUND + ".,;:!?…"

_WATCH_PAGES = frozenset({"", "watch", "watch_popup", "movie"})
"""Pages whose parameter `v` is the video."""
_SHORT_WATCH_PAGES = _WATCH_PAGES - {"watch_popup"}
"""On youtu.be that word, of eleven letters, stands where an id does, and is one."""
_ID_PAGES = frozenset({"v", "e", "embed", "shorts", "live"})
"""Pages whose second part is the video."""
_NO_VIDEOS = {"videoseries": "playlist", "live_stream": "channel"}
"""Words of eleven letters that stand where an id would (``/embed/videoseries?list=…``)."""

_ONE_VIDEO = "paste the link of one video"
_PAGES = {
    "playlist": f"this is the link of a playlist; {_ONE_VIDEO}",
    "channel": f"this is the link of a channel; {_ONE_VIDEO}",
    "search": f"this is the link of a search; {_ONE_VIDEO}",
    "clip": "this is the link of a clip; paste the link of the whole video that it is part of",
    "post": f"this is the link of a post; {_ONE_VIDEO}",
    "forward": "this link only leads on to another page; open it and paste the link of the video",
    "page": f"this page of YouTube is no video; {_ONE_VIDEO}",
}
_PAGE_OF = {
    "playlist": "playlist", "show": "playlist", "watch_videos": "playlist", "browse": "playlist",
    "channel": "channel", "c": "channel", "user": "channel",
    "results": "search", "search": "search", "hashtag": "search",
    "clip": "clip", "post": "post", "redirect": "forward", "attribution_link": "forward",
    "": "page", "feed": "page", "watch": "page", "watch_popup": "page", "movie": "page",
    "gaming": "page", "premium": "page", "account": "page", "live_chat": "page", "signin": "page",
    "v": "page", "e": "page", "embed": "page", "shorts": "page", "live": "page",
}  # fmt: skip
"""By the first part of the path; what stands on its own and is not here names a channel."""

_HINT = (
    "Open the video on YouTube, copy the address of that page or use Share, and paste it; "
    "or download the video yourself and upload the file instead."
)
_HINT_FILE = (
    "Paste the link of one YouTube video, or download the video yourself and upload the file "
    "instead."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one line; either `youtube_id` or `refused` is there."""

    given: str
    """The line as it was pasted, without what is invisible or blank around it."""
    youtube_id: str | None
    refused: SourceRefused | None


def canonical(youtube_id: str) -> str:
    """The one address by which a video is asked for."""
    return f"https://www.youtube.com/watch?v={youtube_id}"


def looks_like_link(given: str) -> bool:
    """True for an address of any kind, good or bad; a bare one only of YouTube.

    A path is none, not even one with a colon or a dot in it, such as ``C:\\film.mp4`` or
    ``www.youtube.com.mp4``.
    """
    link = _tidy(given)
    return _SCHEME.match(link) is not None or _BARE.match(link) is not None


def is_youtube(given: str) -> bool:
    """True for an address on one of YouTube's own hosts, a video's or not."""
    link = _tidy(given)
    if not looks_like_link(link):
        return False
    try:
        return _is_theirs(urlsplit(_with_scheme(link)).hostname or "")
    except ValueError:
        return False


def parse_link(given: str) -> str:
    """Read the link of one video, with or without scheme, list, time and what stands around.

    Returns:
        The id: eleven letters, digits, ``_`` and ``-``.

    Raises:
        SourceRefused: It is no link of one video; the message says what it is.
    """
    link = _tidy(given)
    if not looks_like_link(link):
        raise SourceRefused(f"this is no YouTube link; {_ONE_VIDEO}", hint=_HINT_FILE)
    if any(map(str.isspace, link)):
        raise SourceRefused("put each link on a line of its own, with nothing beside it")
    parts = _split(link)
    first, second = (*parts.path.removeprefix("/").split("/"), "", "")[:2]
    if parts.hostname in _SHORT_HOSTS and first not in _SHORT_WATCH_PAGES:
        return _whole(first)
    if first in _ID_PAGES and _ID.match(second):
        return _whole(second)
    video = _V.search(parts.query)
    if first in _WATCH_PAGES and video and video[1]:
        return _whole(video[1])
    has_list = first in _WATCH_PAGES and re.search(r"(?:^|[&;])list=", parts.query)
    raise _refusal("playlist" if has_list else _page(first))


def parse_links(text: str) -> tuple[Verdict, ...]:
    """One verdict per line that is not empty, in order; a video that stands twice is taken once."""
    return tuple(_verdicts(text))


def _verdicts(text: str) -> Iterator[Verdict]:
    seen: set[str] = set()
    for line in filter(_tidy, text.splitlines()):
        given = _visible(line).strip()
        try:
            youtube_id = parse_link(line)
            if youtube_id in seen:
                raise SourceRefused(
                    "this video stands further up already, so it is taken once",
                    hint="Nothing needs to be done; you may remove this line.",
                )
        except SourceRefused as exc:
            yield Verdict(given, None, exc)
        else:
            seen.add(youtube_id)
            yield Verdict(given, youtube_id, None)


def _visible(text: str) -> str:
    """Without zero-width characters, marks of direction and the like, which copying adds."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _tidy(given: str) -> str:
    link, before = _visible(given), None
    while link != before:  # "(<link>.) " is peeled layer by layer
        before, link = link, link.strip().lstrip(_AROUND).rstrip(_AFTER)
    return link


def _split(link: str) -> SplitResult:
    """The parts of an address of YouTube's own."""
    try:
        parts = urlsplit(_with_scheme(link))
        host, is_plain = parts.hostname or "", parts.port in _PORTS and "@" not in parts.netloc
    except ValueError:
        host, is_plain = "", False
    if is_plain and parts.scheme in {"http", "https"}:
        if host in _WATCH_HOSTS | _SHORT_HOSTS:
            return parts
        if _is_theirs(host):
            raise _refusal("page")
    alike = "only looks like YouTube's and" if "youtu" in link.lower() else "of another kind"
    raise SourceRefused(
        f"this address {alike} is not taken; nothing was requested", hint=_HINT_FILE
    )


def _with_scheme(link: str) -> str:
    return link if _SCHEME.match(link) else f"https://{link.removeprefix('//')}"


def _is_theirs(host: str) -> bool:
    known = host in _WATCH_HOSTS or host in _SHORT_HOSTS
    return known or re.fullmatch(r"[a-z0-9-]+\.youtube\.com", host) is not None


def _whole(text: str) -> str:
    """The id at the start of `text`, which may go on with another parameter or a sign."""
    if text in _NO_VIDEOS:
        raise _refusal(_NO_VIDEOS[text])
    found = _ID.match(text)
    if found is None or len(found[0]) != 11:
        raise SourceRefused(
            "the id of a YouTube video has 11 characters, and this link's has "
            f"{len(found[0]) if found else 0}; paste the whole link of one video",
            hint=_HINT,
        )
    return found[0]


def _page(first: str) -> str:
    return "channel" if first.startswith("@") else _PAGE_OF.get(first, "channel")


def _refusal(page: str) -> SourceRefused:
    return SourceRefused(_PAGES[page], hint=_HINT)
