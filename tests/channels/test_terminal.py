"""What a terminal prints of what happens to messages that were printed."""

import pytest

from bot.channels.terminal import WITHDRAWN, TerminalChannel
from bot.fit import Part
from bot.values.delivery import Act, Delivery
from bot.values.reply import Reply


@pytest.mark.parametrize(
    ("act", "printed"),
    [
        (Act.SAY, ["👍"]),
        (Act.EDIT, ["👍"]),
        (Act.REACT, ["👍"]),
        (Act.WITHDRAW, [WITHDRAWN]),
        (Act.ANSWER_TAP, []),
        (Act.MENU, []),
    ],
)
async def test_what_is_printed(act: Act, printed: list[str]) -> None:
    heard: list[Part] = []
    channel = TerminalChannel(1, heard.append)
    owed = Delivery(7, 1, 1, "me", Reply("👍"), act=act)

    receipt = await channel.send(owed, Part(0, "👍"))

    assert ([part.text for part in heard], receipt.message_id) == (printed, "7:0")
