"""`donghanh zalo events`: what Zalo posted that nothing here answers, counted."""

import json
from collections.abc import Iterator
from typing import Any

import typer

from bot.cli.opening import opened
from bot.store.platform_events import Counted

NOTHING = "In the last seven days Zalo posted nothing that is not answered here."


async def show(*, as_json: bool) -> None:
    """Print them, account by account."""
    async with opened() as here:
        accounts = await here.store.read(lambda work: work.accounts.of_kind("zalo"))
        found = {
            one.name: await here.store.read(
                lambda work, id_=one.id: work.platform_events.counted(id_)  # type: ignore[misc]
            )
            for one in accounts
        }
    if as_json:
        told = {name: [_as_json(one) for one in many] for name, many in found.items()}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    lines = [line for name, many in found.items() for line in _lines(name, many)]
    typer.echo("\n".join(lines) or NOTHING)


def _lines(account: str, many: list[Counted]) -> Iterator[str]:
    if many:
        yield f"Official Account {account}, the last seven days:"
    for one in many:
        known = "" if one.kind != "unknown" else ", not known to this program"
        yield (
            f"{one.times:>8,}  {one.name}{known}; "
            f"first {one.first_at:%Y-%m-%d %H:%M}, last {one.last_at:%Y-%m-%d %H:%M} UTC"
        )
        if known:
            yield f"          looks like {json.dumps(one.shape, ensure_ascii=False)}"


def _as_json(one: Counted) -> dict[str, Any]:
    times = {"first_at": one.first_at.isoformat(), "last_at": one.last_at.isoformat()}
    return {**one._asdict(), **times}
