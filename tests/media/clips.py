"""Names in, odd clips out: ffmpeg draws each when a test first asks for it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from gravix_core.media.process import ffmpeg_program

DATA = Path(__file__).resolve().parents[1] / "data"
REAL = {"bunny": DATA / "bunny_5.1.mp4", "bikes": DATA / "bikes.mp4"}

X264 = "-c:v libx264 -preset ultrafast -crf 8 -pix_fmt yuv420p"
X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=error -tag:v hvc1"
TONE = "-f lavfi -i sine=frequency=440:duration=3.4:sample_rate=44100"
AAC = "-c:a aac -b:a 96k"

CORNERS = {"red": 0xE01010, "green": 0x10E010, "blue": 0x1010E0, "yellow": 0xE0E010}
"""Top left, top right, bottom left, bottom right, in RGB."""
PATCHES = (0xC83C32, 0x32B450, 0x3C50D2, 0xD2D2D2)
"""Four bars, from top to bottom, in RGB."""
FLASH = 2.0
"""When a clip with a flash and a beep has both; seconds from its own start."""


def pattern(size: str, seconds: float = 3.4, rate: str = "30") -> str:
    return f"-f lavfi -i testsrc2=size={size}:rate={rate}:duration={seconds}"


def corners(width: int, height: int, seconds: float = 3.4) -> str:
    """Grey with a coloured square in each corner and a white one in the middle."""
    side = min(width, height) // 6
    right, low = width - side, height - side
    places = zip(CORNERS.values(), ((0, 0), (right, 0), (0, low), (right, low)), strict=True)
    boxes = [f"drawbox=x={x}:y={y}:w={side}:h={side}:c=0x{c:06X}:t=fill" for c, (x, y) in places]
    middle = f"x={(width - side) // 2}:y={(height - side) // 2}:w={side}:h={side}"
    boxes.append(f"drawbox={middle}:c=white:t=fill")
    source = f"color=0x606060:s={width}x{height}:r=30:d={seconds},format=yuv444p"
    return f"-f lavfi -i {','.join((source, *boxes))}"


def patches(size: str, matrix: str, *, tag: str = "unknown", range_: str = "tv") -> str:
    """Bars of known colours, coded by `matrix` (bt709, bt601 …) and tagged as `tag`."""
    width, height = size.split("x")
    bars = ";".join(
        f"color=0x{colour:06X}:s={width}x{int(height) // 4}:r=30:d=3.2,format=gbrp[c{n}]"
        for n, colour in enumerate(PATCHES)
    )
    stack = "".join(f"[c{n}]" for n in range(4)) + "vstack=inputs=4"
    coded = f"scale=out_color_matrix={matrix}:out_range={range_}:flags=accurate_rnd+full_chroma_int"
    form = f"format=yuv{'j' if range_ == 'pc' else ''}420p,setparams=colorspace={tag}"
    return f"-f lavfi -i {bars};{stack},{coded},{form}"


def flash(start: float = FLASH, rate: str = "30") -> str:
    """Black but for a white flash; as many seconds in, a beep of 1 kHz."""
    picture = f"color=black:s=320x180:r={rate}:d=4.2,format=yuv420p"
    white = f"drawbox=c=white:t=fill:enable='between(t,{start - 0.001},{start + 0.15})'"
    sound = "sine=frequency=1000:sample_rate=48000:duration=4.2"
    mute = f"volume=0:enable='not(between(t,{start},{start + 0.2}))'"
    return f"-f lavfi -i {picture},{white} -f lavfi -i {sound},asetnsamples=n=64,{mute}"


def hdr(transfer: str) -> str:
    """Grade an SDR picture into BT.2020; white is at 203 cd/m² as BT.2408 says."""
    return (
        "-vf setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=limited,"
        f"zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020:t={transfer}:m=bt2020nc"
        f":r=limited:npl=203,format=yuv420p10le {X265}"
    )


def columns(rate: str, cut: float, seconds: float = 4.2) -> str:
    """Five columns of grey, 40, 80 … 200, each lighter by 20 from `cut` on."""
    light = f"40+40*floor(X/W*5)+20*gte(T,{cut - 0.001})"
    picture = f"color=black:s=320x180:r={rate}:d={seconds},format=yuv420p"
    return f"-f lavfi -i {picture},geq=lum='{light}':cb=128:cr=128 {TONE}"


RAMPS = {
    "mp4": (X264, ""),
    "mkv": (X264, ""),
    "ts": ("-c:v libx264 -preset veryfast -crf 8 -pix_fmt yuv420p", ""),
    "flv": ("-c:v libx264 -preset veryfast -crf 8 -pix_fmt yuv420p", ""),
    "avi": ("-c:v mpeg4 -q:v 1", ""),
    "mpg": ("-c:v mpeg2video -q:v 1 -bf 2", "-f vob"),
    "wmv": ("-c:v wmv2 -q:v 1", ""),
    "webm": ("-c:v libvpx -deadline realtime -cpu-used 8 -crf 4 -b:v 4M", ""),
}
"""By file ending: codec and options, so that every way to seek is tried."""

ODD = {
    "plain.mp4": f"{pattern('640x360')} {TONE} {X264} {AAC}",
    "turned right.mov": "-display_rotation 270 -i {corners.mp4} -c copy",
    "turned left.mp4": "-display_rotation 90 -i {corners.mp4} -c copy",
    "upside down.mp4": "-display_rotation 180 -i {corners.mp4} -c copy",
    "anamorphic.mp4": f"{corners(480, 360)} {TONE} -vf setsar=4/3 {X264} {AAC}",
    "odd_444.mp4": f"{pattern('640x360')} {TONE} -vf scale=427:241 -c:v libx264"
    f" -preset ultrafast -pix_fmt yuv444p {AAC}",
    "pq.mp4": f"-i {{bars.mp4}} {TONE} {hdr('smpte2084')} {AAC}",
    "hlg.mov": f"-i {{bars.mp4}} {TONE} {hdr('arib-std-b67')} {AAC}",
    "variable.mp4": f"{pattern('320x180')} {TONE} -vf select='not(between(mod(n,10),3,5))'"
    f" -fps_mode vfr {X264} {AAC}",
    "interlaced ünïcode 橋.mp4": f"{pattern('320x180', rate='50')} {TONE}"
    f" -vf tinterlace=interleave_top {X264} -flags +ildct+ilme -x264-params tff=1 {AAC}",
    "six_channels.mp4": f"{pattern('320x180')} {TONE} {X264} -c:a aac -ac 6",
    "mono.mp4": f"{pattern('320x180')} {TONE} {X264} {AAC} -ac 1",
    "silent_film.mp4": f"{pattern('320x180')} {X264}",
    "two_pictures.mkv": f"{pattern('640x360')} {pattern('320x180')} {TONE} -map 0 -map 1 -map 2"
    f" {X264} {AAC} -disposition:v:0 0 -disposition:v:1 default",
    "cover_art.mp4": "-i {cover.png} -i {plain.mp4} -map 0 -map 1 -c copy -c:v:0 mjpeg"
    " -disposition:v:0 attached_pic",
    "late_start.ts": f"{pattern('320x180')} {TONE} {X264} {AAC} -output_ts_offset 7",
    "long_sound.mp4": f"{pattern('320x180')} -f lavfi -i sine=duration=6 {X264} {AAC}",
    "short_sound.mp4": f"{pattern('320x180')} -f lavfi -i sine=duration=1.5 {X264} {AAC}",
    "no_duration.mkv": f"{pattern('320x180')} {TONE} {X264} {AAC} -live 1",
    "12:30 a take.mp4": "-i {plain.mp4} -c copy",
    "vp9_opus.webm": f"{pattern('320x180')} {TONE} -c:v libvpx-vp9 -deadline realtime"
    " -cpu-used 8 -c:a libopus",
    "sixty.mp4": f"{pattern('320x180', rate='60')} {TONE} {X264} {AAC}",
    "film_rate.mp4": f"{pattern('320x180', rate='24000/1001')} {TONE} {X264} {AAC}",
    "vertical.mp4": f"{corners(360, 640)} {TONE} {X264} {AAC}",
    "near_vertical.mp4": f"{corners(368, 640)} {TONE} {X264} {AAC}",
    "joined_takes.mp4": "-i concat:{take_one.ts}|{take_two.ts} -c copy",
    "wide.mp4": f"{corners(840, 360)} {TONE} {X264} {AAC}",
    "narrow.mp4": f"{corners(270, 630)} {TONE} {X264} {AAC}",
}
"""Every kind of source that must become a reel; each is at least 3 s long."""

MADE = {
    # joined without encoding, so that the tags of the picture change in the middle
    "take_one.ts": f"{pattern('320x180', 2)} -f lavfi -i sine=duration=2 {X264} {AAC}"
    " -colorspace bt709 -color_primaries bt709 -color_trc bt709",
    "take_two.ts": f"{pattern('320x180', 2)} -f lavfi -i sine=duration=2 {X264} {AAC}"
    " -colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m -output_ts_offset 2.1",
    "corners.mp4": f"{corners(640, 360)} {TONE} {X264} {AAC}",
    "bars.mp4": f"{patches('320x180', 'bt709', tag='bt709')} {X264} -colorspace bt709"
    " -color_primaries bt709 -color_trc bt709 -color_range tv",
    "cover.png": "-f lavfi -i color=red:s=1600x1600 -frames:v 1",
    "two_sizes.mkv": f"{pattern('320x180')} {pattern('640x360')} -map 0 -map 1 {X264}"
    " -disposition:v 0",
    "sound_first.mkv": "-itsoffset 0.5 -i {silent_film.mp4} -i {mono.mp4} -map 0:v -map 1:a"
    " -c copy",
    # colours
    "sd_tagged.mp4": f"{patches('320x180', 'bt601', tag='smpte170m')} {X264}",
    "sd_untagged.mp4": f"{patches('320x180', 'bt601')} {X264}",
    "hd_tagged.mp4": f"{patches('1280x720', 'bt709', tag='bt709')} {X264}",
    "hd_untagged.mp4": f"{patches('1280x720', 'bt709')} {X264}",
    "hd_as_601.mp4": f"{patches('1280x720', 'bt601', tag='smpte170m')} {X264}",
    "full_range.mp4": f"{patches('320x180', 'bt601', tag='smpte170m', range_='pc')}"
    " -c:v libx264 -preset ultrafast -crf 8 -pix_fmt yuvj420p -color_range pc",
    "rgb.mkv": "-i {sd_tagged.mp4} -c:v ffv1 -pix_fmt bgr0",
    # sync
    "flash.mp4": f"{flash()} {X264} {AAC} -ar 48000",
    "flash.mkv": f"{flash()} {X264} -c:a pcm_s16le",
    "flash_25.mp4": f"{flash(rate='25')} {X264} {AAC} -ar 44100",
    "flash_offset.mkv": f"{flash()} {X264} -c:a pcm_s16le -output_ts_offset 5.5",
    "flash.ts": f"{flash()} {X264} {AAC}",
    "flash_late_sound.mkv": f"{flash()} {X264} -c:a pcm_s16le -af atrim=start=0.7",
    "flash_late_sound.mp4": f"{flash()} {X264} {AAC} -af atrim=start=0.7",
    "flash_late_picture.mkv": f"{flash()} {X264} -c:a pcm_s16le -vf trim=start=0.7",
    "flash_long.mp4": "-f lavfi -i color=black:s=160x90:r=30:d=46.2,format=yuv420p,"
    "drawbox=c=white:t=fill:enable='between(mod(t,14),1.999,2.15)' -f lavfi -i"
    " sine=frequency=1000:sample_rate=44100:duration=46.2,asetnsamples=n=64,"
    f"volume=0:enable='not(between(mod(t,14),2,2.2))' {X264} {AAC} -ar 44100",
    "flash_60.mp4": f"{flash(rate='60')} {X264} {AAC} -ar 48000",
    "flash_4.mp4": f"{flash(rate='4')} {X264} {AAC} -ar 48000",
    "flash_gaps.mkv": f"{flash()} {X264} -c:a pcm_s16le -vf select='not(between(mod(n,10),3,5))'"
    " -fps_mode vfr",
    "flash.webm": f"{flash()} -c:v libvpx -deadline realtime -cpu-used 8 -g 30 -c:a libvorbis",
    # windows
    "columns.mp4": f"{columns('30', 61 / 30)} {X264} {AAC}",
    "columns_25.mp4": f"{columns('25', 2.04)} {X264} {AAC}",
    "columns_60.mp4": f"{columns('60', 121 / 60)} {X264} {AAC}",
    "columns_film.mkv": f"{columns('24000/1001', 48 * 1001 / 24000)} {X264} {AAC}",
    "columns.ts": f"{columns('30', 61 / 30)} {X264} {AAC}",
    "edge.mp4": "-f lavfi -i color=black:s=320x180:r=30:d=4,format=yuv420p,"
    f"geq=lum='16+219*gte(X,160)':cb=128:cr=128 {X264}",
    # each picture tells its own number, in light
    **{
        f"ramp.{end}": "-f lavfi -i color=black:s=160x90:r=30:d=7.2,format=yuv420p,"
        f"geq=lum='16+N':cb=128:cr=128 {codec} -g 60 {form}"
        for end, (codec, form) in RAMPS.items()
    },
    "ramp_sound.mov": f"-i {{ramp.mp4}} -f lavfi -i sine=duration=7.2 -c:v copy {AAC}",
    "ramp_ntsc.mkv": "-r 30000/1001 -i {ramp.mp4} -c:v mpeg2video -q:v 1 -g 47",
    "ramp_ntsc.mpg": "-r 30000/1001 -i {ramp.mp4} -c:v mpeg2video -q:v 1 -g 47 -f vob",
    "hevc.mkv": "-i {pq.mp4} -c copy",
    "pcm.mov": "-i {ramp.mp4} -f lavfi -i sine=duration=7.2 -c:v copy -c:a pcm_s16le",
    "ramp_late.mp4": "-i {ramp_sound.mov} -c copy -output_ts_offset 5.5",
    "ramp_opus.webm": "-i {ramp.mp4} -f lavfi -i sine=duration=7.2 -c:v libvpx-vp9 -crf 4 -b:v 0"
    " -deadline realtime -cpu-used 8 -g 60 -c:a libopus",
    "ramp_combs.mp4": f"-i {{ramp_sound.mov}} -vf scale=160:96 {X264} -g 60"
    " -flags +ildct+ilme -x264-params tff=1 -c:a copy",
    # sound
    "loud.mp4": "-f lavfi -i color=gray:s=180x320:r=30:d=12 -f lavfi -i"
    " anoisesrc=c=pink:r=48000:d=12:a=0.9,tremolo=f=3:d=0.7,volume=12dB,alimiter=limit=0.95"
    f" {X264} {AAC}",
    "quiet.mp4": "-i {loud.mp4} -c:v copy -af volume=-27dB -c:a aac",
    "silence.mp4": f"{pattern('180x320')} -f lavfi -i anullsrc=r=48000:d=3.4 {X264} {AAC}",
    "clipped.mp4": f"-i {{bunny}} -f lavfi -i color=gray:s=180x320:r=30:d=5 -map 1:v -map 0:a"
    f" -af volume=45dB -t 5 {X264} {AAC} -ac 2",
    "bursts.mp4": "-f lavfi -i color=gray:s=180x320:r=30:d=12 -f lavfi -i"
    " anoisesrc=c=pink:r=48000:d=12:a=0.05,volume='if(lt(mod(t,3),0.3),8,1)':eval=frame"
    f" {X264} {AAC}",
    "faint.mp4": "-i {loud.mp4} -c:v copy -af volume=-40dB -c:a aac",
    "hush.mp4": "-i {loud.mp4} -c:v copy -af volume=-60dB -c:a aac",
    "only_centre.mp4": "-i {mono.mp4} -c:v copy -af pan=5.1|FC=c0 -c:a aac",
    "around.mp4": f"{pattern('180x320')} -f lavfi -i sine=frequency=1000:duration=3.4"
    " -f lavfi -i sine=frequency=400:duration=3.4 -filter_complex"
    f" [1][2]amerge,pan=5.1|FC=c0|BL=c1[a] -map 0:v -map [a] {X264} -c:a pcm_s16le -f matroska",
    # what a phone writes
    "tagged.mov": "-i {plain.mp4} -i {chapters.txt} -map 0 -map_metadata 1 -map_chapters 1"
    " -c copy -movflags use_metadata_tags -metadata:s:v:0 handler_name=SECRET-handler",
    "black_start.mp4": f"{pattern('320x180')} -vf drawbox=c=black:t=fill:enable='lt(t,1)' {X264}",
    "dark_half.mp4": f"{pattern('320x180', 20)} -vf drawbox=c=black:t=fill:enable='lt(t,7.5)'"
    f" {X264} -g 30",
    "combs.mp4": "-f lavfi -i color=black:s=320x240:r=50:d=3.2,format=yuv420p,"
    "geq=lum='if(lt(mod(X-4*N,80),40),235,16)':cb=128:cr=128 -vf tinterlace=interleave_top"
    f" {X264} -flags +ildct+ilme -x264-params tff=1",
    "noise_wide.mp4": "-f lavfi -i nullsrc=s=480x270:r=30:d=3,format=gray,geq=lum='random(1)*255'"
    f" {X264}",
    "twenty_seconds.mp4": f"{pattern('640x360', 20)} {X264}",
    "hour.ts": "-i {hour.mp4} -c copy",
    "hour.mp4": "-stream_loop 179 -i {light.mp4} -c copy",
    "light.mp4": "-f lavfi -i testsrc=s=640x360:r=30:d=20 -f lavfi -i sine=duration=20 -c:v libx264"
    f" -preset superfast -crf 40 -pix_fmt yuv420p -g 30 {AAC}",
    # for progress, cancel and a full disk
    "long.mp4": f"{pattern('640x360', 7)} -f lavfi -i sine=duration=7 {X264} {AAC}",
    "three_reels.mp4": f"{pattern('640x360', 9)} -f lavfi -i sine=duration=9 {X264} {AAC}",
    "noise.mp4": "-f lavfi -i nullsrc=s=180x320:r=30:d=4,format=gray,geq=lum='random(1)*255'"
    f" {X264}",
    "grows.mkv": "-f lavfi -i color=gray:s=90x160:r=30:d=3,format=yuv420p -f lavfi"
    " -i nullsrc=s=90x160:r=30:d=4,format=yuv420p,geq=lum='random(1)*255':cb=128:cr=128"
    f" -filter_complex [0:v][1:v]concat {X264}",
    # too short, or no picture
    "one_frame.mp4": f"{pattern('320x180')} {X264} -frames:v 1",
    "blink.mp4": f"{pattern('320x180', 0.4)} {X264}",
    "almost.mp4": f"{pattern('320x180', 2.9)} {X264}",
    "sound_only.m4a": f"{TONE} {AAC}",
    "sound_and_cover.m4a": f"{TONE} -i {{cover.png}} -map 0 -map 1 {AAC} -c:v mjpeg"
    " -disposition:v attached_pic",
    # to be broken
    "fast.mp4": "-i {bunny} -c copy -movflags +faststart",
    "last.mp4": "-i {bunny} -c copy",
    "whole.mkv": "-i {bunny} -c copy",
}

CHAPTERS = """\
;FFMETADATA1
title=SECRET-title
location=+50.0000-001.0000/
com.apple.quicktime.location.ISO6709=SECRET+50.0000-001.0000/
comment=SECRET-comment
[CHAPTER]
TIMEBASE=1/1000
START=0
END=2000
title=SECRET-chapter
"""


class Clips:
    """Makes each clip once; what a recipe names in braces is made before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._recipes = {**ODD, **MADE}

    def __call__(self, name: str) -> Path:
        if name in REAL:
            return REAL[name]
        file = self.folder / name
        if not file.exists():
            if name == "chapters.txt":
                file.write_text(CHAPTERS, encoding="utf-8")
            else:
                self._make(file, self._recipes[name])
        return file

    def _make(self, file: Path, recipe: str) -> None:
        words = [self._filled(word) for word in recipe.split()]
        if "-live" in words:  # a stream that cannot be rewound gets no length
            live = [word for word in words if word not in {"-live", "1"}]
            file.write_bytes(ffmpeg(*live, "-f", "matroska", "pipe:1"))
        else:
            ffmpeg(*words, f"file:{file}")

    def _filled(self, word: str) -> str:
        return re.sub(r"\{(.+?)\}", lambda found: f"file:{self(found[1])}", word)


def ffmpeg(*words: str) -> bytes:
    """Run the product's ffmpeg, not its code; a failure is the test's."""
    argv = [str(ffmpeg_program()), "-nostdin", "-loglevel", "error", "-y", *words]
    done = subprocess.run(argv, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, f"{argv}\n{done.stderr.decode()}"
    return done.stdout


def bytes_of(file: Path, *, keep: int) -> bytes:
    """The first part of a file."""
    whole = file.read_bytes()
    assert len(whole) > keep
    return whole[:keep]


def names(recipes: Sequence[str]) -> list[str]:
    """For `ids`: pytest writes names without blanks."""
    return [name.replace(" ", "_") for name in recipes]
