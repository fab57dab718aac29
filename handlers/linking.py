"""Ties her chat to her line in the roster: the card, then the last four digits of her phone.

Guessing is limited, and whatever does not fit ends at a desk with a number to show there.
"""

import re
import unicodedata

from bot.access import PHONE_CODE_LENGTH, Linked
from bot.turn import Turn
from bot.values.person import Record
from bot.values.reply import Choice, Style
from bot.values.request import RequestKind

# The end of a card's link, when she pastes the whole of it.
_TOKEN = re.compile(r"(?:^|[/=:?])([A-Za-z0-9_-]{22})$")
DIGITS = 4


def link(turn: Turn) -> None:
    """How to link; asks for the card's code, or for the digits when the card is known."""
    if turn.argument == "other":
        turn.notes.pop("card", None)
    if turn.person.linked and isinstance(turn.notes.get("card"), int):
        turn.go("family.card")
    elif turn.must_call:
        turn.go("welcome.call")
    elif turn.person.linked and turn.person.consented:
        turn.go("welcome.linked")
    elif not turn.person.consented:
        turn.go("welcome.consent")
    elif not turn.desk.may_guess(turn.session.address_id):
        _wait(turn)
    elif isinstance(turn.notes.get("card"), int):
        _ask_digits(turn)
    else:
        _ask_code(turn)


def code(turn: Turn) -> None:
    """Reads the code printed on the card, or the one that another phone of hers shows."""
    typed = _phone_code_in(turn.incoming.text)
    if typed:
        turn.forget_text()
        if turn.must_call:
            turn.go("welcome.call")
        else:
            _by_phone(turn, typed)
        return
    written = _code_in(turn, turn.incoming.text)
    if not written:
        _no_code(turn)
        return
    turn.forget_text()
    if turn.must_call:
        turn.go("welcome.call")
        return
    if not turn.desk.may_guess(turn.session.address_id):
        _wait(turn)
        return
    card = turn.desk.card(written)
    if card is None:
        _not_found(turn)
    elif turn.desk.card_event(card) != turn.event.id:
        _to_desk(turn, turn.t("This card belongs to another event."))
    else:
        turn.notes["card"] = card
        turn.go("welcome.link")


def digits(turn: Turn) -> None:
    """Reads the last four digits of the phone number in the roster."""
    card = turn.notes.get("card")
    if not isinstance(card, int) or turn.desk.card_event(card) != turn.event.id:
        turn.go("welcome.link", "other")
        return
    if turn.person.record is not None:  # linked meanwhile, at a desk say
        turn.go("welcome.link")
        return
    typed = _decimals(turn.incoming.text)
    if typed:
        turn.forget_text()
    if len(typed) != DIGITS:
        _ask_digits(turn)
        return
    outcome, record = turn.desk.link(card, turn.session.address_id, typed)
    if outcome is Linked.DONE and record is not None:
        _settle(turn, record, keep="adding" in turn.notes)
        turn.go("welcome.linked")
    else:
        _refused(turn, outcome)


def contact(turn: Turn) -> None:
    """She shared her own number, which her channel vouches for: as good as card and digits."""
    if turn.must_call:
        turn.go("welcome.call")
        return
    if turn.person.language is None:
        turn.go("welcome.start")
        return
    if not turn.person.consented:
        turn.say(turn.t("Thank you. Please read this first, then share your number once more."))
        turn.go("welcome.consent")
        return
    here = turn.event.id, turn.session.address_id
    outcome, record = turn.desk.link_by_number(*here, turn.incoming.text)
    if outcome is Linked.DONE and record is not None:
        _settle(turn, record, keep="adding" in turn.notes)
        turn.go("welcome.linked")
    else:
        _refused(turn, outcome)


def _by_phone(turn: Turn, typed: str) -> None:
    outcome, record = turn.desk.phones.link(turn.session.address_id, typed)
    if outcome is Linked.DONE and record is not None:
        _settle(turn, record, keep=True)
        _tell_other_phones(turn, record)
        turn.go("welcome.linked")
    elif outcome is Linked.WRONG:
        _ask_code_again(turn)
    else:
        _refused(turn, outcome)


def _settle(turn: Turn, record: Record, *, keep: bool) -> None:
    """This address speaks for her now. Only what a guest chose is hers, never a relative's."""
    person = turn.desk.person(record.person_id, record.event_id)
    if turn.person.record is None:
        person = turn.desk.take_over(turn.person.id, record, keep=keep)
    assert person is not None
    if turn.family:
        turn.turn_to(person)
        turn.notes["whom"] = person.id
    turn.become(person)
    turn.family = tuple(dict.fromkeys((*turn.family, person.id)))
    turn.notes.pop("card", None)
    turn.finish()


def _tell_other_phones(turn: Turn, record: Record) -> None:
    here = turn.session.address_id
    for address in turn.desk.phones.of(record.person_id):
        if address.id != here:
            turn.tell(
                address,
                turn.t(
                    "{name}: one more phone was linked to your card just now. "
                    "If that was not you, please choose “Not me”.",
                    name=record.full_name,
                ),
                Choice(turn.t("Not me"), f"phone.freeze:{here}"),
                Choice(turn.t("To the menu"), "menu.show"),
            )


