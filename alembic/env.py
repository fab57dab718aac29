"""Runs migrations on the connection it is handed; `donghanh migrate` and the tests hand it one."""

from alembic import context

from bot.store import base, notices, work

# Importing a family fills the metadata: `work` brings those with a reader, `notices` has none yet.
FAMILIES = (work, notices)


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise SystemExit("Run `donghanh migrate`; to write a migration, `make migration`.")
    context.configure(
        connection=connection,
        target_metadata=base.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
