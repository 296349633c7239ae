"""What was seen in, the windows of the plan out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gravix_core.framing import WHOLE, Box, CropPath, Fill, Window
from gravix_core.model import Size, Span
from gravix_core.stages.reframe import crop_path
from gravix_core.stages.reframe.crop_path import MOST_CHANGES, plan_crop_path
from gravix_core.stages.reframe.seen import Look, Person, Seen, Shot, Talk

FRAME, CANVAS = Size(1920, 1080), Size(1080, 1920)
WIDE = 1080 * 9 / 16 / 1920
"""The window's width in a 16:9 frame."""


def person(
    span: Span, x: Callable[[float], float], *, width: float = 0.1, talk: float = 0.0
) -> Person:
    times = [span.start + n / 4 for n in range(int(span.duration * 4))]
    looks = tuple(
        Look(at, Box(x(at) - width / 2, 0.25, width, width * 2), 0.25 + 0.8 * width) for at in times
    )
    return Person(looks, tuple(Talk(at, talk) for at in times))


def speaker(span: Span, x: float, *turns: Span, width: float = 0.1) -> Person:
    times = [span.start + n / 15 for n in range(int(span.duration * 15))]
    talk = tuple(
        Talk(at, 3.0 if any(t.start <= at < t.end for t in turns) else 0.1) for at in times
    )
    return Person(person(span, lambda _: x, width=width).looks, talk)


def one_shot(*people: Person, length: float = 10.0, screen: bool = False) -> Seen:
    return Seen((Shot(Span(0, length), people, int(length * 4), screen),))


def plan(
    seen: Seen | None,
    *,
    span: Span | None = None,
    layout: str = "auto",
    position: float | None = None,
    frame: Size = FRAME,
) -> CropPath:
    span = span or (Span(0, seen.shots[-1].span.end) if seen else Span(0, 10))
    return plan_crop_path(seen, span, layout=layout, position=position, frame=frame, canvas=CANVAS)


def only(path: CropPath) -> Window:
    (stretch,) = path.stretches
    (window,) = stretch.windows
    return window


def test_a_face_that_stays_gets_a_window_that_stands_on_it() -> None:
    window = only(plan(one_shot(person(Span(0, 10), lambda _: 0.3))))
    assert window.still
    assert window.box(5).centre == pytest.approx((0.3, 0.5))
    assert window.width == pytest.approx(WIDE)


def test_a_face_at_the_edge_gets_the_outermost_window() -> None:
    assert only(plan(one_shot(person(Span(0, 10), lambda _: 0.05)))).box(0).x == pytest.approx(0)


def test_a_sway_moves_nothing() -> None:
    swaying = person(Span(0, 10), lambda at: 0.5 + 0.05 * (-1) ** int(at))
    assert only(plan(one_shot(swaying))).still


def test_a_face_that_crosses_the_frame_is_followed_without_haste() -> None:
    crossing = person(Span(0, 10), lambda at: 0.2 + 0.06 * at)
    window = only(plan(one_shot(crossing)))
    for at in (1.0, 3.0, 5.0, 7.0, 9.0):
        box = window.box(at)
        assert box.x < 0.2 + 0.06 * at - 0.05
        assert 0.2 + 0.06 * at + 0.05 < box.right
        assert window.box(at + 0.1).x - box.x <= 0.1 * 0.07
    assert len(window.places) < 40


def test_one_who_walks_over_is_shown_by_two_stands() -> None:
    window = only(plan(one_shot(person(Span(0, 10), lambda at: 0.25 if at < 5 else 0.75))))
    assert window.box(3.5) == window.box(1)
    assert window.box(6.5) == window.box(9)
    assert window.box(9).centre[0] == pytest.approx(0.75)


