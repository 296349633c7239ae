"""One case per row of what may go wrong with YouTube, in the downloader's own words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yt_dlp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yt_dlp.networking import Response
from yt_dlp.networking.exceptions import HTTPError, IncompleteRead
from yt_dlp.utils import ContentTooShortError, DownloadError, ExtractorError, UnsupportedError

from gravix_core.stages.source.faults import (
    FAULTS,
    Kind,
    Told,
    cleaned,
    error_as,
    error_of,
    fault_of,
    upcoming,
)

calm = settings(deadline=None)
"""A busy machine is no failure."""

OFFER = "You can also download the video yourself and upload the file instead."
LOGIN = (
    "Use --cookies-from-browser or --cookies for the authentication. See  "
    "https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to manually"
    " pass cookies. Also see  https://github.com/yt-dlp/yt-dlp/wiki/Extractors#exporting-youtube-"
    "cookies  for tips on effectively exporting YouTube cookies"
)
LIMITED = (
    "This content isn't available, try again later. The current session has been rate-limited by "
    "YouTube for up to an hour. It is recommended to use `-t sleep` to add a delay between video "
    "requests to avoid exceeding the rate limit. For more information, refer to  https://github.com"
    "/yt-dlp/yt-dlp/wiki/Extractors#this-content-isnt-available-try-again-later"
)
NO_RESOLVER = (
    "HTTPSConnection(host='www.youtube.com', port=443): Failed to resolve 'www.youtube.com' "
    "([Errno -2] Name or service not known)"
)
NO_PROXY = (
    "('Unable to connect to proxy', NewConnectionError(\"HTTPSConnection(host='127.0.0.1', "
    'port=9): Failed to establish a new connection: [Errno 111] Connection refused"))'
)
UNTRUSTED = (
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer "
    "certificate (_ssl.c:1006)"
)
NO_RUNTIME = (
    "[youtube] No supported JavaScript runtime could be found. Only deno is enabled by default; to "
    "use another runtime add  --js-runtimes RUNTIME[:PATH]  to your command/config."
)


def _http(status: int) -> HTTPError:
    return HTTPError(Response(io.BytesIO(), "https://www.youtube.com/x", {}, status=status))


def _said(message: str, **more: object) -> Told:
    """What an ExtractorError with this reason is told as."""
    return _told(
        ExtractorError(message, expected=True, ie="youtube", video_id="aaaaaaaaaaa"), **more
    )


def _told(exc: Exception, **more: object) -> Told:
    """What the downloader's process tells of `exc`, which yt-dlp wraps."""
    chain = [DownloadError(f"ERROR: {exc}"), *_chain(exc)]
    statuses = tuple(one.status for one in chain if isinstance(one, HTTPError))
    classes = tuple(type(one).__name__ for one in chain)
    return replace(Told(str(chain[0]), classes, statuses), **more)  # type: ignore[arg-type]


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    while isinstance(exc, BaseException):
        yield exc
        exc = getattr(exc, "cause", None)


def _player(*statuses: int, warnings: tuple[str, ...] = ()) -> Told:
    """The player's requests failed, which is only warned of."""
    warned = (
        f"[youtube] Unable to download API page: {_http(status)} (caused by {_http(status)!r})"
        for status in statuses
    )
    failed = ExtractorError("Failed to extract any player response", ie="youtube")
    return _told(failed, warnings=(*warned, *warnings))


def _page(status: int) -> Told:
    cause = _http(status)
    return _told(ExtractorError(f"Unable to download webpage: {cause}", cause=cause, expected=True))


def _media(exc: Exception) -> Told:
    return _told(exc, phase="media")


def _plain(message: str, *classes: str, phase: str = "media") -> Told:
    return Told(f"ERROR: {message}", ("DownloadError", *classes), phase=phase)


