"""How well questions find their answers, beside what people would otherwise use.

    DONGHANH_TEST_DATA=<folder that holds qa/> python -m bench.answers

Every set is learnt and asked once by each: right first answer in scope, in percent, as it was
written and as people type it. The others read lower-case text, as their manuals begin. The last
table says what our own threshold does, found from the examples alone.
"""

import itertools
import os
import random
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

import bm25s
import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.answers import Example, Matcher
from bot.answers.measure import OUT_OF_SCOPE
from bot.cli.answers import measured
from bot.text import fold

ROOT = Path(__file__).resolve().parents[1]
SETS = (
    *((f"clinc150.train{shots}", "clinc150.dev") for shots in (5, 10, 20)),
    *((f"hwu64.train{shots}", "hwu64.dev") for shots in (5, 10, 20)),
    ("massive-vi5.train", "massive-vi5.dev"),
    ("vi-ptit.train", "vi-ptit.dev"),
)
TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
TELEX_SHAPES = {"\u0306": "w", "\u031b": "w"}
VNI = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
VNI_SHAPES = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}
CHAT = {
    "không": "ko",
    "được": "dc",
    "gì": "j",
    "vậy": "z",
    "với": "vs",
    "rồi": "r",
    "biết": "bt",
    "bao nhiêu": "bn",
    "như thế nào": "ntn",
    "khách sạn": "ks",
    "phòng": "p",
    "người": "ng",
    "giờ": "h",
    "mình": "mk",
    "làm": "lm",
    "cũng": "cx",
    "điện thoại": "đt",
    "bây giờ": "bh",
    "you": "u",
    "are": "r",
    "please": "pls",
    "to": "2",
    "for": "4",
    "what": "wat",
}
_TYPED = re.compile(r"\w+")
Answerer: TypeAlias = Callable[[Sequence[str]], Sequence[str]]
Learner: TypeAlias = Callable[[Sequence[Example]], Answerer]


def telex(text: str) -> str:
    """What prints when the input method is off: the tone at the end of every second word."""
    return _keyed(text.replace("đ", "dd").replace("Đ", "Dd"), TELEX, TELEX_SHAPES)


def vni(text: str) -> str:
    """The same for people who type VNI."""
    return _keyed(text.replace("đ", "d9").replace("Đ", "D9"), VNI, VNI_SHAPES)


def _keyed(text: str, tones: dict[str, str], shapes: dict[str, str]) -> str:
    turn = itertools.cycle((True, False))
    return _TYPED.sub(
        lambda word: _keys(word[0], tones, shapes, tone_last=next(turn)), normalize("NFC", text)
    )


def _keys(word: str, tones: dict[str, str], shapes: dict[str, str], *, tone_last: bool) -> str:
    keys = tone = base = ""
    for letter in normalize("NFD", word):
        if letter in tones and tone_last:
            tone = tones[letter]
        elif letter in tones or letter in shapes:
            keys += tones.get(letter) or shapes[letter]
        elif letter == "\u0302":
            keys += base
        else:
            base = letter
            keys += letter
    return keys + tone


def chat(text: str) -> str:
    """Chat spelling, no accents, and a letter missing, doubled or changed about every twentieth."""
    for whole, short in CHAT.items():
        text = f" {text} ".replace(f" {whole} ", f" {short} ").strip()
    chance = random.Random(text)
    return "".join(_slip(letter, chance) for letter in fold(text))


def _slip(letter: str, chance: random.Random) -> str:
    if not letter.isalpha() or chance.random() >= 0.05:
        return letter
    return chance.choice(("", letter * 2, chance.choice("abcdefghiklmnopqrstuvxy")))


WAYS: dict[str, Callable[[str], str]] = {
    "written": str,
    "no accents": fold,
    "Telex": telex,
    "VNI": vni,
    "chat+slips": chat,
}


def _ours(examples: Sequence[Example]) -> Answerer:
    matcher, language = Matcher.build(examples), examples[0].language

    def answer(texts: Sequence[str]) -> list[str]:
        found = [matcher.matches(text, language) for text in texts]
        return [matches[0].answer_id if matches else "" for matches in found]

    return answer


