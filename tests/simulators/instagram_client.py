"""A dialog's address and a person's decision in, the address that the browser is sent to out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from html import unescape

import requests

from tests.simulators.instagram_things import Page, User

PATIENCE = 10.0
CONTINUE, CANCEL = "continue", "cancel"


class DialogRefused(Exception):
    """Meta showed an error page; there is no way back to the app."""


@contextmanager
def session() -> Iterator[requests.Session]:
    """One that looks at no proxy of the environment."""
    with requests.Session() as made:
        made.trust_env = False
        yield made


def click_through(
    address: str,
    *,
    decision: str = CONTINUE,
    user: User | None = None,
    scopes: Collection[str] | None = None,
    without: Collection[str] = (),
    pages: Collection[Page] | None = None,
) -> str:
    """Open the consent page as a browser does and press a button.

    Args:
        address: Of the dialog.
        decision: `CONTINUE` or `CANCEL`.
        user: Who is logged in; None: the first on the page.
        scopes: What stays ticked; None: all that is asked for.
        without: What of that is unticked.
        pages: The Pages that stay ticked; None: all.

    Raises:
        DialogRefused: There is an error page instead; its text.
    """
    with session() as browser:
        shown = browser.get(address, timeout=PATIENCE)
        if shown.status_code != 200:
            raise DialogRefused(_text(shown.text))
        forms = re.findall(r"<form.*?</form>", shown.text, re.DOTALL)
        wanted = [f for f in forms if user is None or f'name="user" value="{user.id}"' in f]
        if not wanted:
            raise DialogRefused("this person is not on the page")
        fields = _fields(wanted[0])
        kept = {name: value for name, value in fields.items() if name == "user"}
        for name, value in fields.items():
            kind, _, what = name.partition(":")
            if kind == "scope" and what not in without and (scopes is None or what in scopes):
                kept[name] = value
            if kind == "page" and (pages is None or what in {page.id for page in pages}):
                kept[name] = value
        sent = browser.post(
            address, data={**kept, "decision": decision}, timeout=PATIENCE, allow_redirects=False
        )
        return sent.headers["Location"]


def _fields(form: str) -> dict[str, str]:
    tags = re.findall(r'<input [^>]*name="([^"]*)" value="([^"]*)"', form)
    return {unescape(name): unescape(value) for name, value in tags}


def _text(page: str) -> str:
    paragraphs = re.findall(r"<p>(.*?)</p>", page, re.DOTALL)
    return unescape(" ".join(paragraphs))


def fetch(address: str) -> bytes | None:
    """What Meta reads of a public address; a server without Range is refused."""
    try:
        with session() as client:
            answer = client.get(address, headers={"Range": "bytes=0-"}, timeout=PATIENCE)
            return answer.content if answer.status_code == 206 else None
    except requests.RequestException:
        return None
