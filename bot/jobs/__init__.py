"""Coarse work in the background (imports, fan-out, PDFs): deferred by key, run one at a time.

The `job` table says what is to be done, how far it is and how it ended. Only who brings a job to
where it is run differs: on SQLite this process looks for it, on PostgreSQL procrastinate does.
"""

from typing import Any

from bot.jobs.inline import JobRunner
from bot.jobs.running import Functions, JobFunction, Jobs, Progress
from bot.store import Store, Work

__all__ = ["Functions", "JobFunction", "JobRunner", "Jobs", "Progress", "defer", "jobs_of"]


def defer(
    work: Work, kind: str, key: str, args: dict[str, Any], event_id: int | None = None
) -> int | None:
    """Ask for work inside the caller's transaction; None when the same work is open already."""
    return work.jobs.defer(kind, key, args, event_id)


def jobs_of(store: Store, functions: Functions) -> Jobs:
    """What runs the jobs of a database; each kind has one function, named in bot/app.py."""
    if store.embedded:
        return JobRunner(store, functions)
    from bot.jobs.carried import CarriedJobs  # its library is there only where PostgreSQL is

    return CarriedJobs(store, functions)
