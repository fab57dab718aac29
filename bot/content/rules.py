"""Every rule a content folder is read by: its name, does it block, what is wrong, how to mend it.

One table, so that the guide for organisers and the translations can be checked against it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import Mistake


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `blocks` says whether content that breaks it is refused or only remarked on."""

    what: str
    cure: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Finding(Mistake):
    """A mistake with the name of its rule, and the values its sentences were filled with."""

    rule: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def blocks(self) -> bool:
        """True for a mistake that refuses the content, False for a warning."""
        return RULES[self.rule].blocks

    def said(self, t: Callable[..., str]) -> tuple[str, str]:
        """What is wrong and how to mend it, in the language of a translator."""
        values = dict(self.values)
        return t(RULES[self.rule].what, **values), t(RULES[self.rule].cure, **values)


def finding(file: str, line: int, rule: str, /, **values: object) -> Finding:
    """Fill a rule's sentences. `line` is 0 when the content did not come from a file."""
    filled = {name: str(value) for name, value in values.items()}
    what, cure = RULES[rule].what.format(**filled), RULES[rule].cure.format(**filled)
    return Finding(file, line, what, cure, rule, tuple(sorted(filled.items())))


def N_(sentence: str) -> str:  # noqa: N802 - the name every extraction tool knows
    """Marks a sentence for translation; it is translated where it is shown."""
    return sentence


def _mistake(what: str, cure: str) -> Rule:
    return Rule(what, cure)


def _warning(what: str, cure: str) -> Rule:
    return Rule(what, cure, blocks=False)


_FILES = {
    "folder-missing": _mistake(
        N_("There is no such folder."),
        N_("Give the folder that holds event.toml."),
    ),
    "file-missing": _mistake(
        N_("The file {name} is missing."),
        N_("Write it; the content guide shows an example."),
    ),
    "symlink": _mistake(
        N_("This is a shortcut to another place."),
        N_("Put the real file here: content never leaves its folder."),
    ),
    "not-a-file": _mistake(N_("This is not an ordinary file."), N_("Remove it.")),
    "too-large": _mistake(
        N_("The file has {size}; at most {limit} are allowed."),
        N_("Make it smaller, or split it."),
    ),
    "too-many": _mistake(
        N_("There are {count} {kind}; at most {limit} are allowed."),
        N_("Remove what is not needed."),
    ),
    "encoding": _mistake(
        N_("The file is not UTF-8 text ({guess})."),
        N_("Save it again with the encoding UTF-8."),
    ),
    "toml": _mistake(
        N_("The file cannot be read from here on: {reason}."),
        N_("Look for a missing quote, bracket or equals sign on this line or the one above."),
    ),
    "byte-order-mark": _warning(
        N_("The file begins with an invisible mark (BOM)."),
        N_("Nothing to do now; choose UTF-8 without BOM when you save."),
    ),
    "line-ends": _warning(
        N_("The lines end the Windows way."),
        N_("Nothing to do: they are read as they should be."),
    ),
    "not-composed": _warning(
        N_("Accented letters are stored in parts."),
        N_("Nothing to do: they are put together when read."),
    ),
    "invisible": _warning(
        N_("The text holds invisible characters, probably from a copied page."),
        N_("Nothing to do: they are dropped when read."),
    ),
    "file-name": _mistake(
        N_('"{name}" is not a name for a file here.'),
        N_("Use small letters a-z, digits and hyphens, like {example}."),
    ),
    "unread": _warning(
        N_("Nothing reads this file."),
        N_("Move it to its folder, mend its name, or remove it."),
    ),
}

