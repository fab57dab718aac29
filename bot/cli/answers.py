"""`donghanh answers`: how well questions find their answers."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

if TYPE_CHECKING:  # numpy takes a moment to import: `--help` must answer at once
    from bot.answers import Example, Matcher
    from bot.answers.confusable import Confusable
    from bot.answers.measure import Guess
    from bot.answers.review import Review
    from bot.content import Library

app = typer.Typer(
    help="Ask as a delegate would, and measure how well questions find their answers.",
    no_args_is_help=True,
)
_Event = Annotated[str | None, typer.Option("--event", "-e", help="The event's slug.")]
_Folder = Annotated[
    Path | None, typer.Option("--folder", help="A content folder, instead of what is in force.")
]

_COLUMNS = ["lang", "intent", "text"]


@app.command()
def bench(
    train: Annotated[Path, typer.Option(help="Examples: a TSV with lang, intent, text.")],
    test: Annotated[Path, typer.Option(help="Questions; the intent __oos__ has no answer.")],
    precision: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="The share of answers that must be right.")
    ] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Learn one file, ask the other; the threshold comes from the first alone."""
    figures = measured(_read(train), _read(test), precision)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, figure in figures.items():
        typer.echo(f"{name:20}{'-' if figure is None else format(figure, '.4g'):>10}")


def _read(file: Path) -> "list[Example]":
    from bot.answers import Example
    from bot.errors import Refusal

    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{file} cannot be read: {error}. Name a TSV in UTF-8.") from None
    rows = [line.split("\t") for line in lines if line.strip()]
    wrong = [row for row in rows if len(row) != len(_COLUMNS)]
    if wrong or rows[:1] != [_COLUMNS]:
        raise Refusal(f"{file} must have the columns {', '.join(_COLUMNS)}, headed, tabs between.")
    return [Example(intent, text, language) for language, intent, text in rows[1:]]


def measured(
    examples: "Sequence[Example]", questions: "Sequence[Example]", precision: float
) -> dict[str, Any]:
    """The figures of a bench, shares from 0 to 1, processor time only."""
    from bot.answers import Matcher, measure

    known = [one for one in examples if one.answer_id != measure.OUT_OF_SCOPE]
    began = time.process_time()
    matcher = Matcher.build(known, precision=precision)
    built = time.process_time() - began
    guesses, seconds = _asked(matcher, questions)
    return {
        "top1": measure.top(guesses, 1),
        "top3": measure.top(guesses, 3),
        "auroc_oos": measure.auroc(guesses),
        "threshold": matcher.threshold,
        "realised_precision": measure.precision(guesses),
        "coverage": measure.coverage(guesses),
        "oos_refused": measure.refused(guesses),
        "cov_at_95_oracle": measure.oracle_coverage(guesses, 0.95),
        "build_s": built,
        "p50_ms": _quantile(seconds, 0.5),
        "p99_ms": _quantile(seconds, 0.99),
    }


def _asked(matcher: "Matcher", questions: "Sequence[Example]") -> "tuple[list[Guess], list[float]]":
    """Every question asked once, with the processor time of each."""
    from bot.answers.measure import Guess

    guesses, seconds = [], []
    for question in questions:
        began = time.process_time()
        verdict = matcher.ask(question.text, question.language)
        seconds.append(time.process_time() - began)
        found = matcher.matches(question.text, question.language)
        guesses.append(
            Guess(
                right=question.answer_id,
                found=tuple(match.answer_id for match in found),
                score=found[0].score if found else 0.0,
                answered=verdict.kind == "answer",
                belonging=max((match.reason.belonging for match in found), default=0.0),
            )
        )
    return guesses, seconds


def _quantile(seconds: Sequence[float], at: float) -> float | None:
    """In milliseconds."""
    return 1000 * sorted(seconds)[int(at * (len(seconds) - 1))] if seconds else None


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="A question, as a delegate would type it.")],
    lang: Annotated[str, typer.Option("--lang", help="The language she chose.")] = "vi",
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how it was read, what was found, and why.")
    ] = False,
    event: _Event = None,
    folder: _Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Ask the content in force; nothing is kept of the question."""
    from bot.cli.opening import run

    found = run(_explained(text, lang, event, folder))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    typer.echo(f"{found['verdict']}: {found['why']}")
    for one in found["candidates"]:
        typer.echo(f"{one['score']:7.1%}  {one['answer']:30} {one['title']}")
        if explain:
            typer.echo(f"         like “{one['example']}”, likeness {one['likeness']:.2f}")
            typer.echo(
                f"         shares: {', '.join(one['words']) or '-'}; its examples speak of "
                f"{one['covered']:.0%} of the question, all examples of {one['known']:.0%}"
            )
    if explain:
        for reading in found["readings"]:
            typer.echo(f"read in {reading['language']}: {' | '.join(reading['ways'])}")
        typer.echo(
            f"answered from {found['threshold']:.0%}, suggested from {found['suggested']:.0%}"
        )


async def _explained(
    text: str, language: str, event: str | None, folder: Path | None
) -> dict[str, Any]:
    from bot.answers.normalise import readings
    from bot.answers.verdict import EVERYONES, SUGGEST_FROM
    from bot.knowledge import matcher_of

    library = await _library(event, folder)
    matcher = matcher_of(library)
    verdict = matcher.ask(text, language)
    asked = [one for one in dict.fromkeys((language, EVERYONES)) if one in matcher.indexes]
    ways = {
        one: readings(text, index.rules, index.vocabulary, matcher.abbreviations)
        for one in asked
        for index in [matcher.indexes[one]]
    }
    return {
        "verdict": verdict.kind,
        "why": str(verdict.why),
        "threshold": matcher.threshold,
        "suggested": SUGGEST_FROM,
        "readings": [
            {"language": one, "ways": [" ".join(way) for way in said]} for one, said in ways.items()
        ],
        "candidates": [
            {
                "answer": match.answer_id,
                "title": library.answers[match.answer_id].by_language["vi"].title,
                "score": match.score,
                "example": match.reason.example,
                "words": list(match.reason.words),
                "likeness": match.reason.likeness,
                "covered": match.reason.covered,
                "known": match.reason.known,
            }
            for match in matcher.matches(text, language)
        ],
    }


@app.command("eval")
def evaluate(
    event: _Event = None,
    folder: _Folder = None,
    lang: Annotated[str, typer.Option("--lang", help="Only this language.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Ask every example without itself: which are found, and what to write so that more are."""
    from bot.cli.opening import run

    found = run(_library(event, folder))
    rows = list(_reviews(found, lang))
    if as_json:
        typer.echo(json.dumps([_row(*one) for one in rows], ensure_ascii=False))
        return
    for review, pairs, reached in rows:
        _print_review(review, pairs, reached.sensitive_ids)
    if rows:
        _print_reached(rows[0][2])


