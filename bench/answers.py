"""How well questions find their answers, beside what people would otherwise use.

    DONGHANH_TEST_DATA=<folder that holds qa/> python -m bench.answers [--quick]

Every set is learnt by us and asked as it was written and as people type it. Four of the sets are
learnt by the others too, which read lower-case text, as their manuals begin. Then what our own
threshold does, found from the examples alone; the same with a fifth of the answers unlearnt and
their questions asked all the same; and what much content costs. `--quick` takes one small set.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bench.typed import WAYS
from bot.answers import Example, Matcher
from bot.answers.measure import OUT_OF_SCOPE
from bot.cli.answers import measured

if TYPE_CHECKING:
    from bench.rivals import Learner

ROOT = Path(__file__).resolve().parents[1]
SETS = (
    *((f"clinc150.train{shots}", "clinc150.dev") for shots in (5, 10, 20)),
    *((f"hwu64.train{shots}", "hwu64.dev") for shots in (5, 10, 20)),
    ("massive-vi5.train", "massive-vi5.dev"),
    ("vi-ptit.train", "vi-ptit.dev"),
)
COMPARED = ("clinc150.train10", "hwu64.train10", "massive-vi5.train", "vi-ptit.train")
QUICK = ("vi-ptit.train",)
WANTED = 0.95
_NEARBY = 5  # every fifth answer is unlearnt
_ANSWERS, _EACH = 2000, 10  # of the content that is measured for its cost
_HEADS = {
    "auroc_oos": "auroc",
    "realised_precision": "precision",
    "oos_refused": "refused",
    "cov_at_95_oracle": "oracle95",
}
Figures: TypeAlias = Mapping[str, Any]


def tasks(names: Sequence[str]) -> Iterator[tuple[str, list[Example], list[Example]]]:
    folder = data()
    for learnt, asked in SETS:
        if learnt in names:
            yield learnt, load(folder / f"{learnt}.tsv"), load(folder / f"{asked}.tsv")


def data() -> Path:
    """The folder of labelled sets, given or found in a neighbouring folder."""
    if named := os.environ.get("DONGHANH_TEST_DATA"):
        return Path(named) / "qa"
    found = (folder for parent in ROOT.parents for folder in sorted(parent.glob("*/data/qa")))
    if folder := next(found, None):
        return folder
    raise SystemExit("No labelled questions found: name the folder in DONGHANH_TEST_DATA.")


def load(file: Path) -> list[Example]:
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:])
    return [Example(intent, text, language) for language, intent, text in rows]


def main(names: Sequence[str], *, with_size: bool) -> None:
    # After `bot.answers`, which keeps numpy to one thread: two would mostly wait for each other.
    from bench.rivals import RIVALS

    ours: dict[str, Figures] = {}
    print(f"{'right first, percent':30}{'ours':>8}{'lost':>7}", end="")
    print("".join(f"{name:>11}" for name in RIVALS), flush=True)
    for name, examples, questions in tasks(names):
        # First of all, while nothing is remembered of these examples: this measures the learning.
        ours[name] = measured(examples, questions, WANTED)
        _compare(name, examples, questions, RIVALS if name in COMPARED else {})
    _table(f"threshold from the examples alone, {WANTED} wanted", ours)
    nearby = {
        name: measured(_unlearnt(examples), _in_scope(questions), WANTED)
        for name, examples, questions in tasks([name for name in COMPARED if name in names])
    }
    _table("every fifth answer unlearnt, its questions asked", nearby)
    if with_size:
        done = subprocess.run(
            [sys.executable, "-m", "bench.answers", "--size"], check=True, stdout=subprocess.PIPE
        )
        _table(f"{_ANSWERS} answers, {_EACH} examples each", {"made up": json.loads(done.stdout)})


def _compare(
    name: str,
    examples: Sequence[Example],
    questions: Sequence[Example],
    others: "Mapping[str, Learner]",
) -> None:
    inside = _in_scope(questions)
    matcher, language = Matcher.build(examples), examples[0].language
    rivals = [learn(examples) for learn in others.values()]
    written = 0.0
    for way, typed in WAYS.items():
        if way in ("no accents", "Telex", "VNI") and language != "vi":
            continue
        texts = [typed(one.text) for one in inside]
        found = [matcher.matches(text, language) for text in texts]
        mine = _right([matches[0].answer_id if matches else "" for matches in found], inside)
        written = written or mine
        cells = "".join(f"{_right(answer(texts), inside):11.1f}" for answer in rivals)
        print(f"{name:18}{way:12}{mine:8.1f}{written - mine:7.1f}{cells}", flush=True)


def _right(answers: Sequence[str], questions: Sequence[Example]) -> float:
    pairs = zip(answers, questions, strict=True)
    return 100 * sum(answer == one.answer_id for answer, one in pairs) / len(questions)


def _in_scope(questions: Sequence[Example]) -> list[Example]:
    return [one for one in questions if one.answer_id != OUT_OF_SCOPE]


def _unlearnt(examples: Sequence[Example]) -> list[Example]:
    gone = set(sorted({one.answer_id for one in examples})[::_NEARBY])
    return [one for one in examples if one.answer_id not in gone]


def _table(title: str, rows: Mapping[str, Figures]) -> None:
    columns = dict.fromkeys(chain.from_iterable(rows.values()))
    print(f"\n{title}\n{'':18}" + "".join(f"{_HEADS.get(one, one):>11}" for one in columns))
    for name, row in rows.items():
        cells = ("-" if row[one] is None else format(row[one], ".3f") for one in columns)
        print(f"{name:18}" + "".join(f"{cell:>11}" for cell in cells), flush=True)


def size() -> Figures:
    """What much content costs: processor seconds and milliseconds, memory in megabytes."""
    examples, questions = _made_up()
    before = _megabytes("VmRSS")
    began = time.process_time()
    matcher = Matcher.build(examples)
    built = time.process_time() - began
    kept, height = _megabytes("VmRSS") - before, _megabytes("VmHWM") - before
    right, spent = 0, []
    for one in questions:
        began = time.process_time()
        verdict = matcher.ask(one.text, one.language)
        spent.append(1000 * (time.process_time() - began))
        right += [match.answer_id for match in verdict.candidates][:1] == [one.answer_id]
    spent.sort()
    return {
        "found": right / len(questions),
        "build_s": built,
        "kept_mb": kept,
        "height_mb": height,
        "p50_ms": spent[len(spent) // 2],
        "p99_ms": spent[len(spent) * 99 // 100],
    }


def _made_up() -> tuple[list[Example], list[Example]]:
    """Each answer has five phrases of its own; a question has three of them and two others."""
    lines = (ROOT / "bot/answers/lexicon/vi.txt").read_text(encoding="utf-8").splitlines()
    said = {part.strip() for line in lines if not line.startswith("#") for part in line.split(",")}
    phrases, chance = sorted(said - {""}), random.Random(1)
    made: list[Example] = []
    for answer in range(_ANSWERS):
        own = chance.sample(phrases, 5)
        for _ in range(_EACH + 1):
            words = [*chance.sample(own, 3), *chance.sample(phrases, 2)]
            chance.shuffle(words)
            made.append(Example(f"{answer:04}", " ".join(words), "vi"))
    held = made[:: _EACH + 1]
    return [one for at, one in enumerate(made) if at % (_EACH + 1)], held


def _megabytes(what: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(what))


if __name__ == "__main__":
    if "--size" in sys.argv:
        print(json.dumps(size()))
    elif "--quick" in sys.argv:
        main(QUICK, with_size=False)
    else:
        main([name for name, _ in SETS], with_size=True)
