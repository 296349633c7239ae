"""The tables of revision 0001 in, the same with what reviewing needs out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.add_column(
        "reels", sa.Column("text_version", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("reels", sa.Column("folder_version", sa.String()))
    op.create_index("ix_jobs_video_id_status", "jobs", ["video_id", "status"])
    op.drop_index("ix_jobs_video_id", "jobs")
    op.create_index("ix_processing_logs_video_id_id", "processing_logs", ["video_id", "id"])
    op.drop_index("ix_processing_logs_video_id", "processing_logs")
