"""`check` and `doctor`: what they say, and what they never say."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from gravix_core.jobs.seat import Seat
from tests.cli.command import ROOT, House
from tests.media.clips import Clips

pytestmark = pytest.mark.slow

SECRETS = {
    "GEMINI_API_KEY": "sekret-gemini",
    "FACEBOOK_APP_ID": "12345",
    "FACEBOOK_APP_SECRET": "sekret-facebook",
    "REDIS_URL": "redis://:sekret-redis@127.0.0.1/0",
}


def test_our_reel_is_taken(clips: Clips, house: House) -> None:
    made = house.run("process", clips("mono.mp4"), "--json").json["reels"][0]["file"]
    said = house.run("check", made, "--json")
    assert said.code == 0
    assert said.json["accepted"]
    assert {rule["level"] for rule in said.json["rules"]} == {"pass"}
    assert all(set(rule) == {"rule", "level", "found", "expected"} for rule in said.json["rules"])


def test_what_instagram_would_refuse_is_code_3_and_names_the_rule(
    clips: Clips, house: House
) -> None:
    said = house.run("check", clips("bikes"), "--json")
    assert (said.code, said.json["accepted"]) == (3, False)
    broken = [rule["rule"] for rule in said.json["rules"] if rule["level"] == "fail"]
    assert broken == ["moov_first"]


def test_for_people_it_is_a_table_with_a_verdict(clips: Clips, house: House) -> None:
    said = house.run("check", clips("bikes"))
    assert said.code == 3
    assert "moov_first" in said.out
    assert "Instagram would refuse it." in said.out


@pytest.mark.parametrize("name", ["no.mp4", "letter.mp4", "empty.mp4", "folder.mp4"])
def test_what_is_no_video_is_code_2(house: House, tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.mp4").write_text("Dear reader")
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "folder.mp4").mkdir()
    said = house.run("check", tmp_path / name, "--json")
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 2)
    assert "Traceback" not in said.err


def test_checking_makes_no_data_directory(clips: Clips, house: House) -> None:
    house.run("check", clips("bikes"))
    assert not house.data.exists()


def test_here_nothing_that_is_needed_is_missing(house: House) -> None:
    said = house.run("doctor", "--json")
    assert (said.code, said.json["ok"]) == (0, True)
    names = {check["name"] for check in said.json["checks"]}
    assert {"python", "ffmpeg", "database", "disk", "GEMINI_API_KEY"} <= names


def test_a_missing_ffmpeg_is_found_with_what_to_do(house: House) -> None:
    said = house.run("doctor", "--json", env={"FFMPEG_PATH": "/nonexistent"})
    found = {check["name"]: check for check in said.json["checks"]}
    assert (said.code, said.json["ok"]) == (1, False)
    assert found["ffmpeg"]["state"] == "missing"
    assert "FFMPEG_PATH" in found["ffmpeg"]["todo"]
    assert found["database"]["state"] == "ok"  # one thing that is broken hides no other


def test_a_program_that_is_no_ffmpeg_is_found_out(house: House) -> None:
    said = house.run("doctor", "--json", env={"FFMPEG_PATH": "/bin/true"})
    assert said.code == 1
    assert "Traceback" not in said.err


@pytest.mark.parametrize("words", [("doctor",), ("doctor", "--json"), ("doctor", "--debug")])
def test_the_values_of_keys_are_never_shown(house: House, words: tuple[str, ...]) -> None:
    said = house.run(*words, env=SECRETS)
    assert said.code == 0
    assert "sekret" not in said.out + said.err
    assert "GEMINI_API_KEY" in said.out


def test_debugging_tells_what_gravix_does_and_not_what_transports_send(tmp_path: Path) -> None:
    script = (
        "import logging; from gravix_core.cli.app import main; main(['doctor', '--debug']);"
        "logging.getLogger('urllib3').debug('GET /?secret=sekret');"
        "logging.getLogger('gravix_core.jobs').debug('it works')"
    )
    argv = [sys.executable, "-c", script]
    env = {**os.environ, "GRAVIX_DATA_DIR": str(tmp_path)}
    said = subprocess.run(
        argv, capture_output=True, text=True, check=True, timeout=120, cwd=ROOT, env=env
    )
    assert "it works" in said.stderr
    assert "sekret" not in said.stderr


def test_programs_that_are_not_needed_are_called_so(house: House) -> None:
    env = {"FFPROBE_PATH": "/usr/bin/ffprobe", "YT_DLP_PATH": "/bin/x"}
    said = house.run("doctor", "--json", env=env)
    found = {check["name"]: check["todo"] for check in said.json["checks"]}
    assert "Not needed" in found["FFPROBE_PATH"]
    assert "Not needed" in found["YT_DLP_PATH"]
    assert said.code == 0


def test_a_data_directory_that_cannot_be_made_is_found(house: House) -> None:
    house.data.parent.mkdir(exist_ok=True)
    house.data.write_text("a file where the folder should be")
    said = house.run("doctor", "--json")
    assert said.code == 1
    assert "Traceback" not in said.err


def test_a_dashboard_at_work_and_its_port_are_no_trouble(house: House) -> None:
    seat = Seat(house.data)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        seat.take()
        seat.announce(f"http://localhost:{port}")
        found = examined(house, API_PORT=str(port))
    seat.release()
    assert found["dashboard"]["found"] == f"running: http://localhost:{port}"
    assert (found[f"port {port}"]["state"], found[f"port {port}"]["todo"]) == ("ok", "")


def test_a_port_that_somebody_else_has_is_a_warning(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = examined(house, API_PORT=str(port))
    assert found["dashboard"]["found"] == "not running"
    assert found[f"port {port}"]["state"] == "warn"


def test_the_downloader_is_told_part_by_part_and_its_runtime_found_without_path(
    house: House,
) -> None:
    found = examined(house, PATH="")
    parts = {name: found[name] for name in ("yt-dlp", "yt-dlp-ejs", "deno", "curl-cffi")}
    assert {part["state"] for part in parts.values()} <= {"ok", "warn"}
    assert ", released " in parts["yt-dlp"]["found"]
    assert all(", installed " in parts[name]["found"] for name in ("yt-dlp-ejs", "deno"))
    place = Path(parts["deno"]["found"].rpartition(", ")[2])
    assert place.parent == Path(sysconfig.get_path("scripts"))
    assert parts["deno"]["todo"] == ""


def test_what_the_database_holds_is_counted(house: House) -> None:
    assert examined(house)["database"]["found"] == "0 videos, 0 reels (sqlite)"


def test_a_folder_for_approved_reels_that_takes_nothing_is_found(house: House) -> None:
    file = house.cwd / "a file"
    file.touch()
    found = examined(house, GRAVIX_FOLDER_DIR=str(file))
    assert found["folder for approved reels"]["state"] == "warn"
    assert "GRAVIX_FOLDER_DIR" in found["folder for approved reels"]["todo"]


def test_the_words_of_help_name_every_command(house: House) -> None:
    said = house.run("--help", data=False)
    assert said.code == 0
    assert all(name in said.out for name in ("process", "check", "doctor"))


def examined(house: House, **env: str) -> dict[str, dict[str, str]]:
    """What doctor has found, by name."""
    said = house.run("doctor", "--json", env=env)
    return {check["name"]: check for check in said.json["checks"]}
