"""`donghanh zalo`: consent, tokens by hand, the doctor; never a token on the screen."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.zalo import answer_in
from bot.cli.zalo_events import NOTHING
from bot.clock import SystemClock
from bot.config import PREFIX, Settings
from bot.errors import Refusal
from bot.store import Store, Work
from bot.store.accounts import CLOSED_AFTER
from bot.store.platform_events import Happened
from bot.store.windows import Heard
from bot.store.zalo_tokens import Kept
from bot.vault import Vault, key_in
from bot.zalo import challenge_of, new_verifier
from bot.zalo.fake import APP_ID, APP_SECRET, OA_ID, OA_SECRET, FakeZalo
from bot.zalo.fake.world import Template
from tests.notices.crowd import gather

VERIFIER = new_verifier()
T = TypeVar("T")


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
        "ZALO_BUSINESS_URL": zalo.url,
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


def stored(do: Callable[[Store], Awaitable[T]], url: str) -> T:
    async def look() -> T:
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
        f"{name}: organisers": "warning",
        name: "ok",
        f"{name}: package": "ok",
        f"{name}: money": "warning",
    }
    assert states(typed(zalo, "doctor", "--json")) == usual

    def heard_of(work: Work) -> None:
        work.windows.last_heard([1], work.now - timedelta(hours=2))

    stored(lambda store: store.write(heard_of), sqlite_url)
    usual[f"{name}: webhook"] = "ok"
    assert "Last heard 2.0 hours ago." in typed(zalo, "doctor").output
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


def test_events_that_nothing_answers_are_shown_and_the_doctor_names_new_ones(
    zalo: FakeZalo, folder: Path, sqlite_url: str
) -> None:
    typed(zalo, "connect", keys=consent(zalo))
    assert typed(zalo, "events").output.strip() == NOTHING
    shape = {"event_name": "text", "data": {"a": "number"}}
    posted = [
        Happened("a", "user_send_group_text", "group.message.text", {}),
        Happened("b", "user_send_group_text", "group.message.text", {}),
        Happened("c", "some_future_event", "unknown", shape),
    ]
    for one in posted:

        async def add(store: Store, one: Happened = one) -> None:
            await store.write(lambda work: work.platform_events.add(1, [one]))

        stored(add, sqlite_url)
    said = typed(zalo, "events").output
    assert "2  user_send_group_text; first" in said
    assert "1  some_future_event, not known to this program" in said
    assert json.dumps(shape) in said
    told = json.loads(typed(zalo, "events", "--json").stdout)[OA_ID]
    assert [(one["name"], one["times"]) for one in told] == [
        ("user_send_group_text", 2),
        ("some_future_event", 1),
    ]
    assert states(typed(zalo, "doctor", "--json"))[f"Zalo {OA_ID}: events"] == "warning"


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


TEMPLATE = """
[thong-bao]
id = "312"
price = 165

