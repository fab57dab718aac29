"""`donghanh desk …`: what the help desk does for the delegate who stands before it."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.cli.opening import opened, run

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.cli.opening import Here
    from bot.store import Work
    from bot.values.person import Record
    from bot.values.request import Request

app = typer.Typer(help="The help desk: find, link, freeze, see requests.", no_args_is_help=True)
out = Console()

Event = Annotated[str | None, typer.Option("--event", help="The event, when there are several.")]
Code = Annotated[str, typer.Argument(help="The person's code in the roster, like DB0001.")]
Author = Annotated[str, typer.Option("--author", help="Who answers for it, for the history.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Addresses = Annotated[
    bool, typer.Option("--addresses", help="Her phones instead of her card: the phone is lost.")
]


@app.command("find")
def find(
    text: Annotated[str, typer.Argument(help="A name, code, seat or the end of a phone number.")],
    event: Event = None,
    author: Author = "cli",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Find a person; shows only what a desk needs, and stands in the audit log."""

    async def look() -> None:
        from bot import desk

        async with opened() as here:
            congress = await here.event(event)
            seen = await here.store.write(
                lambda work: desk.find(work, here.vault, congress.id, text, author)
            )
        if as_json:
            out.print_json(data=[asdict(one) for one in seen])
            return
        table = Table("code", "name", "delegation", "phone", "addresses", "card", "status")
        for one in seen:
            table.add_row(
                one.code, one.name, one.delegation, one.phone, str(one.addresses), one.card,
                one.status,
            )  # fmt: skip
        out.print(table if seen else "Nobody was found. Try fewer words.")
        if len(seen) == desk.MOST_FOUND:
            out.print(f"Only the first {desk.MOST_FOUND} are shown.")

    run(look())


@app.command("reissue")
def reissue(code: Code, event: Event = None, yes: Yes = False, author: Author = "cli") -> None:
    """A new card for one person: its link and code are shown this once, the old card stops."""

    async def renew() -> None:
        from bot import desk

        async with opened() as here:
            record = await _person(here, event, code)
            if not yes:
                typer.confirm(f"The old card of {_name(record)} stops working. Go on?", abort=True)
            card = await here.store.write(
                lambda work: desk.reissue(work, here.vault, record, author)
            )
            out.print(f"New card of {_name(record)}, shown this once:", highlight=False)
            print(f"{here.settings.base_url}/c/{card.token}\n{card.code}")

    run(renew())


@app.command("freeze")
def freeze(
    code: Code, addresses: Addresses = False, event: Event = None, author: Author = "cli"
) -> None:
    """A lost card (or, with --addresses, a lost phone) opens nothing personal any more."""

    async def stop() -> None:
        from bot import desk

        async with opened() as here:
            record = await _person(here, event, code)
            if not addresses:
                done = await here.store.write(lambda work: desk.freeze_card(work, record, author))
                said = "is frozen" if done else "was not in force; nothing changed"
                out.print(f"The card of {_name(record)} {said}.", highlight=False)
                return
            frozen = await here.store.write(
                lambda work: desk.freeze_addresses(work, record, author)
            )
        out.print(
            f"{_name(record)}: {frozen.addresses} addresses frozen, "
            f"{frozen.cancelled} waiting letters cancelled.",
            highlight=False,
        )
        if frozen.others:
            out.print(f"The same phones served: {', '.join(frozen.others)}. Tell them too.")

    run(stop())


@app.command("unfreeze")
def unfreeze(
    code: Code,
    addresses: Addresses = False,
    event: Event = None,
    yes: Yes = False,
    author: Author = "cli",
) -> None:
    """The card (or, with --addresses, the phone) was found again by its owner."""

    async def resume() -> None:
        from bot import desk

        async with opened() as here:
            record = await _person(here, event, code)
            if not yes:
                typer.confirm(f"Does {_name(record)} stand before you?", abort=True)
            thaw = desk.unfreeze_addresses if addresses else desk.unfreeze_card
            changed = int(await here.store.write(lambda work: thaw(work, record, author)))
            what = "addresses" if addresses else "cards"
            out.print(f"{_name(record)}: {changed} {what} in use again.", highlight=False)

    run(resume())


@app.command("told")
def told(code: Code, event: Event = None, author: Author = "cli") -> None:
    """What she was told last, newest first; the look itself stands in the audit log."""

    async def show() -> None:
        from bot import desk
        from bot.text import clip

        async with opened() as here:
            congress = await here.event(event)
            record = await _person(here, event, code)
            letters = await here.store.write(lambda work: desk.told(work, record, author))
        table = Table("when", "channel", "state", "words")
        for one in letters:
            at = one.at.astimezone(congress.zone).strftime("%H:%M %d/%m")
            words = clip(" ".join(one.text.replace("**", "").split()), 60)
            table.add_row(at, one.channel, one.state, Text(words))
        out.print(table if letters else "Nothing was sent to her yet.")

    run(show())


async def _person(here: "Here", slug: str | None, code: str) -> "Record":
    from bot import desk

    congress = await here.event(slug)
    return await here.store.read(lambda work: desk.person(work, congress.id, code))


