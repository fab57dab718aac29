"""What `donghanh doctor` looks at. A finding that is not ok says how to mend it."""

import secrets
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import httpx

from bot.cli import zalo_checks
from bot.cli.duties import duties
from bot.cli.finding import Finding, State
from bot.cli.queues import queue_findings, transaction_finding, uncertain_finding
from bot.clock import Clock
from bot.config import Settings
from bot.errors import ConfigError, DongHanhError, StoreError
from bot.i18n import Languages
from bot.paths import resource
from bot.store import Store, backlog, database_url, health, schema
from bot.values.event import Event
from bot.vault import Vault, instance_of

TIMEOUT_SECONDS = 5.0
_DISK_WRONG = 200_000_000  # bytes; below it a day of pictures and a backup do not fit
_DISK_WARNING = 2_000_000_000
_CLOCK_WARNING = 2.0  # seconds between our clock and the database's
_CLOCK_WRONG = 30.0


async def findings(
    settings: Settings, clock: Clock, client: httpx.AsyncClient
) -> AsyncIterator[Finding]:
    """Everything the doctor has to say, in the order to mend it. Changes nothing anywhere."""
    yield _disk(settings)
    version = _database(settings)
    yield version
    if version.state == "ok":
        store = Store(settings.database, clock)
        try:
            async for found in _inside(settings, store, client):
                yield found
        finally:
            await store.close()
    async for found in _public(settings, client):
        yield found


async def _inside(
    settings: Settings, store: Store, client: httpx.AsyncClient
) -> AsyncIterator[Finding]:
    yield _clock(store, await store.read(health.clock_of))
    yield _key(settings, await store.read(health.sealed_phones))
    events = await store.read(lambda work: work.events.all())
    sizes = await store.read(health.roster_sizes)
    for found in _events(events, sizes):
        yield found
    for found in await _duties(settings, store):
        yield found
    for found in await _queues(store):
        yield found
    if settings.telegram_token:
        accounts = await store.read(lambda work: work.accounts.of_kind("telegram"))
        yield await _telegram(settings, client, [account.id for account in accounts])
    else:
        yield Finding("Telegram", "ok", "No token is set; the bot speaks by web chat only.")
    if settings.zalo_app_id:
        async for found in zalo_checks.findings(settings, store):
            yield found


async def _duties(settings: Settings, store: Store) -> list[Finding]:
    """Of events that are closed too: their people are still kept."""
    events = await store.read(lambda work: work.events.all(open_only=False))
    left = await store.read(health.people_left)
    asked = await store.read(lambda work: {one.id: work.requests.waiting(one.id) for one in events})
    return list(duties(events, left, asked, settings.retention_days, store.clock.now()))


async def _queues(store: Store) -> list[Finding]:
    now = await store.read(health.clock_of)
    found = list(queue_findings(await store.read(backlog.queues), now))
    if count := await store.read(backlog.uncertain):
        found.append(uncertain_finding(count))
    oldest = await store.read(backlog.oldest_transaction)
    return found if oldest is None else [*found, transaction_finding(oldest)]


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    state: State = "wrong" if free < _DISK_WRONG else "warning" if free < _DISK_WARNING else "ok"
    cure = "" if state == "ok" else f"Make room, or remove old files from {folder / 'backups'}."
    return Finding("Disk", state, f"{free / 1e9:.1f} GB are free for {folder}.", cure)


def _database(settings: Settings) -> Finding:
    try:
        url = database_url(settings.database)
        version = schema.version_of(url)
    except DongHanhError as error:
        return Finding("Database", "wrong", str(error), "Mend the setting, or start the database.")
    kind = "SQLite" if url.get_backend_name() == "sqlite" else "PostgreSQL"
    if version == schema.head():
        return Finding("Database", "ok", f"{kind} answers and has schema {version}.")
    if version is None:
        return Finding("Database", "wrong", f"{kind} holds nothing yet.", "Run: donghanh migrate")
    if schema.known(version):
        what = f"{kind} has schema {version}; this program needs {schema.head()}."
        return Finding("Database", "wrong", what, "Run: donghanh migrate")
    what = f"{kind} has schema {version}, which is newer than this program."
    return Finding("Database", "wrong", what, "Install the newer donghanh.")


