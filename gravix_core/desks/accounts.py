"""Connected Instagram accounts in; whether they hold, for how long, and their end out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gravix_core.errors import GravixError, InstagramError, SettingsError
from gravix_core.model import InstagramAccount, Seconds
from gravix_core.stages.publish import meta_versions, oauth
from gravix_core.stages.publish.graph import Graph
from gravix_core.stages.publish.instagram import Instagram
from gravix_core.stages.publish.reading import Tokens
from gravix_core.store.secrets import Vault
from gravix_core.store.store import Store

log = logging.getLogger(__name__)

WARN_BEFORE = timedelta(days=15)
"""Before the end of a connection."""
RENEW_AFTER = timedelta(hours=23)
"""Since the last try: the daily job may be begun more often, as at each start."""
DAY: Seconds = 86_400
HOUR: Seconds = 3_600


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    connected: bool
    message: str
    account: InstagramAccount | None
    """The active one."""
    ends_soon: bool
    """Within `WARN_BEFORE`, and Gravix could not move it."""
    needs_login: bool


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """The version of Meta's API that Gravix asks for, and the one that answers."""

    asked: str
    served: str
    """As Meta's last answer says; before the first one, as its table of versions does."""
    is_expired: bool
    """Meta serves another one in its place."""
    default: str = meta_versions.DEFAULT
    """The one that this Gravix was made for."""