ROWS: tuple[tuple[str, Told, str, Kind], ...] = (
    # playability, as YouTube's extractor raises it
    ("bot check", _said(f"Sign in to confirm you’re not a bot. {LOGIN}"), "bot_check", Kind.ACTION),
    ("bot check, plain", _said("Sign in to confirm you're not a bot."), "bot_check", Kind.ACTION),
    ("captcha", _said("Please solve it. YouTube is requiring a captcha challenge before playback"),
     "captcha", Kind.ACTION),
    ("session limit", _said(LIMITED), "rate_limited", Kind.WAIT),
    ("account limit", _said(LIMITED.replace("The current session", "Your account")),
     "rate_limited", Kind.WAIT),
    ("age", _said("Sign in to confirm your age. This video may be inappropriate for some users. "
                  f"{LOGIN}"), "age", Kind.ACTION),
    ("private", _said("Private video. This is a private video. Please sign in to verify that you "
                      f"may see it. {LOGIN}"), "private", Kind.PERMANENT),
    ("private, granted", _said("Private video. Sign in if you've been granted access to this video"
                               f". {LOGIN}"), "private", Kind.PERMANENT),
    ("removed", _said("Video unavailable. This video has been removed by the uploader"), "removed",
     Kind.PERMANENT),
    ("violation", _said("This video has been removed for violating YouTube's Terms of Service"),
     "removed", Kind.PERMANENT),
    ("terminated", _said("Video unavailable. This video is no longer available because the YouTube "
                         "account associated with this video has been terminated."), "removed",
     Kind.PERMANENT),
    ("does not exist", _said("Video unavailable"), "unavailable", Kind.PERMANENT),
    ("not available", _said("This video is not available"), "unavailable", Kind.PERMANENT),
    ("copyright by country", _said("Video unavailable. This video contains content from SME, who "
     "has blocked it in your country on copyright grounds"), "geo", Kind.PERMANENT),
    ("copyright", _said("Video unavailable. This video contains content from SME, who has blocked "
                        "it on copyright grounds"), "copyright", Kind.PERMANENT),
    ("claim", _said("Video unavailable. This video is no longer available due to a copyright claim "
                    "by SME"), "copyright", Kind.PERMANENT),
    ("geo", Told("ERROR: [youtube] aaaaaaaaaaa: The uploader has not made this video available in "
                 "your country\nThis video is available in United States, Nigeria.",
                 ("DownloadError", "GeoRestrictedError"), countries=("US", "NG")), "geo",
     Kind.PERMANENT),
    ("members", _said("Join this channel to get access to members-only content like this video, "
                      "and other exclusive perks."), "members", Kind.ACTION),
    ("members, level", _said("This video is available to this channel's members on level: Gold (or "
                             "any higher level). Join this channel to get access to members-only "
                             "content"), "members", Kind.ACTION),
    ("paid", _said("This video requires payment to watch."), "paid", Kind.PERMANENT),
    ("premium", _said("Video unavailable. This video is only available to Music Premium members"),
     "paid", Kind.PERMANENT),
    ("premiere", _said("Premieres in 3 hours"), "upcoming", Kind.WAIT),
    ("upcoming stream", _said("This live event will begin in 2 hours."), "upcoming", Kind.WAIT),
    ("any moment", _said("This live event will begin in a few moments."), "upcoming", Kind.WAIT),
    ("just ended", _said("This live event has ended."), "post_live", Kind.WAIT),
    ("processed", _said("We're processing this video. Check back later."), "post_live", Kind.WAIT),
    ("drm", _said("This video is DRM protected"), "drm", Kind.PERMANENT),
    ("signed in only", _said(f"Please sign in. {LOGIN}"), "sign_in", Kind.ACTION),
    ("no format", _said("Requested format is not available. Use --list-formats for a list of "
                        "available formats"), "no_format", Kind.ACTION),
    ("no formats", _told(ExtractorError("No video formats found!")), "no_format", Kind.ACTION),
    ("no runtime", _said("Requested format is not available. Use --list-formats",
                         warnings=(NO_RUNTIME,)), "runtime", Kind.ACTION),
    ("foreign answers", _said("All player responses are invalid. Your IP is likely being blocked "
                              "by Youtube"), "blocked", Kind.ACTION),
    # the player's requests
    ("player 403", _player(403, 403), "blocked", Kind.ACTION),
    ("player 429", _player(429), "rate_limited", Kind.WAIT),
    ("player 500", _player(500), "network", Kind.RETRY),
    ("player 503", _player(503), "network", Kind.RETRY),
    ("player 404", _player(404), "extractor", Kind.ACTION),
    ("player 400", _player(400), "extractor", Kind.ACTION),
    ("player, newest counts", _player(429, 500), "network", Kind.RETRY),
    ("player, no network", _player(warnings=(f"[youtube] {NO_RESOLVER}",)), "network", Kind.RETRY),
    ("player, tls", _player(warnings=(f"[youtube] {UNTRUSTED}",)), "tls", Kind.ACTION),
    ("player, other warnings", _player(warnings=("cannot decrypt v11 cookies: no key found",)),
     "extractor", Kind.ACTION),
    ("player, nothing warned", _player(), "extractor", Kind.ACTION),
    ("page limit beside a format", _said("Requested format is not available.", warnings=(
        "[youtube] Unable to download webpage: HTTP Error 429: Too Many Requests",)), "no_format",
     Kind.ACTION),
    # pages
    ("page 403", _page(403), "blocked", Kind.ACTION),
    ("page 404", _page(404), "gone", Kind.PERMANENT),
    ("page 410", _page(410), "gone", Kind.PERMANENT),
    ("page 429", _page(429), "rate_limited", Kind.WAIT),
    ("page 500", _page(500), "network", Kind.RETRY),
    # media
    ("media 403", _media(_http(403)), "forbidden", Kind.ACTION),
    ("media 404", _media(_http(404)), "gone", Kind.PERMANENT),
    ("media 410", _media(_http(410)), "gone", Kind.PERMANENT),
    ("media 416", _media(_http(416)), "extractor", Kind.ACTION),
    ("media 429", _media(_http(429)), "rate_limited", Kind.WAIT),
    ("media 500", _media(_http(500)), "network", Kind.RETRY),
    ("media 503, given up", _plain(f"\r[download] Got error: {_http(503)}. Giving up after 5 "
                                   "retries"), "network", Kind.RETRY),
    ("captions 429", replace(_media(_http(429)), phase="captions"), "rate_limited", Kind.WAIT),
    ("cut", _plain(f"\r[download] Got error: {IncompleteRead(1024, 4096)}. Giving up after 3 "
                   "retries"), "network", Kind.RETRY),
    ("too short", _plain(str(ContentTooShortError(10, 20)), "ContentTooShortError"), "network",
     Kind.RETRY),
    ("empty", _plain("Did not get any data blocks"), "network", Kind.RETRY),
    ("empty fragments", _plain("The downloaded file is empty"), "network", Kind.RETRY),
    ("html", _media(UnsupportedError("https://rr1.googlevideo.com/videoplayback?x=1")), "bad_url",
     Kind.PERMANENT),
    ("html merged", _plain("Postprocessing: Error opening input files: Invalid data found when "
                           "processing input"), "not_media", Kind.RETRY),
    # the network
    ("hang", _plain("The read operation timed out", "TransportError"), "network", Kind.RETRY),
    ("read timeout", _plain("HTTPSConnectionPool(host='www.youtube.com', port=443): Read timed "
                            "out. (read timeout=20.0)"), "network", Kind.RETRY),
    ("curl timeout", _plain("Failed to perform, curl: (28) Operation timed out after 20000 ms"),
     "network", Kind.RETRY),
    ("reset", _plain("('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'"
                     "))"), "network", Kind.RETRY),
    ("aborted", _plain("('Connection aborted.', RemoteDisconnected('Remote end closed connection "
                       "without response'))"), "network", Kind.RETRY),
    ("refused", _plain("Failed to establish a new connection: [Errno 111] Connection refused"),
     "network", Kind.RETRY),
    ("no name", _plain(NO_RESOLVER), "network", Kind.RETRY),
    ("no name, windows", _plain("[Errno 11001] getaddrinfo failed"), "network", Kind.RETRY),
    ("no name, curl", _plain("curl: (6) Could not resolve host: www.youtube.com"), "network",
     Kind.RETRY),
    ("no route", _plain("[Errno 101] Network is unreachable"), "network", Kind.RETRY),
    ("any transport", _plain("something new", "TransportError"), "network", Kind.RETRY),
    ("proxy", _plain(NO_PROXY, "ProxyError"), "proxy", Kind.ACTION),
    ("proxy refuses", _plain("Tunnel connection failed: 403 Forbidden"), "proxy", Kind.ACTION),
    ("certificate", _plain(UNTRUSTED, "CertificateVerifyError"), "tls", Kind.ACTION),
    ("tls", _plain("[SSL: WRONG_VERSION_NUMBER] wrong version number", "SSLError"), "tls",
     Kind.ACTION),
    ("cut tls", _plain("[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol",
                       "SSLError"), "network", Kind.RETRY),
    # this computer
    ("disk", _plain("unable to write data: [Errno 28] No space left on device"), "disk_full",
     Kind.ACTION),
    ("disk, opened", _plain("unable to open for writing: [Errno 28] No space left on device: "
                            "'source.mp4.part'"), "disk_full", Kind.ACTION),
    ("quota", _plain("unable to write data: [Errno 122] Disk quota exceeded"), "disk_full",
     Kind.ACTION),
    ("disk, merging", _plain("Postprocessing: av_interleaved_write_frame(): No space left on "
                             "device"), "disk_full", Kind.ACTION),
    ("not writable", _plain("unable to open for writing: [Errno 13] Permission denied: 'source'"),
     "unwritable", Kind.ACTION),
    ("no ffmpeg", _plain("You have requested merging of multiple formats but ffmpeg is not "
                         "installed. Aborting due to --abort-on-error"), "ffmpeg", Kind.ACTION),
    ("no ffprobe", _plain("Postprocessing: ffprobe and ffmpeg not found. Please install or provide "
                          "the path using --ffmpeg-location"), "ffmpeg", Kind.ACTION),
    ("no browser", _plain("could not find firefox cookies database in '/srv/.mozilla/firefox'"),
     "cookies", Kind.ACTION),
    ("no cookies.txt", _plain("'/data/c.txt' does not look like a Netscape format cookies file"),
     "cookies", Kind.ACTION),
    ("json cookies", _plain("Cookies file must be Netscape formatted, not JSON. See  https://x"),
     "cookies", Kind.ACTION),
    ("unknown browser", _plain('unsupported browser: "netscape"'), "cookies", Kind.ACTION),
    ("locked", _plain("Could not copy Chrome cookie database. See  https://github.com/yt-dlp/yt-"
                      "dlp/issues/7271  for more info"), "cookies", Kind.ACTION),
    ("dpapi", _plain("Failed to decrypt with DPAPI. See  https://github.com/yt-dlp/yt-dlp/issues/"
                     "10927  for more info"), "cookies", Kind.ACTION),
    ("cookies, unread", _plain("[Errno 13] Permission denied: '/srv/x/cookies.sqlite'"),
     "cookies", Kind.ACTION),
    ("cookies", Told("failed to load cookies", ("CookieLoadError",)), "cookies", Kind.ACTION),
    # the link
    ("foreign", _plain("No suitable extractor found for URL https://example.org/x?token=1"),
     "bad_url", Kind.PERMANENT),
    ("unsupported", _told(UnsupportedError("https://example.org/x")), "bad_url", Kind.PERMANENT),
    ("truncated", _said("Incomplete YouTube ID dQw4w9WgXc. URL https://www.youtube.com/watch?v="
                        "dQw4w9WgXc looks truncated."), "bad_url", Kind.PERMANENT),
    ("invalid", _told(ExtractorError("Invalid URL: x")), "bad_url", Kind.PERMANENT),
    ("no url", _told(ExtractorError("'x' is not a valid URL", expected=True)), "bad_url",
     Kind.PERMANENT),
    # the downloader itself
    ("no player", _told(ExtractorError("Cannot identify player 'x'")), "extractor", Kind.ACTION),
    ("reload", _said("The page needs to be reloaded."), "extractor", Kind.ACTION),
    ("new", _said("The moon is in the way"), "unknown", Kind.ACTION),
    ("nothing", Told(""), "unknown", Kind.ACTION),
)  # fmt: skip

