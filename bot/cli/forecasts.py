"""Whom something would reach, in words for an organiser; which template goes to the rest."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from bot.cli.opening import Here

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from bot.reach import Forecast
    from bot.values.letter import Lane
    from bot.values.notice import Audience
    from bot.values.template import Template

NO_TEMPLATE = "none"


async def template_named(here: Here, event_id: int, name: str) -> "Template | None":
    """The template to use: the one that is named, else the event's only one. Raises Refusal."""
    from bot.errors import Refusal

    if name == NO_TEMPLATE:
        return None
    kept = await here.store.read(lambda work: work.templates.of_event(event_id))
    known = {one.template.name: one for one in kept}
    if not name and len(known) == 1:
        name = next(iter(known))
    if not name:
        if known:
            said = f"Several templates are set up ({', '.join(known)}); none is used: --template."
            typer.echo(said, err=True)
        return None
    if name not in known:
        raise Refusal(f"There is no template {name} here; there are: {', '.join(known) or 'none'}.")
    if known[name].refused:
        raise Refusal(
            f"Zalo refused the template {name} ({known[name].refused.removeprefix('zalo')}). Mend "
            "it in the account's console, then: donghanh zalo templates FILE. Or: --template none."
        )
    return known[name].template


async def of_notice(
    here: Here,
    event_id: int,
    to: "Audience",
    lane: "Lane",
    template: "Template | None",
    words: str,
    ask: bool,
) -> "Forecast":
    """Whom a notice reaches, how and at what cost. Raises Refusal where its words do not fit."""
    from bot.errors import Refusal
    from bot.notices.templates import misfit
    from bot.reach import forecast
    from bot.values.letter import Lane

    if template is not None and (why := misfit(template, words)):
        raise Refusal(f"{why} (--template none)")
    people = await here.store.read(lambda work: work.notices.people_of(event_id, to))
    if ask:
        await check(here, event_id, people)
    price, ordinary = here.settings.zalo_price, lane >= Lane.SCHEDULED
    found = await here.store.read(
        lambda work: forecast(
            work, event_id, price=price, people=people, template=template, ordinary=ordinary
        )
    )
    return await as_zalo_says(here, found)


async def as_zalo_says(here: Here, found: "Forecast") -> "Forecast":
    """Ask Zalo what only it knows, where it matters: who pays, and today's quota."""
    return await _with_quota(here, await _with_money(here, found))


async def _with_money(here: Here, found: "Forecast") -> "Forecast":
    """Whether an account pays for what would be billed."""
    from bot.channels import zalo

    unpaid = set()
    for account in sorted(found.billed):
        paid = await zalo.can_be_billed(
            account, here.settings, store=here.store, vault=here.vault, clock=here.clock
        )
        if paid is None:
            typer.echo("Zalo does not say whether a Zalo Cloud Account pays.", err=True)
        elif not paid:
            unpaid.add(account)
    return found.unpaid(unpaid)


async def _with_quota(here: Here, found: "Forecast") -> "Forecast":
    """How many templates Zalo still takes today, where some would leave; what is known to be used
    is not asked."""
    from dataclasses import replace

    from bot.channels import zalo

    if found.template is None or not found.templates:
        return found
    account = found.template.account_id
    left = await zalo.templates_left(
        account, here.settings, store=here.store, vault=here.vault, clock=here.clock
    )
    if left is None:
        typer.echo("Zalo does not say how many templates it takes today.", err=True)
    return replace(found, quota=left)


async def check(here: Here, event_id: int, people: Iterable[int] | None = None) -> None:
    """Ask Zalo about everybody who is not free to reach there, or of whom nothing is known."""
    from bot.channels import zalo
    from bot.reach import Window, window_of

    wanted = None if people is None else set(people)
    places = await here.store.read(lambda work: work.windows.of_event(event_id))
    now, shut = here.clock.now(), (Window.BILLABLE, Window.TEMPLATE, Window.UNKNOWN)
    asked = [
        one
        for one in places
        if one.kind == "zalo"
        and window_of(one, now) in shut
        and (wanted is None or one.person_id in wanted)
    ]
    for account in sorted({one.account_id for one in asked}):
        senders = sorted({one.sender for one in asked if one.account_id == account})
        async with zalo.asking(
            account, here.settings, store=here.store, vault=here.vault, clock=here.clock
        ) as (client, _):
            known = await zalo.check(client, here.store, account, senders)
        typer.echo(f"Asked Zalo about {len(senders)} people; it answered for {known}.", err=True)


def lines(slug: str, found: "Forecast", most: int) -> Sequence[str]:
    """How many are reached in each way and at what price, and who is left, `most` of them."""
    from bot.reach import Way

    named = f" “{found.template.name}”" if found.template else ""
    by_uid = found.template.price if found.template else None
    instead = f"; else by the template, for {by_uid} VND each" if by_uid is not None else ""
    sums = {way: found.price_of(way) * len(found.by(way)) for way in Way}
    each = {way: f"for {found.price_of(way)} VND each: {sums[way]:,} VND" for way in Way}
    said = {
        Way.FREE: "reached at once, free",
        Way.OPENED: "reached in the web chat, when they open it",
        Way.BILLABLE: f"reached {each[Way.BILLABLE]}",
        Way.UNKNOWN: f"tried on Zalo; nobody knows when they last did something there{instead}",
        Way.BY_UID: f"by the template{named} {each[Way.BY_UID]}",
        Way.BY_PHONE: f"by the template{named} to their number {each[Way.BY_PHONE]}",
        Way.STOPPED: "stopped ordinary notices",
        Way.TEMPLATE: "only by an approved Zalo template: silent for more than 7 days",
        Way.UNPAID: "refused: it would cost something, and no Zalo Cloud Account is linked",
        Way.UNREACHABLE: "left or paused the chat",
        Way.UNLINKED: "never linked",
    }
    told = [f"If it goes out now, of {len(found.people):,} people in {slug}:"]
    told += [f"  {len(found.by(way)):>6,}  {words}" for way, words in said.items()]
    told.append(f"Cost: {found.cost:,} VND.")
    if found.quota is not None:
        wait = f"; {found.beyond_quota:,} wait for tomorrow" if found.beyond_quota else ""
        told.append(f"Zalo takes {found.quota:,} templates more today{wait}.")
    told.append(f"Not reached: {len(found.left):,}")
    told += [
        f"  {one.code}  {one.full_name}, {one.delegation} ({one.way})" for one in found.left[:most]
    ]
    if len(found.left) > most:
        told.append(f"  … and {len(found.left) - most:,} more: --names")
    return told
