"""A second phone of one person, as a turn may ask for it: let in by a code, told, paused."""

from bot.access import Linked, freeze_added_phone, link_with_phone_code, phone_code
from bot.reach import addresses_of
from bot.store import Work
from bot.store.accounts import Address
from bot.values.person import Record
from bot.vault import Vault


class PhoneDesk:
    """What a turn may do about phones, inside its own unit of work and one event."""

    def __init__(self, work: Work, vault: Vault, event_id: int) -> None:
        self._work = work
        self._vault = vault
        self._event_id = event_id

    def code(self, person_id: int) -> str:
        """What she types on her other phone, once, within ten minutes."""
        return phone_code(self._work, self._vault, self._event_id, person_id)

    def link(self, address_id: int, code: str) -> tuple[Linked, Record | None]:
        """Try to tie an address by the code that another phone shows."""
        return link_with_phone_code(self._work, self._vault, self._event_id, address_id, code)

    def freeze(self, person_id: int, here: int, there: int) -> bool:
        """Pause an address that was added after this one; False when it was not."""
        return freeze_added_phone(self._work, self._event_id, person_id, here, there)

    def of(self, person_id: int) -> tuple[Address, ...]:
        """Her addresses where she can be told something."""
        return tuple(addresses_of(self._work, person_id, self._event_id))
