"""The day, the part of it and the hour a question speaks of, as people type them.

"chieu thu 5", "14h30", "ngày mai" and "day 2" become a day of the event and a time; "phòng 305"
and "ngày 3 bữa" become nothing. Pure: what day it is, and when the event is, come from outside.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

import regex

from bot.answers.telex import repaired
from bot.answers.when_words import (
    CLEAR_PARTS,
    CLOCKS,
    DATES,
    ENGLISH,
    EVENT_DAYS,
    EVERY_WORD,
    NEVER,
    NUMBERS,
    PARTS,
    PARTS_OF_DAY,
    RELATIVE,
    SHIFTS,
    WEEKDAYS,
)
from bot.text import clean, fold

_LONGEST = 500  # visible characters, as in a question
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_GLUED = regex.compile(r"(?:thu[2-7]|ngay\d{1,2}|t[2-7]|day\d)")
_HIDDEN = "\x01"
_WEEK = 7
_MONTH = 31


class Part(StrEnum):
    """A part of the day as people name it."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of an event, numbered from 1 = `first_day`, and what day it is there."""

    first_day: date
    days: int
    today: date

    def number(self, day: date) -> int:
        """The number of a calendar day; below 1 before the event, above `days` after it."""
        return (day - self.first_day).days + 1

    def holds(self, number: int) -> bool:
        """Is this one of the event's days?"""
        return 1 <= number <= self.days


@dataclass(frozen=True, slots=True)
class When:
    """What was asked for. `day` is its number in the event, None where only a time was said.

    A part of the day is left out where an hour says more. `rest` is the question without all this;
    `as_today` is the question as if it were asked about today.
    """

    day: int | None
    part: Part | None
    at: time | None
    rest: str
    as_today: str


@dataclass(frozen=True, slots=True)
class _Hit:
    """Where something was said, and what it means."""

    start: int
    end: int
    day: int | None = None
    part: Part | None = None
    hour: int | None = None
    minute: int = 0
    sure: bool = False  # the hour is on the 24-hour clock, or says am or pm


def read(question: str, calendar: Calendar) -> When | None:
    """The time a question speaks of, None when it speaks of none."""
    text = _mended(clean(question, _LONGEST))
    plain = "".join(map(_small, text))
    seen = _without_never(plain)
    hits: list[_Hit] = []
    for find in (_relative, _event_days, _dates, _weekdays):
        found = [hit for hit in find(seen, text, calendar) if not _overlaps(hit, hits)]
        hits += found
    hits += _clocks(_without(seen, hits))
    hits += [hit for hit in _parts(seen, hits) if not _overlaps(hit, hits)]
    if not hits:
        return None
    hits.sort(key=lambda hit: hit.start)
    part = next((hit.part for hit in hits if hit.part is not None), None)
    clock = next((hit for hit in hits if hit.hour is not None), None)
    return When(
        day=next((hit.day for hit in hits if hit.day is not None), None),
        part=part if clock is None else None,
        at=_clock_time(clock, part) if clock is not None else None,
        rest=_cut(text, hits, ""),
        as_today=_cut(text, hits, "today" if ENGLISH.search(plain) else "hôm nay"),
    )


