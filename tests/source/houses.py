"""A stand-in of YouTube and a folder in; videos asked for and brought in out."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from gravix_core.errors import SourceError
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import LinkProbe, SourceFile, Unwatched, Watch
from gravix_core.stages.source.youtube import HALF, Patience, YouTube
from tests.simulators.youtube import YouTubeSimulator
from tests.simulators.youtube_films import Films
from tests.simulators.youtube_scenario import Scenario

ID = "dQw4w9WgXcQ"
MB = 1_000_000
SMALL = Scenario(ID, duration=6, heights=(360,), vp9=False)
"""The quickest that is joined of a picture and a sound."""
LARGE = replace(SMALL, size=12 * MB)
SHORT = Patience(probe=60, answer=15, beside=15, silence=20, fetch=60)


@dataclass
class House:
    """Where videos are brought into."""

    site: YouTubeSimulator
    films: Films
    root: Path
    probes: dict[str, LinkProbe]
    options: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.root / "videos" / "1"

    @property
    def half(self) -> Path:
        return self.folder / HALF

    def youtube(self, **options: Any) -> YouTube:
        defaults: dict[str, Any] = {
            "ffmpeg": ffmpeg_program,
            "cache": self.root / "cache",
            "max_duration": 4 * 3600,
            "max_bytes": 10_000_000_000,
            "environ": {**os.environ, **self.site.environment()},
            "patience": SHORT,
        }
        return YouTube(**{**defaults, **self.options, **options})

    def probe(self, scenario: Scenario = SMALL, **options: Any) -> LinkProbe:
        self.site.add(scenario)
        return self.youtube(**options).probe(scenario.id, watch=Unwatched())

    def known(self, scenario: Scenario = SMALL) -> LinkProbe:
        """A probe from before, maybe of another test's stand-in: its links are as good."""
        self.site.add(scenario)
        if repr(scenario) not in self.probes:
            self.probes[repr(scenario)] = self.probe(scenario)
            self.site.forget()
        return self.probes[repr(scenario)]

    def fetch(self, probe: LinkProbe, *, watch: Watch | None = None, **options: Any) -> SourceFile:
        return self.youtube(**options).fetch(
            probe, folder=self.folder, watch=watch or Unwatched(), tell=self.notes.append
        )

    def fails(self, probe: LinkProbe, **options: Any) -> tuple[str, str]:
        """Code and kind of what goes wrong; there is no video then."""
        with pytest.raises(SourceError) as caught:
            self.fetch(probe, **options)
        assert not (self.folder / "source.mp4").exists()
        return getattr(caught.value, "code", ""), getattr(caught.value, "kind", "")


class Wish:
    """A watch that asks to stop from the moment at which something is so."""

    def __init__(self, when: Callable[[], bool] = lambda: False) -> None:
        self.heard: list[float] = []
        self._when, self._since = when, 0.0

    def progress(self, percent: float) -> None:
        self.heard.append(percent)

    def should_stop(self) -> bool:
        if not self._since and self._when():
            self._since = time.monotonic()
        return self._since > 0

    @property
    def late(self) -> float:
        """Seconds since it asked."""
        assert self._since, "it never asked"
        return time.monotonic() - self._since


def is_the_servers(file: Path, films: Films, scenario: Scenario, *itags: int) -> bool:
    """Whether picture and sound are, packet by packet, those of the server's two streams."""
    served = [_packets(films.stream(scenario, itag).file) for itag in itags]
    return _packets(file) == {kind: held for one in served for kind, held in one.items()}


def _packets(file: Path) -> dict[str, str]:
    """A hash of all packets of each kind of stream: ``v`` and ``a``."""
    argv = [str(ffmpeg_program()), "-v", "error", "-i", str(file), "-map", "0", "-c", "copy"]
    done = subprocess.run(
        [*argv, "-f", "streamhash", "-hash", "md5", "-"], capture_output=True, check=True
    )
    lines = [line.split(",") for line in done.stdout.decode().split()]
    return {kind: held for _, kind, held in lines}
