"""`donghanh answers`: how well questions find their answers."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:  # numpy takes a moment to import: `--help` must answer at once
    from bot.answers import Example, Matcher
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
    """Ask every example without itself: which are found, which answers are taken for another."""
    from dataclasses import asdict

    from bot.answers.review import reviewed
    from bot.cli.opening import run
    from bot.knowledge import examples_of

    examples = examples_of(run(_library(event, folder)))
    languages = sorted({one.language for one in examples if lang in ("", one.language)})
    reviews = [reviewed(examples, language) for language in languages]
    if as_json:
        rows = [{**asdict(one), "top1": one.share} for one in reviews]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in reviews:
        _print_review(one)


_SHOWN = 10  # confusions and answers with few examples of a language


def _print_review(review: "Review") -> None:
    near = review.near / review.asked if review.asked else 0.0
    typer.echo(
        f"{review.language}: {review.asked} examples asked without themselves, "
        f"{review.share:.1%} found first, {near:.1%} among three, {len(review.lost)} found nothing"
    )
    for one in review.confusions[:_SHOWN]:
        typer.echo(f"  {len(one.questions)} of {one.answer} found {one.instead}:")
        typer.echo(f"    {'; '.join(f'“{text}”' for text in one.questions[:3])}")
        ours, theirs = ", ".join(one.only_answer) or "-", ", ".join(one.only_instead) or "-"
        typer.echo(f"    Write more of {one.answer} with its own words ({ours}), without {theirs}.")
    if len(review.confusions) > _SHOWN:
        typer.echo(f"  and {len(review.confusions) - _SHOWN} more pairs: --json shows all")
    for answer, count in review.few[:_SHOWN]:
        typer.echo(f"  {answer} has {count} examples; write more as people really ask.")
    if len(review.few) > _SHOWN:
        typer.echo(f"  and {len(review.few) - _SHOWN} more with few examples")


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
