"""One catalogue file, read with distrust: a translation is text from outside our team.

Babel parses the file; the rules about {names} are ours, because Babel accepts any. There are no
compiled catalogues: parsing ten languages at start costs less than keeping copies in step.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from bot.errors import ContentError, Mistake
from bot.i18n.languages import Language
from bot.text import nfc

Texted = str | tuple[str, ...]  # one text, or one for each plural form

_ANY_TRANSLATION = re.compile(rb'^msgstr(?:\[\d\])? "(?:[^"\n]|"\n")', re.MULTILINE)


def catalogue_path(folder: Path, code: str) -> Path:
    """Where the translations of a language stand, under the folder `locales`."""
    return folder / code / "LC_MESSAGES" / "donghanh.po"


def names_in(text: str) -> frozenset[str]:
    """The names in braces. ValueError when one is more than a plain name.

    A translation is text from outside: `{person.__class__}` or `{room!r:>99999999}` must never
    reach anything that would obey it.
    """
    names = set()
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not (name.isascii() and name.isidentifier()) or spec or conversion:
            raise ValueError(f"{{{name}}} is not a plain name")
        names.add(name)
    return frozenset(names)


def field_mistakes(message: Message, file: str) -> Iterator[Mistake]:
    """What is wrong with the {names} of one translated message, compared with its source."""
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    for text in filter(None, texts):
        what = _field_mistake(text, sources)
        if what:
            cure = "Use exactly the {names} of the source, as plain words in braces."
            yield Mistake(file, message.lineno or 1, f"{text!r} {what}", cure)


def _field_mistake(text: str, sources: list[str]) -> str | None:
    try:
        found, expected = names_in(text), [names_in(source) for source in sources]
    except ValueError as error:
        return f"cannot be filled in: {error}."
    if found in expected:
        return None
    names = ", ".join(sorted(found)) or "no names"
    return f"fills in {names}; its source is {sources[-1]!r}."


def read_catalogue(path: Path, name: str) -> Catalog:
    """Parses a .po file; ContentError, naming the file as `name`, when that is impossible."""
    try:
        return read_po(BytesIO(path.read_bytes()), abort_invalid=True)
    except PoFileError as error:
        wrong = Mistake(name, error.lineno + 1, f"{error}.", "Mend the file in a PO editor.")
        raise ContentError(wrong) from error
    except (UnicodeDecodeError, LookupError) as error:
        wrong = Mistake(name, 1, "The file is not UTF-8.", "Save it as UTF-8.")
        raise ContentError(wrong) from error


def translations(path: Path, language: Language) -> dict[str, Texted]:
    """The finished texts of one catalogue by their source; fuzzy and half-done ones left out."""
    raw = path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""
    if not _ANY_TRANSLATION.search(raw.partition(b"\n\n")[2]):
        return {}  # a slot that waits for its translators costs nothing
    name = catalogue_path(Path("locales"), language.code).as_posix()
    catalogue, texts = read_catalogue(path, name), dict[str, Texted]()
    mistakes: list[Mistake] = []
    for message in catalogue:
        if not message.id or message.fuzzy or not message.string:
            continue
        mistakes += field_mistakes(message, name)
        if isinstance(message.id, str):
            texts[message.id] = nfc(str(message.string))
        elif all(message.string[: language.forms]):
            texts[message.id[0]] = tuple(map(nfc, message.string[: language.forms]))
    if mistakes:
        raise ContentError(*mistakes)
    return texts
