"""The judge is judged: it must see each kind of wrong."""

from dataclasses import replace

from tests.fakes.judge import Accepted, Owed, judge, peak


def row(number: int, state: str = "sent", *, chat: int = 1, lane: int = 3, event: int = 1) -> Owed:
    return Owed(number, chat, f"thư {number}", lane, event, state, 1, 0, 100.0)


def came(number: int, at: float, chat: int = 1) -> Accepted:
    return Accepted(at, chat, f"thư {number}", number)


def test_a_good_run_has_nothing_against_it() -> None:
    found = judge([row(1), row(2)], [came(1, 101.0), came(2, 102.0)])
    assert (found.lost, found.lies, found.doubles, found.disorder) == ((), (), 0, 0)
    assert (found.peak, found.accepted, found.fairness) == (1, 2, 1.0)


def test_lost_is_what_nobody_got_and_nobody_was_told_of() -> None:
    rows = [row(1, "pending"), row(2, "failed"), row(3, "sent"), row(4, "uncertain")]
    found = judge(rows, [])
    assert found.lost == ((1, "thư 1"), (1, "thư 3"))
    assert found.lies == ((1, "thư 3"),)
    assert (found.waiting, found.held_unsent) == (1, 1)


def test_twice_is_twice_and_later_first_is_disorder() -> None:
    rows = [row(1), row(2)]
    found = judge(rows, [came(2, 101.0), came(1, 102.0), came(1, 103.0), came(9, 103.0)])
    assert (found.doubles, found.disorder, found.strangers) == (1, 1, 1)


def test_the_fullest_second_may_begin_anywhere() -> None:
    assert peak([0.9, 1.0, 1.5, 1.89, 1.95]) == 4
    assert peak([]) == 0


def test_urgent_ones_that_had_to_wait_are_seen() -> None:
    rows = [row(1), row(2), row(3), replace_lane(row(4, chat=2), 0)]
    sent = [came(1, 100.1), came(2, 100.5), came(3, 100.6), came(4, 101.0, chat=2)]
    assert judge(rows, sent).overtaken == 2


def test_one_event_that_takes_all_is_unfair() -> None:
    rows = [row(n, event=1) for n in range(10)] + [row(n, event=2, chat=n) for n in range(10, 20)]
    after = [came(n, 101.0 + n, chat=rows[n].chat) for n in range(20)]
    by_turns = [came(n, 101.0 + n % 10, chat=rows[n].chat) for n in range(20)]
    assert judge(rows, after).fairness == 0.5
    assert judge(rows, by_turns).fairness == 1.0


def replace_lane(one: Owed, lane: int) -> Owed:
    return one._replace(lane=lane)


def test_a_verdict_says_it_in_one_line() -> None:
    found = replace(judge([row(1)], [came(1, 101.0)]), seconds=2.0)
    assert str(found).startswith("1 owed, 1 accepted in 2.0 s; lost 0, lies 0, doubles 0")