_SHAPE = {
    "unknown-key": _mistake(
        N_('"{key}" is not known here.'),
        N_("Remove it, or write one of: {known}."),
    ),
    "misspelt-key": _mistake(N_('"{key}" is not known here.'), N_('Write "{near}".')),
    "missing-key": _mistake(N_('"{key}" is missing.'), N_("Add it, for example: {example}")),
    "not-text": _mistake(N_('"{key}" must be words in quotes.'), N_("Write: {example}")),
    "not-list": _mistake(N_('"{key}" must be a list of words in quotes.'), N_("Write: {example}")),
    "not-flag": _mistake(N_('"{key}" must be true or false.'), N_("Write: {example}")),
    "not-number": _mistake(N_('"{key}" must be a number.'), N_("Write: {example}")),
    "not-date": _mistake(N_('"{key}" must be a date without quotes.'), N_("Write: {example}")),
    "not-moment": _mistake(
        N_('"{key}" must be a date and time with its zone, without quotes.'),
        N_("Write: {example}"),
    ),
    "not-table": _mistake(N_('"{key}" must be a table.'), N_("Write: {example}")),
    "wrong-value": _mistake(N_('"{key}" cannot be "{value}".'), N_("Write: {example}")),
    "not-one-of": _mistake(N_('"{key}" cannot be "{value}".'), N_("There are: {known}.")),
    "control-character": _mistake(
        N_('"{key}" holds a control character ({code}).'),
        N_("Delete it and type the words again."),
    ),
    "missing-language": _mistake(
        N_("The table [{language}] is missing."),
        N_("Write it, or take {language} out of the event's languages."),
    ),
    "draft-vi": _mistake(
        N_("The Vietnamese words cannot be a draft: everything falls back to them."),
        N_("Finish them and remove draft = true."),
    ),
    "duplicate": _mistake(
        N_('"{value}" is used twice; the other one is {other}.'),
        N_("Give one of the two another name."),
    ),
    "unknown": _mistake(
        N_('"{key}" names "{value}", which does not exist.'), N_("There are: {known}.")
    ),
    "misspelt": _mistake(
        N_('"{key}" names "{value}", which does not exist.'), N_('Did you mean "{near}"?')
    ),
    "audience-grammar": _mistake(
        N_('"{term}" is not an audience.'),
        N_("There are: public, linked, and delegation, group, role, hotel or bus with a name."),
    ),
    "audience-empty": _mistake(
        N_("An empty list admits nobody."), N_('Write audience = "linked", or remove the file.')
    ),
    "audience-swallowed": _mistake(
        N_('"{term}" already admits all the others in this list.'),
        N_("Keep only the one that is meant."),
    ),
    "audience-private": _mistake(
        N_('"{term}" must never sort people: it would show who they are, and that is private.'),
        N_("Use delegation, group, role, hotel or bus."),
    ),
    "public-place": _mistake(
        N_("A hotel, a bus stop or a security post is never public: strangers must not know it."),
        N_('Use audience = "linked" or a smaller circle.'),
    ),
    "public-security": _mistake(
        N_("Security is never public."), N_('Use audience = "linked" or a smaller circle.')
    ),
    "public-names": _mistake(
        N_('This is public and names "{value}", a hotel, a bus stop or a security post.'),
        N_('Leave the name out, or use audience = "linked".'),
    ),
    "wider": _warning(
        N_('Strangers may read this, but not "{value}", which follows it.'),
        N_("Make the two audiences agree; strangers get the words only."),
    ),
}

_ANSWERS = {
    "go-and-text": _mistake(
        N_("There is both go and text; one question cannot have two answers."),
        N_("Keep go for personal or programme questions, otherwise keep text."),
    ),
    "no-text": _mistake(
        N_("There is neither text nor go."),
        N_("Write text, or name the handler that answers."),
    ),
    "few-questions": _mistake(
        N_("There are {count} questions; at least 6 are needed to recognise it."),
        N_("Write them as people really ask, with different words."),
    ),
    "few-questions-more": _warning(
        N_("There are {count} questions; with 6 it is recognised better."),
        N_("Ask the translators for more ways to say it."),
    ),
    "same-question": _mistake(
        N_('"{question}" is also a question of {other}.'),
        N_("Keep it in one of the two: nobody can tell which is meant."),
    ),
    "repeated-question": _warning(
        N_('"{question}" stands here twice; accents and case do not count.'),
        N_("Remove one of the two."),
    ),
    "slot": _mistake(
        N_('"{slot}" is not a slot.'),
        N_("There are: {known}. Write two braces to show one."),
    ),
    "braces": _mistake(
        N_("A brace opens or closes without its partner."),
        N_("Write slots like {{name}}; write two braces to show one."),
    ),
    "no-slots-here": _mistake(
        N_('"{slot}" cannot be filled in here.'),
        N_("Slots belong in the text of an answer."),
    ),
    "public-slot": _warning(
        N_('A stranger has no record, so "{slot}" will read "not announced yet".'),
        N_('Use audience = "linked", or leave the slot out.'),
    ),
    "bold": _mistake(
        N_("Two stars open bold words and nothing closes them."),
        N_("Write **Phòng 305** with two stars on each side."),
    ),
    "identity-card": _mistake(
        N_("The text asks for a picture of an identity card."),
        N_("Never ask for one: the desk checks the card by eye and keeps nothing."),
    ),
}