[thong-bao.params]
ten = { value = "{name}", most = 30 }
noi_dung = { value = "{text}", most = 60 }
"""


def ran(*words: str, keys: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=keys)


def _silent_for_long(work: Work) -> None:
    """A delegate whom only a template reaches."""
    crowd = gather(work, "town", 1, account="nobody")
    work.accounts.untie(crowd.first + 10**9, crowd.first)
    account = work.accounts.ensure("zalo", OA_ID).id
    her = work.accounts.add_address(account, "4572947693969771653")
    work.accounts.tie(her.id, crowd.first, crowd.event.id, "card")
    work.windows.heard(account, [Heard(her.sender, work.now - CLOSED_AFTER - timedelta(hours=1))])


def test_price_and_quota_of_a_template_are_told_before_anybody_agrees(
    zalo: FakeZalo, folder: Path, sqlite_url: str, tmp_path: Path
) -> None:
    typed(zalo, "connect", keys=consent(zalo))
    stored(lambda store: store.write(_silent_for_long), sqlite_url)
    file = tmp_path / "templates.toml"
    file.write_text(TEMPLATE, encoding="utf-8")
    zalo.world.templates["312"] = Template("312", {"ten": 30, "noi_dung": 60})
    done = typed(zalo, "templates", str(file))
    said = "thong-bao: 312, 165 VND by user id, not by number, ten, noi_dung; ready."
    assert (done.exit_code, done.output.strip()) == (0, said)
    zalo.world.money = 1_000
    told = json.loads(ran("reach", "--json").stdout)
    assert {name: told[name] for name in told if "template" in name or "vnd" in name} == {
        "cost_vnd": 165,
        "price_vnd": 55,
        "prices_vnd": {"billable": 55, "by template": 165},
        "template": "thong-bao",
        "templates": 1,
        "templates_left_today": 500,
        "templates_beyond_today": 0,
    }
    zalo.world.template_left = 0
    sent = " ".join(ran("notices", "send", "--vi", "Xe số 3.", keys="no\n").output.split())
    assert "1 by the template “thong-bao” for 165 VND each: 165 VND" in sent
    assert "Zalo takes 0 templates more today; 1 wait for tomorrow." in sent
    assert sent.endswith("Nothing was sent.")
    assert zalo.world.taken() == []
    without = json.loads(ran("reach", "--json", "--template", "none").stdout)
    assert (without["cost_vnd"], len(without["left"])) == (0, 1)
    long = ran("notices", "send", "--vi", "x" * 61, "--yes")
    assert "takes 60 characters in noi_dung" in " ".join(long.output.split())
    assert "There is no template x" in ran("reach", "--template", "x").output


def _quiet_for_three_days(work: Work) -> None:
    """A delegate whom a message reaches that is billed."""
    _silent_for_long(work)
    account = work.accounts.ensure("zalo", OA_ID).id
    work.windows.heard(account, [Heard("4572947693969771653", work.now - timedelta(days=3))])


def test_who_would_be_billed_is_reached_only_where_somebody_pays(
    zalo: FakeZalo, folder: Path, sqlite_url: str
) -> None:
    """As the account itself would find: without a Zalo Cloud Account each of them is refused."""
    stored(lambda store: store.write(_quiet_for_three_days), sqlite_url)

    def asked() -> tuple[int, list[str], str]:
        done = ran("reach", "--json")
        told = json.loads(done.stdout)
        return told["cost_vnd"], [one["why"] for one in told["left"]], done.stderr

    assert asked() == (55, [], "Zalo does not say whether a Zalo Cloud Account pays.\n")
    typed(zalo, "connect", keys=consent(zalo))
    assert asked() == (0, ["no account to bill"], "")
    assert "refused: it would cost something" in ran("reach").output
    zalo.world.money = 1_000
    assert asked() == (55, [], "")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"ten": 30}, "it has the parameters ten, not noi_dung, ten"),
        ({"ten": 20, "noi_dung": 60}, "ten takes 20 characters, not 30"),
        (None, "does not confirm"),
    ],
)
def test_a_template_is_taken_only_as_zalo_approved_it(
    zalo: FakeZalo, folder: Path, tmp_path: Path, params: dict[str, int] | None, said: str
) -> None:
    typed(zalo, "connect", keys=consent(zalo))
    stored(lambda store: store.write(_silent_for_long), str(Settings().database))
    file = tmp_path / "templates.toml"
    file.write_text(TEMPLATE, encoding="utf-8")
    if params is not None:
        zalo.world.templates["312"] = Template("312", params)
    done = typed(zalo, "templates", str(file))
    assert (done.exit_code, said in " ".join(done.output.split())) == (1, True)
    assert typed(zalo, "templates").output.startswith("No template is set up")
    unseen = typed(zalo, "templates", str(file), "--no-check")
    assert (unseen.exit_code, "; ready." in unseen.output) == (0, True)
