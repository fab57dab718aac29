"""Hypothesis makes the storm: whole scripts of many people, shrunk to the few lines that matter."""

import asyncio
import traceback
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bot.clock import SetClock
from tests import kept_logs
from tests.conftest import MORNING
from tests.databases import careless
from tests.storm.desk import ACTS, PAUSES, Errand, Ledger, entered, pause
from tests.storm.ground import Ground
from tests.storm.judging import Judge
from tests.storm.storming import Storm, Where, storm
from tests.storm.weather import (
    ANYTHING,
    CROWD,
    DIGITS,
    FURTHER,
    POINTS,
    PRESSES,
    RARELY_FURTHER,
    SENT,
    SHOWS,
    SIGNS,
    TAPS,
    WHO,
    WORDS,
    Card,
    Digits,
    Move,
    tap,
)

MOST_PLANNED = 150  # then it is played, whether or not anybody pauses
WHOS = st.lists(WHO, min_size=1, max_size=6, unique=True)
MOSTLY = st.sampled_from((True,) * 9 + (False,))
OFTEN = st.sampled_from((True, True, True, False))
RARELY = st.sampled_from((False,) * 5 + (True,))


class Script(RuleBasedStateMachine):
    """Lines of a script. People plan; then everybody does it at once, each in her own order."""

    ground: ClassVar[Ground]

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._open = AsyncExitStack()
        self._planned = 0
        self._errands: list[Errand] = []
        self._ledger = Ledger()
        self._troubles: list[str] = []
        self._log_from = kept_logs.TEE.file.tell()
        self._storm: Storm | None = None
        self._verdict: dict[str, object] = {}
        self._broken = False

    # --- the lines -------------------------------------------------------------------------

    @initialize(seed=st.integers(0, 2**16), here=st.integers(0, CROWD))
    def begin(self, seed: int, here: int) -> None:
        """When the channels fail, 0 being a calm sky; and how many are linked already."""
        self._run(self._began(seed))
        self.arrive([*range(here)])

    @rule(
        whos=WHOS,
        language=st.integers(1, 3),
        agrees=MOSTLY,
        by_code=RARELY,
        further=RARELY_FURTHER,
        right=OFTEN,
    )
    def arrive(
        self,
        whos: list[int],
        language: int = 1,
        agrees: bool = True,
        by_code: bool = False,
        further: int = 0,
        right: bool = True,
    ) -> None:
        """From the card to being linked; sometimes with somebody else's card or digits."""
        moves: list[Move] = [Card(further), tap(f"welcome.language:{language}")]
        moves += [tap("welcome.consent:4"), tap("welcome.agree" if agrees else "welcome.refuse")]
        if by_code:
            moves += [tap("welcome.link:other"), Card(further, "code")]
        moves += [Digits(further if right else further + 3), tap("mine.all")]
        self._plan(whos, moves)

    @rule(whos=WHOS, moves=st.lists(PRESSES, min_size=1, max_size=8), hurried=RARELY)
    def press(self, whos: list[int], moves: list[Move], hurried: bool) -> None:
        """Button after button, reading what is shown, or not."""
        self._plan(whos, moves, hurried=hurried)

    @rule(whos=WHOS, moves=st.lists(DIGITS, min_size=1, max_size=10))
    def type_digits(self, whos: list[int], moves: list[Move]) -> None:
        """The whole tree can be walked by digits."""
        self._plan(whos, moves)

    @rule(whos=WHOS, moves=st.lists(WORDS, min_size=1, max_size=5))
    def write(self, whos: list[int], moves: list[Move]) -> None:
        """Questions, universal words, hostile texts."""
        self._plan(whos, moves)

    @rule(whos=WHOS, moves=st.lists(TAPS, min_size=1, max_size=8))
    def forge(self, whos: list[int], moves: list[Move]) -> None:
        """Taps of buttons she may never have been shown."""
        self._plan(whos, moves)

    @rule(whos=WHOS, moves=st.lists(st.one_of(SENT, POINTS, SIGNS), min_size=1, max_size=4))
    def send(self, whos: list[int], moves: list[Move]) -> None:
        """Voices, pictures, places, contacts, stickers; coming and going."""
        self._plan(whos, moves)

    @rule(whos=WHOS, moves=st.lists(st.one_of(SHOWS, st.builds(Digits, FURTHER)), min_size=1,
                                    max_size=7))  # fmt: skip
    def guess(self, whos: list[int], moves: list[Move]) -> None:
        """Cards and digits, her own and other people's."""
        self._plan(whos, moves)

    @rule(whos=WHOS, moves=st.lists(ANYTHING, min_size=1, max_size=8), hurried=RARELY)
    def talk(self, whos: list[int], moves: list[Move], hurried: bool) -> None:
        """All of it."""
        self._plan(whos, moves, hurried=hurried)

    @rule(back=st.lists(st.integers(1, 50), min_size=1, max_size=5))
    def repeat(self, back: list[int]) -> None:
        """A platform says again what it said before, perhaps twice at once."""
        last = list(self.storm.weather.last)
        again = [last[-one] for one in back if one <= len(last)]
        self._run(self.storm.repeat(again))

    @rule(act=st.sampled_from(ACTS), whose=WHO, further=FURTHER, in_the_rush=RARELY)
    def desk(self, act: str, whose: int, further: int, in_the_rush: bool) -> None:
        """A desk acts for the person of somebody in the crowd, at an address of the crowd."""
        who = self.storm.weather.crowd[whose]
        person = self.storm.weather.other(who, further)
        if person in {self.ground.world.kept(one) for one in self.ground.world.accounts}:
            return
        errand = Errand(act, person, who.where, self.ground.house.vault)
        if not in_the_rush:
            self._run(self._play())
        self._errands.append(errand)
        if not in_the_rush:
            self._run(self._play())

    @rule(seconds=st.sampled_from(PAUSES))
    def wait(self, seconds: int) -> None:
        """What was planned is done; then nothing comes in for a while."""
        self._run(self._waited(seconds))

    # --- what they need --------------------------------------------------------------------

    @property
    def storm(self) -> Storm:
        """The open house."""
        assert self._storm is not None
        return self._storm

    def _run(self, doing: Coroutine[Any, Any, None]) -> None:
        """Do it, until something breaks: then the rest is only drawn, and the judge told at last.

        Raised here, a fault of a race would come at another line each time, and that Hypothesis
        takes for a script that changes.
        """
        if self._broken:
            doing.close()
            return
        try:
            self._runner.run(doing)
        except Exception:
            self._broken = True
            self._troubles.append(traceback.format_exc())

    async def _began(self, seed: int) -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, told: self._troubles.append(str(told))
        )
        url = self._open.enter_context(self.ground.copies.fresh())
        store = careless(url, SetClock(MORNING), compiled=self.ground.compiled)
        self._open.push_async_callback(store.close)
        self._storm = await self._open.enter_async_context(storm(self.ground, store, seed))
        for one in self.ground.world.people:
            if one.withdrawn:
                self._ledger.hush(0, one.mark)

    def _plan(self, whos: list[int], moves: Sequence[Move], *, hurried: bool = False) -> None:
        for number in whos:
            who = self.storm.weather.crowd[number]
            who.plan.extend(moves)
            who.hurried = hurried
        self._planned += len(whos) * len(moves)
        if self._planned >= MOST_PLANNED:
            self._run(self._play())

    async def _play(self) -> None:
        """What was planned, with the errands of the desk beside it."""
        errands, self._errands, self._planned = self._errands, [], 0
        touched: list[list[Where]] = []
        await self.storm.play(self._done(errands, touched))
        [(last,)] = await self.storm.rows("SELECT coalesce(max(id), 0) FROM delivery")
        for errand, places in zip(errands, touched, strict=True):
            entered(self._ledger, errand, places, last)
        self.ground.tally.acts += len(errands)

    async def _done(self, errands: list[Errand], touched: list[list[Where]]) -> None:
        """One after the other, so that it is known which came last."""
        for errand in errands:
            touched.append(await self.storm.store.write(errand.done))

    async def _waited(self, seconds: int) -> None:
        await self._play()
        await self.storm.pass_time(pause(seconds))

    async def _judged(self) -> None:
        if self._storm is not None:
            await self._play()
            judge = Judge(self.storm, self._ledger, self._troubles)
            self._verdict = await judge.verdict()
            await judge.tallied()

    def teardown(self) -> None:
        """The script is over: judge it, and leave nothing open."""
        try:
            self._run(self._judged())
        finally:
            self._runner.run(self._open.aclose())
            self._runner.close()
        verdict = self._verdict or ({"troubles": self._troubles} if self._troubles else {})
        verdict |= self._complaints()
        assert verdict == {}, self._report(verdict)

    def _report(self, verdict: dict[str, object]) -> str:
        came_in = self._storm.journal[-200:] if self._storm is not None else []
        wrong = [f"{name}: {what}" for name, what in verdict.items()]
        return "\n".join(["what came in:", *came_in, "what is wrong:", *wrong])

    def _complaints(self) -> dict[str, object]:
        """Lines of the log that say that something broke."""
        kept_logs.TEE.file.seek(self._log_from)
        lines = kept_logs.TEE.file.read().splitlines()
        bad = [one for one in lines if '"level": "error"' in one or '"level": "critical"' in one]
        return {"log": bad} if bad else {}
