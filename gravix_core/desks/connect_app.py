"""The operator's app as it is set up here, and what Meta says of it, in; its checks out.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gravix_core.desks import connect_screens as screens
from gravix_core.desks.connect_asking import Asked
from gravix_core.desks.connect_checks import Check, CheckState, Known, Step, bad, ok, unknown
from gravix_core.desks.connect_redirect import goes_to_localhost, is_answered, redirect_trouble
from gravix_core.desks.ways import Came
from gravix_core.stages.publish import meta_versions
from gravix_core.stages.publish.app_proof import AppIs
from gravix_core.stages.publish.meta_faults import FAULTS


def app_checks(known: Known, asked: Asked | None) -> Iterator[Check]:
    yield from _app(known, asked)
    yield _redirect(known)
    yield _mode(known)
    yield _version(known, asked)
    yield _key(known)


def _app(known: Known, asked: Asked | None) -> tuple[Check, Check]:
    app_id, secret = _app_as_set(known)
    if asked is None or CheckState.BAD in (app_id.state, secret.state):
        return app_id, secret
    proof = asked.proof
    if proof.app is AppIs.KNOWN:
        named = f"{known.app.id}, at Meta “{proof.name}”." if proof.name else f"{known.app.id}."
        return ok(Step.APP_ID, named), ok(Step.APP_SECRET, "Meta accepts it.")
    if proof.app is AppIs.NO_APP:
        found = f"Meta knows no app of the id {known.app.id}."
        return bad(Step.APP_ID, found, screens.APP_ID), replace(secret, todo=screens.APP_SECRET)
    if proof.app is AppIs.WRONG_SECRET:
        found = f"It is not the secret of the app {known.app.id}."
        return ok(Step.APP_ID, f"{known.app.id}."), bad(Step.APP_SECRET, found, screens.APP_SECRET)
    why = f"Meta could not be asked: {proof.why}"
    return replace(app_id, found=why), replace(secret, found=why)


def _app_as_set(known: Known) -> tuple[Check, Check]:
    app = known.app
    app_id = unknown(Step.APP_ID, f"{app.id}, not asked of Meta.", screens.ASK)
    if not app.id:
        app_id = bad(Step.APP_ID, "FACEBOOK_APP_ID is empty.", screens.APP_ID)
    elif not app.id.isdecimal():
        app_id = bad(Step.APP_ID, "FACEBOOK_APP_ID is no number.", screens.APP_ID)
    elif _last_fault(known) == "app_unknown":
        app_id = bad(Step.APP_ID, f"Meta knew no app of the id {app.id}.", screens.APP_ID)
    secret = unknown(Step.APP_SECRET, "It is set, not asked of Meta.", screens.ASK)
    if not app.has_secret:
        secret = bad(Step.APP_SECRET, "FACEBOOK_APP_SECRET is empty.", screens.APP_SECRET)
    return app_id, secret


def _redirect(known: Known) -> Check:
    uri = known.redirect_uri
    trouble = redirect_trouble(uri)
    if trouble is not None:
        return bad(Step.REDIRECT, f"{uri}: {trouble.said}", trouble.todo)
    if _last_fault(known) == "redirect":
        found = f"Meta was told another one before than {uri}"
        return bad(Step.REDIRECT, found, screens.redirect(uri))
    away = "" if is_answered(uri) else f" {screens.PASTE}"
    if goes_to_localhost(uri):
        found = f"{uri} works only while the app is in Development mode."
        return ok(Step.REDIRECT, f"{found}{away}", screens.LOCALHOST)
    if known.last is not None:
        return ok(Step.REDIRECT, f"{uri} Facebook has led back.{away}", screens.redirect(uri))
    found = f"{uri} Whether Meta has it only its own screen shows.{away}"
    return unknown(Step.REDIRECT, found, screens.redirect(uri))


def _mode(known: Known) -> Check:
    found = "Meta's API does not tell it."
    if goes_to_localhost(known.redirect_uri):
        found += " To connect over http://localhost it has to be Development."
    return unknown(Step.MODE, found, screens.MODE)


def _version(known: Known, asked: Asked | None) -> Check:
    name, today = known.app.version, known.now.date()
    served = asked.served if asked else None
    answered = f" Meta answers with {served}." if served and served != name else ""
    if meta_versions.is_expired(name, today):
        instead = answered or f" Meta should answer with {meta_versions.served(name, today)}."
        return bad(Step.VERSION, f"{name} has expired.{instead}", screens.VERSION)
    if answered:
        return bad(Step.VERSION, f"{name} was asked for.{answered}", screens.VERSION)
    end = meta_versions.ends(name)
    until = f", usable until {end.isoformat()}" if end else ""
    return ok(Step.VERSION, f"{name}{until}.")


def _key(known: Known) -> Check:
    if known.key_trouble is not None:
        return bad(Step.KEY, *known.key_trouble)
    if known.account is not None and not known.token_opens:
        found = f"The key that @{known.account.username} was kept with is gone."
        return bad(Step.KEY, found, screens.KEY_LOST)
    return ok(Step.KEY, "It is there, and opens what is kept.")


def _last_fault(known: Known) -> str | None:
    """Name of the fault that the last login ended with."""
    if known.last is None or known.last.outcome != Came.FAILED:
        return None
    said = known.last.message
    return next((name for name, fault in FAULTS.items() if fault.sentence == said), None)
