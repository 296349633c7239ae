"""Names, versions and code in, wheels that install out: small stand-ins for real packages."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import venv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def make_wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    files: Mapping[str, str] | None = None,
    scripts: Mapping[str, str] | None = None,
    requires: Sequence[str] = (),
) -> Path:
    """Write a wheel of pure Python into `folder`.

    Args:
        folder: Serves pip as ``--find-links``.
        name: As on the package index.
        version: In its normal form.
        files: Text by path; without any, an empty module of the package's name.
        scripts: Text of programs by name.
        requires: As ``Requires-Dist`` says them, with their extras.
    """
    plain = name.replace("-", "_")
    info = f"{plain}-{version}.dist-info"
    extras = {line.rpartition("extra == ")[2].strip("'\" ") for line in requires if "extra" in line}
    metadata = [
        *("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"),
        *(f"Provides-Extra: {extra}" for extra in sorted(extras)),
        *(f"Requires-Dist: {line}" for line in requires),
    ]
    held = {
        **(files or {f"{plain}/__init__.py": ""}),
        **{f"{plain}-{version}.data/scripts/{k}": v for k, v in (scripts or {}).items()},
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/licenses/LICENSE": "None.\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},{_digest(text)},{len(text)}\n" for path, text in held.items())
    held[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{plain}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        for path, text in held.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (0o100755 if ".data/scripts/" in path else 0o100644) << 16
            packed.writestr(entry, text)
    return wheel


def make_environment(folder: Path) -> Path:
    """Make a virtual environment with pip; return its Python."""
    venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(python: Path, wheels: Path, *wanted: str) -> None:
    argv = [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--find-links"]
    subprocess.run([*argv, str(wheels), *wanted], check=True, env=bare())


def versions(python: Path) -> dict[str, str]:
    """What the environment holds, but pip."""
    ask = (
        "from importlib import metadata as m\nfor d in m.distributions(): print(d.name, d.version)"
    )
    argv = [str(python), "-I", "-c", ask]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    found = dict(line.split() for line in said.splitlines())
    return {name: found[name] for name in found if name not in {"pip", "setuptools"}}


def bare() -> dict[str, str]:
    """Our environment without any setting of pip, so that no index is asked."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _digest(text: str) -> str:
    found = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={found.rstrip(b'=').decode()}"
