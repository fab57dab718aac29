"""Organisers are told of a fault in chat: each once an incident, and not through what is broken."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.channels.zalo import ZaloChannel
from bot.channels.zalo.alarms import of_consent
from bot.clock import SetClock
from bot.office import organisers_of
from bot.store import Store, Work
from bot.store.accounts import Account
from bot.store.deliveries import delivery
from bot.store.roster import COLUMNS
from bot.store.windows import Heard
from bot.values.person import Role
from bot.values.template import Param, Template
from bot.vault import Vault
from bot.zalo import Tokens, WebhookEvent, ZaloConsentException, ZaloOAuthException, oa
from bot.zalo.fake import APP_ID, OA_ID, OA_SECRET
from bot.zalo_tokens import TokenKeeper
from tests.channels.zalo.conftest import speak


class House:
    """An event with organisers; telegram, the web chat and the account that breaks."""

    def __init__(self, work: Work) -> None:
        self.event = work.events.add(
            "town",
            names={"vi": "Đại hội"},
            time_zone="Asia/Ho_Chi_Minh",
            first_day=date(2027, 1, 18),
            days=5,
        ).id
        self.accounts = {
            kind: work.accounts.ensure(kind, name).id
            for kind, name in (("zalo", OA_ID), ("telegram", "bot"), ("webchat", "town"))
        }

    def person(self, work: Work, name: str, *places: str, role: Role = Role.ORGANISER) -> int:
        person = work.people.add()
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
            "event_id": self.event,
            "updated_at": work.now,
            "person_id": person,
            "code": name,
            "full_name": name,
            "status": "active",
        }
        work.roster.add_many([row])
        work.people.join(self.event, [person], role)
        for kind in places:
            address = work.accounts.add_address(self.accounts[kind], name)
            work.accounts.tie(address.id, person, self.event, "card")
        return person


@pytest.fixture
async def house(store: Store) -> House:
    return await store.write(House)


def told(work: Work) -> list[tuple[str, str, int]]:
    """Whom, what, in which lane; in the order it was owed."""
    ids = list(work.conn.execute(select(delivery.c.id).order_by(delivery.c.id)).scalars())
    rows = {one.id: one for one in work.deliveries.rendered(ids)}
    return [(rows[one].sender, rows[one].reply.text.split(":")[0], rows[one].lane) for one in ids]


async def _refuse(_refresh: str) -> Tokens:
    raise ZaloOAuthException(-14020, error_name="Invalid refresh token")


def channel_of(store: Store, house: House, clock: SetClock) -> ZaloChannel:
    return ZaloChannel(
        house.accounts["zalo"],
        oa.Client(APP_ID, "secret"),
        store=store,
        clock=clock,
        speak=speak,
        secrets=[OA_SECRET],
        base_url="https://dh.example",
        is_on=lambda: True,
    )


CONSENT = "The Zalo account needs consent again"


async def test_a_refused_consent_is_told_to_each_organiser_once_and_elsewhere(
    store: Store, house: House, vault: Vault, clock: SetClock
) -> None:
    def fill(work: Work) -> None:
        house.person(work, "telegram too", "zalo", "webchat", "telegram")
        house.person(work, "page only", "webchat", "zalo")
        house.person(work, "only the broken", "zalo")
        house.person(work, "nowhere")
        house.person(work, "helper", "telegram", role=Role.HELPER)

    await store.write(fill)
    zalo = house.accounts["zalo"]
    for _ in range(2):  # processes with the same trouble, each several times
        keeper = TokenKeeper(store, vault, zalo, _refuse, tell=of_consent(speak))
        if await keeper.standing() is None:
            await keeper.keep(Tokens("a", "r", int((clock.now() + timedelta(hours=1)).timestamp())))
        for _ in range(2):
            with pytest.raises(ZaloConsentException):
                await keeper("a")
    once = [("telegram too", CONSENT, 1), ("page only", CONSENT, 1)]
    assert await store.read(told) == once
    # Another consent that is refused is another incident.
    clock.forward(timedelta(hours=1))
    await keeper.keep(Tokens("b", "r", int((clock.now() + timedelta(hours=1)).timestamp())))
    with pytest.raises(ZaloConsentException):
        await keeper("b")
    assert await store.read(told) == once * 2


async def test_a_silence_is_told_once_however_often_and_wherever_it_is_seen(
    store: Store, house: House, clock: SetClock
) -> None:
    await store.write(lambda work: house.person(work, "office", "telegram"))
    zalo = house.accounts["zalo"]

    def heard(work: Work) -> None:
        work.windows.last_heard([zalo], work.now)

    await store.write(heard)
    silent = ("office", "Nothing was heard from Zalo for 6 hours. Zalo may have stopped passing on")
    clock.forward(timedelta(hours=5, minutes=59))
    await channel_of(store, house, clock).watch()
    assert await store.read(told) == []
    clock.forward(timedelta(minutes=1))
    for channel in (channel_of(store, house, clock), channel_of(store, house, clock)):
        await channel.watch()
        await channel.watch()
    ((who, what, lane),) = await store.read(told)
    assert ((who, what[: len(silent[1])]), lane) == (silent, 1)
    # Who links while it lasts is told as well; and the next silence is another one.
    await store.write(lambda work: house.person(work, "late", "telegram"))
    await channel_of(store, house, clock).watch()
    assert [who for who, _, _ in await store.read(told)] == ["office", "late"]
    await store.write(heard)
    clock.forward(timedelta(hours=6))
    await channel_of(store, house, clock).watch()
    assert [who for who, _, _ in await store.read(told)] == ["office", "late"] * 2


async def test_a_revoked_permission_is_told_once_however_often_zalo_posts_it(
    store: Store, house: House, clock: SetClock
) -> None:
    await store.write(lambda work: house.person(work, "office", "telegram"))

    async def accept(_incoming: object) -> bool:
        raise AssertionError("nobody said anything")

    event = WebhookEvent("permission_revoked", "account.permission_revoked", None, key="revoked:1")
    for _ in range(2):
        channel = channel_of(store, house, clock)
        await channel.open(accept)
        await channel.take(event)
        await channel.take(event)
        await channel.close()
    ((who, what, _),) = await store.read(told)
    assert (who, what[:37]) == ("office", "Zalo reports that a permission was ta")


@pytest.mark.parametrize(
    "raw",
    [
        {"template_id": "312", "status": {"prev_status": "ENABLE", "new_status": "REJECT"}},
        {"data": {"template_id": 312, "status": "REJECT"}},
        {"templateId": "312", "quality": "REJECT"},
        {"template_id": "313", "status": "REJECT"},
        {"template_id": "312"},
    ],
)
async def test_what_zalo_says_of_a_template_of_ours_is_told_once(
    store: Store, house: House, clock: SetClock, raw: dict[str, Any]
) -> None:
    def fill(work: Work) -> None:
        house.person(work, "office", "telegram")
        params = {"ten": Param("{name}", 30)}
        account = house.accounts["zalo"]
        work.templates.put(house.event, [Template("xe", "312", account, params, price=1)])

    await store.write(fill)

    async def accept(_incoming: object) -> bool:
        raise AssertionError("nobody said anything")

    event = WebhookEvent("change_template_status", "template.status", None, "k", raw=raw)
    channel = channel_of(store, house, clock)
    await channel.open(accept)
    assert [await channel.take(event) for _ in range(2)] == ["counted"] * 2
    await channel.close()
    ours = "313" not in str(raw) and len(raw) + len(raw.get("data", {})) > 1
    expected = [("office", "Zalo says of the template “xe”", 1)] if ours else []
    assert await store.read(told) == expected


async def test_where_nobody_can_be_told_the_log_says_so(
    store: Store, house: House, clock: SetClock
) -> None:
    await store.write(lambda work: house.person(work, "only the broken", "zalo"))
    with capture_logs() as logs:
        await channel_of(store, house, clock).watch()
    events = [(one["event"], one.get("of")) for one in logs]
    assert events == [("zalo silent", None), ("no organiser could be told", "silent")]
    assert await store.read(told) == []


async def test_an_account_of_one_event_is_told_to_its_organisers_only(
    store: Store, house: House
) -> None:
    def other(work: Work) -> tuple[list[int], list[int], int]:
        hers = house.person(work, "office", "telegram")
        day = date(2027, 1, 18)
        names = {"vi": "Khác"}
        event = work.events.add(
            "other", names=names, time_zone="Asia/Ho_Chi_Minh", first_day=day, days=1
        )
        own = work.accounts.ensure("zalo", "its own", event_id=event.id)
        shared = work.accounts.get(house.accounts["zalo"])
        assert isinstance(shared, Account)
        found = ([one.person_id for one in organisers_of(work, it)] for it in (own, shared))
        return *found, hers  # type: ignore[return-value]

    of_own, of_shared, hers = await store.write(other)
    assert (of_own, of_shared) == ([], [hers])


async def test_a_closed_window_elsewhere_is_not_where_she_is_told(
    store: Store, house: House, clock: SetClock
) -> None:
    """Another account of Zalo's, silent for long, reaches her no more than the broken one."""

    def fill(work: Work) -> list[datetime | None]:
        person = house.person(work, "office")
        other = work.accounts.ensure("zalo", "second").id
        address = work.accounts.add_address(other, "office")
        work.accounts.tie(address.id, person, house.event, "card")
        work.windows.heard(other, [Heard("office", work.now - timedelta(days=8))])
        account = work.accounts.get(house.accounts["zalo"])
        assert account is not None
        return [one.address.gone_at for one in organisers_of(work, account)]

    assert await store.write(fill) == []
