"""An environment of Python in, what is installed in it out; packages are kept aside, put back."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Self

from gravix_core.errors import FileUnwritable
from gravix_core.media.files import room_watched

KEPT = "gravix-kept-"
"""How the folders begin that hold packages aside; `scripts/install.py` has ``.gravix-``."""

_NEED = re.compile(r"""(?P<what>(?P<name>[\w.-]+)[^;]*?)\s*;.*extra == ['"](?P<extra>[\w-]+)['"]""")


@dataclass(frozen=True, slots=True)
class Environment:
    """Where the packages of one Python lie."""

    python: Path
    prefix: Path
    libraries: tuple[str, ...]
    """Folders that hold packages."""
    scripts: Path

    @classmethod
    def ours(cls) -> Self:
        """That of this process."""
        paths = sysconfig.get_paths()
        libraries = tuple(dict.fromkeys((paths["purelib"], paths["platlib"])))
        return cls(Path(sys.executable), Path(sys.prefix), libraries, Path(paths["scripts"]))

    def version(self, name: str) -> str | None:
        """None where it is not installed."""
        found = self._distribution(name)
        return None if found is None else found.version

    def installed_at(self, name: str) -> datetime | None:
        """None where that cannot be told: pip writes the list of a package's files anew."""
        found = self._distribution(name)
        for file in (found.files if found else None) or ():
            if file.name == "RECORD":
                with suppress(OSError):
                    return datetime.fromtimestamp(Path(str(file.locate())).stat().st_mtime, UTC)
        return None

    def needs(self, name: str) -> dict[str, str]:
        """What a package asks for by its extras: requirements such as ``deno>=2.9.8`` by name.

        Those extras whose names begin with ``pin`` name one version of everything: left out.
        """
        found = self._distribution(name)
        asked = (_NEED.fullmatch(line) for line in (found.requires if found else None) or ())
        return {
            need["name"]: need["what"]
            for need in asked
            if need is not None and not need["extra"].startswith("pin")
        }

    def program(self, name: str) -> Path | None:
        """A program in the environment's own folder, which need not be on PATH."""
        file = self.scripts / f"{name}{sysconfig.get_config_var('EXE') or ''}"
        return file if file.is_file() and os.access(file, os.X_OK) else None

    def pins(self, *, without: Collection[str]) -> Iterator[str]:
        """Every package that is installed, as lines that allow its version alone."""
        for found in metadata.distributions(path=list(self.libraries)):
            if found.name and _normal(found.name) not in without:
                yield f"{found.name}=={found.version}"

    @contextmanager
    def kept(self, names: Collection[str]) -> Iterator[None]:
        """When the block raises, these packages are put back as they were, without a network.

        Meanwhile the stamps of `scripts/install.py` are away: should the computer go off now,
        the next start of Gravix installs what is missing.

        Raises:
            DiskFull: There is no room to keep them; nothing was changed.
            FileUnwritable: Likewise; or they could not be put back.
        """
        for old in self.prefix.glob(f"{KEPT}*"):
            shutil.rmtree(old, ignore_errors=True)
        with room_watched():
            folder = Path(tempfile.mkdtemp(prefix=KEPT, dir=self.prefix))
        try:
            aside = self._keep(names, folder)
            stamps = self._take_stamps()
            try:
                yield
            except BaseException:
                self._put_back(names, aside)
                _give_back(stamps)
                raise
            _give_back(stamps)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _keep(self, names: Collection[str], folder: Path) -> dict[Path, Path]:
        with room_watched():
            aside = {file: folder / str(n) for n, file in enumerate(self._files(names))}
            for file, copy in aside.items():
                try:
                    # Free, and safe: pip puts new files in the place of old ones, and never
                    # writes into them.
                    copy.hardlink_to(file)
                except OSError:
                    shutil.copy2(file, copy)
        return aside

    def _put_back(self, names: Collection[str], aside: dict[Path, Path]) -> None:
        try:
            self._remove(self._files(names))
            for file, copy in aside.items():
                file.parent.mkdir(parents=True, exist_ok=True)
                copy.replace(file)
        except OSError as exc:
            raise FileUnwritable(
                f"the packages from before could not be put back: {exc.strerror}",
                hint="Stop Gravix and start it with `make run`, which installs what is missing.",
            ) from exc

    def _remove(self, files: list[Path]) -> None:
        """With the folders that are empty then: an empty one can pass for a package."""
        for file in files:
            file.unlink(missing_ok=True)
        folders = {folder for file in files for folder in file.parents}
        for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
            if folder.is_relative_to(self.prefix):
                with suppress(OSError):
                    folder.rmdir()

    def _files(self, names: Collection[str]) -> list[Path]:
        """What these packages have brought, within the environment."""
        found = []
        for name in names:
            package = self._distribution(name)
            for file in (package.files if package else None) or ():
                path = Path(os.path.normpath(str(file.locate())))
                if path.is_relative_to(self.prefix) and path.is_file():
                    found.append(path)
        return found

    def _take_stamps(self) -> dict[Path, bytes]:
        stamps = [file for file in self.prefix.glob(".gravix-*") if file.is_file()]
        with room_watched():
            taken = {stamp: stamp.read_bytes() for stamp in stamps}
            for stamp in stamps:
                stamp.unlink()
        return taken

    def _distribution(self, name: str) -> metadata.Distribution | None:
        importlib.invalidate_caches()  # pip changes folders while this process remembers them
        found = metadata.distributions(name=name, path=list(self.libraries))
        return next(iter(found), None)


def _give_back(stamps: dict[Path, bytes]) -> None:
    with suppress(OSError):  # without them the next start only looks again
        for stamp, held in stamps.items():
            stamp.write_bytes(held)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
