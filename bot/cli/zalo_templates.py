"""`donghanh zalo templates`: what organisers wrote about approved templates, checked with Zalo."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.opening import Here, opened
from bot.errors import Refusal

if TYPE_CHECKING:  # the verb imports these when it runs
    from bot.values.template import Template

# How the service names a template that may be sent, in a listing and by itself.
ENABLED = ("ENABLE", "1")


async def show(file: Path | None, slug: str | None, *, check: bool) -> None:
    """Set them up where a file is given, then print them."""
    written = _written(file) if file is not None else None
    async with opened() as here:
        event = await here.event(slug)
        if written is not None:
            found = await _read(here, written)
            for one in found if check else ():
                await _checked(here, one)
            await here.store.write(lambda work: work.templates.put(event.id, found))
        kept = await here.store.read(lambda work: work.templates.of_event(event.id))
    if not kept:
        typer.echo(f"No template is set up for {event.slug}: donghanh zalo templates FILE.toml")
    for each in kept:
        why = each.refused.removeprefix("zalo")
        state = f"refused by Zalo ({why})" if why else "ready"
        typer.echo(f"{each.template.name}: {_line(each.template)}; {state}.")


def _line(one: "Template") -> str:
    by_uid = f"{one.price} VND by user id" if one.price is not None else "not by user id"
    rings = f"{one.phone_price} VND by number ({one.phones})"
    by_phone = rings if one.phone_price is not None else "not by number"
    return f"{one.template_id}, {by_uid}, {by_phone}, {', '.join(one.params)}"


def _written(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise Refusal(f"{file} cannot be read as text.") from None


async def _read(here: Here, written: str) -> "list[Template]":
    from bot.notices.templates import read_templates

    accounts = await here.store.read(lambda work: work.accounts.of_kind("zalo"))
    return read_templates(written, {one.name: one.id for one in accounts})


async def _checked(here: Here, one: "Template") -> None:
    """As Zalo approved it: enabled, with these parameters and no others, none of them longer."""
    from bot.channels import zalo
    from bot.zalo import ZaloException

    account = one.account_id
    try:
        told = await zalo.template_info(
            account,
            one.template_id,
            here.settings,
            store=here.store,
            vault=here.vault,
            clock=here.clock,
        )
    except ZaloException as error:
        raise Refusal(
            f"Zalo does not confirm {one.name}: {error}. Mend it, or set it up unseen: --no-check."
        ) from None
    if why := difference(one, told):
        raise Refusal(f"{one.name} is not as Zalo approved it: {why}.")


def difference(one: "Template", told: dict[str, Any]) -> str:
    """What differs from what Zalo tells of it; "" when nothing does."""
    if str(told.get("status", "")).upper() not in ENABLED:
        return f"its state is {told.get('status') or 'not told'}"
    listed = told.get("listParams")
    known = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    approved = {str(each.get("name")): each for each in known}
    if set(approved) != set(one.params):
        return f"it has the parameters {_names(approved)}, not {_names(one.params)}"
    for name, param in one.params.items():
        most = approved[name].get("maxLength")
        if str(most).isdecimal() and param.most > int(str(most)):
            return f"{name} takes {most} characters, not {param.most}"
    return ""


def _names(names: Sequence[str] | Any) -> str:
    return ", ".join(sorted(names)) or "none"
