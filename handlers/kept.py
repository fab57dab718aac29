"""What is kept of her conversations, in pages of few lines; and the whole of it as one file.

The file is only had on our own page, made anew each time it is asked for; elsewhere the desk gives
it, for nothing whole about her goes through somebody else's servers.
"""

import re
from collections.abc import Callable
from typing import Any

from bot.i18n import N_
from bot.text import clip
from bot.turn import Turn
from bot.values.reply import Choice, Media
from bot.values.request import RequestKind

PAGE = 4  # lines in one message
_LINE = 60  # visible characters

Copy = dict[str, list[dict[str, Any]]]

_KINDS = {
    "help": N_("talk to a person"),
    "correction": N_("correct data"),
    "urgent": N_("urgent"),
    "privacy": N_("your data"),
}
_CHANNELS = {"webchat": N_("web page"), "terminal": N_("terminal")}


def more(turn: Turn) -> None:
    """Which part of it; the argument "2" shows the second page."""
    second = turn.argument == "2"
    parts = list(PARTS.items())
    shown = parts[3:] if second else parts[:3]
    choices = [Choice(turn.t(label), f"me.kept:{name}") for name, (label, _) in shown]
    if second:
        choices += [Choice(turn.t("Get all of it"), "me.copy"), _menu(turn)]
    else:
        choices += [Choice(turn.t("See more"), "me.more:2"), _menu(turn)]
    turn.say(turn.t("Which part of your data would you like to see?"), *choices)


def part(turn: Turn) -> None:
    """One page of one part, newest first; the argument is `part` or `part.lines before it`.

    Counted from the oldest line, so that what is said meanwhile does not move the pages.
    """
    found = re.fullmatch(r"([a-z]+)(?:\.([0-9]{1,5}))?", turn.argument)
    if found is None or found[1] not in PARTS:
        turn.go("me.more")
        return
    label, lines_of = PARTS[found[1]]
    lines = lines_of(turn, turn.desk.kept(turn.person.id, turn.event.id))
    end = int(found[2] or 0)
    end = end if 0 < end <= len(lines) else len(lines)
    page = lines[max(0, end - PAGE) : end][::-1]
    head = turn.t("{part}: {count} kept.", part=turn.t(label), count=len(lines))
    choices = [Choice(turn.t("Other data"), "me.more"), _menu(turn)]
    if end > PAGE:
        choices.insert(0, Choice(turn.t("See more"), f"me.kept:{found[1]}.{end - PAGE}"))
    turn.say("\n".join([head, *(f"● {clip(line, _LINE)}" for line in page)]), *choices)


def copy(turn: Turn) -> None:
    """All of it: a file on our own page, else a request to the desk with its last day."""
    if turn.must_call:
        turn.go("welcome.call")
        return
    name = turn.desk.own_copy(turn.incoming.account_id, turn.person.id, turn.event.id)
    if name is not None:
        caption = turn.t("Everything kept about you (text)")
        turn.say(
            turn.t("Press the file to open it. Only you can open it, from this page."),
            *_ways(turn),
            media=(Media("file", name, "du-lieu-cua-toi.txt", caption),),
        )
        return
    asked = turn.hand_over("registration", kind=RequestKind.PRIVACY, of="copy")
    assert asked.due_at is not None
    desk = turn.desk_for("registration")
    told = [turn.t("The help desk gives you all of it, by {date}.", date=turn.t.date(asked.due_at))]
    if desk is not None:
        told.append(turn.t("This desk can help you: {desk}.", desk=turn.contact(desk)))
    turn.say("\n".join(told), *_ways(turn), place=desk)


def _ways(turn: Turn) -> tuple[Choice, ...]:
    return (Choice(turn.t("Other data"), "me.more"), _menu(turn))


def _menu(turn: Turn) -> Choice:
    return Choice(turn.t("To the menu"), "menu.show")


def _said(turn: Turn, kept: Copy) -> list[str]:
    """What she typed: the page keeps it with its time, elsewhere only the last few messages."""
    lines = [one for one in kept["transcript"] if one["side"] == "in"]
    if not lines:
        return [_words(one) for one in turn.notes.get("recent", ())]
    return [_at(turn, one["at"], _words(one["body"].get("text", ""))) for one in lines]


def _told(turn: Turn, kept: Copy) -> list[str]:
    words = {one["delivery_id"]: one["reply"]["text"] for one in kept["letter_text"]}
    told = [one for one in kept["delivery"] if words.get(one["id"])]
    return [_at(turn, one["created_at"], _words(words[one["id"]])) for one in told]


def _asked(turn: Turn, kept: Copy) -> list[str]:
    state = {True: turn.t("done"), False: turn.t("open")}
    return [
        _at(
            turn,
            one["created_at"],
            f"{turn.t(_KINDS[one['kind']])}, {state[one['state'] == 'closed']}",
        )
        for one in kept["request"]
    ]


def _opened(turn: Turn, kept: Copy) -> list[str]:
    lines = []
    for one in kept["document_opened"]:
        known = turn.library.documents.get(one["document"])
        chain = turn.t.language.chain
        title = turn.library.text(known, chain)[1].title if known else one["document"]
        lines.append(_at(turn, one["at"], f"{title} ({one['version']})"))
    return lines


def _chats(turn: Turn, kept: Copy) -> list[str]:
    lines = []
    for one in kept["address"]:
        kind = turn.t(_CHANNELS[one["kind"]]) if one["kind"] in _CHANNELS else one["kind"].title()
        since = _at(turn, one["created_at"], kind)
        lines.append(f"{since}, {turn.t('locked')}" if one["frozen_at"] else since)
    return lines


def _answers(turn: Turn, kept: Copy) -> list[str]:
    said = {True: turn.t("agreed"), False: turn.t("refused")}
    return [
        _at(turn, one["at"], f"{said[one['agreed']]} ({one['text_version']})")
        for one in kept["consent"]
    ]


def _at(turn: Turn, when: Any, what: str) -> str:
    return f"{turn.t.stamp(when)}: {what}"


def _words(text: str) -> str:
    """Words on one line, without the marks of signs and lists."""
    return " ".join(text.replace("**", "").replace("●", "").split())


# What a button may name -> its heading and its lines, oldest first.
PARTS: dict[str, tuple[str, Callable[[Turn, Copy], list[str]]]] = {
    "said": (N_("Your messages"), _said),
    "told": (N_("Answers to you"), _told),
    "asked": (N_("Your requests"), _asked),
    "papers": (N_("Documents opened"), _opened),
    "chats": (N_("Linked chats"), _chats),
    "answers": (N_("Your agreement"), _answers),
}
