"""`donghanh chat`: talk to the bot from a terminal, as a person of the roster."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import opened, run


def chat(
    who: Annotated[str, typer.Option("--as", help="Code of the person to be, like DB0001.")],
    event: Annotated[str | None, typer.Option(help="The event, when there are several.")] = None,
    lang: Annotated[str, typer.Option(help="Language to be answered in.")] = "vi",
    plain: Annotated[
        bool, typer.Option("--plain", help="No prompt: lines in, replies out.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(help="Write the conversation to this .chat file.")
    ] = None,
) -> None:
    """Talk as this person, linked and consented. Works beside a running bot."""
    from bot.logs import set_up

    set_up(json=False, level="error")
    run(_talk(who, event, lang, plain, record))


async def _talk(who: str, event: str | None, lang: str, plain: bool, record: Path | None) -> None:
    from bot.channels.terminal import as_text
    from bot.talking import Talk

    async with opened() as here:
        congress = await here.event(event)
    async with Talk.begin(here.settings, congress, f"cli:{who}") as talk:
        await talk.be(congress, who, lang)
        lines = sys.stdin if plain or not sys.stdin.isatty() else _prompted()
        for line in lines:
            for part in await talk.say(line.rstrip("\n")):
                typer.echo(as_text(part))
        if record is not None:
            head = [f"person: {who}", f"language: {lang}", ""]
            text = "\n".join([*head, *talk.log, ""])
            await asyncio.to_thread(record.write_text, text, encoding="utf-8")


def _prompted() -> Iterator[str]:
    """Lines typed at a prompt, until end of file."""
    while True:
        try:
            yield input("> ")
        except EOFError:
            return
