"""What a process does: everything, or its share where several work on one database."""

from enum import StrEnum


class Duty(StrEnum):
    """A share of the work. Any number of processes may have the same one, on any machine."""

    WEB = "web"  # takes what is said, by webhooks and pages, and turns it
    SENDER = "sender"  # owns queues and sends
    SCHEDULE = "schedule"  # ticks: notices, coarse jobs, what channels ask for, forgetting


EVERYTHING = frozenset(Duty)
