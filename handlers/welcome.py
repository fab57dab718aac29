"""First contact: a greeting, then every language of the event on one screen.

Nothing is guessed: the language is hers to choose, and what it does not have yet is said.
"""

from bot.content import Place
from bot.i18n import Language
from bot.turn import Turn
from bot.values.reply import Choice, Style

TOKEN_LENGTH = 22  # what a card's link carries, see bot.access


def start(turn: Turn) -> None:
    """She opened the dialogue, perhaps by the link of a card."""
    turn.finish()
    if turn.known is None or turn.known.library is None:
        turn.go("welcome.which_event")
        return
    _keep_card(turn)
    if turn.person.language is not None:
        turn.go("welcome.next")
        return
    turn.say(_greeting(turn))
    turn.go("welcome.language")


def which_event(turn: Turn) -> None:
    """Nobody is told which events there are: being a delegate is confidential."""
    if turn.known is not None:
        turn.say(turn.t("The organisers have not published anything yet. Please come back later."))
        return
    turn.say(turn.t("Please open this assistant with the address or the code on your card."))


def language(turn: Turn) -> None:
    """The picker; with an argument, her choice."""
    if turn.known is None or turn.known.library is None:
        turn.go("welcome.which_event")
        return
    chosen = _chosen(turn)
    if chosen is None:
        _picker(turn)
        return
    turn.speak(chosen.code)
    if chosen.has_text:
        turn.go("welcome.next")
    else:
        _say_what_is_missing(turn, chosen)


def next_step(turn: Turn) -> None:
    """Where she goes once her language is known."""
    if turn.must_call:
        turn.go("welcome.call")
    elif isinstance(turn.notes.get("card"), int):
        turn.go("welcome.link")
    elif turn.notes.get("adding") == turn.person.id:
        turn.go("welcome.consent")
    else:
        name, _, argument = str(turn.notes.pop("then", "menu.show")).partition(":")
        turn.go(name, argument)


def _greeting(turn: Turn) -> str:
    _, text = turn.library.text(turn.library.event, turn.t.language.chain)
    return text.greeting or turn.t("Welcome to {event}.", event=text.name)


def _keep_card(turn: Turn) -> None:
    """Opening a card's link consumes nothing and shows no name (printed cards get lost)."""
    payload = turn.incoming.started_with
    card = turn.desk.card(payload) if payload else _typed_card(turn)
    if card is None:
        if len(payload) == TOKEN_LENGTH:
            turn.say(turn.t("This card is no longer in force. Please ask at a help desk."))
    elif turn.desk.card_event(card) != turn.event.id:
        turn.say(turn.t("This card belongs to another event. Please ask a person for help."))
    elif turn.desk.card_person(card) != turn.person.id:
        turn.notes["card"] = card


def _typed_card(turn: Turn) -> int | None:
    """She may type the card's code before anything else; a wrong one counts as a guess."""
    text, address = turn.incoming.text, turn.session.address_id
    if not turn.desk.could_be_code(text) or not turn.desk.may_guess(address):
        return None
    turn.forget_text()
    card = turn.desk.card(text)
    if card is None:
        turn.desk.guessed_wrong(address)
    return card


def _languages(turn: Turn) -> list[Language]:
    found = (turn.desk.language(code) for code in turn.event.languages)
    return [language for language in found if language is not None]


def _chosen(turn: Turn) -> Language | None:
    """Her choice by its number in the picker: a language never travels in a button's value."""
    languages = _languages(turn)
    by_number = {str(number): one for number, one in enumerate(languages, 1)}
    by_code = {one.code: one for one in languages}
    return by_number.get(turn.argument) or by_code.get(turn.argument)


def _picker(turn: Turn) -> None:
    choices = [
        Choice(_label(turn, one), f"welcome.language:{number}")
        for number, one in enumerate(_languages(turn), 1)
    ]
    lines = [
        turn.t("Please choose your language."),
        turn.t("✅ has words, 🔊 has sound, 🙋 has a person who speaks it."),
    ]
    if turn.person.language is None:
        lines.insert(0, turn.t("This is the assistant Đồng Hành, a machine that answers you."))
    turn.say("\n".join(lines), *choices, style=Style.QUESTION)


def _label(turn: Turn, language: Language) -> str:
    marks = (
        ("✅", language.has_text),
        ("🔊", language.has_audio),
        ("🙋", bool(_speakers(turn, language.code))),
    )
    return " ".join([language.button, *(mark for mark, has in marks if has)])


def _speakers(turn: Turn, code: str) -> list[Place]:
    """The desks whose people speak a language."""
    return [place for place in turn.library.places.values() if code in place.languages]


def _say_what_is_missing(turn: Turn, language: Language) -> None:
    lines = [
        turn.t("{language}: answers are not ready yet.", language=language.vietnamese_name),
        turn.t("For now the answers are in Vietnamese."),
        _where_it_is_spoken(turn, language),
    ]
    turn.say(
        "\n".join(lines),
        Choice(turn.t("Continue"), "welcome.next"),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("🌐 Change language"), "welcome.language"),
    )


def _where_it_is_spoken(turn: Turn, language: Language) -> str:
    speakers = _speakers(turn, language.code)
    told = [place for place in speakers if turn.library.admits(place, turn.who)]
    if told:
        return turn.t("A person who speaks it is here: {desk}.", desk=turn.contact(told[0]))
    if speakers:
        return turn.t("The organisers have a person who speaks it: press 9.")
    return turn.t("The organisers have not named a person who speaks it.")
