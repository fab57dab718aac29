"""What becomes of a try whose answer nobody saw, by what it was to do."""

import pytest

from bot.errors import Uncertain
from bot.sender.outcomes import after_error
from bot.values.delivery import Act, Delivery, State
from bot.values.letter import OnUnknown
from bot.values.reply import Reply
from tests.conftest import MORNING


@pytest.mark.parametrize("act", [Act.SAY, Act.EDIT, Act.WITHDRAW, Act.REACT, Act.MENU])
def test_what_may_be_done_twice_is_tried_once_more(act: Act) -> None:
    def tried(**how: object) -> State:
        delivery = Delivery(1, 1, 1, "lan", Reply(""), act=act, **how)  # type: ignore[arg-type]
        return after_error(delivery, Uncertain("no_answer"), 0, MORNING).state

    assert tried() is State.RETRY
    assert tried(unknowns=1) is State.UNCERTAIN
    assert tried(on_unknown=OnUnknown.HOLD) is State.UNCERTAIN


def test_a_spinner_is_not_stopped_twice() -> None:
    delivery = Delivery(1, 1, 1, "lan", Reply(""), act=Act.ANSWER_TAP)
    assert after_error(delivery, Uncertain("no_answer"), 0, MORNING).state is State.UNCERTAIN