def test_a_window_starts_anew_at_a_cut() -> None:
    first, second = Span(0, 5), Span(5, 10)
    shots = (
        Shot(first, (person(first, lambda _: 0.3),), 20),
        Shot(second, (person(second, lambda _: 0.7),), 20),
    )
    path = plan(Seen(shots))
    assert path.shots == (5,)
    assert [stretch.span for stretch in path.stretches] == [first, second]
    assert path.stretch(4.999).windows[0].box(4.999).centre[0] == pytest.approx(0.3)
    assert path.stretch(5.0).windows[0].box(5.0).centre[0] == pytest.approx(0.7)


def test_people_who_fit_are_shown_together() -> None:
    left = person(Span(0, 10), lambda _: 0.4, width=0.08)
    right = person(Span(0, 10), lambda _: 0.58, width=0.08)
    window = only(plan(one_shot(left, right)))
    assert window.still
    assert window.box(0).centre[0] == pytest.approx(0.49)


def test_the_window_jumps_to_who_talks() -> None:
    whole, first, second = Span(0, 5.5), Span(0, 2.5), Span(2.5, 5.5)
    path = plan(one_shot(speaker(whole, 0.2, first), speaker(whole, 0.8, second), length=5.5))
    assert [stretch.windows[0].still for stretch in path.stretches] == [True, True]
    assert path.stretches[1].span.start == pytest.approx(2.5, abs=0.4)
    assert path.stretches[1].windows[0].box(4).centre[0] == pytest.approx(0.8)


def test_two_who_both_talk_for_long_are_shown_one_above_the_other() -> None:
    whole = Span(0, 12)
    right, left = speaker(whole, 0.8, Span(0, 6)), speaker(whole, 0.2, Span(6, 12))
    (stretch,) = plan(one_shot(right, left, length=12)).stretches
    assert stretch.fill is Fill.SPLIT
    upper, lower = (window.box(3) for window in stretch.windows)
    assert upper.x < 0.2 < upper.right < lower.x < 0.8 < lower.right
    shape = upper.width * FRAME.width / (upper.height * FRAME.height)
    assert shape == pytest.approx(1080 / 960)
    assert 1080 / (upper.width * FRAME.width) <= 2.25


def test_two_of_whom_one_listens_are_not_split() -> None:
    whole = Span(0, 12)
    path = plan(one_shot(speaker(whole, 0.8, whole), speaker(whole, 0.2), length=12))
    assert [stretch.fill for stretch in path.stretches] == [Fill.CROP]


def test_split_can_be_forced_on_two_who_are_silent() -> None:
    whole = Span(0, 4)
    seen = one_shot(speaker(whole, 0.8), speaker(whole, 0.2), length=4)
    assert plan(seen, layout="split").stretches[0].fill is Fill.SPLIT
    assert plan(seen, layout="auto").stretches[0].fill is Fill.CROP


@pytest.mark.parametrize(
    "seen",
    [one_shot(), one_shot(person(Span(0, 10), lambda _: 0.9, width=0.06), screen=True)],
    ids=["nobody", "a screen"],
)
def test_a_shot_without_a_subject_and_a_screen_are_shown_whole(seen: Seen) -> None:
    (stretch,) = plan(seen).stretches
    assert stretch.fill is Fill.BLUR
    assert stretch.windows[0].box(0) == WHOLE


def test_follow_never_shows_a_blurred_picture() -> None:
    assert plan(one_shot(), layout="follow").stretches[0].fill is Fill.CROP


def test_a_short_shot_without_a_subject_does_not_flicker() -> None:
    spans = Span(0, 5), Span(5, 6), Span(6, 10)
    people = [(person(span, lambda _: 0.3),) for span in spans]
    shots = [
        Shot(span, () if n == 1 else people[n], int(4 * span.duration))
        for n, span in enumerate(spans)
    ]
    assert {stretch.fill for stretch in plan(Seen(tuple(shots))).stretches} == {Fill.CROP}


