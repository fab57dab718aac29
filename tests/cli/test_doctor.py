"""`donghanh doctor` finds what is wrong, says the cure and never a secret."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from bot import __version__, privacy
from bot.cli import app, checks
from bot.cli.finding import Finding
from bot.clock import SetClock, SystemClock
from bot.config import PREFIX, Settings
from bot.handoff import open_request
from bot.store import Store, Work, schema
from bot.values.event import Event
from bot.values.request import RequestKind
from bot.vault import Vault, instance_of, key_in, new_key

PUBLIC = "https://daihoi.example"
TOKEN = "123456:a-very-secret-token"
ALIVE: dict[str, Any] = {"alive": True}

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A migrated installation with a key of its own; the environment says the same."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    monkeypatch.setenv("DONGHANH_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DONGHANH_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DONGHANH_HTTP_PORT", "1")
    key_in(tmp_path)
    return Settings(database_url=sqlite_url, data_dir=tmp_path, public_url=PUBLIC)


@pytest.fixture(autouse=True)
def ours(here: Settings) -> None:
    """What the process of this installation says of itself."""
    ALIVE["instance"] = instance_of(Vault([key_in(here.data_dir)]), here.database)


def proxy(request: httpx.Request) -> httpx.Response:
    """The public address, as it should answer."""
    nonce = request.url.params["nonce"]
    assert str(request.url) == f"{PUBLIC}/healthz?nonce={nonce}"
    return httpx.Response(200, json=ALIVE | {"nonce": nonce})


def telegram(**told: Any) -> Answer:
    """Telegram and the public address, each as it should answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "daihoi.example":
            return proxy(request)
        assert str(request.url) == f"https://api.telegram.org/bot{TOKEN}/getWebhookInfo"
        return httpx.Response(200, json={"ok": True, "result": told})

    return answer


