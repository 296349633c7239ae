"""``gemini``: what the operator says of Gemini in; whether it is asked, and its costs, out."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from gravix_core.desks.gemini import GeminiDesk
from gravix_core.settings import Settings
from gravix_core.studio import Studio
from gravix_core.texts import ModelInfo, Usage

DONE = 0
WHAT_IS_SENT = (
    "To write texts, Gravix sends Google the video's title, description, maker and transcript, the"
    " words and titles of its reels, {pictures}, your wishes for texts, texts that you accepted"
    " before, what it has learned that you take out, and, when you have a text written anew,"
    " that text and your instruction."
    " On a free plan Google may use it to train its models, and people may read it."
)
AGREED = "You have agreed to it; `--take-back` ends that."
NOT_AGREED = "Nothing is sent before you agree: `python -m gravix_core gemini --agree`."
NO_KEY = "There is no key: GEMINI_API_KEY is empty. Texts are written by basic, on this computer."


def run(options: argparse.Namespace) -> int:
    """Raises GravixError when something that was asked for could not be done."""
    studio = Studio.open(Settings.load(data_dir=options.data_dir))
    try:
        desk, asked_again = studio.gemini, None
        if options.agree:
            desk.agree()
        elif options.take_back:
            desk.take_back()
        if options.model is not None:
            desk.choose(options.model)
        if options.retry:
            asked_again = desk.retry()
        models = desk.models() if options.models else None
        if options.json:
            print(json.dumps(document(desk, models, asked_again), ensure_ascii=False, indent=2))
        else:
            print("\n".join(_lines(desk, models, asked_again)))
    finally:
        studio.close()
    return DONE


def document(
    desk: GeminiDesk, models: tuple[ModelInfo, ...] | None, asked_again: int | None
) -> dict[str, object]:
    """The JSON of the command."""
    status = desk.status()
    held = status.held
    hold = held and {**asdict(held), "until": held.until and held.until.isoformat()}
    found: dict[str, object] = {
        "has_key": status.has_key,
        "consented": status.consented,
        "is_on": status.is_on,
        "model": status.model,
        "frames": status.frames,
        "held": hold,
        "next": asdict(desk.estimate()),
        "months": [{"month": month, **asdict(usage)} for month, usage in desk.months()],
    }
    if models is not None:
        found["models"] = [asdict(model) for model in models]
    if asked_again is not None:
        found["asked_again"] = asked_again
    return found


def _lines(
    desk: GeminiDesk, models: tuple[ModelInfo, ...] | None, asked_again: int | None
) -> list[str]:
    status = desk.status()
    lines = [f"Gemini is {'on' if status.is_on else 'off'}, model {status.model}."]
    if not status.has_key:
        lines.append(NO_KEY)
    pictures = (
        f"{status.frames or 'no'} small picture{'' if status.frames == 1 else 's'} of each reel"
    )
    lines.append(WHAT_IS_SENT.format(pictures=pictures))
    lines.append(AGREED if status.consented else NOT_AGREED)
    if status.held is not None:
        lines.append(desk.why_not())
        if status.held.until is not None:
            lines.append(
                f"It is asked again after {status.held.until.astimezone():%Y-%m-%d %H:%M}."
            )
    if asked_again is not None:
        lines.append(f"{asked_again} reels are asked for where a dashboard or `process` runs.")
    waiting = desk.estimate()
    if waiting.requests:
        lines.append(f"Texts that it could write: about {_told(waiting)}.")
    lines += [f"{month}: {_told(usage)}" for month, usage in desk.months()]
    lines += [_model(model) for model in models or ()]
    return lines


def _told(usage: Usage) -> str:
    tokens = f"{usage.input_tokens} tokens in, {usage.output_tokens} out"
    price = "price not known" if usage.cost is None else f"${usage.cost:.4f}"
    requests = f"{usage.requests} request{'' if usage.requests == 1 else 's'}"
    return f"{requests}, {tokens}, {price}"


def _model(model: ModelInfo) -> str:
    if model.price is None:
        return f"{model.name}: {model.label}"
    into, out = model.price
    return f"{model.name}: {model.label}, ${into:g} in and ${out:g} out for a million tokens"
