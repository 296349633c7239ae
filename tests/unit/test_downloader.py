"""The downloader's packages: what is there, and what an update leaves behind.

Updates run in environments of their own, with stand-ins for the packages and a folder for an
index; pip and the processes are real.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from gravix_core.errors import Cancelled, ToolFailed
from gravix_core.model import Unwatched
from gravix_core.stages.source.downloader import OLD_DAYS, PACKAGES, parts, update
from gravix_core.stages.source.packages import KEPT, Environment
from tests.wheels import bare, install, make_environment, make_wheel, versions

TODAY = date(2026, 11, 26)
OLD = {"yt-dlp": "2026.10.26", "yt-dlp-ejs": "0.8.0", "deno": "2.9.8", "curl-cffi": "0.17.0"}
NEW = {"yt-dlp": "2026.12.1", "yt-dlp-ejs": "0.9.0", "deno": "2.10.0", "curl-cffi": "0.17.1"}
NEEDS = (
    "yt-dlp-ejs=={ejs}; extra == 'default'",
    "mutagen; extra == 'default'",
    "deno>=2.9.8; extra == 'deno'",
    "curl-cffi!=0.6.*,<0.18,>=0.5.10; (implementation_name == 'cpython') and extra == 'curl-cffi'",
    "yt-dlp-ejs==0.1.0; extra == 'pin'",
)
SOLVER = "def core(): return ''\ndef lib(): return ''\n"


def yt_dlp(index: Path, version: str, ejs: str, code: str = "") -> None:
    files = {
        "yt_dlp/__init__.py": code,
        "yt_dlp/__main__.py": f"print({version!r})\n",
        f"yt_dlp/only_{version.replace('.', '_')}.py": "",
    }
    requires = [line.format(ejs=ejs) for line in NEEDS]
    make_wheel(index, "yt-dlp", version, files=files, requires=requires)


def ejs(index: Path, version: str) -> None:
    files = {f"yt_dlp_ejs/{name}__init__.py": "" for name in ("", "yt/")}
    files["yt_dlp_ejs/yt/solver/__init__.py"] = SOLVER
    make_wheel(index, "yt-dlp-ejs", version, files=files)


def deno(index: Path, version: str) -> None:
    program = f"#!python\nprint('deno {version} (stable)')\n"
    make_wheel(index, "deno", version, scripts={"deno": program})


def fill(index: Path, *, held: dict[str, str]) -> None:
    yt_dlp(index, held["yt-dlp"], held["yt-dlp-ejs"])
    ejs(index, held["yt-dlp-ejs"])
    deno(index, held["deno"])
    make_wheel(index, "curl-cffi", held["curl-cffi"])


def environment(prefix: Path) -> Environment:
    paths = sysconfig.get_paths("venv", {"base": str(prefix), "platbase": str(prefix)})
    python = Path(paths["scripts"]) / ("python.exe" if os.name == "nt" else "python")
    return Environment(python, prefix, (paths["purelib"],), Path(paths["scripts"]))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with pip, to be copied: making one takes seconds."""
    folder = tmp_path_factory.mktemp("template")
    make_environment(folder / "venv")
    return folder / "venv"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip takes for the package index: the newer versions, no older one."""
    folder = tmp_path / "index"
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    asked = {"PIP_CONFIG_FILE": bare()["PIP_CONFIG_FILE"], "PIP_NO_INDEX": "1"}
    for name, value in {**asked, "PIP_FIND_LINKS": str(folder)}.items():
        monkeypatch.setenv(name, value)
    fill(folder, held=NEW)
    return folder


@pytest.fixture
def env(template: Path, tmp_path: Path, index: Path) -> Environment:
    """Holds the older versions and rich, which the index has newer."""
    prefix = tmp_path / "venv"
    shutil.copytree(template, prefix, symlinks=True)
    found = environment(prefix)
    fill(tmp_path / "old", held=OLD)
    make_wheel(tmp_path / "old", "rich", "15.0.0")
    make_wheel(index, "rich", "16.0.0")
    install(found.python, tmp_path / "old", "rich", *(f"{n}=={v}" for n, v in OLD.items()))
    shutil.rmtree(tmp_path / "old")
    (prefix / ".gravix-run").write_text("a hash")
    return found


# what is there


def test_here_all_parts_are_there() -> None:
    assert [part.name for part in parts()] == list(PACKAGES)
    assert not [part.lack for part in parts() if part.lack]
    assert all(part.version for part in parts())


def test_the_runtime_is_found_with_an_empty_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (runtime,) = (part for part in parts() if part.name == "deno")
    assert runtime.where is not None
    assert runtime.where.parent == Path(sysconfig.get_path("scripts"))
    said = subprocess.run([runtime.where, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith(f"deno {runtime.version} ")


def test_what_is_missing_says_what_that_costs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    found = {part.name: part for part in parts(env=environment(tmp_path))}
    assert not any(part.version for part in found.values())
    assert found["yt-dlp"].lack == "not installed: no video can be brought in by its link"
    assert found["deno"].lack.startswith("its program is not there: YouTube refuses")
    assert found["yt-dlp-ejs"].lack.startswith("not installed: YouTube refuses")
    assert "captions" in found["curl-cffi"].lack


@pytest.mark.parametrize(
    ("version", "age", "old"),
    [
        ("2026.10.26", 31, False),
        ("2026.8.28", OLD_DAYS, False),
        ("2026.8.27", OLD_DAYS + 1, True),
        ("2026.8.19.232828", 99, True),
        ("2026.12.1", 0, False),
        ("2026.13.1", None, False),
        ("1.0", None, False),
    ],
)
def test_the_age_is_counted_from_the_release(
    tmp_path: Path, version: str, age: int | None, old: bool
) -> None:
    laid_out(tmp_path, "yt-dlp", version)
    found = parts(env=environment(tmp_path), today=TODAY)[0]
    assert (found.version, found.age, found.is_old) == (version, age, old)


def test_every_part_says_how_old_its_release_is_or_since_when_it_is_here(tmp_path: Path) -> None:
    laid_out(tmp_path, "yt-dlp", "2026.10.26", installed=date(2026, 11, 23))
    laid_out(tmp_path, "yt-dlp-ejs", "0.8.0", installed=date(2026, 11, 23))
    laid_out(tmp_path, "deno", "2.9.8", installed=TODAY)  # 2.9.8 could be a day of the year 2
    laid_out(tmp_path, "curl-cffi", "2026.11.25", installed=TODAY)
    told = [part.since for part in parts(env=environment(tmp_path), today=TODAY)]
    assert told == [
        *("released 31 days ago", "installed 3 days ago"),
        *("installed today", "released 1 day ago"),
    ]


def test_without_a_list_of_its_files_nobody_knows_since_when_it_is_here(tmp_path: Path) -> None:
    laid_out(tmp_path, "deno", "2.9.8")
    assert parts(env=environment(tmp_path), today=TODAY)[2].since == ""


def test_only_an_old_yt_dlp_is_called_old(tmp_path: Path) -> None:
    laid_out(tmp_path, "yt-dlp-ejs", "2020.1.1")
    found = parts(env=environment(tmp_path), today=TODAY)[1]
    assert (found.age is not None, found.is_old) == (True, False)


@pytest.mark.slow
def test_pip_tells_when_it_has_installed_a_package(env: Environment) -> None:
    """And not when its wheel was made, which here is 1980."""
    began = datetime.now(UTC) - timedelta(minutes=1)  # clocks of files are coarse
    install(env.python, Path(os.environ["PIP_FIND_LINKS"]), "yt-dlp-ejs==0.9.0")
    installed = env.installed_at("yt-dlp-ejs")
    assert installed is not None
    assert began < installed < datetime.now(UTC) + timedelta(minutes=1)


def test_a_solver_that_does_not_fit_is_named(tmp_path: Path) -> None:
    laid_out(tmp_path, "yt-dlp", "2026.12.1", requires="yt-dlp-ejs==0.9.0; extra == 'default'")
    laid_out(tmp_path, "yt-dlp-ejs", "0.8.0")
    solver = parts(env=environment(tmp_path))[1]
    assert solver.lack.startswith("yt-dlp asks for yt-dlp-ejs==0.9.0: YouTube refuses")


def laid_out(
    prefix: Path, name: str, version: str, *, requires: str = "", installed: date | None = None
) -> None:
    """Lay out the metadata of an installed package, and nothing else of it."""
    plain = name.replace("-", "_")
    folder = Path(environment(prefix).libraries[0], f"{plain}-{version}.dist-info")
    folder.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requires}"] if requires else []
    (folder / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if installed is not None:
        record, noon = folder / "RECORD", datetime.combine(installed, time(12), UTC)
        record.write_text(f"{folder.name}/METADATA,,\n{folder.name}/RECORD,,\n", encoding="utf-8")
        os.utime(record, (noon.timestamp(), noon.timestamp()))


# updating


@pytest.mark.slow
def test_an_update_brings_what_fits_together_and_nothing_else(
    env: Environment, index: Path
) -> None:
    ejs(index, "0.10.0")  # newer than what the new yt-dlp takes
    make_wheel(index, "curl-cffi", "0.18.0")  # likewise
    lines: list[str] = []
    done = update(on_line=lines.append, watch=Unwatched(), env=env)
    assert versions(env.python) == {**NEW, "rich": "15.0.0"}
    assert done.changes == tuple((name, OLD[name], NEW[name]) for name in PACKAGES)
    assert done.restart
    assert any(line.startswith("Successfully installed yt-dlp-2026.12.1") for line in lines)
    assert (env.prefix / ".gravix-run").read_text() == "a hash"
    assert not list(env.prefix.glob(f"{KEPT}*"))


@pytest.mark.slow
def test_a_version_that_asks_for_another_package_to_change_is_passed_over(
    env: Environment, index: Path
) -> None:
    make_wheel(index, "curl-cffi", NEW["curl-cffi"], requires=["rich>=16"])
    update(on_line=lambda _: None, watch=Unwatched(), env=env)
    assert versions(env.python) == {**NEW, "rich": "15.0.0", "curl-cffi": OLD["curl-cffi"]}


@pytest.mark.slow
def test_where_nothing_is_newer_nothing_changes(env: Environment, index: Path) -> None:
    shutil.rmtree(index)
    fill(index, held=OLD)
    done = update(on_line=lambda _: None, watch=Unwatched(), env=env)
    assert (done.changes, done.restart) == ((), False)


@pytest.mark.slow
def test_when_pip_fails_the_versions_from_before_are_there_and_work(
    env: Environment, index: Path
) -> None:
    (index / "yt_dlp_ejs-0.9.0-py3-none-any.whl").unlink()
    lines: list[str] = []
    with pytest.raises(ToolFailed, match="is as it was before: pip did not get it done") as caught:
        update(on_line=lines.append, watch=Unwatched(), env=env)
    assert "No matching distribution found for yt-dlp-ejs==0.9.0" in caught.value.details
    assert any("No matching distribution" in line for line in lines)
    assert_as_before(env)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda i: yt_dlp(i, "2026.12.1", "0.9.0", "raise ImportError('no')"), "ended with code 1"),
        (lambda i: make_wheel(i, "yt-dlp-ejs", "0.9.0"), "ended with code 1"),
        (lambda i: make_wheel(i, "deno", "2.10.0"), "deno: its program is not there"),
    ],
    ids=["yt-dlp does not load", "the solver is empty", "the runtime has no program"],
)
def test_what_does_not_work_is_taken_out_again(
    env: Environment,
    index: Path,
    spoil: Callable[[Path], object],
    why: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    spoil(index)
    with pytest.raises(ToolFailed, match=f"is as it was before: .*{why}"):
        update(on_line=lambda _: None, watch=Unwatched(), env=env)
    assert_as_before(env)


@pytest.mark.slow
def test_an_update_that_is_stopped_changes_nothing(env: Environment) -> None:
    seen: list[str] = []

    class Impatient(Unwatched):
        def should_stop(self) -> bool:
            return any(line.startswith("Successfully installed") for line in seen)

    with pytest.raises(Cancelled):
        update(on_line=seen.append, watch=Impatient(), env=env)
    assert_as_before(env)


@pytest.mark.slow
def test_stamps_of_the_install_are_away_while_packages_change(env: Environment) -> None:
    with env.kept(PACKAGES):
        assert not (env.prefix / ".gravix-run").exists()
    assert (env.prefix / ".gravix-run").read_text() == "a hash"


def assert_as_before(env: Environment) -> None:
    """Every version is the old one, each works, and no file of a new one is left."""
    assert versions(env.python) == {**OLD, "rich": "15.0.0"}
    for argv in ((str(env.python), "-m", "yt_dlp"), (str(env.scripts / "deno"), "--version")):
        said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        assert OLD["yt-dlp"] in said or OLD["deno"] in said
    site = Path(env.libraries[0])
    assert (site / "yt_dlp/only_2026_10_26.py").is_file()
    assert not (site / "yt_dlp/only_2026_12_1.py").exists()
    assert {part.name: part.version for part in parts(env=env)} == OLD
    assert (env.prefix / ".gravix-run").read_text() == "a hash"
    assert not list(env.prefix.glob(f"{KEPT}*"))
