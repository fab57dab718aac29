"""How well questions find their answers, beside a linear support vector machine, and how fast.

    DONGHANH_TEST_DATA=<folder that holds qa/> python bench/answers.py

Prints one table for labelled sets, one for the thresholds and one for the time an index takes.
Every question is asked as it was written, without accents, with a slip of the finger about every
twenty letters and, in Vietnamese, with the keyboard's Telex switched off. The machine it is
compared with reads folded text and the same kinds of terms.
"""

import os
import random
import statistics
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from bot.answers import Example, Index, Match
from bot.answers.verdict import ANSWER_COVERED, ANSWER_FROM, weighed
from bot.text import fold

ROOT = Path(__file__).resolve().parents[1]
OUT_OF_SCOPE = "__oos__"
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
SETS = (
    ("clinc150.train5", "clinc150.dev"),
    ("clinc150.train10", "clinc150.dev"),
    ("clinc150.train20", "clinc150.dev"),
    ("hwu64.train5", "hwu64.dev"),
    ("hwu64.train10", "hwu64.dev"),
    ("hwu64.train20", "hwu64.dev"),
    ("massive-vi5.train", "massive-vi5.dev"),
    ("vi-ptit.train", "vi-ptit.dev"),
)
TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
SHAPES = {"\u0306": "w", "\u031b": "w"}


@dataclass(frozen=True)
class Task:
    """Examples to learn and questions to ask, in one or several rounds."""

    name: str
    rounds: tuple[tuple[list[Example], list[Example]], ...]

    @property
    def language(self) -> str:
        return self.rounds[0][0][0].language


def telex(text: str) -> str:
    """What prints when the input method is off: the tone after its vowel in every second word."""
    return " ".join(_keys(word, tone_last=at % 2 == 0) for at, word in enumerate(text.split()))


def _keys(word: str, *, tone_last: bool) -> str:
    keys = tone = base = ""
    for letter in normalize("NFD", word.replace("đ", "dd").replace("Đ", "Dd")):
        if letter in TONES and tone_last:
            tone = TONES[letter]
        elif letter in TONES or letter in SHAPES:
            keys += TONES.get(letter) or SHAPES[letter]
        elif letter == "\u0302":
            keys += base
        else:
            base = letter
            keys += letter
    return keys + tone


def slips(text: str) -> str:
    """Folded, with a letter missing, doubled or changed about every twentieth; always the same."""
    chance = random.Random(text)
    return "".join(_slip(letter, chance) for letter in fold(text))


def _slip(letter: str, chance: random.Random) -> str:
    if not letter.isalpha() or chance.random() >= 0.05:
        return letter
    return chance.choice(("", letter * 2, chance.choice("abcdefghiklmnopqrstuvxy")))


def tasks() -> Iterator[Task]:
    folder = data()
    for learnt, asked in SETS if folder else ():
        yield Task(learnt, ((load(folder / f"{learnt}.tsv"), load(folder / f"{asked}.tsv")),))
    written = sample()
    for language in ("vi", "en"):
        mine = [example for example in written if example.language == language]
        rounds = tuple((part(mine, at, kept=True), part(mine, at, kept=False)) for at in range(8))
        yield Task(f"sample congress ({language})", rounds)


def data() -> Path:
    """The folder of labelled sets, given or found in a neighbouring folder."""
    if named := os.environ.get("DONGHANH_TEST_DATA"):
        return Path(named) / "qa"
    found = (folder for parent in ROOT.parents for folder in sorted(parent.glob("*/data/qa")))
    return next(found, Path("qa"))


def load(file: Path) -> list[Example]:
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:])
    return [Example(intent, text, language) for language, intent, text in rows]


def sample() -> list[Example]:
    return [
        Example(f"{file.parent.name}/{file.stem}", question, language)
        for file in sorted((ROOT / "content" / "sample" / "answers").rglob("*.toml"))
        for language, written in tomllib.loads(file.read_text(encoding="utf-8")).items()
        if isinstance(written, dict)
        for question in written.get("questions", ())
    ]


def part(examples: Sequence[Example], at: int, *, kept: bool) -> list[Example]:
    """Every eighth example of each answer, or the others."""
    turns: dict[str, int] = {}
    chosen = []
    for example in examples:
        turns[example.answer_id] = turn = turns.get(example.answer_id, -1) + 1
        if (turn % 8 == at) != kept:
            chosen.append(example)
    return chosen


def reference(examples: Sequence[Example], questions: Sequence[str]) -> list[str]:
    """The answers a linear support vector machine gives."""
    terms = {"preprocessor": fold, "sublinear_tf": True}
    machine = make_pipeline(
        make_union(
            TfidfVectorizer(token_pattern=r"\w+", ngram_range=(1, 2), **terms),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), **terms),
        ),
        LinearSVC(),
    )
    machine.fit([one.text for one in examples], [one.answer_id for one in examples])
    return [str(answer) for answer in machine.predict(list(questions))]


