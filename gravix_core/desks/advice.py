"""What was found behind a login in; which step of Meta's set-up is missing out.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gravix_core.desks.connect_screens import PROFESSIONAL
from gravix_core.stages.publish.accounts import Found

SCOPE_WORDS = {
    "instagram_basic": "to see your Instagram account",
    "instagram_content_publish": "to publish to it",
    "pages_show_list": "to see your Pages",
    "pages_read_engagement": "to read your Pages",
    "business_management": "to see your business portfolio",
}

BARE = "No professional Instagram account is linked to your Page"
HIDDEN = "Facebook showed no Page; Pages of a business portfolio are hidden"
"""How the message of `nothing_found` begins, by what is missing; `connect_doctor` knows it so."""

DENIED = (
    "Facebook gave no permission: it was cancelled, or the app may not ask for it.",
    "If you did not cancel: in Development mode only people with a role in the app can connect, and"
    " every permission has to be added to the app first. docs/instagram.md shows where.",
)
"""Message and hint."""


def missing_scope(missing: Sequence[str]) -> tuple[str, str]:
    """Message and hint."""
    names = ", ".join(f"{scope} ({SCOPE_WORDS.get(scope, 'needed')})" for scope in missing)
    many = len(missing) > 1
    return (
        f"{'Permissions are' if many else 'A permission is'} missing: {names}.",
        "Press Ask again, and leave every permission switched on in Facebook's dialog.",
    )


def nothing_found(found: Found) -> tuple[str, str]:
    """Message and hint, when no professional account was found."""
    if found.bare_pages:
        named = ", ".join(found.bare_pages[:3])
        return (
            f"{BARE}{_s(found)} {named}.",
            PROFESSIONAL,
        )
    if not found.asked_portfolios:
        return (
            f"{HIDDEN} without the permission business_management.",
            "Press Ask again and leave every permission and every Page switched on. If the Page is"
            " in no portfolio: your Facebook account needs full control of it.",
        )
    return (
        "Facebook showed no Page, neither yours nor one of your business portfolio.",
        "Instagram needs a Facebook Page that is linked to a professional account, and your"
        " Facebook account needs full control of it. Leave it ticked in Facebook's dialog.",
    )


def role_hint(found: Found) -> str:
    """Empty when the role on every Page allows posts."""
    if all(one.may_post for one in found.accounts):
        return ""
    return "Your role on the Page does not allow posts: ask its admin for full control."


def _s(found: Found) -> str:
    return "s" if len(found.bare_pages) > 1 else ""
