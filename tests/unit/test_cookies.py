"""The operator's cookies: what is kept of them, who may read it, and what is never told."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yt_dlp.cookies import SUPPORTED_BROWSERS, YoutubeDLCookieJar

from gravix_core.errors import SourceRefused
from gravix_core.media.files import sweep
from gravix_core.stages.source.cookies import BROWSERS, Cookies, Origin, Taken
from gravix_core.stages.source.netscape import LIMIT_BYTES

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = int((NOW + timedelta(days=400)).timestamp())
SOONER = int((NOW + timedelta(days=30)).timestamp())
PAST = int((NOW - timedelta(days=1)).timestamp())
HEAD = "# Netscape HTTP Cookie File"
SECRET = "s3cr3t-value"


def line(site: str, name: str, *, ends: object = LATER, below: str = "TRUE") -> str:
    return "\t".join((site, below, "/", "TRUE", str(ends), name, SECRET))


def exported(*lines: str, end: str = "\n") -> bytes:
    return end.join((HEAD, "", *lines, "")).encode()


@pytest.fixture
def cookies(tmp_path: Path) -> Cookies:
    return Cookies(tmp_path / "data")


def held_files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def jar(file: Path) -> list[tuple[str, str, str | None]]:
    """What the downloader itself reads in the file."""
    read = YoutubeDLCookieJar(str(file))
    read.load()
    return sorted((one.domain, one.name, one.value) for one in read)


# the choice


def test_they_are_off_until_somebody_chooses(cookies: Cookies, tmp_path: Path) -> None:
    assert cookies.state().origin is Origin.OFF
    with cookies.handed(tmp_path) as handed:
        assert (handed.file, handed.browser) == (None, "")
    assert held_files(tmp_path) == []


def test_the_browsers_are_those_that_the_downloader_reads() -> None:
    assert set(BROWSERS) == SUPPORTED_BROWSERS


def test_a_browser_is_handed_on_by_name(cookies: Cookies, tmp_path: Path) -> None:
    cookies.use_browser("firefox")
    assert (cookies.state().origin, cookies.state().browser) == (Origin.BROWSER, "firefox")
    with cookies.handed(tmp_path) as handed:
        assert (handed.file, handed.browser) == (None, "firefox")


@pytest.mark.parametrize("name", ["", "lynx", "Firefox", "firefox:profile", "chrome+keyring"])
def test_another_browser_is_refused(cookies: Cookies, name: str) -> None:
    with pytest.raises(SourceRefused):
        cookies.use_browser(name)
    assert cookies.state().origin is Origin.OFF


def test_the_last_choice_counts(cookies: Cookies) -> None:
    cookies.use_browser("firefox")
    cookies.use_file(exported(line(".youtube.com", "PREF")), now=NOW)
    assert cookies.state().origin is Origin.FILE
    cookies.use_browser("edge")
    assert cookies.state().origin is Origin.BROWSER


def test_forgetting_leaves_no_file(cookies: Cookies, tmp_path: Path) -> None:
    cookies.use_browser("firefox")
    cookies.use_file(exported(line(".youtube.com", "PREF")), now=NOW)
    cookies.forget()
    cookies.forget()
    assert cookies.state().origin is Origin.OFF
    assert held_files(tmp_path) == []


# what is kept of a file


def test_only_cookies_of_youtube_and_google_are_kept(cookies: Cookies, tmp_path: Path) -> None:
    kept = [".youtube.com", "www.youtube.com", ".google.com", "accounts.google.com"]
    others = [".bank.example", "notyoutube.com", "youtube.com.evil.example", ".google.com.evil.de"]
    lines = [line(site, "A", below=str(site[0] == ".").upper()) for site in (*kept, *others)]
    assert cookies.use_file(exported(*lines), now=NOW) == Taken(kept=4, others=4, expired=0)
    with cookies.handed(tmp_path) as handed:
        assert handed.file is not None
        assert jar(handed.file) == sorted((site, "A", SECRET) for site in kept)


def test_what_has_run_out_is_not_kept(cookies: Cookies) -> None:
    lines = (line(".youtube.com", "A"), line(".youtube.com", "B", ends=PAST))
    assert cookies.use_file(exported(*lines), now=NOW) == Taken(kept=1, others=0, expired=1)


@pytest.mark.parametrize("ends", ["0", "", "-1", f"{LATER}.75"])
def test_cookies_of_a_session_and_odd_times_are_kept(
    cookies: Cookies, tmp_path: Path, ends: str
) -> None:
    cookies.use_file(exported(line(".youtube.com", "A", ends=ends)), now=NOW)
    with cookies.handed(tmp_path) as handed:
        assert handed.file is not None
        assert jar(handed.file) == [(".youtube.com", "A", SECRET)]


@pytest.mark.parametrize(
    "held",
    [
        exported(line(".youtube.com", "A"), end="\r\n"),
        b"\xef\xbb\xbf" + exported(line(".youtube.com", "A")),
        exported(line("#HttpOnly_.youtube.com", "A")),
        exported(line("youtube.com", "A")),
        line(".youtube.com", "A").encode(),
        exported(line(".youtube.com", "A"), "# a remark", "   "),
    ],
    ids=["windows", "byte order mark", "http only", "no dot", "no head", "remarks"],
)
def test_what_browsers_and_editors_make_of_it_is_understood(
    cookies: Cookies, tmp_path: Path, held: bytes
) -> None:
    assert cookies.use_file(held, now=NOW).kept == 1
    with cookies.handed(tmp_path) as handed:
        assert handed.file is not None
        assert jar(handed.file) == [(".youtube.com", "A", SECRET)]


GOOD = line(".youtube.com", "A")


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (b"", "holds no cookies"),
        (HEAD.encode(), "holds no cookies"),
        (b"\xff\xfe\x00", "is no text"),
        (b'[{"domain": ".youtube.com"}]', "is JSON"),
        (exported(GOOD.replace("\t", " ")), r"line 3 .* has 1 parts"),
        (exported(GOOD, "a\tb\tc"), r"line 4 .* has 3 parts .* a cookie has 7"),
        (exported(f"{GOOD}\tmore"), "has 8 parts"),
        (exported(line("you tube", "A")), "line 3 is no cookie: site makes no sense"),
        (exported(line(".youtube.com", "A", below="maybe")), "for all below makes no sense"),
        (exported(line(".youtube.com", "A", ends="soon")), "end makes no sense"),
        (exported(GOOD.replace(SECRET, f"{SECRET}\x00")), "value makes no sense"),
        (exported(GOOD.replace("\t/\t", "\t/\r\t")), "path makes no sense"),
        (exported(line(".bank.example", "A")), r"other sites alone \(1\)"),
        (exported(line(".youtube.com", "A", ends=PAST)), "all run out"),
        (exported(*[GOOD] * (LIMIT_BYTES // len(GOOD))), "has 5.[0-9] MB"),
    ],
)
def test_what_is_no_such_file_is_refused_with_the_reason(
    cookies: Cookies, tmp_path: Path, held: bytes, why: str
) -> None:
    cookies.use_browser("firefox")
    with pytest.raises(SourceRefused, match=why) as caught:
        cookies.use_file(held, now=NOW)
    assert SECRET not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"
    assert caught.value.hint.endswith(".")
    assert cookies.state().browser == "firefox"
    assert held_files(tmp_path) == ["youtube-cookies-browser.txt"]


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode()))
def test_any_bytes_are_kept_or_refused(
    tmp_path_factory: pytest.TempPathFactory, held: bytes
) -> None:
    cookies = Cookies(tmp_path_factory.getbasetemp() / "any")
    try:
        cookies.use_file(exported(GOOD) + held, now=NOW)
    except SourceRefused:
        return
    assert cookies.state().count >= 1


@given(st.lists(st.sampled_from([*"\t\n #.=", "TRUE", "/", "youtube.com", "1", "A"]), max_size=60))
def test_whatever_is_kept_the_downloader_reads(
    tmp_path_factory: pytest.TempPathFactory, words: Sequence[str]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "read"
    cookies = Cookies(folder)
    try:
        cookies.use_file(exported(GOOD) + "".join(words).encode(), now=NOW)
    except SourceRefused:
        return
    with cookies.handed(folder) as handed:
        assert handed.file is not None
        assert jar(handed.file)


# what is told


def test_the_state_tells_how_many_since_when_and_until_when(cookies: Cookies) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    lines = (
        line(".youtube.com", "LOGIN_INFO", ends=LATER),
        line(".youtube.com", "SAPISID", ends=SOONER),
        line(".youtube.com", "GPS", ends=int(NOW.timestamp()) + 60),
    )
    cookies.use_file(exported(*lines), now=NOW)
    state = cookies.state()
    assert (state.count, state.signed_in) == (3, True)
    assert state.expires == datetime.fromtimestamp(SOONER, UTC)
    assert state.since is not None
    assert before <= state.since <= datetime.now(UTC)


def test_cookies_of_a_visitor_are_not_called_signed_in(cookies: Cookies) -> None:
    cookies.use_file(exported(line(".youtube.com", "PREF")), now=NOW)
    assert (cookies.state().signed_in, cookies.state().expires) == (False, None)


def test_no_value_is_in_what_is_shown_or_logged(
    cookies: Cookies, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    taken = cookies.use_file(exported(GOOD), now=NOW)
    with cookies.handed(tmp_path) as handed:
        shown = f"{taken!r} {cookies.state()!r} {handed!r} {cookies!r}"
    assert SECRET not in shown + caplog.text


# who may read it


@pytest.mark.skipif(os.name == "nt", reason="there, folders of an account are private")
def test_files_are_for_this_account_alone_whatever_the_mask(
    cookies: Cookies, tmp_path: Path
) -> None:
    mask = os.umask(0)
    try:
        cookies.use_browser("firefox")
        assert modes(tmp_path) == {0o600}
        cookies.use_file(exported(GOOD), now=NOW)
        with cookies.handed(tmp_path / "job"):
            assert len(held_files(tmp_path)) == 2
            assert modes(tmp_path) == {0o600}
    finally:
        os.umask(mask)


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()}


# the copy


def test_the_downloader_writes_into_a_copy(cookies: Cookies, tmp_path: Path) -> None:
    cookies.use_file(exported(GOOD), now=NOW)
    with cookies.handed(tmp_path / "job") as handed:
        assert handed.file is not None
        read = YoutubeDLCookieJar(str(handed.file))
        read.load()
        read.clear()
        read.save()
    assert cookies.state().count == 1
    assert held_files(tmp_path / "job") == []


def test_the_copy_goes_whatever_happens(cookies: Cookies, tmp_path: Path) -> None:
    cookies.use_file(exported(GOOD), now=NOW)
    with pytest.raises(RuntimeError), cookies.handed(tmp_path / "job"):
        raise RuntimeError
    with cookies.handed(tmp_path / "job") as handed:
        assert handed.file is not None
        handed.file.unlink()
    assert held_files(tmp_path / "job") == []


def test_a_copy_of_a_dead_process_is_swept_away(cookies: Cookies, tmp_path: Path) -> None:
    cookies.use_file(exported(GOOD), now=NOW)
    with cookies.handed(tmp_path / "job"):
        sweep(tmp_path / "job", alive=lambda _: True)
        assert len(held_files(tmp_path / "job")) == 1
        sweep(tmp_path / "job", alive=lambda _: False)
        assert held_files(tmp_path / "job") == []


def test_a_file_that_was_damaged_is_not_handed_on(cookies: Cookies, tmp_path: Path) -> None:
    cookies.use_file(exported(GOOD), now=NOW)
    (tmp_path / "data/youtube-cookies.txt").write_text(f"{HEAD}\n{SECRET}\n")
    with pytest.raises(SourceRefused) as caught, cookies.handed(tmp_path / "job"):
        pass
    assert SECRET not in str(caught.value)
    assert (cookies.state().origin, cookies.state().count) == (Origin.FILE, 0)
