"""Who answers: the order of precedence, in one function.

A pressed button, a digit, a universal word, a waiting step, the kind of thing that came in, and
last a free question.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot import picks
from bot.fit import CONTROL_DIGITS, portions
from bot.i18n import N_
from bot.text import clip, fold, nfc
from bot.turn import Turn
from bot.values.incoming import Kind
from bot.values.reply import Choice

log = structlog.get_logger()

Handler = Callable[[Turn], None]

MENU = "menu.show"
AGAIN = "menu.again"
QUESTION = "ask.question"
WHOM = "family.whom"
REST = "menu.rest"
WELCOME = "welcome.start"
AGREEMENT = "welcome.consent"
WHICH_EVENT = "welcome.which_event"
# One after the other inside one turn; more is a loop in our own code.
MOST_STEPS = 6
TRAIL = 8
RECENT = 5
MOST_AT_ONCE = 3  # messages of ours without a word of hers (UX rule 19)
SILENCE = timedelta(hours=24)  # nothing expires; after it she is met gently (UX rule 20)
LONGEST_VALUE = 60  # of a choice, see bot.values.reply

# Translators: the words for the digits 1 to 9 and 0 as people type them, one group a digit.
DIGIT_WORDS = N_("one, two, three, four, five, six, seven, eight, nine, zero")


@dataclass(frozen=True, slots=True)
class Route:
    """One thing the bot can do, under a registered name that survives a rename of its function.

    `tap`: a button or approved content may lead here. `place`: "back" and "read again" may return
    here. `words`: universal words, comma-separated, in English; their translations count too.
    `while_true`: says of a turn whether those words count now. `hears`: says of any text whether
    it belongs here; while a step waits for her words, only a `first` route is asked. `kinds`: what
    it answers by kind. `first`: allowed before she chose a language. `personal`: it speaks of one
    person, so where several share an address it is first asked of whom.
    """

    name: str
    answer: Handler
    tap: bool = True
    place: bool = False
    words: str = ""
    while_true: Callable[[Turn], bool] | None = None
    hears: Callable[[str], bool] | None = None
    kinds: tuple[Kind, ...] = ()
    first: bool = False
    personal: bool = False


class Router:
    """Picks the route of a turn and runs it."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = {route.name: route for route in routes}
        self._by_kind = {kind: r.name for r in self._routes.values() for kind in r.kinds}

    def tappable(self) -> frozenset[str]:
        """The names a button or approved content may lead to."""
        return frozenset(name for name, route in self._routes.items() if route.tap)

    def answer(self, turn: Turn) -> None:
        """Let the right route answer, and whatever it goes on to."""
        _remember_text(turn)
        was_asked = bool(turn.session.step)
        name, argument = self._pick(turn)
        _follow_pick(turn, f"{name}:{argument}" if argument else name)
        # In the middle of her agreement the menu would take the place of its next message.
        after_silence = _is_back(turn) and not was_asked and not name.startswith(AGREEMENT)
        name = self._run(turn, name, argument)
        if turn.also is not None and len(turn.replies) == 1 and not turn.session.step:
            # One list of numbers at a time: they pick from what was said last.
            turn.replies[0] = replace(turn.replies[0], choices=())
            name = self._run(turn, *turn.also)
        if after_silence and not turn.session.step and len(turn.replies) < MOST_AT_ONCE:
            self._meet_again(turn, name)
        if turn.replies:
            _hold_back(turn)
        _remember_choices(turn)

    def _run(self, turn: Turn, name: str, argument: str) -> str:
        """This route, and whatever it goes on to; returns the name of the last."""
        for _ in range(MOST_STEPS):
            route = self._known(name)
            if route.personal and turn.undecided:
                turn.notes["then"] = f"{name}:{argument}"
                turn.also = None  # whom it is about is asked first
                name, argument = WHOM, "then"
                continue
            turn.argument, turn.next, turn.personal = argument, None, route.personal
            route.answer(turn)
            if turn.next is None:
                _leave_trail(turn, route, argument)
                break
            name, argument = turn.next
        return name

    def _meet_again(self, turn: Turn, answered: str) -> None:
        """After a long silence a gentle line, and the menu under it or one digit away.

        Choices of her answer stay the ones that digits mean, so the line comes before them.
        """
        gentle = turn.t("Good to hear from you again. Nothing was lost; you can go on.")
        if answered != MENU and turn.replies and turn.replies[-1].choices:
            turn.personal = False
            turn.say(f"{gentle} {turn.t('Press 0 for the menu.')}")
            turn.replies.insert(0, turn.replies.pop())
            return
        if answered != MENU:
            self._routes[MENU].answer(turn)
        menu = turn.replies[-1]
        turn.replies[-1] = replace(menu, text=f"{gentle}\n{menu.text}")

    def _known(self, name: str) -> Route:
        """A route by name; names in notes may come from another version of this program."""
        if name not in self._routes:
            log.warning("unknown route", route=name)
        return self._routes.get(name) or self._routes[MENU]

    def _pick(self, turn: Turn) -> tuple[str, str]:
        chosen = self._chosen(turn)
        if not self._ready(turn, chosen):
            return (WHICH_EVENT if turn.known is None else WELCOME), ""
        if chosen is not None:
            turn.finish()
            return chosen
        if turn.incoming.kind in self._by_kind:
            return self._by_kind[turn.incoming.kind], ""
        if turn.session.step:
            if turn.session.step in self._routes:
                return turn.session.step, ""
            # A step of another version of this program: begin again from the menu.
            log.warning("unknown step", step=turn.session.step)
            turn.finish()
            return MENU, ""
        return QUESTION, ""

    def _ready(self, turn: Turn, chosen: tuple[str, str] | None) -> bool:
        """Before she chose a language (and we know which event), only first things are answered."""
        name = chosen[0] if chosen else turn.session.step
        route = self._routes.get(name) or self._routes.get(
            self._by_kind.get(turn.incoming.kind, "")
        )
        if route is not None and route.first:
            return True
        return turn.has_content and turn.person.language is not None

    def _chosen(self, turn: Turn) -> tuple[str, str] | None:
        """What a button, a digit or a universal word leads to."""
        if turn.incoming.kind is Kind.TAP:
            return self._tapped(turn.incoming.value)
        if turn.incoming.kind is not Kind.TEXT:
            return None
        typed = fold(turn.incoming.text).strip(" .!")
        digit = _digit(turn, typed)
        if digit is not None:
            return self._by_digit(turn, digit)
        for route in self._routes.values():
            words = (*_split(route.words), *_words(turn, route.words)) if route.words else ()
            if typed in words and (route.while_true is None or route.while_true(turn)):
                return route.name, ""
        return self._heard(turn)

    def _heard(self, turn: Turn) -> tuple[str, str] | None:
        for route in self._routes.values():
            hears = route.hears if route.first or not turn.session.step else None
            if hears is not None and hears(turn.incoming.text):
                return route.name, ""
        return None

    def _tapped(self, value: str) -> tuple[str, str]:
        """Buttons come back from outside, so anything may stand in one."""
        name, _, argument = value.partition(":")
        route = self._routes.get(name)
        ours = len(value) <= LONGEST_VALUE and value.isprintable()
        if route is None or not route.tap or not ours:
            log.warning("unknown choice")
            return MENU, ""
        return name, argument

    def _by_digit(self, turn: Turn, digit: int) -> tuple[str, str] | None:
        shown, three = turn.notes.get("shown", []), turn.controls()
        if turn.unheard:  # a notice came after what she was told: its numbers are the last she saw
            last = turn.unheard[-1].reply
            shown, three = [choice.value for choice in last.choices], last.controls
        if 1 <= digit <= len(shown):
            return self._tapped(shown[digit - 1])
        controls = dict(zip(CONTROL_DIGITS, three, strict=False))
        if str(digit) in controls:
            return self._tapped(controls[str(digit)].value)
        if digit == 0:
            return MENU, ""
        # No such choice: the question again, unless a step reads what she types.
        return None if turn.session.step else (AGAIN, "")


