"""The main job as a script sees it: a file in, reels and one JSON object out."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import House, Said
from tests.media import seen
from tests.media.clips import Clips
from tests.media.small_disk import small_disk

pytestmark = pytest.mark.slow

KEYS = {
    "index", "start", "end", "reel_start", "reel_end", "duration", "file", "cover", "title",
    "caption", "hashtags", "topics", "quality_score", "written_by", "accepted", "accept_report",
}  # fmt: skip
SAID = ("Bridges stand because arches push the load aside. ",
        "Every cable carries a part of the deck. ", "Who built the first one? ")  # fmt: skip
SRT = "".join(
    f"{n + 1}\n00:00:0{2 * n},000 --> 00:00:0{2 * n + 1},900\n{text}\n\n"
    for n, text in enumerate(SAID)
)
VTT = "WEBVTT\n\n" + "".join(
    f"00:00:0{2 * n}.000 --> 00:00:0{2 * n + 1}.900\n{text}\n\n" for n, text in enumerate(SAID)
)
JSON3 = json.dumps(
    {
        "events": [
            {
                "tStartMs": 2000 * n,
                "dDurationMs": 1900,
                "segs": [
                    {"utf8": f"{word} ", "tOffsetMs": 200 * m}
                    for m, word in enumerate(text.split())
                ],
            }
            for n, text in enumerate(SAID)
        ]
    }
)


@pytest.fixture(scope="module")
def film(clips: Clips, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 7 s, so two chunks of 3 s and more."""
    folder = tmp_path_factory.mktemp("camera")
    file = folder / "My holiday_on a bridge ünï.mp4"
    file.write_bytes(clips("long.mp4").read_bytes())
    return file


@pytest.fixture(scope="module")
def done(film: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Said, House, Path]:
    """One run that several tests look at."""
    folder = tmp_path_factory.mktemp("run")
    house, out = House(folder / "data", folder), folder / "out"
    return house.run("process", film, "--json", "--out", out), house, out


def reels_of(done: tuple[Said, House, Path]) -> list[dict[str, Any]]:
    reels: list[dict[str, Any]] = done[0].json["reels"]
    return reels


def test_it_ends_with_0_and_says_its_stages_on_stderr(done: tuple[Said, House, Path]) -> None:
    said = done[0]
    assert said.code == 0
    assert [f"{stage}: 100 %" in said.err for stage in ("download", "cut", "convert")] == [True] * 3
    assert said.complaint == []


def test_convert_is_told_in_steps(done: tuple[Said, House, Path]) -> None:
    steps = [line for line in done[0].err.splitlines() if line.startswith("convert")]
    assert len(steps) >= 2


def test_stdout_is_one_json_object_and_nothing_else(done: tuple[Said, House, Path]) -> None:
    found = done[0].json
    assert set(found) == {"video", "reels"}
    assert found["video"]["duration"] == pytest.approx(7.0)


def test_every_reel_has_every_key(done: tuple[Said, House, Path]) -> None:
    assert all(set(reel) >= KEYS for reel in reels_of(done))


def test_chunks_partition_the_source_in_order(done: tuple[Said, House, Path]) -> None:
    reels = reels_of(done)
    assert [reel["index"] for reel in reels] == list(range(len(reels)))
    assert all(a["end"] == b["start"] for a, b in pairwise(reels))
    assert (reels[0]["start"], reels[-1]["end"]) == (0, pytest.approx(7.0))
    assert len(reels) == 2


def test_every_reel_plays_its_chunk_and_is_accepted(done: tuple[Said, House, Path]) -> None:
    for reel in reels_of(done):
        assert (reel["reel_start"], reel["reel_end"]) == (reel["start"], reel["end"])
        assert reel["duration"] == pytest.approx(reel["end"] - reel["start"], abs=1 / 30)
        assert reel["accepted"]
        assert {rule["level"] for rule in reel["accept_report"]} == {"pass"}


