"""A checkout in, a `.venv` with the locked packages out.

    python scripts/install.py            what running Gravix needs
    python scripts/install.py --dev      that, and what testing it needs
    python scripts/install.py --tools    --dev, and the programs that the tests use

It installs only what changed since it last got to its end, so it may run before every start.
What "Update the downloader" in Settings has made newer than the lock stays so.
It runs before anything is installed and on any system: the standard library only, and no syntax
that would hide the sentence about a Python that is too old.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWEST = (3, 14)
"""Newest Python that every locked package has a wheel for; `check_lock.py` proves it."""

LOCKS = {
    "run": ("requirements.txt",),
    "dev": ("requirements.txt", "requirements-dev.txt"),
}
"""Files that decide what is installed.  The last one is installed; `dev` holds all of `run`."""

DOWNLOADER = ("curl-cffi", "deno", "yt-dlp", "yt-dlp-ejs")
"""What the operator may update alone, as in `gravix_core/stages/source/downloader.py`."""

_NEWER = """
import json, sys
from importlib import metadata
from pip._vendor.packaging.version import Version
newer = {}
for name, locked in json.loads(sys.argv[1]).items():
    try:
        mine = metadata.version(name)
    except metadata.PackageNotFoundError:
        continue
    if Version(mine) > Version(locked):
        newer[name] = mine
print(json.dumps(newer))
"""
"""Asked of the environment's own Python, which has pip's way of comparing versions."""

TOOLS = {
    "ffmpeg": (("ffprobe",), "the tests that measure results with ffprobe"),
    "chromium": (
        ("chromium", "chromium-browser", "google-chrome", "chrome"),
        "the tests in a browser (tests/browser)",
    ),
}
"""Debian's package, the programs of which one is enough, and the tests that need it."""


