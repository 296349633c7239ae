"""What a dialog asks for in, HTML that a person can click through out.  Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from html import escape

from tests.simulators.instagram_things import App, Page, User

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; background: #f0f2f5; color: #1c1e21; margin: 0 }
main { max-width: 34rem; margin: 3rem auto; padding: 1.5rem 2rem; background: #fff;
  border-radius: 8px; box-shadow: 0 1px 4px #0003 }
.note { background: #fff3cd; padding: .5rem .75rem; border-radius: 6px }
fieldset { border: 1px solid #ccd0d5; border-radius: 6px; margin: 1rem 0; padding: .5rem 1rem }
label { display: block; padding: .15rem 0 }
button { font: inherit; padding: .5rem 1rem; border-radius: 6px; border: 1px solid #ccd0d5;
  cursor: pointer }
button[value=continue] { background: #1877f2; color: #fff; border-color: #1877f2 }
"""


def consent_page(app: App, people: Iterable[tuple[User, list[str], list[Page]]]) -> bytes:
    """One form per person, each with the scopes and Pages that this person may give."""
    forms = "".join(_form(*one) for one in people) or "<p>Nobody is logged in.</p>"
    return _html(
        f"Log in to {app.name}",
        f"<p>{escape(app.name)} would like to access:</p>{forms}",
    )


def _form(user: User, scopes: list[str], pages: list[Page]) -> str:
    name = escape(user.name)
    asked = "".join(_box(f"scope:{scope}", scope) for scope in scopes)
    given = "".join(_box(f"page:{page.id}", _label(page)) for page in pages)
    return (
        f'<form method="post" data-user="{name}">'
        f'<input type="hidden" name="user" value="{user.id}"><h2>{name}</h2>'
        f"<fieldset><legend>Permissions</legend>{asked or 'none'}</fieldset>"
        f"<fieldset><legend>Pages and Instagram accounts</legend>{given or 'none'}</fieldset>"
        f'<button name="decision" value="continue">Continue as {name}</button> '
        '<button name="decision" value="cancel">Cancel</button></form>'
    )


def _box(name: str, label: str) -> str:
    field = f'<input type="checkbox" name="{escape(name)}" value="1" checked>'
    return f"<label>{field} {escape(label)}</label>"


def _label(page: Page) -> str:
    owned = f", in the portfolio {page.portfolio.name}" if page.portfolio else ""
    account = f"@{page.instagram.username}" if page.instagram else "no Instagram account"
    return f"{page.name} ({account}{owned})"


def error_page(message: str) -> bytes:
    return _html("Error", f"<p>Sorry, something went wrong.</p><p>{escape(message)}</p>")


def bad_gateway() -> bytes:
    return _html("Sorry, something went wrong.", "<p>We're working on it.</p>")


def _html(title: str, body: str) -> bytes:
    note = "This is a stand-in for rehearsals. Nothing here reaches Facebook or Instagram."
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f'<p class="note"><b>SANDBOX</b> {note}</p><h1>{escape(title)}</h1>{body}'
        "</main></body></html>"
    ).encode()


def picture(name: str) -> bytes:
    """A profile picture: the first letter on a colour of its own."""
    hue = zlib.crc32(name.encode()) % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96">'
        f'<rect width="96" height="96" fill="hsl({hue} 60% 45%)"/>'
        '<text x="48" y="64" font-size="48" text-anchor="middle" fill="#fff" '
        f'font-family="sans-serif">{escape(name[:1].upper())}</text></svg>'
    ).encode()
