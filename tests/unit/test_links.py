"""Which links give which video, what is said of the others, and that paths are no links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yt_dlp.extractor.youtube import YoutubeIE
from yt_dlp.utils import ExtractorError

from gravix_core.errors import SourceRefused
from gravix_core.stages.source.links import (
    canonical,
    is_youtube,
    looks_like_link,
    parse_link,
    parse_links,
)

calm = settings(deadline=None)
"""A busy machine is no failure."""

ID = "dQw4w9WgXcQ"
OTHER = "-_0aB-cD_9z"

PATHS = (
    "film.mp4", "/media/me/film.mp4", "C:\\Videos\\film.mp4", "C:\\x.mp4", "./youtube.com.mp4",
    "a:b.mp4", "youtube.mp4", "myyoutube.com", "12:30 take.mp4", "12:30 a take.mp4",
    "ünï cødé 橋.mp4", "www.youtube.com.mp4", "youtu.be.mov", f"{ID}.mp4", ID, "[clip] (1).mp4",
    "\\\\server\\share\\film.mp4", "//server/share/film.mp4", "example.org/a.mp4", "", "  ",
)  # fmt: skip
VIDEOS = (
    f"https://www.youtube.com/watch?v={ID}", f"http://youtube.com/watch?v={ID}",
    f"https://m.youtube.com/watch?v={ID}&feature=share", f"youtube.com/watch?v={ID}",
    f"https://music.youtube.com/watch?v={ID}&list=RDAMVM{ID}", f"www.youtube.com/watch?v={ID}",
    f"https://www.youtube.com/watch?v={ID}&list=PL590L5WQmH8fJ54F369BLDSqIwcs-TCfs&index=3",
    f"https://www.youtube.com/watch?list=PL590L5WQmH8fJ54F369BLDSqIwcs-TCfs&v={ID}",
    f"https://www.youtube.com/watch?app=desktop&v={ID}&t=1m30s&pp=ygUDYWJj", f"youtu.be/{ID}",
    f"https://youtu.be/{ID}?si=aBcD-123&t=42", f"https://youtu.be/{ID}?list=PL1",
    f"m.youtube.com/watch?v={ID}",
    f"https://www.youtube.com/shorts/{ID}?feature=share", f"https://youtube.com/live/{ID}?si=x",
    f"https://www.youtube.com/embed/{ID}?start=3", f"https://www.youtube-nocookie.com/embed/{ID}",
    f"https://www.youtube.com/v/{ID}", f"https://www.youtube.com/e/{ID}/", f"HTTPS://YOUTU.BE/{ID}",
    f"https://www.youtube.com:443/watch?v={ID}", f"//www.youtube.com/watch?v={ID}",
    f"https://www.youtube.com/watch?v={ID}#t=30", f"https://www.youtube.com/?v={ID}",
    f"https://www.youtube.com/watch?feature=a&amp;v={ID}", f"https://youtu.be/{ID}&feature=youtu.be",
    f"https://www.youtube.com/watch?v={ID}?t=30", f"https://www.youtubekids.com/watch?v={ID}",
    f"https://www.youtube.com/watch?v={ID}/", f"https://youtu.be/watch?v={ID}",
    f"music.youtube.com/watch?v={ID}",
    f"https://www.youtu.be/{ID}", f"https://www.youtube.com/watch/?v={ID}",
)  # fmt: skip
AROUND = (
    "  {} ", "\t{}\r\n", "\u00a0{}\u00a0", "\u200b{}\u200b", "\ufeff{}", "\u2068{}\u2069", "<{}>",
    "({}).", "“{}”,", "«{}»", "[{}]", "{}.", "{},", "{}!", "{};", "'{}'", "`{}`", "*{}*",
    "<{}>\u200b. ", "{}…", "\u3000{}", "\u200e{}\u202c",
)  # fmt: skip
NO_VIDEOS = {
    "https://www.youtube.com/playlist?list=PL590L5WQmH8fJ54F369BLDSqIwcs-TCfs": "playlist",
    "https://www.youtube.com/watch?list=PL590L5WQmH8fJ54F369BLDSqIwcs-TCfs": "playlist",
    "https://music.youtube.com/playlist?list=OLAK5uy_k": "playlist",
    "https://music.youtube.com/browse/MPREb_abcdefghijk": "playlist",
    "https://www.youtube.com/embed/videoseries?list=PL1": "playlist",
    "https://www.youtube.com/show/SCnk": "playlist",
    f"https://www.youtube.com/watch_videos?video_ids={ID},{OTHER}": "playlist",
    "https://www.youtube.com/@creator": "channel",
    "https://www.youtube.com/@creator/shorts": "channel",
    "youtube.com/channel/UCuAXFkgsw1L7xaCfnd5JJOw": "channel",
    "https://www.youtube.com/c/Creator/videos": "channel",
    "https://www.youtube.com/user/creator": "channel",
    "https://www.youtube.com/creator": "channel",
    "https://www.youtube.com/embed/live_stream?channel=UCuAXFkgsw1L7xaCfnd5JJOw": "channel",
    "https://www.youtube.com/results?search_query=cats": "search",
    "https://music.youtube.com/search?q=cats": "search",
    "https://www.youtube.com/hashtag/cats": "search",
    "https://www.youtube.com/clip/UgkxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123": "clip",
    "https://www.youtube.com/post/UgkxyzABC": "post",
    f"https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2F{ID}": "leads on",
    f"https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3D{ID}": "leads on",
    "https://www.youtube.com/": "no video",
    "youtube.com": "no video",
    "https://www.youtube.com/feed/subscriptions": "no video",
    "https://www.youtube.com/watch": "no video",
    "https://www.youtube.com/watch?v=": "no video",
    "https://www.youtube.com/shorts": "no video",
    "https://youtu.be/": "no video",
    f"https://studio.youtube.com/video/{ID}/edit": "no video",
    f"https://consent.youtube.com/m?continue=https://www.youtube.com/watch?v={ID}": "no video",
    f"https://www.youtube.com/live_chat?v={ID}": "no video",
}
WRONG_LENGTH = {
    "https://www.youtube.com/watch?v=1": 1,
    "https://youtu.be/dQw4w9WgXc": 10,
    f"https://youtu.be/{ID}x": 12,
    f"https://www.youtube.com/watch?v={ID}extra": 16,
    "www.youtube.com/shorts/1": 1,
    "https://www.youtube.com/watch?v=dQw4w9...": 6,
    "https://www.youtube.com/watch?v=%64Qw4w9WgXcQ": 0,
}
FOREIGN = (
    "http://127.0.0.1/a.mp4", "https://example.com/a.mp4", "file:///etc/passwd", "ftp://h/a.mp4",
    "rtmp://h/live", "s3://bucket/a.mp4", f"https://vimeo.com/{ID}", "http://[::1/a.mp4", "srt+x://h",
    " HTTP://h/a", f"https://yewtu.be/watch?v={ID}", f"https://deturl.com/{ID}", "<http://localhost/x>",
    f"https://exаmple.com/watch?v={ID}", "https://example.com:99999/",
)  # fmt: skip
ALIKE = (
    f"https://youtube.com.example.org/watch?v={ID}", f"https://example.org/?u=youtube.com/watch?v={ID}",
    f"https://youtube.com@example.org/watch?v={ID}", f"https://user@www.youtube.com/watch?v={ID}",
    f"https://user@127.0.0.1/www.youtube.com/watch?v={ID}", f"ftp://youtube.com/watch?v={ID}",
    f"https://evilyoutube.com/watch?v={ID}", f"https://www.youtube.com\\@example.org/watch?v={ID}",
    f"https://example.org/https://www.youtube.com/watch?v={ID}", f"https://youtu.be.example.org/{ID}",
    f"https://example.org#@www.youtube.com/watch?v={ID}", f"https://www.youtube.co/watch?v={ID}",
    f"https://www.youtube.com:8080/watch?v={ID}", f"https://www.youtube.com%2eexample.org/{ID}",
    f"http://127.0.0.1\\www.youtube.com/watch?v={ID}", f"https:////youtu.be/{ID}",
    f"https://www.youtube.com:99999/watch?v={ID}",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_no_link(path: str) -> None:
    assert not looks_like_link(path)
    with pytest.raises(SourceRefused, match="no YouTube link; paste the link of one video"):
        parse_link(path)


@pytest.mark.parametrize("link", VIDEOS)
def test_a_link_of_a_video_gives_its_id(link: str) -> None:
    assert looks_like_link(link)
    assert parse_link(link) == ID


@pytest.mark.parametrize("youtube_id", [OTHER, "-----------", "___________", "00000000000"])
def test_every_sign_of_an_id_may_stand_anywhere_in_it(youtube_id: str) -> None:
    for link in VIDEOS:
        assert parse_link(link.replace(ID, youtube_id)) == youtube_id


@pytest.mark.parametrize("around", AROUND)
def test_what_a_messenger_puts_around_a_link_is_left_out(around: str) -> None:
    for link in (f"https://www.youtube.com/watch?v={ID}", f"youtu.be/{OTHER}"):
        pasted = around.format(link)
        assert looks_like_link(pasted)
        assert parse_link(pasted) == link[-11:]


def test_invisible_signs_within_a_link_are_left_out() -> None:
    assert parse_link(f"https://youtu\u200b.be/{ID[:4]}\u00ad{ID[4:]}\u2060") == ID


@pytest.mark.parametrize(("link", "kind"), NO_VIDEOS.items())
def test_a_page_that_is_no_video_is_named(link: str, kind: str) -> None:
    assert looks_like_link(link)
    with pytest.raises(SourceRefused, match=kind) as caught:
        parse_link(link)
    assert re.search(r"paste the link of (one|the|the whole) video", str(caught.value))
    assert "upload the file instead" in caught.value.hint


@pytest.mark.parametrize(("link", "length"), WRONG_LENGTH.items())
def test_an_id_of_another_length_is_counted(link: str, length: int) -> None:
    with pytest.raises(SourceRefused, match=f"this link's has {length}; paste the whole link"):
        parse_link(link)


@pytest.mark.parametrize("link", FOREIGN)
def test_every_other_address_hears_that_it_is_not_taken(link: str) -> None:
    assert looks_like_link(link)
    with pytest.raises(SourceRefused, match="not taken; nothing was requested") as caught:
        parse_link(link)
    assert "one YouTube video" in caught.value.hint


@pytest.mark.parametrize("link", ALIKE)
def test_an_address_that_only_looks_like_youtube_is_not_taken(link: str) -> None:
    assert looks_like_link(link)
    with pytest.raises(SourceRefused, match="only looks like YouTube's and is not taken"):
        parse_link(link)


def test_youtubes_own_hosts_are_known_by_name_alone() -> None:
    assert all(map(is_youtube, (*VIDEOS, *NO_VIDEOS, f" <https://youtu.be/{ID}> ")))
    assert not any(map(is_youtube, (*PATHS, *FOREIGN)))
    assert not any(
        is_youtube(link)
        for link in ALIKE
        if "www.youtube.com:" not in link and "user@www" not in link and not link.startswith("ftp")
    )


def test_two_links_on_one_line_are_not_taken_for_one() -> None:
    with pytest.raises(SourceRefused, match="line of its own"):
        parse_link(f"https://youtu.be/{ID} https://youtu.be/{OTHER}")


@calm
@given(scheme=st.from_regex(r"\A[a-zA-Z][a-zA-Z0-9+.-]{0,9}\Z"), rest=st.text(max_size=30))
def test_whatever_has_a_scheme_is_a_link_and_no_video(scheme: str, rest: str) -> None:
    link = f"{scheme}://{rest}"
    assert looks_like_link(link)
    with pytest.raises(SourceRefused) as caught:
        parse_link(link)
    assert caught.value.hint.endswith(".")


@calm
@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for verdict in parse_links(text):
        assert (verdict.youtube_id is None) != (verdict.refused is None)


# many lines


def test_each_line_has_its_own_verdict() -> None:
    first, second, third = parse_links(
        f"https://youtu.be/{ID}\r\n\n \u200b \nhttps://youtube.com/@creator\n  youtu.be/{OTHER}\n"
    )
    assert (first.youtube_id, first.refused) == (ID, None)
    assert second.youtube_id is None
    assert "channel" in str(second.refused)
    assert (third.given, third.youtube_id) == (f"youtu.be/{OTHER}", OTHER)


def test_a_video_that_stands_twice_is_taken_once() -> None:
    first, second, third = parse_links(
        f"https://youtu.be/{ID}\nhttps://www.youtube.com/shorts/{ID}?t=3\nyoutu.be/{OTHER}"
    )
    assert (first.youtube_id, second.youtube_id, third.youtube_id) == (ID, None, OTHER)
    assert "taken once" in str(second.refused)


def test_no_line_gives_no_verdict() -> None:
    assert parse_links(" \n\u200b\n\t") == ()


# yt-dlp's own matcher


@pytest.mark.parametrize("link", [f"https://{ID}", *VIDEOS, canonical(ID)])
def test_the_address_that_we_make_is_taken_by_yt_dlp(link: str) -> None:
    made = (
        canonical(link[-11:]) if link.startswith(f"https://{ID}") else canonical(parse_link(link))
    )
    assert YoutubeIE.suitable(made)
    assert YoutubeIE.extract_id(made) == ID


HOSTS = (
    "www.youtube.com", "youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be",
    "www.youtube-nocookie.com", "WWW.YouTube.com", "example.org", "youtube.com.example.org",
    "user@www.youtube.com", "127.0.0.1", "yewtu.be", "evilyoutube.com", "www.youtube.com:443",
    "kids.youtube.com", "www.youtu.be",
)  # fmt: skip
PAGES = (
    "/watch?v={}", "/watch?a=b&v={}", "/watch?v={}&list=PL1", "/watch?list=PL1&v={}", "/{}",
    "/?v={}", "/watch_popup?v={}", "/movie?v={}",
    "/shorts/{}", "/live/{}", "/embed/{}", "/v/{}", "/e/{}", "/watch?x={}", "/channel/{}", "/@{}",
    "/playlist?list={}", "/results?search_query={}", "/clip/{}", "/watch/{}", "/watch?vv={}",
    "/embed/videoseries?list={}", "/#/watch?v={}", "/watch#v={}", "/post/{}", "/watch?a=v&v={}",
)  # fmt: skip
AFTER = ("", "?t=3", "&t=3", "#t=3", "/", "/more", "&v=aaaaaaaaaaa", "%20", "x", "xyz")


def test_the_lists_of_the_property_hold_what_both_take_and_what_both_refuse() -> None:
    answers = {
        (_ours(link), _theirs(link))
        for host in HOSTS
        for page in PAGES
        for link in [f"https://{host}{page.format(ID)}"]
    }
    assert {(ID, ID), (None, None)} <= answers


@calm
@given(
    scheme=st.sampled_from(("https://", "http://", "//", "HTTPS://")),
    host=st.sampled_from(HOSTS),
    page=st.sampled_from(PAGES),
    youtube_id=st.from_regex(r"\A[0-9A-Za-z_-]{9,12}\Z"),
    after=st.sampled_from(AFTER),
)
@example(scheme="https://", host="youtu.be", page="/{}", youtube_id=ID, after="x")
@example(scheme="https://", host="yewtu.be", page="/watch?v={}", youtube_id=ID, after="")
@example(scheme="https://", host="www.youtube.com", page="/#/watch?v={}", youtube_id=ID, after="")
@example(scheme="https://", host="www.youtu.be", page="/{}", youtube_id=ID, after="")
@example(scheme="https://", host="youtu.be", page="/watch_popup?v={}", youtube_id=ID, after="")
def test_yt_dlp_and_we_see_the_same_video(
    scheme: str, host: str, page: str, youtube_id: str, after: str
) -> None:
    link = f"{scheme}{host}{page.format(youtube_id)}{after}"
    ours, theirs = _ours(link), _theirs(link)
    if theirs is None and ours is not None:
        assert f"&v={ours}" in link.replace("?", "&") or f"/{ours}" in link
        assert _we_are_laxer(link)
    elif ours != theirs:
        assert ours is None
        assert _we_are_stricter(link, str(theirs))


def _ours(link: str) -> str | None:
    try:
        return parse_link(link)
    except SourceRefused:
        return None


def _theirs(link: str) -> str | None:
    """What yt-dlp sees; it wants the scheme in small letters, which is no difference."""
    try:
        return str(YoutubeIE.extract_id(link.replace("HTTPS", "https")))
    except ExtractorError:
        return None


def _we_are_stricter(link: str, theirs: str) -> bool:
    """Where yt-dlp takes what we refuse, on purpose."""
    host = urlsplit(link).netloc.lower()
    return (
        host in {"yewtu.be", "kids.youtube.com"}  # front ends of others; a host of no videos
        or re.search(rf"{theirs}[0-9A-Za-z_-]", link) is not None  # it takes the first eleven
        or "#" in link.partition("v=")[0]  # addresses of 2012
        or theirs in {"videoseries", "live_stream", "watch_popup"}  # words of eleven letters
        or link.count("v=") > 1  # it looks on when the first `v` is no id
    )


def _we_are_laxer(link: str) -> bool:
    """Where we take what yt-dlp refuses; it is never given more than the id."""
    host = urlsplit(link).netloc.lower()
    short_watch = host == "youtu.be" and "v=" in link
    return host in {"www.youtu.be", "www.youtube.com:443"} or short_watch