def _clock(store: Store, theirs: datetime) -> Finding:
    apart = abs((store.clock.now() - theirs).total_seconds())
    what = f"Our clock and the database's are {apart:.0f} s apart."
    if apart < _CLOCK_WARNING:
        return Finding("Clock", "ok", what)
    state: State = "warning" if apart < _CLOCK_WRONG else "wrong"
    return Finding("Clock", state, what, "Turn on time synchronisation (NTP) on both machines.")


def _key(settings: Settings, sealed: Sequence[health.Sealed]) -> Finding:
    keys = [key.strip() for key in settings.secret_key.split(",") if key.strip()]
    file = settings.data_dir / "secret.key"
    if not keys and not file.is_file():
        if not sealed:
            return Finding("Secret key", "ok", "None yet; one is made on first use.")
        what = f"There is no key, but the database holds sealed phone numbers ({file})."
        return Finding("Secret key", "wrong", what, "Bring the key file back, or set the key.")
    try:
        vault = Vault(keys or [file.read_text().strip()])
        opened = [vault.open(phone.cipher) for phone in sealed]
    except (ConfigError, OSError) as error:
        return Finding("Secret key", "wrong", str(error), "Set DONGHANH_SECRET_KEY to that key.")
    if any(vault.fingerprint(o) != s.fingerprint for o, s in zip(opened, sealed, strict=True)):
        what = "It opens the phone numbers, but their fingerprints were made with another key."
        return Finding("Secret key", "warning", what, "Import the roster again to renew them.")
    return _key_file(file) if not keys else Finding("Secret key", "ok", "It fits the database.")


def _key_file(file: Path) -> Finding:
    if file.stat().st_mode & 0o077:
        what = f"Other accounts of this machine may read {file}."
        return Finding("Secret key", "warning", what, f"Run: chmod 600 '{file}'")
    return Finding("Secret key", "ok", f"It fits the database. Keep a copy of {file}.")


def _events(events: Sequence[Event], sizes: dict[int, int]) -> Iterator[Finding]:
    languages = Languages.load(resource("locales") / "languages.toml")
    if not events:
        yield Finding("Events", "warning", "There is none yet.", "Run: donghanh event new")
    for event in events:
        yield _languages(event, languages)
        yield _content(event)
        count = sizes.get(event.id, 0)
        cure = f"Run: donghanh roster import FILE --event {event.slug}"
        what = f"{count} people are on the roster."
        yield Finding(
            f"{event.slug}: roster", "ok" if count else "warning", what, "" if count else cure
        )


def _languages(event: Event, languages: Languages) -> Finding:
    name = f"{event.slug}: languages"
    if unknown := [code for code in event.languages if code not in languages]:
        what = f"Not in the table of languages: {', '.join(unknown)}."
        return Finding(name, "wrong", what, "Mend the event's languages; see docs/languages.md.")
    if drafts := [code for code in event.languages if languages[code].draft]:
        what = f"Still drafts, shown in their fallback language: {', '.join(drafts)}."
        return Finding(name, "warning", what, "Have native reviewers sign the translations.")
    return Finding(name, "ok", f"Offered: {', '.join(event.languages)}.")


def _content(event: Event) -> Finding:
    name = f"{event.slug}: content"
    if event.version_id is None:
        cure = f"Run: donghanh content load FOLDER --event {event.slug}"
        return Finding(name, "warning", "None is in force; nothing can be answered.", cure)
    return Finding(name, "ok", "A content version is in force.")


async def _public(settings: Settings, client: httpx.AsyncClient) -> AsyncIterator[Finding]:
    if not settings.public_url:
        what = f"Not set: links lead to {settings.base_url}, which only this machine reaches."
        yield Finding("Public address", "warning", what, "Set DONGHANH_PUBLIC_URL=https://…")
    elif not settings.public_url.startswith("https://"):
        what = f"{settings.base_url} is not encrypted; phones warn, and Telegram refuses it."
        yield Finding("Public address", "wrong", what, "Put a proxy with a certificate before it.")
    yield await _alive(settings, client, _instance(settings))