def test_an_independent_prober_agrees(done: tuple[Said, House, Path]) -> None:
    for reel in reels_of(done):
        found = seen.streams(Path(reel["file"]))
        assert (found["video"]["width"], found["video"]["height"]) == (270, 480)
        assert float(found["format"]["duration"]) == pytest.approx(reel["duration"], abs=0.05)


def test_every_reel_has_text_within_the_limits(done: tuple[Said, House, Path]) -> None:
    for reel in reels_of(done):
        assert reel["title"]
        assert 0 < len(reel["caption"]) <= 2200
        assert len(reel["hashtags"]) <= 30
        assert 0 <= reel["quality_score"] <= 100
        assert reel["written_by"] == "basic"


def test_the_folder_holds_film_cover_and_caption_of_every_reel(
    done: tuple[Said, House, Path],
) -> None:
    _, _, out = done
    ends = sorted(file.suffix for file in out.iterdir())
    assert ends == sorted([".jpg", ".mp4", ".txt"] * 2)
    for reel in reels_of(done):
        file = Path(reel["file"])
        assert file.parent == out
        assert file.with_suffix(".txt").read_text("utf-8").startswith(reel["caption"])


def test_names_in_the_data_directory_are_ids_only(done: tuple[Said, House, Path]) -> None:
    _, house, _ = done
    names = {str(file.relative_to(house.videos)) for file in house.videos.rglob("*.*")}
    reels = {f"1/reels/{n}{end}" for n in (1, 2) for end in (".mp4", ".jpg", ".sheet.jpg")}
    assert names == {"1/source.mp4", "1/thumbnail.jpg", *reels}


def test_the_source_is_copied_and_left_as_it_was(
    done: tuple[Said, House, Path], film: Path, clips: Clips
) -> None:
    original = clips("long.mp4").read_bytes()
    assert film.read_bytes() == original
    assert (done[1].videos / "1" / "source.mp4").read_bytes() == original
    assert sorted(film.parent.iterdir()) == [film]


def test_nothing_temporary_is_left(done: tuple[Said, House, Path]) -> None:
    _, house, out = done
    assert house.drafts() == []
    assert not list(out.glob("*.tmp"))


def test_running_it_again_makes_nothing_again(done: tuple[Said, House, Path], film: Path) -> None:
    _, house, _ = done
    before = [(file.stat().st_ino, file.stat().st_mtime_ns) for file in house.reels()]
    again = house.run("process", film, "--json")
    assert again.code == 0
    assert [(f.stat().st_ino, f.stat().st_mtime_ns) for f in house.reels()] == before
    assert [reel["id"] for reel in again.json["reels"]] == [reel["id"] for reel in reels_of(done)]


def test_without_json_stdout_is_for_people(film: Path, house: House) -> None:
    said = house.run("process", film, "--layout", "centre", env={"COLUMNS": "300"})
    assert said.code == 0
    assert all(file.name in said.out for file in house.reels())
    assert not said.out.lstrip().startswith("{")


def test_another_layout_makes_other_reels_of_the_same_video(clips: Clips, house: House) -> None:
    film = clips("mono.mp4")
    first = house.run("process", film, "--json").json
    before = [file.read_bytes() for file in house.reels()]
    second = house.run("process", film, "--json", "--layout", "centre").json
    assert [r["id"] for r in first["reels"]] == [r["id"] for r in second["reels"]]
    assert all(a != b.read_bytes() for a, b in zip(before, house.reels(), strict=True))


def test_best_reel_alone_is_made_and_the_others_when_they_are_asked_for(
    film: Path, house: House
) -> None:
    one = house.run("process", film, "--json", "--best", "1", "--subtitles", "off")
    assert (one.code, len(one.json["reels"]), len(house.reels())) == (0, 1, 1)
    every = house.run("process", film, "--json", "--best", "0")
    assert (every.code, len(every.json["reels"])) == (0, 2)


