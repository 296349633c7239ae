"""Instagram accounts that Gravix is connected to, in and out.  Tokens come and go sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gravix_core.errors import NotFound
from gravix_core.model import InstagramAccount
from gravix_core.store.tables import InstagramSettingsRow


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is kept when an account is connected."""

    ig_user_id: str
    username: str
    name: str
    picture_url: str
    page_id: str
    page_name: str
    fb_user_id: str
    scopes: Sequence[str]
    expires_at: datetime | None
    data_until: datetime | None
    sealed_token: str = field(repr=False)
    sealed_page_token: str | None = field(repr=False)


class Accounts:
    """The table `instagram_settings`, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def listed(self) -> tuple[InstagramAccount, ...]:
        """The active one first, then by name."""
        order = (InstagramSettingsRow.is_active.desc(), InstagramSettingsRow.ig_username)
        rows = self._session.scalars(
            select(InstagramSettingsRow)
            .where(InstagramSettingsRow.ig_user_id.is_not(None))
            .order_by(*order, InstagramSettingsRow.id)
        )
        return tuple(_account(row) for row in rows)

    def active(self) -> InstagramAccount | None:
        """The one that reels go to."""
        return next((one for one in self.listed() if one.is_active), None)

    def get(self, account_id: int) -> InstagramAccount:
        """Raises NotFound."""
        return _account(self._row(account_id))

    def sealed_token(self, account_id: int) -> str | None:
        """Raises NotFound."""
        return self._row(account_id).long_lived_access_token

    def sealed_page_token(self, account_id: int) -> str | None:
        """Raises NotFound."""
        return self._row(account_id).page_access_token

    def save(self, new: NewAccount, *, now: datetime) -> InstagramAccount:
        """In place of an older connection of the same account; the only one becomes active."""
        self._session.execute(  # a Page that was linked to another account before
            update(InstagramSettingsRow)
            .where(InstagramSettingsRow.fb_page_id == new.page_id)
            .where(InstagramSettingsRow.ig_user_id != new.ig_user_id)
            .values(fb_page_id=None)
        )
        row = self._session.scalar(
            select(InstagramSettingsRow).where(InstagramSettingsRow.ig_user_id == new.ig_user_id)
        )
        if row is None:
            row = InstagramSettingsRow(ig_user_id=new.ig_user_id, is_active=self.active() is None)
            row.created_at = now
            self._session.add(row)
        row.fb_page_id, row.fb_page_name = new.page_id, new.page_name
        row.fb_user_id, row.scopes = new.fb_user_id, list(new.scopes)
        row.ig_username, row.ig_name, row.picture_url = new.username, new.name, new.picture_url
        row.long_lived_access_token = new.sealed_token
        row.page_access_token = new.sealed_page_token
        row.token_expires_at, row.data_until = new.expires_at, new.data_until
        row.refreshed_at, row.trouble, row.needs_login, row.updated_at = None, "", False, now
        self._session.flush()
        return _account(row)

    def activate(self, account_id: int) -> None:
        """Reels go to this one from now on.  Raises NotFound."""
        self._row(account_id)
        self._session.execute(
            update(InstagramSettingsRow).values(is_active=InstagramSettingsRow.id == account_id)
        )

    def refreshed(
        self,
        account_id: int,
        *,
        now: datetime,
        sealed_token: str | None = None,
        expires_at: datetime | None = None,
        data_until: datetime | None = None,
    ) -> None:
        """Note that the connection was asked to last longer.  Raises NotFound.

        Args:
            sealed_token: The new one; None leaves everything but the time of the try as it is.
        """
        row = self._row(account_id)
        row.refreshed_at, row.trouble, row.needs_login = now, "", False
        if sealed_token is not None:
            row.long_lived_access_token = sealed_token
            row.token_expires_at, row.data_until = expires_at, data_until
        self._session.flush()

    def troubled(self, account_id: int, trouble: str, *, needs_login: bool, now: datetime) -> None:
        """Note what is wrong with the connection.  Raises NotFound."""
        row = self._row(account_id)
        row.trouble, row.needs_login = trouble, needs_login or row.needs_login
        row.refreshed_at = now
        self._session.flush()

    def remove(self, account_id: int) -> None:
        """With its tokens; another one becomes active where there is one."""
        self._session.execute(
            delete(InstagramSettingsRow).where(InstagramSettingsRow.id == account_id)
        )
        rest = self.listed()
        if rest and not any(one.is_active for one in rest):
            self.activate(rest[0].id)

    def _row(self, account_id: int) -> InstagramSettingsRow:
        row = self._session.get(InstagramSettingsRow, account_id)
        if row is None:
            raise NotFound("this Instagram account is not connected")
        return row


def _account(row: InstagramSettingsRow) -> InstagramAccount:
    return InstagramAccount(
        id=row.id,
        ig_user_id=row.ig_user_id or "",
        username=row.ig_username,
        name=row.ig_name,
        picture_url=row.picture_url,
        page_id=row.fb_page_id or "",
        page_name=row.fb_page_name or "",
        fb_user_id=row.fb_user_id or "",
        is_active=row.is_active,
        expires_at=row.token_expires_at,
        data_until=row.data_until,
        scopes=tuple(str(scope) for scope in row.scopes),
        refreshed_at=row.refreshed_at,
        trouble=row.trouble,
        needs_login=row.needs_login,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