_PLACES = {
    "picture-caption": _mistake(
        N_("A picture needs a caption in {language}."),
        N_("Add caption: one sentence that says what the picture shows."),
    ),
    "landmark-picture": _mistake(
        N_("A landmark needs a picture: somebody who is lost chooses it by what she sees."),
        N_('Draw it or take a photograph, and write picture = "{example}".'),
    ),
    "picture-bytes": _mistake(
        N_("This is not a {kind} picture, whatever its name says."),
        N_("Save the picture again as {kind}."),
    ),
    "picture-script": _mistake(
        N_("The drawing holds a program or reaches for something outside ({found})."),
        N_("Save it as a plain drawing, or as PNG."),
    ),
    "half-point": _mistake(
        N_("A map point needs both lat and lon."),
        N_("Add the missing one, in degrees like 21.0278."),
    ),
    "far-point": _warning(
        N_("The map point is not in Viet Nam."),
        N_("Are lat and lon exchanged? Hà Nội is lat = 21.03, lon = 105.85."),
    ),
    "desk-facts": _warning(
        N_('A {kind} without "{key}" leaves people alone.'),
        N_("Add it, for example: {example}"),
    ),
    "same-sign": _mistake(
        N_('"{value}" also names the place {other}.'),
        N_("A name in the roster must lead to one place: change matches."),
    ),
    "time-order": _mistake(
        N_("It ends before it begins ({start} to {end})."),
        N_("Mend the times; what runs past midnight becomes two items."),
    ),
    "day-range": _mistake(
        N_("Day {day} is not one of the {days} days of the event."),
        N_("Mend day, or days in event.toml."),
    ),
}

_DOCUMENTS = {
    "not-open": _mistake(
        N_('A document marked "{value}" belongs to the official document system, not to a chat.'),
        N_("Remove its file and summary, write official = true, and say in where how to get it."),
    ),
    "official-holds": _mistake(
        N_('An official document is only told of: "{key}" must not be here.'),
        N_("Remove it; only the title and where it is had are told."),
    ),
    "where-for-official": _mistake(
        N_('"{key}" is for official documents; this one is given by chat.'),
        N_("Remove it, or write official = true and remove the file."),
    ),
    "document-lacks": _mistake(
        N_('A document needs "{key}" in {language}.'),
        N_("Add it, for example: {example}"),
    ),
    "paper-alive": _mistake(
        N_("The PDF holds more than pages to read ({found})."),
        N_("Print it to a new PDF: without programs, forms, attachments and passwords."),
    ),
    "long-name": _mistake(
        N_("The name of this file has {count} letters; a button carries {limit}."),
        N_("Choose a shorter name."),
    ),
}

_STYLE = {
    "too-long": _mistake(
        N_('"{key}" has {count} visible characters; at most {limit} are read on a small phone.'),
        N_("Say the fact first and leave out the rest."),
    ),
    "long-sentence-short": _mistake(
        N_("A sentence of the simple text has {count} syllables; at most 15 are followed."),
        N_('Cut it in two: "{begins}…"'),
    ),
    "no-short-simple": _mistake(
        N_("Delegates are told things short here, and the text has {count} visible characters."),
        N_("Write short with at most 160, or shorten the text."),
    ),
    "forbidden-word": _mistake(
        N_('"{word}" is not for delegates.'),
        N_("Write: {instead}."),
    ),
    "abbreviation": _mistake(
        N_('"{word}" is an abbreviation.'),
        N_("Write the words in full."),
    ),
    "clock-style": _mistake(
        N_('"{word}" is not how a time is written.'),
        N_("Write 14:30."),
    ),
    "long-sentence": _warning(
        N_("A sentence has {count} syllables; at most 15 are followed."),
        N_('Cut it in two: "{begins}…"'),
    ),
    "many-sentences": _warning(
        N_('"{key}" has {count} sentences; at most 3 are remembered.'),
        N_("Keep one idea; make another answer for the next."),
    ),
    "many-questions": _warning(
        N_('"{key}" asks {count} questions.'),
        N_("Ask one thing at a time."),
    ),
    "long-title": _warning(
        N_("The title has {count} visible characters; a button shows 20."),
        N_("Use a verb and an object, or one noun."),
    ),
    "no-short": _warning(
        N_("There is no short text, and the text has {count} visible characters."),
        N_("Write short with at most 160 for people who read slowly."),
    ),
    "exclamation": _warning(
        N_("There is an exclamation mark; they are kept for safety."),
        N_("End with a full stop, or set sensitive = true if this is about safety."),
    ),
    "tone-style": _warning(
        N_('"{word}" has its tone mark in the other style.'),
        N_('Write "{instead}" like everywhere else.'),
    ),
    "please-chain": _warning(
        N_('"Vui lòng" stands here {count} times.'),
        N_("Once in a text is enough; better: Mời đại biểu …"),
    ),
    "address": _warning(
        N_('"{word}" is not how a delegate is addressed.'),
        N_('Write "đại biểu", or no pronoun at all.'),
    ),
    "emoji": _warning(
        N_('The sign "{word}" is not one of those we use.'),
        N_("Use words; allowed are 🔊 ↩︎ 🙋 🌐 ✅ ⚠️ 🆘 🙂 🙁 ▶ ● ○."),
    ),
}

RULES: dict[str, Rule] = {**_FILES, **_SHAPE, **_ANSWERS, **_PLACES, **_DOCUMENTS, **_STYLE}
