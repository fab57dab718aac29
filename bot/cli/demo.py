"""`donghanh demo`: the sample congress, loaded and running, with people to be."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.panel import Panel

from bot.cli.opening import run

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.sample import Sample

out = Console()


def demo() -> None:
    """Make the database, load the sample congress, start everything, print what to open."""
    run(_demo())


async def _demo() -> None:
    import secrets

    from bot.config import load
    from bot.sample import connect, prepare
    from bot.serving import serve_forever
    from bot.zalo.fake import FakeZalo

    settings = load()
    if settings.http_host not in ("127.0.0.1", "localhost", "::1") and not settings.demo_key:
        # A phone in the room may try it, a stranger in the network may not.
        settings = settings.model_copy(update={"demo_key": secrets.token_urlsafe(9)})
    settings = settings.model_copy(update={"simulator": True})
    with out.status("Preparing the sample congress…"):
        sample = await prepare(settings)
    if settings.zalo_app_id:  # an account of the operator's own
        await serve_forever(settings, on_ready=lambda url: _tell(settings, sample, url))
        return
    async with FakeZalo(seed=secrets.randbits(32)) as fake:
        connected = await connect(settings, fake)
        await serve_forever(
            connected, on_ready=lambda url: _tell(connected, sample, url), fake=fake
        )


def _tell(settings: "Settings", sample: "Sample", url: str) -> None:
    key = f"\nKey the page asks for: [bold]{settings.demo_key}[/]" if settings.demo_key else ""
    people = "\n".join(
        f"  {one.code}  {one.full_name}, {one.delegation}\n          {url}/simulator/as/{one.code}"
        for one in sample.people
    )
    out.print(
        Panel(
            f"Open [bold]{url}/simulator[/] and be a delegate.{key}\n\n"
            f"Three people to be:\n{people}\n\n"
            f'Ask "toi o phong nao", there or in Zalo as it would look. '
            f"As a stranger: {url}/chat/{sample.event.slug}\n"
            f"Day {sample.day} of {sample.event.days} is today. "
            f"In another terminal: {_command()} chat --as {sample.people[0].code}\n"
            "Stop with Ctrl+C.",
            title="Đồng Hành · Đại hội Mẫu",
            expand=False,
        ),
        highlight=False,
    )


def _command() -> str:
    """How to call us from where the reader stands: the plain word only where the shell knows it."""
    import shutil
    import sys
    from pathlib import Path

    if shutil.which("donghanh"):
        return "donghanh"
    called = Path(sys.argv[0])
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)
