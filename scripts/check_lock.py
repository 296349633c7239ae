"""pyproject.toml and the locks in; what is wrong with them out, one line each.

    python scripts/check_lock.py                       check, write nothing
    python scripts/check_lock.py --write               compile both locks again
    python scripts/check_lock.py --write --upgrade     the same with the newest versions

Three things are proved: the locks are what pyproject.toml compiles to; on every system and
Python that Gravix runs on, the locks install from wheels alone, and so do the extras beside
them; no dependency is named that nothing uses.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from itertools import product, repeat
from pathlib import Path
from typing import Any

import uv

ROOT = Path(__file__).resolve().parent.parent

LOCKS = {
    "requirements.txt": (),
    "requirements-dev.txt": ("--group", "dev", "--constraint", "requirements.txt"),
}
PLATFORMS = (
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
MACOS = "14.0"
"""Oldest macOS that every locked package has a wheel for."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
TARGETS = tuple(product(PLATFORMS, PYTHONS))
AT_ONCE = 4
"""Resolutions at the same time; they mostly wait for the index."""
NO_WHEEL = "docopt==0.6.2"
"""Has never had a wheel: shows that the proof would find one missing."""

PRODUCT = ("gravix_core", "gravix_ui", "pages", "streamlit_app.py")
WORKSHOP = ("tests", "benchmarks", "scripts", "sample")
COMMANDS = ("Makefile", ".ci/run")
NEEDED_THROUGH = {
    "brotli": "yt_dlp",  # pages and players come compressed by it
    "curl-cffi": "yt_dlp",  # asks as a browser does
    "deno": "yt_dlp",  # is started by it
    "httpx2": "starlette.testclient",
    "pandas-stubs": "pandas",
    "pycryptodomex": "yt_dlp",  # streams that come encrypted, and cookies of browsers
    "yt-dlp-ejs": "yt_dlp",  # what it has deno run
}
"""Dependencies that nobody imports, and the import that needs them."""

PIN = re.compile(r"[a-z0-9.-]+==[0-9][0-9a-z.+!]*( ; .+)?")


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the locks, or write them.")
    parser.add_argument("--write", action="store_true", help="compile both locks again")
    parser.add_argument("--upgrade", action="store_true", help="with --write: newest versions")
    args = parser.parse_args()
    if args.write:
        for lock in LOCKS:
            compile_lock(lock, ROOT / lock, upgrade=args.upgrade)
        return 0
    found = [*stale_locks(), *foreign_lines(), *missing_wheels(), *unused_dependencies()]
    for line in found:
        print(line)
    if not found:
        print(f"locks: current, wheels alone on {len(PLATFORMS)} systems, every dependency used")
    return bool(found)


def compile_lock(lock: str, out: Path, *, upgrade: bool = False) -> None:
    """Write `out`; versions that it already names are kept unless `upgrade`."""
    argv = ["pyproject.toml", *LOCKS[lock], "--universal", "--python-version", PYTHONS[0]]
    argv += ["--fork-strategy", "fewest", "--no-annotate"]
    argv += ["--no-emit-index-url", "--no-emit-find-links"]
    argv += ["--custom-compile-command", "python scripts/check_lock.py --write"]
    if upgrade:
        argv.append("--upgrade")
    done = _uv(*argv, "--output-file", str(out))
    if done.returncode != 0:
        sys.exit(f"{lock} cannot be compiled:\n{done.stderr}")


def stale_locks() -> Iterator[str]:
    """Compile each lock again, starting from its own versions."""
    with tempfile.TemporaryDirectory() as folder:
        for lock in LOCKS:
            fresh = Path(folder, lock)
            shutil.copyfile(ROOT / lock, fresh)
            compile_lock(lock, fresh)
            if _pins(fresh) != _pins(ROOT / lock):
                yield f"{lock} is not what pyproject.toml compiles to: make lock"
        shared = _pins(ROOT / "requirements.txt") - _pins(ROOT / "requirements-dev.txt")
        if shared:
            yield f"requirements-dev.txt does not hold {', '.join(sorted(shared))}"


def foreign_lines() -> Iterator[str]:
    """A lock holds pins and remarks: no index, no address, no path of one machine."""
    for lock in LOCKS:
        for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#") and not PIN.fullmatch(line):
                yield f"{lock} holds more than pins: {line}"


def missing_wheels() -> Iterator[str]:
    """Resolve each lock for every system and Python with source distributions ruled out."""
    if not _refused(NO_WHEEL):
        yield f"the proof of wheels proves nothing: it lets {NO_WHEEL} pass"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for lock in reversed(LOCKS):  # the larger one reads from the index what both need
            for lines in pool.map(_wheel_trouble, repeat(lock), *zip(*TARGETS, strict=True)):
                yield from lines
        for extra in _project()["project"]["optional-dependencies"]:
            for lines in pool.map(_extra_trouble, repeat(extra), *zip(*TARGETS, strict=True)):
                yield from lines


