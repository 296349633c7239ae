"""The tables of revision 0003 in, the same with what links bring out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.create_table(
        "link_probes",
        sa.Column("youtube_id", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("probed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("youtube_id", name="pk_link_probes"),
    )
    op.create_table(
        "channels",
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channels"),
    )
    for name in ("channel_id", "source_id"):
        op.add_column("videos", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("videos", sa.Column("channel_name", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_videos_source_id", "videos", ["source_id"])
    op.add_column("reels", sa.Column("cover_cell", sa.Integer()))
    op.add_column("jobs", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "jobs", sa.Column("final", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        "UPDATE videos SET transcript = transcript_data, transcript_data = NULL"
        " WHERE transcript_data IS NOT NULL"
    )
