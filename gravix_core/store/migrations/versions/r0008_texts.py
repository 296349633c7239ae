"""The tables of revision 0007 in, the same with the history of texts out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    op.add_column(
        "reels",
        sa.Column("text_is_chosen", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("reels", sa.Column("text_declined", sa.Integer(), nullable=True))
    _add_history()
    _add_accepted()
    _add_usage()
    op.create_table(
        "preferences",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("name", name="pk_preferences"),
    )


def _add_history() -> None:
    """With the text that each reel has now."""
    op.create_table(
        "reel_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reel_id", sa.Integer(), nullable=False),
        *_words(""),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("quality_score", sa.Integer(), nullable=False),
        sa.Column("score_parts", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_reel_texts"),
        sa.ForeignKeyConstraint(["reel_id"], ["reels.id"], name="fk_reel_texts_reel_id_reels"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reel_texts_reel_id", "reel_texts", ["reel_id"])
    moment = sa.DateTime()
    reels = sa.table("reels", sa.column("id"), sa.column("updated_at", moment), *_text())
    given: list[sa.ColumnClause[Any]] = [sa.column("reel_id"), sa.column("instruction")]
    given.append(sa.column("created_at", moment))
    texts = sa.table("reel_texts", *given, *_text())
    found = op.get_bind().execute(sa.select(reels).where(reels.c.written_by.is_not(None)))
    if kept := [_as_text(dict(row)) for row in found.mappings()]:
        op.get_bind().execute(texts.insert(), kept)


def _text() -> tuple[sa.ColumnClause[Any], ...]:
    """The columns that both tables have."""
    plain = ("title", "caption", "quality_score", "written_by")
    lists = ("hashtags", "topics", "score_parts")
    return (
        *(sa.column(name) for name in plain),
        *(sa.column(name, sa.JSON()) for name in lists),
    )


def _as_text(reel: dict[str, Any]) -> dict[str, Any]:
    lists = {name: reel[name] or [] for name in ("hashtags", "topics", "score_parts")}
    plain = {"title": reel["title"] or "", "caption": reel["caption"] or ""}
    return {
        **{"reel_id": reel["id"], "instruction": "", "created_at": reel["updated_at"]},
        **{"quality_score": reel["quality_score"] or 0, "written_by": reel["written_by"]},
        **lists,
        **plain,
    }


def _add_accepted() -> None:
    op.create_table(
        "accepted_texts",
        sa.Column("reel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        *_words("written_"),
        *_words(""),
        _moment("accepted_at"),
        sa.PrimaryKeyConstraint("reel_id", name="pk_accepted_texts"),
    )
    op.create_index("ix_accepted_texts_accepted_at", "accepted_texts", ["accepted_at"])


def _add_usage() -> None:
    op.create_table(
        "provider_usage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=True),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("requests", "input_tokens", "output_tokens")
        ),
        sa.Column("cost", sa.Double(), nullable=True),
        _moment("asked_at"),
        sa.PrimaryKeyConstraint("id", name="pk_provider_usage"),
    )
    for name in ("video_id", "month"):
        op.create_index(f"ix_provider_usage_{name}", "provider_usage", [name])


def _words(prefix: str) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column(f"{prefix}title", sa.Text(), nullable=False),
        sa.Column(f"{prefix}caption", sa.Text(), nullable=False),
        sa.Column(f"{prefix}hashtags", sa.JSON(), nullable=False),
    )


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
