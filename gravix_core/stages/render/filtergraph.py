"""What a source holds and how the canvas is filled in, one ffmpeg filter graph out.  Pure.

Each frame is scaled once.  A source faster than the reel loses frames before that, a slower one
gains them after, so that no frame is scaled twice or for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gravix_core.layouts import Fill, Layout
from gravix_core.model import MediaInfo, Picture, Seconds, Size, Transfer

NEAR = 0.03
"""A source whose aspect differs by less than this share from the canvas's is only scaled; what
sticks out, at most 3 %, is cut."""

LOUDNESS = "I=-14:TP=-1.5:LRA=11"
"""LUFS, dBTP, LU.  Instagram names no target; -14 is what players of short video level to."""

SAMPLE_RATE = 48000
PRIMING = 1024
"""Samples that FFmpeg's AAC encoder starts with (libavcodec/aacenc.c, initial_padding)."""
EXACT = "bicubic+accurate_rnd+full_chroma_int"
"""Without the last two, a change of the colour matrix darkens by two codes of 255."""
AS_JPEG = "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p"
"""Colours as a JPEG wants them (JFIF: BT.601, full range)."""
_BLUR_SCALE = 8
"""The background is blurred at an eighth of the canvas: it is soft anyway."""
_HD = 720
_TONE_MAP = (
    "zscale=tin={transfer}:pin=bt2020:min=bt2020nc:rin=limited:t=linear:npl=203,format=gbrpf32le,"
    "zscale=p=bt709,tonemap=mobius:desat=0:peak={peak},zscale=t=bt709:m=bt709:r=limited"
)
_TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=limited"


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a reel looks like from outside."""

    size: Size
    fps: int


def video_graph(
    info: MediaInfo,
    layout: Layout,
    canvas: Canvas,
    *,
    duration: Seconds,
    covers: int,
    lead: Seconds = 0.0,
) -> str:
    """The graph of the picture, with the outputs ``[v]`` and ``[cover]``.

    Args:
        duration: Of the reel.
        covers: Frames, spread evenly, that ``[cover]`` gives.
        lead: So much is decoded before the reel begins, and left out.
    """
    picture = info.picture
    head = [f"[0:{picture.stream}]{'bwdif=mode=send_frame' if picture.interlaced else 'null'}"]
    rate = [f"fps={canvas.fps}:start_time=0", *_without(lead, "trim", "setpts")]
    fast = picture.rate > canvas.fps
    if fast:
        head += rate
    crop = _is_crop(picture, layout, canvas)
    body = _crop(picture, canvas.size) if crop else _fit(picture, canvas.size)
    # A source that shows one frame for long may have none near its end.
    still = duration if lead else 1.0
    tail = [f"tpad=stop_mode=clone:stop_duration={still:.3f}", "setsar=1", _TAGS]
    tail = tail if fast else rate + tail
    return (
        ",".join(head)
        + ","
        + body
        + ","
        + ",".join(tail)
        + ",split[v][c];"
        + _cover(covers / duration)
    )


def audio_graph(info: MediaInfo, *, duration: Seconds, lead: Seconds = 0.0) -> str:
    """The graph of the sound, with the output ``[a]``: as long as the picture, never shorter.

    The encoder puts `PRIMING` samples of silence in front.  Only an edit list could tell a player
    to skip them, and Instagram wants none; so as many samples are left out at the start, and
    everything after them sounds at its time.
    """
    tail = (
        f"aresample={SAMPLE_RATE},apad,atrim=end={duration:.6f},"
        f"atrim=start_sample={PRIMING},asetpts=PTS-STARTPTS[a]"
    )
    if info.sound is None:
        return f"anullsrc=r={SAMPLE_RATE}:cl=stereo,{tail}"
    begin = "".join(f",{one}" for one in _without(lead, "atrim", "asetpts"))
    return (
        f"[0:{info.sound.stream}]aresample=async=1:first_pts=0{begin},"
        f"aformat=sample_fmts=fltp:channel_layouts=stereo,loudnorm={LOUDNESS},{tail}"
    )


def _without(lead: Seconds, trim: str, stamp: str) -> list[str]:
    return [f"{trim}=start={lead:.6f}", f"{stamp}=PTS-STARTPTS"] if lead else []


def _is_crop(picture: Picture, layout: Layout, canvas: Canvas) -> bool:
    ratio = picture.size.aspect / canvas.size.aspect
    return layout.fill is Fill.CROP or abs(ratio - 1) <= NEAR


def _crop(picture: Picture, canvas: Size) -> str:
    """The largest window of the canvas's shape, from the middle."""
    window = canvas.aspect / picture.size.aspect
    width = f"iw*{float(window):.6f}" if window < 1 else "iw"
    height = f"ih/{float(window):.6f}" if window > 1 else "ih"
    return f"crop=w='{width}':h='{height}'," + scaled(picture, canvas)


def _fit(picture: Picture, canvas: Size) -> str:
    """The whole frame, over its own copy: enlarged to cover, blurred, a little darker."""
    inner = fit_size(picture.size, canvas)
    small = Size(_even(canvas.width / _BLUR_SCALE), _even(canvas.height / _BLUR_SCALE))
    left, top = _even((canvas.width - inner.width) / 2), _even((canvas.height - inner.height) / 2)
    return (
        f"{scaled(picture, inner)},split[front][behind];"
        f"[behind]scale={small.width}:{small.height}:force_original_aspect_ratio=increase"
        f":flags=area,crop={small.width}:{small.height},gblur=sigma=6:steps=2,"
        f"lutyuv=y='16+(val-16)*0.72',scale={canvas.width}:{canvas.height}:flags=bicubic,setsar=1"
        f"[back];[back][front]overlay=x={left}:y={top}:format=yuv420:shortest=1"
    )


def fit_size(source: Size, canvas: Size) -> Size:
    """The largest even size of `source`'s shape inside `canvas`."""
    scale = min(Fraction(canvas.width, source.width), Fraction(canvas.height, source.height))
    return Size(
        min(canvas.width, _even(source.width * scale)),
        min(canvas.height, _even(source.height * scale)),
    )


def scaled(picture: Picture, size: Size) -> str:
    """Scale to `size` in BT.709, 8 bit, limited range, square pixels."""
    scale = f"scale={size.width}:{size.height}:flags={EXACT}"
    if picture.transfer is not Transfer.SDR:
        name = "smpte2084" if picture.transfer is Transfer.PQ else "arib-std-b67"
        tone = _TONE_MAP.format(transfer=name, peak="10" if name == "smpte2084" else "5")
        return f"{scale},setsar=1,{tone},format=yuv420p"
    matrix = ""
    if picture.matrix == "unknown" and not picture.pixel_format.startswith(("gbr", "rgb", "bgr")):
        matrix = ":in_color_matrix=" + ("bt709" if picture.stored.height >= _HD else "bt601")
    return f"{scale}{matrix}:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p"


def scaled_small(picture: Picture, size: Size) -> str:
    """As `scaled`, for copies that are small: of an interlaced frame they need one field."""
    return f"{'field,' if picture.interlaced else ''}{scaled(picture, size)},{_TAGS}"


def _cover(rate: float) -> str:
    """One by one: as long as an output has no frame, ffmpeg tells no progress at all."""
    return f"[c]fps={rate:.6f},{AS_JPEG}[cover]"


def _even(value: float | Fraction) -> int:
    return max(2, 2 * round(float(value) / 2))
