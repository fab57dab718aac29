"""Who may be told what: the small grammar of audiences, and the groups that must never be one.

Nothing is public by accident: the default is "linked", people tied to the roster.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.text import fold, nfc

PUBLIC = "public"
LINKED = "linked"
KINDS = ("delegation", "group", "role", "hotel", "bus")

_EVERYBODY = (PUBLIC, LINKED)
# The privacy rules: language is a proxy for ethnic origin, so none of these may sort people.
_FORBIDDEN = re.compile(
    r"(language|lang|ngon ngu|tieng|comfort|cach nhan|consent|dong y|ethnic[a-z]*|dan toc|religion"
    r"|ton giao|party|dang vien|sex|gender|gioi tinh|age|tuoi|health|suc khoe)([^a-z].*|$)"
)


class AudienceError(ValueError):
    """An audience is not the grammar, or sorts people by who they are. `rule` names the rule of
    `bot.content.rules` it breaks; `term` is what was written."""

    def __init__(self, rule: str, term: str = "") -> None:
        self.rule, self.term = rule, term
        super().__init__(f"{rule}: {term}")


@dataclass(frozen=True, slots=True)
class Facets:
    """What an audience may look at in one person: her roster record and nothing else.

    Values are as printed in the roster; an empty one belongs to no audience. Without `linked`
    (tied to an active line of the roster) only what is public reaches her.
    """

    linked: bool = False
    delegation: str = ""
    group: str = ""
    role: str = ""
    hotel: str = ""
    bus: str = ""


NOBODY = Facets()


@dataclass(frozen=True, slots=True)
class Audience:
    """Any of its terms admits a person: "public", "linked", or a kind and a name ("group:1")."""

    terms: tuple[str, ...] = (LINKED,)

    @property
    def is_public(self) -> bool:
        """True when a stranger may read it."""
        return PUBLIC in self.terms

    @property
    def names_hotels(self) -> bool:
        """True when it sorts people by where they stay."""
        return any(term.startswith("hotel:") for term in self.terms)

    def admits(self, who: Facets) -> bool:
        """Whether this person may be told. A stranger is admitted by "public" only."""
        if self.is_public:
            return True
        return who.linked and any(_fits(term, who) for term in self.terms)

    @classmethod
    def parse(cls, terms: str | Sequence[str]) -> "Audience":
        """Read `"linked"` or `["group:1", "role:Trưởng đoàn"]`; the order never matters.

        Raises AudienceError for a group that privacy forbids and for anything outside the grammar.
        """
        given = [terms] if isinstance(terms, str) else list(terms)
        if not given:
            raise AudienceError("audience-empty")
        parsed = {_key(term): term for term in map(_term, given)}
        wide = [term for term in parsed.values() if term in _EVERYBODY]
        if wide and len(parsed) > 1:
            raise AudienceError("audience-swallowed", wide[0])
        return cls(tuple(parsed[key] for key in sorted(parsed)))


def _term(written: str) -> str:
    term = " ".join(nfc(written).split())
    if term in _EVERYBODY:
        return term
    kind, colon, name = (part.strip() for part in term.partition(":"))
    if _FORBIDDEN.match(fold(kind).replace("-", " ").replace("_", " ")):
        raise AudienceError("audience-private", kind)
    if kind not in KINDS or not colon or not name:
        raise AudienceError("audience-grammar", term)
    return f"{kind}:{name}"


def _fits(term: str, who: Facets) -> bool:
    if term == LINKED:
        return True
    kind, _, name = term.partition(":")
    theirs = str(getattr(who, kind))
    return bool(theirs.strip()) and name_key(theirs) == name_key(name)


@lru_cache(maxsize=4096)  # the same few hotels, groups and delegations, many times a turn
def name_key(name: str) -> str:
    """What two spellings of one name share: accents, case and leading zeros do not matter."""
    folded = " ".join(fold(name).split())
    return (folded.lstrip("0") or "0") if folded.isdecimal() else folded


def _key(term: str) -> tuple[str, str]:
    kind, _, name = term.partition(":")
    return kind, name_key(name)
