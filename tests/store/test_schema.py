"""The migrations make exactly the tables that the code speaks of, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.store import database_url, notices, schema
from bot.store.base import metadata


def test_migrations_and_tables_agree(any_url: str) -> None:
    assert notices.notice.metadata is metadata
    with schema.writing(database_url(any_url)) as conn:
        assert schema.current(conn) == schema.head()
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
