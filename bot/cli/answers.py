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

app = typer.Typer(help="Measure how well questions find their answers.", no_args_is_help=True)

_COLUMNS = ["lang", "intent", "text"]


@app.callback()
def _family() -> None:
    """Keeps `bench` a verb of its own while it is the only one."""


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
