"""The command `donghanh`: one file a family of verbs. Each parses, calls and prints, no more."""

import typer

from bot.cli import (
    answers,
    chat,
    content,
    database,
    deliveries,
    demo,
    desk,
    doctor,
    event,
    i18n,
    notices,
    privacy,
    questions,
    reach,
    role,
    roster,
    serve,
    telegram,
    zalo,
)

app = typer.Typer(
    name="donghanh",
    help="Đồng Hành, a chat companion for the delegates of a congress.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

# Verbs that stand alone, in the order a newcomer needs them.
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("chat")(chat.chat)
app.command("migrate")(database.migrate)
app.command("backup")(database.backup)
app.command("restore")(database.restore)
app.command("reach")(reach.reach)
app.command("doctor")(doctor.doctor)
app.command("version")(doctor.version)

# Families of verbs.
app.add_typer(event.app, name="event")
app.add_typer(content.app, name="content")
app.add_typer(answers.app, name="answers")
app.add_typer(questions.app, name="questions")
app.add_typer(notices.app, name="notices")
app.add_typer(roster.app, name="roster")
app.add_typer(role.app, name="role")
app.add_typer(desk.app, name="desk")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(privacy.app, name="privacy")
app.add_typer(telegram.app, name="telegram")
app.add_typer(zalo.app, name="zalo")
app.add_typer(i18n.app, name="i18n")
app.add_typer(doctor.settings, name="config")


def main() -> None:
    """The entry point of the installed command."""
    app()
