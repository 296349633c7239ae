"""A dialog's address in, a consent page or Meta's error page out; its form in, a redirect out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.simulators.instagram_pages import consent_page, error_page, picture
from tests.simulators.instagram_things import SCOPES, App, Code, Grant, Page, User
from tests.simulators.instagram_words import HTML, Answer, Request
from tests.simulators.instagram_world import World

DENIED = {
    "error": "access_denied",
    "error_code": "200",
    "error_description": "Permissions error",
    "error_reason": "user_denied",
}


class DialogError(Exception):
    """What Meta's page says instead of asking; there is no way back to the app."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid dialog."""

    app: App
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...]
    again: bool
    """Whether what was declined before is asked for once more."""
    system_user: bool

    def back(self, params: dict[str, str]) -> Answer:
        known = {} if self.state is None else {"state": self.state}
        glue = "&" if urlsplit(self.redirect_uri).query else "?"
        address = f"{self.redirect_uri}{glue}{urlencode({**params, **known})}#_=_"
        return Answer(status=302, kind=HTML, headers={"Location": address})


def dialog(world: World, request: Request) -> Answer:
    """GET shows the page, POST is its form; the query is the dialog's both times."""
    if request.parts[:1] == ("picture",):
        return Answer(picture(request.parts[-1]), kind="image/svg+xml")
    if request.parts != ("dialog", "oauth"):
        return Answer(error_page("This page isn't available."), 404, HTML)
    if request.method not in {"GET", "HEAD", "POST"}:
        return Answer(error_page("This page isn't available."), 405, HTML)
    try:
        asked = _read(world, request)
        if request.method == "POST":
            return _decide(world, asked, request.form)
        return Answer(_page(world, asked), kind=HTML)
    except DialogError as exc:
        return Answer(error_page(str(exc)), 400, HTML)


def _read(world: World, request: Request) -> Asked:
    query = request.query
    app = world.apps.get(query.get("client_id", ""))
    if app is None:
        raise DialogError("Invalid App ID: The provided app ID does not look like a valid app ID.")
    redirect_uri = query.get("redirect_uri", "")
    if not _allowed(app, redirect_uri):
        raise DialogError(
            "URL Blocked: This redirect failed because the redirect URI is not whitelisted in the "
            "app's Client OAuth Settings. Make sure Client and Web OAuth Login are on and add all "
            "your app domains as Valid OAuth Redirect URIs."
        )
    if query.get("response_type", "code") != "code":
        raise DialogError("Invalid response_type: this stand-in knows the code flow alone.")
    scopes, system_user = _scopes(app, request)
    return Asked(
        app=app,
        redirect_uri=redirect_uri,
        state=query.get("state"),
        scopes=scopes,
        again="rerequest" in query.get("auth_type", "").split(","),
        system_user=system_user,
    )


def _allowed(app: App, redirect_uri: str) -> bool:
    """Exact, save that http://localhost is free in development; live it must be https."""
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        return False
    if not redirect_uri.isprintable():
        return False
    if parts.scheme == "http" and parts.hostname == "localhost":
        return app.mode == "dev"
    return parts.scheme == "https" and redirect_uri in app.redirect_uris


def _scopes(app: App, request: Request) -> tuple[tuple[str, ...], bool]:
    """What is asked for, and whether for a system user; config_id replaces scope."""
    config_id = request.query.get("config_id", "")
    if config_id:
        config = app.config_ids.get(config_id)
        if config is None:
            raise DialogError("Invalid config_id: no such configuration in this app.")
        if config.system_user and request.query.get("override_default_response_type") != "true":
            raise DialogError("This configuration needs override_default_response_type=true.")
        return config.scopes, config.system_user
    given = request.query.get("scope", "").replace(",", " ").split()
    unknown = [name for name in given if name not in SCOPES]
    if unknown:
        raise DialogError(
            f"Invalid Scopes: {', '.join(unknown)}. This message is only shown to developers."
        )
    return tuple(dict.fromkeys(given)), False


def _askable(asked: Asked, user: User) -> list[str]:
    """The scopes that the page offers: what was declined is asked again on request only."""
    said = user.grants.get(asked.app.id, Grant()).permissions
    return [s for s in asked.scopes if asked.again or said.get(s) != "declined"]


def _page(world: World, asked: Asked) -> bytes:
    people: list[tuple[User, list[str], list[Page]]] = [
        (user, _askable(asked, user), [p for p in world.pages.values() if p.user is user])
        for user in world.users.values()
    ]
    return consent_page(asked.app, people)


def _decide(world: World, asked: Asked, fields: Mapping[str, str]) -> Answer:
    """Carry out the form: fields ``user``, ``decision``, ``scope:<name>`` and ``page:<id>``."""
    user = world.users.get(fields.get("user", ""))
    refused = fields.get("decision") != "continue" or user is None
    if user is None or refused or (asked.app.mode == "dev" and not user.has_role):
        return asked.back(DENIED)
    grant = user.grants.setdefault(asked.app.id, Grant())
    grant.permissions["public_profile"] = "granted"
    for scope in _askable(asked, user):
        given = f"scope:{scope}" in fields or scope == "public_profile"
        grant.permissions[scope] = "granted" if given else "declined"
    grant.pages = {
        p.id for p in world.pages.values() if p.user is user and f"page:{p.id}" in fields
    }
    code = Code(
        world.new_text(180, "AQ"),
        asked.app,
        user,
        asked.redirect_uri,
        world.clock.time() + world.switches.code_life,
        asked.system_user,
    )
    world.codes[code.value] = code
    return asked.back({"code": code.value})
