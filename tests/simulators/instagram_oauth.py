"""Codes and tokens in, tokens and what is known of them out; permissions taken back."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from tests.simulators.instagram_errors import GraphError, bad_parameter, dead_token
from tests.simulators.instagram_things import NEVER, App, Code, Grant, Token, User
from tests.simulators.instagram_words import Endpoint, Reason, Request
from tests.simulators.instagram_world import DAY, World

DATA_ACCESS_LIFE = 90 * DAY


def access_token(world: World, request: Request) -> dict[str, object]:
    """Of a code, or of a short-lived token."""
    params = request.params
    app = _app(world, params)
    if params.get("grant_type") == "fb_exchange_token":
        return _exchange_token(world, app, params.get("fb_exchange_token", ""))
    code = world.codes.get(params.get("code", ""))
    if code is None or code.app is not app:
        raise _invalid_code(None, "Invalid verification code format.")
    if code.used:
        raise _invalid_code(36009, "This authorization code has been used.")
    if params.get("redirect_uri") != code.redirect_uri:
        raise _invalid_code(
            36008,
            "Error validating verification code. Please make sure your redirect_uri is identical "
            "to the one you used in the OAuth dialog request",
        )
    if code.expires_at <= world.clock.time():
        # General knowledge: the contract tells of no expired codes.
        raise _invalid_code(36007, "This authorization code has expired.")
    return _exchange_code(world, code)


def _invalid_code(subcode: int | None, message: str) -> GraphError:
    return GraphError(100, message, subcode=subcode, challenge="invalid_code")


def _app(world: World, params: dict[str, str]) -> App:
    app = world.apps.get(params.get("client_id", ""))
    if app is None:
        raise GraphError(
            101,
            "Error validating application. Cannot get application info due to a system error.",
            challenge="invalid_client",
        )
    if params.get("client_secret") != app.secret:
        raise GraphError(1, "Error validating client secret.", challenge="invalid_client")
    return app


def _exchange_code(world: World, code: Code) -> dict[str, object]:
    code.used = True
    life = NEVER if code.system_user else world.switches.short_life
    return _issue(world, code.app, code.user, life=life, long=code.system_user)


def _exchange_token(world: World, app: App, value: str) -> dict[str, object]:
    token = world.tokens.get(value)
    if token is None or token.app is not app or token.kind != "user" or token.user is None:
        raise GraphError(
            190, "Invalid OAuth access token.", status=world.switches.dead_token_status
        )
    world.check_alive(token)
    life = world.switches.long_life
    if token.long and not world.switches.exchange_moves_expiry:
        life = token.expires_at - world.clock.time() if token.expires_at != NEVER else NEVER
    return _issue(world, app, token.user, life=life, long=True)


def _issue(world: World, app: App, user: User, *, life: float, long: bool) -> dict[str, object]:
    expires_at = world.clock.time() + life if life != NEVER else NEVER
    token = world.new_token("user", app, user, expires_at=expires_at, long=long)
    answer: dict[str, object] = {"access_token": token.value, "token_type": "bearer"}
    if life != NEVER and world.switches.tells_expires_in:
        answer["expires_in"] = int(life)
    return answer


# Who asks


def authenticate(world: World, request: Request) -> Token:
    """The living token of a request, its proof checked.

    Raises:
        GraphError: There is none, it is dead, or the proof is missing or wrong.
    """
    if not request.token:
        raise GraphError(
            MISSING_TOKEN, "An access token is required to request this resource.", status=400
        )
    token = world.find_token(request.token)
    if token is None:
        raise GraphError(
            190,
            "Invalid OAuth access token - Cannot parse access token",
            status=world.switches.dead_token_status,
            challenge="invalid_token",
        )
    _check_proof(token, request.params.get("appsecret_proof", ""))
    if token.invalid is not Reason.PAGE_PERMISSION or request.endpoint not in NOT_OF_PAGES:
        world.check_alive(token)
    if token.kind != "app" and token.user and token.app.id not in token.user.grants:
        raise dead_token(Reason.APP_REMOVED, world.switches.dead_token_status)
    return token


MISSING_TOKEN = 104
"""General knowledge: the contract does not say what a call without any token gets."""
NOT_OF_PAGES = (Endpoint.ME, Endpoint.PERMISSIONS, Endpoint.REVOKE, Endpoint.DEBUG_TOKEN)
"""What a token may still ask for when it may not act for a Page."""


def proof_of(token: str, secret: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _check_proof(token: Token, given: str) -> None:
    if not given:
        if token.app.require_proof and token.kind != "app":
            raise _bad_proof("API calls from the server require an appsecret_proof argument")
    elif not hmac.compare_digest(given.encode(), proof_of(token.value, token.app.secret).encode()):
        raise _bad_proof("Invalid appsecret_proof provided in the API argument")


def _bad_proof(message: str) -> GraphError:
    return GraphError(100, message, kind="GraphMethodException")


def debug_token(world: World, request: Request, asking: Token) -> dict[str, object]:
    value = request.params.get("input_token", "")
    if not value:
        raise bad_parameter("The parameter input_token is required")
    token = world.find_token(value)
    if token is None:
        return {"data": {"is_valid": False, "scopes": [], "error": _debug_error(None, "Malformed")}}
    if token.app is not asking.app:
        raise bad_parameter("The App_id in the input_token did not match the Viewing App")
    return {"data": _debug_data(world, token)}


def _debug_error(subcode: int | None, message: str) -> dict[str, object]:
    known = {"subcode": subcode} if subcode else {}
    return {"code": 190, "message": f"{message} access token", **known}


def _debug_data(world: World, token: Token) -> dict[str, object]:
    reason = token.death(world.clock.time())
    reason = None if reason is Reason.PAGE_PERMISSION else reason
    scopes = sorted(token.grant.scopes)
    data: dict[str, Any] = {
        "app_id": token.app.id,
        "type": token.kind.upper(),
        "application": token.app.name,
        "expires_at": int(token.expires_at),
        "data_access_expires_at": int(token.issued_at + DATA_ACCESS_LIFE),
        "is_valid": reason is None,
        "scopes": scopes if reason is None else [],
    }
    if token.kind == "app":
        return data
    data["user_id"] = token.user.id if token.user else ""
    data["granular_scopes"] = [_granular(world, token, scope) for scope in scopes]
    if token.long:
        data["issued_at"] = int(token.issued_at)
    if token.page:
        data["profile_id"] = token.page.id
    if reason is not None:
        data["error"] = _debug_error(int(reason), "Error validating")
    return data


def _granular(world: World, token: Token, scope: str) -> dict[str, object]:
    """The scope and, where it is about objects, the ids that were chosen."""
    pages = [page for page in world.pages.values() if page.id in token.grant.pages]
    if scope.startswith("pages_"):
        targets = [page.id for page in pages]
    elif scope.startswith("instagram_"):
        targets = [page.instagram.id for page in pages if page.instagram]
    elif scope == "business_management":
        targets = list(dict.fromkeys(page.portfolio.id for page in pages if page.portfolio))
    else:
        return {"scope": scope}
    return {"scope": scope, "target_ids": targets}


# Permissions


def permissions(world: World, request: Request, token: Token) -> dict[str, object]:
    grant = _grant(world, request, token)
    return {"data": [{"permission": k, "status": v} for k, v in grant.permissions.items()]}


def revoke(world: World, request: Request, token: Token) -> object:
    """One permission, or all: then every token of this app and person is dead."""
    grant = _grant(world, request, token)
    name = request.parts[2] if len(request.parts) > 2 else ""
    if name:
        if grant.permissions.pop(name, None) is None:
            raise bad_parameter(f"The permission {name} was not granted")
        return True
    user = _person(world, request, token)
    for other in world.tokens.values():
        if other.user is user and other.app is token.app:
            other.invalid = Reason.APP_REMOVED
    del user.grants[token.app.id]
    return {"success": True}


def _person(world: World, request: Request, token: Token) -> User:
    user = token.user if request.parts[0] == "me" else world.users.get(request.parts[0])
    if user is None or token.user not in {None, user}:
        raise bad_parameter("A token of this person or of the app is needed")
    return user


def _grant(world: World, request: Request, token: Token) -> Grant:
    user = _person(world, request, token)
    if token.app.id not in user.grants:
        raise bad_parameter("This person has not installed the app")
    return user.grants[token.app.id]
