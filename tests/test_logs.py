"""Log lines tell operators what happened, and nobody's words, name or number."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from bot import logs
from bot.errors import Rejected, StoreError
from bot.store import Store, Work
from bot.values.incoming import Incoming, Kind
from tests import kept_logs
from tests.kept_logs import MARKER

# Shaped like a real one; a fresh one would give every worker of a parallel run other tests.
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged from now on, as programs read it."""
    out = StringIO()
    logs.set_up(json=True, level="debug", to=out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    kept_logs.begin()


def log() -> Any:
    """A logger that was not used before the test, so that it is not bound to another output."""
    return structlog.get_logger()


def test_a_line_says_what_happened_when_and_how_bad(lines: Lines) -> None:
    log().warning("not sent", delivery=7, kind="Gone", congress="sample")
    (line,) = lines()
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo == UTC
    assert line == {
        "event": "not sent",
        "level": "warning",
        "delivery": 7,
        "kind": "Gone",
        "congress": "sample",
    }


@pytest.mark.parametrize("field", sorted(logs.PRIVATE))
def test_private_fields_are_blotted_wherever_they_stand(lines: Lines, field: str) -> None:
    log().info("x", **{field: MARKER}, within={field: [MARKER]}, several=[{field: MARKER}])
    (line,) = lines()
    kept = (line[field], line["within"], line["several"])
    assert kept == ("***", {field: "***"}, [{field: "***"}])


@pytest.mark.parametrize(
    "secret",
    [
        "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake-_0",
        KEY,
        "0912345678",
        "+84912345678",
        "84912345678",
        "0912 345 678",
        "0912.345.678",
    ],
)
def test_secrets_and_numbers_are_blotted_in_any_text(lines: Lines, secret: str) -> None:
    log().info(f"refused {secret} at once", why=f"({secret})", each=[secret])
    (line,) = lines()
    assert (line["event"], line["why"], line["each"]) == ("refused *** at once", "(***)", ["***"])


@pytest.mark.parametrize(
    "harmless",
    ["2027-01-19T08:10:00.123456Z", "queue 12, delivery 900", "version 0.123", "10.0.0.12:8080"],
)
def test_times_and_counts_stay(lines: Lines, harmless: str) -> None:
    log().info("x", what=harmless)
    assert lines()[0]["what"] == harmless


def test_the_password_of_a_database_is_blotted(lines: Lines) -> None:
    log().info("opened", where="postgresql://donghanh:s3cret@db.example/donghanh")
    assert lines()[0]["where"] == "postgresql://***@db.example/donghanh"


@dataclass
class Thing:
    """Something of ours with a person in it."""

    words: str


def test_of_our_own_values_only_the_kind_is_told(lines: Lines) -> None:
    incoming = Incoming(1, "chat-1", "u1", Kind.TEXT, datetime.now(UTC), text=MARKER)
    log().info("x", what=incoming, each=(Thing(MARKER),), at=Path("/srv"), kind=Kind.TEXT)
    (line,) = lines()
    assert (line["what"], line["each"]) == ("<Incoming>", ["<Thing>"])
    assert MARKER not in str(line)


def broken(error: Exception) -> None:
    """Raise and log, the way the inbox does."""
    try:
        raise error
    except Exception:
        log().exception("a turn broke", inbound=3)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(MARKER),
        KeyError(MARKER),
        RuntimeError(MARKER),
        IntegrityError("INSERT INTO question", {"text": MARKER}, Exception(MARKER)),
        UnicodeEncodeError("utf-8", MARKER, 0, 1, MARKER),
        ExceptionGroup(MARKER, [ValueError(MARKER)]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_told_without_what_it_quotes(lines: Lines, error: Exception) -> None:
    broken(error)
    (line,) = lines()
    assert type(error).__name__ in line["exception"].splitlines()[-1]
    assert "test_logs.py" in line["exception"]
    assert MARKER not in str(line)


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (StoreError("The database did not answer."), "bot.errors.StoreError: The database did"),
        (Rejected("400", "Bad Request: chat not found"), "bot.errors.Rejected: "),
        (FileNotFoundError(2, "No such file", "secret.key"), "FileNotFoundError: [Errno 2]"),
        (AttributeError("'NoneType' has no 'id'"), "AttributeError: 'NoneType' has no 'id'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_harmless_messages_help_whoever_mends_it(lines: Lines, error: Exception, last: str) -> None:
    broken(error)
    assert lines()[0]["exception"].splitlines()[-1].startswith(last)


def test_causes_are_told_first_and_without_words(lines: Lines) -> None:
    try:
        try:
            int(MARKER)
        except ValueError as cause:
            raise StoreError("The database did not answer.") from cause
    except StoreError:
        log().exception("a turn broke")
    told = lines()[0]["exception"].splitlines()
    assert [line for line in told if not line.startswith(("Trace", " "))] == [
        "ValueError",
        "bot.errors.StoreError: The database did not answer.",
    ]


def test_the_standard_library_speaks_in_the_same_lines(lines: Lines) -> None:
    logging.getLogger("some.library").warning("refused %s", "0912345678")
    try:
        int(MARKER)
    except ValueError:
        logging.getLogger("some.library").exception("broke")
    first, second = lines()
    assert (first["event"], first["level"]) == ("refused ***", "warning")
    assert second["exception"].splitlines()[-1] == "ValueError"


async def test_a_task_nobody_awaited_does_not_tell_its_words(lines: Lines) -> None:
    async def breaks() -> None:
        raise ValueError(MARKER)

    task = asyncio.create_task(breaks())
    await asyncio.wait([task])
    handler = asyncio.get_running_loop()
    handler.call_exception_handler(
        {"message": "Task was not retrieved", "future": task, "exception": task.exception()}
    )
    (line,) = lines()
    assert line["event"] == "Task was not retrieved"
    assert MARKER not in str(line)


def test_libraries_chatter_stays_out(lines: Lines) -> None:
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot1:A/sendMessage")
    assert lines() == []


def test_people_read_lines_without_colours_and_values_of_variables() -> None:
    out = StringIO()
    logs.set_up(json=False, to=out)
    words = MARKER
    try:
        int(words)
    except ValueError:
        structlog.get_logger().exception("a turn broke", inbound=3)
    kept_logs.begin()
    assert "a turn broke" in out.getvalue()
    assert "inbound=3" in out.getvalue()
    assert "\x1b" not in out.getvalue()
    assert MARKER not in out.getvalue()


async def test_what_a_database_refuses_is_not_quoted(store: Store, lines: Lines) -> None:
    """Databases put the row into their error: the key that was there already, the parameters."""

    def twice(work: Work) -> None:
        for _ in range(2):
            work.cards.issue_many(event_id, [(person_id, MARKER, MARKER)])

    event_id = (await store.write(_an_event)).id
    person_id = await store.write(lambda work: work.people.add())
    with pytest.raises(IntegrityError) as refused:
        await store.write(twice)
    assert MARKER in str(refused.value.orig) + str(refused.value.params)
    broken(refused.value)
    assert MARKER not in str(lines())


def _an_event(work: Work) -> Any:
    return work.events.add(
        "small",
        names={"vi": "Hội nghị nhỏ"},
        time_zone="Asia/Ho_Chi_Minh",
        first_day=datetime(2027, 1, 18, tzinfo=UTC).date(),
        days=5,
    )


@pytest.mark.parametrize(
    "line",
    [
        f'{{"event": "{MARKER}"}}',
        '{"event": "Rơ Châm H\'Lan"}',
        '{"event": "Nguyễn Kim Linh linked"}',
        '{"event": "x", "n": "0900 098 181"}',
        '{"event": "x", "n": "+84900098181"}',
        '{"event": "x", "n": "7KQW-2M9A"}',
        '{"event": "x", "n": "gT3xq_0aZ9-LmNbVcXyW1Q"}',
        '{"event": "x", "n": "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake"}',
        f'{{"event": "x", "n": "{KEY}"}}',
    ],
)
def test_the_watch_over_the_whole_run_sees(line: str) -> None:
    assert list(kept_logs.leaks([line], kept_logs.people())) != []


def test_the_watch_over_the_whole_run_keeps_quiet() -> None:
    line = (
        '{"queue": 1, "epoch": 1, "congress": "sample", "version": 103, "event": "queue taken", '
        '"timestamp": "2026-11-21T22:48:41.529410Z", "owner": "host:1:0f3a9c1e", '
        '"exception": "File \\"/srv/bot/store/engines.py\\", line 44, in write\\n  do_it()"}'
    )
    assert list(kept_logs.leaks([line], kept_logs.people())) == []