@pytest.mark.parametrize("layout", ["auto", "follow", "centre"])
def test_a_position_overrides_what_was_seen(layout: str) -> None:
    seen = one_shot(person(Span(0, 10), lambda _: 0.3))
    assert only(plan(seen, layout=layout, position=1.0)).box(0).right == pytest.approx(1)
    assert only(plan(seen, layout=layout, position=0.0)).box(0).x == pytest.approx(0)


@pytest.mark.parametrize("layout", ["auto", "follow", "centre", "split"])
def test_where_nobody_looked_the_centre_is_shown(layout: str) -> None:
    path = plan(None, layout=layout)
    assert only(path).box(0).centre == pytest.approx((0.5, 0.5))
    assert path.motion is None


def test_bars_are_left_out_of_every_window() -> None:
    inner = Box(0.125, 0.0, 0.75, 1.0)
    assert only(plan(Seen((Shot(Span(0, 9)),), inner))).box(0) == inner
    edge = Seen((Shot(Span(0, 9), (person(Span(0, 9), lambda _: 0.15),), 36),), inner)
    assert only(plan(edge)).box(0).x == pytest.approx(0.125)


@pytest.mark.parametrize("layout", ["auto", "follow", "fit", "centre", "split"])
def test_a_pillarboxed_upright_video_fills_the_canvas(layout: str) -> None:
    inner = Box(0.342, 0.0, 0.3167, 1.0)
    path = plan(Seen((Shot(Span(0, 9)),), inner), layout=layout)
    assert path.stretches[0].fill is Fill.CROP
    assert only(path).width == pytest.approx(0.3167, rel=0.01)


def test_eyes_are_in_the_upper_part_of_a_tall_picture() -> None:
    tall = Size(1080, 2400)
    box = only(plan(one_shot(person(Span(0, 10), lambda _: 0.5)), frame=tall)).box(0)
    assert (0.33 - box.y) / box.height == pytest.approx(0.38)


def test_faces_and_motion_are_told() -> None:
    path = plan(one_shot(person(Span(0, 10), lambda _: 0.3)), span=Span(2, 4))
    assert path.span == Span(2, 4)
    assert [face.at for face in path.faces] == [2.0 + n / 4 for n in range(8)]
    assert path.motion == 0.0


walks = st.lists(st.floats(0, 1), min_size=4, max_size=60)


@given(
    walks,
    st.floats(0.02, 0.6),
    st.sampled_from(["auto", "follow", "split"]),
    st.sampled_from([FRAME, Size(640, 480), Size(1080, 2400), Size(608, 1080)]),
)
def test_no_window_ever_leaves_the_picture(
    walk: list[float], width: float, layout: str, frame: Size
) -> None:
    length = len(walk) / 4
    inner = Box(0.1, 0.05, 0.8, 0.9)
    moving = person(Span(0, length), lambda at: walk[int(at * 4)], width=width)
    other = person(Span(0, length), lambda at: walk[-1 - int(at * 4)], width=width, talk=1.0)
    seen = Seen((Shot(Span(0, length), (moving, other), len(walk)),), inner)
    path = plan(seen, layout=layout, frame=frame)
    assert path.span == Span(0, length)
    for stretch in path.stretches:
        for window in stretch.windows:
            assert len(window.places) <= 2 + 20 * stretch.span.duration
            for n in range(20):
                box = window.box(stretch.span.start + stretch.span.duration * n / 19)
                assert inner.x - 1e-9 <= box.x
                assert box.right <= inner.right + 1e-9
                assert inner.y - 1e-9 <= box.y
                assert box.bottom <= inner.bottom + 1e-9