async def found(
    here: Settings, answer: Answer = proxy, clock: SetClock | SystemClock | None = None
) -> dict[str, Finding]:
    """What the doctor says, by name."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        said = [one async for one in checks.findings(here, clock or SystemClock(), client)]
    for one in said:
        assert TOKEN not in f"{one.what}{one.cure}"
        assert bool(one.cure) == (one.state != "ok") or one.name == "Secret key"
    return {one.name: one for one in said}


def states(said: dict[str, Finding]) -> dict[str, str]:
    return {name: one.state for name, one in said.items()}


async def filled(here: Settings, do: Callable[[Work], Any]) -> Any:
    store = Store(here.database)
    try:
        return await store.write(do)
    finally:
        await store.close()


def an_event(work: Work, *languages: str) -> Event:
    return work.events.add(
        "sample",
        names={"vi": "Đại hội"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=date(2027, 1, 18),
        days=5,
        languages=languages or ("vi",),
    )


async def a_delegate(here: Settings, vault: Vault, *, phone: str = "+84900001234") -> Event:
    """An event with content in force and one delegate whose phone is sealed."""

    def fill(work: Work) -> Event:
        event = an_event(work)
        person = work.people.add()
        work.conn.exec_driver_sql(
            "INSERT INTO record (event_id, person_id, code, full_name, phone_cipher, phone_hash, "
            "updated_at) VALUES (?, ?, 'DB1', 'Lê Ánh', ?, ?, '2027-01-01 00:00:00')",
            (event.id, person, vault.seal(phone), vault.fingerprint(phone)),
        )
        put = work.events.put_in_force(event.id, 1)
        assert put is not None
        return put

    event: Event = await filled(here, fill)
    return event


async def test_an_installation_in_order(here: Settings) -> None:
    await a_delegate(here, Vault([key_in(here.data_dir)]))
    said = await found(here)
    assert states(said) == {
        "Disk": "ok",
        "Database": "ok",
        "Clock": "ok",
        "Secret key": "ok",
        "sample: languages": "ok",
        "sample: content": "ok",
        "sample: roster": "ok",
        "sample: purge": "ok",
        "Telegram": "ok",
        "Running": "ok",
    }
    assert said["sample: roster"].what == "1 people are on the roster."


async def test_nothing_was_ever_run(here: Settings, tmp_path: Path) -> None:
    empty = tmp_path / "new"
    fresh = here.model_copy(update={"database_url": "", "data_dir": empty, "public_url": ""})

    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    said = await found(fresh, nobody)
    assert (said["Database"].state, said["Database"].cure) == ("wrong", "Run: donghanh migrate")
    assert (said["Public address"].state, said["Running"].state) == ("warning", "warning")
    assert not empty.exists()  # looking changes nothing


@pytest.mark.parametrize(
    ("version", "cure"),
    [("9999", "Install the newer donghanh."), (None, "Run: donghanh migrate")],
)
async def test_another_schema(here: Settings, version: str | None, cure: str) -> None:
    change = "UPDATE alembic_version SET version_num = '9999'"
    await filled(
        here,
        lambda work: (
            work.conn.exec_driver_sql(change if version else "DELETE FROM alembic_version") and None
        ),
    )
    said = await found(here)
    assert (said["Database"].state, said["Database"].cure) == ("wrong", cure)
    assert "Clock" not in said


async def test_a_database_that_is_not_there(here: Settings) -> None:
    gone = here.model_copy(update={"database_url": "postgresql://a:secret@127.0.0.1:1/none"})
    said = await found(gone)
    assert said["Database"].state == "wrong"
    assert "secret" not in said["Database"].what


async def test_postgresql_is_asked_the_same(here: Settings, postgres_url: str) -> None:
    said = await found(here.model_copy(update={"database_url": postgres_url}))
    assert (said["Database"].state, said["Clock"].state) == ("ok", "ok")
    assert said["Events"].cure == "Run: donghanh event new"


@pytest.mark.parametrize(("apart", "state"), [(1, "ok"), (5, "warning"), (60, "wrong")])
async def test_clocks_that_differ(here: Settings, apart: int, state: str) -> None:
    clock = SetClock(SystemClock().now() + timedelta(seconds=apart))
    assert (await found(here, clock=clock))["Clock"].state == state


async def test_a_key_that_does_not_fit(here: Settings) -> None:
    await a_delegate(here, Vault([new_key()]))
    said = await found(here)
    assert said["Secret key"].state == "wrong"
    assert "does not fit" in said["Secret key"].what


async def test_a_key_that_is_lost_is_not_made_again(here: Settings) -> None:
    await a_delegate(here, Vault([key_in(here.data_dir)]))
    (here.data_dir / "secret.key").unlink()
    assert (await found(here))["Secret key"].state == "wrong"
    assert not (here.data_dir / "secret.key").exists()


async def test_a_key_that_was_changed_needs_new_fingerprints(here: Settings) -> None:
    old = new_key()
    await a_delegate(here, Vault([old]))
    changed = here.model_copy(update={"secret_key": f"{new_key()}, {old}"})
    said = await found(changed)
    assert (said["Secret key"].state, said["Secret key"].cure) == (
        "warning",
        "Import the roster again to renew them.",
    )


async def test_a_key_that_others_may_read(here: Settings) -> None:
    (here.data_dir / "secret.key").chmod(0o644)
    said = await found(here)
    assert said["Secret key"].state == "warning"
    assert said["Secret key"].cure == f"Run: chmod 600 '{here.data_dir / 'secret.key'}'"


async def test_an_event_that_is_not_ready(here: Settings) -> None:
    await filled(here, lambda work: an_event(work, "vi", "xx"))
    said = await found(here)
    assert said["sample: languages"].what == "Not in the table of languages: xx."
    assert states(said) | {"sample: content": "warning", "sample: roster": "warning"} == states(
        said
    )


async def test_languages_that_are_drafts_are_named(here: Settings) -> None:
    await filled(here, lambda work: an_event(work, "vi", "hmn"))
    said = (await found(here))["sample: languages"]
    assert (said.state, said.what) == (
        "warning",
        "Still drafts, shown in their fallback language: hmn.",
    )


async def test_an_address_without_encryption(here: Settings) -> None:
    plain = here.model_copy(update={"public_url": "http://daihoi.example"})
    said = await found(
        plain, lambda request: httpx.Response(200, json=ALIVE | dict(request.url.params))
    )
    assert (said["Public address"].state, said["Running"].state) == ("wrong", "ok")


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(502, text="Bad Gateway"),
        lambda _: httpx.Response(200, text="<h1>It works!</h1>"),
        lambda _: httpx.Response(200, json={"alive": False}),
    ],
)
async def test_somebody_else_answers(here: Settings, answer: Answer) -> None:
    said = (await found(here, answer))["Running"]
    assert said.state == "wrong"
    assert "it is not Đồng Hành" in said.what


async def test_another_installation_answers(here: Settings) -> None:
    other = instance_of(Vault([new_key()]), here.database)
    answer = httpx.Response(200, json={"alive": True, "instance": other})
    said = (await found(here, lambda _: answer))["Running"]
    assert (said.state, said.what) == (
        "wrong",
        f"{PUBLIC}/healthz answers, but it is another installation of Đồng Hành.",
    )


async def test_a_proxy_that_keeps_pages(here: Settings) -> None:
    kept = httpx.Response(200, json=ALIVE | {"nonce": "0" * 16})
    said = (await found(here, lambda _: kept))["Running"]
    assert (said.state, said.cure) == ("wrong", "Let the proxy keep nothing of ours.")


@pytest.mark.parametrize(
    ("days", "state", "what"),
    [
        (3, "ok", "Its people are kept until 2027-02-22, 31 days left."),
        (36, "warning", "Its people are to be deleted since 2027-02-22, 1 day ago."),
        (43, "wrong", "Its people are to be deleted since 2027-02-22, 8 days ago."),
    ],
)
async def test_a_purge_that_is_due(here: Settings, days: int, state: str, what: str) -> None:
    event = await a_delegate(here, Vault([key_in(here.data_dir)]))
    # Of a closed event, too, people are still kept.
    closed = replace(event, closed_at=event.ends_at)
    await filled(here, lambda work: work.events.save(closed))
    clock = SetClock(datetime(2027, 1, 18, 5, tzinfo=UTC) + timedelta(days=days))
    said = await found(here, clock=clock)
    assert (said["sample: purge"].state, said["sample: purge"].what) == (state, what)
    await filled(
        here,
        lambda work: privacy.purge_people(
            work, Vault([key_in(here.data_dir)]), event, actor="test"
        ),
    )
    assert "sample: purge" not in await found(here, clock=clock)


@pytest.mark.parametrize(
    ("days", "state", "what"),
    [
        (
            1,
            "warning",
            "2 wait; the next must be done by 12:00 2027-01-28, 9 days left; "
            "a first answer is due by 00:00 2027-01-21.",
        ),
        (
            11,
            "wrong",
            "2 wait, 1 of them past their last day; the next must be done by 12:00 2027-02-02, "
            "4 days left.",
        ),
        (16, "wrong", "2 wait, 2 of them past their last day."),
    ],
)
async def test_requests_whose_clock_runs(here: Settings, days: int, state: str, what: str) -> None:
    asked = datetime(2027, 1, 18, 5, tzinfo=UTC)

    def ask(work: Work) -> None:
        event = an_event(work)
        address = work.accounts.add_address(work.accounts.ensure("webchat", "s").id, "c1")
        for kind in (RequestKind.PRIVACY, RequestKind.CORRECTION, RequestKind.HELP):
            open_request(work, event.id, work.people.add(), address.id, kind=kind, language="vi")

    store = Store(here.database, SetClock(asked))
    await store.write(ask)
    await store.close()
    said = (await found(here, clock=SetClock(asked + timedelta(days=days))))[
        "sample: requests about own data"
    ]
    assert (said.state, said.what) == (state, what)
    assert said.cure == "Run: donghanh desk requests --event sample"


async def with_bot(here: Settings, **more: Any) -> tuple[Settings, str]:
    """The installation with a Telegram bot, and the webhook that is its own."""
    account = await filled(here, lambda work: work.accounts.ensure("telegram", "bot"))
    url = f"{PUBLIC}/webhook/telegram/{account.id}"
    return here.model_copy(update={"telegram_token": TOKEN, **more}), url


async def test_telegram_in_order(here: Settings) -> None:
    settings, url = await with_bot(here)
    said = await found(settings, telegram(url=url, pending_update_count=3))
    assert (said["Telegram"].state, said["Telegram"].what) == (
        "ok",
        "The webhook is ours; 3 updates wait.",
    )


async def test_telegram_posts_elsewhere_or_fails(here: Settings) -> None:
    settings, url = await with_bot(here)
    said = (await found(settings, telegram(url="https://old.example/hook")))["Telegram"]
    assert (said.state, said.cure) == ("wrong", "Run: donghanh telegram set-webhook")
    said = (await found(settings, telegram(url="")))["Telegram"]
    assert said.what == "The webhook leads to nowhere, not to us."
    failing = telegram(url=url, pending_update_count=9, last_error_message="502 Bad Gateway")
    said = (await found(settings, failing))["Telegram"]
    assert (said.state, said.what) == (
        "warning",
        "9 updates wait. The last error Telegram saw: 502 Bad Gateway.",
    )


async def test_polling_wants_no_webhook(here: Settings) -> None:
    settings, url = await with_bot(here, telegram_mode="polling")
    assert (await found(settings, telegram(url="")))["Telegram"].state == "ok"
    said = (await found(settings, telegram(url=url)))["Telegram"]
    assert (said.state, said.cure) == ("wrong", "Run: donghanh telegram delete-webhook")


async def test_telegram_that_refuses_or_is_away(here: Settings) -> None:
    settings, _ = await with_bot(here)

    def refuses(request: httpx.Request) -> httpx.Response:
        if request.url.host == "daihoi.example":
            return proxy(request)
        return httpx.Response(401, json={"ok": False, "description": "Unauthorized"})

    said = (await found(settings, refuses))["Telegram"]
    assert (said.state, said.what) == ("wrong", "Telegram refuses the token: Unauthorized.")

    def away(request: httpx.Request) -> httpx.Response:
        if request.url.host == "daihoi.example":
            return proxy(request)
        raise httpx.ConnectTimeout(f"no answer from {request.url}", request=request)

    said = (await found(settings, away))["Telegram"]
    assert (said.state, said.what) == ("warning", "Telegram cannot be asked (ConnectTimeout).")


def ran(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_for_people_and_for_programs(here: Settings) -> None:
    lines = ran("doctor").splitlines()
    assert lines[-1] == "5 ok, 3 to look at, 0 wrong."
    assert "! Events: There is none yet." in lines
    assert "   → Run: donghanh event new" in lines
    told = json.loads(ran("doctor", "--json"))
    assert {one["name"]: one["state"] for one in told} == {
        "Disk": "ok",
        "Database": "ok",
        "Clock": "ok",
        "Secret key": "ok",
        "Events": "warning",
        "Telegram": "ok",
        "Public address": "warning",
        "Running": "warning",
    }


def test_wrong_settings_end_the_visit(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHANH_HTTP_PORT", "many")
    [one] = json.loads(ran("doctor", "--json", code=1))
    assert (one["name"], one["state"]) == ("Settings", "wrong")
    assert "DONGHANH_HTTP_PORT" in one["what"]


def test_something_wrong_is_exit_code_1(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHANH_PUBLIC_URL", "http://127.0.0.1:1")
    assert ran("doctor", code=1).splitlines()[-1].endswith("2 wrong.")


def test_settings_are_shown_without_secrets(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONGHANH_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("DONGHANH_SECRET_KEY", "hidden-key")
    monkeypatch.setenv("DONGHANH_DATABASE_URL", "postgresql://a:hidden-word@host/name")
    for words in (["config", "show"], ["config", "show", "--json"]):
        said = ran(*words)
        assert not [secret for secret in (TOKEN, "hidden-key", "hidden-word") if secret in said]
    rows = json.loads(said)
    assert set(rows) == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert rows["DONGHANH_TELEGRAM_TOKEN"] == {"value": "***", "set": True}
    assert rows["DONGHANH_DEMO_KEY"] == {"value": "", "set": False}
    assert rows["DONGHANH_DATABASE_URL"]["value"] == "postgresql://a:***@host/name"
    assert rows["DONGHANH_LOG_LEVEL"] == {"value": "info", "set": False}


def test_a_new_key_is_a_key() -> None:
    first, second = ran("config", "new-key").strip(), ran("config", "new-key").strip()
    assert first != second
    assert Vault([first, second]).open(Vault([second]).seal("a")) == "a"


def test_versions() -> None:
    assert ran("version").startswith(f"donghanh {__version__}, schema {schema.head()}, python 3.")
    assert json.loads(ran("version", "--json"))["schema"] == schema.head()