WORDS = {
    "extractor/youtube/_video.py": (
        "has been rate-limited by YouTube for up to an hour",
        "This content isn't available, try again later",
        "YouTube is requiring a captcha challenge before playback",
        "The uploader has not made this video available in your country",
        "All player responses are invalid. Your IP is likely being blocked by Youtube",
        "Failed to extract any player response",
        "No supported JavaScript runtime could be found",
        "Cannot identify player",
        "Invalid URL: ",
    ),
    "extractor/youtube/_mistakes.py": ("looks truncated",),
    "extractor/common.py": ("This video is DRM protected", "from your location"),
    "extractor/generic.py": ("is not a valid URL",),
    "networking/exceptions.py": ("HTTP Error {response.status}", "{partial} bytes read"),
    "networking/_requests.py": ("ProxyError(cause=e)", "CertificateVerifyError(cause=e)"),
    "utils/_utils.py": ("please report this issue on", "Unsupported URL: ", "Giving up after"),
    "downloader/http.py": (
        "unable to open for writing", "unable to write data", "Did not get any data blocks",
    ),
    "downloader/fragment.py": ("The downloaded file is empty",),
    "cookies.py": (
        "could not find firefox cookies database in",
        "could not find {browser_name} cookies database",
        "could not find safari cookies database", "unsupported browser: ", "failed to load cookies",
        "Could not copy Chrome cookie database", "Failed to decrypt with DPAPI",
        "Cookies file must be Netscape formatted, not JSON",
    ),
    "YoutubeDL.py": (
        "No suitable extractor", "Requested format is not available", "No video formats found!",
        "You have requested merging of multiple formats but ffmpeg is not installed",
    ),
    "postprocessor/ffmpeg.py": ("ffprobe and ffmpeg not found",),
}  # fmt: skip
"""What the rules look for, and where the downloader says it."""


