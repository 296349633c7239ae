"""The way to Facebook's dialog and back in; connected Instagram accounts out.

A way is begun in one browser and works once, for ten minutes, in that browser.  What came of it is
kept for a day, so that whoever loads Facebook's answer twice sees the same outcome twice.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from gravix_core.desks.accounts import WARN_BEFORE, ApiVersion, ConnectedAccounts, ConnectionStatus
from gravix_core.desks.advice import DENIED, missing_scope, nothing_found, role_hint
from gravix_core.desks.connect_asking import ask
from gravix_core.desks.connect_checks import AppSettings, Check, Known
from gravix_core.desks.connect_doctor import checks
from gravix_core.desks.ways import Came, Choice, ConnectOutcome, Way
from gravix_core.errors import GravixError, InstagramError, SettingsError, StatusConflict
from gravix_core.model import InstagramAccount
from gravix_core.stages.publish import oauth
from gravix_core.stages.publish.accounts import Account, find_accounts
from gravix_core.stages.publish.graph import Graph
from gravix_core.store.accounts import NewAccount
from gravix_core.store.attempts import Attempt, reference
from gravix_core.store.secrets import Vault
from gravix_core.store.store import Store

__all__ = [
    "WARN_BEFORE",
    "ApiVersion",
    "Came",
    "Choice",
    "ConnectOutcome",
    "Connection",
    "ConnectionStatus",
    "Way",
]

log = logging.getLogger(__name__)

SECRET_BYTES = 32


class Connection(ConnectedAccounts):
    """The desk where Instagram is connected."""

    def __init__(
        self,
        store: Store,
        *,
        graph: Callable[[], Graph],
        vault: Callable[[], Vault],
        redirect_uri: str,
        config_id: str = "",
        app: AppSettings | None = None,
        on_connected: Callable[[], object] = lambda: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """
        Args:
            graph: The operator's app; raises SettingsError while it has no id or secret.
            vault: For tokens; raises SettingsError or FileUnwritable.
            redirect_uri: Where Facebook leads back to.
            app: What `doctor` says of the settings; None: what `graph` has.
            on_connected: Called after an account was connected.
        """
        super().__init__(store, graph=graph, vault=vault, clock=clock)
        self.redirect_uri = redirect_uri
        self._config_id = config_id
        self._app = app
        self._on_connected = on_connected

    # the way there and back

    def begin(self, *, again: bool = False, cookie: str = "") -> Way:
        """
        Args:
            again: Let Facebook ask for what was declined before.
            cookie: What the browser brought.  One that belongs to an open way is kept, so that two
                tabs of one browser do not end each other's.

        Raises:
            SettingsError: The app has no id or no secret.
        """
        state, fresh = secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        url = oauth.authorization_url(
            self._graph(),
            redirect_uri=self.redirect_uri,
            state=state,
            config_id=self._config_id,
            again=again,
        )
        self._vault()  # a bad key is told before anybody is sent away
        now = self._clock()
        with self._store.begin() as tx:
            kept = cookie if cookie and tx.attempts.is_open(cookie, now=now) else fresh
            tx.attempts.begin(state, kept, now=now)
        return Way(url, state, kept)

    def finish(self, answer: Mapping[str, str], cookie: str) -> ConnectOutcome:
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
            return ConnectOutcome(
                Came(before.outcome or Came.UNDER_WAY),
                before.message,
                before.hint,
                reference(state),
            )
        return self._ended(state, answer)

    def paste(self, address: str, cookie: str) -> ConnectOutcome:
        """As `finish`, with the address that stands in the browser's bar after Facebook's dialog.

        Raises:
            StatusConflict: As `finish`, or it is not such an address.
        """
        fields = _pasted(address.strip()) if len(address) < MOST_PASTED else {}
        if not ({"code", "error"} & set(fields)):
            raise StatusConflict(
                "this is not the address that Facebook leads back to",
                hint="Copy the whole address from the browser's bar; it holds state= and code=.",
            )
        return self.finish({name: values[0] for name, values in fields.items()}, cookie)

    def outcome(self, found: str) -> ConnectOutcome | None:
        """What came of a way, by its reference; None when nobody knows any more."""
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

    # what is missing

    def doctor(self, *, online: bool) -> tuple[Check, ...]:
        """Look at every step of the set-up, the connected account's too.  Raises nothing of Meta's.

        Args:
            online: Ask Meta as well, with about eight calls; it takes some seconds.
        """
        account, token, last = self._kept()
        known = Known(
            app=self._app or self._app_of_graph(),
            redirect_uri=self.redirect_uri,
            now=self._clock(),
            key_trouble=self._key_trouble(),
            account=account,
            token_opens=token is not None,
            last=last,
        )
        if not online:
            return checks(known)
        try:
            graph = self._graph()
        except SettingsError:
            return checks(known)
        ig_user_id = account.ig_user_id if account else ""
        return checks(known, ask(graph, token=token, ig_user_id=ig_user_id))

    # inside

    def _kept(self) -> tuple[InstagramAccount | None, str | None, Attempt | None]:
        """The active account, its token, and the last way that led back."""
        with self._store.read() as tx:
            account, last = tx.accounts.active(), tx.attempts.latest(now=self._clock())
            sealed = None if account is None else tx.accounts.sealed_token(account.id)
        return account, self._opened(sealed), last

    def _app_of_graph(self) -> AppSettings:
        try:
            graph = self._graph()
        except SettingsError:
            return AppSettings(config_id=self._config_id)
        return AppSettings(graph.app.id, bool(graph.app.secret), graph.version, self._config_id)

    def _key_trouble(self) -> tuple[str, str] | None:
        try:
            self._vault()
        except GravixError as error:
            return str(error), error.hint
        return None

    def _ended(self, state: str, answer: Mapping[str, str]) -> ConnectOutcome:
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
        return ConnectOutcome(came, message, hint, reference(state))

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
        return Came.CONNECTED, _connected(kept), role_hint(found), None

    def _keep(
        self, accounts: Sequence[Account], grant: oauth.Grant, facts: oauth.TokenFacts
    ) -> tuple[InstagramAccount, ...]:
        now, vault = self._clock(), self._vault()
        ends = oauth.ends_at(grant, facts, now=now)
        with self._store.begin() as tx:
            kept = tuple(
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
        self._on_connected()
        return kept

    def _granted_in(self, found: str) -> str:
        with self._store.read() as tx:
            kept = tx.attempts.referred(found)
        token = self._opened(kept.sealed_grant) if kept else None
        if token is None:
            raise StatusConflict("this choice is not open any more", hint="Connect again.")
        return token

    def _hint(self, error: GravixError) -> str:
        if isinstance(error, InstagramError) and error.code == "redirect":
            return f"{error.hint} Gravix sent {self.redirect_uri}"
        return error.hint


MOST_PASTED = 8_000
"""Characters."""


def _pasted(address: str) -> dict[str, list[str]]:
    with suppress(ValueError):  # no address, or one with far too many fields
        return parse_qs(urlsplit(address).query, max_num_fields=20)
    return {}


def _told(kept: Attempt, found: str) -> ConnectOutcome:
    return ConnectOutcome(Came(kept.outcome or Came.UNDER_WAY), kept.message, kept.hint, found)


def _choice(one: Account) -> Choice:
    return Choice(
        one.ig_user_id, one.username, one.name, one.picture_url, one.page_name, one.may_post
    )


def _connected(accounts: Sequence[InstagramAccount]) -> str:
    return f"Connected to {', '.join(f'@{one.username}' for one in accounts)}."
