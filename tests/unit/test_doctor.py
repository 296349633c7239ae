"""What the doctor says of the downloader's parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from gravix_core.doctor import Finding, State, examine, finding_of
from gravix_core.settings import Settings
from gravix_core.stages.source import recognition
from gravix_core.stages.source.downloader import OLD_DAYS, Part
from gravix_core.studio import Studio

LACK = "not installed: YouTube refuses many videos"


def test_a_part_that_is_there_has_its_version_and_nothing_to_do() -> None:
    found = finding_of(Part("yt-dlp", "2026.10.26", age=31), shows_place=True)
    assert (found.name, found.state, found.todo) == ("yt-dlp", State.OK, "")
    assert found.found == "2026.10.26, released 31 days ago"


def test_a_part_without_a_date_says_since_when_it_is_here() -> None:
    found = finding_of(Part("deno", "2.9.8", installed=1), shows_place=False)
    assert found.found == "2.9.8, installed 1 day ago"


@pytest.mark.parametrize(
    ("age", "state"), [(OLD_DAYS, State.OK), (OLD_DAYS + 1, State.WARN), (400, State.WARN)]
)
def test_an_old_downloader_is_a_warning_with_what_to_do(age: int, state: State) -> None:
    found = finding_of(Part("yt-dlp", "2026.8.27", age=age), shows_place=True)
    assert found.state is state
    assert ("Update the downloader" in found.todo) == (state is State.WARN)


@pytest.mark.parametrize("name", ["deno", "yt-dlp-ejs", "curl-cffi"])
def test_without_a_part_it_says_what_that_costs(name: str) -> None:
    found = finding_of(Part(name, "", lack=LACK), shows_place=True)
    assert (found.state, found.found) == (State.WARN, LACK)
    assert "Update the downloader" in found.todo


def test_without_yt_dlp_something_is_missing() -> None:
    assert finding_of(Part("yt-dlp", "", lack=LACK), shows_place=True).state is State.MISSING


def test_a_runtime_may_also_come_from_elsewhere() -> None:
    assert "on PATH" in finding_of(Part("deno", "", lack=LACK), shows_place=True).todo


def test_where_it_lies_is_for_the_terminal_alone() -> None:
    part = Part("deno", "2.9.8", where=Path("/somewhere/bin/deno"))
    assert finding_of(part, shows_place=True).found == f"2.9.8, {Path('/somewhere/bin/deno')}"
    assert finding_of(part, shows_place=False).found == "2.9.8"


@pytest.mark.parametrize(("is_there", "state"), [(True, State.OK), (False, State.WARN)])
def test_speech_recognition_that_is_asked_for_and_not_installed_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool, state: State
) -> None:
    monkeypatch.setattr(recognition, "find_spec", lambda name: name if is_there else None)
    monkeypatch.setenv("GRAVIX_STT_MODEL", "base")
    found = {one.name: one for one in examine(Settings.load(data_dir=tmp_path, env_file=None))}
    assert found["speech recognition"].state is state
    monkeypatch.setenv("GRAVIX_STT_MODEL", "")
    found = {one.name: one for one in examine(Settings.load(data_dir=tmp_path, env_file=None))}
    assert "speech recognition" not in found


@pytest.mark.parametrize(
    ("environment", "state", "said"),
    [
        ({}, State.INFO, "not set"),
        ({"GEMINI_API_KEY": "x"}, State.INFO, "not agreed"),
        ({"GEMINI_API_KEY": "x", "GEMINI_MODEL": "gemini-1.5-pro"}, State.WARN, "was retired"),
    ],
)
def test_key_of_gemini_that_is_not_used_says_why(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    state: State,
    said: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = gemini_of(tmp_path)
    assert (found.state, said in found.found) == (state, True)
    assert found.todo.endswith(".")


def test_key_of_gemini_that_is_used_is_fine_until_something_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "x")
    studio = Studio.open(Settings.load(data_dir=tmp_path, env_file=None))
    studio.gemini.agree()
    assert gemini_of(tmp_path, studio).state is State.OK
    with studio.store.begin() as tx:
        tx.preferences.put("gemini_model", {"name": "gemini-1.5-flash"})
    assert gemini_of(tmp_path, studio).state is State.WARN
    studio.close()


def gemini_of(folder: Path, running: Studio | None = None) -> Finding:
    settings = Settings.load(data_dir=folder, env_file=None)
    found = {one.name: one for one in examine(settings, running=running)}
    return found["GEMINI_API_KEY"]
