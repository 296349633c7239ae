"""Which words are addresses, and what is said of them; paths pass."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gravix_core.errors import SourceRefused
from gravix_core.stages.source.address import refuse_address

calm = settings(deadline=None)
"""A busy machine is no failure."""

PATHS = (
    "film.mp4", "/media/me/film.mp4", "C:\\Videos\\film.mp4", "./youtube.com.mp4", "a:b.mp4",
    "youtube.mp4", "myyoutube.com", "12:30 take.mp4", "ünï cødé 橋.mp4", "www.youtube.com.mp4", "",
)  # fmt: skip
YOUTUBE = (
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "http://youtube.com/watch?v=1",
    "https://m.youtube.com/watch?v=1", "https://music.youtube.com/watch?v=1",
    "https://youtu.be/dQw4w9WgXcQ", "HTTPS://YOUTU.BE/x", "youtu.be/dQw4w9WgXcQ",
    "youtube.com/watch?v=1", "www.youtube.com/shorts/1", "  https://youtu.be/x",
    "https://www.youtube.com:443/watch?v=1",
)  # fmt: skip
FOREIGN = (
    "http://127.0.0.1/a.mp4", "https://example.com/a.mp4", "file:///etc/passwd", "ftp://h/a.mp4",
    "rtmp://h/live", "s3://bucket/a.mp4", "https://youtube.com.example.org/watch?v=1",
    "https://example.org/?u=youtube.com", "https://youtube.com@example.org/", "http://[::1/a.mp4",
    "ftp://youtube.com/a", "https://evilyoutube.com/x", "srt+x://h", " HTTP://h/a",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_path_passes(path: str) -> None:
    refuse_address(path)


@pytest.mark.parametrize("address", YOUTUBE)
def test_a_youtube_link_hears_that_it_comes_next(address: str) -> None:
    with pytest.raises(SourceRefused, match="YouTube links come next"):
        refuse_address(address)


@pytest.mark.parametrize("address", FOREIGN)
def test_every_other_address_hears_that_it_is_not_taken(address: str) -> None:
    with pytest.raises(SourceRefused, match="not taken; nothing was requested"):
        refuse_address(address)


@calm
@given(scheme=st.from_regex(r"\A[a-zA-Z][a-zA-Z0-9+.-]{0,9}\Z"), rest=st.text(max_size=30))
def test_whatever_has_a_scheme_is_refused(scheme: str, rest: str) -> None:
    with pytest.raises(SourceRefused) as caught:
        refuse_address(f"{scheme}://{rest}")
    assert caught.value.hint.endswith(".")
