"""What is found out about an account: how fast it goes, and whether it is there at all."""

from collections.abc import Iterator

from bot.errors import Gone, Rejected, Throttled, Unavailable, Uncertain
from bot.pacing import buffered, on_wire
from bot.sender.circuit import FAILURES, Circuit, is_down
from bot.sender.lanes import Lanes
from bot.sender.pace import Pace
from bot.sender.tempo import CLEAN_SECONDS, Tempo
from bot.values.delivery import Act, Delivery
from bot.values.letter import Lane
from bot.values.reply import Reply


def test_each_clean_minute_is_faster_and_a_429_halves() -> None:
    tempo = Tempo(25.0, 200.0)
    tempo.begin(None, 0.0)
    rates = [tempo.rate]
    now = 0.0
    for _ in range(4):
        now += CLEAN_SECONDS
        tempo.look(now)
        rates.append(tempo.rate)
    assert rates == [25.0, 50.0, 100.0, 200.0, 200.0]
    for _ in range(8):  # those that were on the wire together
        tempo.throttled(now, 5.0)
    assert tempo.rate == 100.0
    assert tempo.look(now + 64.9) is False
    assert tempo.look(now + 65.0) is True
    assert tempo.rate == 120.0


def test_a_new_owner_goes_on_where_the_last_one_was() -> None:
    tempo = Tempo(25.0, 30.0)
    tempo.begin(12.5, 0.0)
    assert tempo.rate == 12.5
    tempo.begin(400.0, 0.0)
    assert tempo.rate == 30.0


def test_ten_failures_in_a_row_open_the_circuit_and_one_answer_closes_it() -> None:
    circuit = Circuit()
    opened = [circuit.failed(0.0) for _ in range(FAILURES)]
    assert opened == [False] * (FAILURES - 1) + [True]
    assert (circuit.wait(0.0, 0), circuit.wait(1.0, 0)) == (1.0, 0.0)
    assert circuit.wait(1.0, 1) > 0, "one probe at a time"
    circuit.failed(1.0)
    assert circuit.wait(1.0, 0) == 2.0, "probes become rarer"
    assert circuit.answered() is True
    assert (circuit.is_open, circuit.wait(1.0, 5)) == (False, 0.0)


def test_an_answer_in_between_keeps_it_closed() -> None:
    circuit = Circuit()
    for _ in range(FAILURES - 1):
        circuit.failed(0.0)
    circuit.answered()
    circuit.failed(0.0)
    assert circuit.is_open is False


def test_what_the_platform_says_is_no_failure_of_the_platform() -> None:
    answers = [Gone("blocked"), Rejected("400"), Throttled("429")]
    assert [is_down(one) for one in answers] == [False] * 3
    assert [is_down(one) for one in (Unavailable("cut"), Uncertain("502"))] == [True] * 2


def test_as_much_at_once_as_the_rate_needs() -> None:
    assert [on_wire(rate) for rate in (1, 25, 500, 1_000, 50_000)] == [16, 16, 200, 256, 256]
    assert [buffered(rate) for rate in (1, 25, 100, 1_000)] == [8, 8, 25, 250]


def leaving(pace: Pace, *deliveries: Delivery) -> Iterator[tuple[float, Delivery]]:
    """When each leaves, through the real lanes, in time that is only counted."""
    lanes, now = Lanes(), 1000.0
    lanes.add(deliveries)
    while len(lanes):
        delivery, wait = lanes.next(pace, now)
        if delivery is None:
            now += wait
            continue
        pace.take(delivery, now)
        yield now - 1000.0, delivery
        lanes.done(delivery)


def owed(number: int, chat: int, lane: Lane = Lane.ROUTINE, sender: str = "c") -> Delivery:
    return Delivery(number, 1, chat, sender, Reply("x"), lane=lane)


def test_no_second_has_more_than_the_rate_and_its_burst() -> None:
    lanes = [Lane(number % 4) for number in range(200)]
    rows = [owed(number, number + 1, lane) for number, lane in enumerate(lanes)]
    left = [at for at, _ in leaving(Pace(25.0, 1.0), *rows)]
    most = max(sum(start <= at < start + 1 for at in left) for start in left)
    assert most <= 25 + 5


def test_routine_leaves_room_for_replies() -> None:
    left = [at for at, _ in leaving(Pace(100.0, 1.0), *(owed(n, n + 1) for n in range(400)))]
    assert round(400 / left[-1]) <= 100 * 0.85 + 2


def test_a_group_gets_twenty_a_minute() -> None:
    left = [at for at, _ in leaving(Pace(25.0, 1.0), *(owed(n, 1, sender="-10") for n in range(9)))]
    assert [round(at) for at in left] == [0, 0, 0, 3, 6, 9, 12, 15, 18]


def test_the_lowest_lane_leaves_first_and_a_spinner_keeps_no_order() -> None:
    spinner = Delivery(9, 1, 1, "c", Reply(""), lane=Lane.REPLY, act=Act.ANSWER_TAP)
    rows = [owed(1, 1), owed(2, 2, Lane.URGENT), owed(3, 1, Lane.REPLY), owed(4, 1), spinner]
    assert [one.id for _, one in leaving(Pace(1e6, 1e6), *rows)] == [3, 9, 2, 1, 4]


def test_what_is_taken_out_or_back_leaves_the_others_in_order() -> None:
    lanes, pace = Lanes(), Pace(1e6, 1e6)
    lanes.add([owed(number, number % 2 + 1) for number in range(1, 9)])
    first, _ = lanes.next(pace, 0.0)
    assert first is not None
    assert first.id == 1
    assert [one.id for one in lanes.take_out(lambda one: one.id in (4, 5))] == [4, 5]
    assert [one.id for one in lanes.take_back(2)] == [3, 7]
    lanes.done(first)
    assert [one.id for one in lanes.drop_all()] == [2, 6, 8]
    assert (len(lanes), lanes.ready, lanes.busy()) == (0, 0, set())
