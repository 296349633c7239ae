"""Where nobody speaks, by the levels alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from gravix_core.media.sound import AROUND, STEP, Levels, pauses

SPEECH, SILENCE = -20.0, -90.0


def talk(*lengths: float, under: float = SILENCE, seed: int = 1) -> Levels:
    """Speech and pauses in turn, starting with speech, over a background; levels in dBFS.

    Speech goes up and down as syllables do, and so does the background, a little.
    """
    dice = np.random.default_rng(seed)
    parts: list[NDArray[np.float64]] = []
    for n, length in enumerate(lengths):
        steps = round(length / STEP)
        syllables = 6 * np.sin(np.arange(steps) * STEP * 2 * np.pi * 5) + dice.normal(0, 2, steps)
        parts.append(SPEECH + syllables if n % 2 == 0 else np.full(steps, SILENCE))
    voice = np.concatenate(parts)
    behind = under + dice.normal(0, 1.5, len(voice))
    mixed = 10 * np.log10(10 ** (voice / 10) + 10 ** (behind / 10))
    return Levels(0.0, mixed.astype(np.float32))


LENGTHS = (3, 0.18, 2, 0.5, 4, 0.25, 3, 0.8, 5)
TIMES = np.cumsum(LENGTHS)
EXPECTED = list(zip(TIMES[0::2].tolist(), TIMES[1::2].tolist(), strict=False))


@pytest.mark.parametrize("under", [SILENCE, -50, -40, -34])
def test_pauses_from_a_fifth_of_a_second_are_found_whatever_is_behind(under: float) -> None:
    found = [(one.span.start, one.span.end) for one in pauses(talk(*LENGTHS, under=under))]
    assert found == [pytest.approx(one, abs=0.06) for one in EXPECTED]


def test_a_pause_in_silence_is_deeper_than_one_over_a_background() -> None:
    silent, filled = (pauses(talk(3, 0.5, 3, under=under))[0].depth for under in (SILENCE, -38))
    assert silent > filled > 3


def test_a_voice_without_pauses_has_none() -> None:
    assert pauses(talk(30)) == ()


def test_a_steady_hum_has_no_pauses() -> None:
    assert pauses(Levels(0.0, np.full(3000, -30, dtype=np.float32))) == ()


def test_a_slow_swell_has_no_pauses() -> None:
    swell = -30 + 1.5 * np.sin(np.arange(6000) * STEP * 2)
    assert pauses(Levels(0.0, swell.astype(np.float32))) == ()


def test_digital_silence_does_not_hide_the_pauses_around_it() -> None:
    room = talk(4, 0.4, 4, 0.4, 4, under=-55).values
    silence = np.full(300, -100, dtype=np.float32)
    found = pauses(Levels(0.0, np.concatenate((room, silence, room))))
    assert len(found) == 5


def test_a_minute_of_silence_is_one_pause() -> None:
    (one,) = pauses(talk(20, 60, 20))
    assert (one.span.start, one.span.end) == pytest.approx((20, 80), abs=0.1)


def test_a_soft_voice_after_a_loud_one_is_no_pause() -> None:
    loud, soft = talk(30), talk(30)
    both = np.concatenate((loud.values, soft.values - 12))
    found = pauses(Levels(0.0, both))
    assert all(abs(one.span.start - 30) < AROUND for one in found)


def test_pauses_of_a_part_are_in_the_time_of_the_film() -> None:
    part = talk(3, 0.5, 3)
    (one,) = pauses(Levels(100.0, part.values))
    assert one.span.start == pytest.approx(103, abs=0.06)


def test_nothing_but_silence_speaks_nowhere() -> None:
    found = pauses(Levels(0.0, np.full(1000, -100, dtype=np.float32)))
    assert found == ()
