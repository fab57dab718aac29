"""`donghanh doctor`, `config`, `version`: what is right and wrong with this installation."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.opening import run

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.cli.finding import Finding
    from bot.config import Settings

settings = typer.Typer(help="Show the settings; make a key.", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
_MARKS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "wrong": "[bold red]✗[/]"}


def doctor(as_json: _Json = False) -> None:
    """Look at everything this installation needs, and say how to mend what is wrong."""
    tell(run(_look()), as_json=as_json)


def tell(found: "list[Finding]", *, as_json: bool) -> None:
    """Findings for a person or a program; ends with 1 when something is wrong."""
    if as_json:
        from dataclasses import asdict

        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        show_findings(found)
    if any(one.state == "wrong" for one in found):
        raise typer.Exit(1)


async def _look() -> "list[Finding]":
    import httpx

    from bot.cli import checks
    from bot.clock import SystemClock
    from bot.config import load
    from bot.errors import ConfigError

    try:
        here = load()
    except ConfigError as error:
        return [checks.settings_wrong(error)]
    async with httpx.AsyncClient(timeout=checks.TIMEOUT_SECONDS) as client:
        return [one async for one in checks.findings(here, SystemClock(), client)]


def show_findings(found: "list[Finding]") -> None:
    """Each with its mark and its cure, then the counts."""
    from rich.console import Console
    from rich.text import Text

    out = Console(highlight=False)
    for one in found:
        out.print(_MARKS[one.state], Text(f"{one.name}: {one.what}"), soft_wrap=True)
        if one.cure:
            out.print("   →", Text(one.cure), soft_wrap=True)
    counts = {state: sum(one.state == state for one in found) for state in _MARKS}
    out.print(f"{counts['ok']} ok, {counts['warning']} to look at, {counts['wrong']} wrong.")


@settings.command("show")
def show(as_json: _Json = False) -> None:
    """Every setting with its value; secrets only as set or not set."""
    rows = run(_shown())
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for name, row in rows.items():
        typer.echo(f"{name}={row['value']}" + ("" if row["set"] else "  (default)"))


async def _shown() -> dict[str, dict[str, Any]]:
    from bot.config import PREFIX, load

    here = load()
    return {
        f"{PREFIX}{name.upper()}": {
            "value": _masked(here, name),
            "set": name in here.model_fields_set,
        }
        for name in type(here).model_fields
    }


def _masked(here: "Settings", name: str) -> str:
    from bot.config import secret_fields
    from bot.store import database_url

    value = getattr(here, name)
    if name in secret_fields():
        return "***" if value else ""
    if name == "database_url" and value:
        return database_url(value).render_as_string(hide_password=True)
    return str(value)


@settings.command("example")
def example() -> None:
    """Print every setting with its meaning, ready to be filled in: the file .env.example."""
    typer.echo(example_file(), nl=False)


def example_file() -> str:
    """A .env file in which every setting is explained and left at its default."""
    import textwrap

    from bot.config import PREFIX, Settings

    lines = [
        "# The settings of Đồng Hành, each at its default. Uncomment what you change.",
        "# Any of them may come from a file instead: DONGHANH_SECRET_KEY_FILE=/run/secrets/key",
    ]
    for name, field in Settings.model_fields.items():
        lines += [
            "",
            *textwrap.wrap(
                field.description or "", 96, initial_indent="# ", subsequent_indent="# "
            ),
        ]
        default = "" if field.default_factory else field.default
        lines.append(f"#{PREFIX}{name.upper()}={default}".rstrip())
    return "\n".join(lines) + "\n"


@settings.command("new-key")
def new_key() -> None:
    """Print a fresh key for DONGHANH_SECRET_KEY; nothing is changed."""
    from bot.vault import new_key as fresh

    typer.echo(fresh())


def version(as_json: _Json = False) -> None:
    """The versions of donghanh, of its schema and of Python."""
    import platform

    from bot import __version__
    from bot.store import schema

    facts = {"donghanh": __version__, "schema": schema.head(), "python": platform.python_version()}
    if as_json:
        typer.echo(json.dumps(facts))
    else:
        typer.echo(", ".join(f"{name} {value}" for name, value in facts.items()))
