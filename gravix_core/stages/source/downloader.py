"""The environment in; what brings in videos from YouTube, and newer versions of it, out.

Nothing here asks the network but `update`, and that runs only when somebody calls it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from gravix_core.errors import ToolError, ToolFailed
from gravix_core.media.process import converse, run
from gravix_core.model import Seconds, Watch
from gravix_core.stages.source.packages import Environment

YT_DLP, SOLVER, RUNTIME, BROWSER = "yt-dlp", "yt-dlp-ejs", "deno", "curl-cffi"
PACKAGES = (YT_DLP, SOLVER, RUNTIME, BROWSER)

OLD_DAYS = 90
"""From when on YouTube has often changed more than it knows: yt-dlp warns past the same age
(`warn_when_outdated`, 2026.10.26)."""

STALLED: Seconds = 300
"""pip says nothing while it fetches a file, and Deno's has 40 MB."""
DEADLINE: Seconds = 1800
CHECK_WITHIN: Seconds = 120
FIRST_YEAR = 2005
"""YouTube's own: a version of which the first number is less is no date (2.9.8 could be one)."""

_COSTS = {
    YT_DLP: "no video can be brought in by its link",
    SOLVER: "YouTube refuses many videos, or offers them in low quality alone",
    RUNTIME: "YouTube refuses many videos, or offers them in low quality alone",
    BROWSER: "YouTube refuses captions more often",
}
"""What is so as long as it is missing."""
_HINT = (
    "Look at the last lines. Fetching needs the internet: try again when it is there. Until then"
    " everything works as before."
)


@dataclass(frozen=True, slots=True)
class Part:
    """One package of the downloader."""

    name: str
    version: str
    """Empty where it is not installed."""
    age: int | None = None
    """Days since its release, where its version is a date."""
    installed: int | None = None
    """Days since it was installed here, where its version is no date and that can be told."""
    where: Path | None = None
    """Of a program: where it lies.  For the log, never for the page."""
    lack: str = ""
    """What is missing or does not fit, and what that costs; empty when all is well."""

    @property
    def is_old(self) -> bool:
        return self.name == YT_DLP and self.age is not None and self.age > OLD_DAYS

    @property
    def since(self) -> str:
        """``released 12 days ago``, ``installed today``; empty where neither is known."""
        if self.age is not None:
            return f"released {_ago(self.age)}"
        return "" if self.installed is None else f"installed {_ago(self.installed)}"


@dataclass(frozen=True, slots=True)
class Update:
    """What an update has changed."""

    before: tuple[Part, ...]
    after: tuple[Part, ...]

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """Name, version before and version now of every package that is another now."""
        pairs = zip(self.before, self.after, strict=True)
        return tuple((a.name, a.version, b.version) for a, b in pairs if a.version != b.version)

    @property
    def restart(self) -> bool:
        """Whether Gravix has to be started again, so that all of it uses what is new."""
        return bool(self.changes)


def parts(*, env: Environment | None = None, today: date | None = None) -> tuple[Part, ...]:
    """Say what is there, in the order of `PACKAGES`.  Nothing is started or imported."""
    env = env or Environment.ours()
    day = today or datetime.now(UTC).date()
    return tuple(_part(name, env, day) for name in PACKAGES)


def _part(name: str, env: Environment, today: date) -> Part:
    version = env.version(name) or ""
    where = None
    lack = "" if version else f"not installed: {_COSTS[name]}"
    if name == RUNTIME:
        where = _runtime(env)
        lack = "" if where else f"its program is not there: {_COSTS[name]}"
    elif name == SOLVER and version and not solver_fits(env):
        lack = f"yt-dlp asks for {env.needs(YT_DLP)[SOLVER]}: {_COSTS[name]}"
    age = _age(version, today)
    installed = env.installed_at(name) if age is None else None
    days = None if installed is None else max(0, (today - installed.date()).days)
    return Part(name, version, age, days, where, lack)


def _runtime(env: Environment) -> Path | None:
    """Where yt-dlp finds it: beside its own Python, else on PATH."""
    found = env.program(RUNTIME) or shutil.which(RUNTIME)
    return Path(found) if found else None


def solver_fits(env: Environment) -> bool:
    """Whether the solver is the one version that this yt-dlp takes; True when it names none."""
    _, named, version = env.needs(YT_DLP).get(SOLVER, "").partition("==")
    return not named or version == env.version(SOLVER)


