"""The last login and the connected account, and what Meta says of them, in; their checks out.

Pure.  What Meta says today goes before what is kept of an account, and that before what the last
login led to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from gravix_core.desks import connect_screens as screens
from gravix_core.desks.accounts import WARN_BEFORE
from gravix_core.desks.advice import BARE, HIDDEN, SCOPE_WORDS
from gravix_core.desks.connect_asking import Behind
from gravix_core.desks.connect_checks import Check, CheckState, Known, Step, bad, ok, unknown
from gravix_core.desks.ways import Came
from gravix_core.model import InstagramAccount
from gravix_core.stages.publish.accounts import MANAGES_BUSINESS
from gravix_core.stages.publish.oauth import NEEDED
from gravix_core.store.attempts import Attempt

_BASIC = "instagram_basic"
_NOBODY = "Nobody has connected yet."
_FAILED = frozenset({Came.DENIED, Came.SCOPE_MISSING, Came.NO_ACCOUNT, Came.FAILED})


def login_checks(known: Known, behind: Behind | None) -> Iterator[Check]:
    yield _login(known, behind)
    yield _permission(known, behind)
    yield from _pages(known, behind)
    yield _role(known, behind)
    yield _publishing(known, behind)
    yield from _ends(known, behind)


def _login(known: Known, behind: Behind | None) -> Check:
    account, last = known.account, known.last
    if behind is not None and behind.trouble is not None:
        state = CheckState.UNKNOWN if behind.trouble.retryable else CheckState.BAD
        return Check(Step.LOGIN, state, str(behind.trouble), behind.trouble.hint)
    if account is not None and account.needs_login and behind is None:
        found = account.trouble or f"The login behind @{account.username} has ended."
        return bad(Step.LOGIN, found, screens.AGAIN)
    failed = last if last is not None and last.outcome in _FAILED else None
    if account is not None:
        then = f" Another login ended so: {failed.message}" if failed else ""
        hint = failed.hint if failed else ""
        return ok(Step.LOGIN, f"Connected to @{account.username}.{then}", hint)
    if failed is not None:
        return bad(Step.LOGIN, failed.message, failed.hint or screens.AGAIN)
    if last is not None and last.outcome == Came.CHOOSE:
        return bad(Step.LOGIN, last.message, screens.CHOOSE)
    return unknown(Step.LOGIN, _NOBODY, screens.CONNECT)


def _permission(known: Known, behind: Behind | None) -> Check:
    if behind is not None and behind.granted is not None:
        missing: Sequence[str] = [scope for scope in NEEDED if scope not in behind.granted]
    elif known.account is not None:
        missing = [scope for scope in NEEDED if scope not in known.account.scopes]
    elif known.last is not None and known.last.outcome == Came.SCOPE_MISSING:
        missing = [scope for scope in SCOPE_WORDS if scope in known.last.message]
    elif known.last is not None and known.last.outcome in {Came.NO_ACCOUNT, Came.CHOOSE}:
        missing = []  # permissions are looked at before accounts
    else:
        return unknown(Step.PERMISSION, _NOBODY, screens.permissions(known.app.config_id))
    if missing:
        found = f"Not granted: {', '.join(missing)}."
        return bad(Step.PERMISSION, found, screens.permissions(known.app.config_id))
    return ok(Step.PERMISSION, "All that publishing needs is granted.")


# what is behind it


def _pages(known: Known, behind: Behind | None) -> Iterator[Check]:
    """Page, portfolio, professional account."""
    if behind is not None and behind.found is not None and known.account is not None:
        yield from _seen(
            known.account,
            seen=bool(behind.found.accounts or behind.found.bare_pages),
            portfolios=behind.found.asked_portfolios,
            linked=_linked(known.account, behind),
        )
    elif known.account is not None:
        portfolios = MANAGES_BUSINESS in known.account.scopes
        yield from _seen(known.account, seen=True, portfolios=portfolios, linked=True)
    elif known.last is not None and known.last.outcome == Came.NO_ACCOUNT:
        yield from _told(known.last)
    else:
        yield unknown(Step.PAGE, _NOBODY, screens.PAGE)
        yield unknown(Step.PORTFOLIO, _NOBODY, screens.PORTFOLIO)
        yield unknown(Step.PROFESSIONAL, _NOBODY, screens.PROFESSIONAL)


def _linked(account: InstagramAccount, behind: Behind) -> bool | None:
    """Whether a Page leads to it; None when that cannot be seen."""
    accounts = behind.found.accounts if behind.found else ()
    # A quota is told for an account that is reached, by whatever Page.
    if behind.quota_readable or any(one.ig_user_id == account.ig_user_id for one in accounts):
        return True
    return None if _BASIC not in (behind.granted or ()) else False


def _seen(
    account: InstagramAccount, *, seen: bool, portfolios: bool, linked: bool | None
) -> Iterator[Check]:
    page, name = account.page_name, f"@{account.username}"
    if seen:
        yield ok(Step.PAGE, f"{page} is seen." if linked and page else "Pages are seen.")
    else:
        yield bad(Step.PAGE, "Facebook shows no Page any more.", screens.PAGE)
    yield _portfolio(seen=seen and linked is not False, portfolios=portfolios)
    if linked:
        yield ok(Step.PROFESSIONAL, f"{name} is linked.")
    elif linked is None:
        found = f"It cannot be seen without the permission {_BASIC}."
        yield unknown(Step.PROFESSIONAL, found, screens.AGAIN)
    else:
        found = f"{name} is linked to no Page that this login sees."
        yield bad(Step.PROFESSIONAL, found, screens.PROFESSIONAL)


def _portfolio(*, seen: bool, portfolios: bool) -> Check:
    if portfolios:
        return ok(Step.PORTFOLIO, f"{MANAGES_BUSINESS} is granted.")
    if seen:
        return ok(
            Step.PORTFOLIO, f"{MANAGES_BUSINESS} is not granted; this Page is seen without it."
        )
    found = f"{MANAGES_BUSINESS} is not granted, so Pages of a portfolio are hidden."
    return bad(Step.PORTFOLIO, found, screens.PORTFOLIO)


def _told(last: Attempt) -> Iterator[Check]:
    """As the last login said when it found no account."""
    if last.message.startswith(BARE):
        yield ok(Step.PAGE, "A Page is seen.")
        yield unknown(Step.PORTFOLIO, "It was not needed to see the Page.", screens.PORTFOLIO)
        yield bad(Step.PROFESSIONAL, last.message, screens.PROFESSIONAL)
        return
    yield bad(Step.PAGE, last.message, screens.PAGE)
    yield _portfolio(seen=False, portfolios=not last.message.startswith(HIDDEN))
    found = "Not known before a Page is seen."
    yield unknown(Step.PROFESSIONAL, found, screens.PROFESSIONAL)


def _role(known: Known, behind: Behind | None) -> Check:
    accounts = behind.found.accounts if behind and behind.found else ()
    for one in accounts:
        if known.account is not None and one.ig_user_id == known.account.ig_user_id:
            if one.may_post:
                return ok(Step.ROLE, f"It allows posts on {one.page_name}.")
            return bad(Step.ROLE, f"It allows no posts on {one.page_name}.", screens.ROLE)
    return unknown(Step.ROLE, "Not asked of Meta.", screens.ROLE)


def _publishing(known: Known, behind: Behind | None) -> Check:
    if behind is None or behind.quota_readable is None:
        todo = screens.CONNECT if known.account is None else screens.ASK
        return unknown(Step.PUBLISHING, "Not asked of Meta.", todo)
    if behind.quota_readable:
        return ok(Step.PUBLISHING, "Meta tells how many posts are left.")
    found = "Meta does not tell how many posts are left: it would refuse a post."
    return bad(Step.PUBLISHING, found, screens.PUBLISHING)


def _ends(known: Known, behind: Behind | None) -> Iterator[Check]:
    account, facts = known.account, behind.facts if behind else None
    if account is None:
        yield unknown(Step.END, _NOBODY, screens.CONNECT)
        yield unknown(Step.DATA_END, _NOBODY, screens.CONNECT)
        return
    alive = facts is not None and facts.is_valid
    end = facts.expires_at if facts and alive else account.expires_at
    data_end = facts.data_until if facts and alive else account.data_until
    yield _end(Step.END, end, now=known.now, todo=screens.RENEW, never="It has none.")
    yield _end(Step.DATA_END, data_end, now=known.now, todo=screens.AGAIN, never="Meta names none.")


def _end(name: Step, end: datetime | None, *, now: datetime, todo: str, never: str) -> Check:
    if end is None:
        return ok(name, never)
    day = end.date().isoformat()
    if end <= now:
        return bad(name, f"It was on {day}.", screens.AGAIN)
    if end - now < WARN_BEFORE:
        return bad(name, f"It is on {day}, in {(end - now).days} days.", todo)
    return ok(name, f"It is on {day}.")