def _instance(settings: Settings) -> str | None:
    """What our own answer must say; None while there is no key. Makes none: looking is no doing."""
    keys = [key.strip() for key in settings.secret_key.split(",") if key.strip()]
    try:
        vault = Vault(keys or [(settings.data_dir / "secret.key").read_text().strip()])
    except (ConfigError, OSError):
        return None
    return instance_of(vault, settings.database)


async def _alive(settings: Settings, client: httpx.AsyncClient, instance: str | None) -> Finding:
    address = f"{settings.base_url}/healthz"
    state: State = "wrong" if settings.public_url else "warning"
    nonce = secrets.token_hex(8)
    try:
        answer = await client.get(address, params={"nonce": nonce})
        told = answer.json() if answer.status_code == httpx.codes.OK else None
    except httpx.HTTPError as error:
        what = f"{address} does not answer ({type(error).__name__})."
        return Finding("Running", state, what, "Start donghanh serve; then look at the proxy.")
    except ValueError:
        told = None
    if isinstance(told, dict) and told.get("alive") is True:
        if instance is not None and told.get("instance") != instance:
            what = f"{address} answers, but it is another installation of Đồng Hành."
            cure = "Let the proxy lead to this one; its key and database address are the measure."
            return Finding("Running", state, what, cure)
        if told.get("nonce") != nonce:
            what = f"{address} answers with an old answer: something on the way keeps pages."
            return Finding("Running", state, what, "Let the proxy keep nothing of ours.")
        return Finding("Running", "ok", f"{address} answers, and it is us.")
    what = f"{address} answers {answer.status_code}, but it is not Đồng Hành."
    return Finding("Running", state, what, "Let the proxy pass every path to donghanh serve.")


async def _telegram(
    settings: Settings, client: httpx.AsyncClient, accounts: Sequence[int]
) -> Finding:
    address = f"{settings.telegram_api_url.rstrip('/')}/bot{settings.telegram_token}/getWebhookInfo"
    try:
        answer = (await client.post(address)).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        what = f"Telegram cannot be asked ({type(error).__name__})."  # never the address: the token
        return Finding("Telegram", "warning", what, "Check the network and the API address.")
    if not answer.get("ok"):
        what = f"Telegram refuses the token: {answer.get('description', 'no reason given')}."
        return Finding("Telegram", "wrong", what, "Set DONGHANH_TELEGRAM_TOKEN as BotFather says.")
    return _webhook(settings, answer["result"], accounts)


def _webhook(settings: Settings, told: dict[str, object], accounts: Sequence[int]) -> Finding:
    url = str(told.get("url") or "")
    if settings.telegram_mode == "polling":
        if not url:
            return Finding("Telegram", "ok", "The token works; updates are fetched by polling.")
        what = "A webhook is set, so polling gets nothing."
        return Finding("Telegram", "wrong", what, "Run: donghanh telegram delete-webhook")
    ours = [f"{settings.base_url}/webhook/telegram/{account}" for account in accounts]
    if url not in ours:
        what = f"The webhook leads to {url or 'nowhere'}, not to us."
        return Finding("Telegram", "wrong", what, "Run: donghanh telegram set-webhook")
    pending = told.get("pending_update_count", 0)
    if said := told.get("last_error_message"):
        what = f"{pending} updates wait. The last error Telegram saw: {said}."
        return Finding("Telegram", "warning", what, "Look at the proxy; Telegram tries again.")
    return Finding("Telegram", "ok", f"The webhook is ours; {pending} updates wait.")


def settings_wrong(error: ConfigError | StoreError) -> Finding:
    """The one finding when not even the settings can be read."""
    return Finding("Settings", "wrong", str(error), "Mend them; docs/operate.md explains each.")
