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
    lang: Annotated[str, typer.Option(help="Language to be answered in; hers when left out.")] = "",
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
    from bot.errors import Refusal
    from bot.sample import SLUG
    from bot.talking import Talk

    async with opened() as here:
        congress = await here.event(event)
        if congress.slug != SLUG and not here.settings.simulator:
            raise Refusal(
                f"{congress.slug} is not the sample: talking as a real person would write a "
                "consent she never gave. To rehearse on a copy, set DONGHANH_SIMULATOR=1."
            )
    async with Talk.begin(here.settings, congress, f"cli:{who}") as talk:
        await talk.be(congress, who, lang)
        now = talk.bot.clock.now()
        lines = sys.stdin if plain or not sys.stdin.isatty() else _prompted()
        for line in lines:
            for part in await talk.say(line.rstrip("\n")):
                typer.echo(as_text(part))
        if record is not None:
            local = now.astimezone(congress.zone)
            head = [f"person: {who}", f"language: {lang or 'vi'}", f"now: {local:%Y-%m-%d %H:%M}"]
            lines = [f"\n{line}" if line.startswith("> ") else line for line in talk.log]
            text = "\n".join([*head, *lines, ""])
            await asyncio.to_thread(record.write_text, text, encoding="utf-8")


def _prompted() -> Iterator[str]:
    """Lines typed at a prompt, until end of file."""
    while True:
        try:
            yield input("> ")
        except EOFError:
            return
