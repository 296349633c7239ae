"""What is logged in; lines of JSON in files that rotate, and a terminal, without secrets, out.

One line is one object: ``at`` (ISO 8601, UTC), ``level``, ``from``, ``message``, and where they are
known ``video``, ``job`` and ``trace``.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

FOLDER = "logs"
MAX_BYTES = 5_000_000
KEPT = 5
"""Files besides the one that is written."""
HIDDEN = "[hidden]"
SHORTEST_SECRET = 6
"""What is shorter would hide ordinary words."""

_TERMINAL = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_NAMES = (
    r"access_token|input_token|fb_exchange_token|client_secret|app_secret|appsecret_proof"
    r"|password|api_?key|po_token"
)
_NAMED = re.compile(
    rf"(?i)\b({_NAMES}|(?:token|secret|key|code|state|sig|lsig|signature|pot)(?==|%3D))"
    r"(=|%3D|[\"']?\s*:\s*[\"']?)[^&\s\"'<>]{4,}"
)
"""As in addresses and forms, and as in JSON; words such as ``code`` only before a ``=``."""
_SHAPED = (
    re.compile(r"(?i)\b(bearer|oauth)\s+[\w.~+/|-]{8,}=*"),
    re.compile(r"\bEAA[0-9A-Za-z]{16,}"),  # Meta's access tokens
    re.compile(r"\bAIza[0-9A-Za-z_-]{20,}"),  # Google's API keys
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
)


def cleaned(text: str, secrets: Collection[str] = ()) -> str:
    """Without what is, or looks like, a secret.

    Args:
        secrets: Values that must not appear, whatever they look like.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    for shape in _SHAPED:
        text = shape.sub(HIDDEN, text)
    return _NAMED.sub(lambda found: f"{found[1]}{found[2]}{HIDDEN}", text)


def start_logging(
    folder: Path | None, *, level: str, secrets: Collection[str] = (), name: str = "gravix"
) -> None:
    """Log what `gravix_core` says on the terminal and, where that can be written, into a file.

    Starting again replaces what was started before.

    Args:
        folder: The data directory; None for the terminal alone.
        level: Of what is logged, such as ``INFO``.
        secrets: As `cleaned`.
        name: Of the file, ``<name>.jsonl`` in `FOLDER`.
    """
    logger = logging.getLogger("gravix_core")
    logger.setLevel(level)
    stop_logging()
    terminal = logging.StreamHandler()
    terminal.setFormatter(_Plain(secrets))
    handlers: list[logging.Handler] = [terminal]
    if folder is not None:
        with suppress(OSError):  # a log that cannot be written is no reason not to start
            handlers.append(_file(folder / FOLDER / f"{name}.jsonl", secrets))
    for handler in handlers:
        handler.set_name(f"gravix-{name}")
        logger.addHandler(handler)
    logger.propagate = False


def stop_logging() -> None:
    """Close the files; the terminal is told as by default."""
    logger = logging.getLogger("gravix_core")
    for handler in list(logger.handlers):
        if (handler.get_name() or "").startswith("gravix-"):
            logger.removeHandler(handler)
            with suppress(OSError):  # what could not be written then cannot be now
                handler.close()
    logger.propagate = True


def _file(file: Path, secrets: Collection[str]) -> logging.Handler:
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = _Private(
        file, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", errors="replace"
    )
    handler.setFormatter(_JsonLine(secrets))
    return handler


class _Private(RotatingFileHandler):
    """For the eyes of this account alone."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A line that finds no room is lost here; the terminal has it."""

    def _open(self):  # type: ignore[no-untyped-def]
        with suppress(OSError):
            os.close(os.open(self.baseFilename, os.O_CREAT | os.O_WRONLY, 0o600))
        return super()._open()


class _Plain(logging.Formatter):
    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__(_TERMINAL)
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return cleaned(super().format(record), self._secrets)


class _JsonLine(logging.Formatter):
    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__()
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "message": cleaned(record.getMessage(), self._secrets),
        }
        for name in ("video", "job"):
            if getattr(record, name, None) is not None:
                line[name] = getattr(record, name)
        if record.exc_info:
            line["trace"] = cleaned(self.formatException(record.exc_info), self._secrets)
        return json.dumps(line, ensure_ascii=False)