def linked(turn: Turn) -> None:
    """She is known now: greeted by name, her room one tap away."""
    record = turn.person.record
    if record is None or not turn.who.linked:
        turn.go("welcome.link")
        return
    turn.say(
        turn.t(
            "Welcome, {salutation} {name}. Your card is linked. What would you like to see?",
            salutation=record.salutation or turn.t("delegate"),
            name=record.full_name,
        ),
        Choice(turn.t("See my room"), "mine.room"),
        Choice(turn.t("See my bus"), "mine.bus"),
        Choice(turn.t("See the programme"), "programme.today"),
        Choice(turn.t("This is not me"), "welcome.not_me"),
        Choice(turn.t("To the menu"), "menu.show"),
        style=Style.QUESTION,
    )


def not_me(turn: Turn) -> None:
    """The roster or the card led to somebody else: nothing of hers is shown here any more."""
    person = turn.person
    if person.record is None:
        turn.go("welcome.link")
        return
    turn.hand_over("registration", kind=RequestKind.URGENT, of="person")
    language = turn.t.language.code
    guest = turn.desk.let_go(turn.session.address_id, person.id, turn.event.id)
    turn.family = tuple(one for one in turn.family if one != person.id)
    turn.become(guest)
    turn.speak(language)
    turn.notes.clear()
    _to_desk(turn, turn.t("The card is no longer linked here. The organisers have been told."))


def _ask_code(turn: Turn) -> None:
    turn.ask(
        "welcome.code",
        turn.t(
            "Please open the address on your delegate card. "
            "Or type the code on the card: eight letters and digits."
        ),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
        # Once: whoever does not want to share it is not asked with every wrong code.
        asks_number=not turn.notes.get("number"),
    )
    turn.notes["number"] = True


def _ask_digits(turn: Turn) -> None:
    turn.ask(
        "welcome.digits",
        turn.t("Please type the last four digits of the phone number you registered."),
        Choice(turn.t("Use another card"), "welcome.link:other"),
        Choice(turn.t("Talk to a person"), "helper.start"),
    )


def _no_code(turn: Turn) -> None:
    """Words instead of a code are a question; anything else is asked once more."""
    if " " in turn.incoming.text.strip() and not _decimals(turn.incoming.text):
        turn.finish()
        turn.go("ask.question")
    else:
        _ask_code(turn)


def _not_found(turn: Turn) -> None:
    turn.desk.guessed_wrong(turn.session.address_id)
    if not turn.desk.may_guess(turn.session.address_id):
        _wait(turn)
        return
    _ask_code_again(turn)


def _ask_code_again(turn: Turn) -> None:
    turn.ask(
        "welcome.code",
        turn.t("This code was not found. Please look at the card and type it once more."),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def _refused(turn: Turn, outcome: Linked) -> None:
    if outcome is Linked.WRONG:
        turn.ask(
            "welcome.digits",
            turn.t("These four digits do not match the list. Please try once more."),
            Choice(turn.t("Use another card"), "welcome.link:other"),
            Choice(turn.t("Talk to a person"), "helper.start"),
        )
    elif outcome is Linked.WAIT:
        _wait(turn)
    elif outcome in (Linked.CALL, Linked.FROZEN):
        turn.go("welcome.call")
    elif outcome is Linked.TOO_MANY:
        _to_desk(turn, turn.t("This card is linked to three chats already."))
    elif outcome is Linked.CROWDED:
        _to_desk(turn, turn.t("This phone already speaks for eight people."))
    else:
        _to_desk(turn, turn.t("This card can be linked at a help desk."))


def _wait(turn: Turn) -> None:
    """Five wrong guesses: a quarter of an hour of quiet, and a person meanwhile."""
    turn.finish()
    _to_desk(turn, turn.t("It did not match several times. Please try again in 15 minutes."))


def _to_desk(turn: Turn, why: str) -> None:
    turn.finish()
    number = _grouped(turn.desk.code_for_desk(turn.session.address_id))
    desk = turn.desk_for("registration")
    shown = turn.t("Please show this number at a help desk: {number}.", number=f"**{number}**")
    if desk is not None:
        shown = turn.t(
            "Please show the number {number} at this desk: {desk}.",
            number=f"**{number}**",
            desk=turn.contact(desk),
        )
    turn.say(
        f"{why}\n{shown}",
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
        place=desk,
    )


def _code_in(turn: Turn, text: str) -> str:
    """The code, or the token of a pasted link; empty when there is neither."""
    pasted = _TOKEN.search(text.strip())
    if pasted:
        return pasted[1]
    return text.strip() if turn.desk.could_be_code(text) else ""


def _phone_code_in(text: str) -> str:
    """The six digits that another phone of hers shows, spaced or not; empty when it is not that."""
    bare = re.sub(r"[ .-]", "", text.strip())
    digits = _decimals(bare)
    return digits if len(bare) == len(digits) == PHONE_CODE_LENGTH else ""


def _decimals(text: str) -> str:
    """The digits in a text, whatever script they are written in."""
    values = (unicodedata.decimal(character, None) for character in text)
    return "".join(str(value) for value in values if value is not None)


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))
