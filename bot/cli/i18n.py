"""`donghanh i18n`: what maintainers and translators run after texts changed."""

from pathlib import Path
from typing import Annotated

import typer

from bot import paths
from bot.errors import ConfigError

Root = Annotated[Path | None, typer.Option("--root", help="A clone other than this one.")]

app = typer.Typer(help="Collect the texts, keep the catalogues in step, find mistakes.")


@app.command()
def extract(root: Root = None) -> None:
    """Write locales/donghanh.pot from the code and the page templates."""
    from bot import catalogues  # the extractor is slow to import

    typer.echo(catalogues.write_template(_clone(root)).relative_to(_clone(root)))


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="A code in locales/languages.toml.")],
    root: Root = None,
) -> None:
    """Open an empty catalogue for a language of the table."""
    from bot import catalogues  # the extractor is slow to import

    typer.echo(catalogues.add(_clone(root), code).relative_to(_clone(root)))


@app.command()
def update(root: Root = None) -> None:
    """Bring the template and every catalogue up to date with the code."""
    from bot import catalogues  # the extractor is slow to import

    for path in catalogues.update(_clone(root)):
        typer.echo(path.relative_to(_clone(root)))


@app.command()
def check(root: Root = None) -> None:
    """Say everything that is wrong with the texts; exit code 1 when anything is."""
    from bot import catalogues  # the extractor is slow to import

    mistakes = catalogues.check(_clone(root))
    for mistake in mistakes:
        typer.echo(mistake)
    if mistakes:
        raise typer.Exit(1)
    typer.echo("The catalogues are in order.")


def _clone(root: Path | None) -> Path:
    if root is not None:
        return root
    if not paths.in_checkout():
        raise ConfigError("Texts are kept in the repository. Run this in a clone of it.")
    return paths.resource("locales").parent
