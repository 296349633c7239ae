"""The way to Facebook's dialog and back in; connected Instagram accounts out.

A way is begun in one browser and works once, for ten minutes, in that browser.  What came of it is
kept for a day, so that whoever loads Facebook's answer twice sees the same outcome twice.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from gravix_core.desks.advice import missing_scope, nothing_found
from gravix_core.errors import GravixError, InstagramError, StatusConflict
from gravix_core.model import InstagramAccount
from gravix_core.stages.publish import oauth
from gravix_core.stages.publish.accounts import Account, Found, find_accounts
from gravix_core.stages.publish.graph import Graph
from gravix_core.store.accounts import NewAccount
from gravix_core.store.attempts import Attempt, reference
from gravix_core.store.secrets import Vault
from gravix_core.store.store import Store

log = logging.getLogger(__name__)

WARN_BEFORE = timedelta(days=15)
"""Before the end of a connection."""
RENEW_AGAIN = timedelta(hours=23)
SECRET_BYTES = 32


class Came(StrEnum):
    """What came of one way to Facebook's dialog."""

    UNDER_WAY = "under_way"
    CONNECTED = "connected"
    CHOOSE = "choose"
    """Several accounts were found: the operator says which."""
    DENIED = "denied"
    SCOPE_MISSING = "scope_missing"
    NO_ACCOUNT = "no_account"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to Facebook's dialog, just begun."""

    url: str
    state: str = field(repr=False)
    cookie: str = field(repr=False)
    """For the browser that goes; whoever comes back has to bring it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    came: Came
    message: str
    hint: str
    reference: str
    """By which `Connection.outcome` finds it again; it opens nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An account that may be connected."""

    ig_user_id: str
    username: str
    name: str
    picture_url: str
    page_name: str
    may_post: bool


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    connected: bool
    message: str
    account: InstagramAccount | None
    """The active one."""
    ends_soon: bool
    """Within `WARN_BEFORE`, and Gravix could not move it."""
    needs_login: bool


class Connection:
    """The desk where Instagram is connected."""

    def __init__(
        self,
        store: Store,
        *,
        graph: Callable[[], Graph],
        vault: Callable[[], Vault],
        redirect_uri: str,
        config_id: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """
        Args:
            graph: The operator's app; raises SettingsError while it has no id or secret.
            vault: For tokens; raises SettingsError or FileUnwritable.
            redirect_uri: Where Facebook leads back to.
        """
        self._store = store
        self._graph = graph
        self._vault = vault
        self.redirect_uri = redirect_uri
        self._config_id = config_id
        self._clock = clock

    # the way there and back

    def begin(self, *, again: bool = False) -> Way:
        """
        Args:
            again: Let Facebook ask for what was declined before.

        Raises:
            SettingsError: The app has no id or no secret.
        """
        state, cookie = secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        url = oauth.authorization_url(
            self._graph(),
            redirect_uri=self.redirect_uri,
            state=state,
            config_id=self._config_id,
            again=again,
        )
        self._vault()  # a bad key is told before anybody is sent away
        with self._store.begin() as tx:
            tx.attempts.begin(state, cookie, now=self._clock())
        return Way(url, state, cookie)

    def finish(self, answer: Mapping[str, str], cookie: str) -> Outcome:
        """
        Args:
            answer: What Facebook put behind the address.
            cookie: What the browser brought; empty when none.

        Raises:
            StatusConflict: No way of this browser leads here: nothing was asked of Meta.
        """
        state = answer.get("state", "")
        with self._store.begin() as tx:
            taken = bool(state and cookie) and tx.attempts.take(state, cookie, now=self._clock())
            before = tx.attempts.used(state, cookie) if state and cookie else None
        if not taken:
            if before is None:
                raise StatusConflict(
                    "this answer of Facebook belongs to no attempt of this browser, or is too old",
                    hint="Open Connect and begin again; a connection has to be made within ten"
                    " minutes, in one browser.",
                )
            return Outcome(
                Came(before.outcome or Came.UNDER_WAY),
                before.message,
                before.hint,
                reference(state),
            )
        return self._ended(state, answer)

    def paste(self, address: str, cookie: str) -> Outcome:
        """As `finish`, with the address that stands in the browser's bar after Facebook's dialog.

        Raises:
            StatusConflict: As `finish`, or it is not such an address.
        """
        parts = urlsplit(address.strip())
        fields = parse_qs(parts.query, max_num_fields=20) if len(address) < MOST_PASTED else {}
        if not ({"code", "error"} & set(fields)):
            raise StatusConflict(
                "this is not the address that Facebook leads back to",
                hint="Copy the whole address from the browser's bar; it holds state= and code=.",
            )
        return self.finish({name: values[0] for name, values in fields.items()}, cookie)

    def outcome(self, found: str) -> Outcome | None:
        """What came of a way, by its `Outcome.reference`; None when nobody knows any more."""
        with self._store.read() as tx:
            kept = tx.attempts.referred(found)
        return None if kept is None else _told(kept, found)

    # several accounts

    def choices(self, found: str) -> tuple[Choice, ...]:
        """The accounts of a way that came to `Came.CHOOSE`.

        Raises:
            InstagramError: Meta could not be asked.
            StatusConflict: The choice is not open any more.
        """
        graph, token = self._graph(), self._granted_in(found)
        accounts = find_accounts(graph, token, oauth.facts_of(graph, token)).accounts
        return tuple(_choice(account) for account in accounts)

    def choose(self, found: str, ig_user_ids: Sequence[str]) -> tuple[InstagramAccount, ...]:
        """Connect these; the first becomes active.  Raises as `choices`."""
        graph, token = self._graph(), self._granted_in(found)
        facts = oauth.facts_of(graph, token)
        accounts = {one.ig_user_id: one for one in find_accounts(graph, token, facts).accounts}
        wanted = [accounts[chosen] for chosen in ig_user_ids if chosen in accounts]
        if not wanted:
            raise StatusConflict("no account was chosen", hint="Tick one of the accounts.")
        kept = self._keep(wanted, oauth.Grant(token, None), facts)
        with self._store.begin() as tx:
            tx.accounts.activate(kept[0].id)
            tx.attempts.close(found, Came.CONNECTED, message=_connected(kept))
        return kept

    # what is connected

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

    def _ended(self, state: str, answer: Mapping[str, str]) -> Outcome:
        grant = None
        try:
            came, message, hint, grant = self._came(answer)
        except GravixError as error:
            log.warning("Instagram was not connected: %s", error)
            came, message, hint = Came.FAILED, str(error), self._hint(error)
        except Exception as error:
            log.error("Instagram was not connected: %s", type(error).__name__)  # noqa: TRY400
            came, message = Came.FAILED, "Something unexpected happened."
            hint = "Begin again; if it stays so, please report the log."
        with self._store.begin() as tx:
            tx.attempts.end(state, came, message=message, hint=hint, sealed_grant=grant)
        return Outcome(came, message, hint, reference(state))

    def _came(self, answer: Mapping[str, str]) -> tuple[Came, str, str, str | None]:
        """Also the sealed token, where a choice is open."""
        if "error" in answer:
            return (Came.DENIED, *DENIED, None)
        if not answer.get("code"):
            return (Came.FAILED, "Facebook's answer holds no code.", "Begin again.", None)
        graph = self._graph()
        short = oauth.exchange_code(graph, answer["code"], redirect_uri=self.redirect_uri)
        grant = oauth.long_lived(graph, short.token)
        facts = oauth.facts_of(graph, grant.token)
        granted = oauth.granted(graph, grant.token)
        missing = [scope for scope in oauth.NEEDED if scope not in granted]
        if missing:
            return (Came.SCOPE_MISSING, *missing_scope(missing), None)
        found = find_accounts(graph, grant.token, facts)
        if len(found.accounts) > 1:
            said = f"{len(found.accounts)} Instagram accounts were found."
            return Came.CHOOSE, said, "Choose which to connect.", self._vault().seal(grant.token)
        if not found.accounts:
            return (Came.NO_ACCOUNT, *nothing_found(found), None)
        kept = self._keep(found.accounts, grant, facts)
        return Came.CONNECTED, _connected(kept), _role_hint(found), None

    def _keep(
        self, accounts: Sequence[Account], grant: oauth.Grant, facts: oauth.TokenFacts
    ) -> tuple[InstagramAccount, ...]:
        now, vault = self._clock(), self._vault()
        ends = oauth.ends_at(grant, facts, now=now)
        with self._store.begin() as tx:
            return tuple(
                tx.accounts.save(
                    NewAccount(
                        ig_user_id=one.ig_user_id,
                        username=one.username,
                        name=one.name,
                        picture_url=one.picture_url,
                        page_id=one.page_id,
                        page_name=one.page_name,
                        fb_user_id=facts.user_id,
                        scopes=facts.scopes,
                        expires_at=ends,
                        data_until=facts.data_until,
                        sealed_token=vault.seal(grant.token),
                        sealed_page_token=vault.seal(one.page_token) if one.page_token else None,
                    ),
                    now=now,
                )
                for one in accounts
            )

    def _granted_in(self, found: str) -> str:
        with self._store.read() as tx:
            kept = tx.attempts.referred(found)
        token = self._opened(kept.sealed_grant) if kept else None
        if token is None:
            raise StatusConflict("this choice is not open any more", hint="Connect again.")
        return token

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

    def _hint(self, error: GravixError) -> str:
        if isinstance(error, InstagramError) and error.code == "redirect":
            return f"{error.hint} Gravix sent {self.redirect_uri}"
        return error.hint


MOST_PASTED = 8_000
"""Characters."""
DENIED = (
    "Facebook gave no permission: it was cancelled, or the app may not ask for it.",
    "If you did not cancel: in Development mode only people with a role in the app can connect, and"
    " every permission has to be added to the app first. docs/instagram.md shows where.",
)


def _told(kept: Attempt, found: str) -> Outcome:
    return Outcome(Came(kept.outcome or Came.UNDER_WAY), kept.message, kept.hint, found)


def _key_lost() -> InstagramError:
    return InstagramError(
        "the key that the connection was kept with is gone",
        hint="Open Connect and connect Instagram again.",
        code="key_lost",
        kind="reconnect",
    )


def _choice(one: Account) -> Choice:
    return Choice(
        one.ig_user_id, one.username, one.name, one.picture_url, one.page_name, one.may_post
    )


def _connected(accounts: Sequence[InstagramAccount]) -> str:
    return f"Connected to {', '.join(f'@{one.username}' for one in accounts)}."


def _role_hint(found: Found) -> str:
    if all(one.may_post for one in found.accounts):
        return ""
    return "Your role on the Page does not allow posts: ask its admin for full control."


def _moved(before: datetime | None, now: datetime | None) -> bool:
    return now is None or (before is not None and now > before)
