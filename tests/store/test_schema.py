"""The tables hold what the older design fixes, in SQLite and in PostgreSQL."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from gravix_core.store import Store
from gravix_core.store.tables import Base

FIXED = {
    "instagram_settings": (
        "id fb_page_id fb_page_name fb_user_id ig_user_id long_lived_access_token"
        " token_expires_at is_active created_at updated_at"
    ),
    "videos": (
        "id youtube_url youtube_video_id title description thumbnail_url duration download_path"
        " transcript status error_message instagram_account_id created_at updated_at"
    ),
    "video_chunks": ("id video_id chunk_index start_time end_time duration file_path created_at"),
    "reels": (
        "id video_id chunk_id chunk_index title caption hashtags topics quality_score file_path"
        " duration ig_media_id publish_status publish_error created_at"
    ),
    "jobs": (
        "id job_type video_id status progress started_at completed_at error_message created_at"
        " updated_at"
    ),
    "processing_logs": "id video_id level message created_at",
}
ADDED = {
    "instagram_settings": (
        "page_access_token data_until refreshed_at scopes ig_username ig_name picture_url trouble"
        " needs_login"
    ),
    "videos": (
        "source_name source_sha256 layout chunk_duration subtitles best transcript_data probe"
        " channel_id channel_name source_id"
    ),
    "reels": (
        "reel_start reel_end review_status cover_path cover_cell score_parts written_by byte_size"
        " sha256 plan accept_report updated_at text_version folder_version look edits features"
        " text_is_chosen text_declined"
    ),
    "jobs": (
        "key priority run_after attempts max_attempts owner lease_until fence cancel_requested"
        " args result error_hint note final waited lane again"
    ),
    "processing_logs": "job_id",
}
UNIQUE = {
    ("instagram_settings", "fb_page_id"),
    ("instagram_settings", "ig_user_id"),
    ("videos", "youtube_video_id"),
    ("video_chunks", "video_id chunk_index"),
    ("reels", "chunk_id"),
    ("jobs", "key"),
}
REFERENCES = {
    ("videos", "instagram_account_id", "instagram_settings", "SET NULL"),
    ("video_chunks", "video_id", "videos", None),
    ("reels", "video_id", "videos", None),
    ("reels", "chunk_id", "video_chunks", None),
    ("jobs", "video_id", "videos", None),
    ("processing_logs", "video_id", "videos", None),
    ("processing_logs", "job_id", "jobs", "SET NULL"),
}
INDEXED = {
    ("videos", "source_sha256"),
    ("videos", "source_id"),
    ("reels", "video_id"),
    ("reels", "review_status"),
    ("jobs", "status priority run_after id job_type lane"),
    ("processing_logs", "video_id id"),
}


@pytest.mark.parametrize("table", FIXED)
def test_table_has_every_column_of_the_design(store: Store, table: str) -> None:
    wanted = {*FIXED[table].split(), *ADDED.get(table, "").split()}
    with store.read() as tx:
        found = {column["name"] for column in inspect(tx.session.connection()).get_columns(table)}
    assert found == wanted


def test_unique_values_are_unique(store: Store) -> None:
    with store.read() as tx:
        look = inspect(tx.session.connection())
        found = {
            (table, " ".join(map(str, unique["column_names"])))
            for table in FIXED
            for unique in look.get_unique_constraints(table)
        }
    assert found == UNIQUE


def test_references_and_what_a_deletion_does_to_them_are_known(store: Store) -> None:
    with store.read() as tx:
        look = inspect(tx.session.connection())
        found = {
            (
                table,
                " ".join(key["constrained_columns"]),
                key["referred_table"],
                key["options"].get("ondelete"),
            )
            for table in FIXED
            for key in look.get_foreign_keys(table)
        }
    assert found == REFERENCES


def test_frequent_questions_have_an_index(store: Store) -> None:
    with store.read() as tx:
        look = inspect(tx.session.connection())
        found = {
            (table, " ".join(map(str, index["column_names"])))
            for table in FIXED
            for index in look.get_indexes(table)
        }
    assert found >= INDEXED


def test_tables_and_migrations_agree(store: Store) -> None:
    with store.read() as tx:
        context = MigrationContext.configure(tx.session.connection())
        assert compare_metadata(context, Base.metadata) == []


def test_every_table_can_be_written_for_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    tables = Base.metadata.sorted_tables
    statements = [str(CreateTable(table).compile(dialect=dialect)) for table in tables]
    assert not any("DATETIME" in statement for statement in statements)
    assert len(statements) >= len(FIXED)