def _age(version: str, today: date) -> int | None:
    try:
        released = date(*_numbers(version))
    except (TypeError, ValueError):  # no date
        return None
    return max(0, (today - released).days) if released.year >= FIRST_YEAR else None


def _ago(days: int) -> str:
    return "today" if days == 0 else f"{days:,} day{'s' if days > 1 else ''} ago"


def _numbers(version: str) -> tuple[int, ...]:
    """Of a version that is a date, its three numbers."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def update(
    *, on_line: Callable[[str], None], watch: Watch, env: Environment | None = None
) -> Update:
    """Have pip bring the newest versions of the downloader's packages, and of nothing else.

    What came is tried in new processes.  When pip or the trial fails, or somebody stops it, the
    packages are as they were.

    Args:
        on_line: Told every line that pip says; it may name folders of this computer.
        watch: Asked whether to stop.
        env: Where they lie; None for the environment of this process.

    Raises:
        ToolFailed: It did not work, or what came does not; `details` holds what was said last.
        Cancelled: `watch` asked to stop.
        DiskFull: There is no room to keep the versions from before; nothing was changed.
        FileUnwritable: Likewise; or they could not be put back, which the hint then says.
    """
    env = env or Environment.ours()
    before = parts(env=env)
    try:
        with env.kept(PACKAGES), tempfile.TemporaryDirectory() as folder:
            others = Path(folder, "others.txt")
            others.write_text("\n".join(env.pins(without=PACKAGES)), encoding="utf-8")
            _pip((YT_DLP,), others, env, on_line=on_line, watch=watch)
            needs = env.needs(YT_DLP)  # of the new one: it takes one version of its solver alone
            fitting = [needs.get(name, name) for name in PACKAGES if name != YT_DLP]
            _pip(fitting, others, env, on_line=on_line, watch=watch)
            on_line("Trying what came")
            try_out(before, env)
    except ToolError as exc:
        details = exc.details if isinstance(exc, ToolFailed) else ""
        for line in details.splitlines():
            on_line(line)
        raise ToolFailed(
            f"the downloader is as it was before: {exc}", hint=_HINT, details=details
        ) from exc
    return Update(before, parts(env=env))


def _pip(
    wanted: Sequence[str],
    others: Path,
    env: Environment,
    *,
    on_line: Callable[[str], None],
    watch: Watch,
) -> None:
    """Install the newest of `wanted` that gets along with the versions in `others`."""
    pip = [str(env.python), "-P", "-u", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    install = ["install", "--upgrade", "--no-color", "--progress-bar", "off", "--timeout", "60"]
    # Wheels alone: building from source would run programs that nobody has looked at.
    install += ["--only-binary", ":all:", "--constraint", str(others)]
    try:
        converse(
            [*pip, *install, *wanted],
            "",
            on_line=on_line,
            watch=watch,
            stalled=STALLED,
            deadline=DEADLINE,
        )
    except ToolFailed as exc:
        raise ToolFailed(f"pip did not get it done ({exc})", details=exc.details) from exc


def try_out(before: Sequence[Part], env: Environment) -> None:
    """Start what is installed now, in processes of its own.

    Raises:
        ToolFailed: It does not work, does not fit together, or is older than `before`.
        ToolMissing: A program is not there.
    """
    python = (str(env.python), "-P")
    said = run([*python, "-m", "yt_dlp", "--ignore-config", "--version"], timeout=CHECK_WITHIN)
    now = parts(env=env)
    for old, new in zip(before, now, strict=True):
        if new.lack:
            raise ToolFailed(f"{new.name}: {new.lack}")
        if old.name == YT_DLP and _numbers(new.version) < _numbers(old.version):
            raise ToolFailed(f"pip brought yt-dlp {new.version}, and {old.version} was here")
    if _numbers(said) != _numbers(now[0].version):
        raise ToolFailed("yt-dlp does not have the version that pip has brought")
    load = "import curl_cffi, yt_dlp_ejs.yt.solver as solver; solver.core(), solver.lib()"
    run([*python, "-c", load], timeout=CHECK_WITHIN)
    runtime = _runtime(env)
    said = run([str(runtime), "--version"], timeout=CHECK_WITHIN)
    if not said.startswith(f"{RUNTIME} "):
        raise ToolFailed("Deno does not answer as it should")