def _digit(turn: Turn, typed: str) -> int | None:
    """The digit, the digit's word ("hai") or "số 2" (UX rule 3)."""
    bare = typed.removeprefix(fold(turn.t("number"))).strip()
    if bare.isascii() and bare.isdigit() and _is_offered(turn, bare):
        return int(bare)
    said = nfc(turn.incoming.text).lower().strip(" .!")
    word = said.removeprefix(turn.t("number")).removeprefix(fold(turn.t("number"))).strip()
    words = [one.strip() for one in turn.t(DIGIT_WORDS).lower().split(",")]
    if word == fold(word):  # typed without marks; with them "bà" is no three
        words = [fold(one) for one in words]
    if word not in words:
        return None
    digit = (words.index(word) + 1) % 10
    # Vietnamese says "không" for no and for zero: it is a digit only as "số không".
    return None if digit == 0 and word == said else digit


def _is_offered(turn: Turn, digits: str) -> bool:
    """One digit always means something; two only as the number of a line in a long list."""
    lines = len(turn.notes.get("shown", ()))
    return len(digits) == 1 or (digits[0] != "0" and len(digits) == 2 and int(digits) <= lines)


def _is_back(turn: Turn) -> bool:
    """Does she speak after a day of silence? Not when she opens the dialogue anew or leaves it.

    Whoever must call a person is not told that everything is as it was.
    """
    seen, kind = turn.session.seen_at, turn.incoming.kind
    speaks = kind not in (Kind.JOINED, Kind.LEFT, Kind.RECEIPT)
    ready = turn.known is not None and turn.person.language is not None and not turn.must_call
    return speaks and ready and seen is not None and turn.now - seen >= SILENCE


