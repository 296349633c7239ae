"""The unmodified yt-dlp, in a process of its own, takes the stand-in for YouTube."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from tests.conftest import Film
from tests.simulators.asking import ytdlp
from tests.simulators.youtube import YouTubeSimulator
from tests.simulators.youtube_captions import spoken
from tests.simulators.youtube_films import AAC, H264_ITAGS, Films
from tests.simulators.youtube_scenario import Captions, Endpoint, Scenario
from tests.simulators.youtube_table import REFUSALS

pytestmark = pytest.mark.slow

ID = "dQw4w9WgXcQ"
SMALL = Scenario(ID, heights=(360,), duration=6)
PADDED = Scenario(ID, heights=(360,), duration=6, size=25_000_000)


def packets(file: Path, kind: str) -> str:
    """A hash of the packets of one stream."""
    words = ["-i", str(file), "-map", f"0:{kind}:0", "-c", "copy", "-f", "hash", "-"]
    argv = [str(ffmpeg_program()), "-nostdin", "-v", "error", *words]
    return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout


def of(youtube: YouTubeSimulator, folder: Path, **more: Any) -> dict[str, Any]:
    """The answer to one wish, with the file in `folder`."""
    wish = {"id": ID, "folder": str(folder / "media"), **more}
    return ytdlp(youtube, folder, wish)[0]


def test_a_video_comes_in_whole_with_its_captions_and_nothing_else_is_asked(
    youtube: YouTubeSimulator, films: Films, tmp_path: Path
) -> None:
    scenario = youtube.add(Scenario(ID, captions=(Captions(), Captions(automatic=False))))

    told = of(youtube, tmp_path, captions=True)

    info, file = told["info"], Path(told["file"])
    assert (info["title"], info["channel"]) == (scenario.title, scenario.channel)
    assert (info["duration"], info["language"], info["format_id"]) == (12, "en", "137+140")
    assert set(info["subtitles"]) == {"en"}
    assert {"en-orig", "de"} <= set(info["automatic_captions"])
    assert packets(file, "v") == packets(films.stream(scenario, H264_ITAGS[1080]).file, "v")
    assert packets(file, "a") == packets(films.stream(scenario, AAC).file, "a")
    said = "".join(seg["utf8"] for event in told["captions"]["events"][1:] for seg in event["segs"])
    assert said.split() == [word.text for line in spoken(12) for word in line]
    assert youtube.refused == ()
    assert {request.client for request in youtube.asked(Endpoint.PLAYER)} == {
        "TVHTML5",
        "VISIONOS",
        "WEB",
    }


def test_a_film_of_ones_own_is_shown_at_the_heights_on_offer(
    youtube: YouTubeSimulator, film: Film, tmp_path: Path
) -> None:
    shown = film(seconds=5)
    youtube.add(Scenario(ID, duration=5, heights=(240,), film=shown))

    told = of(youtube, tmp_path)

    info = probe(Path(told["file"]))
    assert (info.picture.size.width, info.picture.size.height) == (426, 240)
    assert info.duration == pytest.approx(5, abs=0.1)


def test_every_refusal_is_told_in_the_words_of_the_table(
    youtube: YouTubeSimulator, tmp_path: Path
) -> None:
    ids = {name: f"refused{number:04}" for number, name in enumerate(REFUSALS)}
    for name, refusal in REFUSALS.items():
        youtube.add(refusal.of(ids[name]))

    told = ytdlp(youtube, tmp_path, *({"id": ids[name]} for name in REFUSALS))

    for (name, refusal), answer in zip(REFUSALS.items(), told, strict=True):
        if refusal.said:
            said = answer["error"].removeprefix("ERROR: ").removeprefix(f"[youtube] {ids[name]}: ")
            assert said.startswith(refusal.said), name
        else:
            assert (answer["error"], answer["info"]["live_status"]) == ("", refusal.live_status)
    assert told[list(REFUSALS).index("geo")]["countries"] == ["US", "NG"]
    assert youtube.refused == ()


@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_player_that_refuses_is_told_in_a_warning_alone(
    youtube: YouTubeSimulator, tmp_path: Path, status: int
) -> None:
    youtube.add(SMALL)
    youtube.add(Scenario("pagecarries", page_has_player=True, web_links=False))
    youtube.fail(Endpoint.PLAYER, status=status)

    bare, carried = ytdlp(youtube, tmp_path, {"id": ID}, {"id": "pagecarries"})

    assert "Failed to extract any player response" in bare["error"]
    assert "Requested format is not available" in carried["error"]
    for told in (bare, carried):
        assert any(f"HTTP Error {status}" in warning for warning in told["warnings"])


def test_a_page_that_refuses_costs_nothing(youtube: YouTubeSimulator, tmp_path: Path) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.PAGE, status=429)

    (told,) = ytdlp(youtube, tmp_path, {"id": ID})

    assert told["info"]["format_id"] == "134+140"


def test_what_has_no_links_but_the_muxed_one_is_low(
    youtube: YouTubeSimulator, tmp_path: Path
) -> None:
    youtube.add(Scenario(ID, adaptive=False, duration=6))

    (told,) = ytdlp(youtube, tmp_path, {"id": ID})

    assert (told["info"]["format_id"], told["info"]["height"]) == ("18", 360)


def test_links_are_unlocked_by_the_runtime_of_this_environment_without_a_path(
    youtube: YouTubeSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    youtube.add(Scenario(ID, heights=(360,), duration=6, challenged=True))
    monkeypatch.setenv("PATH", "")

    told = of(youtube, tmp_path)

    assert told["info"]["format_id"] == "134+140", told
    assert Path(told["file"]).exists()
    assert {request.status for request in youtube.asked(Endpoint.MEDIA)} == {206}


def test_links_stay_locked_without_a_runtime(youtube: YouTubeSimulator, tmp_path: Path) -> None:
    youtube.add(Scenario(ID, heights=(360,), duration=6, challenged=True))

    (told,) = ytdlp(youtube, tmp_path, {"id": ID, "options": {"js_runtimes": {}}})

    assert "Requested format is not available" in told["error"]
    assert any("JavaScript runtime" in warning for warning in told["warnings"])


def test_a_padded_video_comes_in_parts_and_merges(
    youtube: YouTubeSimulator, films: Films, tmp_path: Path
) -> None:
    youtube.add(PADDED)

    told = of(youtube, tmp_path)

    assert told["info"]["requested_formats"][0]["filesize"] == PADDED.size
    youtube.settle()
    asked = [r for r in youtube.asked(Endpoint.MEDIA) if r.itag == H264_ITAGS[360]]
    assert len(asked) > 1
    assert sum(request.sent for request in asked) == PADDED.size
    assert packets(Path(told["file"]), "v") == packets(films.stream(SMALL, 134).file, "v")


def test_a_cut_body_is_taken_up_where_it_ended(youtube: YouTubeSimulator, tmp_path: Path) -> None:
    youtube.add(PADDED)
    youtube.fail(Endpoint.MEDIA, itag=134, cut_after=3_000_000, times=1)

    told = of(youtube, tmp_path, options={"retries": 3})

    youtube.settle()
    first, second = [r for r in youtube.asked(Endpoint.MEDIA) if r.itag == 134][:2]
    assert (first.sent, first.whole) == (3_000_000, False)
    assert 0 < int(second.range.removeprefix("bytes=").split("-")[0]) <= 3_000_000
    assert Path(told["file"]).exists()


def test_media_that_are_busy_once_are_asked_again(
    youtube: YouTubeSimulator, tmp_path: Path
) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, status=503, retry_after="1", times=1)

    told = of(youtube, tmp_path, options={"retries": 3})

    assert youtube.asked(Endpoint.MEDIA)[0].status == 503
    assert Path(told["file"]).exists()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ({"status": 403}, "HTTP Error 403"),
        ({"status": 429}, "HTTP Error 429"),
        ({"status": 410}, "HTTP Error 410"),
        ({"html": True}, "Invalid data found when processing input"),
        ({"empty": True}, "Did not get any data blocks"),
        ({"cut_after": 1000}, "more expected"),
    ],
)
def test_media_that_fail_are_told(
    youtube: YouTubeSimulator, tmp_path: Path, trouble: Any, said: str
) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, **trouble)

    told = of(youtube, tmp_path)

    assert said in told["error"]


def test_hanging_media_end_with_the_time_of_the_client(
    youtube: YouTubeSimulator, tmp_path: Path
) -> None:
    youtube.add(SMALL)
    youtube.fail(Endpoint.MEDIA, hang_after=1000)

    told = of(youtube, tmp_path, options={"socket_timeout": 0.5})

    assert "timed out" in told["error"]


def test_an_unknown_authority_is_refused_before_anything_is_asked(
    youtube: YouTubeSimulator, tmp_path: Path
) -> None:
    youtube.add(SMALL)

    (told,) = ytdlp(youtube, tmp_path, {"id": ID}, trusted=False)

    assert "CERTIFICATE_VERIFY_FAILED" in told["error"]
    assert {request.endpoint for request in youtube.journal} == {Endpoint.CONNECT}


def test_its_own_list_of_authorities_goes_before_the_variables(
    youtube: YouTubeSimulator, tmp_path: Path
) -> None:
    youtube.add(SMALL)

    (told,) = ytdlp(youtube, tmp_path, {"id": ID, "options": {"compat_opts": []}})

    assert "CERTIFICATE_VERIFY_FAILED" in told["error"]
