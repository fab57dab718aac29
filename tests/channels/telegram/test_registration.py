"""The operator's commands against the strict platform."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner

from bot.channels.telegram import account_name, registration, webhook_secret
from bot.channels.telegram.reading import WANTED
from bot.cli.telegram import app
from bot.commands import COMMANDS
from bot.errors import ConfigError, Refusal
from tests.fakes.platform import TOKEN, FakeTelegram
from tests.fakes.telegram_faults import Trouble


@dataclass(frozen=True, slots=True)
class Told:
    """What a command printed, and its exit code."""

    code: int
    out: str


Tell = Callable[..., Awaitable[Told]]


@pytest.fixture
def tell(fake: FakeTelegram, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Runs a verb in an installation whose Telegram is the fake one."""
    settings = {
        "DATABASE_URL": sqlite_url,
        "SECRET_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "PUBLIC_URL": "https://dong-hanh.example/",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": fake.url,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"DONGHANH_{name}", value)

    async def command(*words: str, **otherwise: str) -> Told:
        for name, value in otherwise.items():
            monkeypatch.setenv(f"DONGHANH_{name}", value)
        result = await asyncio.to_thread(CliRunner().invoke, app, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert TOKEN.partition(":")[2] not in result.output
        return Told(result.exit_code, " ".join(result.output.split()))

    return command


async def test_a_webhook_is_set_shown_and_taken_away(fake: FakeTelegram, tell: Tell) -> None:
    url = "https://dong-hanh.example/webhook/telegram/1"
    assert await tell("set-webhook") == Told(0, f"Telegram posts to {url}")
    hook = fake.world.hook
    assert (hook.url, hook.secret, hook.allowed) == (url, webhook_secret(TOKEN), WANTED)
    hook.last_error = "Connection timed out"
    shown = await tell("webhook-info", "--json")
    assert json.loads(shown.out) == {
        "url": url,
        "ours": True,
        "waiting": 0,
        "last_error": "Connection timed out",
        "last_error_at": "2027-01-18T19:20:00+00:00",
    }
    elsewhere = await tell("webhook-info", PUBLIC_URL="https://another.example")
    assert "not this installation's address" in elsewhere.out
    assert (await tell("delete-webhook", "--drop-waiting")).code == 0
    assert fake.world.hook.url == ""
    assert "nowhere" in (await tell("webhook-info")).out


async def test_the_menu_is_set_where_its_words_are(fake: FakeTelegram, tell: Tell) -> None:
    assert (await tell("set-commands")).code == 0
    names = [name for name, _ in COMMANDS]
    assert {"", "en"} == fake.world.commands.keys()
    assert [one["command"] for one in fake.world.commands[""]] == names
    assert fake.world.commands["en"][2]["description"] == "Talk to a person"


async def test_what_telegram_says_no_to_is_one_sentence(fake: FakeTelegram, tell: Tell) -> None:
    fake.faults.refuse(400, "Bad Request: bad webhook: Failed to resolve host", method="setWebhook")
    told = await tell("set-webhook")
    assert told.code == 1
    assert "Failed to resolve host" in told.out


@pytest.mark.parametrize("trouble", [Trouble.RESET_BEFORE_ACCEPT, Trouble.ACCEPT_THEN_RESET])
async def test_a_line_that_breaks_is_told(fake: FakeTelegram, tell: Tell, trouble: Trouble) -> None:
    fake.faults.then(trouble, method="setWebhook")
    told = await tell("set-webhook")
    assert (told.code, "did not answer" in told.out) == (1, True)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("TELEGRAM_TOKEN", "", "DONGHANH_TELEGRAM_TOKEN"),
        ("TELEGRAM_TOKEN", "no token", "DONGHANH_TELEGRAM_TOKEN"),
        ("TELEGRAM_TOKEN", f"{account_name(TOKEN)}:other", "BotFather"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:1", "cannot be reached"),
    ],
)
async def test_each_wrong_setting_is_named(tell: Tell, setting: str, value: str, said: str) -> None:
    told = await tell("set-webhook", **{setting: value})
    assert (told.code, said in told.out) == (1, True)


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8080", "http://dong-hanh.example", "https://dong-hanh.example:8080"]
)
def test_addresses_telegram_never_posts_to_are_refused(base: str) -> None:
    with pytest.raises(Refusal):
        registration.webhook_url(base, 1, registration.OFFICIAL)


def test_good_addresses_pass() -> None:
    made = registration.webhook_url("https://a.example:8443", 3, registration.OFFICIAL)
    assert made == "https://a.example:8443/webhook/telegram/3"
    local = registration.webhook_url("http://127.0.0.1:8080", 3, "http://127.0.0.1:8081")
    assert local == "http://127.0.0.1:8080/webhook/telegram/3"


async def test_no_token_is_no_bot() -> None:
    with pytest.raises(ConfigError):
        async with registration.connected("", registration.OFFICIAL):
            raise AssertionError


def test_the_secret_is_stable_and_says_nothing() -> None:
    secret = webhook_secret(TOKEN)
    assert secret == webhook_secret(TOKEN)
    assert secret != webhook_secret(TOKEN + "x")
    assert len(secret) == 64
