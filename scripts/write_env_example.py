"""`gravix_core.settings` in, `.env.example` out: `python -m scripts.write_env_example`."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from gravix_core.settings import Settings

FILE = Path(__file__).resolve().parent.parent / ".env.example"
HEAD = """\
# Everything that can be set, with its default.  Nothing has to be.
#
# Copy this file to .env and take away the # before a line to change it.  Variables of the
# environment win over .env.  Keep .env to yourself: it may hold secrets.
"""


def main() -> None:
    FILE.write_text(env_example(), encoding="utf-8", newline="\n")


def env_example() -> str:
    """Return the whole file: one variable after the other, all commented out."""
    fields = Settings.model_fields.items()
    return HEAD + "".join(f"\n{_entry(name, field)}" for name, field in fields)


def _entry(name: str, field: FieldInfo) -> str:
    remark = textwrap.fill(
        (field.description or "").replace("`", ""),
        width=98,
        initial_indent="# ",
        subsequent_indent="# ",
    )
    return f"{remark}\n#{name.upper()}={_shown(field.default)}\n"


def _shown(default: object) -> str:
    """Write a default as the variable would be set; empty where it depends or is secret."""
    match default:
        case SecretStr():
            return ""
        case Path():
            return "" if default == Path() else default.as_posix()
        case bool() | tuple():
            return json.dumps(default)
        case _:
            return str(default)


if __name__ == "__main__":
    main()
