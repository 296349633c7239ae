"""Arguments in, one command run, an exit code out.

0 done; 1 it went wrong; 2 bad input or usage; 3 (``check``) Instagram would refuse the file.
"""

from __future__ import annotations

import argparse
import io
import logging
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from gravix_core.cli import check, doctor, engine, gemini, keys, process, publish
from gravix_core.errors import (
    GravixError,
    MediaUnreadable,
    SettingsError,
    SourceRefused,
)
from gravix_core.layouts import LAYOUTS
from gravix_core.styles import STYLES

DONE, WRONG, BAD_INPUT = 0, 1, 2
LONGEST_COUNT = 6
"""Digits of a number of reels."""

LONGEST_ID = 18
"""Digits of an id."""

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command; every failure is a message and a hint on stderr."""
    options = parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING if options.debug else logging.CRITICAL,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    if options.debug:  # ours alone: transports write addresses and headers, with keys in them
        logging.getLogger("gravix_core").setLevel(logging.DEBUG)
    _write_utf8()
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    run: Command = options.run
    try:
        return run(options)
    except GravixError as error:
        _complain(str(error), error.hint, debug=options.debug)
        bad = isinstance(error, SettingsError | SourceRefused | MediaUnreadable)
        return BAD_INPUT if bad else WRONG
    except KeyboardInterrupt:
        _complain("Stopped", "Run the same command again to go on where it was.", debug=False)
        return WRONG
    except Exception as bug:
        name = type(bug).__name__
        _complain(
            f"Something unexpected happened: {name}",
            "Run it again with --debug and report what it prints.",
            debug=options.debug,
        )
        return WRONG


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="python -m gravix_core", description="Turns long videos into Instagram reels."
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    one = _command(commands, "process", process.run, "make reels of a video")
    one.add_argument("source", metavar="SOURCE", help="path of a video file, or a YouTube link")
    one.add_argument(
        "--i-may-republish",
        action="store_true",
        help="of a link: say that you made the video or may republish it",
    )
    one.add_argument("--layout", metavar="NAME", choices=sorted(LAYOUTS), help=_layouts())
    one.add_argument("--subtitles", metavar="STYLE", choices=sorted(STYLES), help=_styles())
    one.add_argument(
        "--best", type=_count, metavar="N", help="make the best N reels alone; 0: all of them"
    )
    one.add_argument("--out", type=Path, metavar="DIR", help="also put the finished reels here")

    one = _command(commands, "publish", publish.run, "publish an approved reel on Instagram, once")
    one.add_argument(
        "reel", type=_reel_id, metavar="REEL_ID", help="as `process --json` and the API give it"
    )
    one.add_argument(
        "--again", action="store_true", help="although the same stretch was posted before"
    )

    one = _command(commands, "gemini", gemini.run, "say whether Gemini writes texts, and its costs")
    consent = one.add_mutually_exclusive_group()
    consent.add_argument("--agree", action="store_true", help="agree to what is sent to Google")
    consent.add_argument("--take-back", action="store_true", help="send nothing any more")
    one.add_argument("--model", metavar="NAME", help="use this model; empty: that of GEMINI_MODEL")
    one.add_argument("--models", action="store_true", help="ask Google what the key can use")
    one.add_argument("--retry", action="store_true", help="ask again, whatever it said before")

    _command(commands, "pause", engine.pause, "begin no work any more, also in the dashboard")
    _command(commands, "resume", engine.resume, "let the work go on")

    one = _command(commands, "check", check.run, "say whether Instagram would take a file")
    one.add_argument("file", type=Path, metavar="FILE", help="path of an mp4 or mov")

    one = _command(
        commands, "rotate-key", keys.rotate, "seal tokens in the database with a new key"
    )
    one.add_argument(
        "--print", action="store_true", help="only make a key for GRAVIX_SECRET_KEY, and print it"
    )

    _command(commands, "doctor", doctor.run, "say what this installation has and lacks")
    return top


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Command,
    text: str,
) -> argparse.ArgumentParser:
    one = commands.add_parser(name, help=text, description=f"{text.capitalize()}.")
    one.set_defaults(run=run)
    one.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    one.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="where Gravix keeps everything [./data]"
    )
    one.add_argument("--debug", action="store_true", help="show the log and tracebacks")
    return one


def _layouts() -> str:
    return "; ".join(f"{layout.name}: {layout.label.lower()}" for layout in LAYOUTS.values())


def _styles() -> str:
    return "; ".join(f"{style.name}: {style.label.lower()}" for style in STYLES.values())


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > LONGEST_COUNT:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of reels")
    return int(text)


def _reel_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST_ID:
        raise argparse.ArgumentTypeError(f"{text!r} is no id of a reel")
    return int(text)


def _complain(message: str, hint: str, *, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    print(f"{message.rstrip('.')}.\n{hint}", file=sys.stderr)


def _write_utf8() -> None:
    """Where output goes to a file, Windows would write a character set that lacks most letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                encoding=None if stream.isatty() else "utf-8", errors="backslashreplace"
            )


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
