"""Runs migrations on the connection it is handed; `donghanh migrate` and the tests hand it one."""

from typing import Any, Literal

from alembic import context

from bot.store import base, work

# Importing a family fills the metadata: `work` brings those with a reader, and with it all of them.
FAMILIES = (work,)

# How a migration names our own column types; script.py.mako says what stands behind each name.
TYPES = {base.UtcTime: "TIME"}
SHARED = {id(base.BigId): "BIG_ID", id(base.Json): "JSON"}


def name_type(kind: str, found: Any, _: Any) -> str | Literal[False]:
    """A migration must run without this program's classes, which may have changed since."""
    if kind != "type":
        return False
    return TYPES.get(type(found)) or SHARED.get(id(found)) or False


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise SystemExit("Run `donghanh migrate`; to write a migration, `make migration`.")
    context.configure(
        connection=connection,
        target_metadata=base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=name_type,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
