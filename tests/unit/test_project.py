"""The checkout itself: settings and their example, what is tracked, what the commands call."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from gravix_core.errors import SettingsError
from gravix_core.settings import Settings
from scripts import check_licences, check_lock, install
from scripts.write_env_example import FILE, env_example

ROOT = Path(__file__).resolve().parents[2]

PROMISED = [
    "API_HOST",
    "API_PORT",
    "DEBUG",
    "DATABASE_URL",
    "FACEBOOK_APP_ID",
    "FACEBOOK_APP_SECRET",
    "FACEBOOK_REDIRECT_URI",
    "GRAPH_API_VERSION",
    "GEMINI_API_KEY",
    "GEMINI_MODEL",
    "GOOGLE_GEMINI_BASE_URL",
    "REDIS_URL",
    "REDIS_HOST",
    "REDIS_PORT",
    "VIDEOS_DIR",
    "CHUNK_DURATION",
    "REEL_WIDTH",
    "REEL_HEIGHT",
    "FFMPEG_PATH",
    "FFPROBE_PATH",
    "YT_DLP_PATH",
    "ALLOWED_ORIGINS",
    "LOG_LEVEL",
]
"""Variables that every release accepts; what came later begins with GRAVIX_."""

SECRETS = {
    "DATABASE_URL": "postgresql://gravix:hunter2@db.example/gravix",
    "REDIS_URL": "redis://:hunter2@redis.example:6379/0",
    "GEMINI_API_KEY": "hunter2",
    "FACEBOOK_APP_SECRET": "hunter2",
}

MEDIA_LIMIT = 12_000_000


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of this machine, and no .env, reaches a test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


# settings


def test_every_promised_variable_is_a_setting() -> None:
    known = {name.upper() for name in Settings.model_fields}
    assert known >= set(PROMISED)
    assert all(name.startswith("GRAVIX_") for name in known - set(PROMISED))


def test_env_example_names_the_variables_of_settings() -> None:
    named = re.findall(r"^#([A-Z_]+)=", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert named == [name.upper() for name in Settings.model_fields]


def test_env_example_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == env_example(), "python -m scripts.write_env_example"


def test_env_example_changes_nothing_when_its_remarks_are_taken_away(tmp_path: Path) -> None:
    example = FILE.read_text(encoding="utf-8")
    uncommented = re.sub(r"^#(?=[A-Z_]+=)", "", example, flags=re.MULTILINE)
    (tmp_path / ".env").write_text(uncommented, encoding="utf-8")
    assert Settings.load() == Settings.load(env_file=None)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained(name: str) -> None:
    assert Settings.model_fields[name].description


def test_defaults_need_no_environment(tmp_path: Path) -> None:
    settings = Settings.load()
    assert settings.gravix_data_dir == tmp_path / "data"
    assert settings.videos_dir == tmp_path / "data/videos"
    assert settings.gravix_folder_dir == tmp_path / "data/folder"
    assert settings.database_url.get_secret_value() == _sqlite(tmp_path / "data/gravix.db")
    assert (settings.api_host, settings.api_port) == ("localhost", 8501)
    assert (settings.reel_width, settings.reel_height) == (1080, 1920)
    assert settings.chunk_duration == 35
    assert settings.allowed_origins == ()
    assert not settings.has_gemini
    assert not settings.has_facebook


def test_facebook_comes_back_to_the_port_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_PORT", "9000")
    callback = "http://localhost:9000/api/social/facebook/callback"
    assert Settings.load().facebook_redirect_uri == callback


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("API_PORT=9000\nLOG_LEVEL=debug\n", encoding="utf-8")
    monkeypatch.setenv("API_PORT", "9001")
    settings = Settings.load()
    assert (settings.api_port, settings.log_level) == (9001, "DEBUG")


def test_given_data_dir_wins_over_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GRAVIX_DATA_DIR", "DATABASE_URL", "VIDEOS_DIR"):
        monkeypatch.setenv(name, "elsewhere")
    settings = Settings.load(data_dir=tmp_path / "mine")
    assert settings.gravix_data_dir == tmp_path / "mine"
    assert settings.videos_dir == tmp_path / "mine/videos"
    assert settings.database_url.get_secret_value() == _sqlite(tmp_path / "mine/gravix.db")


def test_data_dir_of_the_environment_moves_database_and_videos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAVIX_DATA_DIR", str(tmp_path / "mine"))
    settings = Settings.load()
    assert settings.videos_dir == tmp_path / "mine/videos"
    assert settings.database_url.get_secret_value() == _sqlite(tmp_path / "mine/gravix.db")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_PORT", "hunter2"),
        ("API_PORT", "0"),
        ("REDIS_PORT", "redis://:hunter2@redis.example"),
        ("DEBUG", "hunter2"),
        ("CHUNK_DURATION", "2"),
        ("CHUNK_DURATION", "nan"),
        ("CHUNK_DURATION", "inf"),
        ("REEL_WIDTH", "1081"),
        ("REEL_HEIGHT", "tall"),
        ("GRAVIX_REEL_FPS", "hunter2"),
        ("GRAVIX_WORKERS", "0"),
        ("GRAPH_API_VERSION", "25"),
        ("ALLOWED_ORIGINS", "https://hunter2.example"),
        ("ALLOWED_ORIGINS", '["https://hunter2.example", 1]'),
        ("LOG_LEVEL", "hunter2"),
    ],
)
def test_bad_value_is_one_line_that_names_the_variable_and_hides_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert "\n" not in message
    assert "hunter2" not in message


def test_two_bad_values_are_named_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_PORT", "hunter2")
    monkeypatch.setenv("LOG_LEVEL", "hunter2")
    with pytest.raises(SettingsError, match=r"^API_PORT: [^\n]+; LOG_LEVEL: [^\n]+$") as caught:
        Settings.load()
    assert "hunter2" not in str(caught.value)


def test_secrets_stay_hidden_beside_a_bad_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SECRETS, "API_PORT": "many"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert "API_PORT" in str(caught.value)
    assert "hunter2" not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_stay_hidden_in_what_is_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, SECRETS[name])
    settings = Settings.load()
    assert "hunter2" in getattr(settings, name.lower()).get_secret_value()
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "hunter2" not in shown


def test_env_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"GEMINI_API_KEY=hunter2\xff\n")
    with pytest.raises(SettingsError, match="not a UTF-8 text file") as caught:
        Settings.load()
    assert "hunter2" not in str(caught.value)


# installing


def test_a_whole_install_is_not_done_again(tmp_path: Path) -> None:
    _checkout(tmp_path, stamped=("run",))
    assert install.is_current(tmp_path, "run")
    assert not install.is_current(tmp_path, "dev")


def test_a_changed_lock_is_installed(tmp_path: Path) -> None:
    _checkout(tmp_path, stamped=("run", "dev"))
    (tmp_path / "requirements.txt").write_text("rich==15.0.1\n", encoding="utf-8")
    assert not install.is_current(tmp_path, "run")
    assert not install.is_current(tmp_path, "dev")


def test_line_ends_do_not_change_a_lock(tmp_path: Path) -> None:
    _checkout(tmp_path, stamped=("run",))
    (tmp_path / "requirements.txt").write_bytes(b"rich==15.0.0\r\n")
    assert install.is_current(tmp_path, "run")


def test_a_broken_environment_is_made_again(tmp_path: Path) -> None:
    _checkout(tmp_path, stamped=("run",))
    install.python_in(tmp_path / ".venv").unlink()
    assert not install.is_current(tmp_path, "run")


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 15)])
def test_an_unfit_python_is_refused_in_one_sentence(version: tuple[int, int]) -> None:
    with pytest.raises(install.Stop, match=r"3\.11 to 3\.14; this is 3\.\d+\..*PYTHON=python3"):
        install.check_python(version)


def test_everything_names_the_same_pythons() -> None:
    asked = _project()["project"]["requires-python"]
    assert asked == f">=3.{install.OLDEST[1]},<3.{install.NEWEST[1] + 1}"
    minors = range(install.OLDEST[1], install.NEWEST[1] + 1)
    assert tuple(f"3.{minor}" for minor in minors) == check_lock.PYTHONS


@pytest.mark.parametrize(
    ("licence", "accepted"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("BSD-3-Clause AND 0BSD AND MIT", True),
        ("GPL-3.0-or-later OR MIT", True),
        ("MIT-0", True),
        ("Unlicense AND MIT AND ISC", True),
        ("BSD AND Public-Domain", True),
        ("MIT AND GPL-2.0-or-later", False),
        ("(MIT OR GPL-2.0-only) AND GPL-3.0-only", False),
        ("LGPL-2.1-or-later", False),
        ("GPL-2.0-or-later", False),  # mutagen's
        ("BSD, Public Domain", False),  # no expression: has to be spelled out first
        ("AGPL-3.0-only", False),
        ("SSPL-1.0", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("Other/Proprietary License", False),
        ("", False),
    ],
)
def test_licences_are_accepted_by_name_alone(licence: str, accepted: bool) -> None:
    assert check_licences.is_accepted(licence) is accepted


@pytest.mark.parametrize(
    "file",
    [
        "av.libs/libx264-d6533a8d.so.165",
        "av/.dylibs/libx265.216.dylib",
        "av.libs/libx264-165-f.dll",
    ],
)
def test_gpl_libraries_are_known_by_their_files(file: str) -> None:
    assert check_licences.GPL_LIBRARY.fullmatch(file)


def test_no_lock_holds_mutagen() -> None:
    locks = [(ROOT / lock).read_text(encoding="utf-8") for lock in check_lock.LOCKS]
    assert not [lock for lock in locks if re.search(r"^mutagen\b", lock, flags=re.MULTILINE)]


def test_a_package_of_an_extra_has_to_be_named() -> None:
    assert check_licences.in_extras() == ["faster-whisper"]


@pytest.mark.parametrize("name", ["brotli", "curl-cffi", "deno", "pycryptodomex", "yt-dlp-ejs"])
def test_what_the_downloader_needs_is_used_as_long_as_the_downloader_is(name: str) -> None:
    assert check_lock.is_imported(name, {"yt_dlp"})
    assert not check_lock.is_imported(name, {"requests", "streamlit.testing"})


def test_a_package_that_is_not_installed_is_known_by_the_module_of_its_name() -> None:
    assert check_lock.is_imported("never-made", {"never_made.model"})
    assert not check_lock.is_imported("never-made", {"made"})


def test_lock_lines_with_an_address_are_no_pins() -> None:
    assert check_lock.PIN.fullmatch("watchdog==7.1.0 ; sys_platform != 'darwin'")
    for line in ("--extra-index-url file:///x", "-f x", "-e .", "rich @ https://x.example/rich"):
        assert not check_lock.PIN.fullmatch(line)


# the checkout


def test_the_licence_is_mit() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2026 Gravix contributors\n")
    assert _project()["project"]["license"] == "MIT"


def test_every_script_that_make_calls_is_there() -> None:
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = set(re.findall(r"scripts/\w+\.py", recipes))
    assert called >= {"scripts/serve.py", "scripts/install.py"}
    assert not [script for script in called if not (ROOT / script).is_file()]


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_alone_explains_every_command() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in ("run", "demo", "test", "test-fast", "check", "bench", "lock", "clean"):
        assert re.search(rf"^make {command} +\w", done.stdout, flags=re.MULTILINE)


def test_media_in_the_repository_stay_small() -> None:
    media = [file for file in _tracked() if check_licences.MEDIA.fullmatch(file.name.lower())]
    assert sum(file.stat().st_size for file in media) < MEDIA_LIMIT


def test_no_file_names_a_folder_of_one_machine() -> None:
    private = re.compile(rb"(?<![\w.:/~-])/(work|root|home/\w+|Users/\w+)/")
    named = [str(file) for file in _tracked() if private.search(file.read_bytes())]
    assert not [name for name in named if not check_licences.MEDIA.fullmatch(name.lower())]


def _sqlite(file: Path) -> str:
    return f"sqlite:///{file.as_posix()}"


def _project() -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _tracked() -> list[Path]:
    """Return the files that git knows, and those it is about to."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(argv, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if (ROOT / name).is_file()]


def _checkout(root: Path, *, stamped: tuple[str, ...]) -> None:
    """Lay out two locks and an environment that was installed from them."""
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (root / lock).write_text("rich==15.0.0\n", encoding="utf-8")
    python = install.python_in(root / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    for kind in stamped:
        stamp = root / f".venv/.gravix-{kind}"
        stamp.write_text(install.digest(root, kind), encoding="utf-8")
