"""`donghanh migrate`, `backup`, `restore`: the database as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import run

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.config import Settings
    from bot.privacy.tombstones import Written
    from bot.store import Work
    from bot.store.backup import Meta, Steps

KEPT = 5  # backups of each kind that verbs make by themselves


def migrate() -> None:
    """Make the database, or bring it to this program's schema; a backup is made first."""
    run(_migrate())


async def _migrate() -> None:
    from bot.config import load
    from bot.store import schema

    bring_up(load(), schema)


def bring_up(settings: "Settings", steps: "Steps") -> None:
    """All of it or nothing. `steps`: the ways between schemas, `bot.store.schema` in earnest."""
    from bot.store import carrier, database_url, schema

    url, name = database_url(settings.database), _shown(settings)
    _make_folder(settings)
    before, head = schema.version_of(url), steps.head()
    if before == head:
        typer.echo(f"{name} has schema {head} already.")
        with schema.writing(url) as conn:
            if carrier.install(conn):
                typer.echo("Made the tables that carry jobs anew, for the library installed now.")
        return
    if before is not None and steps.known(before):
        _keep(settings, "before-migrate")
    with schema.writing(url) as conn:
        steps.upgrade(conn)
    if before is None:
        typer.echo(f"Made {name} with schema {head}.")
    else:
        typer.echo(f"Brought {name} from schema {before} to {head}.")


def backup(
    file: Annotated[Path, typer.Argument(help="A new file, like 2027-01-18.zip.")],
) -> None:
    """Write the whole database to one file, while the bot runs. The secret key is not in it."""
    run(_backup(file))


async def _backup(file: Path) -> None:
    from bot.clock import SystemClock
    from bot.config import load
    from bot.store import database_url
    from bot.store.backup import take

    meta = take(database_url(load().database), file, SystemClock().now())
    typer.echo(f"Backed up {meta.rows} rows to {file}. Keep the secret key elsewhere, safely.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `donghanh backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Replace the whole database by a backup, from SQLite or PostgreSQL alike."""
    run(_restore(file, yes))


async def _restore(file: Path, yes: bool) -> None:
    from bot.config import load
    from bot.store import database_url, schema
    from bot.store.backup import check, holds_rows, restore

    settings = load()
    url, name = database_url(settings.database), _shown(settings)
    _make_folder(settings)
    meta = check(file)
    typer.echo(_described(meta))
    if schema.version_of(url) is not None and holds_rows(url):
        if not yes:
            typer.confirm(f"Replace everything in {name} by it?", abort=True)
        _keep(settings, "before-restore")
    erased = await _known_erased(settings)
    again = _Again(settings, erased)
    restore(url, file, then=again)
    typer.echo(f"{name} holds the backup now, with schema {schema.head()}.")
    if again.done:
        typer.echo(f"Erased again, because it was asked since: {again.done}.")


async def _known_erased(settings: "Settings") -> "Written":
    """Who must stay erased: the file beside the database, and what the database knows besides."""
    from bot import privacy
    from bot.store import Store, schema

    store = Store(settings.database)
    try:
        if schema.version_of(store.url) == schema.head():
            stones = await store.read(lambda work: work.privacy.tombstones())
            privacy.keep_beside(settings.data_dir, stones)
    finally:
        await store.close()
    return privacy.written_in(settings.data_dir)


class _Again:
    """Erases the erased once more, inside the restore's own transaction."""

    def __init__(self, settings: "Settings", written: "Written") -> None:
        self._settings = settings
        self._written = written
        self.done = 0

    def __call__(self, work: "Work", meta: "Meta") -> None:
        from bot import privacy
        from bot.app import vault_of

        if self._written.standing:
            vault = vault_of(self._settings)
            self.done = privacy.reapply(work, vault, self._written, meta.made_at)


def _described(meta: "Meta") -> str:
    counts = {name: member.rows for name, member in meta.tables.items()}
    return (
        f"Backup of {meta.made_at:%Y-%m-%d %H:%M} UTC, donghanh {meta.app}, schema {meta.schema}: "
        f"{counts.get('event', 0)} events, {counts.get('person', 0)} people, "
        f"{counts.get('delivery', 0)} deliveries."
    )


def _make_folder(settings: "Settings") -> None:
    """The folder of an embedded database is there, and closed to others when we made it."""
    from bot.errors import ConfigError
    from bot.store import database_url

    url = database_url(settings.database)
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        with _writable(folder, ConfigError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _shown(settings: "Settings") -> str:
    """The database in a sentence, without its password."""
    from bot.store import database_url

    url = database_url(settings.database)
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def _keep(settings: "Settings", why: str) -> None:
    """A backup made by itself, into the data folder; only the newest of its kind are kept."""
    from bot.clock import SystemClock
    from bot.errors import StoreError
    from bot.store import database_url
    from bot.store.backup import take

    now = SystemClock().now()
    folder = settings.data_dir / "backups"
    with _writable(folder, StoreError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{why}-{now:%Y%m%dT%H%M%S.%fZ}.zip"
    take(database_url(settings.database), file, now)
    typer.echo(f"Backed up what was there to {file}.")
    for old in sorted(folder.glob(f"{why}-*.zip"))[:-KEPT]:
        old.unlink()


@contextmanager
def _writable(folder: Path, kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise kind(
            f"The folder {folder} cannot be made: {error.strerror}. Set DONGHANH_DATA_DIR to one "
            "that this account may write to."
        ) from None