def _wheel_trouble(lock: str, platform: str, python: str) -> list[str]:
    done = _resolve(lock, platform, python)
    if done.returncode != 0:
        return [f"{lock} on {platform}, Python {python}: {' '.join(done.stderr.split())}"]
    extra = _names(done.stdout) - _names((ROOT / lock).read_text("utf-8"))
    return [f"{lock} on {platform}, Python {python} lacks {name}" for name in sorted(extra)]


def _extra_trouble(extra: str, platform: str, python: str) -> list[str]:
    """No lock holds an extra, but it has to get along with the one that the product runs by."""
    beside = ("--extra", extra, "--constraint", "requirements.txt")
    done = _resolve("pyproject.toml", platform, python, *beside)
    if done.returncode == 0:
        return []
    return [f"[{extra}] on {platform}, Python {python}: {' '.join(done.stderr.split())}"]


def _refused(requirement: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder, "requirements.txt")
        probe.write_text(requirement, encoding="utf-8")
        return _resolve(str(probe), PLATFORMS[0], PYTHONS[0]).returncode != 0


def _resolve(
    wanted: str, platform: str, python: str, *beside: str
) -> subprocess.CompletedProcess[str]:
    """Resolve from what was just read from the index; ask it again only if that is too little."""
    argv = [wanted, *beside, "--only-binary", ":all:", "--no-header", "--no-annotate"]
    argv += ["--python-platform", platform, "--python-version", python]
    done = _uv(*argv, "--offline")
    return done if done.returncode == 0 else _uv(*argv)


def _uv(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [uv.find_uv_bin(), "pip", "compile", "--quiet", "--no-progress", *argv],
        cwd=ROOT,
        env={**os.environ, "MACOSX_DEPLOYMENT_TARGET": MACOS},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _pins(lock: Path) -> set[str]:
    lines = lock.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def _names(lock: str) -> set[str]:
    return {line.split("==")[0] for line in lock.splitlines() if "==" in line}


def unused_dependencies() -> Iterator[str]:
    """Name what pyproject.toml asks for and nothing uses."""
    project = _project()
    house = imports_below(PRODUCT)
    workshop = house | imports_below(WORKSHOP)
    words = _words(COMMANDS)
    for name in _asked_for(project["project"]["dependencies"]):
        if not is_imported(name, house):
            yield f"{name} is a dependency, and nothing in the product imports it"
    for extra, requirements in project["project"]["optional-dependencies"].items():
        for name in _asked_for(requirements):
            if not is_imported(name, house):
                yield f"{name} is in the extra [{extra}], and nothing in the product imports it"
    for name in _asked_for(project["dependency-groups"]["dev"]):
        if not _serves_the_workshop(name, workshop, words, project["tool"]):
            yield f"{name} is a dev dependency, and nothing imports or runs it"


def imports_below(places: Iterable[str]) -> set[str]:
    """Return the dotted name of every module that the Python files in `places` import."""
    found: set[str] = set()
    for place in places:
        path = ROOT / place
        for file in [path] if path.suffix == ".py" else path.rglob("*.py"):
            found |= _imports(ast.parse(file.read_text(encoding="utf-8"), str(file)))
    return found


def _imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_imported(name: str, imports: set[str]) -> bool:
    return bool(_import_names(name) & _tops(imports)) or NEEDED_THROUGH.get(name) in imports


def _serves_the_workshop(
    name: str, imports: set[str], words: set[str], tool: dict[str, Any]
) -> bool:
    if is_imported(name, imports):
        return True
    try:
        entries = distribution(name).entry_points
    except PackageNotFoundError:
        return False
    if {entry.name for entry in entries.select(group="console_scripts")} & words:
        return True
    options = {option.split("_")[0] for option in tool["pytest"]["ini_options"]}
    plugins = {entry.name for entry in entries.select(group="pytest11")}
    return bool(plugins & options) or name in words  # ruff has no entry point


def _asked_for(requirements: Iterable[str]) -> list[str]:
    return [re.split(r"[^A-Za-z0-9_.-]", requirement)[0] for requirement in requirements]


def _import_names(name: str) -> set[str]:
    """Return the top-level modules that a distribution brings.

    Of one that is not installed, such as that of an extra, the module of its name.
    """
    plain = _normal(name)
    tops = packages_distributions()
    found = {top for top, dists in tops.items() if plain in {_normal(dist) for dist in dists}}
    return found or {plain.replace("-", "_")}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _tops(modules: Iterable[str]) -> set[str]:
    return {module.split(".")[0] for module in modules}


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _words(files: Iterable[str]) -> set[str]:
    """Return every word in the files that start programs."""
    text = " ".join((ROOT / file).read_text(encoding="utf-8") for file in files)
    return set(re.findall(r"[\w-]+", text))


if __name__ == "__main__":
    sys.exit(main())
