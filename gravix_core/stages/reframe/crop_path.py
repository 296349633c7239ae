"""What was seen in a span and a layout in, one crop path out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gravix_core.framing import WHOLE, Box, CropPath, Face, Fill, Place, Stretch, Window
from gravix_core.model import Seconds, Size, Span
from gravix_core.stages.reframe.changes import Way, with_few_changes
from gravix_core.stages.reframe.paths import Room, around, follow, shown
from gravix_core.stages.reframe.seen import Look, Person, Seen, Shot
from gravix_core.stages.reframe.speaker import shares, turns

NEAR = 0.03
"""A picture whose shape differs by less than this share from the canvas's fills it."""
MATTERS = 0.4
"""A person counts who is at least this share of the one who is largest and most often seen."""
FLICKER: Seconds = 1.5
"""A shot without a subject that is shorter is filled as its neighbours are."""
SAME = 0.03
"""Of the window's width: a jump so small is not made."""
MOST_CHANGES = 24
"""Of the fill, or of the size of windows, in one reel: each is one more branch of the render's
graph.  FFmpeg took 175 MB for 2 branches, 741 MB for 40 and 1.93 GB for 120, about 15 MB each; by
that, 25 take some 520 MB, where 600 are promised."""

SPLIT_LASTS: Seconds = 6.0
SPLIT_SEEN = 0.6
"""Share of the shot in which each of two people is seen."""
SPLIT_TALKS = 0.2
"""Share of the shot in which each of two people has the word."""
SPLIT_FACES = 2.8
"""So many times as high as a face is each half."""
SPLIT_LOWEST = 0.405
"""Of the frame's height: 1080 lines, enlarged 2.2 times, fill half a canvas of 1920."""
SPLIT_EYES = 0.42
HAIR = 0.3
"""Of a face's width: so far a head goes on at either side of the box around its face."""
CROWD = 3
"""So many people who do not fit and of whom nobody talks are shown whole."""


def plan_crop_path(
    seen: Seen | None,
    span: Span,
    *,
    layout: str,
    position: float | None,
    frame: Size,
    canvas: Size,
) -> CropPath:
    """Plan what a reel shows of its source.

    Args:
        seen: From a look at this span or a longer one; None when nobody has looked, and then all
            layouts but ``fit`` take the centre.
        span: What the reel plays.
        layout: ``auto``, ``follow``, ``fit``, ``centre`` or ``split``.
        position: Where the window is, 0 (left, or top) .. 1, as a share of the room it has; in
            place of all that ``auto``, ``follow`` and ``centre`` would find out.
        frame: The source's, as shown.
        canvas: The reel's.

    Returns:
        Stretches that partition `span`; a window never leaves the picture inside the bars.
    """
    picture = seen.picture if seen else WHOLE
    rooms = _Rooms.of(picture, frame, canvas)
    shots = _within(seen.shots, span) if seen else ()
    counting = [_who_matter(shot.people) for shot in shots]
    return CropPath(
        _joined(_stretches(shots, span, layout, position, rooms)),
        _faces(counting),
        tuple(shot.span.start for shot in shots[1:]),
        seen.motion if seen else None,
    )


@dataclass(frozen=True, slots=True)
class _Rooms:
    """The windows that there can be."""

    picture: Box
    frame: Size
    canvas: Size
    whole: Room
    """The largest of the canvas's shape."""
    full: bool
    """The picture has the canvas's shape: nothing is worth choosing."""

    @classmethod
    def of(cls, picture: Box, frame: Size, canvas: Size) -> _Rooms:
        shape = picture.width * frame.width / (picture.height * frame.height)
        aspect = canvas.width / canvas.height
        whole = _largest(picture, shape, aspect)
        return cls(picture, frame, canvas, whole, abs(shape / aspect - 1) <= NEAR)

    def half(self, height: float) -> Room:
        """A window of the shape of half a canvas, as near to `height` as the picture lets it."""
        aspect = 2 * self.canvas.width / self.canvas.height
        across = aspect * self.frame.height / self.frame.width
        height = min(height, self.picture.height, self.picture.width / across)
        return Room(self.picture, height * across, height)


def _largest(picture: Box, shape: float, aspect: float) -> Room:
    if shape > aspect:
        return Room(picture, picture.width * aspect / shape, picture.height)
    return Room(picture, picture.width, picture.height * shape / aspect)


