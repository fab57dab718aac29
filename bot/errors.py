"""Every error of ours. A class docstring is the operator's message and ends with the cure."""

from dataclasses import dataclass


class DongHanhError(Exception):
    """Something went wrong that we know by name. Read the sentence; it ends with the cure."""


class ConfigError(DongHanhError):
    """A setting is missing or wrong. Mend the settings named and start again."""


class StoreError(DongHanhError):
    """The database cannot be used as it is. Run `donghanh doctor`, then `donghanh migrate`."""


class Deadlock(StoreError):
    """Two units of work waited for each other, and this one was rolled back: try it again."""


class DiskFull(StoreError):
    """The database's disk is full. Make room: nothing is lost, platforms and pages send again."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in files that people write: where it stands, what it is, how to mend it."""

    file: str
    line: int
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.cure}"


class ContentError(DongHanhError):
    """Content or a translation is not right; nothing was changed. Mend the lines and load again."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


class Refusal(DongHanhError):
    """A person asked for something not allowed or not there. The text says the next step."""


class StaleSession(DongHanhError):
    """Two turns of one person collided. The inbox replays the later one; nothing is owed to you."""


class SendError(DongHanhError):
    """The channel did not take a delivery. Look at `code` and what the channel said."""

    def __init__(self, code: str, said: str = "") -> None:
        self.code = code
        self.said = said
        super().__init__(f"{code}: {said}" if said else code)


class Throttled(SendError):
    """The channel asks us to wait. Nothing to do: the bucket pauses and the order is kept."""

    def __init__(self, code: str, said: str = "", *, wait_seconds: float = 1.0) -> None:
        super().__init__(code, said)
        self.wait_seconds = wait_seconds


class Unavailable(SendError):
    """Nothing was accepted (no connection). It is retried until it expires; check the network."""


class Later(SendError):
    """This one may not go yet (a quota is used, it is night): it waits, and all else goes on.

    Nothing to do, unless it expires first; more quota is bought from the platform.
    """

    def __init__(self, code: str, said: str = "", *, wait_seconds: float) -> None:
        super().__init__(code, said)
        self.wait_seconds = wait_seconds


class Uncertain(SendError):
    """It may have arrived (time-out, reset). The letter's own policy decides: resend or hold."""


class Rejected(SendError):
    """Our fault: too long, bad file, wrong token. Mend the letter or the account, then retry it."""


class Gone(SendError):
    """The person blocked us or left. The address is marked; reach them another way."""