@pytest.mark.parametrize(
    ("told", "code", "kind"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS]
)
def test_every_failure_has_its_name_and_class(told: Told, code: str, kind: Kind) -> None:
    fault = fault_of(told)
    assert (fault.code, fault.kind) == (code, kind)
    error = error_of(told)
    assert (error.code, error.kind, str(error)) == (code, kind, fault.sentence)
    assert error.retryable is (kind in {Kind.WAIT, Kind.RETRY})
    assert (error.retry_after is not None) is (kind is Kind.WAIT)


def test_every_fault_has_a_row() -> None:
    by_the_app = {"live", "stalled"}
    """Seen by the app itself; the downloader has no error for them."""
    assert set(FAULTS) == {code for *_, code, _ in ROWS} | by_the_app


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_says_what_to_do_and_offers_to_upload_the_file(code: str) -> None:
    fault = FAULTS[code]
    assert fault.code == code
    assert re.fullmatch(r"[A-Z][^\n]{10,120}\.", fault.sentence)
    assert fault.hint.endswith(f". {OFFER}")
    assert len(fault.hint) > len(OFFER) + 10
    assert (fault.wait is not None) is (fault.kind is Kind.WAIT)


@pytest.mark.parametrize("file", WORDS)
def test_the_downloader_still_says_what_the_rules_look_for(file: str) -> None:
    source = (Path(yt_dlp.__file__).parent / file).read_text(encoding="utf-8")
    assert not [words for words in WORDS[file] if words not in source]