def _small(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 else letter


def _mended(text: str) -> str:
    """Words of time that were typed with the keyboard's Telex or VNI off, put right."""

    def mend(hit: regex.Match[str]) -> str:
        word = fold(hit[0])
        if word in EVERY_WORD or word != hit[0].lower() or _GLUED.fullmatch(word):
            return str(hit[0])
        return repaired(word, EVERY_WORD.__contains__) or str(hit[0])

    return str(_TOKEN.sub(mend, text))


def _without_never(plain: str) -> str:
    for pattern in NEVER:
        plain = str(pattern.sub(lambda hit: _HIDDEN * len(hit[0]), plain))
    return plain


def _without(seen: str, hits: list[_Hit]) -> str:
    for hit in hits:
        seen = seen[: hit.start] + _HIDDEN * (hit.end - hit.start) + seen[hit.end :]
    return seen


def _overlaps(hit: _Hit, others: list[_Hit]) -> bool:
    return any(hit.start < other.end and other.start < hit.end for other in others)


def _relative(seen: str, text: str, calendar: Calendar) -> Iterator[_Hit]:
    for pattern, offset in RELATIVE:
        for hit in pattern.finditer(seen):
            start, end = hit.span("said")
            named = hit.groupdict()
            part = None if named.get("meal") else named.get("part")
            if part is not None:
                start = hit.start("part")
            if _is_name(hit, text) or _is_me(part, hit["said"]):
                continue
            day = calendar.number(calendar.today + timedelta(days=offset))
            evening = Part.EVENING if hit["said"] in ("tonight", "last night") else None
            yield _Hit(start, end, day=day, part=_part(part) if part else evening)


def _is_name(hit: regex.Match[str], text: str) -> bool:
    """ "Chị Mai" is somebody."""
    at: int = hit.start("said")
    return hit["said"] == "mai" and at > 0 and text[at].isupper()


def _is_me(part: str | None, said: str) -> bool:
    """ "Cho toi mot chai" and "toi qua phong an" speak of me; "sang" and "dem" are verbs."""
    return (
        part == fold(part or " ")
        and part not in CLEAR_PARTS
        and fold(said) in ("qua", "mot", "kia")
    )


def _part(word: str) -> Part:
    return Part(PARTS_OF_DAY[fold(word)])


def _event_days(seen: str, _text: str, calendar: Calendar) -> Iterator[_Hit]:
    for pattern in EVENT_DAYS:
        for hit in pattern.finditer(seen):
            said = fold(hit["number"])
            number = calendar.days if said in ("cuoi", "last") else _number(said)
            yield _Hit(hit.start(), hit.end(), day=number)


def _dates(seen: str, _text: str, calendar: Calendar) -> Iterator[_Hit]:
    for pattern in DATES:
        for hit in pattern.finditer(seen):
            named = hit.groupdict()
            month = _number(fold(named.get("month") or ""))
            day = _dated(int(named["day"]), month, int(named.get("year") or 0), calendar)
            if day is not None:
                yield _Hit(hit.start(), hit.end(), day=day)


def _dated(day: int, month: int, year: int, calendar: Calendar) -> int | None:
    """The number of a date. Without its month it is a date of the event, else a day of it.

    "Ngày 2" of a congress from the 18th to the 22nd is its second day; "ngày 19" is the 19th; and
    "ngày 14" is the 14th nearest to it, on which there is nothing.
    """
    if month == 0:
        for number in range(1, calendar.days + 1):
            if (calendar.first_day + timedelta(days=number - 1)).day == day:
                return number
        if calendar.holds(day):
            return day
        around = (calendar.first_day + timedelta(days=one) for one in range(-_MONTH, _MONTH + 1))
        near = [one for one in around if one.day == day]
    else:
        first = calendar.first_day.year
        years = [year % 100 + 2000] if year else [first - 1, first, first + 1]
        near = [found for one in years if (found := _date(one, month, day)) is not None]
    if not near:
        return None
    return calendar.number(min(near, key=lambda one: abs(one - calendar.first_day)))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekdays(seen: str, _text: str, calendar: Calendar) -> Iterator[_Hit]:
    for pattern in WEEKDAYS:
        for hit in pattern.finditer(seen):
            weekday = _weekday(hit["weekday"])
            shift = next((n for s, n in SHIFTS if s.search(hit["shift"] or "")), 0)
            yield _Hit(hit.start(), hit.end(), day=_on_weekday(weekday, shift, calendar))


def _weekday(said: str) -> int:
    """0 is Monday, which Vietnamese calls the second day."""
    word = fold(said)
    if word[:3] in _NAMES and word not in NUMBERS:
        return _NAMES[word[:3]]
    return _number(word.removeprefix("t") if word[1:].isdigit() else word) - 2


_NAMES = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6, "chu": 6, "cn": 6}


