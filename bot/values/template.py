"""A template that Zalo approved: what it is called, what its parameters say, what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Phones(StrEnum):
    """Whose telephone number of the list may be used for it."""

    AGREED = "agreed"  # of whoever agreed to the assistant's consent text
    LISTED = "listed"  # of everybody on the list, but for who refused: the organisers answer for it


class By(StrEnum):
    """How a template gets to somebody."""

    UID = "uid"  # to her id at the account: she has met it
    PHONE = "phone"  # to her telephone number


@dataclass(frozen=True, slots=True)
class Param:
    """What one parameter says: words with slots as {name}. `most`: characters Zalo approved."""

    value: str
    most: int


@dataclass(frozen=True, slots=True)
class Template:
    """As the organisers set it up for an event. Prices in dong; None: not sent that way.

    `params` are those its approval names, and no others are ever sent.
    """

    name: str
    template_id: str
    account_id: int
    params: Mapping[str, Param]
    price: int | None = None
    phone_price: int | None = None
    phones: Phones = Phones.AGREED

    @property
    def carries_words(self) -> bool:
        """Does it say what the notice says?"""
        return any("{text}" in one.value for one in self.params.values())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as the database keeps them."""
        return {
            "name": self.name,
            "id": self.template_id,
            "account": self.account_id,
            "params": {name: [one.value, one.most] for name, one in self.params.items()},
            "price": self.price,
            "phone_price": self.phone_price,
            "phones": self.phones.value,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Template":
        """The inverse of `to_json`."""
        return cls(
            plain["name"],
            plain["id"],
            plain["account"],
            {name: Param(*given) for name, given in plain["params"].items()},
            plain["price"],
            plain["phone_price"],
            Phones(plain["phones"]),
        )
