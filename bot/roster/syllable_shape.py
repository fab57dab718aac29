"""Could this word be a Vietnamese syllable? It tells well-read text from badly decoded text.

A syllable is an onset, a rhyme and at most one tone, and the language has only about 160 rhymes;
text read in the wrong encoding breaks one of the three at once. Names from other languages fail
too, so only the share over many words means anything.
"""

from functools import lru_cache
from unicodedata import normalize

_ONSET_LIST = "ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p q r s t v x"
_RHYME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay
    ăc ăm ăn ăng ăp ăt
    âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et
    ê êch êm ên ênh êp êt êu
    i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oen oeo oet ooc oong
    ô ôc ôi ôm ôn ông ôp ôt
    ơ ơi ơm ơn ơp ơt
    u uc ui um un ung up ut ua uôc uôi uôm uôn uông uôt uân uâng uât uây
    uê uêch uên uênh uêt uơ uy uya uych uyn uynh uyp uyt uyu uyên uyêt
    ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu
    y ych yn ynh yt yêm yên yêng yêt yêu
"""
_ONSETS = (*_ONSET_LIST.split(), "")  # a syllable may begin with its vowel
_RHYMES = frozenset(_RHYME_LIST.split())
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHORT_TONES = ("", "\u0301", "\u0323")  # a rhyme closed by c, ch, p or t is cut off: sắc, nặng


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether the word has the shape of a Vietnamese syllable, in any case."""
    parts = normalize("NFD", word.lower())
    tones = "".join(mark for mark in parts if mark in _TONES)
    if len(tones) > 1:
        return False
    bare = normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    if bare.endswith(("c", "ch", "p", "t")) and tones not in _SHORT_TONES:
        return False
    return any(bare.startswith(onset) and bare[len(onset) :] in _RHYMES for onset in _ONSETS)
