"""The tables of revision 0006 in, the same with the ledger of what was published out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"

WORDS = (
    *("ig_user_id", "reel_key", "reel_version", "source", "file_sha256", "step", "transport"),
    *("container_id", "media_id", "fault"),
)
TEXTS = ("username", "title", "caption", "upload_uri", "permalink", "trouble", "hint")
NUMBERS = (
    *("turn", "reel_id", "video_id", "file_size", "containers", "bytes_sent", "sends"),
    *("refusals", "stalls"),
)
MAYBE = ("container_at", "uploaded_at", "ready_at", "sent_at", "published_at")


def upgrade() -> None:
    columns: list[sa.Column[Any]] = [
        *(sa.Column(name, sa.String(), nullable=False) for name in WORDS),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("span_start", "span_end")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("options", "dismissed")),
        *(_moment(name, nullable=False) for name in ("claimed_at", "updated_at")),
        *(_moment(name, nullable=True) for name in MAYBE),
    ]
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
        sa.UniqueConstraint("ig_user_id", "reel_key", name="uq_publications_ig_user_id_reel_key"),
        sqlite_autoincrement=True,
    )
    for name in ("reel_id", "source", "step", "media_id"):
        op.create_index(f"ix_publications_{name}", "publications", [name])
    op.create_table(
        "publishing_stops",
        sa.Column("ig_user_id", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("stopped_at", nullable=False),
        sa.PrimaryKeyConstraint("ig_user_id", name="pk_publishing_stops"),
    )


def _moment(name: str, *, nullable: bool) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
