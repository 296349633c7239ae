"""What is known of the way to Instagram in; which of Meta's set-up steps is missing out.  Pure.

What nobody can know from here is said to be unknown, with the screen on which it can be seen.
"""

from __future__ import annotations

from gravix_core.desks.connect_app import app_checks
from gravix_core.desks.connect_asking import Asked
from gravix_core.desks.connect_checks import Check, Known
from gravix_core.desks.connect_login import login_checks


def checks(known: Known, asked: Asked | None = None) -> tuple[Check, ...]:
    """One for each `Step`.

    Args:
        known: Without any network.
        asked: What Meta says; where it does, it goes before what is known.
    """
    behind = asked.behind if asked else None
    return (*app_checks(known, asked), *login_checks(known, behind))
