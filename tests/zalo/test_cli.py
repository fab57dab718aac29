"""`donghanh zalo`: consent, tokens by hand, the doctor; never a token on the screen."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.zalo import answer_in
from bot.clock import SystemClock
from bot.config import PREFIX, Settings
from bot.errors import Refusal
from bot.store import Store, Work
from bot.store.zalo_tokens import Kept
from bot.vault import Vault, key_in
from bot.zalo import challenge_of, new_verifier
from bot.zalo.fake import APP_ID, APP_SECRET, OA_ID, OA_SECRET, FakeZalo

VERIFIER = new_verifier()


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    """The fake in a thread of its own: the command runs its own loop."""
    fake, ready, loop = FakeZalo(), threading.Event(), asyncio.new_event_loop()
    done = asyncio.Event()

    async def serve() -> None:
        async with fake:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    assert ready.wait(20)
    yield fake
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()


@pytest.fixture
def folder(
    zalo: FakeZalo, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An installation whose settings name the fake."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    here = {
        "DATABASE_URL": sqlite_url,
        "DATA_DIR": str(tmp_path),
        "ZALO_APP_ID": APP_ID,
        "ZALO_APP_SECRET": APP_SECRET,
        "ZALO_OA_SECRET_KEY": OA_SECRET,
        "ZALO_API_URL": zalo.url,
        "ZALO_OAUTH_URL": zalo.url,
        "ZALO_VERIFIER_SECRET": VERIFIER,
    }
    for name, value in here.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    return tmp_path


def typed(zalo: FakeZalo, *words: str, keys: str = "") -> Result:
    """The command as somebody types it. No token may be seen."""
    done = CliRunner().invoke(app, ["zalo", *words], input=keys)
    assert [one for one in (*zalo.pair(), APP_SECRET) if one and one in done.output] == []
    return done


def stored(do: Callable[[Store], Awaitable[Kept | None]], url: str) -> Kept | None:
    async def look() -> Kept | None:
        store = Store(url, SystemClock())
        try:
            return await do(store)
        finally:
            await store.close()

    return asyncio.run(look())


def kept(url: str) -> Kept | None:
    def look(work: Work) -> Kept | None:
        account = work.accounts.find("zalo", OA_ID)
        return work.zalo_tokens.get(account.id) if account else None

    return stored(lambda store: store.read(look), url)


def consent(zalo: FakeZalo) -> str:
    code = zalo.tokens.consent(challenge_of(VERIFIER))
    return f"https://daihoi.example/zalo/callback?oa_id={OA_ID}&code={code}\n"


def test_connect(zalo: FakeZalo, folder: Path, sqlite_url: str) -> None:
    done = typed(zalo, "connect", keys=consent(zalo))
    assert done.exit_code == 0, done.output
    found = kept(sqlite_url)
    assert found is not None
    vault = Vault([key_in(folder)])
    assert (vault.open(found.access), vault.open(found.refresh)) == zalo.pair()
    assert f"code_challenge={challenge_of(VERIFIER)}" in done.output
    assert "/webhook/zalo/1" in done.output


@pytest.mark.parametrize(
    "landed", ["https://daihoi.example/", "not an address", "https://x/?code=never-given"]
)
def test_a_wrong_answer_keeps_nothing(
    zalo: FakeZalo, folder: Path, sqlite_url: str, landed: str
) -> None:
    done = typed(zalo, "connect", keys=f"{landed}\n")
    assert done.exit_code == 1
    assert kept(sqlite_url) is None


def test_an_answer_to_another_consent() -> None:
    assert answer_in("https://x/?code=c&oa_id=9&state=mine", "mine") == ("c", "9")
    assert answer_in(" https://x/?code=c ", "mine") == ("c", "")
    with pytest.raises(Refusal, match="another consent"):
        answer_in("https://x/?code=c&state=hers", "mine")


def test_tokens_by_hand(zalo: FakeZalo, folder: Path, sqlite_url: str) -> None:
    access, refresh = zalo.pair()
    done = typed(zalo, "tokens", "set", keys=f"{access}\n{refresh}\n")
    assert done.exit_code == 0, done.output
    assert kept(sqlite_url) is not None
    assert sum(zalo.tokens.spent.values()) == 0
    wrong = typed(zalo, "tokens", "set", keys="at-dead\nrt-dead\n")
    assert wrong.exit_code == 1
    found = kept(sqlite_url)
    assert found is not None
    assert found.epoch == 0


def states(done: Result) -> dict[str, str]:
    told = json.loads(done.stdout)
    for one in told:
        assert bool(one["cure"]) == (one["state"] != "ok")
    return {one["name"]: one["state"] for one in told}


def test_the_doctor(zalo: FakeZalo, folder: Path, sqlite_url: str) -> None:
    assert states(typed(zalo, "doctor", "--json")) == {"Zalo": "warning"}
    typed(zalo, "connect", keys=consent(zalo))
    name = f"Zalo {OA_ID}"
    usual = {
        f"{name}: tokens": "ok",
        f"{name}: webhook": "warning",
        name: "ok",
        f"{name}: package": "ok",
        f"{name}: money": "warning",
    }
    assert states(typed(zalo, "doctor", "--json")) == usual
    zalo.world.verified, zalo.world.money = False, 5
    assert states(typed(zalo, "doctor", "--json")) == usual | {
        name: "wrong",
        f"{name}: money": "ok",
    }
    zalo.tokens.revoke()
    refused = typed(zalo, "doctor", "--json")
    assert refused.exit_code == 1
    assert states(refused)[name] == "wrong"
    assert sum(zalo.tokens.spent.values()) == 0, "looking buys nothing"


def test_the_doctor_says_that_consent_is_needed(
    zalo: FakeZalo, folder: Path, sqlite_url: str
) -> None:
    typed(zalo, "connect", keys=consent(zalo))

    def refuse(work: Work) -> None:
        work.zalo_tokens.lease(1, 0, "mine", work.now + timedelta(minutes=1))
        assert work.zalo_tokens.refuse(1, 0, "mine", "-14020 Invalid refresh token")

    async def do(store: Store) -> None:
        await store.write(refuse)

    stored(do, sqlite_url)
    done = typed(zalo, "doctor")
    assert done.exit_code == 1
    assert "donghanh zalo connect" in done.output
    assert "-14020" in done.output
    whole = CliRunner().invoke(app, ["doctor"])
    assert "-14020" in whole.output