@pytest.mark.parametrize(("end", "text"), [(".srt", SRT), (".vtt", VTT), (".json3", JSON3)])
def test_a_transcript_beside_the_film_becomes_the_text(
    clips: Clips, house: House, tmp_path: Path, end: str, text: str
) -> None:
    film = tmp_path / "talk.mp4"
    film.write_bytes(clips("mono.mp4").read_bytes())
    film.with_suffix(end).write_text(text, encoding="utf-8")
    first = house.run("process", film, "--json").json["reels"][0]
    assert "arches push the load aside" in first["caption"]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x01" * 9, b"{not json"], ids=["bytes", "no-json"]
)
def test_a_transcript_that_makes_no_sense_costs_a_warning_only(
    clips: Clips, house: House, tmp_path: Path, content: bytes
) -> None:
    film = tmp_path / "talk.mp4"
    film.write_bytes(clips("mono.mp4").read_bytes())
    film.with_suffix(".json3").write_bytes(content)
    said = house.run("process", film, "--json")
    assert (said.code, len(said.json["reels"])) == (0, 1)
    assert any("transcript was left out" in line for line in warnings(house))


def warnings(house: House) -> list[str]:
    database = sqlite3.connect(house.data / "gravix.db")
    try:
        query = "SELECT message FROM processing_logs WHERE level = 'WARNING'"
        return [str(row[0]) for row in database.execute(query)]
    finally:
        database.close()


def test_the_data_directory_of_the_command_line_wins(
    clips: Clips, house: House, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    env = {
        "GRAVIX_DATA_DIR": f"{other}",
        "DATABASE_URL": f"sqlite:///{other}/x.db",
        "VIDEOS_DIR": f"{other}/videos",
    }
    assert house.run("process", clips("mono.mp4"), env=env).code == 0
    assert (house.data / "gravix.db").is_file()
    assert len(house.reels()) == 1
    assert not other.exists()


def test_without_it_the_environment_decides(clips: Clips, house: House) -> None:
    said = house.run(
        "process", clips("mono.mp4"), data=False, env={"GRAVIX_DATA_DIR": str(house.data)}
    )
    assert (said.code, len(house.reels())) == (0, 1)
    assert list(house.cwd.iterdir()) == []


def test_without_any_word_the_data_lie_in_the_working_directory(clips: Clips, house: House) -> None:
    assert house.run("process", clips("mono.mp4"), data=False).code == 0
    assert (house.cwd / "data" / "gravix.db").is_file()


def test_a_folder_that_cannot_be_written_to_is_said_in_one_line(
    clips: Clips, house: House, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    said = house.run("process", clips("mono.mp4"), "--json", "--out", blocked / "out")
    assert (said.code, said.out, len(said.complaint)) == (1, "", 2)


def test_a_source_that_may_not_be_changed_is_enough(clips: Clips, house: House) -> None:
    source = house.cwd / "read only.mp4"
    source.write_bytes(clips("mono.mp4").read_bytes())
    source.chmod(0o400)
    assert house.run("process", source).code == 0
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert digest == hashlib.sha256(clips("mono.mp4").read_bytes()).hexdigest()


def test_a_missing_ffmpeg_is_said_before_anything_is_done(clips: Clips, house: House) -> None:
    said = house.run("process", clips("mono.mp4"), "--json", env={"FFMPEG_PATH": "/nonexistent"})
    assert (said.code, said.out, len(said.complaint)) == (1, "", 2)
    assert "FFMPEG_PATH" in said.err


@pytest.fixture
def small_house(house: House, tmp_path: Path) -> Iterator[House]:
    with small_disk(tmp_path / "disk", 6) as folder:
        yield House(folder / "data", house.cwd)


def test_a_full_disk_costs_only_the_reels_that_did_not_fit(
    clips: Clips, small_house: House
) -> None:
    """The first half of the film is still, the second one noise that grows in the render."""
    large = {"GRAVIX_WORKERS": "1", "REEL_WIDTH": "720", "REEL_HEIGHT": "1280"}
    said = small_house.run("process", clips("grows.mkv"), "--json", env=large)
    assert said.code == 1
    assert [reel["index"] for reel in said.json["reels"]] == [0]
    message, hint = said.complaint
    assert "disk" in hint
    assert "had no room" in message
    assert small_house.drafts() == []
