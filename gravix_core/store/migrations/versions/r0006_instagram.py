"""The tables of revision 0005 in, the same with what connecting Instagram brings out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"

TEXTS = ("ig_username", "ig_name", "picture_url", "trouble")


def upgrade() -> None:
    columns: list[sa.Column[Any]] = [
        sa.Column("page_access_token", sa.Text()),
        sa.Column("data_until", sa.DateTime(timezone=True)),
        sa.Column("refreshed_at", sa.DateTime(timezone=True)),
        sa.Column("scopes", sa.JSON(), nullable=False, server_default="[]"),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in TEXTS),
        sa.Column("needs_login", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]
    for column in columns:
        op.add_column("instagram_settings", column)
    op.create_table(
        "connect_attempts",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("cookie_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("grant", sa.Text()),
        sa.PrimaryKeyConstraint("state_hash", name="pk_connect_attempts"),
    )
