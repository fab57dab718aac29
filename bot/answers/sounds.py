"""Chat spelling by sound: "fong" for "phòng", "zô" for "vô", "wên" for "quên".

Works on folded words that no example holds, and only proposes words that some example does: "wifi"
and "zalo" stay what they are.
"""

from collections.abc import Mapping

from bot.answers.telex import is_borrowed

# A letter that no Vietnamese syllable begins with, and those that are meant by it.
_MEANT = {"dz": ("d", "v", "gi"), "f": ("ph",), "j": ("gi",), "w": ("qu",), "z": ("v", "d", "gi")}


def sounded(word: str, known: Mapping[str, int]) -> list[str]:
    """The known words this folded, unknown one sounds like, the commonest first."""
    if is_borrowed(word) or not (word.isascii() and word.isalpha()):
        return []
    letters = word[:2] if word[:2] in _MEANT else word[:1]
    rest = word[len(letters) :]
    spelt = {f"{onset}{rest}".replace("gii", "gi") for onset in _MEANT.get(letters, ())}
    return sorted(spelt & known.keys(), key=lambda one: (-known[one], one))
