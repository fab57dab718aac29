"""`donghanh questions`: what delegates sent because nothing answered it, and what is done."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.opening import opened, run

if TYPE_CHECKING:  # the verbs import these when they run: `--help` must answer at once
    from collections.abc import Callable, Sequence

    from bot.store import Work
    from bot.store.questions import Decision
    from bot.values.event import Event as Congress

app = typer.Typer(
    help="Questions without an answer: see, answer, approve, dismiss; proposed examples.",
    no_args_is_help=True,
)
out = Console()

Event = Annotated[
    str | None, typer.Option("--event", "-e", help="The event, when there are several.")
]
Author = Annotated[str, typer.Option("--author", help="Who answers for it, for the history.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Numbers = Annotated[
    list[int], typer.Argument(help="Numbers of groups, as `list` shows them.", min=1)
]
Number = Annotated[int, typer.Argument(help="The number of the group.", min=1)]
Only = Annotated[bool, typer.Option("--only", help="Just these questions, not their groups.")]
Proposals = Annotated[list[int], typer.Argument(help="Numbers of proposals.", min=1)]


@app.command("list")
def list_groups(
    event: Event = None,
    show_all: Annotated[bool, typer.Option("--all", help="Every question of every group.")] = False,
    as_json: Json = False,
) -> None:
    """Groups of like questions, asked by most people first; never who asked."""

    async def show() -> None:
        from bot import questions

        async with opened() as here:
            congress = await here.event(event)

            def look(work: "Work") -> tuple[list[dict[str, Any]], list["Decision"], dict[int, str]]:
                found = [asdict(one) for one in questions.groups(work, congress)]
                texts = {one.id: one.text for one in work.questions.waiting(congress.id)}
                return found, work.questions.drafts(congress.id), texts

            found, drafts, texts = await here.store.read(look)
            waiting = await here.store.read(lambda work: _drafts(work, congress, drafts))
        for one in found:
            one["questions"] = [{"number": each, "text": texts[each]} for each in one.pop("ids")]
        if as_json:
            out.print_json(data={"groups": found, "drafts": waiting})
            return
        _print_groups(found, show_all=show_all)
        for draft in waiting:
            out.print(_draft_line(draft), highlight=False, markup=False)

    run(show())


def _drafts(
    work: "Work", congress: "Congress", drafts: "Sequence[Decision]"
) -> list[dict[str, Any]]:
    """What waits for approval, under the number of its oldest question."""
    lines = []
    for one in drafts:
        sent = work.questions.decided(congress.id, one.id)
        if sent:
            number, count = sent[0].id, len(sent)
            line = {"number": number, "questions": count, "answer": one.answer_id}
            lines.append({**line, "draft": one.draft or None, "author": one.author})
    return lines


def _draft_line(draft: dict[str, Any]) -> str:
    new = f" (new: {draft['draft']['title']})" if draft["draft"] else ""
    return (
        f"Waits for approval: {draft['number']}, {draft['questions']} questions, "
        f"answer {draft['answer']}{new}, by {draft['author']}."
    )


def _print_groups(groups: list[dict[str, Any]], *, show_all: bool) -> None:
    if not groups:
        out.print("No question waits.")
        return
    table = Table("number", "people", "language", "asked", "nearest answer", "likely")
    for one in groups:
        lines = one["examples"]
        if show_all:
            lines = [f"{each['number']}: {each['text']}" for each in one["questions"]]
        nearest = (one["nearest"] or "-", f"{one['score']:.0%}" if one["nearest"] else "")
        row = (str(one["number"]), str(one["people"]), one["language"], Text("\n".join(lines)))
        table.add_row(*row, *nearest)
    out.print(table)


@app.command("answer")
def answer(
    numbers: Numbers,
    answer_id: Annotated[
        str, typer.Option("--answer", help="The id of an approved answer that fits.")
    ] = "",
    title: Annotated[str, typer.Option(help="A new answer: its title, in Vietnamese.")] = "",
    text: Annotated[str, typer.Option(help="A new answer: what it says, in Vietnamese.")] = "",
    topic: Annotated[str, typer.Option(help="A new answer: its topic.")] = "",
    short: Annotated[str, typer.Option(help="A new answer: the short text, if wanted.")] = "",
    audience: Annotated[
        str, typer.Option(help="Who may be told the new answer, as content files say it.")
    ] = "linked",
    source: Annotated[str, typer.Option(help="Who says so; the organisers when empty.")] = "",
    new_id: Annotated[
        str, typer.Option("--id", help="The new answer's id; else of its title.")
    ] = "",
    question: Annotated[
        list[str] | None, typer.Option(help="A new answer: one more example; may be repeated.")
    ] = None,
    only: Only = False,
    event: Event = None,
    author: Author = "cli",
) -> None:
    """Propose the answer to groups of questions; nobody is told before it is approved."""
    from bot import questions
    from bot.errors import Refusal

    more = tuple(question or ())
    draft = questions.Draft(title, text, topic, short, audience, source, new_id, more)
    if bool(answer_id) == bool(title and text and topic):
        run(_refused(Refusal("Give either --answer, or --title, --text and --topic.")))

    def decide(work: "Work", congress: "Congress") -> "Decision":
        ids = questions.numbered(work, congress, numbers, only=only)
        if answer_id:
            return questions.answer_with(work, congress, ids, answer_id, author)
        return questions.answer_with_draft(work, congress, ids, draft, author)

    made, count, people = run(_decided(event, decide))
    out.print(
        f"{count} questions of {people} people: answer {made.answer_id}. "
        f"Nobody was told yet: donghanh questions approve {min(numbers)}",
        highlight=False,
        markup=False,
    )


async def _refused(error: Exception) -> None:
    raise error


async def _decided(
    slug: str | None, decide: "Callable[[Work, Congress], Decision]"
) -> "tuple[Decision, int, int]":
    """Decide in one transaction; the decision, its questions, the people who asked."""
    from bot import questions

    async with opened() as here:
        congress = await here.event(slug)

        def do(work: "Work") -> "tuple[Decision, int, int]":
            made = decide(work, congress)
            sent = work.questions.decided(congress.id, made.id)
            return made, len(sent), questions.people_of(sent)

        return await here.store.write(do)


@app.command("approve")
def approve(
    number: Number,
    approver: Annotated[str, typer.Option(help="Who approves it, for the history.")] = "cli",
    yes: Yes = False,
    event: Event = None,
) -> None:
    """Put the answer in force as content and send it to everybody who asked."""

    async def go() -> None:
        from bot import questions

        async with opened() as here:
            congress = await here.event(event)

            def look(work: "Work") -> "tuple[Decision, int]":
                found = questions.decision(work, congress, number)
                return found, questions.people_of(work.questions.decided(congress.id, found.id))

            found, people = await here.store.read(look)
            words = found.draft.get("text") or f"the answer {found.answer_id}"
            if not yes and found.approved_at is None:
                out.print(words, highlight=False, markup=False)
                typer.confirm(f"{people} people asked; send?", abort=True)
            await here.store.write(lambda work: questions.approve(work, congress, number, approver))
        out.print(
            f"{found.answer_id} is in force; the running bot tells {people} people within seconds.",
            highlight=False,
        )

    run(go())


@app.command("dismiss")
def dismiss(
    numbers: Numbers,
    undo: Annotated[bool, typer.Option("--undo", help="They wait again.")] = False,
    only: Only = False,
    event: Event = None,
    author: Author = "cli",
) -> None:
    """Nobody will answer these; `--undo` takes it back."""
    from bot import questions

    if undo:
        _reopen(numbers, event, author)
        return

    def decide(work: "Work", congress: "Congress") -> "Decision":
        ids = questions.numbered(work, congress, numbers, only=only)
        return questions.dismiss(work, congress, ids, author)

    _, count, _ = run(_decided(event, decide))
    again = f"donghanh questions dismiss {min(numbers)} --undo"
    out.print(f"{count} questions dismissed. To take it back: {again}", highlight=False)


@app.command("reopen")
def reopen(numbers: Numbers, event: Event = None, author: Author = "cli") -> None:
    """Take back an answer that was not approved yet, or a dismissal; the questions wait again."""
    _reopen(numbers, event, author)


def _reopen(numbers: list[int], event: str | None, author: str) -> None:
    async def go() -> int:
        from bot import questions

        async with opened() as here:
            congress = await here.event(event)

            def do(work: "Work") -> int:
                waiting = {one.id for one in work.questions.waiting(congress.id)}
                count = 0
                for number in numbers:
                    if number not in waiting:
                        count += questions.reopen(work, congress, number, author)
                        waiting = {one.id for one in work.questions.waiting(congress.id)}
                return count

            return await here.store.write(do)

    out.print(f"{run(go())} questions wait again.", highlight=False)


@app.command("proposals")
def list_proposals(event: Event = None, as_json: Json = False) -> None:
    """Words for which delegates picked a suggested answer: they may become its examples."""

    async def show() -> None:
        async with opened() as here:
            congress = await here.event(event)
            found = await here.store.read(lambda work: work.proposals.waiting(congress.id))
        if as_json:
            out.print_json(data=[one._asdict() for one in found])
            return
        table = Table("number", "times", "language", "words", "answer")
        for one in found:
            row = (str(one.id), str(one.times), one.language, Text(one.text), one.answer_id)
            table.add_row(*row)
        out.print(table if found else "Nothing is proposed.")

    run(show())


@app.command("accept")
def accept(numbers: Proposals, event: Event = None, author: Author = "cli") -> None:
    """These words are examples from now on, in a new content version."""
    count = run(_settled(numbers, event, author, accepted=True))
    out.print(f"{count} examples are content now.", highlight=False)


@app.command("refuse")
def refuse(numbers: Proposals, event: Event = None, author: Author = "cli") -> None:
    """These words are not examples, and are not proposed again."""
    count = run(_settled(numbers, event, author, accepted=False))
    out.print(f"{count} proposals refused.", highlight=False)


async def _settled(numbers: list[int], slug: str | None, author: str, *, accepted: bool) -> int:
    from bot import questions

    async with opened() as here:
        congress = await here.event(slug)
        settle = questions.accept if accepted else questions.refuse
        return await here.store.write(lambda work: settle(work, congress, numbers, author))