def _on_weekday(weekday: int, shift: int, calendar: Calendar) -> int:
    """The event's day of this name, the next one where it has several; else the next one at all.

    With "tuần sau" the week is counted from today's.
    """
    if shift:
        monday = calendar.today - timedelta(days=calendar.today.weekday())
        return calendar.number(monday + timedelta(days=weekday + _WEEK * shift))
    numbers = range(1, calendar.days + 1)
    fits = [n for n in numbers if (calendar.first_day.weekday() + n - 1) % _WEEK == weekday]
    today = calendar.number(calendar.today)
    if fits:
        return next((n for n in fits if n >= today), fits[-1])
    return today + (weekday - calendar.today.weekday()) % _WEEK


def _clocks(seen: str) -> list[_Hit]:
    found: list[_Hit] = []
    for pattern in CLOCKS:
        for hit in pattern.finditer(seen):
            clock = _clock(hit)
            if clock is not None and not _overlaps(clock, found):
                found.append(clock)
    return found


def _clock(hit: regex.Match[str]) -> _Hit | None:
    named = hit.groupdict()
    hour, minute = _number(fold(named["hour"])), int(named.get("minute") or 0)
    if named.get("half"):
        minute = 30
    if named.get("quarter"):
        minute = 15
    if named.get("less"):
        hour, minute = hour - 1, 60 - (15 if named["less"] == "quarter" else int(named["less"]))
    half = (named.get("half_day") or "").replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    part = _part(named["part"]) if named.get("part") else None
    sure = bool(half) or named["hour"].startswith("0") or hour > 12
    return _Hit(hit.start(), hit.end(), part=part, hour=hour, minute=minute, sure=sure)


def _clock_time(hit: _Hit, part: Part | None) -> time:
    """On the 24-hour clock. Nothing happens at a congress between one and five in the night."""
    assert hit.hour is not None
    return time(hit.hour if hit.sure else _AFTER[part](hit.hour), hit.minute)


_AFTER: Mapping[Part | None, Callable[[int], int]] = {
    None: lambda hour: hour + 12 if 1 <= hour <= 5 else hour,
    Part.MORNING: lambda hour: hour % 12,
    Part.NOON: lambda hour: hour + 12 if hour <= 3 else hour,
    Part.AFTERNOON: lambda hour: hour % 12 + 12,
    Part.EVENING: lambda hour: hour + 12 if 5 <= hour <= 11 else hour % 12,
}


def _parts(seen: str, hits: list[_Hit]) -> Iterator[_Hit]:
    """Parts of the day. Some words are one only beside a day: "toi thu 5", "Thursday evening"."""
    starts = {hit.start for hit in hits if hit.day is not None}
    ends = {hit.end for hit in hits if hit.day is not None}
    for hit in PARTS.finditer(seen):
        word = hit["part"]
        before = len(seen[: hit.start("said")].rstrip())
        after = len(seen) - len(seen[hit.end() :].lstrip())
        alone = word != fold(word) or hit["sure"] or word in CLEAR_PARTS
        beside = after in starts or (before in ends and ENGLISH.fullmatch(word))
        if not hit.groupdict()["meal"] and (alone or beside):
            yield _Hit(hit.start("said"), hit.end(), part=_part(word))


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return NUMBERS.get(" ".join(word.split()), 0)


def _cut(text: str, hits: list[_Hit], instead: str) -> str:
    """The text without what was said of the time; `instead` stands where it was first said."""
    pieces, at = [], 0
    for number, hit in enumerate(hits):
        pieces += [text[at : hit.start], "" if number else f" {instead} "]
        at = max(at, hit.end)
    return " ".join("".join([*pieces, text[at:]]).split())


_HOURS: Mapping[Part, tuple[time, time]] = {
    Part.MORNING: (time(0), time(11, 30)),
    Part.NOON: (time(11), time(13, 30)),
    Part.AFTERNOON: (time(12, 30), time(18)),
    Part.EVENING: (time(18), time.max),
}
_HALF_AN_HOUR = 30


def falls_in(part: Part, start: time, end: time) -> bool:
    """Does something from `start` to `end` belong to this part of the day?

    It does when it begins there, or goes on for more than half an hour there.
    """
    opens, closes = _HOURS[part]
    inside = _minutes(min(end, closes)) - _minutes(opens)
    return opens <= start < closes or (start < opens and inside > _HALF_AN_HOUR)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
