"""requirements.txt, THIRD_PARTY.md and the installed packages in; what is wrong out, by line.

    python scripts/check_licences.py            check, write nothing
    python scripts/check_licences.py --write    write the table of packages in THIRD_PARTY.md

Proved: every locked package states a licence that Gravix accepts, no package carries a library
under the GPL unless it is accepted below by name, and THIRD_PARTY.md names all of them and
every picture, film, sound, font and model in the repository.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "THIRD_PARTY.md"
START, END = "<!-- packages: start -->\n", "<!-- packages: end -->\n"

ACCEPTED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC"),
        *("MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib"),
        *("Public-Domain", "Unlicense"),  # given away, with no condition at all
        "MPL-2.0",  # certifi: its files stay under it, what uses them does not come under it
    }
)
"""Anything else is refused, so a licence that nobody has thought about is too."""

LGPL: frozenset[str] = frozenset()
"""Packages under the LGPL that are accepted, each with its reason.  There is none."""

ELSEWHERE = {"httpx2-jsfetch": "BSD-3-Clause", "watchdog": "Apache-2.0"}
"""Packages that some system goes without, so that their licence cannot be read there."""

SPELLINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD License": "BSD",
    "BSD, Public Domain": "BSD AND Public-Domain",  # pycryptodomex: each for a part of it
    "MIT License": "MIT",
}

GPL_LIBRARY = re.compile(
    r"(?:.*/)?(?:lib)?(?P<name>x264|x265|xvidcore|vidstab|rubberband|postproc|davs2|xavs2"
    r"|frei0r|dvdread|dvdnav|cdio|smbclient|readline|gsl)(?=[-.\d])[^/]*\.(?:so|dylib|dll)\b.*"
)
"""File names of the libraries under the GPL that multimedia and number packages are built with."""

GPL_INSIDE: dict[str, frozenset[str]] = {"av": frozenset({"x264", "x265"})}
"""Libraries under the GPL inside a package of another licence that are accepted.
They are loaded into Gravix's process although it never calls them: docs/decisions/0004."""

CARRIERS = ("curl-cffi", "deno", "imageio-ffmpeg")
"""Packages with a program or library in one piece, whose parts no file name tells."""

MEDIA = re.compile(
    r".*\.(avi|flac|gif|ico|jpe?g|m4a|mkv|mov|mp3|mp4|mpe?g|ogg|onnx|otf|png|svg|ttf|wav|webm"
    r"|webp|woff2?)"
)


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    licence: str
    """As stated; empty if it cannot be read."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Check licences, or write their table.")
    parser.add_argument("--write", action="store_true", help="write the table of packages")
    packages = tuple(locked_packages())
    if parser.parse_args().write:
        write_table(packages)
    found = [*refused(packages), *gpl_inside(packages), *left_unnamed(packages)]
    for line in found:
        print(line)
    if not found:
        print(f"licences: {len(packages)} packages, all accepted and named in {PAGE.name}")
    return bool(found)


def locked_packages() -> Iterator[Package]:
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line:
            name, version = line.split(" ;")[0].split("==")
            yield Package(name, version, _licence(name, version))


def _licence(name: str, version: str) -> str:
    try:
        dist = distribution(name)
    except PackageNotFoundError:
        return ELSEWHERE.get(name, "")
    if dist.version != version:
        sys.exit(f"{name} {dist.version} is installed, {version} locked: scripts/install.py --dev")
    return stated_licence(dist)


def stated_licence(dist: Distribution) -> str:
    """Return what the package says: an SPDX expression, a short name, or its classifiers."""
    expression, short = _stated(dist, "License-Expression"), _stated(dist, "License")
    if expression:
        return expression[0]
    if short and "\n" not in short[0].strip():
        return SPELLINGS.get(short[0], short[0])
    licences = [value for value in _stated(dist, "Classifier") if value.startswith("License ::")]
    names = [value.split(" :: ")[-1] for value in licences]
    return " AND ".join(SPELLINGS.get(name, name) for name in names)


def _stated(dist: Distribution, field: str) -> list[str]:
    return [str(value) for value in dist.metadata.get_all(field) or () if value]


def refused(packages: tuple[Package, ...]) -> Iterator[str]:
    for package in packages:
        if not package.licence:
            yield f"{package.name} {package.version} states no licence"
        elif not is_accepted(package.licence) and package.name not in LGPL:
            yield f"{package.name} {package.version} is under {package.licence}: not accepted"


def is_accepted(licence: str) -> bool:
    """Whether one alternative of an SPDX expression holds accepted licences alone."""
    alternatives = (choice.split(" AND ") for choice in licence.split(" OR "))
    return any(ACCEPTED.issuperset(choice) for choice in alternatives)


def gpl_inside(packages: tuple[Package, ...]) -> Iterator[str]:
    """Look through the installed files; other systems' wheels were built by the same recipe."""
    for package in packages:
        try:
            files = distribution(package.name).files or []
        except PackageNotFoundError:
            continue
        found = {match["name"] for file in files if (match := GPL_LIBRARY.fullmatch(str(file)))}
        for library in sorted(found - GPL_INSIDE.get(package.name, frozenset())):
            yield f"{package.name} {package.version} loads {library}, which is under the GPL"
        for library in sorted(GPL_INSIDE.get(package.name, frozenset()) - found):
            yield f"{package.name} is without {library} now: take the exception out"


def left_unnamed(packages: tuple[Package, ...]) -> Iterator[str]:
    """Find what THIRD_PARTY.md does not say, or no longer says right."""
    page = PAGE.read_text(encoding="utf-8")
    if table(packages) != _between(page):
        yield f"{PAGE.name}: the table of packages is old: make lock"
    for file in _repository_files():
        if MEDIA.fullmatch(file.lower()) and f"`{file}`" not in page:
            yield f"{PAGE.name} does not name {file}"
    for name in (*CARRIERS, *GPL_INSIDE):
        if f"`{name}`" not in page:
            yield f"{PAGE.name} does not say what is inside {name}"
    for name in in_extras():
        if f"`{name}`" not in page:
            yield f"{PAGE.name} does not name {name}, which an extra installs"


def in_extras() -> list[str]:
    """Packages that the extras ask for; no lock holds them, so their licences stand by hand."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [name for names in project["optional-dependencies"].values() for name in names]
    return [re.split(r"[^A-Za-z0-9_.-]", name)[0] for name in asked]


def _repository_files() -> list[str]:
    argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [file for file in listed.split("\0") if (ROOT / file).is_file()]


def table(packages: tuple[Package, ...]) -> str:
    rows = [f"| {p.name} | {p.version} | {p.licence} |" for p in packages]
    return "\n".join(["| Package | Version | Licence |", "| --- | --- | --- |", *rows, ""])


def _between(page: str) -> str:
    return page.partition(START)[2].partition(END)[0]


def write_table(packages: tuple[Package, ...]) -> None:
    before, start, rest = PAGE.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        sys.exit(f"{PAGE.name} has lost the two lines that enclose its table")
    page = before + start + table(packages) + end + after
    PAGE.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