def _name(record: "Record") -> str:
    return f"{record.full_name} ({record.code})"


@app.command("link")
def link(
    code: Annotated[str, typer.Argument(help="The person's code in the roster, like DB0001.")],
    shown: Annotated[str, typer.Argument(help="The digits that her chat shows for the desk.")],
    event: Event = None,
) -> None:
    """Tie the phone that shows these digits to a person whom the desk recognises."""

    async def tie() -> None:
        from bot.access import Linked, address_of_desk_code, link_at_desk
        from bot.errors import Refusal

        async with opened() as here:
            congress = await here.event(event)
            record = await here.store.read(lambda work: work.roster.by_code(congress.id, code))
            if record is None or record.status != "active":
                raise Refusal(f"Nobody in {congress.slug} has the code {code}.")
            address_id = address_of_desk_code(here.vault, shown)
            if address_id is None:
                raise Refusal("These digits are not right. Please read them again from her phone.")
            done = await here.store.write(lambda work: link_at_desk(work, record, address_id))
            if done is Linked.FROZEN:
                raise Refusal("This phone was reported lost: donghanh desk unfreeze --addresses.")
            if done is Linked.CROWDED:
                raise Refusal("This phone speaks for eight people already. Please use another one.")
            if done is not Linked.DONE:
                raise Refusal("She has three addresses already. Free one before adding another.")
            out.print(f"Linked to {record.full_name}, {record.delegation}.", highlight=False)

    run(tie())


@app.command("requests")
def requests(event: Event = None) -> None:
    """Requests for a person that nobody closed yet: urgent, past their day, then the oldest."""

    async def show() -> None:
        from bot.privacy import answer_by

        async with opened() as here:
            congress = await here.event(event)
            waiting = await here.store.write(lambda work: _waiting(work, congress.id))
            now = here.clock.now()
        columns = ("number", "since", "kind", "who", "about", "place", "language", "said last")
        table = Table(*columns, "answer by", "done by")
        zone = congress.zone
        for one, record in waiting:
            since = one.created_at.astimezone(zone).strftime("%H:%M %d/%m")
            who = f"{record.code} {record.full_name}" if record else "not linked"
            about, last = one.field or one.topic, " / ".join(one.last_texts)
            limits = ("", "")
            if one.due_at is not None:
                answer = answer_by(one.created_at, zone)
                limits = (_limit(answer, zone, now), _limit(one.due_at, zone, now))
            table.add_row(
                *(str(one.id), since, _kind(one), who, about, one.place, one.language),
                escape(last),
                *limits,
            )
        out.print(table if waiting else "Nobody is waiting.")

    run(show())


def _waiting(work: "Work", event_id: int) -> "list[tuple[Request, Record | None]]":
    """Open requests with whoever asks. Looking at them is an act: it goes into the audit log."""
    waiting = work.requests.waiting(event_id)
    if waiting:
        work.audit.add(event_id, "desk", "look", "requests", count=len(waiting))
    return [(one, work.roster.of_person(event_id, one.person_id)) for one in waiting]


def _kind(one: "Request") -> str:
    from bot.values.request import RequestKind

    return "[bold red]URGENT[/]" if one.kind is RequestKind.URGENT else one.kind.value


def _limit(moment: "datetime", zone: "ZoneInfo", now: "datetime") -> str:
    shown = moment.astimezone(zone).strftime("%H:%M %d/%m")
    return f"[bold red]{shown} LATE[/]" if moment < now else shown


@app.command("handed")
def handed(
    number: Annotated[int, typer.Argument(help="The request's number.")],
    to: Annotated[Path, typer.Option("--to", help="An empty folder, or one to be made.")],
    event: Event = None,
    author: Author = "cli",
) -> None:
    """Write the voices and pictures handed in with a request to files, for whoever helps."""

    async def take() -> None:
        from bot import desk
        from bot.errors import Refusal

        if to.exists() and (not to.is_dir() or any(to.iterdir())):
            raise Refusal(f"{to} is there and not an empty folder; give another name.")
        async with opened() as here:
            congress = await here.event(event)
            things = await here.store.write(
                lambda work: desk.handed(work, congress.id, number, author)
            )
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        for one in things:
            path = to / one.name
            path.touch(mode=0o600)
            path.write_bytes(one.body)
            out.print(str(path), highlight=False)
        said = "Delete the files when you have helped." if things else "Nothing was handed in."
        out.print(said)

    run(take())


@app.command("close")
def close(
    number: Annotated[int, typer.Argument(help="The request's number.")],
    event: Event = None,
    author: Author = "cli",
) -> None:
    """A request is dealt with; whoever asked for a correction is told so."""

    async def shut() -> None:
        from bot.errors import Refusal
        from bot.i18n import Texts
        from bot.paths import resource
        from bot.settling import settle

        async with opened() as here:
            congress = await here.event(event)
            texts = Texts.load(resource("locales"))
            closed = await here.store.write(
                lambda work: settle(work, texts, congress, number, author)
            )
            if not closed:
                raise Refusal(f"There is no open request {number} in {congress.slug}.")
            out.print(f"Request {number} is closed.")

    run(shut())