def _stretches(
    shots: Sequence[Shot], span: Span, layout: str, position: float | None, rooms: _Rooms
) -> list[Stretch]:
    room, picture = rooms.whole, rooms.picture
    if rooms.full:
        return [Stretch(span, Fill.CROP, (room.still(*picture.centre),))]
    if layout == "fit":
        return [_blur(span, picture)]
    if layout == "centre" or not shots or (position is not None and layout != "split"):
        share = 0.5 if position is None else min(max(position, 0.0), 1.0)
        x = picture.x + room.width / 2 + share * (picture.width - room.width)
        y = picture.y + room.height / 2 + share * (picture.height - room.height)
        return [Stretch(span, Fill.CROP, (room.still(x, y),))]
    planned = _without_flicker([_plan(shot, layout, rooms) for shot in shots], rooms)
    return [stretch for one in _with_few_changes(planned, shots, rooms) for stretch in one]


def _plan(shot: Shot, layout: str, rooms: _Rooms) -> list[Stretch]:
    people = _who_matter(shot.people)
    if not people or (shot.screen and layout != "follow"):
        if layout == "follow":
            return [_centred(shot.span, rooms)]
        return [_blur(shot.span, rooms.picture)]
    together = around([look for one in people for look in one.looks], rooms.whole)
    if len(people) > 1 and together is not None:
        return [Stretch(shot.span, Fill.CROP, (together,))]
    if len(people) > 1 and layout != "follow":
        if windows := _halves(shot, people, rooms, forced=layout == "split"):
            return [Stretch(shot.span, Fill.SPLIT, windows)]
        if len(people) >= CROWD and not any(shares(people, shot.span)):
            return [_blur(shot.span, rooms.picture)]
    return _one_by_one(shot, people, rooms.whole)


def _one_by_one(shot: Shot, people: Sequence[Person], room: Room) -> list[Stretch]:
    """One person after another, each for as long as they have the word."""
    stretches = []
    for turn in turns(people, shot.span):
        looks = _seen_in(people[turn.person], turn.span)
        stretches.append(Stretch(turn.span, Fill.CROP, (follow(looks, turn.span, room),)))
    return stretches