class ConnectedAccounts:
    """What the desk says and does of accounts that are connected."""

    def __init__(
        self,
        store: Store,
        *,
        graph: Callable[[], Graph],
        vault: Callable[[], Vault],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """
        Args:
            graph: The operator's app; raises SettingsError while it has no id or secret.
            vault: For tokens; raises SettingsError or FileUnwritable.
        """
        self._store = store
        self._graph = graph
        self._vault = vault
        self._clock = clock

    def accounts(self) -> tuple[InstagramAccount, ...]:
        """The active one first."""
        with self._store.read() as tx:
            return tx.accounts.listed()

    def activate(self, account_id: int) -> None:
        """Reels go to this one from now on.  Raises NotFound."""
        with self._store.begin() as tx:
            tx.accounts.activate(account_id)

    def status(self) -> ConnectionStatus:
        """As the store has it; asks nobody."""
        with self._store.read() as tx:
            account = tx.accounts.active()
            sealed = None if account is None else tx.accounts.sealed_token(account.id)
        if account is None:
            return ConnectionStatus(False, "Instagram is not connected.", None, False, False)
        name = f"@{account.username}"
        if self._opened(sealed) is None:
            said = f"The key that {name} was kept with is gone: connect Instagram again."
            return ConnectionStatus(False, said, account, False, True)
        now = self._clock()
        if account.needs_login or (account.expires_at and account.expires_at <= now):
            said = account.trouble or f"The connection to {name} has expired."
            return ConnectionStatus(False, said, account, False, True)
        soon = account.expires_at is not None and account.expires_at - now < WARN_BEFORE
        return ConnectionStatus(True, f"Connected to {name}.", account, soon, False)

    def version(self) -> ApiVersion | None:
        """None while there is no app."""
        try:
            graph = self._graph()
        except SettingsError:
            return None
        today, asked = self._clock().date(), graph.version
        serves = graph.served or meta_versions.served(asked, today)
        is_expired = serves != asked or meta_versions.is_expired(asked, today)
        return ApiVersion(asked, serves, is_expired)

    def rests(self) -> Seconds | None:
        """How long Meta takes no more calls; None when it does."""
        try:
            graph = self._graph()
        except SettingsError:
            return None
        return graph.gauge.rests(now=self._clock())

    def instagram(self, ig_user_id: str) -> Instagram:
        """An account as it is published to.

        Raises:
            InstagramError: It is not connected, or has to be connected again.
            SettingsError: There is no app.
        """
        with self._store.read() as tx:
            found = [one for one in tx.accounts.listed() if one.ig_user_id == ig_user_id]
            user = tx.accounts.sealed_token(found[0].id) if found else None
            page = tx.accounts.sealed_page_token(found[0].id) if found else None
        token = self._opened(user)
        if not found or token is None or found[0].needs_login:
            raise InstagramError(
                "the account is not connected",
                hint="Open Connect and connect Instagram again; Gravix goes on by itself then.",
                code="not_connected",
                kind="reconnect",
            )
        return Instagram(self._graph(), Tokens(token, self._opened(page)), ig_user_id)

    def renew(self, account_id: int) -> bool:
        """Ask Meta to make a connection last longer.

        Returns:
            Whether its end has moved; Meta alone knows, and is asked.

        Raises:
            InstagramError: Meta refused, or could not be asked; noted with the account.
            NotFound: There is no such account.
        """
        with self._store.read() as tx:
            account, sealed = tx.accounts.get(account_id), tx.accounts.sealed_token(account_id)
        token = self._opened(sealed)
        if token is None:
            raise _key_lost()
        try:
            graph = self._graph()
            grant = oauth.long_lived(graph, token)
            facts = oauth.facts_of(graph, grant.token)
        except InstagramError as error:
            self._note(account_id, error)
            raise
        ends = oauth.ends_at(grant, facts, now=self._clock())
        with self._store.begin() as tx:
            tx.accounts.refreshed(
                account_id,
                now=self._clock(),
                sealed_token=self._vault().seal(grant.token),
                expires_at=ends,
                data_until=facts.data_until,
            )
        return _moved(account.expires_at, ends)

    def renew_all(self) -> Seconds | None:
        """What the daily job does: renew what was not renewed within the last day.

        Returns:
            When to do so again: sooner where Meta could not be asked; None when nothing is
            connected.
        """
        accounts, all_asked = self.accounts(), True
        for account in accounts:
            since = account.refreshed_at or account.updated_at
            if account.needs_login or self._clock() - since < RENEW_AFTER:
                continue
            try:
                self.renew(account.id)
            except GravixError as error:
                log.warning("the connection to @%s was not renewed: %s", account.username, error)
                all_asked = all_asked and not error.retryable
        if not accounts:
            return None
        return DAY if all_asked else HOUR

    def disconnect(self, account_id: int) -> str | None:
        """Take the permissions back at Meta, and forget the account and its tokens.

        Other accounts of the same Facebook login keep theirs, so Meta is asked for the last alone.

        Returns:
            What the operator has to do by hand, since Meta could not be asked; else None.

        Raises:
            NotFound: There is no such account.
        """
        with self._store.read() as tx:
            account, sealed = tx.accounts.get(account_id), tx.accounts.sealed_token(account_id)
            others = [one for one in tx.accounts.listed() if one.id != account_id]
        token = self._opened(sealed)
        left = None
        if not any(one.fb_user_id == account.fb_user_id for one in others):
            left = self._revoked(token)
        with self._store.begin() as tx:
            tx.accounts.remove(account_id)
            tx.attempts.forget_grants()
        return left

    # inside

    def _opened(self, sealed: str | None) -> str | None:
        try:
            return self._vault().open(sealed)
        except GravixError as error:
            log.warning("no secret can be opened: %s", error)
            return None

    def _revoked(self, token: str | None) -> str | None:
        try:
            if token is None:
                raise _key_lost()
            oauth.revoke(self._graph(), token)
        except GravixError as error:
            log.warning("the permissions could not be taken back: %s", error)
            return (
                "Meta could not be told. Open facebook.com, Settings & privacy, Settings, Business"
                " integrations, and remove the app there."
            )
        return None

    def _note(self, account_id: int, error: InstagramError) -> None:
        dead = error.kind == "reconnect"
        with self._store.begin() as tx:
            tx.accounts.troubled(account_id, str(error), needs_login=dead, now=self._clock())


def _key_lost() -> InstagramError:
    return InstagramError(
        "the key that the connection was kept with is gone",
        hint="Open Connect and connect Instagram again.",
        code="key_lost",
        kind="reconnect",
    )


def _moved(before: datetime | None, now: datetime | None) -> bool:
    return now is None or (before is not None and now > before)
