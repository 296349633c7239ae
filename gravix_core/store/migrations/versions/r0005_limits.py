"""The tables of revision 0004 in, the same with limits over all processes and a pause out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

IN_TURN = ["status", "priority", "run_after", "id", "job_type", "lane"]


def upgrade() -> None:
    op.add_column("jobs", sa.Column("waited", sa.Double(), nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("lane", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "jobs", sa.Column("again", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE jobs SET again = (run_after > started_at) WHERE status = 'processing'")
    op.drop_index("ix_jobs_status_run_after_priority", "jobs")
    op.create_index("ix_jobs_status_priority_run_after_id_job_type_lane", "jobs", IN_TURN)
    engine = op.create_table(
        "engine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_engine"),
    )
    op.execute(
        engine.insert().values(id=1, paused=sa.false(), changed_at=sa.func.current_timestamp())
    )
