"""The small pictures of a span that go to a model."""

from __future__ import annotations

import io
from pathlib import Path

import av
import pytest

from gravix_core.errors import Cancelled
from gravix_core.media.keyframes import LONG_SIDE, keyframes
from gravix_core.media.probe import probe
from gravix_core.media.process import ffmpeg_program
from gravix_core.model import Span
from tests.conftest import Film
from tests.support import Quiet

pytestmark = pytest.mark.slow


def shown(picture: bytes) -> tuple[int, int]:
    with av.open(io.BytesIO(picture), mode="r", format="mjpeg") as found:
        frame = next(found.decode(video=0))
    return frame.width, frame.height


def taken(source: Path, span: Span, count: int) -> tuple[bytes, ...]:
    return keyframes(
        source, probe(source), span, count=count, ffmpeg=ffmpeg_program(), watch=Quiet()
    )


@pytest.fixture(scope="module")
def talk(film: Film) -> Path:
    return film(seconds=8, size="1280x720")


def test_two_pictures_are_small_jpegs_of_two_moments(talk: Path) -> None:
    first, second = taken(talk, Span(0, 8), 2)
    assert first != second
    for picture in (first, second):
        assert picture.startswith(b"\xff\xd8\xff")
        assert shown(picture) == (LONG_SIDE, 288)
        assert len(picture) < 60_000


@pytest.mark.parametrize("count", [0, 1, 2])
def test_there_are_as_many_as_were_asked_for(talk: Path, count: int) -> None:
    assert len(taken(talk, Span(2, 6), count)) == count


def test_small_source_is_not_made_larger(film: Film) -> None:
    assert shown(taken(film(seconds=2), Span(0, 2), 1)[0]) == (320, 180)


def test_high_picture_fits_by_its_height(film: Film) -> None:
    width, height = shown(taken(film(seconds=2, size="720x1280"), Span(0, 2), 1)[0])
    assert (width, height) == (288, LONG_SIDE)


def test_where_the_source_has_ended_there_is_none(talk: Path) -> None:
    info = probe(talk)
    pictures = keyframes(
        talk, info, Span(100, 120), count=2, ffmpeg=ffmpeg_program(), watch=Quiet()
    )
    assert pictures == ()


def test_damaged_source_gives_none_instead_of_an_error(talk: Path, tmp_path: Path) -> None:
    info, broken = probe(talk), tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    assert (
        keyframes(broken, info, Span(0, 8), count=2, ffmpeg=ffmpeg_program(), watch=Quiet()) == ()
    )


def test_wish_to_stop_is_heard(talk: Path) -> None:
    class Stopping(Quiet):
        def should_stop(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        keyframes(talk, probe(talk), Span(0, 8), count=2, ffmpeg=ffmpeg_program(), watch=Stopping())