def test_the_standard_library_still_says_what_the_rules_look_for(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text("[]", encoding="utf-8")
    with pytest.raises(Exception, match="Netscape format"):
        yt_dlp.cookies.YoutubeDLCookieJar(str(tmp_path / "c.txt")).load()


# times and countries


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        (_said(LIMITED), 3600),
        (_page(429), 900),
        (_player(429), 900),
        (replace(_page(429), retry_after=120.0), 120),
        (replace(_page(429), retry_after=0.0), 900),
        (replace(_page(429), retry_after=1e9), 86400),
        (replace(_said(LIMITED), retry_after=7200.0), 7200),
        (_said("Premieres in 3 hours"), 3 * 3600),
        (_said("This live event will begin in 45 minutes."), 45 * 60),
        (_said("Premieres in an hour"), 3600),
        (_said("Premieres in 2 days"), 2 * 86400),
        (_said("This live event will begin in a few moments."), 3600),
    ],
)
def test_waiting_takes_as_long_as_was_said(told: Told, wait: float) -> None:
    assert fault_of(told).wait == wait
    assert error_of(told).retry_after == wait


@pytest.mark.parametrize(
    ("starts_in", "sentence"),
    [
        (30.0, "starts in 1 minute."),
        (-5.0, "starts in 1 minute."),
        (3 * 3600.0, "starts in 3 hours."),
        (86400.0, "starts in 1 day."),
        (11 * 86400.0 + 5, "starts in 11 days."),
        (None, "not started yet."),
    ],
)
def test_what_has_not_started_says_when_it_does(starts_in: float | None, sentence: str) -> None:
    assert upcoming(starts_in).sentence.endswith(sentence)
    assert (upcoming(starts_in).wait or 0) >= 60


