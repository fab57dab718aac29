"""Whom nothing else of Zalo's reaches: by an approved template where organisers set one up, at the
price and to the people the forecast told, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import Refusal
from bot.notices import approve, ask_again, draft, expand_due
from bot.notices.templates import Empty, misfit, read_templates, said_to
from bot.reach import FREE_FOR, Way, forecast
from bot.store import Store, Work
from bot.store.accounts import CLOSED_AFTER, address
from bot.store.deliveries import delivery
from bot.store.roster import COLUMNS
from bot.store.templates import Task
from bot.store.windows import Heard
from bot.values.consent import TEXT_VERSION
from bot.values.letter import Lane
from bot.values.notice import Notice
from bot.values.person import Role
from bot.values.reply import Reply
from bot.values.template import Param, Phones, Template
from tests.notices.crowd import WORDS

HOUR = timedelta(hours=1)
WRITTEN = """
[thong-bao]
id = "312345"
price = 165
phone_price = 200

[thong-bao.params]
ten = { value = "{salutation} {name}", most = 30 }
noi_dung = { value = "{text}", most = 100 }
"""


class Town:
    """Delegates by name, with a telephone number each unless it is said otherwise."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.event = work.events.add(
            "town",
            names={"vi": "Đại hội"},
            time_zone="Asia/Ho_Chi_Minh",
            first_day=date(2027, 1, 18),
            days=5,
        )
        self.zalo = work.accounts.ensure("zalo", "298").id

    def delegate(self, name: str, *, phone: bool = True, agreed: bool | None = None) -> int:
        person = self.work.people.add()
        cipher = f"sealed {name}" if phone else ""
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
            "event_id": self.event.id,
            "updated_at": self.work.now,
            "person_id": person,
            "code": name,
            "full_name": name,
            "status": "active",
            "phone_cipher": cipher,
        }
        self.work.roster.add_many([row])
        self.work.people.join(self.event.id, [person], Role.DELEGATE)
        if agreed is not None:
            self.work.people.consent(self.event.id, person, TEXT_VERSION, "vi", agreed)
        return person

    def at(self, person: int, ago: timedelta | None = None, account: int | None = None) -> int:
        sender, account = f"{person}", account or self.zalo
        found = self.work.accounts.add_address(account, sender)
        self.work.accounts.tie(found.id, person, self.event.id, "card")
        if ago is not None:
            self.work.windows.heard(account, [Heard(sender, self.work.now - ago)])
        return found.id


def fill(work: Work) -> tuple[int, int]:
    """Everybody's name says how she should be reached by a template with both prices."""
    town, long_ago = Town(work), CLOSED_AFTER + HOUR
    town.at(town.delegate("free", agreed=True), HOUR)
    town.at(town.delegate("billed"), FREE_FOR + HOUR)
    town.at(town.delegate("uid"), long_ago)
    work.accounts.mark_gone(town.at(town.delegate("uid, told by Zalo"), HOUR), "zalo-230")
    work.accounts.mark_gone(town.at(town.delegate("left", agreed=True), HOUR), "zalo-213")
    town.delegate("phone", agreed=True)
    town.delegate("never agreed")
    town.delegate("refused", agreed=False)
    town.delegate("no number", phone=False, agreed=True)
    lost = town.at(town.delegate("lost", agreed=True), long_ago)
    work.accounts.freeze([lost])
    quiet = town.delegate("quiet", agreed=True)
    work.people.stop_notices(quiet, True)
    other = work.accounts.ensure("zalo", "another").id
    town.at(town.delegate("elsewhere"), long_ago, other)
    return town.event.id, town.zalo


def template_for(account: int, **otherwise: Any) -> Template:
    (one,) = read_templates(WRITTEN, {"298": account})
    return replace(one, **otherwise)


async def out(store: Store, event: int, template: Template | None, **more: Any) -> Notice:
    given = {"author": "Ban Tổ chức", "template": template, **more}
    one = await store.write(lambda work: draft(work, event, WORDS, **given))
    one = await approve(store, event, one.id, "Chánh Văn phòng")
    await expand_due(store, limit=3)
    return one


def owed(work: Work, event: int) -> dict[str, str]:
    """How each is owed it: "" as usual, else by which way a template goes."""
    named = {one.person_id: one.full_name for one in work.roster.all(event)}
    d = delivery.c
    query = select(d.person_id, d.params, d.lang, address.c.sender).join(
        address, address.c.id == d.address_id
    )
    found = {}
    for row in work.conn.execute(query.order_by(d.id)):
        way = (row.params or {}).get("template", "")
        assert row.sender == (f"phone:{row.person_id}" if way == "phone" else f"{row.person_id}")
        found[named[row.person_id]] = way
    return found


