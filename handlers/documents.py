"""The papers this person may read: which there are, what one says in short, and its file.

Official papers are only told of: where they are had, nothing of what they say.
"""

import re

from bot.content import Document, Medium, Place
from bot.text import clip
from bot.turn import Turn
from bot.values.reply import Choice, Media

PAGE = 5
_LABEL = 32  # visible characters of a title on a button
_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024


def listing(turn: Turn) -> None:
    """Every document she may know of, by digits; the argument is where the page begins."""
    turn.notes["topic"] = "documents"
    hers = _hers(turn)
    if not hers:
        _say_none(turn)
        return
    first = int(turn.argument) if re.fullmatch(r"[0-9]{1,3}", turn.argument) else 0
    first = first if first < len(hers) else 0
    choices = [_choice(turn, one) for one in hers[first : first + PAGE]]
    if first + PAGE < len(hers):
        choices.append(Choice(turn.t("See more"), f"documents.list:{first + PAGE}"))
    turn.say(turn.t("Which document would you like to see?"), *choices)


def show(turn: Turn) -> None:
    """One document; the argument is its slug. Whoever may not have it is not told it exists."""
    found = _found(turn)
    if found is None:
        _say_unknown(turn)
    elif found.official:
        _tell_where(turn, found)
    else:
        _tell(turn, found)


def get(turn: Turn) -> None:
    """Its file, in the first language of her chain that has one; the argument is the slug."""
    found = _found(turn)
    file = turn.library.file_of(found, turn.t.language.chain) if found else None
    if found is None or file is None:
        turn.go("documents.show", turn.argument)
        return
    language, name, medium = file
    title = _title(turn, found)
    told = {"title": title, "version": found.version, "size": _size(medium)}
    lines = [turn.t("“{title}”, version {version}. Press the file to open it.", **told)]
    if language != turn.t.language.code:
        lines.append(turn.t("(Language of the file: {language})", language=_named(turn, language)))
    caption = turn.t("{title} (version {version}, {size})", **told)
    turn.say(
        "\n".join(lines),
        Choice(turn.t("Other documents"), "documents.list"),
        Choice(turn.t("To the menu"), "menu.show"),
        media=(Media("file", medium.sha256, name, caption),),
    )
    turn.desk.note_opened(turn.person, found)


def _hers(turn: Turn) -> list[Document]:
    documents = sorted(turn.library.documents.values(), key=lambda one: one.slug)
    return [one for one in documents if turn.library.admits(one, turn.who)]


def _found(turn: Turn) -> Document | None:
    turn.notes["topic"] = "documents"
    found = turn.library.documents.get(turn.argument)
    return found if found is not None and turn.library.admits(found, turn.who) else None


def _say_none(turn: Turn) -> None:
    """To a stranger only that nothing is public: what else there is does not concern her."""
    ways = [
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    ]
    if turn.who.linked:
        turn.say(turn.t("The organisers have not announced any document."), *ways)
        return
    ways.insert(0, Choice(turn.t("Link my card"), "welcome.link"))
    turn.say(turn.t("The organisers have not announced any document for everybody."), *ways)


def _say_unknown(turn: Turn) -> None:
    turn.say(
        turn.t("The organisers have not announced this document. A person can help you."),
        Choice(turn.t("Other documents"), "documents.list"),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
    )


def _tell(turn: Turn, found: Document) -> None:
    language, text = turn.library.text(found, turn.t.language.chain)
    head = turn.t("{title}, version {version}", title=text.title, version=found.version)
    turn.say(
        "\n".join([head, text.summary, _source(turn, found, language)]),
        Choice(turn.t("Get the file"), f"documents.get:{found.slug}"),
        *_way(turn, found),
        Choice(turn.t("Other documents"), "documents.list"),
        Choice(turn.t("To the menu"), "menu.show"),
        language=language,
    )


def _tell_where(turn: Turn, found: Document) -> None:
    language, text = turn.library.text(found, turn.t.language.chain)
    only = turn.t("This document is not sent by chat.")
    turn.say(
        "\n".join([text.title, f"{only} {text.where}", _source(turn, found, language)]),
        *_way(turn, found),
        Choice(turn.t("Other documents"), "documents.list"),
        Choice(turn.t("Talk to a person"), "helper.start"),
        Choice(turn.t("To the menu"), "menu.show"),
        language=language,
        place=_place(turn, found),
    )


def _source(turn: Turn, found: Document, language: str) -> str:
    told = {"source": found.source, "stamp": turn.t.stamp(found.updated)}
    if turn.t.language.has_text and language != turn.t.language.code:
        return turn.t("(Source: {source}, updated {stamp}. In Vietnamese only.)", **told)
    return turn.t("(Source: {source}, updated {stamp})", **told)


def _place(turn: Turn, found: Document) -> Place | None:
    place = turn.library.places.get(found.place)
    return place if place is not None and turn.library.admits(place, turn.who) else None


def _way(turn: Turn, found: Document) -> list[Choice]:
    place = _place(turn, found)
    return [Choice(turn.t("See the way"), f"place.show:{place.slug}")] if place else []


def _choice(turn: Turn, one: Document) -> Choice:
    return Choice(clip(_title(turn, one), _LABEL), f"documents.show:{one.slug}")


def _title(turn: Turn, one: Document) -> str:
    return turn.library.text(one, turn.t.language.chain)[1].title


def _named(turn: Turn, code: str) -> str:
    language = turn.desk.language(code)
    return language.own_name if language else code


def _size(medium: Medium) -> str:
    """ "PDF, 120 kB": what a telephone plan is asked for."""
    kind = "JPG" if medium.kind == "jpeg" else medium.kind.upper()
    if medium.size >= _MEGABYTE:
        return f"{kind}, {medium.size / _MEGABYTE:.1f} MB"
    return f"{kind}, {max(1, round(medium.size / _KILOBYTE))} kB"