def test_countries_are_listed_and_not_all_of_them() -> None:
    geo = Told("x", ("GeoRestrictedError",), countries=("US", "NG"))
    assert fault_of(geo).sentence == "This video is not shown in your country; it is in US, NG."
    many = tuple(f"{a}{b}" for a in "ABCD" for b in "XYZ")
    assert fault_of(replace(geo, countries=many)).sentence.endswith("DX and 2 more.")


def test_countries_that_are_none_are_left_out() -> None:
    geo = Told("x", ("GeoRestrictedError",), countries=("<script>", "us"))
    assert fault_of(geo) == FAULTS["geo"]


def test_the_app_can_say_a_fault_of_its_own() -> None:
    error = error_as(FAULTS["live"])
    assert (error.code, error.kind, error.retryable) == ("live", "action", False)


# what is shown


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("\x1b[0;31mERROR:\x1b[0m [youtube] aaaaaaaaaaa: It broke", "It broke"),
        (str(ExtractorError("It broke")), "It broke"),
        (str(ExtractorError("It broke", cause=_http(418))), "It broke"),
        ("see https://h/x?token=abc now", "see (address) now"),
        ("open '/home/me and you/x.mp4': no", "open '(file)': no"),
        ("open /srv/x.mp4", "open (file)"),
        ("open C:\\Users\\me\\x.mp4", "open (file)"),
        ("open data/videos/1/x.mp4", "open (file)"),
        ("Cookie: SID=abc; HSID=def", "Cookie …"),
        ("Authorization: Bearer abc def", "Authorization …"),
        ("with po_token=abcdef and more", "with … and more"),
        ("key AIzaSyA8eiZmM1FaDVjRy-df2KTyQ_vz_yYM39w", "key …"),
        ("two\nlines\tand\x07 signs", "two lines and signs"),
        ("yes and/or no, 1/2", "yes and/or no, 1/2"),
    ],
)
def test_secrets_places_and_boilerplate_are_not_shown(message: str, shown: str) -> None:
    assert cleaned(message) == shown
    assert error_of(Told(message)).details == shown


def test_a_failure_that_nobody_knows_is_told_in_the_downloaders_words() -> None:
    fault = fault_of(_said("The moon is in the way"))
    assert fault.sentence == "The downloader failed: The moon is in the way"


@calm
@given(st.text(max_size=500))
@example("x" * 500)
@example("ab " * 300)
def test_what_is_shown_is_short_and_on_one_line(text: str) -> None:
    shown = cleaned(text)
    assert len(shown) <= 200
    assert shown.isprintable()


@calm
@given(
    before=st.sampled_from(("", "It broke: ", "'", "while reading ", "(", "=")),
    secret=st.sampled_from((
        "https://rr1.googlevideo.com/videoplayback?sig=SECRETSECRET", "/srv/SECRET/cookies",
        "C:\\Users\\SECRET", "~/SECRET", "Cookie: a=SECRET; b=SECRET", "\\\\server\\SECRET",
        "SAPISID=SECRETSECRET", "visitor_data=SECRET%3D", f"SECRET{'a1' * 20}", "a/b/SECRET",
        "file:///SECRET", "Set-Cookie: SECRET", "authorization: SECRET SECRET",
    )),
    after=st.sampled_from(("", ".", "' failed", ") and more", "\nmore")),
)  # fmt: skip
def test_no_secret_is_in_any_sentence(before: str, secret: str, after: str) -> None:
    error = error_of(Told(f"ERROR: {before}{secret}{after}"))
    assert "SECRET" not in f"{error} {error.hint} {error.details}"