BOTH = {
    "free": "",
    "billed": "",
    "uid": "uid",
    "uid, told by Zalo": "uid",
    "left": "phone",
    "phone": "phone",
}


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [
        ({}, BOTH),
        ({"phone_price": None}, {k: v for k, v in BOTH.items() if v != "phone"}),
        (
            {"phones": Phones.LISTED},
            {**BOTH, "never agreed": "phone", "elsewhere": "phone"},
        ),
        (
            {"price": None, "phones": Phones.LISTED},
            {
                **{k: v and "phone" for k, v in BOTH.items()},
                "never agreed": "phone",
                "elsewhere": "phone",
            },
        ),
    ],
)
async def test_they_are_owed_what_the_forecast_told(
    store: Store, otherwise: dict[str, Any], expected: dict[str, str]
) -> None:
    event, account = await store.write(fill)
    template = template_for(account, **otherwise)
    told = await store.read(
        lambda work: forecast(work, event, price=55, template=template, ordinary=True)
    )
    await out(store, event, template)
    found = await store.read(lambda work: owed(work, event))
    assert found == expected
    ways = {Way.BY_UID: "uid", Way.BY_PHONE: "phone", Way.FREE: "", Way.BILLABLE: ""}
    foretold = {one.full_name: ways[one.way] for one in told.people if one.way in ways}
    assert foretold == expected
    assert [one.full_name for one in told.by(Way.STOPPED)] == ["quiet"]
    paid = list(expected.values())
    assert told.templates == paid.count("uid") + paid.count("phone")
    assert told.cost == 55 + paid.count("uid") * 165 + paid.count("phone") * 200


async def test_without_a_template_nobody_is_billed_and_they_are_left_by_name(store: Store) -> None:
    event, _ = await store.write(fill)
    one = await out(store, event, None)
    assert await store.read(lambda work: owed(work, event)) == {"free": "", "billed": ""}
    missing = await store.read(lambda work: work.notice_reports.unreached(one, 50))
    assert "uid" in [each.name for each in missing]


async def test_a_second_look_owes_nothing_twice_and_rounds_cost_nothing_more(store: Store) -> None:
    event, account = await store.write(fill)
    given = {"acknowledge": True, "max_rounds": 1, "lane": Lane.URGENT}
    await out(store, event, template_for(account), **given)
    before = await store.read(lambda work: owed(work, event))
    assert before == {**BOTH, "quiet": "phone"}  # urgent: it is about safety

    def again(work: Work) -> None:
        work.conn.execute(
            delivery.update().values(state="sent", sent_at=work.now - timedelta(hours=2))
        )

    await store.write(again)
    assert await ask_again(store) == 2  # the two whom ordinary messages reach
    assert await expand_due(store) == 0


def task(**otherwise: Any) -> Task:
    params = {"ten": Param("{salutation} {name}", 30), "nd": Param("Ghế: {text}", 60)}
    given = {
        "event_id": 1,
        "template": Template("a", "1", 1, params),
        "refused": "",
        "words": "Xe số **3**\nđón lúc 7 giờ.",
        "name": "Nguyễn Thị A",
        "salutation": "",
        "code": "",
        "delegation": "",
        "phone_cipher": "",
        "heard_at": None,
        "is_gone": False,
        **otherwise,
    }
    return Task(**given)


def test_only_its_own_parameters_are_said_on_one_line_without_signs() -> None:
    assert said_to(task()) == {"ten": "Nguyễn Thị A", "nd": "Ghế: Xe số 3 đón lúc 7 giờ."}


def test_a_long_name_is_shortened_and_a_slot_in_a_name_stays_what_it_is() -> None:
    long = said_to(task(name="H'Bia Ê Ban " * 4))["ten"]
    assert (long, len(long)) == ("H'Bia Ê Ban H'Bia Ê Ban H'Bia…", 30)
    assert said_to(task(name="{code} {text}"))["ten"] == "{code} {text}"


def test_nothing_is_sent_where_a_parameter_would_be_empty() -> None:
    with pytest.raises(Empty, match="ten"):
        said_to(task(name=" "))


async def test_words_that_do_not_fit_are_refused_before_anybody_is_told(store: Store) -> None:
    event, account = await store.write(fill)
    template = template_for(account)
    assert misfit(template, "a" * 100) == ""
    words = {"vi": Reply("a" * 101)}
    with pytest.raises(Refusal, match=r"takes 100 characters in noi_dung; these words have 101"):
        await store.write(lambda work: draft(work, event, words, author="x", template=template))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nothing", "no TOML"),
        ("[a]\nid = '1'\nprice = 1", "needs an id, a price and a table"),
        ("[a]\nid = '1'\n[a.params]", "`price` or `phone_price`"),
        ("[a]\nid = 'x'\nprice = 1\n[a.params]", "needs its id"),
        ("[a]\nid = '1'\nprice = -1\n[a.params]", "whole number"),
        ("[a]\nid = '1'\nprice = 1\nphones = 'all'\n[a.params]", "phones is"),
        ("[a]\nid = '1'\nprice = 1\nprize = 1\n[a.params]", "prize is unknown"),
        ("[a]\nid = '1'\nprice = 1\n[a.params]\nb = 'x'", r"write b = "),
        (
            "[a]\nid = '1'\nprice = 1\n[a.params]\nb = { value = '{room}', most = 9 }",
            r"\{room\} is unknown",
        ),
        ("[a]\nid = '1'\nprice = 1\naccount = '9'\n[a.params]", "a connected account"),
    ],
)
def test_what_is_written_wrong_is_told_with_its_place(written: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_templates(written, {"298": 1})
