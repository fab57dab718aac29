"""procrastinate's tables, in a schema of their own: they bring jobs to workers and hold no truth.

Nothing is lost with them, so another version of the library gets them anew instead of migrated,
no backup holds them, and a restore may leave them as they are.
"""

import json
from collections.abc import Iterable
from importlib import metadata, resources

from sqlalchemy import (
    BigInteger,
    Connection,
    cast,
    column,
    literal_column,
    select,
    table,
    text,
)

from bot.errors import StoreError

SCHEMA = "procrastinate"
QUEUE = "donghanh"
TASK = "donghanh.run"

_VERSION = text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')")
_DEFER = text(
    f"SELECT {SCHEMA}.procrastinate_defer_jobs_v1(ARRAY[ROW("
    ":queue, :task, 0, NULL, NULL, CAST(:args AS jsonb), NULL"
    f")::{SCHEMA}.procrastinate_job_to_defer_v1])"
)
_THERE = text("SELECT to_regnamespace(:schema) IS NOT NULL")
_CARRIED = (
    select(
        cast(literal_column("args->>'job_id'"), BigInteger),
    )
    .select_from(table("procrastinate_jobs", schema=SCHEMA))
    .where(
        column("queue_name") == QUEUE,
        text("status IN ('todo', 'doing')"),
    )
)
# Its functions speak of its tables without a schema; whoever calls them has ours in the path.
_BOUND = """
DO $$ DECLARE one regprocedure; BEGIN
  FOR one IN SELECT p.oid::regprocedure FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'procrastinate'
  LOOP EXECUTE format('ALTER FUNCTION %s SET search_path = procrastinate, pg_catalog', one);
  END LOOP;
END $$
"""


def install(conn: Connection) -> bool:
    """Make the tables of the library that is installed; True when there were none or others."""
    if conn.dialect.name != "postgresql":
        return False
    wanted = _installed()
    if conn.execute(_VERSION, {"schema": SCHEMA}).scalar_one_or_none() == wanted:
        return False
    steps = (
        f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE",
        f"CREATE SCHEMA {SCHEMA}",
        f"SET LOCAL search_path = {SCHEMA}",
        (resources.files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8"),
        _BOUND,
        f"COMMENT ON SCHEMA {SCHEMA} IS '{wanted}'",
        "SET LOCAL search_path TO DEFAULT",
    )
    cursor = conn.connection.cursor()
    for step in steps:
        cursor.execute(step)  # several statements at once: the driver's way, not SQLAlchemy's
    cursor.close()
    return True


def _installed() -> str:
    try:
        return metadata.version("procrastinate")
    except metadata.PackageNotFoundError:
        raise StoreError(
            "PostgreSQL needs the library procrastinate. Run: pip install 'donghanh[postgres]'"
        ) from None


def version(conn: Connection) -> str | None:
    """For which version of the library the tables were made; None on SQLite or without them."""
    if conn.dialect.name != "postgresql":
        return None
    found: str | None = conn.execute(_VERSION, {"schema": SCHEMA}).scalar_one_or_none()
    return found


def carry(conn: Connection, job_ids: Iterable[int]) -> None:
    """Have these jobs brought to a worker once this transaction is committed.

    Does nothing on SQLite, nor before the tables are there: a tick carries what waits in vain.
    """
    if conn.dialect.name != "postgresql" or not _is_there(conn):
        return
    for job_id in job_ids:
        args = json.dumps({"job_id": job_id})
        conn.execute(_DEFER, {"queue": QUEUE, "task": TASK, "args": args})


def carried(conn: Connection) -> set[int]:
    """The jobs that are on their way or being run."""
    if conn.dialect.name != "postgresql" or not _is_there(conn):
        return set()
    return set(conn.execute(_CARRIED).scalars())


def _is_there(conn: Connection) -> bool:
    return bool(conn.execute(_THERE, {"schema": SCHEMA}).scalar_one())