def _cosine(examples: Sequence[Example]) -> Answerer:
    terms = TfidfVectorizer()
    rows = terms.fit_transform(_texts(examples))
    return lambda texts: _owners(examples, (terms.transform(texts) @ rows.T).toarray())


def _regression(examples: Sequence[Example]) -> Answerer:
    terms = TfidfVectorizer()
    rows = terms.fit_transform(_texts(examples))
    machine = LogisticRegression(max_iter=200, C=10).fit(rows, [e.answer_id for e in examples])
    return lambda texts: [str(one) for one in machine.predict(terms.transform(texts))]


def _bm25(examples: Sequence[Example]) -> Answerer:
    index = bm25s.BM25()
    index.index([text.lower().split() for text in _texts(examples)], show_progress=False)
    return lambda texts: _owners(
        examples, np.array([index.get_scores(text.lower().split()) for text in texts])
    )


def _fuzzy(examples: Sequence[Example]) -> Answerer:
    known = [text.lower() for text in _texts(examples)]
    return lambda texts: _owners(
        examples,
        process.cdist([text.lower() for text in texts], known, scorer=fuzz.token_sort_ratio),
    )


def _full_text(examples: Sequence[Example]) -> Answerer:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE example USING fts5(text, owner UNINDEXED)")
    database.executemany(
        "INSERT INTO example VALUES (?, ?)", [(e.text, e.answer_id) for e in examples]
    )
    find = "SELECT owner FROM example WHERE example MATCH ? ORDER BY rank LIMIT 1"

    def answer(text: str) -> str:
        words = " OR ".join(f'"{word}"' for word in text.replace('"', " ").split())
        row = database.execute(find, (words,)).fetchone() if words else None
        return str(row[0]) if row else ""

    return lambda texts: [answer(text) for text in texts]


LEARNERS: dict[str, Learner] = {
    "ours": _ours,
    "tf-idf": _cosine,
    "tf-idf+LR": _regression,
    "bm25s": _bm25,
    "rapidfuzz": _fuzzy,
    "FTS5": _full_text,
}


def _texts(examples: Sequence[Example]) -> list[str]:
    return [example.text for example in examples]


def _owners(examples: Sequence[Example], likeness: "np.ndarray") -> list[str]:
    return [examples[at].answer_id for at in likeness.argmax(axis=1)]


def tasks() -> Iterator[tuple[str, list[Example], list[Example]]]:
    folder = data()
    for learnt, asked in SETS:
        yield learnt, load(folder / f"{learnt}.tsv"), load(folder / f"{asked}.tsv")


def data() -> Path:
    """The folder of labelled sets, given or found in a neighbouring folder."""
    if named := os.environ.get("DONGHANH_TEST_DATA"):
        return Path(named) / "qa"
    found = (folder for parent in ROOT.parents for folder in sorted(parent.glob("*/data/qa")))
    return next(found, Path("qa"))


def load(file: Path) -> list[Example]:
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:])
    return [Example(intent, text, language) for language, intent, text in rows]


def main() -> None:
    print(f"{'set':18}{'asked':12}" + "".join(f"{name:>11}" for name in LEARNERS), flush=True)
    figures = {}
    for name, examples, questions in tasks():
        inside = [one for one in questions if one.answer_id != OUT_OF_SCOPE]
        learnt = {engine: learn(examples) for engine, learn in LEARNERS.items()}
        for way, typed in WAYS.items():
            if way in ("no accents", "Telex", "VNI") and examples[0].language != "vi":
                continue
            texts = [typed(one.text) for one in inside]
            cells = [_right(answer(texts), inside) for answer in learnt.values()]
            print(f"{name:18}{way:12}" + "".join(f"{cell:11.1f}" for cell in cells), flush=True)
        figures[name] = measured(examples, questions, 0.95)
    print(f"\n{'set':18}" + "".join(f"{key[:10]:>11}" for key in next(iter(figures.values()))))
    for name, row in figures.items():
        shown = ("-" if cell is None else format(cell, ".3f") for cell in row.values())
        print(f"{name:18}" + "".join(f"{cell:>11}" for cell in shown))


def _right(answers: Sequence[str], questions: Sequence[Example]) -> float:
    pairs = zip(answers, questions, strict=True)
    return 100 * sum(answer == one.answer_id for answer, one in pairs) / len(questions)


if __name__ == "__main__":
    main()
