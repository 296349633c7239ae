"""Apps, people, Pages, tokens and posts in, a world that holds them out."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Literal

from tests.simulators.instagram_things import (
    NEVER,
    TASKS,
    Account,
    App,
    Grant,
    LoginConfig,
    Media,
    Page,
    Portfolio,
    Token,
    User,
)
from tests.simulators.instagram_world import World

EVERYTHING = (
    "public_profile",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_insights",
    "pages_show_list",
    "pages_read_engagement",
    "business_management",
)


class Builders:
    """What tests found a world with."""

    def __init__(self, world: World, lock: threading.RLock) -> None:
        self._world, self._lock = world, lock

    def add_app(
        self,
        *,
        id: str = "",  # noqa: A002 - so it is called everywhere
        secret: str = "",
        name: str = "Gravix",
        mode: Literal["dev", "live"] = "dev",
        require_proof: bool = False,
        redirect_uris: tuple[str, ...] = (),
        config_ids: Mapping[str, LoginConfig] | None = None,
    ) -> App:
        """An app with what its dashboard holds.

        Raises:
            ValueError: A redirect URI that Meta's dashboard refuses to store.
        """
        if any("127.0.0.1" in uri for uri in redirect_uris):
            raise ValueError("Meta's app dashboard does not store addresses with 127.0.0.1")
        with self._lock:
            app = App(
                id or self._world.new_id("9"),
                secret or f"{self._world.random.getrandbits(128):032x}",
                name,
                mode,
                require_proof,
                redirect_uris,
                dict(config_ids or {}),
            )
            self._world.apps[app.id] = app
        return app

    def add_user(self, name: str = "Ada Boatwright", *, has_role: bool = True) -> User:
        with self._lock:
            user = User(self._world.new_id("10"), name, has_role)
            self._world.users[user.id] = user
        return user

    def add_portfolio(self, user: User, name: str = "Boats Ltd") -> Portfolio:
        with self._lock:
            portfolio = Portfolio(self._world.new_id("5"), name, user)
            self._world.portfolios[portfolio.id] = portfolio
        return portfolio

    def add_page(
        self,
        user: User,
        *,
        name: str = "Boats",
        tasks: tuple[str, ...] = TASKS,
        portfolio: Portfolio | None = None,
        relation: Literal["owned", "client"] = "owned",
        instagram: Account | None = None,
        listed: bool = True,
        role_by_business: bool = False,
    ) -> Page:
        """A Page of this person; see `Page` for what the options mean."""
        with self._lock:
            page_id = self._world.new_id("1")
            page = Page(
                page_id, name, user, tasks, portfolio, relation, instagram, listed, role_by_business
            )
            self._world.pages[page.id] = page
            if instagram:
                instagram.id = instagram.id or self._world.new_id("17841")
                self._world.accounts[instagram.id] = instagram
        return page

    def add_token(
        self,
        app: App,
        user: User,
        *,
        scopes: tuple[str, ...] = EVERYTHING,
        page: Page | None = None,
        life: float | None = None,
    ) -> Token:
        """A long-lived token without a login; all Pages of the person are granted with it.

        Args:
            app: Whose.
            user: Who gave it.
            scopes: What is granted to the app from now on, besides what was.
            page: None: a user token.
            life: Seconds; None: as usual, `NEVER` for a Page token.
        """
        with self._lock:
            grant = user.grants.setdefault(app.id, Grant())
            grant.permissions |= dict.fromkeys(scopes, "granted")
            grant.pages |= {p.id for p in self._world.pages.values() if p.user is user}
            usual = NEVER if page else self._world.switches.long_life
            span = usual if life is None else life
            expires_at = self._world.clock.time() + span if span != NEVER else NEVER
            return self._world.new_token(
                "page" if page else "user", app, user, page=page, expires_at=expires_at, long=True
            )

    def add_media(self, account: Account, caption: str = "", **members: Any) -> Media:
        """A post that was made elsewhere, now unless `timestamp` is given."""
        with self._lock:
            media = Media(
                self._world.new_id("180"),
                account,
                caption,
                members.pop("timestamp", self._world.clock.time()),
                self._world.new_text(9, "DR"),
                **members,
            )
            self._world.media[media.id] = media
        return media

    def reseed(self) -> None:
        """Make ids and tokens from now on different from those of every other run."""
        self._world.random.seed()

    def use_quota(self, account: Account, posts: int) -> None:
        """Publish so many posts elsewhere, now."""
        account.publishes.extend([self._world.clock.time()] * posts)
