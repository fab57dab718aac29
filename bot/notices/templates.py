"""Zalo's approved templates: what an organiser wrote about them, and what they say to one person.

Nothing of them is ours to make up: ids, parameters and prices stand in a file of the organisers',
as Zalo's console shows them.
"""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from bot.errors import Refusal
from bot.fit import plain
from bot.store.templates import Task
from bot.text import clip, nfc
from bot.values.template import Param, Phones, Template

SLOTS = ("name", "salutation", "code", "delegation", "text")
_SLOT = re.compile(r"\{(\w*)\}")
_KEYS = {"id", "account", "price", "phone_price", "phones", "params"}


class Empty(Exception):
    """A parameter would say nothing to her; Zalo takes no empty ones."""


def read_templates(written: str, accounts: Mapping[str, int]) -> list[Template]:
    """The templates of a TOML file, one table each. `accounts`: connected ones by their OA id.

    Raises Refusal, which says what to mend.
    """
    try:
        tables = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"The file is no TOML: {error}.") from None
    return [_template(name, table, accounts) for name, table in sorted(tables.items())]


def _template(name: str, table: Any, accounts: Mapping[str, int]) -> Template:
    if not isinstance(table, dict) or not isinstance(table.get("params"), dict):
        raise Refusal(f"[{name}] needs an id, a price and a table [{name}.params].")
    if unknown := sorted(set(table) - _KEYS):
        raise Refusal(f"[{name}]: {', '.join(unknown)} is unknown; write {', '.join(_KEYS)}.")
    number = str(table.get("id", ""))
    prices = {key: _price(name, key, table.get(key)) for key in ("price", "phone_price")}
    if not number.isdecimal() or prices == {"price": None, "phone_price": None}:
        raise Refusal(f"[{name}] needs its id in Zalo's console, and `price` or `phone_price`.")
    phones = table.get("phones", Phones.AGREED.value)
    if phones not in [one.value for one in Phones]:
        raise Refusal(f'[{name}]: phones is "agreed" or "listed".')
    params = {key: _param(name, key, one) for key, one in table["params"].items()}
    account = _account(name, str(table.get("account", "")), accounts)
    return Template(name, number, account, params, **prices, phones=Phones(phones))


def _price(name: str, key: str, given: object) -> int | None:
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise Refusal(f"[{name}]: {key} is a whole number of dong.")
    return given


def _param(name: str, key: str, given: object) -> Param:
    value = given.get("value") if isinstance(given, dict) else None
    most = given.get("most") if isinstance(given, dict) else None
    if not isinstance(value, str) or not value or not isinstance(most, int) or most < 1:
        raise Refusal(f'[{name}.params]: write {key} = {{ value = "{{name}}", most = 30 }}.')
    if unknown := [slot for slot in _SLOT.findall(value) if slot not in SLOTS]:
        known = ", ".join(f"{{{slot}}}" for slot in SLOTS)
        raise Refusal(f"[{name}.params]: {{{unknown[0]}}} is unknown; there are {known}.")
    return Param(nfc(value), most)


def _account(name: str, wanted: str, accounts: Mapping[str, int]) -> int:
    if not wanted and len(accounts) == 1:
        return next(iter(accounts.values()))
    if wanted not in accounts:
        known = ", ".join(sorted(accounts)) or "none: donghanh zalo connect"
        raise Refusal(f'[{name}]: write account = "…", the id of a connected account ({known}).')
    return accounts[wanted]


def misfit(template: Template, words: str) -> str:
    """Why this template cannot say what a notice says; "" when it can.

    Names may be shortened; what organisers wrote is said whole or not at all.
    """
    said = one_line(words)
    for name, one in template.params.items():
        if "{text}" not in one.value:
            continue
        length = len(_SLOT.sub(lambda slot: said if slot[1] == "text" else "", one.value))
        if length > one.most:
            return (
                f"The template {template.name} takes {one.most} characters in {name}; these words "
                f"have {length}. Write fewer, or send it without the template."
            )
    return ""


def said_to(task: Task) -> dict[str, str]:
    """Each parameter as it is said to her: those that were approved, and no others.

    Raises Empty where nothing would stand.
    """
    known = {
        "name": task.name,
        "salutation": task.salutation,
        "code": task.code,
        "delegation": task.delegation,
        "text": one_line(task.words),
    }
    return {name: _said(name, one, known) for name, one in task.template.params.items()}


def _said(name: str, param: Param, known: Mapping[str, str]) -> str:
    value = _SLOT.sub(lambda slot: known[slot[1]], param.value)
    said = nfc(" ".join(value.split()))
    if not said:
        raise Empty(name)
    return said if len(said) <= param.most else _shortened(said, param.most)


def _shortened(said: str, most: int) -> str:
    """Visible characters may be several to Zalo."""
    visible = most
    while len(short := clip(said, visible)) > most:
        visible -= 1
    return short


def one_line(words: str) -> str:
    """As a parameter takes it: no signs, no lines."""
    return nfc(" ".join(plain(words).split()))
