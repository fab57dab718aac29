"""What every bench prints beside its own numbers: the machine, its load, processor time, memory."""

import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
_SYNCS = 200


@dataclass(frozen=True, slots=True)
class Spread:
    """Times in milliseconds: the middle one, the tail, the worst."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        """From times in seconds; there must be one at least."""
        ordered = sorted(seconds)

        def at(share: float) -> float:
            return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

        return cls(len(ordered), at(0.50), at(0.95), at(0.99), ordered[-1] * 1000)

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:6.2f}  p95 {self.p95:6.2f}  p99 {self.p99:6.2f}  "
            f"max {self.most:7.2f} ms"
        )


@dataclass(frozen=True, slots=True)
class Cpu:
    """Processor time a process used so far, in seconds."""

    user: float
    system: float

    @property
    def whole(self) -> float:
        """Both together."""
        return self.user + self.system

    def since(self, before: "Cpu") -> "Cpu":
        """What was used between two looks."""
        return Cpu(self.user - before.user, self.system - before.system)


def cpu(*pids: int) -> Cpu:
    """Processor time of processes together; those that are gone count nothing."""
    used = [_times(Path(f"/proc/{pid}/stat")) for pid in pids]
    return Cpu(sum(user for user, _ in used), sum(system for _, system in used))


def _times(path: Path, first: int = 11) -> tuple[float, float]:
    try:
        # The command's name stands in brackets and may hold spaces.
        fields = path.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    return int(fields[first]) / _TICK, int(fields[first + 1]) / _TICK


def cpu_of_family(pid: int) -> Cpu:
    """A process, its children that live and those it waited for: a database server."""
    living = cpu(*with_children(pid))
    gone = _times(Path(f"/proc/{pid}/stat"), first=13)
    return Cpu(living.user + gone[0], living.system + gone[1])


def main_thread_cpu(pid: int) -> Cpu:
    """The part of a process's time that its first thread used: the event loop's."""
    return Cpu(*_times(Path(f"/proc/{pid}/task/{pid}/stat")))


def with_children(pid: int) -> list[int]:
    """A process and those it started."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _parent(entry) == pid:
            found.append(int(entry.name))
    return found


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def resident_mb(pid: int) -> float:
    """Memory a process has in use now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_KB / 1024


def peak_mb(pid: int) -> float:
    """The most it ever had."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError


def fsync_ms(where: Path | None = None) -> float:
    """The median of 4 kB writes made durable: what SQLite's synchronous=FULL pays for a commit."""
    took = []
    with TemporaryDirectory(dir=where) as folder, (Path(folder) / "probe").open("wb") as file:
        for _ in range(_SYNCS):
            begun = time.monotonic()
            file.write(os.urandom(4096))
            file.flush()
            os.fsync(file.fileno())
            took.append(time.monotonic() - begun)
    return statistics.median(took) * 1000


def machine(where: Path | None = None) -> str:
    """One line on what the numbers were taken on."""
    load = " ".join(f"{one:.2f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}, fsync of 4 kB {fsync_ms(where):.2f} ms"