@dataclass(frozen=True, slots=True)
class _Reached:
    """From which scores on questions are answered; from 1 where no score is sure enough."""

    threshold: float
    careful: float
    ordinary: bool
    sensitive: bool
    sensitive_ids: frozenset[str]


_Row: TypeAlias = "tuple[Review, tuple[Confusable, ...], _Reached]"


def _reviews(library: "Library", language: str) -> "Iterator[_Row]":
    """One language after the other, or just one."""
    from bot.answers.calibrate import NEVER
    from bot.answers.confusable import confusable
    from bot.answers.review import reviewed
    from bot.knowledge import examples_of, matcher_of

    matcher = matcher_of(library)
    scale, careful = matcher.scale, matcher.sensitive
    reached = _Reached(
        threshold=scale.threshold,
        careful=scale.careful,
        ordinary=scale.threshold < NEVER,
        sensitive=not careful or scale.careful < NEVER,
        sensitive_ids=careful,
    )
    examples = examples_of(library)
    for code in sorted(matcher.indexes):
        if language in ("", code):
            yield reviewed(examples, code), confusable(matcher, code), reached


def _row(review: "Review", pairs: "tuple[Confusable, ...]", reached: _Reached) -> dict[str, Any]:
    return {
        **asdict(review),
        "top1": review.share,
        "confusable": [asdict(one) for one in pairs],
        "threshold": reached.threshold,
        "careful": reached.careful,
        "reached": reached.ordinary,
        "careful_reached": reached.sensitive,
        "sensitive": sorted(reached.sensitive_ids),
    }


_SHOWN = 10  # pairs of answers, and answers with few examples, of a language
_MISTAKES = 3  # of a pair


def _print_review(
    review: "Review", pairs: "tuple[Confusable, ...]", sensitive: frozenset[str]
) -> None:
    near = review.near / review.asked if review.asked else 0.0
    typer.echo(
        f"{review.language}: {review.asked} examples asked without themselves, "
        f"{review.share:.1%} found first, {near:.1%} among three, {len(review.lost)} found nothing"
    )
    for pair in pairs[:_SHOWN]:
        _print_pair(pair, sensitive)
    if len(pairs) > _SHOWN:
        typer.echo(f"  and {len(pairs) - _SHOWN} more pairs: --json shows all")
    if pairs:
        typer.echo("  An example that could ask for both: keep it at one of them alone.")
    for answer, count in review.few[:_SHOWN]:
        typer.echo(f"  {answer} has {count} examples; write more as people really ask.")
    if len(review.few) > _SHOWN:
        typer.echo(f"  and {len(review.few) - _SHOWN} more with few examples")


def _print_pair(pair: "Confusable", sensitive: frozenset[str]) -> None:
    first, second = (
        f"{one} (sensitive)" if one in sensitive else one for one in (pair.first, pair.second)
    )
    typer.echo(
        f"  {first} and {second} are taken for one another: "
        f"{len(pair.taken)} examples, {pair.share:.0%} of theirs"
    )
    for one in pair.taken[:_MISTAKES]:
        typer.echo(f"    “{one.text}” of {one.answer} is most like “{one.like}” ({one.score:.0%})")
    for answer, words in ((pair.first, pair.words_of_first), (pair.second, pair.words_of_second)):
        if words:
            typer.echo(f"    More examples of {answer} with its own words: {', '.join(words)}.")


def _print_reached(reached: _Reached) -> None:
    """From which score on it answers; or that it never may, and what to do about it."""
    from bot.answers.verdict import CAREFUL_PRECISION, PRECISION

    for what, at, wanted, is_reached in (
        ("answers", reached.threshold, PRECISION, reached.ordinary),
        ("sensitive answers", reached.careful, CAREFUL_PRECISION, reached.sensitive),
    ):
        if is_reached:
            typer.echo(f"{what} are given from {at:.1%} on, to be right {wanted:.0%} of the time")
        else:
            typer.echo(
                f"{what}: no score is right {wanted:.0%} of the time, so only questions typed like "
                "an example are answered, others get suggestions. Separate the pairs above first."
            )


async def _library(event: str | None, folder: Path | None) -> "Library":
    """What is in force in an event, or a folder's content."""
    from bot.cli.opening import opened
    from bot.content import read
    from bot.library import GO_TARGETS, taken

    if folder is not None:
        return read(folder, steps=GO_TARGETS)
    async with opened() as here:
        congress = await here.event(event)
        _, library = await here.store.read(lambda work: taken(work, congress))
        return library