class Stop(Exception):
    """It cannot go on; the message is for the person who called."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Put the locked packages into .venv.")
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument("--tools", action="store_true", help="also the tests' programs")
    args = parser.parse_args(argv)
    try:
        check_python(sys.version_info[:2])
        install(ROOT, "dev" if args.dev or args.tools else "run")
        if args.tools:
            find_tools(required=os.environ.get("CI") == "true")
    except Stop as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


def check_python(version: tuple[int, int]) -> None:
    """Raise `Stop` unless this Python can make the environment."""
    mine = ".".join(map(str, version))
    if not OLDEST <= version <= NEWEST:
        raise Stop(
            f"Gravix runs on Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; "
            f"this is {mine}. {_other_python()}"
        )
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Stop(
            f"This Python {mine} cannot make virtual environments. On Debian or Ubuntu: "
            f"apt install python3-venv (or python{mine}-venv). Then try again."
        )


def _other_python() -> str:
    minors = range(NEWEST[1], OLDEST[1] - 1, -1)
    found = next((f"python3.{m}" for m in minors if shutil.which(f"python3.{m}")), None)
    if found:
        return f"{found} is installed: make run PYTHON={found}"
    return "Install one of them, then choose it: make run PYTHON=python3.12"


def install(root: Path, kind: str) -> None:
    """Bring `.venv` up to the lock.

    A stamp in `.venv` holds the hash of what was installed.  It is taken away before the
    first change and written after the last one, so an install that broke off is done again.
    """
    venv = root / ".venv"
    if is_current(root, kind):
        return
    for stamp in venv.glob(".gravix-*"):
        stamp.unlink()
    if not _works(venv):
        print(f"Making {venv.name} with Python {sys.version.split()[0]}", flush=True)
        _run([sys.executable, "-m", "venv", "--clear", str(venv)], root)
    lock = LOCKS[kind][-1]
    print(f"Installing {lock} into {venv.name}; this may take some minutes", flush=True)
    wanted = venv / "gravix-wanted.txt"
    wanted.write_text("\n".join(to_install(venv, root / lock)), encoding="utf-8")
    pip = [str(python_in(venv)), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    _run([*pip, "install", "--quiet", "-r", str(wanted)], root)
    for done in ("run", "dev") if kind == "dev" else ("run",):
        _stamp(venv, done).write_text(digest(root, done), encoding="utf-8")
    start = python_in(Path(".venv"))
    print(f"Installed. To start Gravix: {start} {Path('scripts') / 'serve.py'}", flush=True)


def to_install(venv: Path, lock: Path) -> list[str]:
    """Return the lines of the lock without what the environment holds newer.

    Left out, it is left alone: named with its own version, it could not get along with the rest.
    """
    lines = lock.read_text(encoding="utf-8").splitlines()
    pins = dict(line.split(" ;")[0].split("==") for line in lines if "==" in line)
    newer = _newer(venv, {name: pins[name] for name in DOWNLOADER if name in pins})
    for name, version in newer.items():
        print(f"Leaving {name} {version}, which is newer than {lock.name}", flush=True)
    return [line for line in lines if line.split("==")[0] not in newer]


def _newer(venv: Path, pins: dict[str, str]) -> dict[str, str]:
    argv = [str(python_in(venv)), "-I", "-c", _NEWER, json.dumps(pins)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {}  # a package that is damaged is put right by the lock
    found: dict[str, str] = json.loads(done.stdout)
    return found


def is_current(root: Path, kind: str) -> bool:
    venv = root / ".venv"
    stamp = _stamp(venv, kind)
    if not (python_in(venv).exists() and stamp.exists()):
        return False
    return stamp.read_text(encoding="utf-8") == digest(root, kind)


def digest(root: Path, kind: str) -> str:
    """Hash of the locks; the same on systems that write other line ends."""
    found = hashlib.sha256()
    for name in LOCKS[kind]:
        path = root / name
        if not path.exists():
            raise Stop(f"{name} is missing: this is not a whole checkout of Gravix.")
        found.update(path.read_text(encoding="utf-8").encode())
    return found.hexdigest()


def python_in(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _stamp(venv: Path, kind: str) -> Path:
    return venv / f".gravix-{kind}"


def _works(venv: Path) -> bool:
    """Whether `.venv` holds a Python that fits and has pip."""
    python = python_in(venv)
    if not python.exists():
        return False
    ask = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return (
        subprocess.run([str(python), "-c", ask], capture_output=True, check=False).returncode == 0
    )


def _run(argv: list[str], root: Path) -> None:
    """Run to the end with the terminal's own output; raise `Stop` when it fails."""
    env = {"PIP_DEFAULT_TIMEOUT": "60", **os.environ}
    if subprocess.run(argv, cwd=root, env=env, check=False).returncode != 0:
        raise Stop("That did not work; the lines above say why. Nothing is lost: try again.")


def find_tools(*, required: bool) -> None:
    """Look for the tests' programs; install what is missing where that is ours to do.

    Raises:
        Stop: One is missing and `required`.
    """
    lacking = missing_tools()
    if lacking and _may_install():
        print(f"Installing Debian's {' '.join(lacking)}", flush=True)
        _apt(lacking)
    for package in missing_tools():
        programs, tests = TOOLS[package]
        print(f"Left out, since {programs[0]} is not installed: {tests}.", flush=True)
    if required and missing_tools():
        raise Stop("CI leaves nothing out: install what is missing.")


def missing_tools() -> list[str]:
    return [
        package
        for package, (programs, _) in TOOLS.items()
        if not any(shutil.which(program) for program in programs)
    ]


def _may_install() -> bool:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and Path("/etc/debian_version").exists() and bool(shutil.which("apt-get"))


def _apt(packages: list[str]) -> None:
    """Failures show in the output; what is still missing afterwards is the caller's to see."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["-qq", "-o", "Acquire::Retries=5", "-o", "DPkg::Lock::Timeout=300"]
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        argv = ["apt-get", *patient, *words]
        subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    sys.exit(main())