def _words(turn: Turn, words: str) -> list[str]:
    return _split(turn.t(words))


def _split(words: str) -> list[str]:
    return [fold(word).strip() for word in words.split(",")]


def _remember_text(turn: Turn) -> None:
    """Her last few messages, for a helper should she ask for one."""
    if turn.incoming.kind is Kind.TEXT and turn.incoming.text:
        recent: Sequence[str] = turn.notes.get("recent", ())
        turn.notes["recent"] = [*recent, clip(turn.incoming.text, 200)][-RECENT:]


def _follow_pick(turn: Turn, value: str) -> None:
    """She stayed with a suggestion: her words may become an example of that answer."""
    pick = picks.follow(turn.notes, value)
    if pick is not None:
        code = turn.t.language.code
        turn.desk.propose_example(turn.person, pick.text, code, pick.answer_id)


def _leave_trail(turn: Turn, route: Route, argument: str) -> None:
    """Where she is now, for "read again"; and the places she came by, for "back"."""
    here = f"{route.name}:{argument}" if argument else route.name
    if turn.replies and route.name != REST:
        turn.notes["here"] = here
    if not route.place:
        return
    # To arrive somewhere is to have been understood (UX rule 15).
    turn.notes.pop("misses", None)
    trail = [*turn.notes.get("trail", ())]
    if not trail or trail[-1] != here:
        turn.notes["trail"] = [*trail, here][-TRAIL:]


def _hold_back(turn: Turn) -> None:
    """Who reads slowly gets short messages, three at most; the rest when she asks for it."""
    turn.notes.pop("rest", None)
    if not turn.person.simple:
        return
    said = [portion for reply in turn.replies for portion in portions(reply)]
    urgent = any(one.about_safety for one in said)
    most = len(said) if urgent else MOST_AT_ONCE
    turn.replies[:] = said[:most]
    if held := said[most:]:
        turn.notes["rest"] = {
            "said": [one.to_json() for one in held],
            "step": turn.session.step,
            "linked": turn.who.linked,
        }
        last = turn.replies[-1]
        others = last.choices[:4] or (Choice(turn.t("To the menu"), MENU),)
        onward = Choice(turn.t("Continue"), REST)
        turn.replies[-1] = replace(last, choices=(onward, *others))


def _remember_choices(turn: Turn) -> None:
    """What the digits mean until the next question."""
    offered = [reply for reply in turn.replies if reply.choices]
    if turn.replies:
        shown = [choice.value for choice in offered[-1].choices] if offered else []
        turn.notes["shown"] = shown
        turn.session = replace(turn.session, notes=turn.notes)
