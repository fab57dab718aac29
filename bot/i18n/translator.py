"""Says a text of ours in the language a person chose, with dates, times and lists in words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.lists import format_list

from bot.errors import ContentError, Mistake
from bot.i18n.catalogue import Texted, catalogue_path, translations
from bot.i18n.languages import LAST, SOURCE, TABLE, Language, Languages

NEAR = timedelta(hours=1)  # a time this close is also told in minutes

Day = date  # Translator has a method of that name
_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")

# CLDR patterns, by the locale of a language's formats; the empty key serves all others.
_DATE = {"vi": "EEEE, 'ngày' dd/MM/yyyy", "en": "EEEE, d MMMM yyyy", "": "EEEE, dd/MM/yyyy"}
_FORMAL_DATE = {"en": "d MMMM yyyy", "": "long"}
_STAMP = {"vi": "HH:mm 'ngày' dd/MM", "en": "HH:mm 'on' d MMMM", "": "HH:mm, dd/MM"}


def N_(message: str) -> str:  # noqa: N802  # the name every translation tool knows
    """Marks a string for the translators where it is written and said only later: `t(label)`."""
    return message


@dataclass(frozen=True, slots=True)
class Translator:
    """Says our texts in one language and one time zone. Called as `t("Room {room}", room="305")`.

    A text missing in the language is looked up along its chain. Values are inserted as they are;
    a name without a value is a KeyError, for that is a mistake in our code.
    """

    language: Language
    zone: tzinfo
    formats: str
    _chain: tuple[tuple[Language, Mapping[str, Texted]], ...] = field(repr=False)

    def __call__(self, message: str, /, **values: object) -> str:
        """The message in this language, with {names} filled in."""
        _, text = self._found(message)
        return _filled(text if isinstance(text, str) else text[0], values)

    def count(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """As a call, for `n` things; {n} is filled in. For organisers' pages only.

        A delegate reads "Số xe: 3", which needs no plural in any language.
        """
        language, text = self._found(singular)
        if isinstance(text, str):
            text = (singular, plural) if language is None else (text,)
        form = int(n != 1) if language is None else language.form(n)
        return _filled(text[min(form, len(text) - 1)], {"n": n, **values})

    def spoken_in(self, message: str) -> str:
        """The code of the language this message is really said in, for an honest notice."""
        language, _ = self._found(message)
        return SOURCE if language is None else language.code

    def _found(self, message: str) -> tuple[Language | None, Texted]:
        for language, texts in self._chain:
            if message in texts:
                return language, texts[message]
            if language.code == SOURCE:
                break
        return None, message

    def date(self, day: Day) -> str:
        """Weekday and date: "Thứ Bảy, ngày 07/03/2026". A datetime is first moved to our zone."""
        return format_date(self._day(day), self._pattern(_DATE), locale=self.formats)

    def formal_date(self, day: Day) -> str:
        """A date as notices write it: "ngày 07 tháng 3 năm 2026" (Decree 30/2020, Annex I)."""
        day = self._day(day)
        if self.formats == "vi":
            month = f"{day.month:02}" if day.month < 3 else str(day.month)
            return f"ngày {day.day:02} tháng {month} năm {day.year}"
        return format_date(day, self._pattern(_FORMAL_DATE), locale=self.formats)

    def weekday(self, day: Day) -> str:
        """The day of the week: "Thứ Bảy"."""
        return format_date(self._day(day), "EEEE", locale=self.formats)

    def time(self, at: datetime) -> str:
        """The 24-hour time in our zone, in every language: "14:05"."""
        return f"{self._local(at):%H:%M}"

    def formal_time(self, at: datetime) -> str:
        """A time as notices write it: "14 giờ 30"; languages other than Vietnamese use "14:30"."""
        local = self._local(at)
        if self.formats != "vi":
            return f"{local:%H:%M}"
        return f"{local:%H} giờ {local:%M}" if local.minute else f"{local:%H} giờ"

    def stamp(self, at: datetime) -> str:
        """When something was written: "08:10 ngày 07/03"."""
        return format_datetime(self._local(at), self._pattern(_STAMP), locale=self.formats)

    def when(self, at: datetime, now: datetime) -> str:
        """A time to come: "Thứ Bảy, ngày 07/03/2026, 14:30", and within the hour "(còn 15 phút)".

        Minutes are rounded down, so that nobody comes late by our word.
        """
        told = self(N_("{date}, {time}"), date=self.date(at), time=self.time(at))
        left = at - now
        if not timedelta(0) < left <= NEAR:
            return told
        minutes = left // timedelta(minutes=1)
        if not minutes:
            return self(N_("{when} (now)"), when=told)
        near = self.count("{n} minute left", "{n} minutes left", minutes)
        return self(N_("{when} ({near})"), when=told, near=near)

    def join(self, items: Sequence[str]) -> str:
        """A list in words: "A, B và C"."""
        return format_list(list(items), locale=self.formats)

    def _pattern(self, patterns: Mapping[str, str]) -> str:
        return patterns.get(self.formats, patterns[""])

    def _day(self, day: Day) -> Day:
        return self._local(day).date() if isinstance(day, datetime) else day

    def _local(self, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("a time without a zone cannot be shown")
        return at.astimezone(self.zone)


def _filled(text: str, values: Mapping[str, object]) -> str:
    def fill(hit: re.Match[str]) -> str:
        return hit[0][0] if hit[1] is None else str(values[hit[1]])

    return _FIELD.sub(fill, text)


@dataclass(frozen=True, slots=True)
class Texts:
    """Every catalogue in memory; hands out translators. Loaded once, at start."""

    languages: Languages
    _said: Mapping[str, Mapping[str, Texted]] = field(repr=False)

    @classmethod
    def load(
        cls, folder: Path, codes: Iterable[str] | None = None, *, drafts: bool = False
    ) -> "Texts":
        """Reads the table and the catalogues of `codes` (all, when None) with their chains.

        A draft catalogue is read only with `drafts`, for rehearsals with its reviewers.
        ContentError names every wrong message of every catalogue at once.
        """
        languages = Languages.load(folder / TABLE)
        chosen = languages if codes is None else [c for c in codes if c in languages]
        needed = dict.fromkeys([LAST, *(c for code in chosen for c in languages[code].chain)])
        said: dict[str, Mapping[str, Texted]] = {}
        mistakes: list[Mistake] = []
        for code in needed:
            if languages[code].draft and not drafts:
                continue
            try:
                said[code] = translations(catalogue_path(folder, code), languages[code])
            except ContentError as error:
                mistakes += error.mistakes
        if mistakes:
            raise ContentError(*mistakes)
        return cls(languages, said)

    def translator(self, code: str, zone: tzinfo) -> Translator:
        """Speaks `code` as far as it can, then its chain. An unknown code speaks Vietnamese."""
        language = self.languages.get(code) or self.languages[LAST]
        chain = tuple((self.languages[c], self._said.get(c, {})) for c in language.chain)
        speaking = (known for known, texts in chain if texts or known.code in (SOURCE, LAST))
        return Translator(language, zone, next(speaking, language).formats, chain)