def alternating(kinds: str, lengths: list[float]) -> Seen:
    """Shots by kind: Blur, Crop, Screen with somebody on it, and two who are split, near or far."""
    shots, start = [], 0.0
    for kind, length in zip(kinds, lengths, strict=True):
        span = Span(start, start + length)
        width = 0.12 if kind == "N" else 0.06
        alone = (person(span, lambda _: 0.3),)
        pair = (person(span, lambda _: 0.2, width=width), person(span, lambda _: 0.8, width=width))
        people = {"B": (), "N": pair, "F": pair}.get(kind, alone)
        shots.append(Shot(span, people, int(length * 4), kind == "S"))
        start = span.end
    return Seen(tuple(shots))


def changes(path: CropPath) -> int:
    """Of the fill or of the size of the windows: each begins a branch of the graph."""
    ways = [(one.fill, one.windows[0].width, one.windows[0].height) for one in path.stretches]
    return sum(a != b for a, b in pairwise(ways))


def kept_as_planned(seen: Seen, layout: str, patch: pytest.MonkeyPatch) -> CropPath:
    with patch.context() as free:
        free.setattr(crop_path, "MOST_CHANGES", 10**9)
        return plan(seen, layout=layout)


shots = st.tuples(st.sampled_from("BCSNF"), st.floats(1.0, 30.0))
films = st.one_of(
    st.lists(shots, min_size=1, max_size=30), st.lists(shots, min_size=60, max_size=90)
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(film=films, layout=st.sampled_from(["auto", "split", "follow"]))
def test_no_film_changes_its_fill_too_often(
    film: list[tuple[str, float]], layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = alternating("".join(kind for kind, _ in film), [length for _, length in film])
    path, free = plan(seen, layout=layout), kept_as_planned(seen, layout, monkeypatch)
    assert changes(path) <= MOST_CHANGES
    assert path.span == Span(0, seen.shots[-1].span.end)
    assert all(a.span.end == b.span.start for a, b in pairwise(path.stretches))
    assert plan(seen, layout=layout) == path
    if changes(free) <= MOST_CHANGES:
        assert path == free
    for stretch in path.stretches:
        assert len(stretch.windows) == (2 if stretch.fill is Fill.SPLIT else 1)
        for window in stretch.windows:
            box = window.box(stretch.span.start)
            assert min(box.x, box.y) >= -1e-9
            assert max(box.right, box.bottom) <= 1 + 1e-9


def test_what_is_shown_shortest_gives_way() -> None:
    lengths = [8.0, 7.0] * 20
    lengths[1], lengths[4] = 2.0, 3.0
    path = plan(alternating("CS" * 20, lengths))
    assert MOST_CHANGES - 2 < changes(path) <= MOST_CHANGES
    assert path.stretch(9.0).fill is Fill.CROP
    assert path.stretch(9.0).windows[0].box(9.0).centre[0] == pytest.approx(0.3)
    assert path.stretch(26.0).fill is Fill.BLUR


def test_where_two_are_split_one_alone_is_not() -> None:
    path = plan(alternating("CN" * 20, [8.0] * 40), layout="split")
    assert changes(path) <= MOST_CHANGES
    for n in range(0, 40, 2):
        assert path.stretch(8.0 * n + 4).fill is Fill.CROP


def test_hours_of_changes_are_planned_at_once() -> None:
    seen = alternating("CBNS" * 1000, [2.0] * 4000)
    began = process_time()
    assert changes(plan(seen)) <= MOST_CHANGES
    assert process_time() - began < 5


@pytest.mark.parametrize("near", [0.28, 0.34, 0.4])
def test_no_half_of_a_split_shows_the_head_of_the_other(near: float) -> None:
    whole, width = Span(0, 12), 0.14
    left = speaker(whole, near, Span(0, 6), width=width)
    right = speaker(whole, near + 0.35, Span(6, 12), width=width)
    (stretch,) = plan(one_shot(left, right, length=12), layout="split").stretches
    assert stretch.fill is Fill.SPLIT
    upper, lower = (window.box(3) for window in stretch.windows)
    head = 0.8 * width
    assert upper.right <= near + 0.35 - head + 1e-6
    assert near + head - 1e-6 <= lower.x