@dataclass
class Asked:
    """What became of the questions of a task, asked in one way."""

    found: list[tuple[str, tuple[Match, ...]]]
    machine: list[tuple[str, str]]
    seconds: list[float]
    build: float = float("inf")  # seconds, the quickest round

    def accuracy(self) -> float:
        inside = [(right, found) for right, found in self.found if right != OUT_OF_SCOPE]
        return share(bool(found) and found[0].answer_id == right for right, found in inside)

    def machine_accuracy(self) -> float:
        return share(right == given for right, given in self.machine if right != OUT_OF_SCOPE)

    def at(self, least: float) -> tuple[float, float, float]:
        """Coverage in scope, precision over all answers, share of strange questions answered."""
        given = [(right, found, self.is_given(found, least)) for right, found in self.found]
        return (
            share(yes for right, _, yes in given if right != OUT_OF_SCOPE),
            share(found[0].answer_id == right for right, found, yes in given if yes),
            share(yes for right, _, yes in given if right == OUT_OF_SCOPE),
        )

    @staticmethod
    def is_given(found: tuple[Match, ...], least: float) -> bool:
        if least == ANSWER_FROM:
            return weighed(found).kind == "answer"
        first = found[0] if found else None
        return first is not None and (
            first.score >= least and first.reason.covered >= ANSWER_COVERED
        )


Results: TypeAlias = list[tuple[Task, dict[str, Asked]]]


def share(facts: Iterable[bool]) -> float:
    counted = list(facts)
    return 100 * sum(counted) / len(counted) if counted else float("nan")


def ask(task: Task, typed: Callable[[str], str]) -> Asked:
    asked = Asked([], [], [])
    for examples, questions in task.rounds:
        began = time.perf_counter()
        index = Index.build(examples, task.language)
        asked.build = min(asked.build, time.perf_counter() - began)
        texts = [typed(question.text) for question in questions]
        for question, text in zip(questions, texts, strict=True):
            began = time.perf_counter()
            found = index.match(text)
            asked.seconds.append(time.perf_counter() - began)
            asked.found.append((question.answer_id, found))
        right = [question.answer_id for question in questions]
        asked.machine += zip(right, reference(examples, texts), strict=True)
    return asked


def with_strangers(task: Task) -> Task:
    """The task with every third answer unlearnt, in three rounds: its questions become strange."""
    if any(question.answer_id == OUT_OF_SCOPE for question in task.rounds[0][1]):
        return task
    answers = sorted({example.answer_id for example in task.rounds[0][0]})
    rounds = []
    for turn, unlearnt in enumerate(set(answers[start::3]) for start in range(3)):
        examples, questions = task.rounds[turn % len(task.rounds)]
        left = [example for example in examples if example.answer_id not in unlearnt]
        rounds.append((left, [_or_strange(question, unlearnt) for question in questions]))
    return Task(task.name, tuple(rounds))


def _or_strange(question: Example, unlearnt: set[str]) -> Example:
    strange = question.answer_id in unlearnt
    return replace(question, answer_id=OUT_OF_SCOPE) if strange else question


def print_accuracy(results: Results) -> None:
    print("Right first answer, in scope, % (in brackets: linear support vector machine)\n")
    print(
        f"{'set':26}{'examples':>9}{'as written':>16}{'no accents':>16}"
        f"{'slips':>16}{'Telex off':>16}"
    )
    for task, asked in results:
        cells = [
            f"{asked[way].accuracy():.1f} ({asked[way].machine_accuracy():.1f})"
            if way in asked
            else "-"
            for way in ("written", "plain", "slips", "telex")
        ]
        print(f"{task.name:26}{len(task.rounds[0][0]):9}" + "".join(f"{c:>16}" for c in cells))


def print_care(results: Results) -> None:
    print("\nCoverage in scope / precision / strange questions answered, %, by least score")
    print(f"(in force: {ANSWER_FROM}; strange: given, or every third answer unlearnt)\n")
    print(f"{'set':26}" + "".join(f"{least:>14}" for least in THRESHOLDS))
    for task, asked in results:
        cells = ["/".join(f"{x:.0f}" for x in asked["strange"].at(least)) for least in THRESHOLDS]
        print(f"{task.name:26}" + "".join(f"{c:>14}" for c in cells))


def print_time(results: Results) -> None:
    print(f"\n{'set':26}{'answers':>9}{'build, s':>10}{'median, ms':>12}")
    for task, asked in results:
        answers = len({one.answer_id for one in task.rounds[0][0]})
        median = 1000 * statistics.median(asked["written"].seconds)
        print(f"{task.name:26}{answers:9}{asked['written'].build:10.2f}{median:12.2f}")


def main() -> None:
    results: Results = []
    for task in tasks():
        ways: dict[str, Callable[[str], str]] = {"written": str, "plain": fold, "slips": slips}
        if task.language == "vi":
            ways["telex"] = telex
        asked = {way: ask(task, typed) for way, typed in ways.items()}
        results.append((task, asked | {"strange": ask(with_strangers(task), str)}))
    print_accuracy(results)
    print_care(results)
    print_time(results)


if __name__ == "__main__":
    main()