def _halves(
    shot: Shot, people: Sequence[Person], rooms: _Rooms, *, forced: bool
) -> tuple[Window, ...]:
    """The windows on two people, the left one's first; none where they do not suit.

    Args:
        forced: However long they are there, and whoever talks.
    """
    pair = sorted(people[:2], key=lambda one: one.looks[len(one.looks) // 2].box.centre[0])
    if not forced:
        seen = min(len(one.looks) for one in pair) / max(1, shot.samples)
        talk = min(shares(pair, shot.span))
        lasts = shot.span.duration >= SPLIT_LASTS
        if not lasts or seen < SPLIT_SEEN or talk < SPLIT_TALKS:
            return ()
    room = rooms.half(_half_height(pair, rooms))
    windows = tuple(follow(one.looks, shot.span, room, eyes=SPLIT_EYES) for one in pair)
    kept = min(shown(one.looks, window) for one, window in zip(pair, windows, strict=True))
    return windows if kept >= 0.9 else ()


def _half_height(pair: Sequence[Person], rooms: _Rooms) -> float:
    """High enough for a head and shoulders; if it can be, too narrow for two people."""
    highest = max(_median([look.box.height for look in one.looks]) for one in pair)
    full = rooms.half(1.0)
    alone = _alone(pair, rooms.picture) * full.height / full.width
    wanted = SPLIT_FACES * highest
    return max(SPLIT_LOWEST * rooms.picture.height, 1.6 * highest, min(wanted, alone))


def _alone(pair: Sequence[Person], picture: Box) -> float:
    """How wide a window on each of two people, left and right, may be without the other's head.

    A window is around its person, but where the picture ends it is pushed to the other one.
    """
    left, right = (_head(one) for one in pair)
    here, there = (_median([look.box.centre[0] for look in one.looks]) for one in pair)
    return min(
        2 * (right.x - here),
        right.x - picture.x,
        2 * (there - left.right),
        picture.right - left.right,
    )


def _head(person: Person) -> Box:
    """Where it is as a rule, with hair and ears, which a face's box leaves out."""
    boxes = [look.box for look in person.looks]
    width = _median([box.width for box in boxes])
    ordered = sorted(box.centre[0] for box in boxes)
    first, last = ordered[len(ordered) // 10], ordered[-1 - len(ordered) // 10]
    half = (0.5 + HAIR) * width
    return Box(first - half, 0.0, last - first + 2 * half, 1.0)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _without_flicker(planned: list[list[Stretch]], rooms: _Rooms) -> list[list[Stretch]]:
    """Fill a short shot without a subject as the shots around it are."""
    kept = []
    for n, one in enumerate(planned):
        around_it = {near[0].fill for near in planned[max(0, n - 1) : n + 2] if near is not one}
        short = one[-1].span.end - one[0].span.start < FLICKER
        if short and one[0].fill is Fill.BLUR and around_it and Fill.BLUR not in around_it:
            kept.append([_centred(one[0].span, rooms)])
        else:
            kept.append(one)
    return kept


def _with_few_changes(
    planned: list[list[Stretch]], shots: Sequence[Shot], rooms: _Rooms
) -> list[list[Stretch]]:
    """Shots shown shortly are filled as their neighbours, where there are too many changes."""
    ways = [Way(one[0].fill, one[0].windows[0].width, one[0].windows[0].height) for one in planned]
    kept = with_few_changes(
        ways,
        [shot.span.duration for shot in shots],
        crop=Way(Fill.CROP, rooms.whole.width, rooms.whole.height),
        most=MOST_CHANGES,
    )
    return [
        one if new == old else _filled(shot, one, new, rooms)
        for shot, one, old, new in zip(shots, planned, ways, kept, strict=True)
    ]


def _filled(shot: Shot, planned: list[Stretch], way: Way, rooms: _Rooms) -> list[Stretch]:
    """A shot in another way than was planned; only the size of a split one can change."""
    if way.fill is Fill.BLUR:
        return [_blur(shot.span, rooms.picture)]
    if way.fill is Fill.CROP:
        return _plan(shot, "follow", rooms)
    room = Room(rooms.picture, way.width, way.height)
    windows = tuple(_resized(window, room) for window in planned[0].windows)
    return [Stretch(shot.span, Fill.SPLIT, windows)]


def _resized(window: Window, room: Room) -> Window:
    places = tuple(Place(one.at, *room.inside(one.x, one.y)) for one in window.places)
    return Window(room.width, room.height, places)


def _joined(stretches: list[Stretch]) -> tuple[Stretch, ...]:
    """One stretch where nothing, or hardly anything, changes from one to the next."""
    joined = stretches[:1]
    for one in stretches[1:]:
        last = joined[-1]
        if last.fill is one.fill and _alike(last.windows, one.windows):
            joined[-1] = Stretch(Span(last.span.start, one.span.end), last.fill, last.windows)
        else:
            joined.append(one)
    return tuple(joined)


def _alike(some: Sequence[Window], others: Sequence[Window]) -> bool:
    return all(
        a.still
        and b.still
        and (a.width, a.height) == (b.width, b.height)
        and abs(a.places[0].x - b.places[0].x) <= SAME * a.width
        and abs(a.places[0].y - b.places[0].y) <= SAME * a.height
        for a, b in zip(some, others, strict=True)
    )


def _blur(span: Span, picture: Box) -> Stretch:
    room = Room(picture, picture.width, picture.height)
    return Stretch(span, Fill.BLUR, (room.still(*picture.centre),))


def _centred(span: Span, rooms: _Rooms) -> Stretch:
    return Stretch(span, Fill.CROP, (rooms.whole.still(*rooms.picture.centre),))


def _who_matter(people: Sequence[Person]) -> tuple[Person, ...]:
    most = max((one.width * len(one.looks) for one in people), default=0.0)
    return tuple(one for one in people if one.width * len(one.looks) >= MATTERS * most)


def _seen_in(person: Person, span: Span) -> tuple[Look, ...]:
    """Those within the span; the nearest one where there is none."""
    inside = tuple(look for look in person.looks if span.start <= look.at < span.end)
    middle = (span.start + span.end) / 2
    return inside or (min(person.looks, key=lambda look: abs(look.at - middle)),)


def _within(shots: Sequence[Shot], span: Span) -> tuple[Shot, ...]:
    """The shots as far as they are in the span; the outer ones reach to its ends."""
    inside = [shot for shot in shots if shot.span.start < span.end and shot.span.end > span.start]
    edges: list[Seconds] = [span.start, *(shot.span.start for shot in inside[1:]), span.end]
    return tuple(
        _cut(shot, Span(a, b)) for shot, (a, b) in zip(inside, pairwise(edges), strict=True)
    )


def _cut(shot: Shot, span: Span) -> Shot:
    share = min(1.0, span.duration / shot.span.duration)
    people = tuple(
        Person(looks, person.talk)
        for person in shot.people
        if (looks := tuple(look for look in person.looks if span.start <= look.at < span.end))
    )
    return Shot(span, people, max(1, round(shot.samples * share)), shot.screen)


def _faces(counting: Sequence[Sequence[Person]]) -> tuple[Face, ...]:
    looks = [look for people in counting for person in people for look in person.looks]
    return tuple(Face(look.at, look.box) for look in sorted(looks, key=lambda look: look.at))
