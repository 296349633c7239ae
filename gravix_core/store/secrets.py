"""A secret in, what may stand in a database out; and back.  Only this file imports cryptography.

Sealed by Fernet (AES-128-CBC with HMAC-SHA256).  The newest key seals; older ones still open, until
everything has been sealed anew.  A key that is lost costs what was sealed, and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from gravix_core.errors import FileUnwritable, SettingsError

KEY_FILE = "secret.key"
"""In the data directory; one key a line, the newest first."""
VARIABLE = "GRAVIX_SECRET_KEY"
_HINT = (
    "Make one with `python -m gravix_core rotate-key --print`; several are divided by commas, the "
    "newest first."
)


class Vault:
    """Seals and opens.  Every method may be called from any thread."""

    def __init__(self, keys: Sequence[str]) -> None:
        """
        Args:
            keys: The newest first; at least one.

        Raises:
            SettingsError: One of them is no key.
        """
        self._fernet = MultiFernet([_fernet(key) for key in keys])
        self._newest = keys[0]

    def __repr__(self) -> str:
        return "Vault()"

    def seal(self, secret: str) -> str:
        """Another text each time."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str | None) -> str | None:
        """None when no key opens it, as after the key file was lost."""
        if not sealed:
            return None
        with suppress(InvalidToken, ValueError):
            return self._fernet.decrypt(sealed.encode()).decode()
        return None

    def key_for(self, purpose: str) -> bytes:
        """A key of its own, the same until a newer one seals; it tells nothing of that one."""
        return hmac.new(self._newest.encode(), purpose.encode(), hashlib.sha256).digest()

    def renew(self, sealed: str) -> str | None:
        """The same secret under the newest key; None as `open`."""
        with suppress(InvalidToken, ValueError):
            return self._fernet.rotate(sealed.encode()).decode()
        return None


def open_vault(folder: Path, *, given: str = "") -> Vault:
    """The vault of a data directory; its key is made when there is none.

    Args:
        given: What `VARIABLE` says; then no file is read nor written.

    Raises:
        SettingsError: What was given, or stands in the file, is no key.
        FileUnwritable: The key file cannot be read or made.
    """
    if given.strip():
        return Vault(_listed(given.replace(",", "\n")))
    return Vault(_read(folder / KEY_FILE) or (_add(folder / KEY_FILE, ()),))


def add_key(folder: Path) -> Vault:
    """Make a new key that seals from now on; those before still open.  Raises as `open_vault`."""
    before = _read(folder / KEY_FILE)
    return Vault((_add(folder / KEY_FILE, before), *before))


def drop_old_keys(folder: Path) -> None:
    """Keep the newest alone, once everything has been sealed anew.  Raises as `open_vault`."""
    _write(folder / KEY_FILE, _read(folder / KEY_FILE)[:1])


def new_key() -> str:
    return Fernet.generate_key().decode()


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key.encode())
    except ValueError as exc:
        raise SettingsError(f"{VARIABLE} holds what is no key", hint=_HINT) from exc


def _listed(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _read(file: Path) -> tuple[str, ...]:
    try:
        return _listed(file.read_text(encoding="ascii", errors="replace"))
    except FileNotFoundError:
        return ()
    except OSError as exc:
        raise FileUnwritable(f"{KEY_FILE} cannot be read: {exc.strerror}") from exc


def _add(file: Path, before: Sequence[str]) -> str:
    key = new_key()
    _write(file, (key, *before))
    return key


def _write(file: Path, keys: Sequence[str]) -> None:
    """Whole or not at all, and for this account alone."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write("\n".join(keys) + "\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as exc:
        raise FileUnwritable(f"{KEY_FILE} cannot be written: {exc.strerror}") from exc
    finally:
        draft.unlink(missing_ok=True)
