"""What templates and echoes leave of a person goes with her, on both databases."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.store import Store, Work
from bot.store.accounts import address
from bot.store.echoes import Said, echo
from bot.vault import Vault
from tests.privacy.world import AN, BINH, a_person, an_event

Forget = Callable[[Work, int, int], object]


@pytest.mark.parametrize(
    ("forget", "left"),
    [
        (lambda work, event, an: work.privacy.erase(an), ["zalo-binh-8852"]),
        (lambda work, event, an: work.retention.forget_people(event), []),
    ],
)
async def test_the_sender_for_her_number_and_what_was_repeated_go_with_her(
    store: Store, vault: Vault, forget: Forget, left: list[str]
) -> None:
    def fill(work: Work) -> tuple[int, int, int]:
        event = an_event(work)
        an, binh = (a_person(work, vault, event, who, shared="of both") for who in (AN, BINH))
        account = work.accounts.ensure("zalo", "298", event_id=event).id
        for person, who in ((an, AN), (binh, BINH)):
            work.accounts.add_address(account, f"phone:{person}")
            place = work.accounts.add_address(account, who["sender"])
            work.accounts.tie(place.id, person, event, "card")
            work.echoes.add(account, [Said(who["sender"], "Phòng 305", f"m{person}")])
        return event, an, binh

    event, an, binh = await store.write(fill)
    await store.write(lambda work: forget(work, event, an))

    def look(work: Work) -> tuple[list[str], list[str]]:
        rings = select(address.c.sender).where(address.c.sender.like("phone:%"))
        said = select(echo.c.sender)
        return list(work.conn.execute(rings).scalars()), list(work.conn.execute(said).scalars())

    numbers = [f"phone:{binh}"] if left else []
    assert await store.read(look) == (numbers, left)
