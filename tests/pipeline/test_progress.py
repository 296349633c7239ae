"""Progress comes from ffmpeg while it works, not at its end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Size, Span
from gravix_core.stages.render.encode import RenderPlan, render
from gravix_core.stages.render.filtergraph import Canvas
from gravix_core.stages.render.stretches import still_path
from tests.conftest import Film
from tests.support import Quiet

pytestmark = pytest.mark.slow


def test_progress_is_told_from_early_on_and_never_goes_back(film: Film, tmp_path: Path) -> None:
    source, watch = film(seconds=24), Quiet()
    info, span, canvas = probe(source), Span(0, 24), Canvas(Size(720, 1280), 30)
    path = still_path("fit", span, frame=info.picture.size, canvas=canvas.size)
    plan = RenderPlan(source, info, span, canvas, path)
    reel = tmp_path / "reel.mp4"
    render(
        plan,
        ffmpeg=ffmpeg_program(),
        mark="",
        reel=reel,
        cover=reel.with_suffix(".jpg"),
        watch=watch,
    )
    assert min(watch.heard) < 50
    assert watch.heard[-1] == 100
    assert all(a <= b for a, b in pairwise(watch.heard))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["reel.jpg", "reel.mp4"]
