"""The tables of revision 0002 in, the same with edits and with what is measured out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.add_column(
        "videos", sa.Column("subtitles", sa.String(), nullable=False, server_default="clean")
    )
    op.add_column("videos", sa.Column("best", sa.Integer()))
    for name in ("look", "edits", "features"):
        op.add_column("reels", sa.Column(name, sa.JSON()))
